"""The example notebooks run from end to end on few rows written by rule, with no model and no network; and what they say is measured."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from torture import only_full, torture

import elute

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.ipynb"))
Ran = Callable[[str], str]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ran:
    """Runs the code of a notebook, its journals in a folder of the test's; gives what it printed."""
    monkeypatch.delenv("ELUTE_DATA", raising=False)
    monkeypatch.setenv("ELUTE_ROWS", "400")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    for room in ("elute.rounds.choices", "elute.embed.forms"):
        monkeypatch.setattr(f"{room}.as_embedder", lambda spec: elute.TfidfEmbedder())
    import example_sets

    monkeypatch.setattr(example_sets, "FOLDER", tmp_path)

    def run(name: str) -> str:
        names: dict[str, object] = {}
        for cell in code(name):
            exec(compile("".join(cell["source"]), f"{name}.ipynb", "exec"), names)
        return capsys.readouterr().out

    return run


def code(name: str) -> list[dict[str, list[str]]]:
    cells = json.loads((EXAMPLES / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def shares(said: str) -> list[float]:
    return [float(number) for number in re.findall(r"(\d+(?:\.\d)?) ?%", said)]


@pytest.mark.parametrize("name", NAMES)
def test_no_notebook_holds_outputs(name: str) -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code(name))  # type: ignore[comparison-overlap]


def test_intents_finds_what_leaked_and_a_classifier_gains(ran: Ran) -> None:
    said = ran("intents").partition("rows went")[2]
    _, found, right, before, after, best = shares(said)
    assert found >= 90 and right >= 90
    assert before <= after <= best + 1


def test_messages_finds_the_spam_and_its_recipe_does_so_again(ran: Ran) -> None:
    said = ran("messages").partition("rows went")[2]
    precision, recall, again, caught, before, after, best, lot = shares(said)
    assert precision >= 95 and recall >= 90
    assert again >= 90 and caught >= 80
    assert max(before, lot) <= after <= best + 1


def test_balance_evens_the_strata_out(ran: Ran) -> None:
    said = ran("balance")
    before, stratum, _ = map(float, re.findall(r"balance of the strata (\d\.\d+)", said))
    many, _, even = map(int, re.findall(r"(\d+) to 1", said))
    assert stratum > before and even < many
    _, by_stratum, lot, by_label, as_lot = map(float, re.findall(r"(?:Accuracy\D*|by lot )(\d+\.\d)%", said))
    assert min(by_stratum, lot) >= 50 and by_label >= as_lot


def test_a_recipe_finds_off_topic_rows_that_nobody_saw(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    apply = elute.apply_recipe
    monkeypatch.setattr(elute, "apply_recipe", lambda *args, engine, workers, **how: apply(*args, engine="inline", **how))
    said = ran("cluster").partition("shards,")[2]
    assert "0 failed" in said
    precision, recall, before, after, best, lot = shares(said)
    assert precision >= 80 and recall >= 50
    assert min(before, lot) <= after <= best + 1 and best <= 100


@torture
@only_full
def test_a_recipe_on_a_cluster(ran: Ran) -> None:
    assert "0 failed" in ran("cluster")
