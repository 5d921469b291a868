"""Big invented tables for soak and load: four far groups and a small one, whose vectors are given."""

from __future__ import annotations

import resource
import sys

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEW = 100
"""Rows of the small group: the last of the table."""


def table(n: int) -> tuple[pd.DataFrame, NDArray[np.float32]]:
    """``n`` short texts, all different, and their vectors (n, 16)."""
    random = np.random.default_rng(0)
    group = np.arange(n) % 4
    group[-FEW:] = 4
    vectors = (0.03 * random.standard_normal((n, 16))).astype(np.float32)
    vectors[np.arange(n), group] += 1
    return pd.DataFrame({"text": [f"row {i} of group {g}" for i, g in enumerate(group)]}), vectors


def held() -> int:
    """Bytes of memory that this process has now."""
    try:
        with open("/proc/self/statm") as told:  # noqa: PTH123
            return int(told.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
