"""The preview of a parameter's range: computed by the worker, of several that were asked for only the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from elute.errors import Cancelled, InputError, problem
from elute.jobs import STOPPED, Job

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds


class Previewing:
    """The last preview of one widget.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("preview")`` tells the page that the answer is there.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._asked: Mapping[str, Any] | None = None
        self._error = ""
        self._job: Job | None = None

    def ask(self, clusterer: Mapping[str, Any]) -> None:
        """Foresee the next round over a range of this clusterer's main parameter.

        Raises
        ------
        SettingsError, InputError
            A parameter is out of its range, this clusterer has no preview, or there is nothing to foresee it on.
        """
        session = self._rounds.session
        session.foreseen(clusterer)
        if not self._rounds.has_round:
            raise InputError("There is no round yet. A preview comes after the first.")
        self._rounds.consent.need(session.embedder)
        self._asked, self._error = clusterer, ""
        if session.known_preview(clusterer) is not None:
            self._rounds.jobs.cancel("preview")
            self._job = None
            self._touch("preview")
        else:
            self._rounds.before_judging(self._submit)

    def again(self) -> None:
        """What comes first has stopped it: it is made after that."""
        if self._job is not None:
            self._submit()

    def stop(self) -> None:
        """The answer that was to come will not."""
        if self._job is not None:
            self._end(STOPPED)

    def answer(self) -> dict[str, Any]:
        """The reply to ``previewed``; no sweep where rows or settings are not those it was made for."""
        sweep = None if self._asked is None or self._error else self._rounds.session.known_preview(self._asked)
        return {"sweep": None if sweep is None else vars(sweep), "error": self._error}

    def _submit(self) -> None:
        self._job = self._rounds.jobs.submit("preview", self._run)

    def _run(self, job: Job) -> None:
        error = ""
        try:
            self._rounds.consent.need(self._rounds.session.embedder)
            self._rounds.session.preview(self._asked, progress=job)
        except Cancelled:
            raise
        except Exception as no:
            error = problem(no)
        if not job.cancelled:
            self._end(error)

    def _end(self, error: str) -> None:
        self._job, self._error = None, error
        self._touch("preview")
