"""What decisions mean for the rows of a table, applied one after the other."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from elute.corpus.frames import is_missing
from elute.errors import InputError
from elute.plain import plain
from elute.prepare.edits import named

Mask = NDArray[np.bool_]
Locate = Callable[[NDArray[np.uint64]], tuple[Mask, int]]
"""``ids -> (mask of shape (n,), how many were not found)``: :meth:`elute.corpus.Corpus.rows_by_id`."""
ABOUT_ROWS = ("drop", "restore", "keep", "pin", "tag", "edit", "relabel")


def reason_of(given: Any) -> str:
    """Why something was decided, as text: a number is written out, and what is missing says nothing.

    Raises
    ------
    InputError
        It is no one value that reads as text.
    """
    if is_missing(given):
        return ""
    if not isinstance(given, (str, int, float, np.generic)):
        raise InputError(f"A reason is text, and this is a {type(given).__name__}: say it in words.")
    told: str = plain(str(given))
    return told


class Told(Protocol):
    """What is read of a decision."""

    @property
    def kind(self) -> str: ...
    @property
    def ids(self) -> NDArray[np.uint64]: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(eq=False)
class Meaning:
    """Grows decision by decision; see :class:`elute.decisions.State` for what each part is."""

    keep: Mask
    looked: Mask
    pinned: Mask
    settings: dict[str, Any]
    tags: dict[str, Mask] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    relabels: dict[int, str] = field(default_factory=dict)
    edit_steps: dict[str, Mask] = field(default_factory=dict)
    dismissed: set[str] = field(default_factory=set)
    unknown: int = 0


def meaning(
    decisions: Iterable[Told], opened: Mapping[str, Any], n: int, locate: Locate, protected: Mask | None = None
) -> Meaning:
    """Apply decisions in their order.

    Parameters
    ----------
    opened : Mapping
        Settings that the cell gave.
    protected : ndarray of shape (n,), bool, optional
        Rows that are never dropped, whatever is said: those of a reference.
    """
    state = Meaning(np.ones(n, bool), np.zeros(n, bool), np.zeros(n, bool), dict(opened))
    for decision in decisions:
        data = decision.data
        if decision.kind == "settings":
            state.settings.update({name: value for name, value in data.items() if name != "batch"})
        elif decision.kind == "dismiss":
            state.dismissed.add(str(data.get("suggestion")))
        elif decision.kind in ABOUT_ROWS:
            rows, missing = locate(decision.ids)
            state.unknown += missing
            _apply(state, decision, rows, locate)
    if protected is not None:
        state.keep |= protected
    state.tags = {name: rows for name, rows in state.tags.items() if rows.any()}
    state.notes = {name: note for name, note in state.notes.items() if name in state.tags}
    state.edit_steps = {name: rows for name, rows in state.edit_steps.items() if rows.any()}
    return state


def _apply(state: Meaning, decision: Told, rows: Mask, locate: Locate) -> None:
    kind, data = decision.kind, decision.data
    if kind == "drop":
        # of two kernels, one may pin what the other drops at the same moment
        state.keep[rows & ~state.pinned] = False
    elif kind == "restore":
        state.keep[rows] = True
    elif kind == "keep":
        state.looked |= rows
    elif kind == "pin":
        state.pinned[rows] = bool(data.get("on", True))
    elif kind == "tag":
        _tag(state, rows, str(data.get("name", "")), str(data.get("note", "")))
    elif kind == "edit":
        _edit(state, rows, str(data.get("step", "")))
    elif kind == "relabel":
        _relabel(state, rows, decision.ids, data, locate)


def _tag(state: Meaning, rows: Mask, name: str, note: str) -> None:
    if not name:
        for there in state.tags.values():
            there &= ~rows
        return
    state.tags.setdefault(name, np.zeros(len(rows), bool))[rows] = True
    if note:
        state.notes[name] = note


def _edit(state: Meaning, rows: Mask, step: str) -> None:
    if not step:
        for there in state.edit_steps.values():
            there &= ~rows
    for name in named(step):
        state.edit_steps.setdefault(name, np.zeros(len(rows), bool))[rows] = True


def _relabel(state: Meaning, rows: Mask, ids: NDArray[np.uint64], data: Mapping[str, Any], locate: Locate) -> None:
    labels, codes = unpacked(data, len(ids))
    which = np.zeros(len(rows), np.int64)
    # ids come back as a mask, in the order of the table: a code finds its row bit by bit, so a hundred labels take seven masks
    for bit in range(int(codes.max(initial=0)).bit_length()):
        which[locate(ids[(codes >> bit) & 1 == 1])[0]] |= 1 << bit
    for row, code in zip(np.flatnonzero(rows).tolist(), which[rows].tolist(), strict=True):
        label = labels[code]
        if label is None:
            state.relabels.pop(row, None)
        else:
            state.relabels[row] = label


def packed(labels: Sequence[str | None]) -> dict[str, Any]:
    """One label a row, in the order of the ids of the record, as JSON takes it; None takes a proposal off.

    >>> packed(["a", "a"])
    {'labels': ['a'], 'codes': ''}
    """
    distinct = list(dict.fromkeys(labels))
    at = {label: code for code, label in enumerate(distinct)}
    codes = np.array([at[label] for label in labels], "<u4")
    text = base64.b64encode(zlib.compress(codes.tobytes())).decode() if len(distinct) > 1 else ""
    return {"labels": distinct, "codes": text}


def unpacked(data: Mapping[str, Any], count: int) -> tuple[list[str | None], NDArray[np.int64]]:
    """The opposite of :func:`packed`: distinct labels, and which one each of ``count`` ids has."""
    text = data.get("codes", "")
    if not text:
        return list(data["labels"]), np.zeros(count, np.int64)
    return list(data["labels"]), np.frombuffer(zlib.decompress(base64.b64decode(text)), "<u4").astype(np.int64)
