"""What the nearest texts say of a row's label: each distinct text has one vote, the row's own copies have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

ASKED = 10
"""Nearest texts that vote."""
BLOCK = 16_384


@dataclass(frozen=True, eq=False)
class Votes:
    """Of each of ``r`` rows.

    Attributes
    ----------
    own, share : ndarray of shape (r,), float32
        Share of the voting neighbours that bear the row's label, and the other label that most of them bear; 0 to 1.
    other : ndarray of shape (r,), int32
        That other label; -1: none.
    agreeing : ndarray of shape (r,), int8
        Neighbours that bear that other label, of the 10. Where few of them have a label at all, a share says little.
    """

    own: NDArray[np.float32]
    share: NDArray[np.float32]
    other: NDArray[np.int32]
    agreeing: NDArray[np.int8]


def one_label(of: NDArray[np.integer[Any]], codes: NDArray[np.integer[Any]], p: int) -> NDArray[np.int32]:
    """(p,) the label that more than half of the labelled rows of each vector bear; -1 where there is none."""
    rows = np.flatnonzero((codes >= 0) & (of >= 0))
    found = np.full(p, -1, np.int32)
    order = rows[np.lexsort((codes[rows], of[rows]))]
    if not len(order):
        return found
    vector, code = of[order], codes[order]
    starts = np.flatnonzero(np.r_[True, (vector[1:] != vector[:-1]) | (code[1:] != code[:-1])])
    counts = np.diff(np.r_[starts, len(order)])
    most = counts * 2 > np.bincount(vector, minlength=p)[vector[starts]]
    found[vector[starts[most]]] = code[starts[most]]
    return found


def votes(
    of: NDArray[np.integer[Any]],
    codes: NDArray[np.int32],
    labels: NDArray[np.int32],
    neighbors: Neighbors,
    progress: Progress = SILENT,
) -> Votes:
    """Count what the nearest texts say.

    Parameters
    ----------
    of : ndarray of shape (r,), int
        Vector of each row.
    codes : ndarray of shape (r,), int32
        Label of each row; -1: none.
    labels : ndarray of shape (p,), int32
        One label a vector, or -1: :func:`one_label`.
    neighbors : Neighbors
        Over the p vectors.
    """
    near = neighbors.indices[:, :ASKED]
    r = len(of)
    own, share = np.zeros(r, np.float32), np.zeros(r, np.float32)
    other, agreeing = np.full(r, -1, np.int32), np.zeros(r, np.int8)
    for start in range(0, r if near.shape[1] else 0, BLOCK):
        progress.check()
        block = slice(start, start + BLOCK)
        told = labels[near[of[block]]]
        mine = told == codes[block, None]
        there = told >= 0
        counts = np.zeros(told.shape, np.int8)
        for column in range(told.shape[1]):
            counts += told == told[:, column : column + 1]
        counts[mine | ~there] = 0
        best, rows = counts.argmax(axis=1), np.arange(len(told))
        all_ = np.maximum(there.sum(axis=1), 1)
        agreeing[block] = counts[rows, best]
        own[block] = (mine & there).sum(axis=1) / all_
        share[block] = agreeing[block] / all_
        other[block] = np.where(agreeing[block] > 0, told[rows, best], -1)
    return Votes(own, share, other, agreeing)
