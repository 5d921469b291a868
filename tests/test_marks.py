"""Labels and texts that are proposed, tags, pins and dismissals: in columns of their own, in every kind of table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pytest
from tables import KINDS, build

import elute
from elute.corpus import Corpus
from elute.decisions.ledger import Ledger
from elute.decisions.meaning import packed, unpacked
from elute.errors import InputError
from elute.prepare.edits import NO_EDITS, Edits
from elute.widget.tell import describe, top

COLUMNS: dict[str, list[Any]] = {
    "text": ["a <b>c</b>", "plain", None, "x &amp; y"],
    "title": ["t0", "t1", "t2", "t3"],
    "label": ["p", "q", None, "p"],
    "row": [0, 1, 2, 3],
}


def column(table: Any, name: str) -> list[Any]:
    if isinstance(table, list):
        return [row[name] for row in table]
    values = table[name].to_pylist() if hasattr(table[name], "to_pylist") else list(table[name])
    return [None if value is None or value != value else value for value in values]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_proposed_comes_out_in_kind(kind: str, tmp_path: Path) -> None:
    data = COLUMNS["text"] if kind == "list" else build(kind, COLUMNS)
    led = Ledger(Corpus.from_data(data, "text", None if kind == "list" else "label"), tmp_path)
    assert type(led.clean()) is type(data)
    led.relabel([1, 3], ["new", "q"])
    led.edit([0, 1, 2])
    led.tag([1], "odd", "why")
    led.tag([1, 2], "late")
    led.drop([2], reason="empty")
    table, clean = led.table(), led.clean()
    given = [None] * 4 if kind == "list" else COLUMNS["label"]
    assert column(table, "keep") == [True, True, False, True]
    assert column(table, "reason") == [None, None, "empty", None]
    assert column(table, "elute_label") == [given[0], "new", given[2], "q"]
    assert column(table, "elute_text") == ["a c", "plain", None, "x &amp; y"]
    assert column(table, "elute_tags") == [None, "odd, late", "late", None]
    assert column(table, "text") == COLUMNS["text"]
    if kind == "list":
        assert clean == [COLUMNS["text"][row] for row in (0, 1, 3)]
    else:
        assert type(table) is type(data) and type(clean) is type(data)
        assert column(clean, "label") == [COLUMNS["label"][row] for row in (0, 1, 3)]
        assert column(clean, "elute_label") == ["p", "new", "q"]
        assert column(clean, "elute_text") == ["a c", "plain", "x &amp; y"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_nothing_decided(kind: str, tmp_path: Path) -> None:
    data = COLUMNS["text"] if kind == "list" else build(kind, COLUMNS)
    table = Ledger(Corpus.from_data(data, "text"), tmp_path).table()
    assert column(table, "reason") == column(table, "elute_tags") == column(table, "elute_label") == [None] * 4


def test_the_users_own_columns_are_never_written_over(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": ["a", "b"], "keep": [1, 2], "elute_label": ["old", "old"]})
    led = Ledger(Corpus.from_data(data, "text"), tmp_path)
    led.relabel([0], "new")
    table = led.table()
    assert table["keep"].tolist() == [1, 2] and table["elute_label"].tolist() == ["old", "old"]
    assert table["elute_keep"].tolist() == [True, True] and table["elute_label_2"].tolist()[0] == "new"
    with pytest.warns(UserWarning, match="came with a column elute_label, so what you accepted now is in elute_label_2"):
        assert led.clean()["elute_label_2"].tolist()[0] == "new"
    assert data.columns.tolist() == ["text", "keep", "elute_label"]


def test_proposals_are_of_the_users_own_values_where_they_read_like_them(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": ["a", "b", "c"], "label": [1, 2, 2]})
    led = Ledger(Corpus.from_data(data, "text", "label"), tmp_path)
    assert led.relabel([0, 1], "2") == 1
    assert led.table()["elute_label"].tolist() == [2, 2, 2]
    led.relabel([2], "other")
    assert led.table()["elute_label"].tolist() == ["2", "2", "other"]
    assert led.relabel([0, 2], None) == 2
    assert led.state.relabels == {}


def test_a_label_for_each_row_of_the_table_is_read_at_the_rows_meant(tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(["a", "b", "c"]), tmp_path)
    assert led.relabel([0, 2], np.array(["x", "y", "z"], object)) == 2
    assert led.state.relabels == {0: "x", 2: "z"}
    with pytest.raises(InputError, match="2 labels came for 1 rows"):
        led.relabel([0], ["x", "y"])


def test_labels_go_with_the_rows_as_they_are_said(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": list("abcdef")}, index=list("uvwxyz"))
    led = Ledger(Corpus.from_data(data), tmp_path)
    said = {4: "p4", 1: "p1", 3: "p3"}
    asked: list[dict[str, Any]] = [
        {"where": np.array(list(said))}, {"ids": led.corpus.ids[list(said)]}, {"index": data.index[list(said)]},
        {"index": [data.index[row] for row in said]},
    ]  # fmt: skip
    for where in asked:
        for labels in (list(said.values()), np.array(list(said.values())), pl.Series(list(said.values()))):
            assert led.relabel(**where, label=labels) == 3
            assert dict(led.state.relabels) == said, where
            led.undo()
    # labels of a Series are of its index, in whichever order the rows are said
    led.relabel([4, 1, 3], pd.Series(["p1", "p3", "p4"], index=list("vxy")))
    assert dict(led.state.relabels) == said
    assert led.relabel([4, 1, 4, 3], ["p4", "p1", "p4", "p3"]) == 0
    with pytest.raises(InputError, match="Row 4 is said twice, with different labels"):
        led.relabel([4, 1, 4], ["p4", "p1", "p5"])
    with pytest.raises(InputError, match="as many labels as the table has rows"):
        led.relabel([5, 4, 3, 2, 1, 0], list("abcdef"))


def test_of_an_index_that_repeats_labels_go_in_the_order_of_the_table(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": list("abcd")}, index=[7, 7, 8, 9])
    led = Ledger(Corpus.from_data(data), tmp_path)
    assert led.relabel(index=[7, 7, 9], label=["p", "q", "r"]) == 3
    assert dict(led.state.relabels) == {0: "p", 1: "q", 3: "r"}
    with pytest.raises(InputError, match="occur more than once"):
        led.relabel(index=[9, 7, 7], label=["r", "p", "q"])


@pytest.mark.parametrize(
    ("labels", "label", "told"),
    [
        ([1.0, 2.0, None], 2, 2.0), ([1, 2, 2], 2.0, 2), ([1, 2, 2], np.float64(2), 2), (["1", "2", "2"], 2.0, "2"),
        ([True, False, None], 1, True), ([True, False, None], np.bool_(True), True), ([0, 1, 1], True, 1), ([1.0, 2.0, None], "2", 2.0),
    ],
)  # fmt: skip
def test_a_label_is_the_one_that_the_column_has(labels: list[Any], label: Any, told: Any, tmp_path: Path) -> None:
    data = pd.DataFrame({"text": list("abc"), "label": labels})
    led = Ledger(Corpus.from_data(data, "text", "label"), tmp_path)
    assert led.relabel([2], label) == (data["label"][2] != told)
    led.relabel([0, 1], label)
    assert set(led.table()["elute_label"].dropna()) == {told}
    assert led.relabel([labels.index(told)], label) == 0  # it has that label


def test_a_proposal_is_read_like_the_column_whatever_type_that_has_now(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": list("abcd"), "label": [1, 2, 3, 3]})
    Ledger(Corpus.from_data(data, "text", "label"), tmp_path).relabel([0, 1], [3, 4])
    data = data.assign(label=[1.0, 2.0, 3.0, None])
    led = Ledger(Corpus.from_data(data, "text", "label"), tmp_path)
    assert column(led.table(), "elute_label") == ["3.0", "4", "3.0", None]
    led.relabel([1], None)
    assert led.table()["elute_label"].tolist()[:3] == [3.0, 2.0, 3.0] and led.relabel([0], 3) == 0


def test_a_number_is_a_class_of_a_dataset(tmp_path: Path) -> None:
    features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["bad", "good"])})
    data = datasets.Dataset.from_dict({"text": list("abc"), "label": [1, 0, -1]}, features=features)
    led = Ledger(Corpus.from_data(data, label="label", reference=data), tmp_path)
    assert led.relabel([0], data[0]["label"]) == 0
    assert led.relabel([1, 2], np.array([1, 0])) == 2
    assert led.table()["elute_label"][:] == ["good", "good", "bad"]
    assert led.relabel([2], -1) == 1 and led.relabel([2], "1") == 1 and dict(led.state.relabels) == {1: "good", 2: "1"}
    for wrong in (2, -2, 0.5):
        with pytest.raises(InputError, match=rf"There is no class {wrong}: there are 0 bad, 1 good\."):
            led.relabel([0], wrong)


def test_a_blank_is_no_label(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": list("abc"), "label": ["p", "q", "q"]})
    led = Ledger(Corpus.from_data(data, "text", "label"), tmp_path)
    for blank in ("", " "):
        with pytest.raises(InputError, match="A label is not blank: None takes a proposal off"):
            led.relabel([0, 1], blank)
    assert led.relabel([0, 1, 2], ["q", "", " "]) == 1 and dict(led.state.relabels) == {0: "q"}
    # one that an earlier version noted
    led._record("relabel", led.corpus.rows([1]), data=packed([""]))
    assert column(led.table(), "elute_label") == ["q", None, "q"] and led.relabel([1], None) == 1


def test_proposals_find_their_rows_in_another_order(tmp_path: Path) -> None:
    texts = [f"text {row}" for row in range(300)]
    Ledger(Corpus.from_data(texts), tmp_path).relabel(np.ones(300, bool), [f"label {row}" for row in range(300)])
    backwards = Ledger(Corpus.from_data(texts[::-1]), tmp_path).state.relabels
    assert backwards == {299 - row: f"label {row}" for row in range(300)}


def test_many_labels_are_packed() -> None:
    labels = [None if row % 3 == 0 else f"label {row % 70_000}" for row in range(80_000)]
    distinct, codes = unpacked(packed(labels), len(labels))
    assert [distinct[code] for code in codes] == labels


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan"), pd.NA, pd.NaT])
def test_a_missing_label_takes_a_proposal_off(missing: Any, tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(["a", "b"]), tmp_path)
    led.relabel([0, 1], "x")
    assert led.relabel([0], missing) == led.relabel([1], [missing]) == 1
    assert led.state.relabels == {}


def test_a_tag_is_text(tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(["a", "b"]), tmp_path)
    for given in ((None, ""), (5, ""), ("odd", None)):
        with pytest.raises(InputError, match="A tag and its note are text"):
            led.tag([0], *given)  # type: ignore[arg-type]
    assert led.state.history == ()


def test_halves_of_surrogate_pairs_come_out_as_they_were(tmp_path: Path) -> None:
    data = pd.DataFrame({"text": pd.Series(["a\ud800", "b"], dtype=object)})
    led = Ledger(Corpus.from_data(data, "text"), tmp_path)
    led.relabel([0], "x")
    led.drop([0], reason="r\udfff")
    table = Ledger(Corpus.from_data(data, "text"), tmp_path).table()
    assert table["elute_text"].tolist() == ["a\ud800", "b"] and table["keep"].dtype == bool
    assert table["elute_label"].tolist() == ["x", None] and led.history["reason"].tolist() == ["", "r?"]


def test_what_changes_nothing_is_no_decision(tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(["a <i>b</i>", "plain"]), tmp_path)
    assert led.edit([1]) == led.edit([0], "control") == led.pin([0], on=False) == led.tag([0], "") == led.dismiss_id("") == 0
    assert led.state.history == ()
    with pytest.raises(InputError, match="There is no step 'shine'; there are markup, encoding, control, whitespace and all"):
        led.edit([0], "shine")


def test_steps_add_up_and_come_off(tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(["a <i>b</i>  c"]), tmp_path)
    led.edit([0])
    assert led.table()[0]["elute_text"] == "a b  c"
    led.edit([0], "all")
    assert led.table()[0]["elute_text"] == "a b c"
    assert led.edit([0], "") == 1
    assert led.table()[0]["elute_text"] == "a <i>b</i>  c"


def test_edits_that_the_settings_make_anyway_make_no_other_round() -> None:
    rows = np.array([True, False])
    assert Edits.of({"markup": rows}, elute.Prepare()) == NO_EDITS
    off = Edits.of({"markup": rows, "control": rows}, elute.Prepare(markup=False))
    assert off.by_row(2) == {0: frozenset({"markup"})} and off != NO_EDITS
    assert Edits.of({"markup": ~rows}, elute.Prepare(markup=False)).digest != off.digest


def test_an_edited_text_is_embedded_again_and_undo_finds_the_old_round(tmp_path: Path) -> None:
    words = np.random.default_rng(0).choice("cat dog stock bond rain sun music piano".split(), (60, 4))
    texts = [" ".join(row) + (" <b>markup</b>" if at % 10 == 0 else "") for at, row in enumerate(words)]

    def session() -> elute.Session:
        return elute.Session(
            texts, embedder=lambda texts: np.array([[len(text), text.count("<") + 1, 1 + len(text) % 7] for text in texts], float),
            clusterer=elute.KMeans(3), projector="pca", prepare=elute.Prepare(markup=False), path=tmp_path,
        )  # fmt: skip

    s = session()
    before = s.run()
    assert s.edit(np.ones(60, bool)) == 6
    assert not s.has_round()
    after = s.run()
    changed = before.hashes != after.hashes
    assert np.flatnonzero(changed).tolist() == list(range(0, 60, 10))
    assert s.prepared().texts[0] == texts[0].replace("<b>", "").replace("</b>", "")
    assert {count.step: count.changed for count in s.prepared().counts}["markup"] == 6
    s.undo()
    assert s.round is before
    s.redo()
    assert s.round is after
    assert s.clean() == texts
    again = session()
    assert np.array_equal(again.run().hashes, after.hashes)


def test_decisions_in_words(tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(["a <i>b</i>", "plain", "x"]), tmp_path)
    led.tag([0, 1], "odd", data={"batch": "b"})
    led.relabel([0], "new", data={"batch": "b"})
    assert top(led.state.applied) == "2 decisions at once, about 3 rows"
    assert led.undo() is not None and top(led.state.applied) is None
    assert top(led.state.undone) == "2 decisions at once, about 3 rows"
    led.redo()
    led.relabel([1, 2], ["p", "q"])
    led.pin([1])
    led.pin([1], on=False)
    led.edit([0])
    led.tag([0], "")
    led.dismiss_id("s")
    assert [describe(old) for old in led.state.applied] == [
        "tag “odd” on 2 rows",
        "label “new” proposed for 1 row",
        "2 labels proposed for 2 rows",
        "pin on 1 row",
        "pin off 1 row",
        "cleaning (markup) of 1 row",
        "tags off 1 row",
        "dismissal of a suggestion",
    ]


def test_a_round_over_the_users_rows_where_a_reference_table_takes_part(tmp_path: Path) -> None:
    texts = [f"{word} {other}" for word in ("cat", "dog", "bond") for other in ("runs", "falls", "rises", "sleeps")]
    frame = pd.DataFrame({"text": texts})
    s = elute.Session(
        frame, embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", reference=["cat runs", "new"], path=tmp_path
    )
    made = s.run()
    assert made is s.round and len(made.labels) == len(made.findings) == len(made.coords[2]) == len(s.findings) == 12
    assert len(s.current.labels) == 14 and s.current is not made
    assert s.names_of(made) == s.names and s.id_of(made) == s.rounds[-1].id and s.round_at(s.id_of(made)) is made
    assert len(frame[made.labels == made.labels[0]]) == s.drop(made.labels == made.labels[0])
    assert len(s.clean()) == s.keep.sum() == 12 - s.dropped.sum()


TABLE = pd.DataFrame({"text": ["<b>w</b>", "<b>x</b>", "<b>y</b>", "<b>z</b>"], "label": list("pqpq")}, index=[7, 3, 5, 9])
DOORS = ["drop", "keep_only", "restore", "approve", "select", "relabel", "edit", "tag", "pin"]


def rows_of(led: Ledger, door: str, *where: Any, **more: Any) -> list[int]:
    """Positions of the rows that one verb was about."""
    if door == "restore":
        led.drop(np.ones(4, bool))
    words: dict[str, dict[str, Any]] = {"relabel": {"label": "new"}, "tag": {"name": "odd"}}
    assert getattr(led, door)(*where, **words.get(door, {}), **more) == 2
    if door == "select":
        return np.flatnonzero(led.selected).tolist()
    rows = led.corpus.rows_by_id(led.journal.records[-1].ids)[0]
    return np.flatnonzero(~rows if door == "keep_only" else rows).tolist()


@pytest.mark.parametrize("door", DOORS)
def test_each_verb_reads_pandas_rows_by_their_labels(door: str, tmp_path: Path) -> None:
    part = TABLE[TABLE["label"] == "q"]
    led = Ledger(Corpus.from_data(TABLE, "text", "label"), tmp_path / "mask")
    assert rows_of(led, door, TABLE.sort_index()["label"] == "q") == [1, 3]
    led = Ledger(Corpus.from_data(TABLE, "text", "label"), tmp_path / "index")
    with pytest.raises(InputError, match="index="):
        getattr(led, door)(part.index)
    assert rows_of(led, door, index=part.index) == [1, 3]
    with pytest.raises(InputError, match="in one way"):
        getattr(led, door)([0], index=part.index)


def test_labels_in_another_order_go_to_their_own_rows(tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(TABLE, "text", "label"), tmp_path)
    better = pd.Series(["p2", "q2", "p3", "q3"], TABLE.index)
    led.relabel([0, 1], better.sort_index())
    assert led.state.relabels == {0: "p2", 1: "q2"}
    led.relabel([2, 3], better.iloc[[3, 2]])
    assert led.state.relabels == {0: "p2", 1: "q2", 2: "p3", 3: "q3"}
    with pytest.raises(InputError, match="column of labels has another index"):
        led.relabel([2, 3], better.iloc[[0, 1]])


def test_keep_only_of_no_row_that_stays_is_refused(tmp_path: Path) -> None:
    led = Ledger(Corpus.from_data(TABLE, "text"), tmp_path)
    led.drop([0])
    for nothing in (led.selected, [], [0]):
        with pytest.raises(InputError, match="None of these rows stays, so keep_only"):
            led.keep_only(nothing)
    assert led.keep.sum() == 3


def test_tags_at_the_ends_leave_no_line_breaks_there(tmp_path: Path) -> None:
    texts = ["<p>Hello</p>", "  <p>a <b>b</b></p>", "<div>Dear all</div><div>see you</div>\n", "plain"]
    led = Ledger(Corpus.from_data(pd.DataFrame({"text": texts}), "text"), tmp_path)
    led.edit([0, 1, 2], "markup")
    assert led.clean()["elute_text"].tolist() == ["Hello", "  \na b", "Dear all\n\nsee you\n\n", "plain"]
