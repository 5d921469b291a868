"""What is under way in this process: who needs what another thread is having made waits for it, and pays for nothing twice.

A cell that is run again leaves the worker of its old widget at work, on the same texts and clusters. Whoever begins claims what it
makes, by the cache and the key that it is kept under, and gives each claim up once that is kept; or all of them once it is stopped, and
then whoever waited takes over.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from elute.progress import Progress

POLL = 0.03
"""Seconds between two looks at what others have done by now, at least; of many keys a look takes longer, and is as rare."""


class Claim:
    """What one thread makes: some keys of a cache. ``others`` are claims on those that it asked for and that are made elsewhere."""

    def __init__(self, where: Hashable) -> None:
        self.where = where
        self.keys: set[Hashable] = set()
        self.others: dict[Hashable, Claim] = {}
        self._thread = threading.get_ident()
        self._made: dict[Hashable, Any] = {}

    def done(self, keys: Collection[Hashable], made: Any = None) -> None:
        """These are kept by now, and whoever waits for them need not wait for the rest; ``made`` is what came of it."""
        if made is not None:
            self._made.update(dict.fromkeys(keys, made))
        self._give_up(keys)

    def ended(self, progress: Progress) -> Iterator[tuple[Hashable, Any]]:
        """Wait for what others make: each key as it is over, and what came of it; None where that is kept, or was given up.

        Raises
        ------
        Cancelled
            From ``progress``.
        """
        while self.others:
            progress.check()
            began = time.monotonic()
            with _lock:
                there = _there.get(self.where, {})
                over = [key for key, other in self.others.items() if there.get(key) is not other]
            for key in over:
                yield key, self.others.pop(key)._made.get(key)
            if not over:
                time.sleep(max(POLL, 10 * (time.monotonic() - began)))

    def _take(self, keys: Collection[Hashable]) -> None:
        with _lock:
            there = _there.setdefault(self.where, {})
            for key in keys:
                other = there.get(key)
                # nobody waits for oneself: where no thread can be started, one job runs in the slices of another
                if other is None or other._thread == self._thread:
                    self.keys.add(key)
                    there[key] = self
                else:
                    self.others[key] = other

    def _give_up(self, keys: Collection[Hashable]) -> None:
        with _lock:
            there = _there.get(self.where, {})
            for key in keys:
                if there.get(key) is self:
                    del there[key]
            if not there:
                _there.pop(self.where, None)


@contextmanager
def claimed(where: Hashable, keys: Collection[Hashable]) -> Iterator[Claim]:
    """Claim what nobody makes, until the block ends or :meth:`Claim.done` is told.

    Look again inside the block for what is kept: another may have made it, and ended, just before. Wait for others behind it: two who
    waited inside might wait for each other.
    """
    claim = Claim(where)
    claim._take(keys)
    try:
        yield claim
    finally:
        claim._give_up(claim.keys)


_there: dict[Hashable, dict[Hashable, Claim]] = {}
_lock = threading.Lock()


def _forget() -> None:
    """The threads of a parent make nothing in its forked child."""
    global _lock
    _lock = threading.Lock()
    _there.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
