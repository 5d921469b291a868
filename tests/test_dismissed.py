"""What was dismissed is not suggested again once some of its rows are gone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from grounds import blobs, ground

from elute.decisions import Decision
from elute.suggest import Ground, Suggestion, identity, suggest
from elute.suggest.dismissed import sketches
from elute.suggest.suggestion import shared, sketch


def of_kind(made: Ground, kind: str) -> list[Suggestion]:
    return [one for one in suggest(made).suggestions if one.kind == kind]


def dismissal(made: Ground, one: Suggestion, **data: Any) -> Decision:
    noted = {"suggestion": one.id, "sketches": sketches(one, made.made.labels, made.corpus.ids), **data}
    return Decision(one.id, "dismiss", source={"kind": "page", "kinds": [one.kind]}, data=noted)


def after(X: Any, of: Any, row: int, told: Decision, **how: Any) -> Ground:
    """The same without a row, after a suggestion was dismissed."""
    return ground(X, of, keep=np.arange(len(X)) != row, in_force=(told,), dismissed=frozenset({told.id}), **how)


def test_it_stays_away_whichever_row_goes() -> None:
    X, of = blobs([20, 12, 9])
    flags = {"copy": np.isin(np.arange(41), [1, 2, 3, 4]), "copy_of": np.where(np.isin(np.arange(41), [1, 2, 3, 4]), 0, -1)}
    made = ground(X, of, findings=flags)
    (one,) = of_kind(made, "copies")
    told = dismissal(made, one)
    named = [row for row in (1, 2, 3, 4) if identity("copies", made.corpus.ids[[row]]) == one.id]
    for row in (1, 2, 3, 4):
        assert of_kind(after(X, of, row, told, findings=flags), "copies") == []
    old = replace(told, data={"suggestion": one.id})
    assert len(named) == 1 and of_kind(after(X, of, named[0], old, findings=flags), "copies"), "as earlier versions noted it"


@pytest.mark.parametrize("broken", ["x", [], ["x"], [[1]], [None], {}])
def test_what_cannot_be_read_of_a_dismissal_hides_nothing_more(broken: Any) -> None:
    X, of = blobs([20, 12])
    flags = {"copy": np.arange(32) == 1, "copy_of": np.where(np.arange(32) == 1, 0, -1)}
    made = ground(X, of, findings=flags)
    told = replace(dismissal(made, of_kind(made, "copies")[0], sketches=broken), id="another")
    assert of_kind(after(X, of, 30, told, findings=flags), "copies")


def test_two_rules_of_ones_own_and_two_pairs_are_told_apart() -> None:
    X, of = blobs([20, 15, 10])
    rule = np.arange(45) < 3
    flags = {"own:long:flag": rule, "own:odd:flag": rule}
    made = ground(X, of, findings=flags)
    long, _ = (one for one in suggest(made).suggestions if "your rule" in one.title)
    titles = [one.title for one in suggest(after(X, of, 0, dismissal(made, long), findings=flags)).suggestions]
    assert not any("your rule long" in title for title in titles) and any("your rule odd" in title for title in titles)

    def pairs(*merge: tuple[int, int], **how: Any) -> Ground:
        return replace(ground(X, of, **how), overview=SimpleNamespace(merge=merge, split=(), suggested=None, reason=""))

    made = pairs((0, 1))
    told = dismissal(made, of_kind(made, "merge")[0])
    for row in (0, 1, 2):
        now = pairs((0, 1), (0, 2), keep=np.arange(45) != row, in_force=(told,))
        assert [one.clusters for one in of_kind(now, "merge")] == [(0, 2)]


def test_a_sketch_tells_how_much_two_sets_share() -> None:
    ids = np.random.default_rng(0).integers(0, 2**63, 1000).astype(np.uint64)
    whole = sketch("far", ids)
    assert len(whole) == 32 and shared(whole, sketch("far", ids[::-1])) == 1.0
    assert shared(whole, sketch("far", ids[:900])) > 0.75 and shared(sketch("far", ids[:500]), sketch("far", ids[500:])) == 0.0
    assert shared(sketch("far", ids[:4]), sketch("far", ids[1:4])) == 0.75 and shared([], []) == 0.0
    assert shared(whole, sketch("far", ids, "apart")) == shared(whole, sketch("tiny", ids)) == 0.0
