"""The helper process, ``python -m elute.offload``: answers calls on stdin and stdout, one at a time, while its parent lives."""

from __future__ import annotations

import os
import queue
import socket
import sys
import threading
import time
from typing import Any, BinaryIO

from elute.errors import EluteError
from elute.offload import shared
from elute.offload.target import run
from elute.offload.wire import Arrays, receive, send


class _Sender:
    """Progress that goes to the parent, at most ten times a second; a new stage or message goes at once."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._last, self._next = out, ("", ""), 0.0

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        now = time.monotonic()
        if (stage, message) != self._last or now >= self._next:
            self._last, self._next = (stage, message), now + 0.1
            send(self._out, {"kind": "progress", "report": [stage, int(done), int(total), message]})

    def check(self) -> None:
        """A cancel kills this process, so there is nothing to ask."""


def main() -> None:
    """Answer until stdin ends."""
    line = shared.inherited(int(sys.argv[1])) if len(sys.argv) > 1 else None
    inbox, out = _streams()
    calls: queue.SimpleQueue[tuple[dict[str, Any], Arrays]] = queue.SimpleQueue()
    send(out, {"kind": "ready"})  # before it listens: a death in a call is then never taken for a helper that can't start
    threading.Thread(target=_listen, args=(inbox, line, calls), daemon=True).start()
    while True:
        # nothing keeps what was sent or found: between two calls the helper holds no array
        send(out, *_answer(*calls.get(), _Sender(out)), line)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, taken off file descriptors 0 and 1: no ``print``, in Python or in C, can reach the protocol."""
    inbox, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return inbox, out


def _listen(inbox: BinaryIO, line: socket.socket | None, calls: queue.SimpleQueue[tuple[dict[str, Any], Arrays]]) -> None:
    """Read calls. Here, beside the work, the end of the parent is noticed even in the middle of a fit."""
    try:
        while True:
            calls.put(receive(inbox, line))
    except (EOFError, OSError):
        os._exit(0)


def _answer(call: dict[str, Any], arrays: Arrays, progress: _Sender) -> tuple[dict[str, Any], Arrays]:
    try:
        results, notes = run(call["target"], arrays, call["params"], progress)
    except Exception as error:
        known = isinstance(error, EluteError)
        lines = str(error).strip().splitlines() or [""]
        message = str(error) if known else f"{type(error).__name__}: {lines[-1]}"
        return {
            "kind": "error",
            "type": type(error).__name__ if known else "",
            "message": message,
            "state": vars(error) if known else {},
        }, {}
    return {"kind": "done", "results": notes}, results


if __name__ == "__main__":
    main()
