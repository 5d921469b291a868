"""The analyst's notebook runs from end to end, on few texts and with no model."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import pandas as pd
import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def test_the_analysts_notebook_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for room in ("elute.rounds.choices", "elute.embed.forms"):
        monkeypatch.setattr(f"{room}.as_embedder", lambda spec: __import__("elute").TfidfEmbedder())
    monkeypatch.syspath_prepend(str(EXAMPLES))
    words = "card bank loan cat dog cow rain wind sun fish tree leaf".split()
    texts = [f"{words[i % 4]} {words[(i * 7) % 4 + 4 * (i % 3)]} number {i}" for i in range(240)]
    table = pd.DataFrame({"text": texts, "sentiment": ["good", "bad"] * 120, "source": [*["tweets"] * 200, *["news"] * 40]})
    demo = types.ModuleType("demo_texts")
    demo.load, demo.FOLDER, demo.FOREIGN = lambda: table, tmp_path, ("news",)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "demo_texts", demo)

    notebook = json.loads((EXAMPLES / "analyst.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    names: dict[str, object] = {}
    for cell in code:
        exec(compile("".join(cell["source"]), "analyst.ipynb", "exec"), names)
    said = capsys.readouterr().out
    assert "0 more when nothing has changed" in said
    assert "offline: " in said and "asked: " in said and "look at " in said
