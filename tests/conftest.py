"""What all tests share: a home of their own, and names for the doctests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pages import Page


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


@pytest.fixture
def open_page(tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Makes a widget of what it is given, and a page that stands before it."""
    import pandas as pd
    from pages import Page, table

    import elute

    made: list[elute.Widget] = []

    def opened(data: Any = None, *args: Any, **how: Any) -> Page:
        defaults: dict[str, Any] = {"embedder": "tfidf", "clusterer": elute.KMeans(3), "projector": "pca", "path": tmp_path / "j"}
        data = table() if data is None else data
        if isinstance(data, pd.DataFrame) and not args:
            args = ("text", "topic") if "topic" in data else ("text",)
        settings = how if isinstance(data, elute.Session) else {**defaults, **how}
        widget = elute.Widget(data, *args, **settings)
        made.append(widget)
        return Page(widget)

    yield opened
    for widget in made:
        widget.close()
        assert widget.wait(30)
