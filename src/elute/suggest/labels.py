"""Labels that neither the row's neighbours nor a classifier would give it; the proposal stands in a column of its own.

Safe, but where a row denies or reports what its neighbours say (``denial.py``): that is a look.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.suggest.denial import otherwise
from elute.suggest.ground import Ground, Mask
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
    turned = otherwise(ground, rows, proposed)
    return [
        *_suggested(ground, rows & ~turned, proposed),
        *_suggested(
            ground, rows & turned, proposed,
            " But of these texts each denies or reports something where most of those neighbours don't, or the other way round: "
            "“he said you are an idiot” is no insult.",
        ),
    ]  # fmt: skip


def _suggested(ground: Ground, rows: Mask, proposed: NDArray[np.object_], doubt: str = "") -> list[Suggestion]:
    """Safe, but where there is a doubt."""
    if not rows.any():
        return []
    count = int(rows.sum())
    scores = np.nan_to_num(ground.number("label_score"))
    worst = np.flatnonzero(rows)[np.argsort(-scores[rows], kind="stable")][:3]
    title = f"{many(count, 'label')} of texts that deny or report" if doubt else f"Review {many(count, 'label')}"
    return [
        Suggestion(
            identity("labels", ground.ids(rows)), "look" if doubt else "safe", "labels", "look" if doubt else "relabel", title,
            "A classifier that never saw the row and its ten nearest neighbours both speak against its label, and agree on another."
            + doubt,
            rows, count, other="relabel" if doubt else "drop", confidence=None if doubt else RIGHT,
            meaning="" if doubt else "share of such labels that were wrong in trials",
            effect=f"{many(count, 'label')} proposed in the column elute_label; your own column stays as it is."
            + ("" if doubt else f" As a drop: {goes(ground, rows, 'go' if count > 1 else 'goes')}"),
            examples=tuple(Example(int(row), after=str(proposed[row])[:80], why=_given(ground, int(row))) for row in worst),
            data={"labels": [str(label) for label in proposed[rows]]},
        )
    ]  # fmt: skip


def _given(ground: Ground, row: int) -> str:
    given = None if ground.corpus.label is None else ground.corpus.label[row]
    return "" if given is None else f"labelled {str(given)[:60]}"
