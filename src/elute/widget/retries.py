"""What a page asks twice is done once, and nothing is done before what it was asked after.

A socket that drops loses messages both ways, so a page asks again, by the same id, for whatever was not answered. Readings may be
repeated; *acts* change something. Of acts the last answers are remembered, and each names the act before it that was still without
an answer when it was sent: a save that arrives before its selection, or an undo before its drop, would mean other rows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from elute.widget.protocol import READINGS, REQUESTS

REMEMBERED = 128
"""Answers that are kept; a page that waits for more was away for longer than it has patience."""

Reply = tuple[dict[str, Any], bytes | None]


class Retries:
    """The acts of one widget, by the ids of their requests. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._acts: OrderedDict[str, Reply | None] = OrderedDict()

    def begin(self, request: str) -> bool:
        """Whether this act is new; False where it is in hand or done."""
        with self._lock:
            if request in self._acts:
                return False
            self._acts[request] = None
            while len(self._acts) > REMEMBERED:
                self._acts.popitem(last=False)
            return True

    def end(self, request: str, reply: Reply) -> None:
        """Keep what was answered, for as long as it may be asked again."""
        with self._lock:
            if request in self._acts:
                self._acts[request] = reply

    def forget(self, request: str) -> None:
        """It was stopped before it had an answer: the next time it is new."""
        with self._lock:
            self._acts.pop(request, None)

    def answer(self, request: str) -> Reply | None:
        """What was answered; None where the act is in hand, and its answer is still to come."""
        with self._lock:
            return self._acts.get(request)

    def early(self, after: str) -> bool:
        """Whether the act that had to come first has not come."""
        with self._lock:
            return bool(after) and after not in self._acts


def acts(name: str) -> bool:
    """Whether a request changes something."""
    return name in REQUESTS and name not in READINGS
