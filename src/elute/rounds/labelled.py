"""What is found about the labels that came with the rows of a round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.findings.labels import LabelIssues, label_issues
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress
from elute.rounds.space import NEAREST, Part


@dataclass(frozen=True, eq=False)
class LabelPass:
    """What :func:`~elute.findings.labels.label_issues` is given: the labels of the rows of a round."""

    X: NDArray[np.float32]
    of: NDArray[np.int64]
    codes: NDArray[np.int32]
    neighbors: Neighbors
    classes: int


def label_pass(part: Part, progress: Progress = SILENT) -> LabelPass | None:
    """What a pass over the labels of a round's rows is given; None where there is nothing to compare."""
    target = part.space.target
    if target is None or len(target.values) < 2 or len(part.taken) < 3:
        return None
    at = part.at if part.alive.all() else (np.cumsum(part.alive) - 1)[part.at]
    codes = target.codes[part.rows].astype(np.int32)
    return LabelPass(part.gathered(), at, codes, part.graph(NEAREST, progress), len(target.values))


def label_columns(
    part: Part, better: LabelIssues | None, progress: Progress
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[np.bool_]]]:
    """What is said of the labels of a round's rows: by ``better``, a pass over just these rows, or by one made here.

    None of the columns where there are no labels. Beside them what the strict rule named, where that was too much to flag any.
    """
    n, target = part.space.n, part.space.target
    given = label_pass(part, progress)
    if given is None or target is None:
        return {}, {}
    found = better if better is not None else label_issues(
        given.X, given.of, given.codes, given.neighbors, classes=given.classes, progress=progress
    )  # fmt: skip
    known = given.codes >= 0
    values = np.empty(len(target.values) + 1, object)
    values[:-1] = list(target.values)
    columns: dict[str, NDArray[Any]] = {
        "label_issue": np.zeros(n, bool),
        "label_score": np.full(n, np.nan, np.float32),
        "label_probability": np.full(n, np.nan, np.float32),
        "label_suggested": np.full(n, None, object),
    }
    columns["label_issue"][part.rows] = found.flag
    columns["label_score"][part.rows] = np.where(known, found.score, np.nan)
    columns["label_probability"][part.rows] = found.probability
    columns["label_suggested"][part.rows] = values[found.suggested]
    held = np.zeros(n, bool)
    held[part.rows] = found.held
    return columns, {"label_issue": held} if held.any() else {}
