"""Who hears of what is decided: each record by its kind, and those that are made at once as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

BATCH = "batch"
"""What is told of records of several kinds that were made at once."""
TURNS = ("undo", "redo", "goto", "afresh", BATCH)
"""What is told where other decisions may be in force, whichever they are."""


class Listening:
    """The listeners of a :class:`~elute.decisions.ledger.Ledger`."""

    _lock: threading.RLock
    if TYPE_CHECKING:

        def _together(self) -> AbstractContextManager[None]: ...

    def __init__(self) -> None:
        self._listeners: list[Callable[[str], None]] = []
        self._here = threading.local()

    def listen(self, hear: Callable[[str], None]) -> Callable[[], None]:
        """Have ``hear(kind)`` called after each record, selection (``select``) and round, on the thread it came from.

        Records of several kinds that one step makes, as accepted suggestions do, are told once, after the last of them: as ``batch``.
        Returns what ends it.
        """
        self._listeners.append(hear)

        def end() -> None:
            if hear in self._listeners:
                self._listeners.remove(hear)

        return end

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is decided within is one batch: no other thread decides in between, all of it is noted or nothing, and it is told once."""
        kinds = self._here.untold = list[str]()
        try:
            with self._lock, self._together():
                yield
        finally:
            self._here.untold = None
            if kinds:
                self._tell(kinds[0] if len(set(kinds)) == 1 else BATCH)

    def _tell(self, kind: str) -> None:
        # never under the lock: a listener may wait for a thread that waits for it
        untold: list[str] | None = getattr(self._here, "untold", None)
        if untold is not None:
            untold.append(kind)
            return
        for hear in tuple(self._listeners):
            hear(kind)
