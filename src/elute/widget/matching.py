"""Which texts hold words or match a regular expression, within a time that a person waits for."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.offload import CannotStart, aside
from elute.progress import Progress

LIMIT = 12.0
"""Seconds that a pattern may take over all texts; a plain one takes 1 or 2 for a million on an idle machine."""
STUCK = 2.0
"""Seconds after which a pattern that came no further is given up."""
EVERY = 32
"""Texts between two looks at the clock, where a pattern may take long on each."""
TOO_LONG = "This pattern takes too long on these texts. Make it simpler: repetitions inside others, such as (a+)+, are slow."


class _Late(Exception):
    """The time is up."""


def matching(
    texts: Sequence[str | None],
    query: str,
    *,
    regex: bool = False,
    among: NDArray[np.bool_] | None = None,
    limit: float = LIMIT,
    stuck: float = STUCK,
) -> NDArray[np.bool_]:
    """Rows whose text holds the query, upper and lower case being the same.

    Parameters
    ----------
    texts : sequence of n str or None
    query : str
    regex : bool
        The query is a regular expression.
    among : ndarray of shape (n,), bool, optional
        Only these rows are asked.
    limit, stuck : float
        Seconds for all of them, and for a few.

    Raises
    ------
    InputError
        It is no regular expression, or takes too long. A match holds the GIL, so that one that runs away would stop the whole
        kernel. In the main thread of a system with timers a signal ends it. Elsewhere (ipykernel 7 runs this in a thread of its
        own, and Windows has no such timers) a pattern with repetitions is tried in a helper process, which can be killed.
    """
    found = np.zeros(len(texts), bool)
    rows = np.arange(len(texts)) if among is None else np.flatnonzero(among)
    if regex and not _interruptible() and _repeats(query):
        with suppress(CannotStart):
            return _aside(texts, rows, query, _Clock(limit, stuck))
    size = EVERY if regex else 128 * EVERY
    with _timed(limit, stuck) as came_further:
        holds = _pattern(query) if regex else _words(query)
        for start in range(0, len(rows), size):
            came_further()
            part = rows[start : start + size].tolist()
            found[part] = [text is not None and holds(text) for text in map(texts.__getitem__, part)]
    return found


def _words(query: str) -> Callable[[str], bool]:
    words = query.casefold()
    return lambda text: words in text.casefold()


def _pattern(query: str) -> Callable[[str], bool]:
    try:
        search = re.compile(query, re.IGNORECASE).search
    except (re.error, OverflowError, RecursionError) as problem:
        told = str(problem) if isinstance(problem, re.error) else "it is too large"
        raise InputError(f"This is not a regular expression: {told}.") from None
    return lambda text: search(text) is not None


def _repeats(query: str) -> bool:
    """Whether a pattern could take long on a single text: without repetitions it can't."""
    _pattern(query)
    return any(sign in query for sign in "*+?{")


def _interruptible() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _aside(texts: Sequence[str | None], rows: NDArray[np.int64], query: str, clock: _Clock) -> NDArray[np.bool_]:
    found = np.zeros(len(texts), bool)
    there = [(row, text.encode("utf-8", "surrogatepass")) for row in rows.tolist() if (text := texts[row]) is not None]
    if there:
        joined = np.frombuffer(b"".join(raw for _, raw in there) or b" ", np.uint8)
        ends = np.cumsum([len(raw) for _, raw in there])
        told, _ = aside("elute.widget.matching:run", {"joined": joined, "ends": ends}, {"query": query}, clock)
        found[[row for row, _ in there]] = told["found"]
    return found


def run(
    arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """In the helper process: which of the texts, joined as UTF-8, match."""
    holds, joined = _pattern(params["query"]), arrays["joined"].tobytes()
    found = np.zeros(len(arrays["ends"]), bool)
    start, told = 0, 0.0
    for at, end in enumerate(arrays["ends"].tolist()):
        if at % EVERY == 0 and time.monotonic() - told > 0.1:
            told = time.monotonic()
            progress.report("search", at, len(found))
        found[at] = holds(joined[start:end].decode("utf-8", "surrogatepass"))
        start = end
    return {"found": found}, {}


class _Clock:
    """Ends what runs for ``limit`` seconds, or, once it has begun, for ``stuck`` seconds without a report."""

    def __init__(self, limit: float, stuck: float) -> None:
        self._end, self._stuck = time.monotonic() + limit, stuck
        self._wound: float | None = None

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        self._wound = time.monotonic()

    def check(self) -> None:
        now = time.monotonic()
        if now > self._end or (self._wound is not None and now - self._wound > self._stuck):
            raise InputError(TOO_LONG)


@contextmanager
def _timed(limit: float, stuck: float) -> Iterator[Callable[[], None]]:
    """Ends what runs for ``limit`` seconds, or for ``stuck`` seconds without a call of what this gives."""
    end = time.monotonic() + limit

    def look() -> None:
        if time.monotonic() > end:
            raise _Late

    try:
        if _interruptible():
            with _alarm(stuck):

                def wind() -> None:
                    look()
                    signal.setitimer(signal.ITIMER_REAL, stuck)

                yield wind
        else:
            yield look
    except _Late:
        raise InputError(TOO_LONG) from None


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Also in the middle of one match: the engine looks for signals as it goes."""
    running = True

    def stop(number: int, frame: Any) -> None:
        if running:
            raise _Late

    begun = time.monotonic()
    handler = signal.signal(signal.SIGALRM, stop)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if left:  # somebody else's alarm goes on, as late as it would have been
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - begun), 0.001), interval)
