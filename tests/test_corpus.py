"""Any table in, exactly the rows out: five kinds of table, any index, masks as a user would type them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import INDEXES, KINDS, TABLE, build, with_index

from elute.corpus import MISSING, TEXT, Corpus
from elute.corpus.rows import value_hashes
from elute.embed import Embeddings
from elute.errors import InputError
from elute.reading import read
from elute.rounds.archive import folder_of
from elute.rounds.space import Space

unicode = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
texts = st.lists(st.none() | unicode | st.sampled_from(["same", "same ", ""]), max_size=12)


def plain(kind: str, table: Any) -> list[dict[str, Any]]:
    """The rows of a table as dicts, None where missing."""
    if kind == "pandas":
        return [{k: None if v is None or v != v else v for k, v in row.items()} for row in table.to_dict("records")]
    return table.to_dicts() if kind == "polars" else table.to_pylist() if kind == "pyarrow" else list(table)


def as_typed(kind: str, table: Any, mask: Any) -> Any:
    """What the README tells people to type."""
    if kind == "pandas":
        return table[mask]
    return table.select(np.flatnonzero(mask)) if kind == "datasets" else table.filter(mask)


@pytest.mark.parametrize("kind", KINDS[:4])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=texts, data=st.data(), index=st.sampled_from(INDEXES))
def test_a_mask_gives_exactly_its_rows(kind: str, values: list[str | None], data: st.DataObject, index: str) -> None:
    table = build(kind, {"text": values, "row": list(range(len(values)))})
    if kind == "pandas":
        table = with_index(table, index)
    corpus = Corpus.from_data(table, text="text")
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=corpus.n, max_size=corpus.n)), bool)

    assert corpus.kind == kind
    assert corpus.texts == values
    assert corpus.state.tolist() == [MISSING if value is None else TEXT for value in values]
    taken = corpus.take(keep)
    assert type(taken) is type(table)
    assert [row["row"] for row in plain(kind, taken)] == np.flatnonzero(keep).tolist()
    assert plain(kind, taken) == plain(kind, as_typed(kind, table, keep))
    if kind == "pandas":
        assert taken.index.equals(table.index[keep])
        assert taken.dtypes.equals(table.dtypes)
    else:
        names = {"polars": "schema", "pyarrow": "schema", "datasets": "features"}
        assert getattr(taken, names[kind]) == getattr(table, names[kind])


@settings(deadline=None)
@given(values=st.lists(st.none() | st.text(max_size=6)), data=st.data())
def test_a_list_gives_exactly_its_rows(values: list[str | None], data: st.DataObject) -> None:
    corpus = Corpus.from_data(values)
    keep = data.draw(st.lists(st.booleans(), min_size=corpus.n, max_size=corpus.n))
    assert (corpus.kind, corpus.texts, corpus.columns) == ("list", values, ["text"])
    assert corpus.take(keep) == [value for value, stays in zip(values, keep, strict=True) if stays]


@settings(deadline=None)
@given(values=st.lists(st.none() | st.sampled_from("abc") | st.text(max_size=3), max_size=20), data=st.data())
def test_ids_are_unique_and_follow_their_rows(values: list[str | None], data: st.DataObject) -> None:
    corpus = Corpus.from_data(values)
    ids = corpus.ids
    assert ids.dtype == np.uint64
    assert len(set(ids.tolist())) == corpus.n

    order = data.draw(st.permutations(range(corpus.n)))
    moved = Corpus.from_data([values[row] for row in order] + ["new at the end"])
    for value in set(values):  # copies of one text share a set of ids, whatever their order
        before = {int(ids[row]) for row in range(corpus.n) if values[row] == value}
        after = {int(moved.ids[at]) for at, row in enumerate(order) if values[row] == value}
        assert before == after

    chosen = corpus.rows(data.draw(st.lists(st.sampled_from(range(corpus.n)), unique=True)) if corpus.n else [])
    mask, unknown = corpus.rows_by_id([*ids[chosen].tolist(), 12345])
    assert mask.tolist() == chosen.tolist()
    assert unknown == 1


def test_ids_are_the_same_on_every_machine_and_in_every_kind() -> None:
    ids = [Corpus.from_data(build(kind, TABLE)).ids.tolist() for kind in KINDS[:4]]
    assert ids == [[10052039813859063350, 1445629076006832309, 8524787561990702184, 10472740997862889644]] * 4
    prints = {Corpus.from_data(build(kind, TABLE)).fingerprint for kind in KINDS[:4]}
    assert len(prints) == 1
    assert len(prints.pop()) == 32


def test_the_fingerprint_knows_order_and_what_the_text_is_made_of() -> None:
    frame = build("pandas", TABLE)
    prints = [
        Corpus.from_data(frame).fingerprint,
        Corpus.from_data(frame.iloc[::-1]).fingerprint,
        Corpus.from_data(frame, text="title").fingerprint,
        Corpus.from_data(frame.rename(columns={"text": "body"}), text="body").fingerprint,
    ]
    assert len(set(prints)) == 4


def test_rows_that_are_not_text_are_told_apart_by_what_they_hold() -> None:
    one = Corpus.from_data(["a", 3, [1, 2], 4.5])
    other = Corpus.from_data([4.5, [1, 2], "a", 3])
    assert one.ids[[1, 2, 3]].tolist() == other.ids[[3, 1, 0]].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_table_stays_one(kind: str) -> None:
    table = [] if kind == "list" else build(kind, {"text": [], "row": []})
    corpus = Corpus.from_data(table)
    assert (corpus.n, corpus.texts, corpus.ids.tolist()) == (0, [], [])
    assert len(corpus.take(np.zeros(0, bool))) == 0
    assert corpus.rows([]).tolist() == []
    assert corpus.rows_by_id([1])[1] == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("one text", "One text is not a table"),
        (pl.LazyFrame({"text": ["a"]}), r"collect\(\)"),
        (datasets.DatasetDict(train=datasets.Dataset.from_dict({"text": ["a"]})), "It has: train"),
        (datasets.Dataset.from_dict({"text": ["a"]}).to_iterable_dataset(), "pass a datasets.Dataset"),
        (datasets.Dataset.from_dict({"text": ["a"]})["text"], "one column"),
        (pd.Series(["a"]), "one column"),
        (pl.Series(["a"]), "one column"),
        (pa.chunked_array([["a"]]), "one column"),
        (np.array(["a"]), "one column"),
        ([{"text": "a"}], r"pandas.DataFrame\(rows\)"),
        (("a", "b"), "list of str"),
        (None, "list of str"),
        (pd.DataFrame(), "The table has no columns"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_table_gets_advice(data: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Corpus.from_data(data)


@pytest.mark.parametrize("kind", KINDS[:4])
def test_label_and_columns(kind: str) -> None:
    corpus = Corpus.from_data(build(kind, TABLE), label="label")
    assert corpus.label is not None
    assert corpus.label.dtype == object
    assert corpus.label.tolist() == ["x", "y", None, "x"]
    assert corpus.label_name == "label"
    assert corpus.column("row").tolist() == [0, 1, 2, 3]
    assert corpus.column("title").tolist() == ["t0", "t1", None, "t3"]
    assert Corpus.from_data(build(kind, TABLE)).label is None


def test_labels_of_a_column_of_several_types_are_one_where_they_read_alike() -> None:
    labels = [1, "1", 2.0, "2", None, "1.0", "01", True, 2]
    corpus = Corpus.from_data(pd.DataFrame({"text": list("abcdefghi"), "label": pd.Series(labels, dtype=object)}), label="label")
    codes, names = corpus.label_codes
    assert codes.tolist() == [0, 0, 1, 1, -1, 0, 2, 0, 1] and names == [1, 2.0, "01"]  # True is 1 to Python
    space = Space(Embeddings(np.eye(9, dtype=np.float32), np.ones(9, bool), (), 9, 0), corpus.texts, corpus)
    assert space.target is not None and space.target.codes.tolist() == codes.tolist() and list(space.target.values) == names


def test_class_labels_of_a_dataset_are_their_names() -> None:
    features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["bad", "good"])})
    data = datasets.Dataset.from_dict({"text": ["a", "b", "c"], "label": [1, 0, -1]}, features=features)
    corpus = Corpus.from_data(data, label="label")
    assert corpus.label is not None and corpus.label.tolist() == ["good", "bad", None]
    assert corpus.column("label").tolist() == [1, 0, -1]
    assert corpus.take([True, False, False]).features == features


def test_a_dataset_with_a_format_is_read_without_it_and_keeps_it() -> None:
    data = datasets.Dataset.from_dict({"text": ["a", "b"], "n": [1, 2]}).with_format("numpy")
    corpus = Corpus.from_data(data)
    assert corpus.texts == ["a", "b"]
    assert corpus.column("n").tolist() == [1, 2]
    assert corpus.take([False, True]).format["type"] == "numpy"


def test_an_empty_label_is_none_whatever_the_file(tmp_path: Path) -> None:
    rows = [("the cat sat", "pets"), ("stocks fell", ""), ("bonds rose", "  "), ("a dog ran", "pets"), ("rates fell", "money")]
    csv, jsonl = tmp_path / "few.csv", tmp_path / "few.jsonl"
    csv.write_text("text,label\n" + "".join(f"{text},{label}\n" for text, label in rows))
    jsonl.write_text("".join(json.dumps({"text": text, "label": label.strip() or None}) + "\n" for text, label in rows))
    missing = pd.DataFrame({"text": [text for text, _ in rows], "label": [label.strip() or pd.NA for _, label in rows]})
    tables = [read(csv).table, read(jsonl).table, missing, pl.DataFrame(rows, ["text", "label"], orient="row")]
    made = [Corpus.from_data(table, label="label", group="label") for table in tables]
    for corpus in made:
        assert corpus.label is not None and corpus.label.tolist() == ["pets", None, None, "pets", "money"]
        assert corpus.label_codes[0].tolist() == [0, -1, -1, 0, 1] and corpus.label_codes[1] == ["pets", "money"]
        assert corpus.group is not None and corpus.group.tolist() == [0, -1, -1, 0, 1]
        assert value_hashes(corpus.label, 5).tolist() == value_hashes(made[2].label, 5).tolist()
    assert len({folder_of(corpus) for corpus in made}) == 1
    assert made[0].take(np.ones(5, bool))["label"].tolist() == ["pets", "", "  ", "pets", "money"]


def test_a_label_that_is_no_single_value_is_refused() -> None:
    with pytest.raises(InputError, match="'tags' holds a list in row 1"):
        Corpus.from_data(pd.DataFrame({"text": ["a", "b"], "tags": ["x", ["y"]]}), label="tags")


def test_lone_surrogates_and_nul_keep_their_place() -> None:
    values = ["a\ud800b", "\x00", "a\ud800b"]
    for data in (values, pd.DataFrame({"text": pd.Series(values, dtype=object)})):
        corpus = Corpus.from_data(data)
        assert corpus.texts == values
        assert len(set(corpus.ids.tolist())) == 3


def test_the_users_table_is_held_and_never_altered() -> None:
    frame = with_index(build("pandas", TABLE), "duplicated")
    before = frame.copy(deep=True)
    corpus = Corpus.from_data(frame, text=["title", "text"], label="label", fill=lambda row: row.pop("title") or "?")
    taken = corpus.take([0, 1])
    taken.loc[:, "text"] = "changed"
    corpus.column("row")[:] = 9
    pd.testing.assert_frame_equal(frame, before)
    assert np.shares_memory(corpus._frame.data["row"].to_numpy(), frame["row"].to_numpy())  # held, and no copy of the values

    values = ["a", None]
    Corpus.from_data(values, fill="x").column("text")[0] = "z"
    assert values == ["a", None]


def test_results_are_read_only() -> None:
    corpus = Corpus.from_data(build("pandas", TABLE), label="label")
    for array in (corpus.state, corpus.filled, corpus.ids, corpus.label):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_a_table_that_grew_since_is_noticed() -> None:
    values = ["a", "b"]
    corpus = Corpus.from_data(values)
    values.append("c")
    with pytest.raises(InputError, match="had 2 rows and has 3 now"):
        corpus.take([0])


def _sorted_list(texts: list[str]) -> None:
    texts.sort()


def _sorted_pandas(frame: pd.DataFrame) -> None:
    order = frame["text"].argsort().to_numpy()
    for name in frame.columns:
        frame[name] = frame[name].to_numpy()[order]
    frame.index = frame.index[order]
    frame.insert(0, "new", 1)


def _renamed_pandas(frame: pd.DataFrame) -> None:
    frame.columns = ["row", "text"]
    frame.index = frame.index[::-1]


def _sorted_polars(frame: pl.DataFrame) -> None:
    for at, column in enumerate(frame.sort("text").get_columns()):
        frame.replace_column(at, column)
    frame.insert_column(0, pl.Series("new", [1] * len(frame)))


@pytest.mark.parametrize(
    ("kind", "change"),
    [("list", _sorted_list), ("pandas", _sorted_pandas), ("pandas", _renamed_pandas), ("polars", _sorted_polars)],
)
@pytest.mark.parametrize("beside", [False, True])
def test_a_table_sorted_in_place_gives_the_rows_that_were_decided_about(kind: str, change: Any, beside: bool) -> None:
    texts = ["good 1", "good 2", "BAD 1", "good 0"]
    data = texts.copy() if kind == "list" else build(kind, {"text": texts, "row": [0, 1, 2, 3]})
    corpus = Corpus.from_data(data, text=None if kind == "list" else "text", reference=["like these"] if beside else None)
    keep = np.array([True, True, False, True])
    change(data)
    taken = corpus.take(keep)
    assert (taken if kind == "list" else list(taken["text"])) == ["good 1", "good 2", "good 0"]
    more = corpus.extended(keep, {"more": list("abcd")})
    assert ([row["text"] for row in more] if kind == "list" else list(more["text"])) == ["good 1", "good 2", "good 0"]
    assert corpus.column("text")[:4].tolist() == texts
    if kind == "pandas":
        assert np.flatnonzero(corpus.rows_by_index([2])).tolist() == [2]


def test_texts_written_under_a_table_are_noticed() -> None:
    """An array that a frame was made of; before pandas 3 any value that is written where it stands."""
    under = np.array([f"text {row}" for row in range(3_000)], object)
    frame = pd.DataFrame({"text": pd.Series(under, dtype=object, copy=False)}, copy=False)
    frame["beside"] = np.nan
    corpus = Corpus.from_data(frame, text="text")
    assert len(corpus.take(np.arange(3_000) < 2)) == 2
    under[:] = under[::-1].copy()
    with pytest.raises(InputError, match="changed where they stood: make a new session"):
        corpus.take([0])


def test_repr_shows_no_text() -> None:
    assert repr(Corpus.from_data(build("pandas", TABLE), label="label")) == "Corpus(pandas, 4 rows, text='text', label='label')"
