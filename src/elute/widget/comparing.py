"""Clusterings compared on the worker, row by row as they are done; of several comparisons that were asked for only the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from elute.errors import Cancelled, InputError, problem
from elute.jobs import STOPPED, Job
from elute.rounds.compare import Compared, lead
from elute.widget.tell import stays

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

MOST = 12
"""Clusterings of one comparison."""
SIZES = 200
"""Sizes that are told of each: a plot has no room for more."""


class Comparing:
    """The last comparison of one widget.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("compare")`` tells the page that a row is there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._rows: list[Compared] = []
        self._error = ""
        self._job: Job | None = None
        self._done = True
        self._round, self._kept = 0, 0

    def ask(self, clusterers: Sequence[Any]) -> None:
        """Compare these.

        Raises
        ------
        SettingsError, InputError
            A parameter is out of its range, there are none or too many, or there is no round to compare with.
        """
        session = self._rounds.session
        if not 0 < len(clusterers) <= MOST:
            raise InputError(f"Compare 1 to {MOST} clusterings at a time.")
        for one in clusterers:
            if not isinstance(one, Mapping):
                raise InputError("A clustering is told by its name and parameters.")
            session.choices.describe({"clusterer": one})
        if self._rounds.stale:
            raise InputError("The round is older than the last decision. Wait for the next one, then compare.")
        self._error = ""
        self._rounds.before_judging(lambda: self._submit(list(clusterers)))

    def answer(self) -> dict[str, Any]:
        """The reply to ``compared``."""
        stopped = not self._done and self._job is not None and self._job.cancelled
        rows = [{**asdict(row), "sizes": list(row.sizes[:SIZES])} for row in self._rows]
        return {
            "rows": rows, "running": not self._done and not stopped, "error": STOPPED if stopped else self._error,
            "note": lead(self._rows) if self._done else "", "round": self._round, "kept": self._kept,
        }  # fmt: skip

    def _submit(self, clusterers: list[Any]) -> None:
        rows: list[Compared] = []
        self._rows, self._done = rows, False
        self._job = self._rounds.jobs.submit("compare", lambda job: self._run(job, clusterers, rows))
        self._touch("compare")

    def _run(self, job: Job, clusterers: list[Any], rows: list[Compared]) -> None:
        def heard(found: list[Compared]) -> None:
            rows[:] = found
            self._touch("compare")

        error = ""
        try:
            made = self._rounds.session.current
            self._round, self._kept = made.number, stays(self._rounds.session, made.keep)
            self._rounds.session.compare(clusterers, progress=job, tell=heard)
        except Cancelled:
            self._touch("compare")
            raise
        except Exception as no:
            error = problem(no)
        if not job.cancelled and self._rows is rows:
            self._done, self._error = True, error
            self._touch("compare")
