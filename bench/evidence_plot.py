"""What evidence is worth, as a picture that needs no library: docs/evidence.svg, of what ``evidence.py`` keeps.

A line for each mix; to the left what ten looks find, to the right what accepting gives back of the lost accuracy, means over seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from statistics import fmean

from evidence import SEEDS, kept

LEFT, PANEL, GAP, ROW, TOP = 170, 300, 40, 18, 54
LOOKS = {"elute": "#0072b2", "silhouette": "#e69f00", "size": "#9aa1ac", "by lot": "#d55e00"}
WAYS = {"reviewed": "#0072b2", "safe": "#56b4e9", "datalab": "#d55e00"}
TITLES = {"elute": "elute's order", "by lot": "by lot", "size": "largest", "silhouette": "worst silhouette",
          "reviewed": "ten looks, learn, safe", "safe": "safe", "datalab": "Datalab"}  # fmt: skip
INK, PALE, GRID = "#1c2024", "#5f6570", "#e3e6ea"

Values = Mapping[str, Mapping[str, float | None]]
"""By mix and by way, the mean over seeds; None where it says nothing or was not measured."""


def written(path: Path) -> None:
    """Draw what is kept of the mixes that are judged; where something is missing, say which part is to be run."""
    from evidence_looks import held, seen
    from evidence_mixes import judged, sizes
    from evidence_safe import given_back, run

    specs = [*judged(), *sizes()]
    ranked = seen(specs, SEEDS)
    by_order = {order: held(ranked, order) for order in LOOKS}
    looks = {spec.name: {order: _mean(found.get(spec.name, ())) for order, found in by_order.items()} for spec in specs}
    cleaned = {
        spec.name: [kept("safe", {"mix": spec.name, "seed": seed}, partial(run, spec, seed)) for seed in SEEDS] for spec in specs
    }
    shares = {mix: {way: _mean(given_back(one, way, "cv") for one in found) for way in WAYS} for mix, found in cleaned.items()}
    path.write_text(drawn(looks, shares), encoding="utf-8")


def drawn(looks: Values, shares: Values) -> str:
    """Both panels as SVG."""
    mixes = list(looks)
    width, height = LEFT + 2 * PANEL + GAP + 20, TOP + ROW * len(mixes) + 34
    right = LEFT + PANEL + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" fill="{PALE}">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(
            f'<text x="{LEFT - 10}" y="{TOP + ROW * at + 16}" text-anchor="end">{mix.replace(" with ", ", ")}</text>'
            for at, mix in enumerate(mixes)
        ),
        *_panel("foreign rows gone after ten looks, over the perfect order's", looks, LOOKS, LEFT, 0.0),
        *_panel("share of the lost accuracy given back", shares, WAYS, right, -0.75),
    ]
    for ways, x in ((LOOKS, LEFT), (WAYS, right)):
        for way, colour in ways.items():
            parts += [f'<circle cx="{x + 4}" cy="14" r="4" fill="{colour}"/>', f'<text x="{x + 12}" y="18">{TITLES[way]}</text>']
            x += 24 + round(5.9 * len(TITLES[way]))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _panel(title: str, values: Values, colours: dict[str, str], left: int, low: float) -> list[str]:
    bottom = TOP + ROW * len(values)

    def at(value: float) -> float:
        return left + (max(value, low) - low) / (1 - low) * PANEL

    parts = [f'<text x="{left}" y="{TOP - 14}" fill="{INK}">{title}</text>']
    for tick in (tick / 4 for tick in range(round(low * 4), 5)):
        parts.append(f'<path d="M{at(tick):.1f},{TOP}V{bottom}" stroke="{PALE if tick == 0 and low < 0 else GRID}"/>')
        parts.append(f'<text x="{at(tick):.1f}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>')
    for row, found in enumerate(values.values()):
        y = TOP + ROW * row + 12
        parts.append(f'<path d="M{left},{y}H{left + PANEL}" stroke="#f0f2f4"/>')
        known = [(way, value) for way in reversed(colours) if (value := found.get(way)) is not None]
        if not known:
            parts.append(f'<text x="{left + PANEL}" y="{y + 4}" text-anchor="end">cost less than a point</text>')
        parts += [f'<circle cx="{at(value):.1f}" cy="{y}" r="4" fill="{colours[way]}"/>' for way, value in known]
    return parts
