"""Safe: labels that neither the row's neighbours nor a classifier would give it; the proposal stands in a column of its own."""

from __future__ import annotations

import numpy as np

from elute.suggest.ground import Ground
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many

RIGHT = 0.8
"""Of rows that the strict rule names, the share whose label was wrong: .77 to .85 on thirteen sets, people's own errors among them."""


def labels(ground: Ground) -> list[Suggestion]:
    """Rows whose label the strict rule doubts, the most doubtful as examples.

    Accepting writes the label the data would give into ``elute_label``; dropping the rows is the other choice.
    """
    findings = ground.made.findings
    if "label_suggested" not in findings:
        return []
    proposed = np.asarray(findings["label_suggested"], object)
    known = np.array([label is not None and label == label for label in proposed], bool)
    rows = ground.flag("label_issue") & ground.free & known & ~ground.relabelled & ~ground.flag("copy")
    if not rows.any():
        return []
    count = int(rows.sum())
    scores = np.nan_to_num(ground.number("label_score"))
    worst = np.flatnonzero(rows)[np.argsort(-scores[rows], kind="stable")][:3]
    return [
        Suggestion(
            identity("labels", ground.ids(rows)), "safe", "labels", "relabel", f"Review {many(count, 'label')}",
            "A classifier that never saw the row and its ten nearest neighbours both speak against its label, and agree on another.",
            rows, count, other="drop", confidence=RIGHT, meaning="share of such labels that were wrong in trials",
            effect=f"{many(count, 'label')} proposed in the column elute_label; your own column stays as it is. "
            f"As a drop: {goes(ground, rows, 'go' if count > 1 else 'goes')}",
            examples=tuple(Example(int(row), after=str(proposed[row])[:80], why=_given(ground, int(row))) for row in worst),
            data={"labels": [str(label) for label in proposed[rows]]},
        )
    ]  # fmt: skip


def _given(ground: Ground, row: int) -> str:
    given = None if ground.corpus.label is None else ground.corpus.label[row]
    return "" if given is None else f"labelled {str(given)[:60]}"
