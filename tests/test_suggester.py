"""Suggestions in a session: what accepting, dismissing and undoing them does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import elute
from elute.errors import InputError
from elute.suggest import identity


def frame() -> pd.DataFrame:
    cats = [f"the cat number {i} sat on the mat and slept" for i in range(20)]
    stocks = [f"stocks fell by {i} percent on friday" for i in range(20)]
    odd = ["the cat number 3 sat on the mat and slept", "stocks fell by 4 percent on friday", "a <b>bold</b> cat sat on the mat"]
    return pd.DataFrame({"text": [*cats, *stocks, *odd], "label": ["cat"] * 20 + ["money"] * 20 + ["cat", "money", "cat"]})


def opened(path: Path, table: Any = None, **how: Any) -> elute.Session:
    table = frame() if table is None else table
    label = "label" if isinstance(table, pd.DataFrame) and "label" in table else None
    text = "text" if isinstance(table, pd.DataFrame) else None
    how = {"clusterer": elute.KMeans(2), **how}
    s = elute.Session(table, text, label, embedder="tfidf", projector="pca", path=path, **how)
    s.run()
    return s


def ranked(s: elute.Session) -> elute.Session:
    """The same, as if it were not known how likely each cluster is foreign: all are only ranked."""
    s.current.params["nothing"] = ""  # type: ignore[index]
    s.current.scores.clusters["confidence"] = np.nan
    return s


def of_kind(s: elute.Session, kind: str) -> Any:
    return next(one for one in s.suggestions if one.kind == kind)


def test_nothing_happens_until_accepted(tmp_path: Path) -> None:
    s = opened(tmp_path)
    assert s.suggestions and s.keep.all() and len(s.history) == 0


def test_accepting_is_a_decision_with_its_evidence(tmp_path: Path) -> None:
    s = opened(tmp_path)
    one = of_kind(s, "copies")
    assert s.accept(one) == 2 and s.dropped.tolist() == one.rows.tolist()
    source = s.state.history[-1].source
    assert source["kind"] == "suggestion" and source["ids"] == [one.id] and source["kinds"] == ["copies"]
    assert source["confidence"] == 1.0 and source["why"] == one.why and s.history["reason"].tolist() == [one.title]
    assert all(one.kind != "copies" for one in s.suggestions)


def test_several_are_one_undo(tmp_path: Path) -> None:
    s = opened(tmp_path)
    chosen = [one for one in s.suggestions if one.tier == "safe" and one.kind in ("copies", "markup")]
    assert len(chosen) == 2
    assert s.accept(chosen) == 3 and s.dropped.sum() == 2 and s.state.edits.sum() == 1
    s.undo()
    assert s.keep.all() and not s.state.edits.any()
    s.redo()
    assert s.dropped.sum() == 2 and s.state.edits.sum() == 1


def test_settings_accepted_with_other_things_are_undone_with_them(tmp_path: Path) -> None:
    s = opened(tmp_path)
    before, copy = s.state.settings, of_kind(s, "copies")
    steers = {"clusterer": {"name": "kmeans", "k": 3}}
    merge = replace(copy, kind="merge", action="merge", rows=np.zeros_like(copy.rows), data={}, settings=steers)
    s.accept([copy, merge], action="merge")
    assert s.dropped.sum() == 2 and s.state.settings["clusterer"]["k"] == 3
    s.undo()
    assert s.keep.all() and s.state.settings == before
    s.redo()
    assert s.dropped.sum() == 2 and s.state.settings["clusterer"]["k"] == 3


def test_a_retry_never_applies_twice(tmp_path: Path) -> None:
    s = opened(tmp_path)
    chosen = [one for one in s.suggestions if one.kind in ("copies", "markup")]
    s.accept(chosen, decision="abc")
    s.accept(chosen, decision="abc")
    assert len(s.history) == 2
    s.undo()
    assert s.keep.all()


@pytest.mark.parametrize("at", [1, 2])
def test_what_is_interrupted_between_its_steps_is_not_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    s = opened(tmp_path)
    chosen = [one for one in s.suggestions if one.kind in ("copies", "markup")]
    real, steps = s._append, list[str]()

    def interrupted(kind: str, *told: Any, **how: Any) -> bool:
        steps.append(kind)
        made = real(kind, *told, **how)
        if len(steps) == at:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(s, "_append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        s.accept(chosen, decision="abc")
    assert "abc" not in s.journal and s.keep.all() and not s.state.edits.any() and opened(tmp_path).keep.all()
    assert s.accept(chosen, decision="abc") == 3 and s.dropped.sum() == 2 and s.state.edits.sum() == 1
    again = opened(tmp_path)
    assert again.dropped.sum() == 2 and again.state.edits.sum() == 1 and s.journal.saved


def test_clean_texts_come_out_in_a_column_of_their_own(tmp_path: Path) -> None:
    s = opened(tmp_path)
    s.accept(of_kind(s, "markup"))
    out = s.clean()
    assert (
        out["text"].tolist()[-1] == "a <b>bold</b> cat sat on the mat"
        and out["elute_text"].tolist()[-1] == "a bold cat sat on the mat"
    )


def test_dismissed_stays_dismissed_over_a_restart(tmp_path: Path) -> None:
    s = opened(tmp_path)
    one = of_kind(s, "copies")
    s.dismiss(one)
    assert one.id not in {other.id for other in s.suggestions} and s.keep.all()
    again = opened(tmp_path)
    assert one.id not in {other.id for other in again.suggestions}
    again.undo()
    assert one.id in {other.id for other in again.suggestions}


def test_dismissed_stays_dismissed_when_the_row_that_names_it_goes(tmp_path: Path) -> None:
    s = opened(tmp_path)
    one = of_kind(s, "copies")
    s.dismiss(one.id)
    s.drop([row for row in np.flatnonzero(one.rows) if identity("copies", s.corpus.ids[[row]]) == one.id])
    s.run()
    assert s.dropped.sum() == 1 and all(other.kind != "copies" for other in s.suggestions)
    s.undo()
    s.undo()
    assert of_kind(s, "copies").id == one.id


def test_what_was_dismissed_is_told_without_words_of_the_texts(tmp_path: Path) -> None:
    """Its title is elute's, made of names of clusters, whoever called: also in journals that say no more than that it was in code."""
    s = opened(tmp_path)
    one = of_kind(s, "copies")
    s.dismiss(replace(one, title="“zqcanary” looks foreign"))
    s.suggester._desk.dismiss_id("another", reason="“zqcanary” is two topics")
    s.drop([0], reason="by hand")
    told = [made["why"] for made in s.manifest()["decisions"]]
    assert told == ["Python (copies)", "Python", "by hand"]
    assert ["zqcanary" in made["why"] for made in s.manifest(texts=True)["decisions"]] == [True, True, False]


def test_ids_are_the_same_after_a_restart(tmp_path: Path) -> None:
    first = {one.id for one in opened(tmp_path / "a").suggestions}
    assert first == {one.id for one in opened(tmp_path / "b").suggestions}


def test_a_round_from_disk_suggests_the_same(tmp_path: Path) -> None:
    X = np.repeat(np.eye(5, dtype=np.float32), 8, axis=0) + np.random.default_rng(0).normal(0, 0.02, (40, 5)).astype(np.float32)
    how: dict[str, Any] = {"embedder": X, "clusterer": elute.KMeans(5), "projector": "pca", "path": tmp_path}
    texts = frame().text.tolist()[:40]
    first = elute.Session(texts, **how)
    first.run()
    assert "similar" in {one.kind for one in first.suggestions}
    again = elute.Session(texts, **how)
    again.run()
    assert [(one.id, one.count) for one in again.suggestions] == [(one.id, one.count) for one in first.suggestions]
    assert again.checked == first.checked


def test_to_look_is_to_select_and_drops_nothing(tmp_path: Path) -> None:
    s = ranked(opened(tmp_path))
    one = of_kind(s, "foreign")
    assert s.accept(one) == one.count and s.selected.tolist() == one.rows.tolist() and s.keep.all()
    s.accept(one, "drop")
    assert s.dropped.tolist() == one.rows.tolist() and s.looks.dropped == 1


def test_what_is_to_be_looked_at_is_never_accepted_in_bulk(tmp_path: Path) -> None:
    s = ranked(opened(tmp_path))
    with pytest.raises(InputError, match="one by one"):
        s.accept(s.suggestions)
    assert s.keep.all()


def test_what_is_no_suggestion_is_refused_in_a_sentence(tmp_path: Path) -> None:
    s = opened(tmp_path)
    for given, said in (
        ("safe", "x.tier == 'safe'"),
        ("copies", "x.kind == 'copies'"),
        ("a1b2", "not there any more"),
        (0, "takes suggestions"),
        ([3], "takes suggestions"),
    ):
        with pytest.raises(InputError, match=said):
            s.accept(given)  # type: ignore[arg-type]
    one = of_kind(s, "copies")
    one.rows[np.flatnonzero(one.rows)[0]] = False
    with pytest.raises(InputError, match="approve"):
        s.accept(one)
    assert s.keep.all()


def test_kept_clusters_are_not_asked_about_again(tmp_path: Path) -> None:
    s = ranked(opened(tmp_path))
    first = s.looks.order[0]
    s.approve(s.round.labels == first, source={"kind": "look"})
    assert first not in s.looks.order and s.looks.kept == 1 and s.looks.done == 1


def test_what_is_gone_is_said(tmp_path: Path) -> None:
    s = opened(tmp_path)
    with pytest.raises(InputError, match="not there any more"):
        s.accept("copies-0")
    assert s.accept([]) == 0 and not s.state.applied
    with pytest.raises(InputError, match="not offered"):
        s.accept(of_kind(s, "copies"), "relabel")


def test_weights_are_a_column(tmp_path: Path) -> None:
    s = opened(tmp_path)
    s.tag(np.arange(4), "weight 0.25")
    assert s.weights.tolist() == [0.25] * 4 + [1.0] * 39
    s.undo()
    assert (s.weights == 1).all()


@pytest.mark.parametrize(
    "label", [None, ["a"] * 43, [f"l{row}" for row in range(43)], [row % 7 * 1.5 for row in range(43)], [None] * 42 + ["x"]]
)
def test_odd_labels(tmp_path: Path, label: Any) -> None:
    table = frame().drop(columns="label") if label is None else frame().assign(label=pd.Series(label, dtype=object))
    s = opened(tmp_path, table)
    s.accept([one for one in s.suggestions if one.tier == "safe"])
    s.run()
    assert s.checked and s.keep.any()


def test_ten_thousand_labels(tmp_path: Path) -> None:
    texts = [f"row {i} of {i % 97} things" for i in range(10_500)]
    table = pd.DataFrame({"text": texts, "label": [f"l{i % 10_001}" for i in range(10_500)]})
    s = opened(tmp_path, table, clusterer=elute.KMeans(5))
    assert isinstance(s.suggestions, list) and s.checked


def test_two_rows_and_all_the_same(tmp_path: Path) -> None:
    two = opened(tmp_path / "two", ["the cat sat", "stocks fell"])
    assert two.checked and not [one for one in two.suggestions if one.tier == "safe"]
    same = opened(tmp_path / "same", ["the same text here"] * 30)
    assert same.accept(of_kind(same, "copies")) == 29 and same.keep.sum() == 1
    same.run()
    assert not [one for one in same.suggestions if one.tier == "safe"]


def test_nothing_found_is_said_with_what_was_checked(tmp_path: Path) -> None:
    s = opened(tmp_path, [f"alpha beta gamma {'delta ' * (i % 3)}word{i}" for i in range(30)])
    assert any("none" in told for told in s.checked) and any("Labels were not checked" in told for told in s.checked)


def test_worth_keeping_takes_masks_and_positions(tmp_path: Path) -> None:
    s = opened(tmp_path)
    mask, why = s.worth_keeping([0, 1, 2])
    assert mask.shape == (43,) and len(why) == mask.sum() and set(np.flatnonzero(mask)) <= {0, 1, 2}


def test_pairs_of_a_session(tmp_path: Path) -> None:
    s = opened(tmp_path, clusterer=elute.KMeans(4))
    assert all(0 <= pair.full <= 1 and pair.in2 is not None for pair in s.pairs())


def test_groups_and_references(tmp_path: Path) -> None:
    table = frame().assign(dialogue=[row // 2 for row in range(43)])
    s = elute.Session(
        table, "text", "label", group="dialogue", reference=["stocks fell by 3 percent on friday"] * 2, embedder="tfidf",
        clusterer=elute.KMeans(2), projector="pca", path=tmp_path,
    )  # fmt: skip
    s.run()
    assert all(one.rows.shape == (43,) for one in s.suggestions) and s.weights.shape == (43,)
    one = next(one for one in s.suggestions if one.kind == "leaked")
    assert np.flatnonzero(one.rows).tolist() == [23] and "1 more row goes with its group" in one.effect
    assert s.accept(one, "drop") == 2 and np.flatnonzero(s.dropped).tolist() == [22, 23]


def test_learned_from_decisions(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": [*(f"the cat number {i} sat on the mat and slept" for i in range(60)),
                                   *(f"stocks fell by {i} percent on friday in london" for i in range(60))]})  # fmt: skip
    s = opened(tmp_path, table)
    assert "Too few examples" in s.learn().note and s.suggester.learned is not None
    s.drop(np.arange(100, 120), source={"kind": "look"})
    s.approve(np.arange(10))
    found = s.learn("money")
    assert found.scores.shape == (120,) and found.scores[60:].min() > found.scores[:60].max()
    assert s.keep[found.uncertain].all()
    again = opened(tmp_path, table).learned["money"]
    assert (again.scores[60:].mean() > again.scores[:60].mean()) and again.name == "money"
    if (found.scores[60:100] > 0.5).any():
        assert of_kind(s, "learned").rows[60:100].any()
    s.undo()
    s.undo()
    assert s.learn().needed == 5


def test_copies_that_went_teach_nothing(tmp_path: Path) -> None:
    s = opened(tmp_path)
    s.accept(of_kind(s, "copies"))
    assert s.learn().needed == 5


def test_a_copy_never_takes_the_last_of_another_with_its_group(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["alpha alpha", "two two", "alpha alpha", "two two", "one", "three"], "dialogue": [*"BCAADE"]})
    X = np.eye(8, dtype=np.float32)[[0, 1, 0, 1, 2, 3]]
    s = elute.Session(table, text="text", group="dialogue", embedder=X, clusterer="kmeans", projector="pca", path=tmp_path)
    s.run()
    copies = of_kind(s, "copies")
    assert np.flatnonzero(copies.rows).tolist() == [2, 3]
    s.drop([1])
    assert s.accept(copies) == 0 and s.keep.tolist() == [True, False, True, True, True, True]


def conversations() -> tuple[pd.DataFrame, Any]:
    """60 conversations of six turns about cats and dogs; in 25 of them the first turn is spam. And which turns are."""
    rng = np.random.default_rng(1)
    spam = np.array([turn == 0 and (number < 15 or number >= 50) for number in range(60) for turn in range(6)])
    kinds = ["spam" if bad else "cat" if at % 2 else "dog" for at, bad in enumerate(spam)]
    texts = [" ".join(rng.choice([f"{kind}{word}" for word in range(30)], 8)) for kind in kinds]
    return pd.DataFrame({"text": texts, "dialogue": np.arange(360) // 6}), spam


def test_rows_that_went_with_their_group_teach_nothing_and_bring_no_bad_ones_back(tmp_path: Path) -> None:
    table, spam = conversations()
    s = opened(tmp_path, table, group="dialogue", clusterer=elute.KMeans(3))
    bad = np.flatnonzero(spam[:90])
    assert s.drop(bad) == 90
    s.approve(np.arange(100, 140))
    s.run()
    found = s.learn()
    assert (found.recall or 0) > 0.9
    rest = spam & s.keep  # of the last ten conversations
    named = of_kind(s, "learned").rows
    assert (named & rest).sum() == 10 and named.sum() < 15
    assert "good_back" not in [one.kind for one in s.suggestions]
    # good turns that were dropped themselves come back, and it is said how many come with them
    good = np.arange(122, 182, 6)
    s.drop(good)
    s.run()
    back = of_kind(s, "good_back")
    rows = np.flatnonzero(back.rows)
    assert len(rows) > 1 and set(rows) <= set(good)
    said = f"{5 * len(rows)} more rows come back with their group."
    assert back.effect == f"{len(rows)} rows could come back, to {210 + 6 * len(rows)} that stay. {said}"
    assert s.accept(back) == 6 * len(rows) and s.held_back == said
    assert not s.keep[bad].any()


def test_a_group_with_a_bad_row_is_not_offered_back_for_its_good_ones(tmp_path: Path) -> None:
    table, spam = conversations()
    s = opened(tmp_path, table, group="dialogue", clusterer=elute.KMeans(3))
    mixed, good = np.arange(1, 91, 6), np.arange(122, 182, 6)  # good turns of dialogues with spam, and of others
    s.drop([*np.flatnonzero(spam), *mixed, *good])
    s.run()
    rows = np.flatnonzero(of_kind(s, "good_back").rows)
    assert len(rows) and set(rows) <= set(good)


def test_a_cluster_that_went_only_with_its_groups_is_no_rule(tmp_path: Path) -> None:
    greet = ["hello and good morning to you"] * 3
    table = pd.DataFrame({"text": [*(f"{word} spam" for word in "abc"), *greet, *(f"the {word} cat sleeps" for word in "defghijk")],
                          "dialogue": [0, 1, 2, 0, 1, 2, *range(3, 11)]})  # fmt: skip
    X = np.eye(8, dtype=np.float32)[[0] * 3 + [1] * 3 + [2] * 8]
    s = elute.Session(table, text="text", group="dialogue", embedder=X, clusterer=elute.KMeans(3), projector="pca", path=tmp_path)
    s.run()
    assert s.drop(cluster=int(s.round.labels[0])) == 6
    s.run()
    rules = s.recipe().rules
    assert [(rule.kind, rule.rows) for rule in rules] == [("cluster", 3)]


def test_of_every_text_under_two_labels_a_row_stays(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    texts = [" ".join(f"word{word}" for word in rng.choice(10, 6) + row % 6 * 10) + f" n{row}" for row in range(240)]
    labels = [f"topic {row % 6}" for row in range(240)]
    table = pd.DataFrame({"text": texts + texts[:5], "label": [*labels, "topic 5", "topic 5", "topic 0", "topic 0", "topic 0"]})
    s = opened(tmp_path, table, clusterer=elute.KMeans(6))
    assert any(told.endswith("under another label: 10.") for told in s.checked)
    one = of_kind(s, "conflict")
    assert np.flatnonzero(one.rows).tolist() == list(range(240, 245)) and s.accept(one, "drop") == 5 and s.keep[:240].all()


def test_halves_are_over_the_table_of_the_person(tmp_path: Path) -> None:
    s = opened(tmp_path)
    found = {cluster: halves for cluster in s.round.clusters["cluster"] if (halves := s.halves(cluster)) is not None}
    assert found
    for cluster, (first, second) in found.items():
        assert len(first) == len(s.keep) and not (first & second).any()
        np.testing.assert_array_equal(first | second, (s.round.labels == cluster) & s.keep)
    assert s.halves(999) is None


def copied(path: Path) -> elute.Session:
    """Three exact copies of the first row, and three labels that look wrong."""
    table = frame()
    table = pd.concat([table, table.iloc[[0, 0, 0]]], ignore_index=True)
    return opened(path, table)


def test_what_was_decided_since_a_suggestion_was_made_stays(tmp_path: Path) -> None:
    s = copied(tmp_path)
    one, at = of_kind(s, "copies"), [43, 44, 45]
    assert one.rows[at].all() and not one.rows[0]
    s.approve([43])
    s.tag([44], "good")
    assert s.accept(one) == 3 and s.keep[[0, 43, 44]].all() and not s.keep[45]
    assert s.held_back == "2 rows were decided on since this was suggested: they stay as they are."
    s.undo()
    s.pin([45])
    assert s.accept(one) == 2 and s.keep[at].all() and s.held_back.startswith("3 rows were decided on since")
    s.undo()
    s.accept(of_kind(s, "copies"))  # made anew it has nothing to leave out
    assert "since" not in s.held_back and s.keep[44] and not s.keep[0]


def test_a_label_of_ones_own_outranks_the_one_suggested_before(tmp_path: Path) -> None:
    s = copied(tmp_path)
    copy = of_kind(s, "copies")
    rows = np.zeros(len(s.keep), bool)
    rows[[3, 5, 7]] = True
    one = replace(copy, kind="labels", action="relabel", other="drop", rows=rows, data={"labels": ["a", "b", "c"]})
    s.relabel([5], "mine")
    assert s.accept(one) == 2 and s.state.relabels == {3: "a", 5: "mine", 7: "c"}
    assert s.held_back == "1 row was decided on since this was suggested: it stays as it is."
    s.undo()
    assert s.accept(one, "drop") == 2 and s.keep[5]
    s.undo()
    s.relabel([3, 7], "mine")
    assert s.accept(one) == 0 and s.held_back.startswith("3 rows") and set(s.state.relabels.values()) == {"mine"}


def test_safe_suggestions_of_one_list_come_to_the_same_one_by_one(tmp_path: Path) -> None:
    s = copied(tmp_path)
    copy, markup = of_kind(s, "copies"), of_kind(s, "markup")
    rows = markup.rows | copy.rows
    labels = replace(copy, kind="labels", action="relabel", other="drop", rows=rows, data={"labels": ["a"] * int(rows.sum())})
    for one in (labels, markup, copy):
        s.accept(one)
        assert not s.held_back
    assert not s.keep[copy.rows].any() and s.state.edits[markup.rows].all()


FRAMES = [
    f"how do i {verb} a {thing} in {on}"
    for verb in ("sort", "copy", "merge")
    for thing in ("list", "queue", "tree")
    for on in ("rust", "go")
]


def test_a_text_that_shares_no_term_is_a_copy_as_any_other_and_a_look_of_its_own(tmp_path: Path) -> None:
    spam, other = "Выиграйте бесплатно", "恭喜你中奖了"
    texts = [*FRAMES * 4, *[spam] * 30, other, other, None]
    texts = [text if text is None or row >= 72 or row < 18 else f"{text} on day {row}" for row, text in enumerate(texts)]
    s = opened(tmp_path, pd.DataFrame({"text": texts}))
    alone = np.array([text in (spam, other) for text in texts])
    assert (s.round.labels[alone] == -2).all(), "TF-IDF has no vector for them, so they are in no cluster"
    copies = of_kind(s, "copies")
    assert (copies.rows & alone).sum() == 30 and s.checked[0] == "Exact copies under one label: 30 of 104 rows."
    assert any("In no cluster" in line and "32 rows" in line for line in s.checked)
    look = next(one for one in s.suggestions if "in no cluster" in one.title)
    assert (look.tier, look.action, look.other, look.count) == ("look", "look", "drop", 32)
    assert look.rows.tolist() == alone.tolist() and [texts[one.row] for one in look.examples] == [spam, other]
    assert s.accept(copies) == 30 and (s.keep & alone).sum() == 2
    look = next(one for one in s.suggestions if "in no cluster" in one.title)
    assert s.accept(look, "drop") == 2 and not (s.keep & alone).any()
    assert not any("in no cluster" in one.title for one in s.suggestions)


def test_rows_without_a_vector_do_no_harm_to_what_is_asked_of_vectors(tmp_path: Path) -> None:
    s = opened(
        tmp_path, pd.DataFrame({"text": [*(f"{text} on day {day}" for text in FRAMES for day in range(4)), "恭喜你中奖了"]})
    )
    s.drop([0, 1])
    assert not s.worth_keeping([0, 72])[0][72]
    look = next(one for one in s.suggestions if one.title == "1 row in no cluster, like no other text")
    s.approve([72])
    assert all(one.id != look.id for one in s.suggestions), "a row that was read and kept is asked about no more"
