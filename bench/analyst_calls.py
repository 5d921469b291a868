"""What judging with a model costs in time and calls, against a real server on this machine that answers after 300 ms.

One hundred clusters of texts made up here are judged through a session, with openai's own HTTP stack. The ideal is
``ceil(clusters / concurrency)`` rounds of the server's time. Then: the second run with nothing changed, a run after 5 % of the rows
were dropped, and a run against a server that lets through so many requests a second and says 429 to the others.

    python bench/analyst_calls.py [clusters] [milliseconds]
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from openai_server import Behaviour, OpenAIServer

WORDS = "card rate loan wire fund coin bank note bond cash debt gold rent sale safe swap teller vault yield asset".split()
CONCURRENCY = (1, 4, 8, 16)
PER_SECOND = 8
"""Requests that the strict server lets through in a second."""


def table(clusters: int, rows: int = 30) -> tuple[list[str], np.ndarray]:
    """Texts and vectors (n, 32) of so many round clusters."""
    random = np.random.default_rng(0)
    centres = random.normal(size=(clusters, 32))
    labels = np.repeat(np.arange(clusters), rows)
    X = centres[labels] + random.normal(scale=0.05, size=(len(labels), 32))
    texts = [f"{WORDS[c % 20]} {WORDS[c // 20 % 20]} number {i} of kind {c}" for i, c in enumerate(labels)]
    return texts, (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


class Strict(OpenAIServer):
    """Lets a few requests through in each second, and tells the others how long to wait."""

    def received(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Behaviour:
        behaviour = super().received(path, headers, body)
        now = time.monotonic()
        with self._lock:
            self.passed = [at for at in getattr(self, "passed", []) if now - at < 1]
            if len(self.passed) >= PER_SECOND:
                return Behaviour("429", round(1 - (now - self.passed[0]), 3))
            self.passed.append(now)
        return behaviour


def answers(seconds: float) -> Any:
    """An answer by rules, after so long."""

    def chat(body: dict[str, Any]) -> str:
        time.sleep(seconds)
        if "clustering as a whole" in body["messages"][0]["content"]:
            return json.dumps(
                {"more_or_fewer": "same", "suggested": None, "reason": "", "merge": [], "split": [], "imbalance": "", "next": ""}
            )
        return json.dumps(
            {"name": f"kind {threading.get_ident() % 997}", "summary": "A kind.", "verdict": "keep", "reasons": ["fits"],
             "quality": 0.9, "confidence": 0.9, "trim": []}
        )  # fmt: skip

    return chat


def session(server: OpenAIServer, folder: Path, clusters: int, concurrency: int) -> Any:
    """A session on the table, with a round, whose analyst asks that server."""
    from elute import KMeans, Session
    from elute.analyze import OpenAIAnalyst

    texts, X = table(clusters)
    analyst = OpenAIAnalyst(base_url=server.base_url, concurrency=concurrency)
    s = Session(texts, embedder=X, clusterer=KMeans(clusters), projector="pca", analyst=analyst, path=folder)
    s.run()
    return s


def judged(s: Any, server: OpenAIServer) -> tuple[float, int, int]:
    """Seconds of the clusters alone (without the overview, which waits for all of them), requests, clusters that failed."""
    before, done = len(server.requests), 0.0
    started = time.perf_counter()

    def tell(said: Any) -> None:
        nonlocal done
        if said.overview is None:
            done = time.perf_counter() - started

    views = len(s.views())
    started = time.perf_counter()
    said = s.analyze(tell=tell)
    assert len(said.clusters) == views
    return done, len(server.requests) - before, sum(one.status == "failed" for one in said.clusters.values())


def main(clusters: int = 100, milliseconds: int = 300) -> None:
    """Print one line a measurement."""
    print(f"{clusters} clusters, a server that answers in {milliseconds} ms")
    for concurrency in CONCURRENCY:
        with tempfile.TemporaryDirectory() as folder, OpenAIServer(answers(milliseconds / 1000)) as server:
            os.environ["ELUTE_HOME"] = folder
            s = session(server, Path(folder) / "s", clusters, concurrency)
            s.views()  # choosing the texts takes the same time for every analyst
            ideal = math.ceil(clusters / concurrency) * milliseconds / 1000
            took, calls, failed = judged(s, server)
            print(
                f"  concurrency {concurrency:2}: {took / ideal:.2f} times the ideal ({took:.1f} s of {ideal:.1f} s), {calls} calls,"
                f" {failed} failed, at most {server.most_busy} at once"
            )
            if concurrency == 4:
                _, calls, _ = judged(s, server)
                print(f"  again, nothing changed: {calls} calls about clusters and the whole")
                again = session(server, Path(folder) / "s", clusters, concurrency)
                print(f"  again in another session: {judged(again, server)[1]} calls")
                s.drop(np.random.default_rng(1).choice(np.flatnonzero(s.round.labels < clusters // 20), 30, replace=False))
                changed = len({int(c) for c in s.labels()[s.dropped]})
                s.run()
                print(f"  after a drop in {changed} clusters: {judged(s, server)[1]} calls")
    with tempfile.TemporaryDirectory() as folder, Strict(answers(0.05)) as server:
        os.environ["ELUTE_HOME"] = folder
        few = min(clusters, 40)
        took, calls, failed = judged(session(server, Path(folder) / "s", few, 8), server)
        print(f"  {PER_SECOND} requests a second let through: {few} clusters, {failed} failed, {calls} calls, {took:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
