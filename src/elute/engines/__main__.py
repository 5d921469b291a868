"""A worker, ``python -m elute.engines``: a task a line on stdin, an answer a line on stdout, until stdin ends."""

from __future__ import annotations

import json
import os
import signal
import sys

from elute.engines.inline import attempt


def main() -> None:
    """Answer until stdin ends, that is, while the parent lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's to hear
    inbox, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # no print of any library reaches the answers
    sys.stdout = sys.stderr
    for line in inbox:
        out.write(json.dumps(attempt(json.loads(line))).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
