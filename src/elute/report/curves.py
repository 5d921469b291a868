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
WIDTH, HEIGHT, COLUMNS = 400, 210, 3


def curves(course: Sequence[Standing]) -> Picture:
    """Six charts; an index that a round lacks leaves a gap. Nothing where there is but one round."""
    if len(course) < 2:
        return Picture("", "")
    charts = [_chart(course, key, title, digits, at) for at, (key, title, digits) in enumerate(SHOWN)]
    rows = -(-len(SHOWN) // COLUMNS)
    first, last = course[0].number, course[-1].number
    alt = f"Indices from round {first} to round {last}; the figures are in the table below"
    view = f"0 0 {WIDTH * COLUMNS} {HEIGHT * rows}"
    return Picture(f'<svg class="curves" role="img" aria-label="{alt}" viewBox="{view}">{"".join(charts)}</svg>', "")


def _chart(course: Sequence[Standing], key: str, title: str, digits: int, at: int) -> str:
    left, top = at % COLUMNS * WIDTH, at // COLUMNS * HEIGHT
    values = [one.kept if key == "kept" else one.metrics.get(key) for one in course]
    known = [float(value) for value in values if value is not None]
    label = f'<text x="{left + 20}" y="{top + 30}">{title}</text>'
    if not known:
        return label + f'<text x="{left + 20}" y="{top + 110}">n/a</text>'
    low, high = min(known), max(known)
    span = high - low or 1.0
    places = [
        None
        if value is None
        else (
            left + 30 + (WIDTH - 70) * place / (len(values) - 1),
            top + 160 - 80 * ((value - low) / span if high > low else 0.5),
        )
        for place, value in enumerate(values)
    ]
    dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5"/>' for x, y in filter(None, places))
    ends = [place for place, value in enumerate(values) if value is not None]
    said = "".join(
        f'<text class="figure" x="{x:.0f}" y="{y - 14:.0f}" text-anchor="{anchor}">{number(values[end], digits)}</text>'
        for end, anchor in {ends[-1]: "end", ends[0]: "start"}.items()
        if (spot := places[end]) is not None
        for x, y in (spot,)
    )
    return f'{label}<path d="{_line(places)}"/>{dots}{said}'


def _line(places: Sequence[tuple[float, float] | None]) -> str:
    drawn, joined = [], False
    for place in places:
        if place is not None:
            drawn.append(f"{'L' if joined else 'M'}{place[0]:.0f} {place[1]:.0f}")
        joined = place is not None
    return "".join(drawn)
