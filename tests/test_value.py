"""The page of bench/value.py says what was measured: means, the best way, and every case in which a way made it worse."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

from value_page import BEGIN, END, Case, gain, written
from value_plot import draw


def case(seed: int, level: str = "light", **points: float) -> Case:
    def way(value: float) -> dict[str, Any]:
        told = {"gone": 10, "bad": 8, "foreign": 4, "relabelled": 2, "right": 1}
        return {"logistic": value / 100, "steady": value / 100, "nearest": value / 100, "C": 1.0, **told}

    ways = {name: way(value) for name, value in points.items()}
    person = {"looks": {"clicks": 21, "minutes": 4.0, "dropped": 2}} if "looks" in ways else {}
    return Case("cards", level, seed, {"ways": ways, "person": person, "foreign": 8, "day": "2026-11-29"})


CASES = [
    case(0, dirty=80, safe=81, looks=84, datalab=77, oracle=86),
    case(1, dirty=82, safe=81, looks=84, datalab=80, oracle=86),
    case(0, "as it is", dirty=90, safe=90.5),
]


def test_the_page_has_means_the_best_way_and_what_did_not_pay() -> None:
    doc = written(f"before\n{BEGIN}\nstale\n{END}\nafter\n", CASES, 3_000)
    assert doc.startswith("before\n") and doc.endswith("\nafter\n") and "stale" not in doc
    assert "| cards | light | 81.0 |  | 81.0 | **84.0** |  | 78.5 | 86.0 |" in doc
    assert "* cards, light, Datalab, 1-NN: -2.50 points (worst seed -3.00)" in doc
    assert "light, ten looks, 1-NN" not in doc
    assert "| cards | light | ten looks | 21 | 4.0 | 10 | 80 % | 50 % | 2 | 50 % |" in doc
    assert "| cards | as it is | 1 |  | 1 |  |  |  |  |" in doc
    assert "| cards | as it is | safe | 1 |  | 10 | not known |" in doc
    assert written(doc, CASES, 3_000) == doc


def test_a_gain_is_the_mean_over_seeds_and_the_worst_of_them() -> None:
    mean, worst = gain(CASES[:2], "safe", "logistic") or (0, 0)
    assert round(mean, 6) == 0 and round(worst, 6) == -1
    assert gain(CASES[:2], "learn", "logistic") is None


def test_the_plot_has_a_dot_for_each_way(tmp_path: Path) -> None:
    draw(CASES, tmp_path / "plot.svg")
    dots = ElementTree.parse(tmp_path / "plot.svg").findall(".//{*}circle")
    assert len(dots) == 6 + 2 * (4 + 1)
