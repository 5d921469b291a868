"""Look: rows that say the same under different labels. Which of them is wrong the rest of the set may tell; else a person reads both.

Both rows of a pair are found, so a drop of all that is found would leave neither. A row is offered to go only where the strict rule on
labels names it and proposes the very label of its other row, which stays. Labels are those in force: a pair that was relabelled is none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.corpus.rows import word
from elute.suggest.copies import beside
from elute.suggest.ground import Ground, Mask
from elute.suggest.labels import RIGHT
from elute.suggest.suggestion import Suggestion, identity
from elute.suggest.words import goes, many


def conflicts(ground: Ground) -> list[Suggestion]:
    """Rows whose label the rest of the set contradicts for that of their other row; and both rows of each pair where it does not."""
    of = ground.conflict_of
    there = of >= 0
    wrong = ground.by_groups(_contradicted(ground, there, of))
    both = there & ~wrong & ~wrong[np.maximum(of, 0)]
    both[of[both]] = True  # the other row may be of another pair too, of which the wrong one goes
    both &= ~wrong
    found = []
    if wrong.any():
        count = int(wrong.sum())
        found.append(
            Suggestion(
                identity("conflict", ground.ids(wrong), "contradicted"), "look", "conflict", "look",
                f"{many(count, 'duplicate')} whose label the rest of the set contradicts",
                "Each says the same as a row that stays under another label. A classifier that never saw it and its ten nearest "
                "neighbours both speak against its label, and for that of the row that stays.",
                wrong, count, other="drop", confidence=RIGHT, meaning="share of labels that this rule names which were wrong in trials",
                effect=goes(ground, wrong, "could go"), examples=beside(wrong, of), data={"stays": of[wrong]},
                facet="contradicted",
            )
        )  # fmt: skip
    if both.any():
        count = int(both.sum())
        found.append(
            Suggestion(
                identity("conflict", ground.ids(both)), "look", "conflict", "look", f"{many(count, 'duplicate')} under another label",
                "They say the same, and bear different labels. One of the labels may be wrong, or the texts may differ in the one word "
                "that counts. Which row should go is for a person to say, so all are shown.",
                both, count, effect="No row goes by itself. A drop of all of them would leave no row of these texts.",
                examples=beside(both, of),
            )
        )  # fmt: skip
    return found


def _contradicted(ground: Ground, there: Mask, of: NDArray[np.int64]) -> Mask:
    """(n,) rows of ``there`` that the strict rule would give the label of their other row, of which it does not doubt the label."""
    doubted = ground.flag("label_issue") & ~ground.relabelled
    rows = there & doubted & ground.free & ~doubted[np.maximum(of, 0)]
    for row in np.flatnonzero(rows).tolist():
        suggested = ground.made.findings["label_suggested"].iat[row]
        rows[row] = word(suggested) == word(ground.names_now[ground.labels_now[of[row]]])
    return np.asarray(rows)
