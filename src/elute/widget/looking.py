"""An earlier round, shown as it was: nothing is decided by looking, and whatever is decided or run ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from elute.errors import InputError
from elute.jobs import Job
from elute.rounds.round import Round

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds


class Looking:
    """Which earlier round one widget shows.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("round")`` tells the page that another round is shown.

    Attributes
    ----------
    made : Round or None
        None while the current round is shown.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self._lock = threading.Lock()
        self._wanted = ""
        self.made: Round | None = None

    @property
    def number(self) -> int | None:
        """Number of the round that is looked at."""
        made = self.made
        return None if made is None else made.number

    def at(self, record: str) -> None:
        """Show the round of that record; one that is not in memory is read from disk by the worker. "" shows the current one.

        Raises
        ------
        InputError
            There is no such round.
        """
        session = self._rounds.session
        if not record or record == self._rounds.current():
            self.end()
        elif not any(told.id == record for told in session.state.rounds):
            raise InputError("There is no such round in the journal.")
        elif (made := session.known_round_at(record)) is not None:
            self._rounds.jobs.cancel("look")
            self._wanted = record
            self._show(record, made)
        else:
            self._wanted = record
            self._rounds.jobs.submit("look", lambda job: self._read(job, record))

    def end(self) -> None:
        """Show the current round again."""
        self._rounds.jobs.cancel("look")
        with self._lock:
            self._wanted, there, self.made = "", self.made, None
        if there is not None:
            self._touch("round")

    def refuse(self) -> None:
        """Nothing is decided about rows while other rows are seen than those there are.

        Raises
        ------
        InputError
            An earlier round is looked at.
        """
        if self.number is not None:
            raise InputError(f"You are looking at round {self.number} as it was. Go back to it, or return to now, then decide.")

    def _read(self, job: Job, record: str) -> None:
        made = self._rounds.session.current_at(record)
        job.check()
        self._show(record, made)
        self._rounds.session.recall(made, job)
        self._touch("analysis")

    def _show(self, record: str, made: Round) -> None:
        with self._lock:
            if record != self._wanted:
                return
            self.made = made
        self._touch("round")
