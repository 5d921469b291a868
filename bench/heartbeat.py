"""Whether a kernel stays responsive: the longest time its main thread had to wait for its turn while elute worked on another.

A notebook's cells, comms and interrupts all wait for the main thread. It sleeps 5 ms at a time here, and what is measured is how much
later it woke: longer than the interpreter's switch interval only where something held the GIL, or where the machine had no core free.

    python bench/heartbeat.py [rows]
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

BEAT = 0.005
"""Seconds between two beats."""


class Stages:
    """A progress that remembers which stage was reported when."""

    def __init__(self, tell: Any = None) -> None:
        self.times: list[float] = []
        self.names: list[str] = []
        self._tell = tell

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        """Note it, with the part of the message that is no number, and pass it on."""
        words = " ".join(word for word in message.split() if not any(letter.isdigit() for letter in word))
        name = f"{stage}: {words}" if words else stage
        if not self.names or self.names[-1] != name:
            self.times.append(time.perf_counter())
            self.names.append(name)
        if self._tell is not None:
            self._tell.report(stage, done, total, message)

    def check(self) -> None:
        """Pass the question on."""
        if self._tell is not None:
            self._tell.check()

    def at(self, when: float) -> str:
        """The stage at that time."""
        found = bisect_right(self.times, when) - 1
        return self.names[found] if found >= 0 else "start"


@dataclass
class Gap:
    """A beat that came late."""

    seconds: float
    stage: str
    where: str = ""


@dataclass
class Beats:
    """What was measured.

    Attributes
    ----------
    longest : Gap
    late : list of Gap
        Those of 50 ms and more, with the line of elute that ran when the main thread had its turn again: mostly the one that held
        the GIL, or the next.
    result : Any
        What the work returned.
    """

    longest: Gap
    late: list[Gap] = field(default_factory=list)
    result: Any = None


def beats(work: Callable[[Stages], Any], late: float = 0.05) -> Beats:
    """Run ``work(progress)`` on a thread and beat on this one until it ends. What it raises is raised here."""
    stages, ended = Stages(), threading.Event()
    told: list[Any] = []

    def run() -> None:
        try:
            told.append((work(stages), None))
        except BaseException as problem:
            told.append((None, problem))
        finally:
            ended.set()

    thread = threading.Thread(target=run, name="elute-worker", daemon=True)
    found = Beats(Gap(0.0, "start"))
    last = time.perf_counter()
    thread.start()
    while not ended.is_set():
        time.sleep(BEAT)
        now = time.perf_counter()
        seconds = max(0.0, now - last - BEAT)
        if seconds > min(found.longest.seconds, late) or seconds >= late:
            gap = Gap(seconds, stages.at((now + last) / 2), _where(thread) if seconds >= late else "")
            found.longest = max(found.longest, gap, key=lambda gap: gap.seconds)
            if seconds >= late:
                found.late.append(gap)
            now = time.perf_counter()  # looking took time too
        last = now
    result, problem = told[0]
    if problem is not None:
        raise problem
    found.result = result
    return found


def longest_gap(work: Callable[[Stages], Any], times: int = 1) -> tuple[float, str]:
    """Seconds of the longest gap, and the stage it fell into.

    Parameters
    ----------
    work : callable
        Given a progress; runs on a thread of its own.
    times : int
        Run so often, and the smallest of the longest gaps counts: another program's noise falls elsewhere each time.
    """
    found = min((beats(work).longest for _ in range(times)), key=lambda gap: gap.seconds)
    return found.seconds, found.stage


def steps(rows: int, home: str | Path, given: tuple[list[str], Any] | None = None) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """What a person starts, on texts and vectors that are given or made: name, and work to be given to :func:`beats`; in this order."""
    import numpy as np

    import elute
    from elute.corpus import Corpus
    from elute.prepare import Prepare, prepare

    texts, X = given or blobs(rows)
    yield "prepare", lambda progress: prepare(Corpus.from_data(texts), Prepare(), progress)
    session = elute.Session(texts, embedder=X, clusterer=elute.KMeans(20), projector="pca", path=Path(home) / "beats")
    yield "K-means, PCA", lambda progress: session.run(progress=progress)
    yield "names and verdicts", lambda progress: session.analyze(progress=progress)
    session.drop(np.random.default_rng(1).random(rows) < 0.05)
    yield "next round", lambda progress: session.run(progress=progress)
    yield "DBSCAN", lambda progress: session.run(progress=progress, clusterer="dbscan")
    yield "HDBSCAN", lambda progress: session.run(progress=progress, clusterer="hdbscan")
    yield "UMAP", lambda progress: session.run(progress=progress, clusterer=elute.KMeans(20), projector="umap")
    yield "refining the map", lambda progress: session.refine(progress=progress)
    yield "the whole table back", lambda progress: session.clean()


def blobs(rows: int, d: int = 64, groups: int = 30) -> tuple[list[str], Any]:
    """Texts of random words, and unit vectors (rows, d) float32 in groups."""
    import numpy as np

    random = np.random.default_rng(0)
    group = random.integers(0, groups, rows)
    words = random.integers(0, 200, (rows, 8)) + 200 * (group[:, None] % 5)
    X = random.normal(size=(groups, d))[group] + 0.7 * random.normal(size=(rows, d))
    texts = [f"row {row}: " + " ".join(f"word{word}" for word in line) for row, line in enumerate(words)]
    return texts, (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def _where(thread: threading.Thread) -> str:
    """Innermost line of elute in that thread, and the innermost of all."""
    frame = sys._current_frames().get(thread.ident or 0)
    lines = [f"{item.filename}:{item.lineno} {item.name}" for item in traceback.extract_stack(frame)] if frame else []
    ours = [line.split("/src/")[-1] for line in lines if "/src/elute/" in line]
    return " <- ".join(chain(lines[-1:] if lines and "/src/elute/" not in lines[-1] else [], ours[::-1][:3]))


def main() -> None:
    """Print each step's longest gap on synthetic texts, as a Markdown table."""
    from tempfile import TemporaryDirectory

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print("| step | seconds | longest gap, ms | in |\n|---|---|---|---|")
    with TemporaryDirectory() as home:
        for name, work in steps(rows, home):
            start = time.perf_counter()
            found = beats(work)
            print(f"| {name} | {time.perf_counter() - start:.2f} | {1000 * found.longest.seconds:.0f} | {found.longest.stage} |")
            for gap in found.late:
                print(f"    {1000 * gap.seconds:.0f} ms in {gap.stage}: {gap.where}", file=sys.stderr)


if __name__ == "__main__":
    main()
