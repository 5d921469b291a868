"""What accepted suggestions did: between the right rounds, through undo and redo, and nothing claimed for one of several."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import elute
from elute.decisions import Decision, fold
from elute.decisions.effects import FIGURES, Effect, effects

IDS = np.arange(5, dtype=np.uint64)


def accepted(id: str, at: int, ids: Any = IDS, **how: Any) -> Decision:
    source = {"kind": "suggestion", "kinds": ["advised"], "analyst": "a-model"}
    return Decision(id, "drop", ids, f"title of {id}", {**source, **how.pop("source", {})}, at, data=how)


def made(number: int, after: str, kept: int = 100, silhouette: float | None = 0.1) -> Decision:
    metrics = {"silhouette": silhouette, "davies_bouldin": 2.0, "balance": 0.9, "noise": 0.0, "clusters": 5}
    return Decision(f"round-{number}", "round", data={"number": number, "kept": kept, "metrics": metrics, "after": after})


def test_the_rounds_on_both_sides() -> None:
    drop = accepted("d", 1)
    records = [made(1, ""), drop, made(2, "d", 95, 0.2)]
    (one,) = effects(records, [drop], None, {"1": 0.8, "2": 0.85})
    assert (one.before_round, one.after_round, one.rows, one.beside) == (1, 2, 5, 0)
    assert one.change["kept"] == -5 and one.change["silhouette"] == pytest.approx(0.1)
    assert one.told == "Rows 100 to 95. Better: silhouette 0.100 to 0.200, accuracy 0.800 to 0.850."
    (few,) = effects(records, [drop], None, {"1": 0.8, "2": 0.85}, {"1": 0.04, "2": 0.06})
    assert few.told == "Rows 100 to 95. Better: silhouette 0.100 to 0.200." and few.after["accuracy"] == 0.85
    (sure,) = effects(records, [drop], None, {"1": 0.8, "2": 0.85}, {"1": 0.04, "2": 0.03})
    assert "accuracy 0.800 to 0.850" in sure.told
    assert one.analyst == "a-model" and one.kinds == ("advised",) and one.title == "title of d"


def test_a_round_that_was_begun_before_tells_nothing() -> None:
    drop = accepted("d", 1)
    records = [made(1, ""), Decision("t", "tag"), drop, made(2, "t", 100, 0.9)]
    (one,) = effects(records, [drop], None, {})
    assert one.after_round == 0 and one.after == {} and one.change == {} and "next round" in one.told


def test_a_round_begun_while_it_was_undone_tells_nothing() -> None:
    drop = accepted("d", 1)
    undone = [made(1, ""), drop, Decision("u", "undo"), made(2, "u", 100, 0.9), Decision("r", "redo")]
    assert effects(undone, [drop], None, {})[0].after_round == 0
    (one,) = effects([*undone, made(3, "r", 95, 0.3)], [drop], None, {})
    assert one.after_round == 3
    # come back to a round that was made before: the journal notes it once
    again = accepted("e", 1)
    back = [made(1, ""), drop, made(2, "d", 95), Decision("u", "undo"), again]
    (one,) = effects(back, [again], back[2], {})
    assert (one.before_round, one.after_round) == (1, 2)


def test_several_decisions_share_what_they_did() -> None:
    first, second = accepted("a", 1), accepted("b", 1, IDS + 10)
    mine, seen = Decision("m", "drop", IDS + 20), Decision("k", "keep", IDS + 30)
    records = [made(1, ""), first, mine, seen, second, made(2, "b", 85)]
    for one in effects(records, [first, mine, seen, second], None, {}):
        assert one.beside == 2 and "2 more decisions lie" in one.told


def test_what_was_accepted_together_is_one_effect_in_each_round() -> None:
    a, b = accepted("a", 1, batch="x"), accepted("b", 1, IDS + 3, batch="x")
    later = accepted("c", 2, IDS + 20, batch="x")
    records = [made(1, ""), a, b, made(2, "b", 92), later, made(3, "c", 87)]
    one, two = effects(records, [a, b, later], None, {})
    assert one.rows == 8 and one.decisions == ("a", "b") and (one.before_round, one.after_round) == (1, 2)
    assert (two.before_round, two.after_round, two.beside) == (2, 3, 0)


def test_figures_that_are_missing_are_left_out() -> None:
    drop = accepted("d", 1)
    (one,) = effects([made(1, "", silhouette=None), drop, made(2, "d")], [drop], None, {})
    assert "silhouette" not in one.change and one.after["accuracy"] is None and one.told == "Nothing moved."
    assert effects([drop, made(1, "d")], [drop], None, {})[0].before == {}
    assert isinstance(one, Effect) and set(one.after) == {name for name, *_ in FIGURES}


def test_a_round_comes_from_the_last_one_that_was_not_undone() -> None:
    bad, good = Decision("bad", "drop", IDS), Decision("good", "drop", IDS + 10)
    records = [made(1, ""), bad, made(2, "bad", 95), Decision("u", "undo"), Decision("t", "tag", IDS), good, made(3, "good", 95)]
    now = fold(records, 0, lambda ids: (np.zeros(0, bool), 0))
    assert {told: one.data["number"] for told, one in now.lineage.before.items()} == {"round-2": 1, "round-3": 1}
    assert now.lineage.undone == {"round-2"}
    later = [*records, Decision("back", "goto", data={"to": "round-2"}), Decision("b", "drop", IDS + 20), made(4, "b", 90)]
    now = fold(later, 0, lambda ids: (np.zeros(0, bool), 0))
    assert now.lineage.before["round-4"].data["number"] == 2 and now.lineage.undone == {"round-3"}


def test_in_a_session(tmp_path: Path) -> None:
    texts = [f"the cat number {i} sat on the mat" for i in range(20)] + [f"stocks fell by {i} percent" for i in range(20)]
    table = pd.DataFrame({"text": [*texts, texts[0], texts[30]]})
    s = elute.Session(table, "text", embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", path=tmp_path)
    s.run()
    assert not s.effects
    s.accept([one for one in s.suggestions if one.kind == "copies"])
    assert s.effects[0].after_round == 0 and s.effects[0].rows == 2
    s.run()
    (one,) = s.effects
    assert (one.before_round, one.after_round, one.change["kept"]) == (1, 2, -2) and one.analyst == ""
    assert one.after["silhouette"] == s.round.metrics["silhouette"]
    assert s.effects is s.effects, "read once, as long as nothing is decided"
    s.undo()
    assert not s.effects


def test_what_makes_no_round_has_no_effect() -> None:
    weighed, relabelled = (replace(accepted(kind, 1, labels=["x"] * 5), kind=kind) for kind in ("tag", "relabel"))
    drop = accepted("d", 1)
    records = [made(1, ""), weighed, relabelled, drop, made(2, "d", 95, 0.2)]
    (one,) = effects(records, [weighed, relabelled, drop], None, {})
    assert one.decisions == ("d",) and one.beside == 0, "the figures moved by the drop alone"
    both = [replace(one, data={"batch": "x"}) for one in (weighed, drop)]
    (one,) = effects([made(1, ""), *both, made(2, "d", 95)], both, None, {})
    assert one.decisions == ("tag", "d") and one.after_round == 2
