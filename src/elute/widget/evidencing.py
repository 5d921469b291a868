"""Evidence that takes time: groups near in meaning, pairs of clusters that mix. Made on the worker, told by a revision."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from elute.errors import Cancelled
from elute.jobs import Job
from elute.rounds.round import Round
from elute.suggest.rows import Rows
from elute.widget import duplicates
from elute.widget.duplicates import DuplicateGroups
from elute.widget.recent import Recent

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

log = logging.getLogger("elute")

LEAST = 0.5
"""Cosine below which rows are not near in meaning to anybody."""


@dataclass
class _Made:
    """What was made last of one kind, and of what; ``job`` while it is on its way."""

    key: tuple[object, ...] = ()
    value: Any = None
    job: Job | None = None
    asked: tuple[object, ...] = field(default=())


class Evidencing:
    """The slow evidence of one widget.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("evidence")`` tells the page that it is there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._made: dict[str, _Made] = {}
        self._read: Recent[str, tuple[tuple[object, ...], DuplicateGroups]] = Recent(3)

    def duplicates(self, kind: str, least: float) -> tuple[DuplicateGroups | None, bool]:
        """Groups of a kind, and whether they are still to come."""
        made, keep = self._rounds.shown(), self._rounds.kept()
        found: DuplicateGroups | None = None
        off: tuple[object, ...] = (made, keep, self._rounds.session.state)
        # a draft has no evidence yet, and the copies that it names are of the whole table
        pending = made.draft
        if kind == "meaning":
            least = round(min(max(least, LEAST), 1.0), 4)
            found, pending = self._want("meaning", (made, keep, least), lambda job: self._meaning(made, keep, least, job))
            if found is None:
                return None, pending
            off = (*off, found)
        known = self._read.get(kind)
        if known is None or not _same(known[0], off):
            session = self._rounds.session
            rows = Rows(made, session.corpus, replace(session.state, keep=keep))
            read = {"near": duplicates.near_copies, "conflict": duplicates.conflicts}
            known = self._read.put(kind, (off, read[kind](rows) if found is None else duplicates.free_in_meaning(found, rows)))
        return known[1], pending

    def _meaning(self, made: Round, keep: Any, least: float, job: Job) -> DuplicateGroups:
        job.report("evidence", message="comparing rows by meaning")
        session = self._rounds.session
        space = session.known_space or session.space(job)
        return duplicates.in_meaning(space.part(keep & (made.labels >= -1)), least, job)

    def pairs(self) -> tuple[list[Any], bool]:
        """Pairs of clusters that mix in the last whole round, and whether they are still to come."""
        made = self._rounds.shown()
        if made.draft or self._rounds.looking.made is not None:
            return [], made.draft
        found, pending = self._want("pairs", (made,), lambda job: self._rounds.session.pairs(progress=job))
        return found or [], pending

    def _want(self, kind: str, key: tuple[object, ...], make: Callable[[Job], Any]) -> tuple[Any, bool]:
        """What was made of this very key, or None while it is being made; what it was before stays to be read meanwhile."""
        held = self._made.setdefault(kind, _Made())
        if _same(held.key, key):
            return held.value, False
        if held.job is None or held.job.cancelled or not _same(held.asked, key):
            held.asked = key
            self._rounds.before_judging(lambda: self._submit(kind, held, key, make))
        # where a job is run at once, it is there by now
        return held.value if _same(held.key, key) else None, not _same(held.key, key)

    def _submit(self, kind: str, held: _Made, key: tuple[object, ...], make: Callable[[Job], Any]) -> None:
        def run(job: Job) -> None:
            value = None
            try:
                value = make(job)
            except Cancelled:
                raise
            except Exception:  # a round that is gone, nothing left to compare: there is none, and nobody waits for it
                log.warning("evidence of kind %s could not be made", kind)
            if not job.cancelled:
                held.key, held.value, held.job = key, value, None
                self._touch("evidence")

        held.job = self._rounds.jobs.submit(kind, run)


def _same(a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    """Whether two keys are one: a mask is another object with each decision, whatever it says."""
    equal = (
        x is y or (isinstance(x, (float, np.ndarray)) and np.array_equal(x, np.asarray(y))) for x, y in zip(a, b, strict=False)
    )
    return len(a) == len(b) and all(equal)


def confusion(given: Any, suggested: Any, among: Any) -> tuple[Any, Any, Any]:
    """Pairs of codes (given, suggested) that differ among some rows, and how many rows each has, most first.

    >>> a, b, count = confusion(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1]), np.ones(4, bool))
    >>> a.tolist(), b.tolist(), count.tolist()
    ([0, 1], [1, 0], [2, 1])
    """
    rows = among & (given >= 0) & (suggested >= 0) & (given != suggested)
    pairs, counts = np.unique(np.column_stack([given[rows], suggested[rows]]), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return pairs[order, 0], pairs[order, 1], counts[order]
