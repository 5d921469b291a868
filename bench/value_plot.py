"""Points gained over the dirty set, as a picture that needs no library: a panel for each classifier, a line for each set and level."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from pathlib import Path

from value_page import TITLES, Case, gain, groups

LEFT, PANEL, GAP, ROW, TOP = 130, 300, 24, 18, 54
COLOURS = {
    "random": "#9aa1ac", "safe": "#56b4e9", "looks": "#0072b2", "learn": "#009e73", "datalab": "#d55e00", "oracle": "#1c2024",
}  # fmt: skip
NAMES = {"logistic": "logistic regression", "nearest": "1-NN"}


def draw(cases: Sequence[Case], path: Path) -> None:
    """One dot a way; the zero line is the dirty set."""
    made = groups(cases)
    width, height = LEFT + len(NAMES) * (PANEL + GAP) + 10, TOP + ROW * len(made) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" fill="#5f6570">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    x = LEFT
    for way, colour in COLOURS.items():
        parts += [f'<circle cx="{x}" cy="14" r="4" fill="{colour}"/>', f'<text x="{x + 8}" y="18">{TITLES[way]}</text>']
        x += 30 + 7 * len(TITLES[way])
    for at, (base, level) in enumerate(made):
        y = TOP + ROW * at + 12
        parts.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{base}, {level}</text>')
    for panel, (model, name) in enumerate(NAMES.items()):
        parts += _panel(made, model, name, LEFT + panel * (PANEL + GAP))
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def _panel(made: dict[tuple[str, str], list[Case]], model: str, name: str, left: int) -> list[str]:
    gains = [{way: one[0] for way in COLOURS if (one := gain(cases, way, model))} for cases in made.values()]
    every = [value for one in gains for value in one.values()]
    low, high = min(0, floor(min(every))), max(1, ceil(max(every)))
    bottom = TOP + ROW * len(made)

    def at(value: float) -> float:
        return left + (value - low) / (high - low) * PANEL

    parts = [f'<text x="{left}" y="{TOP - 14}" fill="#1c2024">{name}: points gained over the dirty set</text>']
    step = max(1, (high - low) // 6)
    for value in range(low, high + 1):
        if value % step == 0:
            strong = "#5f6570" if value == 0 else "#e3e6ea"
            parts.append(f'<path d="M{at(value):.1f},{TOP}V{bottom}" stroke="{strong}"/>')
            parts.append(f'<text x="{at(value):.1f}" y="{bottom + 18}" text-anchor="middle">{value}</text>')
    for row, found in enumerate(gains):
        y = TOP + ROW * row + 12
        parts.append(f'<path d="M{left},{y}H{left + PANEL}" stroke="#f0f2f4"/>')
        parts += [f'<circle cx="{at(value):.1f}" cy="{y}" r="4" fill="{COLOURS[way]}"/>' for way, value in found.items()]
    return parts
