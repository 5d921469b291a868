"""Seconds by rows on two logarithmic axes, as a picture that needs no library."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log10
from pathlib import Path

Points = Sequence[tuple[int, float]]
WIDTH, HEIGHT, LEFT, BOTTOM = 520, 300, 62, 46


def exponent(points: Points) -> float:
    """The steepest slope of log seconds by log(n log n) between neighbouring points: 1 grows as n log n."""
    steps = zip(points, points[1:], strict=False)
    return max(log(b / a) / log(m * log(m) / (n * log(n))) for (n, a), (m, b) in steps)


def draw(points: Points, path: Path) -> None:
    """Points joined by a line, with n log n from the first one as a dashed line."""
    (n0, s0), top = points[0], max(seconds for _, seconds in points)
    ideal = [(n, s0 * n * log(n) / (n0 * log(n0))) for n, _ in points]
    low, high = log10(s0) - 0.3, max(log10(top), log10(ideal[-1][1])) + 0.2
    left, right = log10(n0), log10(points[-1][0])

    def at(n: float, seconds: float) -> tuple[float, float]:
        x = LEFT + (log10(n) - left) / (right - left) * (WIDTH - LEFT - 90)
        y = HEIGHT - BOTTOM - (log10(seconds) - low) / (high - low) * (HEIGHT - BOTTOM - 24)
        return x, y

    def line(of: Points, style: str) -> str:
        return f'<polyline fill="none" {style} points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in of))}"/>'

    floor = HEIGHT - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="#5f6570">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<path d="M{LEFT},20V{floor}H{WIDTH - 40}" fill="none" stroke="#c9ced6"/>',
        line(ideal, 'stroke="#9aa1ac" stroke-dasharray="5 4"'),
        line(points, 'stroke="#0072b2" stroke-width="2.5"'),
    ]
    for n, seconds in points:
        x, y = at(n, seconds)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0072b2"/>')
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 14:.1f}" fill="#1c2024">{seconds:.2g} s</text>')
        parts.append(f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle">{n:,}</text>')
    x, y = at(*ideal[-1])
    parts.append(f'<text x="{x + 8:.1f}" y="{y:.1f}">n log n</text>')
    parts.append(f'<text x="{LEFT}" y="14">seconds of a round after 5 % were removed</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - 40) / 2}" y="{HEIGHT - 8}" text-anchor="middle">rows</text></svg>')
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
