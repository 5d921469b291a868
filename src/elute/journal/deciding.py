"""Which of two processes decides on a table: one does, the other takes over or goes on in a copy."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from elute.decisions import State
from elute.journal.journal import Journal
from elute.places import place_of


class Deciding:
    """What a :class:`~elute.decisions.ledger.Ledger` does where ``journal.mode`` is "read-only"."""

    journal: Journal
    folder: Path
    _state: tuple[int, State] | None
    _lock: threading.RLock
    if TYPE_CHECKING:

        def _tell(self, kind: str) -> None: ...

    def _together(self) -> AbstractContextManager[None]:
        return self.journal.together()

    def take_over(self) -> None:
        """Decide here from now on; the process that did says so at its next decision.

        Raises
        ------
        JournalError
            The journal can't be written.
        """
        with self._lock:
            self.journal.take_over()
        self._tell("journal")

    def copy_journal(self, folder: str | Path | None = None) -> Path:
        """Go on in a copy of the journal, apart from the process that decides on this one. Returns its folder, for ``path=``.

        Parameters
        ----------
        folder : str or Path, optional
            Where to; by default beside the folder of this journal, under a name with the time.

        Raises
        ------
        JournalError
            It can't be written there, or a journal is there already.
        """
        with self._lock:
            beside = self.folder.with_name(f"{self.folder.name}-copy-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            target = place_of(folder) if folder is not None else beside
            copy = self.journal.copy(target / "journal.jsonl")
            self.journal.close()
            self.journal, self.folder, self._state = copy, target, None
        self._tell("journal")
        return target
