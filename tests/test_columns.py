"""The person's own columns, of any type that four libraries know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.corpus.frames import as_frame
from elute.widget.codes import CLIP, MISSING
from elute.widget.columns import SAMPLE, Column, readable


class Rude:
    """An object that can't even be told."""

    def __str__(self) -> str:
        raise RuntimeError("no")

    __hash__ = None  # type: ignore[assignment]


PANDAS: dict[str, tuple[Any, str, list[Any]]] = {
    "int": ([1, 2, 3, 3], "number", [1, 2, 3, 3]),
    "float": ([1.5, None, float("inf"), 2.0], "number", [1.5, None, None, 2]),
    "bool": ([True, False, True, True], "flag", ["yes", "no", "yes", "yes"]),
    "bool with gaps": (pd.array([True, None, False, True], "boolean"), "flag", ["yes", None, "no", "yes"]),
    "bool objects": (pd.Series([True, None, False, True], dtype=object), "flag", ["yes", None, "no", "yes"]),
    "Int64": (pd.array([1, None, 3, 3], "Int64"), "number", [1, None, 3, 3]),
    "category": (pd.Categorical(["x", "y", None, "x"]), "text", ["x", "y", None, "x"]),
    "few": (["x", "x", "y", "y"], "category", ["x", "x", "y", "y"]),
    "different": (["a", "b", "c", None], "text", ["a", "b", "c", None]),
    "long": (["z" * 500, "z" * 500, None, "z" * 500], "category", ["z" * CLIP, "z" * CLIP, None, "z" * CLIP]),
    "lists": ([[1], [1], None, [2, {"a": 1}]], "text", ["[1]", "[1]", None, "[2, {'a': 1}]"]),
    "mixed": (pd.Series([1, True, "x", b"\xff"], dtype=object), "text", ["1", "True", "x", "b'\\xff'"]),
    "decimal": ([Decimal("1.5"), Decimal("NaN"), None, Decimal("sNaN")], "number", [1.5, None, None, None]),
    "huge": (pd.Series([10**400, -(10**400), 3, 1], dtype=object), "number", [None, None, 3, 1]),
    "fractions": ([Fraction(1, 2), 1, 2.5, None], "number", [0.5, 1, 2.5, None]),
    "complex": ([1 + 2j, 1 + 2j, 3j, 3j], "category", ["(1+2j)", "(1+2j)", "3j", "3j"]),
    "times": (
        pd.to_datetime(["2026-01-02", None, "2020-02-29", "1900-01-01"]),
        "number",
        ["2026-01-02", None, "2020-02-29", "1900-01-01"],
    ),
    "zoned": (pd.to_datetime(["2026-01-02 10:00"] * 4).tz_localize("Asia/Tokyo"), "number", ["2026-01-02 10:00:00"] * 4),
    "dates": (
        [dt.date(2026, 1, 2), None, dt.date(9999, 12, 31), dt.date(1, 1, 1)],
        "number",
        ["2026-01-02", None, "9999-12-31", "0001-01-01"],
    ),
    "durations": (pd.to_timedelta([1, 2, None, 90], "s"), "number", [1, 2, None, 90]),
    "periods": (
        pd.PeriodIndex(["2026-01", "2026-01", "2026-02", "2026-02"], freq="M"),
        "category",
        ["2026-01", "2026-01", "2026-02", "2026-02"],
    ),
    "intervals": (pd.arrays.IntervalArray.from_breaks([0, 1, 2, 3, 4]), "text", ["(0, 1]", "(1, 2]", "(2, 3]", "(3, 4]"]),
    "sparse": (pd.arrays.SparseArray([0, 0, 1, 0]), "number", [0, 0, 1, 0]),
    "nothing": ([None] * 4, "category", [None] * 4),
    "rude": (pd.Series([Rude(), Rude(), None, 3], dtype=object), "text", ["Rude", "Rude", None, "3"]),
    "surrogates": (
        pd.Series(["\ud800", "\ud800", "\x00", "\x00"], dtype=object),
        "category",
        ["\ud800", "\ud800", "\x00", "\x00"],
    ),
    "numpy scalars": (pd.Series([np.float32(1), np.int8(2), np.nan, None], dtype=object), "number", [1, 2, None, None]),
}


def checked(column: Column) -> Column:
    """Whatever it holds: codes, keys and words of every row, and the same words where only some rows are read."""
    n = len(column.frame)
    values, every = column.values(), np.arange(n)
    codes = values.codes()
    assert codes.codes.shape == (n,) == values.key.shape and np.isfinite([codes.lo, codes.hi]).all()
    if codes.categories is not None:
        assert all(len(name) <= CLIP for name, _ in codes.categories)
        known = codes.codes[codes.codes != MISSING]
        assert not len(known) or known.max() < len(codes.categories)
    assert column.told(every) == values.told(every)
    assert column.told(every[::-1]) == values.told(every[::-1])
    assert column.told(np.empty(0, np.int64)) == []
    return column


@pytest.mark.parametrize("name", PANDAS)
def test_any_type_of_pandas(name: str) -> None:
    data, kind, told = PANDAS[name]
    frame = pd.DataFrame({"x": data})
    frame.index = pd.Index([3, 3, 1, 0])
    column = checked(Column(as_frame(frame), 0))
    assert (column.kind, column.values().told(np.arange(4))) == (kind, told)


ARROW: list[tuple[Any, Any, str, list[Any]]] = [
    ([1, None, 3], pa.int64(), "number", [1, None, 3]),
    ([2**63], pa.uint64(), "number", None),  # type: ignore[list-item]
    ([1.5, None], pa.float32(), "number", [1.5, None]),
    ([Decimal("1.50"), None], pa.decimal128(5, 2), "number", [1.5, None]),
    ([True, None], pa.bool_(), "flag", ["yes", None]),
    (["a", "a", None], pa.string(), "category", ["a", "a", None]),
    (["a", "a", None], pa.dictionary(pa.int32(), pa.string()), "category", ["a", "a", None]),
    ([dt.datetime(2026, 1, 2, 3), None], pa.timestamp("ns", "UTC"), "number", ["2026-01-02 03:00:00", None]),
    ([dt.date(2026, 1, 2), None], pa.date32(), "number", ["2026-01-02", None]),
    ([dt.timedelta(seconds=1), dt.timedelta(seconds=1)], pa.duration("us"), "category", ["0:00:01", "0:00:01"]),
    ([[1], [1], None], pa.list_(pa.int8()), "category", ["[1]", "[1]", None]),
    ([{"a": 1}, {"a": 1}], pa.struct([("a", pa.int8())]), "category", ["{'a': 1}", "{'a': 1}"]),
    ([b"\xff", b"\xff"], pa.binary(), "category", ["b'\\xff'", "b'\\xff'"]),
    ([None, None], pa.null(), "category", [None, None]),
]


@pytest.mark.parametrize(("values", "type_", "kind", "told"), ARROW, ids=lambda one: str(one)[:30])
def test_any_type_of_arrow(values: list[Any], type_: Any, kind: str, told: list[Any] | None) -> None:
    table = pa.table({"x": pa.chunked_array([pa.array(values, type_)])})
    column = checked(Column(as_frame(table), 0))
    assert column.kind == kind
    if told is not None:
        assert column.values().told(np.arange(len(values))) == told


POLARS: list[tuple[pl.Series, str, list[Any]]] = [
    (pl.Series("x", [1, None, 3]), "number", [1, None, 3]),
    (pl.Series("x", ["a", "a", None], pl.Categorical), "category", ["a", "a", None]),
    (pl.Series("x", ["a", "a", None], pl.Enum(["a", "b"])), "category", ["a", "a", None]),
    (pl.Series("x", [True, None]), "flag", ["yes", None]),
    (pl.Series("x", [Decimal("1.5"), None]), "number", [1.5, None]),
    (pl.Series("x", [dt.datetime(2026, 1, 2, 3), None]), "number", ["2026-01-02 03:00:00", None]),
    (
        pl.Series("x", [dt.datetime(2026, 1, 2, 3), None]).dt.replace_time_zone("Asia/Tokyo"),
        "number",
        ["2026-01-02 03:00:00", None],
    ),
    (pl.Series("x", [dt.date(2026, 1, 2), None]), "number", ["2026-01-02", None]),
    (pl.Series("x", [dt.timedelta(seconds=90), None]), "number", [90, None]),
    (pl.Series("x", [dt.time(1, 2), dt.time(1, 2)]), "category", ["01:02:00", "01:02:00"]),
    (pl.Series("x", [[1], [1]]), "category", ["[1]", "[1]"]),
    (pl.Series("x", [{"a": 1}, {"a": 1}]), "category", ["{'a': 1}", "{'a': 1}"]),
    (pl.Series("x", [object, object], pl.Object), "category", ["<class 'object'>"] * 2),
    (pl.Series("x", [None, None]), "category", [None, None]),
]


@pytest.mark.parametrize(("series", "kind", "told"), POLARS, ids=lambda one: str(getattr(one, "dtype", ""))[:30])
def test_any_type_of_polars(series: pl.Series, kind: str, told: list[Any]) -> None:
    column = checked(Column(as_frame(series.to_frame()), 0))
    assert (column.kind, column.values().told(np.arange(len(series)))) == (kind, told)


def test_a_dataset_tells_names_of_classes_and_decodes_no_pictures() -> None:
    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "intent": datasets.ClassLabel(names=["in", "out"]),
            "score": datasets.Value("float32"),
            "picture": datasets.Image(),
            "tokens": datasets.Sequence(datasets.Value("int32")),
        }
    )
    rows = {
        "text": ["a", "b", "c"],
        "intent": [1, 0, -1],
        "score": [0.5, None, 2],
        "picture": [None] * 3,
        "tokens": [[1], [2], []],
    }
    data = datasets.Dataset.from_dict(rows, features=features).select([2, 0, 1])  # an order of its own
    columns = {one.name: checked(one) for one in readable(as_frame(data))}
    assert list(columns) == ["text", "intent", "score"]
    assert columns["intent"].told(np.arange(3)) == [None, "out", "in"]
    assert columns["score"].values().told(np.arange(3)) == [2, 0.5, None]


def test_of_columns_of_one_name_the_first_is_read() -> None:
    data = pd.DataFrame([[1, 2, 3]], columns=["a", 5, "a"])
    assert [(one.name, one.position) for one in readable(as_frame(data))] == [("a", 0), ("5", 1)]


def test_what_a_large_column_holds_is_judged_by_a_sample() -> None:
    n = 3 * SAMPLE
    values = np.arange(n, dtype=object)
    values[1] = "not a number"  # between two rows of the sample
    table = {"x": values, "id": [f"id {i}" for i in range(n)], "user": [f"user {i % 5000}" for i in range(n)]}
    column = Column(as_frame(pd.DataFrame(table)), 0)
    assert column.kind == "number" and np.isnan(column.values().key[1]) and column.values().key[2] == 2
    assert Column(column.frame, 1).kind == "text" and Column(column.frame, 2).kind == "category"


ANYTHING = st.one_of(
    st.none(), st.text(max_size=5), st.integers(), st.floats(), st.booleans(), st.dates(), st.binary(max_size=3), st.just([1])
)


@given(st.lists(ANYTHING, max_size=12))
def test_objects_of_any_kind_raise_nothing(values: list[Any]) -> None:
    checked(Column(as_frame(pd.DataFrame({"x": pd.Series(values, dtype=object)})), 0))


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_table_without_rows(make: Callable[[Any], Any]) -> None:
    for column in readable(as_frame(make({"x": [], "y": []}))):
        checked(column)
