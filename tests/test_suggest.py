"""What is suggested: which rows, in which tier, and that each says what is so."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from grounds import Said, blobs, ground

from elute.cluster import Communities, KMeans
from elute.decisions import Decision
from elute.decisions.going import going
from elute.errors import InputError
from elute.suggest import LOOK, SAFE, Ground, Suggestion, groups_at, identity, suggest, worth_keeping
from elute.suggest.clusters import foreign, noise, tiny, untried
from elute.suggest.conflicts import conflicts
from elute.suggest.copies import copies, near_copies
from elute.suggest.labels import labels
from elute.suggest.looks import ANYWAY, TEN, looks
from elute.suggest.markup import markup
from elute.suggest.objections import objection
from elute.suggest.plan import plan
from elute.suggest.redundant import most_redundant
from elute.suggest.similar import similar
from elute.suggest.single import far, leaked, own
from elute.suggest.sizes import collect, thin
from elute.suggest.structure import clusters, merge, split
from elute.suggest.taught import learned
from elute.suggest.words import goes, share
from elute.suggest.worth import good_back


def rows_of(found: list[Suggestion]) -> list[int]:
    assert len(found) == 1
    return np.flatnonzero(found[0].rows).tolist()


def test_copies_leave_one_of_each_group_and_label() -> None:
    X, of = blobs([6, 6])
    flags = {"copy": [False, True, True, True, False, True, *[False] * 6], "copy_of": [-1, 0, 0, 0, -1, 4, *[-1] * 6]}
    label = ["a", "a", "b", "b", "a", None, *"abcabc"]
    found = copies(ground(X, of, label=label, findings=flags))
    # row 1 says what row 0 says, row 3 what row 2 says; row 2 is the first of its label, and row 5 has none
    assert rows_of(found) == [1, 3]
    assert found[0].tier == "safe" and found[0].action == "drop" and found[0].data["stays"].tolist() == [0, 2]
    assert "2 exact copies" in found[0].title and "12" in found[0].effect


def test_of_copies_the_pinned_one_stays() -> None:
    X, of = blobs([4, 4])
    flags = {"copy": [False, True, *[False] * 6], "copy_of": [-1, 0, *[-1] * 6]}
    pinned = np.array([False, True, *[False] * 6])
    assert rows_of(copies(ground(X, of, findings=flags, pinned=pinned))) == [0]


def test_of_copies_the_one_that_a_person_decided_on_stays() -> None:
    X, of = blobs([4, 4])
    at, flags = np.arange(8), {"copy": [False, True, True, *[False] * 5], "copy_of": [-1, 0, 0, *[-1] * 5]}
    decided: list[dict[str, Any]] = [
        {"looked": at == 1}, {"tags": {"gold": at == 1}}, {"edit_steps": {"markup": at == 1}}, {"relabels": {1: "a"}}
    ]  # fmt: skip
    for said in decided:
        (found,) = copies(ground(X, of, label=["a", "b", "a", *"abcab"] if "relabels" in said else None, findings=flags, **said))
        assert np.flatnonzero(found.rows).tolist() == [0, 2] and found.data["stays"].tolist() == [1, 1], said
    # who read both, or tagged them otherwise, has both; of two with one tag, one is enough
    assert rows_of(copies(ground(X, of, findings=flags, looked=at < 2))) == [2]
    assert rows_of(copies(ground(X, of, findings=flags, tags={"gold": at == 0, "odd": at == 1}))) == [2]
    assert rows_of(copies(ground(X, of, findings=flags, tags={"gold": at < 2}))) == [1, 2]


def test_copies_are_of_one_label_by_what_was_proposed() -> None:
    X, of = blobs([4, 4])
    flags = {"copy": [False, True, True, *[False] * 5], "copy_of": [-1, 0, 0, *[-1] * 5]}
    # rows 1 and 2 are pets now: one of them stays, whatever row 0 is called
    assert rows_of(copies(ground(X, of, label=list("aaabbbbb"), findings=flags, relabels={1: "pet", 2: "pet"}))) == [2]
    assert rows_of(copies(ground(X, of, label=list("abbbbbbb"), findings=flags, relabels={1: "a"}))) == [0]
    assert copies(ground(X, of, findings=flags, relabels={1: "pet", 2: "dog"})) == []


def test_of_near_copies_those_that_a_person_decided_on_stay() -> None:
    X, of = blobs([4, 4])
    at = np.arange(8)
    flags: dict[str, Any] = {"near_copy": np.isin(at, [1, 2]), "near_copy_of": [-1, 0, 0, *[-1] * 5]}
    flags["near_copy_cost"] = [np.nan, 2, 2, *[np.nan] * 5]
    for said in ({"looked": at == 1}, {"tags": {"gold": at == 1}}, {"edit_steps": {"markup": at == 1}}, {"relabels": {1: "b"}}):
        assert rows_of(near_copies(ground(X, of, label=list("aaabbbbb"), findings=flags, **said))) == [2], said
    assert rows_of(near_copies(ground(X, of, label=list("aababbbb"), findings=flags, relabels={2: "a"}))) == [1, 2]


def test_copies_in_a_cluster_that_was_kept_as_a_whole_are_still_copies() -> None:
    X, of = blobs([15, 15])
    flags = {"copy": np.arange(30) == 1, "copy_of": np.where(np.arange(30) == 1, 0, -1)}
    made = ground(X, of, findings=flags, looked=of == 0)
    look = Decision("look", "keep", made.corpus.ids[of == 0], source={"kind": "look"})
    assert rows_of(copies(ground(X, of, findings=flags, looked=of == 0, in_force=(look,)))) == [1]


def test_copies_of_what_was_dropped_are_left() -> None:
    X, of = blobs([4, 4])
    flags = {"copy": [False, True, *[False] * 6], "copy_of": [-1, 0, *[-1] * 6]}
    assert copies(ground(X, of, findings=flags, keep=[False, *[True] * 7])) == []


def test_a_copy_in_a_dialogue_is_no_reason_to_drop_the_dialogue() -> None:
    X, of = blobs([4, 4])
    flags = {"copy": np.isin(np.arange(8), [1, 4, 5]), "copy_of": [-1, 0, -1, -1, 2, 3, -1, -1]}
    made = ground(X, of, findings=flags)
    object.__setattr__(made.corpus, "group", np.array([0, 1, 1, 1, 2, 2, 3, 3], np.int32))
    assert rows_of(copies(made)) == [4, 5]  # all of dialogue 2 was said before; of dialogue 1 one turn only
    assert suggest(made).checked[0] == "Exact copies under one label: 3 of 8 rows (2 offered; 1 in groups that hold other rows)."


def test_copies_and_near_copies_that_are_there_and_not_offered_are_told_with_the_reason() -> None:
    X, of = blobs([4, 4])
    at, none = np.arange(8), np.zeros(8, bool)
    flags = {"copy": at == 1, "copy_of": np.where(at == 1, 0, -1), "near_copy": at == 5, "near_copy_of": np.where(at == 5, 4, -1)}
    flags["near_copy_cost"] = np.where(at == 5, 2.0, np.nan)
    told = suggest(ground(X, of, findings=flags)).checked
    assert told[0] == "Exact copies under one label: 1 of 8 rows."
    assert told[1] == "Near copies, by an edit check: 1; under another label: none."
    alone = ground(X, of, findings=flags)
    object.__setattr__(alone.corpus, "group", np.array([0, 1, 1, 1, 2, 3, 3, 3], np.int32))
    told = suggest(alone).checked
    assert told[0] == "Exact copies under one label: 1 of 8 rows (none offered; 1 in groups that hold other rows)."
    assert told[1].startswith("Near copies, by an edit check: 1 (none offered; 1 in groups that hold other rows);")
    told = suggest(ground(X, of, findings=flags, pinned=at < 2, tags={"gold": at == 5})).checked
    assert told[0] == "Exact copies under one label: 1 of 8 rows (none offered; 1 pinned or decided on)."
    assert told[1].startswith("Near copies, by an edit check: 1 (none offered; 1 pinned or decided on);")
    assert suggest(ground(X, of, findings=dict.fromkeys(("copy", "near_copy"), none))).checked[0].endswith("none of 8 rows.")


def test_near_copies_need_a_kept_survivor_with_the_same_label() -> None:
    X, of = blobs([4, 4])
    flags = {"near_copy": [0, 1, 1, 1, 0, 0, 0, 0], "near_copy_of": [-1, 0, 0, 4, -1, -1, -1, -1]}
    flags["near_copy"] = np.array(flags["near_copy"], bool)  # type: ignore[assignment]
    keep = [True] * 4 + [False] + [True] * 3
    flags["near_copy_cost"] = [np.nan, 2, 2, 2, *[np.nan] * 4]
    found = near_copies(ground(X, of, label=list("aabaaaaa"), findings=flags, keep=keep))
    assert rows_of(found) == [1]
    assert found[0].confidence is not None and found[0].meaning and found[0].tier == "safe"


def test_near_copies_in_another_word_are_a_look() -> None:
    X, of = blobs([4, 4])
    flags = {
        "near_copy": np.arange(8) > 1, "near_copy_of": [-1, -1, *[0] * 6], "near_copy_cost": [np.nan, np.nan, 0, 2, 3, 4, 5, np.nan]
    }  # fmt: skip
    safe, look = near_copies(ground(X, of, findings=flags))
    assert (safe.tier, safe.action, rows_of([safe])) == ("safe", "drop", [2, 3, 5])
    assert (look.tier, look.action, look.other, rows_of([look])) == (
        "look",
        "look",
        "drop",
        [4, 6, 7],
    )  # an unknown cost is not safe
    assert look.data["stays"].tolist() == [0, 0, 0] and safe.id != look.id


def test_duplicates_under_another_label_are_a_look() -> None:
    X, of = blobs([4, 4])
    found = conflicts(
        ground(X, of, label=list("abaaaaaa"), findings={"conflict": np.arange(8) == 1, "copy_of": [-1, 0, *[-1] * 6]})
    )
    # nothing tells which label is right: both are shown, and nothing is offered to go
    assert rows_of(found) == [0, 1] and found[0].tier == "look" and found[0].actions == ("look",)
    assert any((one.row, one.beside) == (1, 0) for one in found[0].examples) and "leave no row of these texts" in found[0].effect


def test_of_duplicates_the_one_whose_label_is_contradicted_may_go() -> None:
    X, of = blobs([6, 6])
    at, label = np.arange(12), ["a", "b", "b", "a", "a", "b", *"bbbbbb"]
    # 0 and 1, 2 and 3, 4 and 5 say the same; the rest would give 1, 2 and 5 another label, and only 1 and 2 that of their other row
    flags: dict[str, Any] = {
        "conflict": at < 6,
        "conflict_of": [1, 0, 3, 2, 5, 4, *[-1] * 6],
        "label_issue": np.isin(at, [1, 2, 5]),
    }
    flags["label_suggested"] = [None, "a", "a", None, None, "c", *[None] * 6]
    made = ground(X, of, label=label, findings=flags)
    wrong, both = conflicts(made)
    assert rows_of([wrong]) == [1, 2] and wrong.actions == ("look", "drop") and wrong.confidence and wrong.meaning
    assert rows_of([both]) == [4, 5] and both.actions == ("look",) and wrong.id != both.id
    assert np.flatnonzero(plan([wrong], made.state.keep, "drop").drop).tolist() == [1, 2]
    keep = at != 3
    assert np.flatnonzero(plan([wrong], keep, "drop").drop).tolist() == [1], "row 2 is the last that says so"
    wrong, both = conflicts(ground(X, of, label=label, findings=flags, keep=keep))
    assert rows_of([wrong]) == [1] and rows_of([both]) == [4, 5]


def test_labels_propose_what_the_data_would_give() -> None:
    X, of = blobs([5, 5])
    flags = {
        "label_issue": np.isin(np.arange(10), [1, 2, 3]),
        "label_score": np.linspace(0, 1, 10),
        "label_suggested": [None, "b", None, "c", *[None] * 6],
    }
    found = labels(ground(X, of, label=list("aaaaabbbbb"), findings=flags))
    assert rows_of(found) == [1, 3]  # row 2 has nothing to propose
    assert found[0].data["labels"] == ["b", "c"] and found[0].actions == ("relabel", "drop")
    assert found[0].examples[0].row == 3 and found[0].examples[0].after == "c" and "labelled a" in found[0].examples[0].why
    assert "elute_label" in found[0].effect


def test_labels_that_were_proposed_already_are_not_proposed_again() -> None:
    X, of = blobs([5, 5])
    flags = {"label_issue": np.arange(10) == 1, "label_suggested": ["b"] * 10}
    assert labels(ground(X, of, label=list("aaaaabbbbb"), findings=flags, relabels={1: "b"})) == []


def test_a_label_of_what_denies_or_reports_is_proposed_for_a_look_only() -> None:
    X, of = blobs([20, 20])
    at = np.arange(40)
    flags = {"label_issue": np.isin(at, [1, 2, 3]), "label_suggested": ["toxic"] * 40}
    texts = [f"you are a fool {row}" if row < 20 else f"the train was good {row}" for row in range(40)]
    texts[1:3] = ["he said you are a fool", "you aren't a fool"]
    label = ["fine" if row in (1, 2, 3) or row >= 20 else "toxic" for row in range(40)]
    safe, look = labels(ground(X, of, texts=texts, label=label, findings=flags))
    assert (safe.tier, np.flatnonzero(safe.rows).tolist()) == ("safe", [3])
    assert (look.tier, look.action, np.flatnonzero(look.rows).tolist()) == ("look", "look", [1, 2])
    assert look.confidence is None and "deny or report" in look.title and look.data["labels"] == ["toxic", "toxic"]
    made = ground(X, of, texts=texts, label=label, findings=flags)
    assert plan([look], made.state.keep, "relabel").labels == {1: "toxic", 2: "toxic"}
    # the other way round, and of a set with many labels nothing is said
    insults = {row: f"you are not a fool {row}" for row in range(20)} | {3: "you are a fool"}
    assert not labels(ground(X, of, texts=[insults.get(row, texts[row]) for row in range(40)], label=label, findings=flags))[
        0
    ].rows[3]
    # of a set with more labels only what denies, and of one with many labels nothing is said
    for more, left in (("abcdefgh", [2]), ("abcdefghij", [])):
        several = [*label[: 40 - len(more)], *more]
        found = labels(ground(X, of, texts=texts, label=several, findings=flags))
        assert [row for one in found if one.tier == "look" for row in np.flatnonzero(one.rows)] == left
        assert sum(one.rows for one in found).nonzero()[0].tolist() == [1, 2, 3]


def test_of_stars_too_a_label_of_what_denies_is_proposed_for_a_look_only() -> None:
    X, of = blobs([20, 20])
    flags = {"label_issue": np.arange(40) == 1, "label_suggested": ["5"] * 40}
    texts = [f"a great pool {row}" if row < 20 else f"the room was as shown {row}" for row in range(40)]
    texts[1] = "not a great pool"
    label = ["5"] * 20 + [str(1 + row % 4) for row in range(20)]
    (look,) = labels(
        ground(X, of, texts=texts, label=["1" if row == 1 else one for row, one in enumerate(label)], findings=flags)
    )
    assert look.tier == "look" and np.flatnonzero(look.rows).tolist() == [1]


def test_markup_shows_before_and_after() -> None:
    X, of = blobs([4, 4])
    texts = ["a <b>bold</b> word", "a < b and c > d", "<br>", *[f"plain {i}" for i in range(5)]]
    found = markup(ground(X, of, texts=texts))
    assert rows_of(found) == [0]  # the second only looks like it, and of the third nothing would be left
    assert found[0].examples[0].after == "a bold word" and found[0].action == "edit"
    assert markup(ground(X, of, texts=texts, edit_steps={"markup": np.ones(8, bool)})) == []


def test_markup_that_belongs_to_the_set_is_a_look() -> None:
    X, of = blobs([20, 20])
    for tagged, tier, action in ((2, "safe", "edit"), (3, "look", "look")):
        texts = ["a <b>bold</b> word"] * tagged + [f"plain {i}" for i in range(40 - tagged)]
        (found,) = markup(ground(X, of, texts=texts))
        assert (found.tier, found.action, found.count) == (tier, action, tagged) and "edit" in found.actions


def test_looks_follow_the_ranking_and_leave_out_what_was_decided() -> None:
    X, of = blobs([20, 15, 10, 8])
    sure = {"confidence": {0: 0.0, 1: 0.9, 2: 0.5, 3: float("nan")}}
    made = ground(X, of, table=sure)
    by_rank = [int(cluster) for cluster in made.made.clusters["cluster"] if cluster != 0]
    assert list(looks(made).order) == by_rank  # .0 is not worth it; of unknown confidence it is only ranked
    looked = made.made.labels == by_rank[0]
    assert list(looks(ground(X, of, table=sure, looked=looked)).order) == by_rank[1:]


def test_looks_count_what_was_decided_in_them() -> None:
    X, of = blobs([20, 15, 10])
    told = (
        Decision("1", "drop", source={"kind": "look"}),
        Decision("2", "drop", source={"kind": "suggestion", "kinds": ["foreign"]}),
        Decision("3", "keep", source={"kind": "look"}),
        Decision("4", "drop", source={"kind": "lasso"}),
        Decision("5", "drop", source={"kind": "suggestion", "kinds": ["copies"]}),
    )
    found = looks(ground(X, of, in_force=told))
    assert (found.done, found.dropped, found.kept) == (3, 2, 1)


def test_at_most_ten_looks() -> None:
    X, of = blobs([12] * 14, d=32)
    assert len(looks(ground(X, of)).order) == TEN


def test_where_nothing_stands_out_a_few_are_offered_to_be_sure() -> None:
    X, of = blobs([12] * 14, d=32)
    assert len(looks(ground(X, of, nothing="Nothing stands out.")).order) == ANYWAY


def test_nothing_foreign_is_said_and_nothing_is_suggested() -> None:
    X, of = blobs([20, 15, 10])
    made = ground(X, of, nothing="Nothing stands out among 3 clusters.")
    found = looks(made)
    assert len(found.order) <= ANYWAY and found.nothing == "Nothing stands out among 3 clusters."
    assert foreign(made, found) == []
    assert any("Nothing stands out" in told for told in suggest(made).checked)


def test_a_foreign_cluster_is_a_question_with_its_signals() -> None:
    X, of = blobs([20, 15])
    table = {"confidence": {0: 0.01, 1: 0.8}, "signals": {0: [], 1: [{"name": "words", "title": "wording", "value": 0.9}]}}
    made = ground(X, of, table=table)
    (found,) = foreign(made, looks(made))
    assert found.cluster == 1 and found.confidence == 0.8
    assert found.title.startswith("Does ") and "?" in found.title and found.action == "look" and found.other == "drop"
    assert found.data["signals"][0]["name"] == "words" and len(found.examples) == 3


def test_a_cluster_of_few_texts_is_a_look_without_a_figure_and_no_run_takes_it() -> None:
    X, of = blobs([20, 20, 6])
    made = ground(X, of, table={"confidence": {0: 0.9, 1: 0.01, 2: np.nan}})
    tried, few = (one for cluster in (0, 2) for one in foreign(made, looks(made)) if one.cluster == cluster)
    assert few.confidence is None and few.meaning == "" and few.other == "drop"
    desk = Mock(corpus=made.corpus, state=made.state, going=lambda rows: Mock(rows=rows))
    assert "fewer than ten different texts" in objection(desk, [tried, few], 100)
    assert untried(made) == {2} and untried(ground(X, of)) == set()
    noisy = ground(X, np.where(np.arange(len(of)) < 12, -1, of), table={"confidence": {-1: np.nan, 0: 0.9, 1: 0.01, 2: np.nan}})
    assert untried(noisy) == {2}, "noise is no cluster of few texts"


def test_noise_and_tiny_clusters_are_one_look_each() -> None:
    X, of = blobs([20, 15, 4, 3])
    made = ground(X, np.where(of == 3, -1, of), table={"tiny": {2: True}})
    assert noise(made)[0].count == 3 and noise(made)[0].tier == "look"
    assert tiny(made)[0].clusters == (2,) and tiny(made)[0].count == 4


def test_far_rows_are_ranked_and_never_safe() -> None:
    X, of = blobs([80, 80])
    made = ground(X, of, findings={"distance": np.linspace(0, 1, 160).astype(np.float32)})
    (found,) = far(made)
    assert (
        found.tier == "look"
        and found.action == "look"
        and found.count == 8
        and found.rows[-8:].all()
        and "The 8 rows" in found.title
    )
    assert found.examples[0].row == 159
    assert found.why.startswith("On the average their ten nearest are 0.96 or more away"), "single ones may be nearer"


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ([40, 41], "The same text stands among the reference rows."),
        ([42, 43], "A near copy stands among the reference rows."),
        ([40, 43], "For 1 of them the same text stands among the reference rows, for 1 a near copy."),
    ],
)
def test_what_leaked_word_for_word_is_told_from_near_copies(of: list[int], told: str) -> None:
    X, groups = blobs([40, 4])
    texts = [f"text number {row}" for row in range(40)] + ["text number 0", "text number 1", "text numbr 0", "text numbr 1"]
    leaks = np.arange(44) < 2
    (found,) = leaked(ground(X, groups, texts=texts, findings={"leaked": leaks, "leaked_of": np.r_[of, np.full(42, -1)]}))
    assert told in found.why


def test_where_all_rows_are_as_far_none_is_called_far() -> None:
    X, of = blobs([80, 80])
    for distance in (np.full(160, 0.25), np.linspace(0.23, 0.27, 160), np.zeros(160)):
        assert far(ground(X, of, findings={"distance": distance.astype(np.float32)})) == []
    few, of = blobs([5, 5])
    assert far(ground(few, of, findings={"distance": np.linspace(0, 1, 10).astype(np.float32)})) == []


def test_groups_at_a_threshold_are_around_one_text() -> None:
    X, _ = blobs([5, 5, 1], spread=0.01)
    made = ground(X, np.zeros(11, int))
    stands = groups_at(made.part.graph(10), 0.9)
    assert len(np.unique(stands)) == 3 and stands[10] == 10
    assert (groups_at(made.part.graph(10), 1.01) == np.arange(11)).all()


def test_near_in_meaning_leaves_the_middle_of_each_group() -> None:
    X, _ = blobs([5, 5, 3], spread=0.01)
    (found,) = similar(ground(X, np.zeros(13, int)), 0.9)
    assert found.count == 10 and found.data == {"threshold": 0.9, "groups": 3}
    assert all(not found.rows[one.beside] for one in found.examples if one.beside is not None)
    assert similar(ground(X, np.zeros(13, int)), 1.01) == []


def test_thinning_takes_the_most_redundant_first_and_says_the_balance() -> None:
    X, of = blobs([300, 30, 30, 30], spread=0.3)
    X[1:40] = X[0] + 1e-3 * np.random.default_rng(1).normal(size=(39, 16)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    made = ground(X, of)
    (found,) = thin(made)
    assert found.cluster == 0 and found.actions == ("thin", "weights") and "?" in found.title
    first = most_redundant(made, made.rows_of(0), 38)
    assert np.isin(first, np.arange(40)).all()
    after = 300 - found.count
    assert f"to {after}?" in found.title and found.data["weight"] == pytest.approx(after / 300)
    assert found.data["weigh"].sum() == 300


def test_little_of_a_cluster_asks_for_more() -> None:
    X, of = blobs([60, 50, 50, 40, 6])
    (found,) = collect(ground(X, of))
    assert found.clusters == (4,) and found.action == "collect" and "nothing is removed" in found.effect
    assert collect(ground(X, of, table={"tiny": {4: True}})) == []


class Advised:
    merge = ((0, 1), (0, 9))
    split = (2,)
    suggested = 5
    reason = "the curve is highest at 5"


def test_structure_changes_settings_and_no_row() -> None:
    X, of = blobs([20, 15, 10])
    made = ground(X, of, overview=Advised())
    (one,), (two,) = merge(made), split(made)
    assert one.clusters == (0, 1) and two.cluster == 2 and one.settings is None and one.action == "look"
    assert clusters(made) == []  # an estimator of one's own takes no number
    object.__setattr__(made.made.settings, "clusterer", KMeans(3))
    assert clusters(made)[0].settings == {"clusterer": {"name": "kmeans", "k": 5}}
    object.__setattr__(made.made.settings, "clusterer", Communities())
    made.made.params.update({"level": "default", "clusters": {"coarse": 2, "default": 3, "fine": 6}})  # type: ignore[attr-defined]
    (finer,) = clusters(made)
    assert finer.settings is not None and finer.settings["clusterer"]["level"] == "fine" and "About 6" in finer.title
    made.made.params.update({"level": "fine"})  # type: ignore[attr-defined]
    assert clusters(made) == []


def test_each_pair_of_clusters_has_a_name_of_its_own() -> None:
    X, of = blobs([20, 15, 10])

    def ids(*pairs: tuple[int, int], keep: Any = None) -> list[str]:
        whole = Advised()
        whole.merge = pairs  # type: ignore[assignment]
        return [one.id for one in merge(ground(X, of, overview=whole, keep=keep))]

    three = ids((0, 1), (0, 2), (1, 2))
    assert len({*three}) == 3 and ids((2, 1), (1, 0)) == [three[2], three[0]]
    assert sum(ids((0, 1), keep=np.arange(45) != row) == three[:1] for row in range(20)) == 19  # one row of each cluster names it


def test_rows_of_another_cluster_are_worth_keeping_in_a_drop() -> None:
    X, of = blobs([40, 40], spread=0.05)
    made = ground(X, of)
    rows = (of == 0) | np.isin(np.arange(80), range(40, 80, 8))
    mask, reasons = worth_keeping(made, rows)
    assert mask.any() and not mask[of == 0].any() and len(reasons) == mask.sum()
    assert "neighbours stay" in reasons[0]


def test_the_last_rows_of_a_label_are_worth_keeping() -> None:
    X, of = blobs([40, 40], spread=0.05)
    label = ["rare"] * 12 + ["common"] * 68
    mask, reasons = worth_keeping(ground(X, of, label=label), np.arange(80) < 11)
    assert np.flatnonzero(mask).tolist() == list(range(11)) and "1 row would be left of label “rare”" in reasons[0]


def test_good_rows_among_the_dropped_are_offered_back() -> None:
    X, of = blobs([60, 40], spread=0.05)
    gone = (of == 1) | (np.arange(100) % 20 == 0)
    made = ground(X, of, keep=~gone)
    (found,) = good_back(made)
    assert found.action == "restore" and found.tier == "look" and found.rows[of == 1].sum() == 0 and 0 < found.count <= 3
    for kind in ("copies", "similar", "personal"):  # they went as such, not as foreign
        dropped = (Decision("1", "drop", made.corpus.ids[gone], source={"kinds": [kind]}),)
        assert good_back(ground(X, of, keep=~gone, in_force=dropped)) == []


def test_what_goes_with_its_group_is_warned_of_and_what_a_bound_keeps_is_not() -> None:
    X, of = blobs([60, 20], spread=0.05)
    label, at = ["common"] * 60 + ["scarce"] * 12 + ["common"] * 8, np.arange(80)
    made = ground(X, of, label=label)
    half = (at >= 60) & (at < 66)
    assert not any("left" in told for told in worth_keeping(made, half)[1])
    group = np.where((at >= 66) & (at < 72), at - 6, at)  # each of the other six goes with one of these
    object.__setattr__(made.corpus, "group", np.unique(group, return_inverse=True)[1].astype(np.int32))
    mask, why = worth_keeping(replace(made, going=partial(going, made.corpus, made.state)), half)
    assert np.flatnonzero(mask).tolist() == list(range(60, 72))
    assert all("o row of label “scarce” would be left" in told for told in why)
    alone = ground(X, of, label=label)
    mask, why = worth_keeping(replace(alone, going=partial(going, alone.corpus, alone.state, least=4)), (at >= 60) & (at < 72))
    assert not mask.any() and not why


def test_rows_unlike_the_others_dropped_are_offered_back() -> None:
    X, of = blobs([60, 40], spread=0.05)
    gone, filter_ = of == 1, Filter(np.zeros(100))
    filter_.unlike = np.array([0, 70, 80])  # row 0 stays
    (found,) = good_back(ground(X, of, keep=~gone, learned=filter_))
    assert np.flatnonzero(found.rows).tolist() == [70, 80] and "would not have been named" in found.why
    assert {one.why for one in found.examples} == {"unlike the others you dropped"}
    filter_.sure = False
    assert good_back(ground(X, of, keep=~gone, learned=filter_)) == []


class Filter:
    sure, unlike = True, np.empty(0, np.int64)
    precision, precision_error, recall, recall_error = 0.93, 0.02, 0.8, 0.05
    confidence: float | None = 0.93

    def __init__(self, scores: Any) -> None:
        self.scores = scores


def test_what_was_learned_names_more() -> None:
    X, of = blobs([20, 15])
    made = ground(X, of, learned=Filter(np.where(np.arange(35) < 3, 0.9, 0.1)), keep=np.arange(35) != 0)
    (found,) = learned(made)
    assert np.flatnonzero(found.rows).tolist() == [1, 2] and found.confidence == 0.93 and "93 % (± 2)" in found.why
    low = Filter(np.where(np.arange(35) < 3, 0.9, 0.1))
    low.precision, low.confidence = 0.46, None
    (found,) = learned(replace(made, learned=low))
    assert found.confidence is None and not found.meaning and "46 %" not in found.why and "can't be told yet" in found.why


def test_a_kept_cluster_is_asked_about_again_and_a_kept_row_never() -> None:
    X, of = blobs([20, 15])
    corpus = ground(X, of).corpus
    looked = (of == 0) | (np.arange(35) == 30)
    kept = (
        Decision("1", "keep", corpus.ids[of == 0], source={"kind": "look", "cluster": 0}),
        Decision("2", "keep", corpus.ids[[1, 30]], source={"kind": "table"}),
    )
    scores = np.where(np.isin(np.arange(35), [0, 1, 2, 28, 30]), 0.9, 0.1)
    made = ground(X, of, learned=Filter(scores), looked=looked, in_force=kept)
    more, again = learned(made)
    assert np.flatnonzero(more.rows).tolist() == [28] and np.flatnonzero(again.rows).tolist() == [0, 2]
    assert again.tier == "look" and again.action == "look" and "in clusters you kept" in again.title and more.id != again.id


def test_a_filter_that_is_not_sure_asks_and_offers_no_drop() -> None:
    X, of = blobs([20, 15])
    filter_ = Filter(np.where(np.arange(35) < 3, 0.9, 0.1))
    filter_.sure, filter_.uncertain, filter_.note = False, np.array([4, 7, 30]), "Not of one kind."  # type: ignore[attr-defined]
    (found,) = learned(ground(X, of, learned=filter_))
    assert np.flatnonzero(found.rows).tolist() == [4, 7, 30] and found.actions == ("look",) and found.why == "Not of one kind."


def test_reference_rows_and_pinned_ones_are_never_to_be_dropped() -> None:
    X, of = blobs([20, 15])
    pinned = np.ones(35, bool)
    flags = {
        "leaked": np.ones(35, bool),
        "copy": np.arange(35) > 0,
        "copy_of": np.zeros(35, int),
        "distance": np.linspace(0, 1, 35),
    }
    made = ground(X, of, findings=flags, pinned=pinned)
    assert copies(made) == [] and leaked(made) == []


def test_rows_of_a_reference_are_none_of_those_that_stay() -> None:
    X, of = blobs([40, 40, 4], spread=0.05)
    label = ["rare"] * 12 + ["common"] * 28 + ["rare"] * 40 + ["common"] * 4
    made = ground(X, of, label=label)
    object.__setattr__(made.corpus, "reference", of == 1)  # the second cluster, all of it of the reference
    assert made.kept == 44
    gone = np.arange(84) < 12
    assert goes(made, gone) == "27.3 % (12 of 44) go, 32 stay. No row with the label rare would stay."
    assert goes(made, of == 1, "could go").startswith("0 % (0 of 44) could go, 44 stay.")
    mask, reasons = worth_keeping(made, gone & (np.arange(84) > 0))
    assert mask[1:12].all() and "1 row would be left of label “rare”" in reasons[0]
    assert not worth_keeping(made, of == 1)[0].any()  # they never go
    assert suggest(made).checked[0].endswith("of 44 rows.")


def test_two_rules_of_a_persons_own_are_two_suggestions_whatever_their_names_share() -> None:
    X, of = blobs([20, 20])
    at, long = np.arange(40), "is it " + "very " * 20
    names = ["tone: rude", "tone: cold", f"{long}rude", f"{long}cold"]
    found = own(ground(X, of, findings={f"own:{name}:flag": at < 3 for name in names}))
    assert len({one.id for one in found}) == len(names)
    assert [one.title for one in found[:2]] == ["3 rows named by your rule tone: rude", "3 rows named by your rule tone: cold"]
    assert found[2].title.endswith("very…") and len(found[2].title) < 110
    before = identity("far", ground(X, of).ids(at < 3), "long")
    assert own(ground(X, of, findings={"own:long:flag": at < 3}))[0].id == before, "what was dismissed stays so"


def test_a_count_is_of_the_persons_own_rows() -> None:
    X, of = blobs([20, 200, 40, 38, 36, 6, 5, 4], spread=0.05)
    table = {"tiny": {5: True, 6: True}, "confidence": dict.fromkeys(range(-1, 7), 0.01) | {0: 0.9, 1: 0.9}}
    made = ground(X, np.where(of == 0, -1, of - 1), table=table, overview=Advised())
    object.__setattr__(made.corpus, "reference", (np.arange(len(of)) % 3 == 0) | (of == 7))
    found = suggest(made).suggestions
    assert {one.kind for one in found} >= {"noise", "tiny", "foreign", "collect", "merge", "split"}
    for one in found:
        assert one.count == one.rows.sum() == (one.rows & made.own).sum(), one.title
    said = {one.kind: one for one in found}
    assert said["noise"].title == "Noise: 13 rows" and said["noise"].why.startswith("5.7 % (13 of 230) ")
    assert said["tiny"].title == "1 extremely small cluster: 4 rows"  # of the other, all rows are of the reference
    assert "(4)" in said["collect"].why and said["collect"].count == 4


def test_duplicates_are_under_the_labels_in_force() -> None:
    X, of = blobs([6, 6])
    at, label = np.arange(12), ["a", "b", "b", "b", "a", "a", *["a"] * 6]
    flags = {
        "conflict": at < 3,
        "conflict_of": [1, 0, 0, *[-1] * 9],
        "copy_of": [-1, 0, 0, -1, -1, 4, *[-1] * 6],
        "label_issue": at == 1,
        "label_suggested": [None, "a", *[None] * 10],
    }
    wrong, both = conflicts(ground(X, of, label=label, findings=flags))
    assert np.flatnonzero(wrong.rows).tolist() == [1] and np.flatnonzero(both.rows).tolist() == [0, 2]
    # the doubted label is settled; the other row still says otherwise
    (left,) = conflicts(ground(X, of, label=label, findings=flags, relabels={1: "a"}))
    assert np.flatnonzero(left.rows).tolist() == [0, 2]
    # a proposal may bring copies apart that were of one label
    settled = {1: "a", 2: "a"}
    (new,) = conflicts(ground(X, of, label=label, findings=flags, relabels={**settled, 5: "c"}))
    assert np.flatnonzero(new.rows).tolist() == [4, 5]
    done = ground(X, of, label=label, findings={**flags, "near_copy": at < 0}, relabels=settled)
    assert conflicts(done) == [] and "under another label: none" in " ".join(suggest(done).checked)
    # the row that stays was given the label that the data would give the other
    (one,) = conflicts(ground(X, of, label=["c", *label[1:]], findings=flags, relabels={0: "a", 2: "a"}))
    assert np.flatnonzero(one.rows).tolist() == [1] and one.data["stays"].tolist() == [0]


def test_what_is_said_of_labels_is_said_of_those_in_force() -> None:
    X, of = blobs([40, 40], spread=0.05)
    label = ["rare"] * 12 + ["common"] * 68
    gone = np.arange(80) < 12
    assert goes(ground(X, of, label=label), gone).endswith("No row with the label rare would stay.")
    made = ground(X, of, label=label, relabels=dict.fromkeys(range(50, 70), "rare"))
    assert goes(made, gone) == "15 % (12 of 80) go, 68 stay. Most of it from one label: rare loses 37.5 % (12 of 32)."
    assert not any("would be left" in why for why in worth_keeping(made, gone)[1])
    new = ground(X, of, label=label, relabels=dict.fromkeys(range(12), "new"))
    assert goes(new, gone).endswith("No row with the label new would stay.")
    assert "No row of label “new” would be left" in worth_keeping(new, gone)[1][0]
    issue = ground(
        X,
        of,
        label=label,
        findings={"label_issue": np.arange(80) == 20},
        relabels={20: "rare", **dict.fromkeys(range(12, 40), "rare")},
    )
    assert worth_keeping(issue, np.arange(80) == 20)[0][20]  # its neighbours bear the label that it has now


def test_all_suggestions_say_everything() -> None:
    X, of = blobs([200, 40, 40, 30, 5])
    flags = {"copy": np.arange(315) % 50 == 1, "copy_of": np.where(np.arange(315) % 50 == 1, np.arange(315) - 1, -1)}
    suggested = suggest(ground(X, of, findings={**flags, "distance": np.linspace(0, 1, 315)}, overview=Advised()))
    assert {one.tier for one in suggested.suggestions} == {"safe", "look"}
    tiers = [one.tier for one in suggested.suggestions]
    assert tiers == sorted(tiers, reverse=True)  # safe ones first
    for one in suggested.suggestions:
        assert one.kind in SAFE + LOOK and one.count == one.rows.sum() and one.title and one.why and one.effect
        assert len(one.examples) >= 1 and (one.confidence is None or one.meaning)
    assert len({one.id for one in suggested.suggestions}) == len(suggested.suggestions)
    assert any("also in" in told for one in suggested.suggestions for told in one.overlaps)


def test_dismissed_stays_dismissed_also_when_a_few_rows_went() -> None:
    X, of = blobs([20, 15, 10])
    before = suggest(ground(X, of))
    gone = next(one for one in before.suggestions if one.cluster == 1)
    keep = np.ones(45, bool)
    keep[np.flatnonzero(of == 0)[:2]] = False
    after = suggest(ground(X, of, keep=keep, dismissed=frozenset({gone.id})))
    assert gone.id not in {one.id for one in after.suggestions} and 1 not in after.looks.order and after.dismissed == 1


def test_an_id_is_that_of_the_thing_not_of_its_rows_to_the_last() -> None:
    ids = np.random.default_rng(0).integers(0, 2**63, 1000).astype(np.uint64)
    same = sum(identity("foreign", ids, str(salt)) == identity("foreign", ids[50:], str(salt)) for salt in range(400))
    assert 0.9 < same / 400 < 0.99  # the chance is the overlap, .95
    assert identity("foreign", ids) != identity("noise", ids)


def suggestion(kind: str, rows: Any, action: str = "drop", **more: Any) -> Suggestion:
    mask = np.zeros(10, bool)
    mask[rows] = True
    return Suggestion(kind, "safe", kind, action, kind, kind, mask, int(mask.sum()), **more)


def test_a_plan_never_drops_the_last_copy() -> None:
    keep = np.ones(10, bool)
    one = suggestion("copies", [1, 2], data={"stays": np.array([0, 0])})
    other = suggestion("labels", [0], "relabel", other="drop", data={"labels": ["b"]})
    assert np.flatnonzero(plan([one, other], keep).drop).tolist() == [1, 2] and plan([one, other], keep).labels == {0: "b"}
    assert np.flatnonzero(plan([one, other], keep, "drop").drop).tolist() == [0]
    keep[0] = False
    assert not plan([one], keep).drop.any()


def test_a_plan_follows_survivors_that_are_copies_themselves() -> None:
    near = suggestion("near_copies", [2], data={"stays": np.array([1])})
    exact = suggestion("copies", [1], data={"stays": np.array([0])})
    assert np.flatnonzero(plan([exact, near], np.ones(10, bool)).drop).tolist() == [1, 2]


def test_a_plan_counts_what_goes_with_its_group_as_gone() -> None:
    # row 3 is of the group of row 0, whose text row 1 says again: once it goes, row 1 is the last that says so
    group = np.array([0, 1, 2, 0, *range(3, 9)])

    def whole(rows: Any) -> Any:
        return np.isin(group, group[rows])

    same = suggestion("copies", [1], data={"stays": np.array([0])})
    other = suggestion("foreign", [3], "look", other="drop")
    made = plan([same, other], np.ones(10, bool), "drop", whole=whole)
    assert np.flatnonzero(made.drop).tolist() == [3]
    assert np.flatnonzero(plan([same], np.ones(10, bool), whole=whole).drop).tolist() == [1]


def test_a_plan_refuses_what_nobody_offers() -> None:
    with pytest.raises(InputError, match="not offered"):
        plan([suggestion("copies", [1])], np.ones(10, bool), "relabel")


def test_weights_in_place_of_thinning() -> None:
    members = np.arange(10) < 8
    one = suggestion("thin", [0, 1], "thin", other="weights", data={"weight": 0.75, "weigh": members})
    made = plan([one], np.ones(10, bool), "weights")
    assert not made.drop.any() and made.tags[0][0] == "weight 0.75" and made.tags[0][1].sum() == 8


@pytest.mark.parametrize("label", [None, ["a"] * 40, [f"l{row}" for row in range(40)], [None] * 40, [1.5] * 20 + [None] * 20])
def test_odd_labels_break_nothing(label: Any) -> None:
    X, of = blobs([20, 20])
    suggested = suggest(ground(X, of, label=label))
    assert any("Labels were not checked" in told for told in suggested.checked)
    worth_keeping(ground(X, of, label=label), np.arange(40) < 10)


def test_labels_too_many_of_which_look_wrong_are_told_and_not_called_clean() -> None:
    X, of = blobs([20, 20])
    label = ["a"] * 20 + ["b"] * 20
    made = ground(X, of, label=label)
    assert "Labels, by a strict rule: none to review." in suggest(made).checked
    object.__setattr__(made.made, "held", {"label_issue": np.arange(40) < 10})
    told = next(line for line in suggest(made).checked if line.startswith("Labels"))
    assert told.startswith("Labels, by a strict rule: 25 % (10 of 40) look wrong") and "label_score" in told


def test_two_rows() -> None:
    X, of = blobs([1, 1])
    suggested = suggest(ground(X, of))
    assert [one for one in suggested.suggestions if one.tier == "safe"] == [] and suggested.checked


def test_all_duplicates() -> None:
    X = np.tile(blobs([1])[0], (30, 1))
    flags = {"copy": np.arange(30) > 0, "copy_of": np.where(np.arange(30) > 0, 0, -1)}
    suggested = suggest(ground(X, np.zeros(30, int), texts=["the same text"] * 30, findings=flags))
    assert suggested.suggestions[0].kind == "copies" and suggested.suggestions[0].count == 29


def test_percentages_come_with_their_counts() -> None:
    assert share(0, 9) == "0 % (0 of 9)" and share(9, 9) == "100 % (9 of 9)"


def test_said_is_what_the_state_has() -> None:
    from elute.decisions import State

    assert set(Said.__annotations__) <= set(State.__annotations__) | set(dir(State))


@pytest.mark.parametrize("how", ["looked", "tags", "edit_steps", "relabels", "pinned", "restored"])
def test_thinning_leaves_what_a_person_decided_on(how: str) -> None:
    X, of = blobs([300, 30, 30, 30], spread=0.3)
    (open_,) = thin(ground(X, of))
    chosen = np.isin(np.arange(len(X)), np.flatnonzero(open_.rows)[:40])
    ids = ground(X, of).corpus.ids
    restored = tuple(Decision(str(row), "restore", ids[[row]]) for row in np.flatnonzero(chosen))
    said: dict[str, Any] = {
        "looked": {"looked": chosen}, "tags": {"tags": {"gold": chosen}}, "edit_steps": {"edit_steps": {"markup": chosen}},
        "relabels": {"relabels": dict.fromkeys(np.flatnonzero(chosen).tolist(), "new")}, "pinned": {"pinned": chosen},
        "restored": {"in_force": restored},
    }[how]  # fmt: skip
    (found,) = thin(ground(X, of, **said))
    assert not (found.rows & chosen).any() and found.count == open_.count, "others go in their place"
    assert "40 rows that a person approved, tagged, changed or pinned stay" in found.why


def test_where_too_few_rows_may_go_a_cluster_is_only_weighed() -> None:
    X, of = blobs([300, 30, 30, 30], spread=0.3)
    (found,) = thin(ground(X, of, looked=of == 0))
    assert found.actions == ("weights",) and found.data["weight"] == pytest.approx(60 / 300) and found.data["weigh"].sum() == 300
    assert "300 rows, as 60?" in found.title and "none is dropped" in found.why
    made = plan([found], np.ones(len(X), bool), None)
    assert not made.drop.any() and made.tags[0][1].sum() == 300


@pytest.mark.parametrize("across", [False, True])
def test_thinning_takes_whole_groups_of_the_cluster_alone(across: bool) -> None:
    X, of = blobs([300, 30, 30, 30], spread=0.3)
    made = ground(X, of)
    groups = np.arange(len(X)) % 90 if across else np.where(np.arange(len(X)) < 300, np.arange(len(X)) // 4, np.arange(len(X)))
    made = replace(made, corpus=replace(made.corpus, group=groups.astype(np.int32)))
    (found,) = suggest_thin(made)
    if across:  # each group has rows of another cluster: none goes
        assert found.actions == ("weights",)
        return
    whole = made.corpus.whole(found.rows)
    assert (
        found.count == 240
        and (whole == found.rows).all()
        and "from 300 to 60?" in found.title
        and "As a drop" not in found.effect
    )


def test_thinning_says_what_a_bound_on_labels_leaves() -> None:
    X, of = blobs([300, 30, 30, 30], spread=0.3)
    label = np.array(["a", "b"], object)[(np.arange(len(X)) < 200).astype(int)]
    made = ground(X, of, label=label)
    state, corpus = made.state, replace(made.corpus, reference=np.zeros(len(X), bool))
    for least, actions in ((60, {("thin", "weights")}), (300, {("weights",)})):
        held = replace(
            made, corpus=corpus, going=partial(going, corpus, replace(state, pinned=np.zeros(len(X), bool)), least=least)
        )
        (found,) = suggest_thin(held)
        assert found.actions in actions and "never below" in found.why
        if "thin" in found.actions:
            assert (held.going(found.rows).rows == found.rows).all() and f"to {300 - found.count}?" in found.title


def suggest_thin(made: Ground) -> list[Suggestion]:
    return [one for one in suggest(made).suggestions if one.kind == "thin"]


def test_a_cluster_that_was_weighed_down_outweighs_nothing() -> None:
    X, of = blobs([300, 30, 30, 30], spread=0.3)
    weighed = {"weight 0.2": of == 0}
    assert not thin(ground(X, of, tags=weighed))
    (found,) = thin(ground(X, of, tags={"weight 0.2": np.arange(len(X)) < 40}))
    assert found.count == 240 and not found.rows[:40].any() and not found.data["weigh"][:40].any()
