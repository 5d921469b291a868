"""Rounds after 5 % were removed, in a process of their own: seconds of each, and memory above the vectors at the worst.

python bench/steady.py rows [vectors.npy]    prints JSON
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import numpy as np
from data import made, timed

K = 30
ROUNDS = 5


def steady(n: int, path: str | None) -> dict[str, Any]:
    """A first round with a PCA map, and then five times: 5 % dropped, the next round, back again."""
    texts, X = made(n) if path is None else ([f"text {row}" for row in range(n)], np.load(path)[:n])
    with tempfile.TemporaryDirectory() as home:
        os.environ["ELUTE_HOME"] = home
        import elute

        session = elute.Session(texts, embedder=X, clusterer=elute.KMeans(K), projector="pca", path=Path(home) / "s")
        watch = Watch()
        prepare, _ = timed(session.embeddings)
        first, whole = timed(session.run)
        random = np.random.default_rng(1)
        seconds = []
        for _ in range(ROUNDS):
            session.drop(random.random(n) < 0.05)
            seconds.append(timed(session.run)[0])
            session.undo()
            session.run()
    peak = watch.stop()
    return {"n": n, "prepare": prepare, "first": first, "next": float(np.median(seconds)), "all": seconds,
            "vectors": X.nbytes, "above": peak, "clusters": whole.metrics["clusters"]}  # fmt: skip


class Watch:
    """Resident memory above where it began, at its highest."""

    def __init__(self) -> None:
        self._begin = _resident()
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            self._peak = max(self._peak, _resident() - self._begin)

    def stop(self) -> int:
        """Bytes."""
        self._over.set()
        self._thread.join()
        return self._peak


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    print(json.dumps(steady(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)))
