"""Does cleaning pay? Accuracy on clean rows, taught by sets cleaned in seven ways: docs/value.md.

    ELUTE_DATA=folder python bench/value.py [--rows 3000] [--seeds 3] [--only banking77]
    python bench/value.py --write

Four labelled sets with dirt put in at three levels, and the same four as their makers left them; see :mod:`value_ways`. Each case is
kept as one JSON file as soon as it is measured, so a run that was stopped goes on where it was; ``--again`` measures what is kept anew.
``--write`` measures nothing: it puts the tables and the plot of what is kept into docs/value.md and docs/value.svg.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from evidence import CACHE, code  # noqa: E402
from value_page import DOC, Case, written  # noqa: E402
from value_plot import draw  # noqa: E402

BASES = {"banking77": "wiki+sgd", "clinc150": "wiki+sms", "sgd": "wiki+oos", "sms": "wiki+sgd"}
"""Each with foreign rows of two kinds, half scattered over all topics and half coherent."""
LEVELS = {"light": (0.05, 0.025, 0.025), "middle": (0.15, 0.05, 0.05), "heavy": (0.3, 0.1, 0.1)}
"""Foreign rows of the whole; edited copies and wrong labels, of the base's rows."""
REAL = "as it is"


@dataclass(frozen=True)
class Wanted:
    """One case to measure: a base, a level of dirt or ``as it is``, a seed, rows of the base."""

    base: str
    level: str
    seed: int
    rows: int

    @property
    def path(self) -> Path:
        folder = Path(os.environ.get(CACHE) or Path.home() / ".cache" / "elute-evidence") / "value"
        return folder / f"{self.base} {self.level} {self.seed} {self.rows}.json"

    def measure(self, Cs: dict[str, float] | None) -> dict[str, Any]:
        """Seconds among it, and the code that was measured."""
        from evidence_mixes import Spec, build, clean
        from value_ways import measured

        start = time.perf_counter()
        if self.level == REAL:
            mix = clean(self.base, self.seed, self.rows)
        else:
            share, near, flipped = LEVELS[self.level]
            mix = build(Spec(self.base, BASES[self.base], share, self.rows, "value", near, flipped), self.seed)
        found = measured(mix, self.seed, real=self.level == REAL, Cs=Cs)
        return {**found, "seconds": time.perf_counter() - start, "code": code("safe"), "day": time.strftime("%Y-%m-%d")}


def wanted(rows: int, seeds: int) -> Iterator[Wanted]:
    """The first seed of all cases before the next: a run that is stopped has something of each."""
    for seed in range(seeds):
        for level in ("middle", "heavy", "light", REAL):
            yield from (Wanted(base, level, seed, rows) for base in BASES)


def found(rows: int, seeds: int = 99) -> list[Case]:
    """What is kept of a size."""
    return [
        Case(one.base, one.level, one.seed, json.loads(one.path.read_text())) for one in wanted(rows, seeds) if one.path.is_file()
    ]


def main() -> None:
    """Measure what is not kept yet, or write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=BASES)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--write", action="store_true")
    said = parser.parse_args()
    if said.write:
        cases = found(said.rows)
        if not cases:
            raise SystemExit("Nothing is kept yet: run bench/value.py first.")
        draw(cases, DOC.with_suffix(".svg"))
        DOC.write_text(written(DOC.read_text(encoding="utf-8"), cases, said.rows), encoding="utf-8")
        return
    if not os.environ.get("ELUTE_DATA"):
        raise SystemExit("Skipped: ELUTE_DATA names no folder of labelled texts.")
    for one in wanted(said.rows, said.seeds):
        if said.only and one.base not in said.only or one.path.is_file() and not said.again:
            continue
        first = Wanted(one.base, one.level, 0, one.rows)
        Cs = None
        if one.seed and first.path.is_file():
            Cs = {way: told["C"] for way, told in json.loads(first.path.read_text())["ways"].items()}
        told = one.measure(Cs)
        one.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = one.path.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(told))
        temporary.replace(one.path)
        line = ", ".join(f"{way} {100 * it['logistic']:.1f}/{100 * it['nearest']:.1f}" for way, it in told["ways"].items())
        print(f"{one.base} {one.level} {one.seed}: {line} ({told['seconds']:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
