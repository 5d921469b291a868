"""The indices from round to round as a static picture: one small chart an index."""

from __future__ import annotations

from collections.abc import Sequence

from elute.report.document import Picture
from elute.report.facts import Standing
from elute.report.words import number

SHOWN = (
    ("kept", "rows kept", 0),
    ("silhouette", "silhouette ↑", 3),
    ("davies_bouldin", "Davies-Bouldin ↓", 2),
    ("calinski_harabasz", "Calinski-Harabasz ↑", 0),
    ("balance", "balance ↑", 2),
    ("noise", "noise", 3),
)
"""Key, title and digits; an arrow says which way is better."""
WIDTH, HEIGHT = 400, 210
"""Of one chart, in its own units."""


def curves(course: Sequence[Standing]) -> Picture:
    """Six charts, side by side where there is room; an index that a round lacks leaves a gap. Nothing where there is but one round."""
    if len(course) < 2:
        return Picture("", "")
    charts = "".join(_chart(course, key, title, digits) for key, title, digits in SHOWN)
    return Picture(charts, f"From round {course[0].number} to round {course[-1].number}; an arrow says which way is better.")


def _chart(course: Sequence[Standing], key: str, title: str, digits: int) -> str:
    head = f'<svg class="curve" role="img" aria-label="{title} by round" viewBox="0 0 {WIDTH} {HEIGHT}">'
    values = [one.kept if key == "kept" else one.metrics.get(key) for one in course]
    known = [float(value) for value in values if value is not None]
    label = f'<text x="20" y="30">{title}</text>'
    if not known:
        return f'{head}{label}<text x="20" y="110">n/a</text></svg>'
    low, high = min(known), max(known)
    span = high - low or 1.0
    places = [
        None
        if value is None
        else (
            30 + (WIDTH - 70) * place / (len(values) - 1),
            160 - 80 * ((value - low) / span if high > low else 0.5),
        )
        for place, value in enumerate(values)
    ]
    dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5"/>' for x, y in filter(None, places))
    ends = [place for place, value in enumerate(values) if value is not None]
    said = ""
    for end, anchor in {ends[-1]: "end", ends[0]: "start"}.items():
        if (spot := places[end]) is not None:
            x, y = spot
            below = y > 130  # where the line comes down to it from above
            said += f'<text class="figure" x="{x:.0f}" y="{y + (30 if below else -14):.0f}" text-anchor="{anchor}">'
            said += f"{number(values[end], digits)}</text>"
    return f'{head}{label}<path d="{_line(places)}"/>{dots}{said}</svg>'


def _line(places: Sequence[tuple[float, float] | None]) -> str:
    drawn, joined = [], False
    for place in places:
        if place is not None:
            drawn.append(f"{'L' if joined else 'M'}{place[0]:.0f} {place[1]:.0f}")
        joined = place is not None
    return "".join(drawn)
