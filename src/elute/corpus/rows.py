"""Rows as people say them, and values of rows: masks and positions, numbers of groups, bytes that tell odd values apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from narwhals import dependencies as known
from numpy.typing import NDArray

from elute.corpus.frames import is_missing
from elute.errors import InputError

WHOLE = re.compile(r"-?[1-9]\d*\.0|0\.0")
"""A whole number as a float is written."""


def array_of(where: Any, index: Any = None) -> NDArray[Any]:
    """A one-dimensional array of bool or int, for a table with this pandas index; None where it has none.

    Raises
    ------
    InputError
        It is of another kind, or a pandas object that would mean other rows by its labels than by position.
    """
    given = np.asarray(where)
    if given.ndim != 1:
        more = ": of a part of the table say index=part.index" if known.is_pandas_dataframe(where) else ""
        raise InputError(f"Rows are said by a mask or a list of positions, one value each; got {type(where).__name__}{more}.")
    if given.dtype == object and len(given) and all(isinstance(value, (bool, np.bool_)) for value in given):
        given = given.astype(bool)  # pandas keeps masks that once had a gap as objects
    if given.dtype == bool:
        return in_order(where, given, index)
    if not len(given):
        return np.zeros(0, np.intp)
    if index is not None and known.is_pandas_index(where) and not (given.dtype.kind in "iu" and _counts(index)):
        raise InputError(
            "These are labels of an index, and rows are said by a mask or by positions: say index= for labels, or .to_numpy() where "
            "they are positions."
        )
    if given.dtype.kind not in "iu" or (isinstance(where, (list, tuple)) and any(isinstance(value, bool) for value in where)):
        raise InputError(
            f"Rows are said by True and False or by whole numbers, none missing; {_gap(given) or f'got values of type {given.dtype}'}."
        )
    return given


def _gap(given: NDArray[Any]) -> str:
    """What to say of a mask that has neither True nor False where a value is missing; "" where it is none."""
    gaps = [is_missing(value) for value in given] if given.dtype == object else []
    if not any(gaps) or not all(gap or isinstance(value, (bool, np.bool_)) for gap, value in zip(gaps, given, strict=True)):
        return ""
    return (
        f"this mask has a gap in row {gaps.index(True)}, as where a text is missing: say .str.contains(..., na=False) or .fillna(False), "
        "in polars .fill_null(False)"
    )


def vectors_in_order(given: Any, index: Any) -> Any:
    """Vectors that came as a pandas table, in the order of the rows; anything else as it is."""
    return in_order(given, np.asarray(given), index, "table of vectors") if known.is_pandas_dataframe(given) else given


def in_order(given: Any, values: NDArray[Any], index: Any, what: str = "mask") -> NDArray[Any]:
    """The ``values`` of ``given``, one a row, in the order of the rows: those of a pandas Series or table belong to its labels.

    Raises
    ------
    InputError
        The labels are not those of ``index``, or occur twice; or they count the rows anew, and nobody knows in which order.
    """
    labelled = known.is_pandas_series(given) or known.is_pandas_dataframe(given)
    if index is None or not labelled or len(given) != len(index) or given.index.equals(index):
        return values
    if given.index.is_unique and index.is_unique and not _counts(given.index):
        at: NDArray[np.intp] = given.index.get_indexer(index)
        if (at >= 0).all():
            return values[at]
    if not index.is_unique:
        raise InputError(
            f"The {what} has another index than the table, where labels occur more than once: make it from the table itself."
        )
    raise InputError(
        f"The {what} has another index than the table: say .reindex(df.index) of it, or .to_numpy() where it goes by position."
    )


def positions(given: NDArray[Any], n: int, own: int) -> NDArray[Any]:
    """The same positions, where each is of a row, of which there are ``n``, ``own`` of them the person's.

    Raises
    ------
    InputError
        One is not; or they are 0 and 1, one for each row, as a classifier or a CSV gives a mask.
    """
    if not len(given):
        return given
    lowest, highest = int(given.min()), int(given.max())
    if lowest < 0 or highest >= n:
        raise InputError(f"There is no row {lowest if lowest < 0 else highest}: positions go from 0 to {n - 1}.")
    if highest <= 1 and len(given) in (n, own) and len(given) > 2:
        raise InputError("Numbers say positions, and these are 0 and 1, one for each row: of a mask say .astype(bool).")
    return given


def _counts(index: Any) -> bool:
    """Whether the labels are 0, 1, 2, ... in order: then they are positions."""
    return index.dtype.kind in "iu" and not index.hasnans and bool((index.to_numpy() == np.arange(len(index))).all())


def mask_of(reference: Any, index: Any = None) -> NDArray[np.bool_] | None:
    """A mask, where that is what was given: an array, a column or a list of True and False; ``index`` as for :func:`array_of`."""
    if hasattr(reference, "columns") or hasattr(reference, "column_names"):
        return None
    if isinstance(reference, list) and not all(isinstance(value, (bool, np.bool_)) for value in reference):
        return None
    if isinstance(reference, list) and not reference:
        return None
    given = np.asarray(reference)
    return in_order(reference, given, index) if given.ndim == 1 and given.dtype == bool else None


def word(value: Any) -> str:
    """What tells a label or a group from others, whatever type its column has; "" where there is none, or a blank one.

    A whole number is 1 in one file, 1.0 in another since a number beside it is missing, and a text in a CSV.

    >>> [word(value) for value in (1, 1.0, "1", "01", True, None, " ")]
    ['1', '1', '1', '01', 'True', '', '']
    """
    told = "" if value is None else str(value)
    if not told.strip():
        return ""
    return told[:-2] if told.endswith(".0") and WHOLE.fullmatch(told) else told


def labels_of(values: list[Any], name: str) -> NDArray[np.object_]:
    """(n,) object, the label of each row, None where missing or blank: a CSV has no other way to say "not labelled".

    Raises
    ------
    InputError
        A value of the column ``name`` can't be compared.
    """
    labels = objects([None if isinstance(value, str) and not value.strip() else value for value in values])
    for row, value in enumerate(labels):
        try:
            hash(value)
        except TypeError:
            kind = type(value).__name__
            raise InputError(f"Label column {name!r} holds a {kind} in row {row}: a label is one value.") from None
    return labels


def numbered(values: list[Any], given: int) -> NDArray[np.int32]:
    """(n,) the number of each row's group, -1 where it has none. Rows of another table, after the first ``given``, have none.

    Raises
    ------
    InputError
        A value can't be compared.
    """
    at: dict[str, int] = {}
    try:
        for value in values[:given]:
            hash(value)
    except TypeError:
        raise InputError("group= names a column of lists: a group is one value.") from None
    codes = [at.setdefault(name, len(at)) if (name := word(value)) else -1 for value in values[:given]]
    return np.array([*codes, *[-1] * (len(values) - given)], np.int32)


def objects(values: list[Any]) -> NDArray[np.object_]:
    """As an array of objects (n,), whatever they are: lists too."""
    return np.fromiter(values, object, len(values))


def written(value: Any) -> bytes:
    """The same bytes for the same value in any process: an arbitrary object's repr may hold its address."""
    plain = isinstance(value, (bool, int, float, complex, bytes, list, tuple, dict, np.ndarray, np.generic))
    return f"{type(value).__name__} {value!r}".encode("utf-8", "surrogatepass") if plain else type(value).__name__.encode()


def groups_of(group: NDArray[np.int32], rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which groups these rows are of; the last place is for rows that have none."""
    hit = np.zeros(int(group.max(initial=-1)) + 2, bool)
    hit[group[rows]] = True
    return hit


def rows_of_index(index: Any, labels: Any, every: bool = False) -> NDArray[np.bool_]:
    """The rows of a pandas index that bear these labels.

    Raises
    ------
    InputError
        A label is not in it; or it means more rows than it was said times, and not ``every`` row that bears it is asked for.
    """
    asked = _asked(index, labels)
    rows = np.asarray(index.isin(asked))
    missing = asked[~np.asarray(asked.isin(index[rows]))]
    if len(missing):
        raise InputError(f"{len(missing)} of the labels are not in the index, such as {str(missing[0])[:40]!r}.")
    if not every and not index[rows].is_unique:
        there = index[rows].unique()
        bear, said = (np.bincount(there.get_indexer(some), minlength=len(there)) for some in (index[rows], asked))
        if (bear > said).any():
            first = str(there[int(np.argmax(bear > said))])[:40]
            raise InputError(
                f"Some of these labels occur more than once in the index, such as {first!r}, so they mean more rows than you said: say "
                "the rows by positions or by a mask, df.index.isin(labels) for every row that bears one."
            )
    return rows


def order_of_index(index: Any, labels: Any) -> NDArray[np.int64]:
    """Positions of the rows that bear these labels of a pandas index, in the order in which they are asked for.

    Raises
    ------
    InputError
        Some of the labels occur more than once, so that they say no order.
    """
    asked = _asked(index, labels)
    at: NDArray[np.int64] = np.flatnonzero(rows_of_index(index, labels))
    if index[at].equals(asked):
        return at
    if not index[at].is_unique:
        raise InputError("Some of these labels occur more than once in the index: say the rows by a mask or by positions.")
    return np.asarray(at[index[at].get_indexer(asked)])


def _asked(index: Any, labels: Any) -> Any:
    """Labels as an index of the kind that a table has."""
    import pandas as pd

    one = isinstance(labels, (str, bytes)) or not hasattr(labels, "__iter__")
    asked = pd.Index([labels] if one else list(labels), tupleize_cols=False)
    if _truths(asked) and not _truths(index):
        raise InputError("index= takes labels, and this is a mask of True and False: give it as the first argument.")
    try:
        if isinstance(index, pd.MultiIndex):
            return pd.MultiIndex.from_tuples([tuple(label) for label in asked]) if len(asked) else index[:0]
        return pd.DatetimeIndex(asked, tz=index.tz) if isinstance(index, pd.DatetimeIndex) else asked
    except (TypeError, ValueError):
        raise InputError(f"Such labels do not fit the index, whose first is {str(index[0])[:40]!r}.") from None


def _truths(index: Any) -> bool:
    """Whether True or False is among the labels: to a number they are 1 and 0."""
    return index.dtype.kind == "b" or (index.dtype == object and any(isinstance(label, (bool, np.bool_)) for label in index))


def content_ids(
    texts: Sequence[str | None], persons: Sequence[bytes], odd: Mapping[int, bytes]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Two arrays (n,): 8 bytes of BLAKE2b of what each row holds and how often that came before, and of what it holds alone.

    ``odd`` has the bytes of rows that are no text.
    """
    seen: Counter[int] = Counter()
    ids, contents = np.empty(len(texts), np.uint64), np.empty(len(texts), np.uint64)
    for row, (text, person) in enumerate(zip(texts, persons, strict=True)):
        content = odd.get(row, b"") if text is None else text.encode("utf-8", "surrogatepass")
        key = numbered_id(content, person, 0)
        ids[row] = numbered_id(content, person, times) if (times := seen[key]) else key
        contents[row] = key
        seen[key] += 1
    return ids, contents


def numbered_id(content: bytes, person: bytes, times: int) -> int:
    """The id of a row before which its content came so many times."""
    return int.from_bytes(blake2b(content, digest_size=8, person=person, salt=times.to_bytes(8) if times else b"").digest())


def value_hashes(values: Sequence[Any] | NDArray[Any] | None, n: int) -> NDArray[np.uint64]:
    """(n,) hash of a label or group by how it is written, 0 where missing: see :func:`word`."""
    if values is None:
        return np.zeros(n, np.uint64)
    known = {"": 0}

    def of(name: str) -> int:
        if name not in known:
            known[name] = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()) | 1
        return known[name]

    return np.fromiter((of(word(value)) for value in values), np.uint64, n)
