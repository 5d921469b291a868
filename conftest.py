"""What all tests share, those of tests/ and the examples in docstrings of src/: a home of their own, and names for the examples."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the journals and caches of the person who runs it."""
    monkeypatch.setenv("ELUTE_HOME", str(tmp_path / "elute-home"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return tmp_path / "elute-home"


@pytest.fixture(autouse=True)
def doctest_names(doctest_namespace: dict[str, object], tmp_path: Path) -> None:
    """Doctests of the package start with these names."""
    import numpy as np

    import elute

    doctest_namespace.update(np=np, elute=elute, KMeans=elute.KMeans, tmp_path=tmp_path)
