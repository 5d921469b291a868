"""Judging the rows of a selection: asked for on the page, done on the worker, told as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import Cancelled, InputError, problem
from elute.jobs import Job
from elute.session.rowwise import MOST, RowsJudged

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

STOPPED = "It was stopped. What was said before stays."
OFTEN = 0.2
"""Seconds between two times that the page is told how far it is."""


class RowJudging:
    """Judged rows of one widget.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("analysis")`` tells the page how far it is, and that it is done.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._done, self._of, self._running, self._error = 0, 0, False, ""
        self._found: RowsJudged | None = None
        self._job: Job | None = None

    def ask(self, criterion: str, rows: NDArray[np.bool_]) -> None:
        """Judge rows; a person waits for it, so it goes before the judging of clusters.

        Raises
        ------
        InputError
            There is no round, or no row; or nobody agreed to send texts.
        """
        session = self._rounds.session
        if not self._rounds.has_round or not (rows & session.state.keep).any():
            raise InputError("Nothing is selected that could be judged.")
        self._rounds.looking.refuse()
        self._rounds.consent.need(session.analyst)
        self._found, self._error, self._running, self._done = None, "", True, 0
        self._of = min(int((rows & session.state.keep).sum()), MOST)
        self._rounds.before_judging(lambda: self._submit(criterion[:2000], rows))

    def answer(self) -> dict[str, Any]:
        """The reply to ``judged``: how far it is, and what came of it."""
        found = self._found
        told = None if found is None else {
            "criterion": found.criterion, "source": found.source, "counts": found.counts, "failed": found.failed, "known": found.known,
            "left": found.left, "error": found.error, "read": found.read,
        }  # fmt: skip
        # a job that was stopped before it began says nothing
        running = self._running and not (self._job is not None and self._job.cancelled)
        return {"running": running, "done": self._done, "of": self._of, "result": told, "error": self._error}

    def rows(self, verdict: str) -> NDArray[np.bool_]:
        """(n,) the rows of the last judging with a verdict that still stay."""
        rows = np.zeros(len(self._rounds.session.corpus), bool)
        if self._found is not None:
            rows[[one.row for one in self._found.verdicts if one.verdict == verdict]] = True
        return rows & self._rounds.session.state.keep

    def _submit(self, criterion: str, rows: NDArray[np.bool_]) -> None:
        self._job = self._rounds.jobs.submit("judge", lambda job: self._run(job, criterion, rows))

    def _run(self, job: Job, criterion: str, rows: NDArray[np.bool_]) -> None:
        heard, error = 0.0, STOPPED

        def hear(done: int, of: int) -> None:
            nonlocal heard
            self._done, self._of = done, of
            if time.monotonic() - heard > OFTEN:
                heard = time.monotonic()
                self._touch("analysis")

        try:
            job.report("judge", 0, self._of)
            self._found = self._rounds.session.judge_rows(rows, criterion, progress=job, tell=hear, source={"kind": "page"})
            error = ""
        except Cancelled:
            raise
        except Exception as no:
            error = problem(no, "The rows could not be judged")
        finally:
            self._error, self._running = error, False
            self._touch("analysis")
