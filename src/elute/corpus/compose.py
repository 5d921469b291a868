"""The text of each row, put together from one column, several, or a template, with what stands for a missing part."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError

TEXT, MISSING, NOT_TEXT, BLANK = 0, 1, 2, 3
"""State of a row. BLANK is only known once a text is prepared."""


class Table(Protocol):
    """What composing asks of a table; see ``_frames.Frame``."""

    columns: list[str]

    def __len__(self) -> int: ...
    def values(self, position: int) -> list[Any]: ...
    def texts(self, position: int) -> list[Any]: ...
    def records(self, where: NDArray[np.bool_]) -> list[dict[str, Any]]: ...
    def holds_text(self, position: int) -> bool: ...


@dataclass(frozen=True)
class FromColumn:
    """``fill=FromColumn("title")``: a missing part is taken from that column of the same row."""

    name: str


Fill = str | FromColumn | Callable[[dict[str, Any]], str | None]
"""What stands for a missing part: a constant, another column, or a function of the row (None: it stays missing)."""


@dataclass(frozen=True, eq=False)
class Composed:
    """``texts`` (None where there is none), ``state`` (n,) int8, ``filled`` (n,) bool, and ``name``, which says what of."""

    texts: list[str | None]
    state: NDArray[np.int8]
    filled: NDArray[np.bool_]
    name: str

    def joined(self, other: Composed) -> Composed:
        """The texts of this and of another table, one after the other."""
        state, filled = np.append(self.state, other.state), np.append(self.filled, other.filled)
        return Composed([*self.texts, *other.texts], state, filled, self.name)


def compose(
    table: Table, text: str | Sequence[str] | None, fill: Fill | Mapping[str, Fill] | None, label: str | None
) -> Composed:
    """The text of each row.

    A row with a part that is missing and not filled is missing, and a row with a part that is not text (a number, a list) is
    not text: nothing is turned into a string, or left out, in silence.
    """
    name, literals, names = _plan(table, text, label)
    n = len(table)
    filled = np.zeros(n, bool)
    state = np.zeros(n, np.int8)
    fills = _fills(table, fill, names)
    parts: list[list[Any]] = []
    for part in names:
        values = table.texts(position_of(table, part))
        status = _status(values)
        if part in fills and (status == MISSING).any():
            values, status = _fill(table, values, status, fills[part], filled)
        parts.append(values)
        state = np.maximum(state, status)
    filled &= state == TEXT
    if literals == ["", ""]:
        texts = [str(value) if ok else None for value, ok in zip(parts[0], (state == TEXT).tolist(), strict=True)]
    else:
        rows = zip(*parts, strict=True)
        texts = [_join(literals, row) if ok else None for row, ok in zip(rows, (state == TEXT).tolist(), strict=True)]
    return Composed(texts, state, filled, name)


def position_of(table: Table, name: object) -> int:
    """The position of a column.

    Raises
    ------
    InputError
        There is none of that name, or more than one; the message lists the columns there are.
    """
    found = [position for position, column in enumerate(table.columns) if column == str(name)]
    if not found:
        raise InputError(f"There is no column {str(name)!r}. {_columns(table)}")
    if len(found) > 1:
        raise InputError(f"{len(found)} columns are named {str(name)!r}: rename them, so that it is clear which is meant.")
    return found[0]


def _plan(table: Table, text: Any, label: str | None) -> tuple[str, list[str], list[str]]:
    """Name, literals and columns: literal 0, column 0, literal 1, column 1, ..., last literal."""
    if text is None:
        text = _guess(table, label)
    if isinstance(text, (list, tuple)):
        if not text:
            raise InputError(f"text=[] names no column. {_columns(table)}")
        if isinstance(text, tuple) and str(text) in table.columns:
            raise InputError(f'A tuple names several columns. The one column {text} is said as a text: text="{text}".')
        for column in text:
            position_of(table, column)
        return " + ".join(map(str, text)), ["", *["\n"] * (len(text) - 1), ""], [str(column) for column in text]
    if str(text) in table.columns or "{" not in str(text):
        position_of(table, text)
        return str(text), ["", ""], [str(text)]
    return (str(text), *_template(table, str(text)))


def _template(table: Table, template: str) -> tuple[list[str], list[str]]:
    """``"{title}\\n{body}"`` -> ``["", "\\n", ""], ["title", "body"]``. Names are columns only: no attributes, no formats."""
    literals, names = [""], []
    try:
        for literal, name, spec, conversion in string.Formatter().parse(template):
            literals[-1] += literal
            if name is None:
                continue
            if spec or conversion:
                raise ValueError(f"{{{name}}} has a format")
            position_of(table, name)
            names.append(name)
            literals.append("")
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f'The template {template!r} can\'t be read ({error}). Write it like "{{title}} {{body}}".') from None
    if not names:
        raise InputError(f"The template {template!r} names no column. {_columns(table)}")
    return literals, names


def _guess(table: Table, label: str | None) -> str:
    if "text" in table.columns:
        return "text"
    likely = [name for position, name in enumerate(table.columns) if name != str(label) and table.holds_text(position)]
    if len(likely) != 1:
        which = f"{', '.join(map(repr, likely))} hold text" if likely else "no column holds text"
        raise InputError(f"Say which column is the text, text='...': {which}. {_columns(table)}")
    return likely[0]


def _columns(table: Table) -> str:
    return f"The columns are: {', '.join(map(repr, table.columns))}." if table.columns else "The table has no columns."


def _fills(table: Table, fill: Fill | Mapping[str, Fill] | None, names: list[str]) -> dict[str, Fill]:
    if fill is None:
        return {}
    fills = {str(name): one for name, one in fill.items()} if isinstance(fill, Mapping) else dict.fromkeys(names, fill)
    for name, one in fills.items():
        if name not in names:
            raise InputError(f"fill= names {name!r}, which is no part of the text. The parts are: {', '.join(names)}.")
        if not (isinstance(one, (str, FromColumn)) or callable(one)):
            raise InputError(f"fill= is {one!r}; it must be a str, FromColumn(name), a function of the row, or a dict of these.")
        if isinstance(one, FromColumn):
            position_of(table, one.name)
    return fills


def _fill(
    table: Table, values: list[Any], status: NDArray[np.int8], fill: Fill, filled: NDArray[np.bool_]
) -> tuple[list[Any], NDArray[np.int8]]:
    """Values and status with missing ones filled; notes them in ``filled``. What a fill gives is judged like any other value."""
    missing = status == MISSING
    where = np.flatnonzero(missing).tolist()
    if isinstance(fill, str):
        given: list[Any] = [fill] * len(where)
    elif isinstance(fill, FromColumn):
        other = table.values(position_of(table, fill.name))
        given = [other[row] for row in where]
    else:
        given = [fill(row) for row in table.records(missing)]
    values = list(values)
    for row, value in zip(where, given, strict=True):
        values[row] = value
    status = status.copy()
    status[missing] = _status(given)
    filled |= missing & (status == TEXT)
    return values, status


def _status(values: list[Any]) -> NDArray[np.int8]:
    return np.fromiter((_state(value) for value in values), np.int8, len(values))


def _state(value: Any) -> int:
    if isinstance(value, str):
        return TEXT
    return MISSING if value is None else NOT_TEXT


def _join(literals: list[str], parts: tuple[str, ...]) -> str:
    return literals[0] + "".join(part + literal for part, literal in zip(parts, literals[1:], strict=True))
