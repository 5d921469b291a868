"""What is learned from what was dropped and kept: on the worker, the last one asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from elute.errors import Cancelled, InputError, problem
from elute.jobs import STOPPED, Job
from elute.learn import UNTOLD
from elute.widget import tell

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds


class Teaching:
    """The learned filter of one widget.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("evidence")`` tells the page that it was learned, or was not.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._error, self._asked = "", 0
        self._job: Job | None = None

    def ask(self, name: str) -> None:
        """Learn from the decisions in force.

        Raises
        ------
        InputError
            There is no round yet.
        """
        if not self._rounds.has_round:
            raise InputError("There is no round yet. One can learn from what was dropped and kept after the first.")
        self._error, self._asked = "", self._asked + 1
        self._rounds.before_judging(lambda: self._submit(name, self._asked))

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for what is learned hears that nothing is."""
        if self._job is not None and self._job.cancelled:
            self._job, self._error = None, STOPPED
            self._touch("evidence")

    def answer(self) -> dict[str, Any]:
        """The reply to ``learned``."""
        session = self._rounds.session
        found = session.suggester.learned
        if found is None:
            return {"learned": None, "error": self._error}
        state = session.state
        names = ("name", "precision", "precision_error", "recall", "recall_error", "examples", "needed", "note")
        undecided = state.keep & ~state.looked
        uncertain = np.asarray(found.uncertain, np.int64)
        told = {name: getattr(found, name) for name in names}
        if found.precision is not None and found.confidence is None:
            told |= {"precision": None, "precision_error": None, "note": f"{found.note} {UNTOLD}"}
        return {
            "learned": {
                **told,
                "more": 0 if found.needed else int(found.more(undecided).sum()),
                "uncertain": tell.points(self._rounds, uncertain[undecided[uncertain]]),
            },
            "error": self._error,
        }

    def _submit(self, name: str, asked: int) -> None:
        self._job = self._rounds.jobs.submit("learn", lambda job: self._run(job, name, asked))

    def _run(self, job: Job, name: str, asked: int) -> None:
        error = STOPPED
        try:
            job.report("learn")
            self._rounds.session.learn(name, progress=job)
            error = ""
        except Cancelled:
            raise
        except Exception as no:
            error = problem(no, "Nothing could be learned")
        finally:
            if asked == self._asked:  # else it gave way to one that was asked for later
                self._error = error
                self._touch("evidence")
