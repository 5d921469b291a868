"""What a person may say for "these rows", and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from elute.corpus import Corpus
from elute.errors import InputError

MASK = [True, False, False, True]


@pytest.mark.parametrize(
    "where",
    [
        MASK,
        tuple(MASK),
        np.array(MASK),
        pd.Series(MASK, index=[3, 2, 1, 0]),
        pd.Series(MASK, index=[0, 0, 0, 0]),
        pd.Series(MASK, dtype="boolean"),
        pd.Series(MASK, dtype=object),
        pl.Series(MASK),
        pa.array(MASK),
        pa.chunked_array([MASK[:1], MASK[1:]]),
        [0, 3],
        [3, 0, 3],
        np.array([0, 3], np.uint8),
        range(0, 4, 3),
        pd.Index([3, 0]),
        pl.Series([0, 3]),
        pa.array([0, 3]),
    ],
    ids=lambda value: f"{type(value).__module__}.{type(value).__name__}",
)
def test_rows_by_mask_go_by_position_and_rows_by_position_too(where: Any) -> None:
    assert Corpus.from_data(list("abcd")).rows(where).tolist() == MASK


def test_nothing_selects_nothing() -> None:
    corpus = Corpus.from_data(list("abcd"))
    empty: list[Any] = [[], (), np.array([], int), pl.Series([]), pd.Series([], dtype=object), range(0)]
    for nothing in empty:
        assert not corpus.rows(nothing).any()


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ([True, False], "The mask has 2 values; the table has 4 rows"),
        (np.zeros(0, bool), "The mask has 0 values"),
        ([0, 4], "no row 4: positions go from 0 to 3"),
        ([-1], "no row -1"),
        ([0.0, 1.0], "whole numbers"),
        (["a"], "whole numbers"),
        ([True, 2], "whole numbers"),
        ([True, None, False, True], "none missing"),
        (pd.Series([True, None, False, True], dtype="boolean"), "none missing"),
        (pl.Series([True, None, False, True]), "none missing"),
        (pa.array([1, None]), "whole numbers"),
        (3, "a mask or a list"),
        ("abcd", "a mask or a list"),
        ({0, 1}, "a mask or a list"),
        (np.ones((4, 1), bool), "a mask or a list"),
    ],
    ids=str,
)
def test_rows_that_can_not_be_meant_are_refused(where: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Corpus.from_data(list("abcd")).rows(where)


def test_a_mask_is_not_an_alias() -> None:
    corpus, mask = Corpus.from_data(list("abcd")), np.array(MASK)
    corpus.rows(mask)[:] = False
    assert mask.tolist() == MASK


def test_large_ids_survive_a_list_of_python_ints() -> None:
    corpus = Corpus.from_data(list("abcdefgh"))
    mask, unknown = corpus.rows_by_id(corpus.ids[::2].tolist())
    assert mask.tolist() == [True, False] * 4
    assert unknown == 0
    assert corpus.rows_by_id([])[0].tolist() == [False] * 8


TABLE = pd.DataFrame({"text": ["a", "b", "c", "d"]}, index=[7, 3, 5, 9])
ALIGN = r"mask has another index than the table: .*reindex\(df\.index\).*to_numpy\(\)"


@pytest.mark.parametrize(
    "where",
    [
        pd.Series(MASK, index=TABLE.index),
        pd.Series(MASK, index=TABLE.index).sort_index(),
        pd.Series(MASK, index=TABLE.index, dtype="boolean").iloc[::-1],
        pd.Series(MASK, index=TABLE.index, dtype=object).iloc[[2, 0, 3, 1]],
        pd.Series(MASK).to_numpy(),
        MASK,
        pl.Series(MASK),
        [3, 0],
        pd.Series([3, 0]),
        pd.Index(MASK),
    ],
)
@pytest.mark.parametrize("reference", [None, ["like this"]])
def test_a_pandas_mask_means_the_rows_of_its_labels(where: Any, reference: Any) -> None:
    corpus = Corpus.from_data(TABLE, reference=reference)
    assert corpus.rows(where)[:4].tolist() == MASK


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (pd.Series(MASK), ALIGN),
        (pd.Series(MASK, index=[7, 3, 5, 8]), ALIGN),
        (pd.Series(MASK, index=[7, 7, 5, 9]), ALIGN),
        (TABLE.index[[1, 2]], r"labels of an index.*index=.*to_numpy\(\)"),
        (pd.Index(["a"]), "labels of an index.*index="),
        (TABLE[MASK], "index="),
    ],
)
def test_pandas_rows_that_would_be_others_are_refused(where: Any, said: str) -> None:
    with pytest.raises(InputError, match=f"(?i){said}"):
        Corpus.from_data(TABLE).rows(where)


def test_labels_that_occur_twice_go_by_position_where_all_are_in_order() -> None:
    table = TABLE.set_axis([0, 0, 1, 1])
    assert Corpus.from_data(table).rows(pd.Series(MASK, table.index)).tolist() == MASK
    with pytest.raises(InputError, match="another index"):
        Corpus.from_data(table).rows(pd.Series(MASK, table.index).iloc[::-1])


def test_a_mask_numbered_anew_over_a_shuffled_table_may_mean_either() -> None:
    """Of a table that was shuffled and numbered anew since, or of one that was not shuffled: nobody can tell which."""
    table = TABLE.set_axis([2, 0, 3, 1])
    with pytest.raises(InputError, match="another index"):
        Corpus.from_data(table).rows(pd.Series(MASK))
    assert Corpus.from_data(table).rows(pd.Series(MASK, table.index).sort_index(ascending=False)).tolist() == MASK


def test_labels_of_an_index_that_counts_rows_are_positions() -> None:
    table = TABLE.reset_index(drop=True)
    assert Corpus.from_data(table).rows(table.index[MASK]).tolist() == MASK


def test_a_mask_of_reference_rows_means_the_rows_of_its_labels() -> None:
    marks = pd.Series([False, False, True, False], TABLE.index)
    assert Corpus.from_data(TABLE, reference=marks.sort_index()).reference.tolist() == marks.tolist()
    with pytest.raises(InputError, match="another index"):
        Corpus.from_data(TABLE, reference=marks.reset_index(drop=True))


@pytest.mark.parametrize(
    "given", [[0, 1, 1, 0], np.array([1, 1, 1, 1]), pd.Series([0, 0, 0, 0]), np.array([0, 1, 0, 0], np.uint8)]
)
def test_a_mask_of_0_and_1_is_refused(given: Any) -> None:
    for reference in (None, ["x", "y"]):
        corpus = Corpus.from_data(list("abcd"), reference=reference)
        with pytest.raises(InputError, match=r"one for each row: of a mask say \.astype\(bool\)\."):
            corpus.rows(given)
    # positions, however often they come
    assert corpus.rows([0, 1, 1]).sum() == corpus.rows([1, 0]).sum() == 2 and corpus.rows([0, 1, 2, 3]).sum() == 4
    assert Corpus.from_data(["a", "b"]).rows([0, 1]).all()


TWINS = pd.concat([TABLE.iloc[:3], TABLE.iloc[:2]])
"""Of two files: the labels 7 and 3 twice, 5 once."""


@pytest.mark.parametrize("labels", [[7], 3, [5, 7], [7, 7, 3]], ids=str)
def test_a_label_that_means_more_rows_than_were_said_is_refused(labels: Any) -> None:
    """A drop by ``most.index`` of a table of two files took the twins too: 274 rows, where 150 were asked for."""
    corpus = Corpus.from_data(TWINS)
    with pytest.raises(InputError, match=r"occur more than once in the index, such as '[73]'.*positions or by a mask"):
        corpus.rows_by_index(labels)
    assert corpus.rows_by_index(labels, every=True).sum() == TWINS.index.isin(np.atleast_1d(labels)).sum()


@pytest.mark.parametrize(
    ("labels", "said"), [([5], [2]), ([5, 5], [2]), ([7, 7], [0, 3]), (TWINS.index, [0, 1, 2, 3, 4]), ([], [])], ids=str
)
def test_labels_said_as_often_as_they_occur_are_plain(labels: Any, said: list[int]) -> None:
    assert np.flatnonzero(Corpus.from_data(TWINS).rows_by_index(labels)).tolist() == said


def test_twins_of_an_index_of_pairs_or_with_a_gap_are_seen_too() -> None:
    pairs = TABLE.set_axis(pd.MultiIndex.from_tuples([(0, "a"), (0, "a"), (1, "a"), (1, "b")]))
    gaps = TABLE.set_axis([float("nan"), float("nan"), 1.0, 2.0])
    for table, twin, one in ((pairs, (0, "a"), (1, "a")), (gaps, float("nan"), 1.0)):
        corpus = Corpus.from_data(table)
        assert np.flatnonzero(corpus.rows_by_index([one])).tolist() == [2] and corpus.rows_by_index([twin, twin]).sum() == 2
        with pytest.raises(InputError, match="more than once"):
            corpus.rows_by_index([twin])


@pytest.mark.parametrize(
    "labels",
    [
        MASK,
        np.array(MASK),
        pd.Series(MASK),
        pd.Series(MASK, dtype="boolean"),
        pd.Series([True, None, False, True], dtype=object),
        True,
    ],
    ids=lambda labels: type(labels).__name__,
)
@pytest.mark.parametrize("index", [[0, 1, 2, 3], list("wxyz"), [0.0, 1.0, 2.0, 3.0]], ids=str)
def test_a_mask_given_as_labels_is_no_two_rows(labels: Any, index: list[Any]) -> None:
    """True and False are the labels 1 and 0 to a number: ``keep_only(index=mask)`` kept those two, and dropped 118 of 120."""
    with pytest.raises(
        InputError, match="index= takes labels, and this is a mask of True and False: give it as the first argument"
    ):
        Corpus.from_data(TABLE.set_axis(index)).rows_by_index(labels)


def test_an_index_of_truths_is_said_by_them() -> None:
    assert np.flatnonzero(Corpus.from_data(TABLE.iloc[:2].set_axis([True, False])).rows_by_index([True])).tolist() == [0]


@pytest.mark.parametrize("given", [pd.Series([True, None, False, True], dtype=object), pl.Series([True, None, False, True])])
def test_a_mask_with_a_gap_is_told_with_its_remedy(given: Any) -> None:
    with pytest.raises(InputError, match=r"none missing; this mask has a gap in row 1.*na=False.*fill_null\(False\)"):
        Corpus.from_data(list("abcd")).rows(given)


def test_of_an_index_with_twins_no_reindex_is_advised() -> None:
    """pandas refuses just that: "cannot reindex on an axis with duplicate labels"."""
    with pytest.raises(
        InputError, match="another index than the table, where labels occur more than once: make it from the table itself"
    ):
        Corpus.from_data(TWINS).rows(pd.Series([True] * 5, TWINS.index).sort_index())
