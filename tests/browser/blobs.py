"""Invented tables whose rows are where everybody knows: the kernel makes them, and the tests say which rows are which."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GROUPS = ("quokka", "bramble", "cassock", "dulcimer")  # words that neither the page nor JupyterLab uses
SIZE = 30
SCATTERED = 12
DIMENSIONS = 16


def rows(group: int) -> list[int]:
    """Positions of a group: every fourth row, so that no slice of the table is right by chance."""
    return list(range(group, SIZE * len(GROUPS), len(GROUPS)))


def without(*groups: int) -> list[int]:
    """Positions of all rows of the other groups."""
    return [row for row in range(SIZE * len(GROUPS)) if row % len(GROUPS) not in groups]


def scattered() -> list[int]:
    """Positions of the rows that belong to no group."""
    return list(range(SIZE * len(GROUPS), SIZE * len(GROUPS) + SCATTERED))


def index(positions: list[int]) -> list[str]:
    """What the table's index says at these positions; it is neither sorted nor a number."""
    return [f"{7 * row % 127:03d}-{row}" for row in positions]


def table(noise: bool = False) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Four tight groups of 30 rows, far from each other; with ``noise`` also 12 rows that are far from everything."""
    rng = np.random.default_rng(0)
    n = SIZE * len(GROUPS)
    group = np.arange(n) % len(GROUPS)
    vectors = 0.04 * rng.standard_normal((n, DIMENSIONS))
    vectors[np.arange(n), group] += 1
    texts = [f"{GROUPS[g]} number {row}" for row, g in enumerate(group)]
    labels = [GROUPS[g] for g in group]
    if noise:
        vectors = np.concatenate([vectors, np.eye(DIMENSIONS)[len(GROUPS) : len(GROUPS) + SCATTERED]])
        texts += [f"stray {row}" for row in scattered()]
        labels += ["stray"] * SCATTERED
    frame = pd.DataFrame({"text": texts, "label": labels}, index=index(list(range(len(texts)))))
    return frame, vectors
