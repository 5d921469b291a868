"""Noise given to the nearest cluster, where a person wants every row to belong somewhere."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from elute.cluster.result import NOISE
from elute.cluster.rows import Rows
from elute.options import option
from elute.plain import many
from elute.vectors import group

Noise = Literal["keep", "nearest"]
BLOCK = 16_384  # rows compared with all clusters between two looks at whether to stop

NOISE_OPTION = option(
    "keep", choices=("keep", "nearest"), help="Leave noise in no cluster, or give each row of it to the nearest cluster."
)


def given_away(rows: Rows, labels: NDArray[np.int32]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Labels without noise, and the sentence that says so.

    Parameters
    ----------
    labels : ndarray of shape (p,), int32
        Each row of noise goes to the cluster to whose mean, over its rows and their copies, its cosine is highest.
    """
    lost = np.flatnonzero(labels == NOISE)
    if not len(lost) or len(lost) == len(labels):
        return labels, ()
    whole = np.full(len(rows.X), NOISE - 1, np.int32)
    whole[rows.at] = labels
    groups = group(rows.X, whole, rows.weights, rows.progress)
    centres = groups.sums[: groups.k] / np.maximum(np.linalg.norm(groups.sums[: groups.k], axis=1, keepdims=True), 1e-12)
    towards = centres.astype(np.float32).T
    found = labels.copy()
    for start in range(0, len(lost), BLOCK):
        rows.progress.check()
        some = lost[start : start + BLOCK]
        found[some] = groups.names[np.argmax(rows.X[rows.at[some]] @ towards, axis=1)]
    given = int(rows.copies[lost].sum())
    return found, (f"{many(given)} of noise went to the nearest cluster, by the cosine to its mean.",)
