"""Rows known again: of several equal texts, which one is which goes by label and group, as they were when the table was opened last.

An id is the text and how often it came before, so of equal texts those that trade places would trade ids, and decisions with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus.corpus import Corpus
from elute.corpus.rows import numbered_id, value_hashes

Hashes = NDArray[np.uint64]
COLUMNS = ("ids", "contents", "label", "group")


@dataclass(frozen=True, eq=False)
class Marked:
    """Rows with what tells equal texts apart.

    Attributes
    ----------
    ids, contents : ndarray of shape (n,), uint64
        As the journal knows each row, and what it holds.
    label, group : ndarray of shape (n,), uint64
        Hashes of values, 0 where missing.
    names : tuple of str
        The columns of label and group, "" where there was none.
    """

    ids: Hashes
    contents: Hashes
    label: Hashes
    group: Hashes
    names: tuple[str, str]

    def __len__(self) -> int:
        return len(self.ids)

    def same(self, other: Marked) -> bool:
        """Whether both say the same."""
        return self.names == other.names and all(np.array_equal(getattr(self, one), getattr(other, one)) for one in COLUMNS)

    def taken(self, rows: NDArray[np.bool_]) -> Marked:
        """Some of the rows."""
        return Marked(self.ids[rows], self.contents[rows], self.label[rows], self.group[rows], self.names)

    def marks(self, other: Marked) -> Hashes:
        """(n,) one hash of label and group, of those that both tables were read with."""
        by_label, by_group = (bool(mine) and mine == theirs for mine, theirs in zip(self.names, other.names, strict=True))
        with np.errstate(over="ignore"):
            return np.uint64(by_label) * self.label * np.uint64(0x9E3779B97F4A7C15) + np.uint64(by_group) * self.group


def marked(corpus: Corpus) -> Marked:
    """The rows of a table."""
    codes, labels = corpus.label_codes
    group = np.full(len(corpus), -1, np.int32) if corpus.group is None else corpus.group
    firsts = np.unique(group, return_index=True)[1][int((group < 0).any()) :]  # of the groups 0, 1, 2 ...
    groups = [] if corpus.group_name is None else corpus.column(corpus.group_name)[firsts].tolist()
    names = (corpus.label_name or "", corpus.group_name or "")
    return Marked(corpus.ids, corpus.contents, _hashed(codes, labels), _hashed(group, groups), names)


def _hashed(codes: NDArray[np.int32], values: list[Any]) -> Hashes:
    """(n,) the hash of each row's value, given by number, 0 where there is none."""
    return np.append(value_hashes(values, len(values)), np.uint64(0))[codes]


def known_again(corpus: Corpus, before: Marked | None) -> Corpus:
    """The same table, whose rows have the ids that they had ``before``."""
    if before is None:
        return corpus
    ids = ids_again(corpus, before)
    if np.array_equal(ids, corpus.ids):
        return corpus
    ids.flags.writeable = False
    return replace(corpus, named=ids)


def ids_again(corpus: Corpus, before: Marked) -> Hashes:
    """(n,) the id that each row had before.

    Of a text that stood or stands under several labels or groups a row has the id of the one with its own; what agrees with none is a
    row that nobody knew. Otherwise nothing tells equal texts apart, and they go by their order.
    """
    now = marked(corpus)
    ids, mine, theirs = corpus.in_order.copy(), now.marks(before), before.marks(now)
    if np.array_equal(now.contents, before.contents) and np.array_equal(mine, theirs):
        return before.ids.copy()
    there, at, count = np.unique(before.contents, return_inverse=True, return_counts=True)
    odd = np.unique(at[(count[at] > 1) | (before.ids != before.contents)])
    here, times = np.unique(now.contents, return_counts=True)
    doubtful = np.union1d(there[odd], np.intersect1d(here[times > 1], there))
    old: dict[int, list[tuple[int, int]]] = defaultdict(list)
    some = np.isin(before.contents, doubtful)
    for content, mark, id_ in zip(*(one[some].tolist() for one in (before.contents, theirs, before.ids)), strict=True):
        old[content].append((mark, id_))
    new: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = np.flatnonzero(np.isin(now.contents, doubtful))
    for content, mark, row in zip(now.contents[rows].tolist(), mine[rows].tolist(), rows.tolist(), strict=True):
        new[content].append((mark, row))
    for content, those in new.items():
        found = _paired(old[content], [mark for mark, _ in those])
        taken, number = {id_ for _, id_ in old[content]}, 0
        for (_, row), one in zip(those, found, strict=True):
            id_ = one
            while id_ is None:
                fresh = numbered_id(*corpus.content_of(row), number)
                number += 1
                id_ = None if fresh in taken else fresh
            ids[row] = id_
    return ids


def _paired(old: Sequence[tuple[int, int]], marks: Sequence[int]) -> list[int | None]:
    """For each of some equal texts the id of the one that it was, None for a new one."""
    if len({mark for mark, _ in old}) == 1 == len(set(marks)):
        return [id_ for _, id_ in old[: len(marks)]] + [None] * (len(marks) - len(old))
    left: dict[int, list[int]] = defaultdict(list)
    for mark, id_ in reversed(old):
        left[mark].append(id_)
    return [left[mark].pop() if left[mark] else None for mark in marks]


def to_remember(corpus: Corpus, before: Marked | None, decided: Hashes) -> Marked:
    """What to keep for the next time: the rows there are, and those gone that something was ``decided`` about."""
    now = marked(corpus)
    if before is None:
        return now
    gone = before.taken(np.isin(before.ids, decided) & ~np.isin(before.ids, now.ids))
    if np.array_equal(before.contents[: len(now)], now.contents):
        # read without a column that told equal texts apart: it still does
        first = before.taken(np.arange(len(before)) < len(now))
        if not now.names[0]:
            now = replace(now, label=first.label, names=(first.names[0], now.names[1]))
        if not now.names[1]:
            now = replace(now, group=first.group, names=(now.names[0], first.names[1]))
    ids, contents, label, group = (np.concatenate([getattr(now, one), getattr(gone, one)]) for one in COLUMNS)
    return Marked(ids, contents, label, group, now.names)


def translated(ids: Hashes, theirs: Hashes, corpus: Corpus) -> Hashes:
    """Ids of another journal as those of this table, whose rows that one knows as ``theirs`` (n,); others become ids that no row has."""
    if not len(theirs):
        return ids
    order = np.argsort(theirs)
    at = order[np.minimum(np.searchsorted(theirs[order], ids), len(theirs) - 1)]
    return np.where(theirs[at] == ids, corpus.ids[at], np.where(np.isin(ids, corpus.ids), ~ids, ids))
