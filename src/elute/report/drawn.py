"""The map of a round as a static picture: one path a cluster, so 20,000 points are some hundred kilobytes and open at once."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np
from numpy.typing import NDArray

from elute.figures.map import COLORS
from elute.report.document import Picture
from elute.rounds.round import OUTSIDE, Round

WIDTH, HEIGHT, EDGE = 1200, 800, 30
"""Of the picture's own units."""
POINTS = 20_000
"""Points that are drawn at most; of more, every so manieth, and the caption says so."""
NAMED = 12
"""Clusters whose names are written on the map, the largest first, each where no other name stands."""
LETTER = 15
"""Width of a letter, for names that would meet."""
CROSS = "m-4-4l8 8m0-8l-8 8m4-4"
RING = "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0m4 0"
DOT = "h0"


def drawn(made: Round, names: Mapping[int, str], went: NDArray[np.bool_], reference: NDArray[np.bool_] | None = None) -> Picture:
    """The 2D map.

    Parameters
    ----------
    made : Round
    names : dict of int to str
        Name of each cluster.
    went : ndarray of shape (n,), bool
        Rows of the round that were dropped after it: crosses.
    reference : ndarray of shape (n,), bool, optional
        Rows of a reference, which the caption counts besides.
    """
    coords = made.coords[2]
    there = np.flatnonzero((made.labels > OUTSIDE) & np.isfinite(coords).all(axis=1))
    if not len(there):
        return Picture("", "No row of this round has a place on the map.")
    shown = there[:: -(-len(there) // POINTS)]
    at = _places(coords[there], coords[shown])
    labels, gone = made.labels[shown], went[shown]
    width = 9 if len(shown) < 1000 else 6 if len(shown) < 6000 else 4
    drawn_, centres = [], {}
    for cluster in sorted(int(number) for number in np.unique(labels)):
        rows = labels == cluster
        name = escape(names.get(cluster, f"cluster {cluster}"))
        centres[cluster] = np.median(at[rows], axis=0)
        points = _path(at[rows & ~gone], RING if cluster == -1 else DOT)
        if points:
            colour = "" if cluster == -1 else f' stroke="{COLORS[cluster % len(COLORS)]}" stroke-width="{width}"'
            drawn_.append(
                f'<path class="{"noise" if cluster == -1 else "dots"}"{colour} d="{points}"><title>{name}</title></path>'
            )
    if gone.any():
        drawn_.append(f'<path class="gone" d="{_path(at[gone], CROSS)}"><title>dropped after this round</title></path>')
    sizes = {cluster: int((made.labels == cluster).sum()) for cluster in centres if cluster >= 0}
    order = sorted(sizes, key=lambda cluster: (-sizes[cluster], cluster))
    words = _words([(names.get(cluster, f"cluster {cluster}"), centres[cluster]) for cluster in order])
    beside = 0 if reference is None else int(reference[there].sum())
    of_them = f", {beside:,} of them of the reference," if beside else ""
    alt = f"Map of round {made.number}: {len(there):,} rows{of_them} in {len(sizes):,} clusters"
    svg = f'<svg class="map" role="img" aria-label="{escape(alt)}" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(drawn_)}{words}</svg>'
    said = [f"{len(shown):,} of {len(there):,} rows are drawn." if len(shown) < len(there) else ""]
    said.append("Rings are noise." if (labels == -1).any() else "")
    said.append(
        f"Crosses are the {int((went & (made.labels > OUTSIDE)).sum()):,} rows that were dropped after this round."
        if gone.any()
        else ""
    )
    return Picture(svg, " ".join(filter(None, [alt + ".", *said])))


def _places(all_: NDArray[np.float32], some: NDArray[np.float32]) -> NDArray[np.int64]:
    """Whole units of the picture, both axes on one scale; far outliers lie at the edge rather than press the rest together."""
    low, high = np.percentile(all_.astype(float), [0.2, 99.8], axis=0)
    middle, scale = (low + high) / 2, max(float(((high - low) / (WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE)).max()), 1e-9)
    at = (some - middle) / scale * (1, -1) + (WIDTH / 2, HEIGHT / 2)
    low, high = np.full(2, EDGE / 2), np.array([WIDTH, HEIGHT]) - EDGE / 2
    return np.asarray(np.rint(np.clip(at, low, high)), np.int64)


def _path(at: NDArray[np.int64], mark: str) -> str:
    """A mark at each place. Places are steps from the last one, so most take four signs; what lies on another is drawn once."""
    at = np.unique(at, axis=0)
    steps = np.diff(at, axis=0, prepend=np.zeros((1, 2), np.int64))
    return "".join(f"m{x}{y if y < 0 else f' {y}'}{mark}" for x, y in steps.tolist())


def _words(named: list[tuple[str, NDArray[np.float64]]]) -> str:
    found: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for name, (x, y) in named:
        name = name if len(name) <= 28 else name[:27] + "…"
        half = len(name) * LETTER / 2
        x = min(max(x, half), WIDTH - half)
        box = (x - half, y - 18, x + half, y + 18)
        if len(found) == NAMED or any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes):
            continue
        boxes.append(box)
        found.append(f'<text x="{x:.0f}" y="{y + 9:.0f}" aria-hidden="true">{escape(name)}</text>')
    return "".join(found)
