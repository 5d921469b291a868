"""Answers that were asked for and that nobody waits for any more: whoever asks the same again gets them.

A judging is put off when a person asks for something else. What was sent by then is charged, so it comes to its end, and its answer is
held here until the judging goes on; nothing new is sent meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

from elute.errors import Cancelled

T = TypeVar("T")
MOST = 200
"""Answers that are held; of more, the oldest go."""
POLL = 0.03
"""Seconds between two looks at whether one who waits was stopped."""


class Line(Protocol):
    """What a question goes through: see :class:`elute.analyze.chat.Chat`."""

    @property
    def stopped(self) -> bool: ...
    @property
    def cut(self) -> bool: ...


class UnderWay:
    """Questions that were asked, by a key of what decides their answer. Safe across threads."""

    def __init__(self) -> None:
        self._asked: dict[Hashable, _Asked] = {}
        self._lock = threading.Lock()

    def ask(self, key: Hashable, work: Callable[[], T], chat: Line) -> T:
        """What ``work`` returns, now or in another thread that asks, or asked, the same. It is held until :meth:`taken`.

        What was cut off is not waited for: it may hang, and that may be why.

        Raises
        ------
        Exception
            What ``work`` raises; nothing is held then.
        Cancelled
            ``chat`` was stopped while another thread asks.
        """
        while True:
            with self._lock:
                there = self._asked.get(key)
                if there is None or there.lost:
                    there = None
                    mine = self._asked[key] = _Asked(chat)
            if there is None:
                return self._do(key, mine, work)
            while not there.done.wait(POLL) and not there.lost:
                if chat.stopped:
                    raise Cancelled("judging was stopped")
            if there.worked:
                answer: T = there.answer
                return answer

    def taken(self, key: Hashable) -> None:
        """The answer reached whoever asked: it is held no longer."""
        with self._lock:
            self._asked.pop(key, None)

    def _do(self, key: Hashable, mine: _Asked, work: Callable[[], T]) -> T:
        try:
            answer = work()
            mine.answer, mine.worked = answer, True
            return answer
        finally:
            with self._lock:
                if not mine.worked and self._asked.get(key) is mine:
                    del self._asked[key]
                done = [old for old, asked in self._asked.items() if asked.worked]
                for old in done[: max(0, len(done) - MOST)]:
                    del self._asked[old]
            mine.done.set()


class _Asked:
    """A question, and its answer once it is there."""

    def __init__(self, chat: Line) -> None:
        self.chat, self.done, self.worked = chat, threading.Event(), False
        self.answer: Any = None

    @property
    def lost(self) -> bool:
        """Whether no answer will come."""
        return self.chat.cut and not self.worked
