"""Compiled loops of K-means: the nearest centre of each row, and sums that follow the rows that moved."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from elute.kernels import VECTORS, kernel

Array = NDArray[Any]


@kernel("void(float32[:, ::1], float32[::1], int64, int64, int32[::1], float32[::1], float32[::1])")
def nearest_centre(scores: Array, half: Array, start: int, stop: int, labels: Array, best: Array, gap: Array) -> None:
    """For rows start to stop of ``scores`` = X @ centres.T: which centre is nearest, its score, and how far the next one is behind.

    ``x.c - |c|^2 / 2`` is largest where |x - c| is smallest.
    """
    k = half.shape[0]
    for row in range(start, stop):
        first = scores[row, 0] - half[0]
        second = first - 1e30
        at = 0
        for centre in range(1, k):
            score = scores[row, centre] - half[centre]
            if score > first:
                second = first
                first = score
                at = centre
            elif score > second:
                second = score
        labels[row] = at
        best[row] = first
        gap[row] = first - second


@kernel("int64(int32[::1], float64[::1], float32[::1], float32[::1], int32[::1])")
def doubtful(labels: Array, weights: Array, moved: Array, gap: Array, rows: Array) -> int:
    """Rows whose centre may be another one, now that centres moved; ``gap`` is narrowed by as much as they could have gained.

    Hamerly (2010): a row whose lead exceeds what its centre lost and any other won needs no look.
    """
    largest, second, at = 0.0, 0.0, -1
    for centre in range(moved.shape[0]):
        if moved[centre] > largest:
            second, largest, at = largest, moved[centre], centre
        elif moved[centre] > second:
            second = moved[centre]
    found = 0
    for row in range(labels.shape[0]):
        if weights[row] <= 0.0:
            continue
        own = labels[row]
        gap[row] -= moved[own] + (second if own == at else largest)
        if gap[row] <= 0.0:
            rows[found] = row
            found += 1
    return found


@kernel(f"void({VECTORS}, float64[::1], int32[::1], int32[::1], int32[::1], int64, int64, float64[:, ::1])")
def move_rows(
    vectors: Array, weights: Array, rows: Array, before: Array, after: Array, start: int, stop: int, sums: Array
) -> None:
    """Take ``rows`` out of the sums of their cluster ``before`` (negative: they had none) and add them to ``after``.

    For columns start to stop: threads that share out columns, not rows, add in the same order however many there are.
    """
    for place in range(rows.shape[0]):
        row = rows[place]
        weight = weights[row]
        if weight <= 0.0:
            continue
        old, new = before[place], after[place]
        if new >= 0:
            for column in range(start, stop):
                sums[new, column] += weight * vectors[row, column]
        if old >= 0:
            for column in range(start, stop):
                sums[old, column] -= weight * vectors[row, column]


@kernel(f"void({VECTORS}, int64, int64, float32[::1])", fast=True)
def lengths(vectors: Array, start: int, stop: int, squared: Array) -> None:
    """|x|^2 of rows start to stop. Whatever is not finite stays so: a sum of squares has nothing to cancel."""
    for row in range(start, stop):
        total = vectors[row, 0] * vectors[row, 0]
        for column in range(1, vectors.shape[1]):
            total += vectors[row, column] * vectors[row, column]
        squared[row] = total
