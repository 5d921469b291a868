"""What a learned filter names: rows like those that were dropped, in clusters that nobody saw and in those that were kept whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.learn import UNTOLD
from elute.suggest.ground import Ground, Mask
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many


def learned(ground: Ground) -> list[Suggestion]:
    """Rows like those that were dropped, by the filter that was learned from decisions.

    Rows of clusters that were kept in a look stand apart: who keeps a cluster saw five of its rows, and it may hold foreign ones. On 31
    mixes .96 of what was named there was foreign. A row that was kept by itself, or with a few others, is never named.
    """
    filter_ = ground.learned
    scores = getattr(filter_, "scores", None)
    if scores is None or len(scores) != len(ground.corpus):
        return []
    if not getattr(filter_, "sure", True):
        return _unsure(ground, filter_)
    named = ground.free & (np.nan_to_num(np.asarray(scores, float)) >= 0.5)
    found = []
    if (rows := named & ~np.asarray(ground.state.looked)).any():
        holders = many(len(np.unique(ground.made.labels[rows])), "cluster")
        why = f"They sit in {holders}. The filter learned from your decisions puts them with what you dropped.{_tried(filter_)}"
        found.append(_named(ground, filter_, rows, f"{many(int(rows.sum()))} more like those you dropped", why))
    if (rows := named & ground.kept_unread).any():
        holders = many(len(np.unique(ground.made.labels[rows])), "cluster")
        why = f"You kept {holders} by a few examples; these rows there are like what you dropped. The others stay."
        found.append(_named(ground, filter_, rows, f"{many(int(rows.sum()))} in clusters you kept", why))
    return found


def _named(ground: Ground, filter_: Any, rows: Mask, title: str, why: str) -> Suggestion:
    at = np.flatnonzero(rows)
    at = at[np.argsort(-filter_.scores[at], kind="stable")]
    shown = at[np.unique(np.linspace(0, len(at) - 1, 3).astype(int))]  # the surest, one between, the least sure
    sure = _known(filter_, "confidence")
    return Suggestion(
        identity("learned", ground.ids(rows)), "look", "learned", "look", title, why, rows, int(rows.sum()), other="drop",
        clusters=tuple(np.unique(ground.made.labels[rows]).tolist()), confidence=sure,
        meaning="" if sure is None else "of what it names untold, the share that you dropped",
        effect=goes(ground, rows, "could go"),
        examples=tuple(Example(int(row), why=f"{filter_.scores[row]:.2f} like what was dropped") for row in shown),
        data={"filter": filter_},
    )  # fmt: skip


def _tried(filter_: Any) -> str:
    precision, recall = _known(filter_, "precision"), _known(filter_, "recall")
    if precision is None or recall is None:
        return ""
    tried = (
        f" Tried on rows it was not told of, it finds {_percent(recall, _known(filter_, 'recall_error'))} of those you dropped"
    )
    if _known(filter_, "confidence") is None:
        return f"{tried}. {UNTOLD}"
    right = _percent(precision, _known(filter_, "precision_error"))
    counted = "" if getattr(filter_, "decided", False) else "; rows that nobody decided count as wrong"
    return f"{tried}, and {right} of what it names are such{counted}."


def _unsure(ground: Ground, filter_: Any) -> list[Suggestion]:
    """A filter of rows that are not of one kind names nothing: it asks."""
    rows = np.zeros(len(ground.corpus), bool)
    rows[np.asarray(filter_.uncertain, np.int64)] = True
    rows &= ground.free & ~np.asarray(ground.state.looked)
    if not rows.any():
        return []
    count = int(rows.sum())
    return [
        Suggestion(
            identity("learned", ground.ids(rows), "unsure"), "look", "learned", "look",
            f"Decide {many(count)} to sharpen what was learned", str(filter_.note), rows, count,
            clusters=tuple(np.unique(ground.made.labels[rows]).tolist()),
            effect="Keep or drop them, then learn again.", examples=tuple(Example(int(row)) for row in np.flatnonzero(rows)[:3]),
            facet="unsure",
        )
    ]  # fmt: skip


def _known(filter_: Any, name: str) -> float | None:
    value = getattr(filter_, name, None)
    return None if value is None or value != value else float(value)


def _percent(value: float, error: float | None) -> str:
    return f"{100 * value:.0f} %" + ("" if error is None else f" (± {100 * error:.0f})")
