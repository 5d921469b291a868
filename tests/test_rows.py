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
