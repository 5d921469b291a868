"""HDBSCAN by its smallest cluster: how many clusters, how much noise, and where both jump. Draws docs/cliff.svg, prints a Markdown table.

    ELUTE_DATA=folder python bench/cliff.py

BANKING77 (13,083 questions, 77 intents) with Sentence-BERT; the reduced space at three seeds, and the full space. A minute once the
vectors are in the cache.
"""

from __future__ import annotations

import os
import tempfile
from math import log10
from pathlib import Path

import pandas as pd
from data import FILES

import elute
from elute.cluster import Sweep

WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT = 640, 320, 62, 46, 150
SEEDS = 3
COLOURS = {"reduced": "#0072b2", "full": "#d55e00"}
WORDS = {"reduced": "on a UMAP of 5", "full": "in all dimensions"}


def sweeps(texts: list[str]) -> dict[str, list[Sweep]]:
    """What HDBSCAN finds by ``min_cluster_size``: on a UMAP of five dimensions at each seed, and in all dimensions."""
    found: dict[str, list[Sweep]] = {"reduced": [], "full": []}
    for seed in range(SEEDS):
        with tempfile.TemporaryDirectory() as path:
            session = elute.Session(texts, clusterer=elute.HDBSCAN(), projector="pca", seed=seed, path=path)
            session.run()
            found["reduced"].append(session.preview())
            if seed == 0:  # no chance is in it
                session.run(clusterer=elute.HDBSCAN(space="full"))
                found["full"].append(session.preview())
    return found


def table(found: dict[str, list[Sweep]]) -> str:
    """Clusters and share of noise, a row a value."""
    heads = [f"{WORDS[space]}, seed {seed}" for space, made in found.items() for seed in range(len(made))]
    lines = [f"| smallest cluster | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    every = [sweep for made in found.values() for sweep in made]
    for at, value in enumerate(every[0].values):
        cells = [f"{sweep.clusters[at]:,} ({sweep.noise[at]:.0%} noise)" for sweep in every]
        lines.append(f"| {value:.0f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def draw(found: dict[str, list[Sweep]], path: Path) -> None:
    """Clusters by the smallest cluster, both on a log scale; a line a seed, a dot a value."""
    every = [sweep for made in found.values() for sweep in made]
    values = every[0].values
    top = max(max(sweep.clusters) for sweep in every)
    floor = HEIGHT - BOTTOM

    def place(value: float, clusters: int) -> tuple[float, float]:
        x = LEFT + log10(value / values[0]) / log10(values[-1] / values[0]) * (WIDTH - LEFT - RIGHT)
        return x, floor - log10(max(clusters, 1)) / log10(top) * (floor - 24)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="#5f6570">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<path d="M{LEFT},20V{floor}H{WIDTH - RIGHT + 10}" fill="none" stroke="#c9ced6"/>',
    ]
    for space, made in found.items():
        for sweep in made:
            points = [place(*point) for point in zip(sweep.values, sweep.clusters, strict=True)]
            joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            parts.append(f'<polyline fill="none" stroke="{COLOURS[space]}" stroke-width="2" points="{joined}"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[space]}"/>' for x, y in points]
        x, y = place(made[0].values[-1], made[0].clusters[-1])
        parts.append(f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" fill="{COLOURS[space]}">{WORDS[space]}</text>')
    for value in values[::2]:
        x, _ = place(value, 1)
        parts.append(f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle">{value:.0f}</text>')
    for clusters in (1, 10, 100):
        parts.append(f'<text x="{LEFT - 8}" y="{place(values[0], clusters)[1] + 4:.1f}" text-anchor="end">{clusters}</text>')
    parts.append(f'<text x="{LEFT}" y="14">clusters that HDBSCAN finds in BANKING77</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">smallest cluster (rows)</text></svg>'
    )
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def main() -> None:
    """Sweep, draw, print."""
    texts = pd.read_csv(Path(os.environ["ELUTE_DATA"]) / FILES[0])["text"].tolist()
    found = sweeps(texts)
    draw(found, Path(__file__).resolve().parent.parent / "docs" / "cliff.svg")
    print(table(found))


if __name__ == "__main__":
    main()
