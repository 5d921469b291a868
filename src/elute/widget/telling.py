"""Traits that any thread writes: stored and sent to the page one after the other, and told to a person's observers by no lock.

An observer may ask for anything, also for what another thread holds while it waits to write a trait: told under the lock, the two would
wait for each other for ever. And it may raise, which must not end the decision that it hears of.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anywidget

log = logging.getLogger("elute")


class Telling(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget has no types for its base
    """A widget that several threads write to, each within :meth:`_writing`."""

    def __init__(self, **traits: Any) -> None:
        self._guard = threading.RLock()
        self._mine = threading.local()
        super().__init__(**traits)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write traits while no other thread does; observers hear of them once it is over. What they raise is logged."""
        if self._unheard is not None:
            yield  # within another: that one tells
            return
        unheard: list[Any] = []
        self._mine.unheard = unheard
        try:
            with self._guard:
                yield
        finally:
            self._mine.unheard = None
            for change in unheard:
                self._heard_of(change)

    @property
    def _unheard(self) -> list[Any] | None:
        """What this thread wrote and told nobody; None while it writes nothing, or the widget is not made yet."""
        return getattr(self.__dict__.get("_mine"), "unheard", None)

    def _heard_of(self, change: Any) -> None:
        try:
            super()._notify_observers(change)
        except Exception as problem:
            # its message may hold texts of the user's: kind and place are enough to find it
            last = problem.__traceback__
            while last is not None and last.tb_next is not None:
                last = last.tb_next
            place = "" if last is None else f" ({last.tb_frame.f_code.co_filename}, line {last.tb_lineno})"
            log.error("an observer of %r raised %s%s", change["name"], type(problem).__name__, place)

    def _notify_observers(self, event: Any) -> None:
        # what ipywidgets sends to the page has left by now, in the order in which it was written
        if (unheard := self._unheard) is None:
            super()._notify_observers(event)
        else:
            unheard.append(event)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """What the page writes. Nobody else writes meanwhile: where one trait is refused, traitlets takes all back that was written."""
        with self._writing():
            super().set_state(sync_data)
