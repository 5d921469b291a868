"""What the benches run on: real texts where ``ELUTE_DATA`` names their folder, made vectors beyond.

Real texts are embedded once, by elute, and its cache keeps their vectors.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FILES = ("banking77.csv.gz", "clinc150_full.csv.gz", "wiki_sents_noise_pool.csv.gz", "sms_spam.csv.gz", "sgd_user_turns.parquet")
D = 384


def timed(work: Callable[..., Any], *args: Any, **how: Any) -> tuple[float, Any]:
    """Seconds, and what came out."""
    start = time.perf_counter()
    made = work(*args, **how)
    return time.perf_counter() - start, made


def median(work: Callable[[], Any], times: int = 5) -> float:
    """Seconds, the middle one of several runs."""
    return float(np.median([timed(work)[0] for _ in range(times)]))


def real(n: int) -> tuple[list[str], Any] | None:
    """n distinct texts drawn from all sets, and their vectors (n, 384); None where there are no texts, or too few."""
    folder = os.environ.get("ELUTE_DATA")
    if not folder:
        return None
    texts = pd.concat([_column(Path(folder) / name) for name in FILES]).drop_duplicates()
    texts = texts[texts.str.strip() != ""]
    if len(texts) < n:
        return None
    chosen = texts.sample(n, random_state=0).tolist()
    import elute

    with tempfile.TemporaryDirectory() as path:
        return chosen, elute.Session(chosen, path=path, progress=True).embeddings().vectors


def made(n: int, seed: int = 0) -> tuple[list[str], Any]:
    """n rows that look like sentence vectors: unit length, 200 topics of different sizes, cosine .4 within one."""
    random = np.random.default_rng(seed)
    topics = random.normal(size=(200, D)).astype(np.float32)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    sizes = random.dirichlet(np.full(200, 2.0))
    X = np.empty((n, D), np.float32)
    words = random.integers(0, 5000, (n, 2))
    for start in range(0, n, 50_000):
        part = X[start : start + 50_000]
        own = random.choice(200, len(part), p=sizes)
        part[:] = 0.66 * topics[own] + random.normal(scale=0.75 / np.sqrt(D), size=part.shape)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return [f"word{a} word{b} number {row}" for row, (a, b) in enumerate(words)], X


@cache
def sample(n: int) -> tuple[list[str], Any, str]:
    """Texts and vectors, and which kind they are; the same ones in all of a run."""
    found = real(n)
    return (*found, "real texts") if found is not None else (*made(n), "made vectors")


@contextmanager
def no_cache() -> Iterator[str]:
    """A home of its own: a round that an earlier run computed would be found there, and nothing would be measured."""
    before = os.environ.get("ELUTE_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["ELUTE_HOME"] = home
        try:
            yield home
        finally:
            del os.environ["ELUTE_HOME"]
            if before is not None:
                os.environ["ELUTE_HOME"] = before


def _column(path: Path) -> pd.Series[str]:
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, keep_default_na=False)
    return table["text"].astype(str)
