"""Evidence that takes time: groups near in meaning, pairs of clusters that mix. Made on the worker, told by a revision."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from elute.errors import Cancelled, EluteError
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
STOPPED = "Comparing was stopped, so nothing is known of this."
"""Said until it is asked for again, or of something else."""
NOW = "Which clusters mix is looked for in the current round alone."


@dataclass
class _Made:
    """What was made last of one kind, of what, and if there is none, why; ``job`` while it is on its way."""

    key: tuple[object, ...] = ()
    value: Any = None
    error: str = ""
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

    def duplicates(self, kind: str, least: float, again: bool = False) -> tuple[DuplicateGroups | None, bool, str]:
        """Groups of a kind, whether they are still to come, and why there are none; ``again`` where they could not be made."""
        made, keep = self._rounds.shown(), self._rounds.kept()
        found: DuplicateGroups | None = None
        off: tuple[object, ...] = (made, keep, self._rounds.session.state)
        # a draft has no evidence yet, and the copies that it names are of the whole table
        pending, error = made.draft, ""
        if kind == "meaning":
            least = round(min(max(least, LEAST), 1.0), 4)
            make = partial(self._meaning, made, keep, least)
            found, pending, error = self._want("meaning", (made, keep, least), make, again)
            if found is None:
                return None, pending, error
            off = (*off, found)
        known = self._read.get(kind)
        if known is None or not _same(known[0], off):
            session = self._rounds.session
            rows = Rows(made, session.corpus, replace(session.state, keep=keep))
            read = {"near": duplicates.near_copies, "conflict": duplicates.conflicts}
            known = self._read.put(kind, (off, read[kind](rows) if found is None else duplicates.free_in_meaning(found, rows)))
        return known[1], pending, error

    def _meaning(self, made: Round, keep: Any, least: float, job: Job) -> DuplicateGroups:
        job.report("evidence", message="comparing rows by meaning")
        session = self._rounds.session
        space, there = session.known_space or session.space(job), keep & (made.labels >= -1)
        if not there.any():
            return DuplicateGroups((), there, ())
        return duplicates.in_meaning(space.part(there), least, job)

    def pairs(self, again: bool = False) -> tuple[list[Any], bool, str]:
        """Pairs of clusters that mix in the last whole round, whether they are still to come, and why there are none."""
        made = self._rounds.shown()
        if made.draft or self._rounds.looking.made is not None:
            return [], made.draft, "" if made.draft else NOW
        found, pending, error = self._want("pairs", (made,), lambda job: self._rounds.session.pairs(progress=job), again)
        return found or [], pending, error

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for evidence hears that none is on its way."""
        for held in self._made.values():
            if held.job is not None and held.job.cancelled and not _same(held.key, held.asked):
                held.key, held.value, held.error, held.job = held.asked, None, STOPPED, None
                self._touch("evidence")

    def _want(self, kind: str, key: tuple[object, ...], make: Callable[[Job], Any], again: bool) -> tuple[Any, bool, str]:
        """What was made of this very key, or None while it is being made or could not be; whether it is to come; why there is none."""
        held = self._made.setdefault(kind, _Made())
        if again and held.error:
            held.key, held.error, held.job = (), "", None
        if _same(held.key, key):
            return held.value, False, held.error
        if held.job is None or held.job.cancelled or not _same(held.asked, key):
            held.asked = key
            self._rounds.before_judging(lambda: self._submit(kind, held, key, make))
        # where a job is run at once, it is there by now
        there = _same(held.key, key)
        return held.value if there else None, not there, held.error if there else ""

    def _submit(self, kind: str, held: _Made, key: tuple[object, ...], make: Callable[[Job], Any]) -> None:
        def run(job: Job) -> None:
            value, error = None, ""
            try:
                value = make(job)
            except Cancelled:
                raise
            except EluteError as wrong:
                error = str(wrong)
            except MemoryError:
                error = "There is not enough memory free to compare these: close what else needs it, and look again."
            except Exception as wrong:  # its message may hold texts
                log.warning("evidence of kind %s could not be made", kind)
                error = f"It could not be found out ({type(wrong).__name__})."
            if not job.cancelled:
                held.key, held.value, held.error, held.job = key, value, error, None
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
