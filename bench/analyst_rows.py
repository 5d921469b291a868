"""Judged rows: what the offline verdicts by a criterion reach, and what a filter from a judge's verdicts on 300 rows reaches.

    OMP_NUM_THREADS=1 ELUTE_DATA=... PYTHONPATH=bench python bench/analyst_rows.py likeness
    OMP_NUM_THREADS=1 ELUTE_DATA=... PYTHONPATH=bench python bench/analyst_rows.py distil

``likeness``: AUROC of the quality (foreign rows low), and recall and precision of "drop", with a line that says what stays, with one that
says what goes too, and with none. ``distil``: a judge that is right by 100 % and by 90 % of the rows sees 300 at random; recall and
precision over all other rows of the filter that is learned, what it was said to be (cross-validated), and what is there without it.
``--aside``: on mixes that no threshold was chosen on. What was measured is kept, as that of bench/evidence.py is.
"""

from __future__ import annotations

import argparse
from functools import partial

import numpy as np
from evidence import kept
from evidence_mixes import Spec, aside, build, judged, session

from elute.analyze.likeness import by_likeness
from elute.analyze.rows import RowsAsked
from elute.analyze.schema import Context
from elute.decisions.judged import KIND, packed

PART = "analyst_rows"
STAYS = {
    "banking77": "customers' questions to a bank about cards, payments, transfers and accounts",
    "clinc150": "requests to a voice assistant: travel, banking, cooking, calendar, car, work, small talk",
    "sgd": "requests to an assistant that books restaurants, hotels, flights, films, rides and events",
}
GOES = {
    "wiki": "sentences from an encyclopedia",
    "sgd": "requests to book restaurants, flights, films",
    "oos": "general knowledge questions about anything else",
    "sms": "private text messages between friends, and spam",
}


def auroc(low: np.ndarray, quality: np.ndarray) -> float:
    """How often a foreign row has a lower quality than another."""
    from scipy.stats import rankdata

    ranks = rankdata(-quality)
    return float((ranks[low].mean() - (low.sum() + 1) / 2) / (~low).sum())


def likeness(spec: Spec, seed: int) -> list[str]:
    """A line for each way to ask: the offline verdicts of one mix."""
    mix, told = build(spec, seed), []
    with_round = session(mix)
    space = with_round.space()
    rows = np.flatnonzero(space.of >= 0)
    stays, goes = STAYS[mix.spec.base], GOES[mix.spec.foreign]
    for name, line in (("stays", stays), ("both", f"{stays}; off-topic is {goes}"), ("goes", f"off-topic is {goes}")):
        asked = RowsAsked(
            tuple(rows.tolist()), tuple(mix.texts[row] for row in rows), line, Context(len(rows), 0), space.X[space.of[rows]],
            space.X, (), space.speak,
        )  # fmt: skip
        said = by_likeness(asked).verdicts
        quality, drop = np.array([one.quality for one in said]), np.array([one.verdict == "drop" for one in said])
        foreign = mix.foreign[rows]
        keep = np.array([one.verdict == "keep" for one in said])
        right = foreign[drop].mean() if drop.any() else float("nan")
        told.append(
            f"{mix.spec.name:32} {name:6} AUROC {auroc(foreign, quality):.3f}  drop {drop.mean():.3f} recall {drop[foreign].mean():.2f} "
            f"precision {right:.2f}  keep {keep.mean():.2f} foreign {foreign[keep].mean():.3f}"
        )
    return told


def distil(spec: Spec, seed: int, rows: int = 300) -> list[str]:
    """A line for each judge: what a filter from verdicts on a few rows reaches over the others."""
    mix, told = build(spec, seed), []
    random = np.random.default_rng(mix.seed)
    chosen = np.sort(random.choice(len(mix.texts), rows, replace=False))
    for right in (1.0, 0.9):
        lies = random.random(rows) >= right
        words = np.where(mix.foreign[chosen] ^ lies, "drop", "keep").tolist()
        made = session(mix)
        made.run()
        mask = np.zeros(len(mix.texts), bool)
        mask[chosen] = True
        made._record(KIND, mask, data=packed(words, [0.5] * rows, ["by the bench"] * rows))
        found = made.learn()
        named, other = found.scores > 0.5, ~mask
        hit = named & other
        true = mix.foreign[hit].mean() if hit.any() else float("nan")
        told.append(
            f"{mix.spec.name:32} judge {right:.0%}  recall {named[mix.foreign & other].mean():.2f} precision {true:.2f}  "
            f"said: recall {_told(found.recall, found.recall_error)} precision {_told(found.precision, found.precision_error)}"
            f"{'' if found.sure else '  not sure'}"
        )
    return told


def _told(value: float | None, error: float | None) -> str:
    return "none" if value is None else f"{value:.2f} ± {error or 0:.2f}"


def main() -> None:
    """One line a mix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("likeness", "distil"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--aside", action="store_true", help="mixes that no threshold was chosen on")
    given = parser.parse_args()
    work = likeness if given.what == "likeness" else distil
    for spec in (spec for spec in (aside() if given.aside else judged()) if given.only in spec.name):
        if given.what == "likeness" and (spec.base not in STAYS or spec.foreign not in GOES):
            continue  # there is no line that says what it is for
        for line in kept(
            PART, {"what": given.what, "mix": spec.name, "rows": spec.rows, "seed": given.seed}, partial(work, spec, given.seed)
        ):
            print(line, flush=True)


if __name__ == "__main__":
    main()
