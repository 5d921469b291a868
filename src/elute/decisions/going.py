"""What a drop would take, and what it would leave: groups go whole; pinned and reference rows, and rare labels, stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions.decisions import State
from elute.decisions.proposals import in_force

Mask = NDArray[np.bool_]
NAMED = 3
"""Labels that a sentence names."""


@dataclass(frozen=True, eq=False)
class Going:
    """What would go with some rows.

    Attributes
    ----------
    rows : ndarray of shape (n,), bool
        Rows that go, of those that are kept now.
    groups : int
        Groups that these are of; 0 where rows have none.
    along : ndarray of shape (n,), bool
        Of these, the rows that go only because others of their group do.
    more : int
        How many they are.
    held : int
        Rows that would have gone, and stay.
    note : str
        All of that in words; "" where there is nothing to say.
    """

    rows: Mask
    along: Mask
    groups: int
    more: int
    held: int
    note: str

    def __repr__(self) -> str:
        return f"<Going: {int(self.rows.sum()):,} rows go, {self.held:,} are held>"


def going(corpus: Corpus, state: State, rows: Mask, least: int = 0) -> Going:
    """What a drop of rows would take.

    A group that holds a row that must stay, stays whole. Where a label would be left with fewer than ``least`` rows, none of its rows
    goes: which of them are the better ones is not for a drop to say. A row's label is the proposed one where there is one.

    Parameters
    ----------
    rows : ndarray of shape (n,), bool
    least : int
        Rows that each label keeps; 0 for no such bound.
    """
    asked = rows & state.keep
    goes = corpus.whole(asked) & state.keep
    more = goes & ~asked
    said = []
    for must, one, many in (
        (state.pinned, "pinned row", "pinned rows"),
        (corpus.reference, "reference row", "reference rows"),
    ):
        first = goes & must
        if first.any():
            stays = corpus.whole(first) & goes
            goes &= ~stays
            said.append(f"{_count(first, one, many)} {_stay(first)}{_others(stays & ~first)}.")
    rare, told = too_rare(corpus, state.relabels, state.keep, goes, least)
    goes &= ~rare
    said.extend(filter(None, [told]))
    if (others := more & goes).any():
        said.append(f"{_count(others, 'more row goes', 'more rows go')} with {'its' if others.sum() == 1 else 'their'} group.")
    held = int((asked & ~goes).sum())
    return Going(goes, others, corpus.groups(goes), int(others.sum()), held, " ".join(said))


def too_rare(corpus: Corpus, relabels: Mapping[int, str], keep: Mask, goes: Mask, least: int) -> tuple[Mask, str]:
    """Of rows that would go, those of labels that would be left with fewer than ``least``, with their groups; and that in words.

    Parameters
    ----------
    relabels : dict of int to str
        Label that is proposed for a row.
    keep, goes : ndarray of shape (n,), bool
        Rows that stay until then, and those of them that would go.
    least : int
        Rows that each label keeps; 0 for no such bound.
    """
    none = np.zeros(len(goes), bool)
    if not least or corpus.label is None or not goes.any():
        return none, ""
    codes, names = in_force(*corpus.label_codes, relabels)
    left = np.bincount(codes[keep & ~corpus.reference & ~goes & (codes >= 0)], minlength=len(names))
    touched = np.bincount(codes[goes & (codes >= 0)], minlength=len(names)) > 0
    rare = touched & (left < least)
    first = goes & (codes >= 0) & rare[codes]
    if not first.any():
        return none, ""
    stays = corpus.whole(first) & goes
    of = _names([str(names[code]) for code in np.flatnonzero(rare)])
    return stays, f"{_count(first, 'row', 'rows')} of {of} {_stay(first)}{_others(stays & ~first)}: never below {least} a label."


def coming(along: Mask) -> str:
    """What comes back only because others of its group do, in words; "" where nothing does."""
    its = "its" if along.sum() == 1 else "their"
    return f"{_count(along, 'more row comes', 'more rows come')} back with {its} group." if along.any() else ""


def _count(rows: Mask, one: str, many: str) -> str:
    count = int(rows.sum())
    return f"{count:,} {one if count == 1 else many}"


def _stay(rows: Mask) -> str:
    return "stays" if rows.sum() == 1 else "stay"


def _others(rows: Mask) -> str:
    return f", and {_count(rows, 'other', 'others')} of the same group" if rows.any() else ""


def _names(labels: Sequence[str]) -> str:
    told = [f"“{label[:40]}”" for label in labels[:NAMED]]
    rest = len(labels) - len(told)
    return ", ".join(told) + (f" and {rest:,} more labels" if rest else "")
