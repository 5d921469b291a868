"""The notebooks of the demo run from end to end on few texts: the analyst's with no model, and the widget's with nobody there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import elute

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[str], str]]:
    """Runs a notebook on 240 texts, of which the last 40 are foreign, and says what it printed."""
    for room in ("elute.rounds.choices", "elute.embed.forms"):
        monkeypatch.setattr(f"{room}.as_embedder", lambda spec: elute.TfidfEmbedder())
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import demo_texts
    from run_notebooks import attended

    words = "card bank loan cat dog cow rain wind sun fish tree leaf".split()
    texts = [f"{words[i % 4]} {words[(i * 7) % 4 + 4 * (i % 3)]} number {i}" for i in range(200)]
    texts += [f"The minister of {words[i % 4]} said in 19{i} that parliament sat" for i in range(40)]
    table = pd.DataFrame({"text": texts, "sentiment": ["good", "bad"] * 120, "source": [*["tweet"] * 200, *["newspaper"] * 40]})
    monkeypatch.setattr(demo_texts, "load", lambda: table)
    monkeypatch.setattr(demo_texts, "FOLDER", tmp_path)
    names: dict[str, Any] = {}

    def run(name: str) -> str:
        notebook = json.loads((EXAMPLES / f"{name}.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                exec(compile(attended("".join(cell["source"])), f"{name}.ipynb", "exec"), names)
        return capsys.readouterr().out

    yield run
    if "w" in names:
        names["w"].close()


def shares(said: str) -> list[float]:
    return [float(number) for number in re.findall(r"(\d+(?:\.\d)?) ?%", said)]


def test_the_analysts_notebook_runs(ran: Callable[[str], str]) -> None:
    said = ran("analyst")
    assert "0 more when nothing has changed" in said and "look at " in said
    own = re.search(r"(\d+) of (\d+) requests came with these words", said)
    assert own and int(own[1]) == int(own[2]) > 0
    assert "The set is for: tweets and product reviews. News" in said and "own prompts: none" in said
    for name in ("offline", "asked"):
        right, found, before, after = shares(said.partition(f"{name}: ")[2])[:4]
        assert right >= 80 and found >= 80 and abs(before - after) < 20


def test_the_widgets_notebook_says_what_was_dropped_and_what_a_classifier_makes_of_it(ran: Callable[[str], str]) -> None:
    right, found, before, after, best, lot = shares(ran("purify"))
    assert right >= 80 and found >= 80
    assert max(before, after, best, lot) - min(before, after, best, lot) < 20
