"""The tables of docs/value.md, between their marks; what stands around them is written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

DOC = Path(__file__).resolve().parent.parent / "docs" / "value.md"
BEGIN, END = "<!-- bench/value.py --write: from here -->", "<!-- bench/value.py --write: to here -->"
TITLES = {
    "dirty": "dirty", "random": "by lot", "safe": "safe", "looks": "ten looks", "learn": "and learn", "datalab": "Datalab",
    "oracle": "oracle",
}  # fmt: skip
MODELS = {
    "logistic": "Logistic regression, C by cross-validation on what each way left",
    "steady": "Logistic regression, C by cross-validation on the dirty set",
    "nearest": "1-NN, which believes every row",
}
SHORT = {"logistic": "logistic regression", "steady": "logistic regression, C of the dirty set", "nearest": "1-NN"}
OURS = ("safe", "looks", "learn")
LEVELS = ("light", "middle", "heavy", "as it is")


@dataclass(frozen=True, eq=False)
class Case:
    """What was measured of a base at a level of dirt, with one seed."""

    base: str
    level: str
    seed: int
    told: Any


def groups(cases: Sequence[Case]) -> dict[tuple[str, str], list[Case]]:
    """Seeds of a base and level together, levels from light to as it is."""
    made: dict[tuple[str, str], list[Case]] = {}
    for case in sorted(cases, key=lambda one: (LEVELS.index(one.level), one.base, one.seed)):
        made.setdefault((case.base, case.level), []).append(case)
    return made


def points(cases: Iterable[Case], way: str, model: str) -> float | None:
    """Accuracy in per cent, the mean over seeds; None where no seed has this way."""
    seen = [100 * case.told["ways"][way][model] for case in cases if way in case.told["ways"]]
    return float(np.mean(seen)) if seen else None


def gain(cases: Sequence[Case], way: str, model: str) -> tuple[float, float] | None:
    """Points above dirty: the mean over seeds, and the worst seed."""
    seen = [
        100 * (case.told["ways"][way][model] - case.told["ways"]["dirty"][model]) for case in cases if way in case.told["ways"]
    ]
    return (float(np.mean(seen)), float(min(seen))) if seen else None


def written(doc: str, cases: Sequence[Case], rows: int) -> str:
    """The document with its tables as they are now."""
    before, _, rest = doc.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{told(cases, rows)}\n{END}{after}"


def told(cases: Sequence[Case], rows: int) -> str:
    """All tables as Markdown."""
    made = groups(cases)
    seeds = sorted({len(found) for found in made.values()})
    days = sorted({case.told["day"] for case in cases})
    span = " to ".join(dict.fromkeys((days[0], days[-1])))
    parts = [
        f"{len(made)} cases, {' or '.join(map(str, seeds))} seeds each, up to {rows:,} rows of the base, measured {span}. "
        "Accuracy in per cent on rows that no dirt touched, the mean over seeds; in bold the best but the oracle.\n"
    ]
    for model, title in MODELS.items():
        parts.append(f"### {title}\n\n{_accuracies(made, model)}")
    parts.append(f"### C that was chosen\n\n{_chosen(made)}")
    parts.append(f"### On the whole\n\n{_whole(made)}")
    parts.append(f"### What the person did\n\n{_person(made)}")
    parts.append(f"### Where cleaning did not pay\n\n{_losses(made)}")
    return "\n".join(parts)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _head(names: Sequence[str]) -> str:
    return _row(names) + _row("---" for _ in names)


def _accuracies(made: dict[tuple[str, str], list[Case]], model: str) -> str:
    text = _head(["set", "dirt", *TITLES.values()])
    for (base, level), cases in made.items():
        seen = {way: points(cases, way, model) for way in TITLES}
        best = max(f"{value:5.1f}" for way, value in seen.items() if value is not None and way != "oracle")
        cells = []
        for way, value in seen.items():
            shown = "" if value is None else f"{value:.1f}"
            cells.append(f"**{shown}**" if shown == best.strip() and way != "oracle" else shown)
        text += _row([base, level, *cells])
    return text


def _chosen(made: dict[tuple[str, str], list[Case]]) -> str:
    """C by cross-validation of each way, at the first seed."""
    text = _head(["set", "dirt", *TITLES.values()])
    for (base, level), cases in made.items():
        ways = cases[0].told["ways"]
        text += _row([base, level, *(f"{ways[way]['C']:g}" if way in ways else "" for way in TITLES)])
    return text


def _whole(made: dict[tuple[str, str], list[Case]]) -> str:
    """Points gained in the mean over the cases with dirt put in, and how often a way made it worse."""
    text = _head(
        [
            "way",
            *(f"{name}, points gained" for name in SHORT.values()),
            "lost more than 0.1 points in",
            "share of the loss given back",
        ]
    )
    dirty = {key: cases for key, cases in made.items() if key[1] != "as it is"}
    for way, title in TITLES.items():
        if way == "dirty":
            continue
        gained = {model: [one[0] for cases in dirty.values() if (one := gain(cases, way, model))] for model in MODELS}
        if not any(gained.values()):
            continue
        both = [value for values in gained.values() for value in values]
        shares = [
            f"{100 * sum(gained[model]) / total:.0f} %"
            for model in MODELS
            if (
                total := sum(
                    one[0] for cases in dirty.values() if gain(cases, way, model) and (one := gain(cases, "oracle", model))
                )
            )
        ]
        worse = sum(value < -0.1 for value in both)
        text += _row(
            [title, *(f"{np.mean(values):+.2f}" for values in gained.values()), f"{worse} of {len(both)}", ", ".join(shares)]
        )
    return text


def _person(made: dict[tuple[str, str], list[Case]]) -> str:
    names = "set|dirt|way|clicks|minutes|rows gone|of them bad|foreign rows found|labels changed|rightly".split("|")
    text = _head(names)
    for (base, level), cases in made.items():
        for way in ("safe", "looks", "learn", "datalab"):
            ways = [case.told["ways"][way] for case in cases if way in case.told["ways"]]
            if not ways:
                continue
            acts = [case.told["person"].get(way, {"clicks": 1, "minutes": 0.0}) for case in cases]
            sums = {key: sum(one[key] for one in ways) for key in ("gone", "bad", "foreign", "relabelled", "right")}
            injected = sum(case.told["foreign"] for case in cases)
            known = level != "as it is"
            cells = [
                f"{np.mean([one['clicks'] for one in acts]):.0f}" if way != "datalab" else "",
                f"{np.mean([one['minutes'] for one in acts]):.1f}" if way in ("looks", "learn") else "",
                f"{sums['gone'] / len(ways):,.0f}",
                _share(sums["bad"], sums["gone"]) if known else "not known",
                _share(sums["foreign"], injected) if known else "",
                f"{sums['relabelled'] / len(ways):,.0f}",
                _share(sums["right"], sums["relabelled"]) if known else "not known",
            ]
            text += _row([base, level, TITLES[way], *cells])
    return text


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"


def _losses(made: dict[tuple[str, str], list[Case]]) -> str:
    """Every way of elute's and Datalab that is below dirty in the mean over seeds."""
    found = [
        (one[0], f"* {base}, {level}, {TITLES[way]}, {SHORT[model]}: {one[0]:+.2f} points "
        f"(worst seed {one[1]:+.2f})\n")
        for (base, level), cases in made.items()
        for way in (*OURS, "datalab")
        for model in MODELS
        if (one := gain(cases, way, model)) and one[0] < -0.005
    ]  # fmt: skip
    return "".join(line for _, line in sorted(found)) or "Nowhere in these cases.\n"
