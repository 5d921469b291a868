"""Labels that the rest of the set contradicts: a linear model that never saw the row, and the row's nearest texts, must both say so.

**The strict rule**, behind ``label_issue``. All of these hold:

* the model prefers one other label by a margin of more than .2 (ridge), or at odds of more than 9 (the better pass; odds of
  probabilities to each of which .02 is added);
* none of the 10 nearest distinct texts bears the row's own label, and at least 6 of the 10 bear that same other label,
  however many of them have one;
* both labels stand at 5 distinct texts at least;
* the two labels are not such that the set confuses them as a habit: no more than 2, or no more than 4 times as many as if the rows in
  question were spread evenly, go from the one label to the other. A habit is a matter of where a label ends, for a person's eyes
  (the confusion matrix), not an error to correct in bulk. On clean SGD (intents, 15,000 rows) 1.5 % of the rows are flagged where 3
  are allowed, 1.0 % with 2; of the rows that a third case adds, 26 % were flips on SGD with foreign rows, and BANKING77 and CLINC150
  had none.
  Between a small label and one that most rows have, nearly all flips count as a habit, and are a look. That is meant: if "evenly" went by
  the size of the other label, one in seven of CLINC150's rows out of scope, all of them right, would be taken for in scope in bulk.
* at most 15 % of the rows in all, or nothing is flagged: the set's labels don't follow its texts, or too many are wrong for a rule.
  What it would have flagged is told all the same (``held``).

A foreign row with a label by chance has neighbours with labels by chance, so they don't agree.

Measured on 5 % flips, one seed, precision / recall of the fast and the better pass: BANKING77 .89 / .83 and .88 / .89, CLINC150 .96 / .86
(fast), SGD's services .70 / .45 and .74 / .44; flagged of the same sets clean .6, .2 and .8 %. SGD's labels are those of the service
that was active before a turn, so "I need a shared ride cab, too" bears Events: some three quarters of 40 rows flagged there, read one
by one, are right though nobody flipped them. ``bench/evidence_labels.py`` measures it again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.findings.votes import Votes, one_label, votes
from elute.linear import ridge, softmax_regression
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

MARGIN, ODDS = 0.2, 9.0
"""Least margin of the other label by ridge, and least odds of it by the better pass."""
SMALL, SMALLER = 0.1, 0.02
"""Added to what ridge and the better pass give a label before two are divided. Ranked by odds, AP of 5 % flips on BANKING77 was .957
and .954, and .933 and .899 ranked by differences."""
OWN, AGREE = 0.1, 6
"""Of the nearest texts that have a label, the share with the row's own: below this. Of the 10 nearest, with the other: this many."""
FEW = 5
"""Distinct texts of a label below which nothing is said of it."""
HABIT, SPREAD = 2, 4.0
MOST = 0.15
"""Share of the rows above which nothing is flagged. Not 5 % as for other rules: two witnesses agree on each row, and sets with
10 % of wrong labels are what this is for."""
MANY = 2000
"""Labels (of 5 texts at least) above which only neighbours are asked: n x c products would take minutes."""
BLOCK = 4096
FOLDS, TAUGHT = 5, 12_000
"""Parts of the better pass, and texts that teach each at most."""


@dataclass(frozen=True, eq=False)
class LabelIssues:
    """What is known about the label of each of ``r`` rows.

    Attributes
    ----------
    score : ndarray of shape (r,), float32
        0 to 1, higher is worse: odds of the best other label and its lead among the neighbours, together. 0 without a label.
    flag : ndarray of shape (r,), bool
        By the strict rule.
    suggested : ndarray of shape (r,), int32
        The label that the data would give, often the row's own; -1 where nothing can be said.
    probability : ndarray of shape (r,), float32
        Of the given label, by the better pass; NaN from the fast one.
    held : ndarray of shape (r,), bool
        What the rule named where that is more than 15 %, so that it flags none; else no row.
    """

    score: NDArray[np.float32]
    flag: NDArray[np.bool_]
    suggested: NDArray[np.int32]
    probability: NDArray[np.float32]
    held: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Opinion:
    """What a model says of each row: how much it gives to its own label and to the best other one."""

    own: NDArray[np.float32]
    best: NDArray[np.float32]
    other: NDArray[np.int32]

    def odds(self, least: float) -> NDArray[np.float32]:
        """Log of how much more the other label is given than the row's own; what is below nothing counts as nothing."""
        return np.asarray(np.log((np.maximum(self.best, 0) + least) / (np.maximum(self.own, 0) + least)), np.float32)


def label_issues(
    X: NDArray[np.float32],
    of: NDArray[np.integer[Any]],
    codes: NDArray[np.integer[Any]],
    neighbors: Neighbors,
    *,
    classes: int,
    progress: Progress = SILENT,
) -> LabelIssues:
    """The fast pass: ridge with exact leave-one-out, and the nearest texts.

    Parameters
    ----------
    X : ndarray of shape (p, d), float32
        Distinct vectors: copies of a row neither teach nor vote about it.
    of : ndarray of shape (r,), int
        Vector of each row.
    codes : ndarray of shape (r,), int
        Label of each row, 0 to ``classes - 1``; -1: none. Such rows teach nothing, vote nothing and are never flagged.
    neighbors : Neighbors
        Over the p vectors.
    classes : int

    Raises
    ------
    Cancelled
    """
    known = _Known.of_rows(of, codes, len(X), classes)
    told = votes(known.of, known.codes, known.labels, neighbors, progress)
    if 2 <= known.large <= MANY:
        model = ridge(X, known.small(), known.large, progress=progress)
        opinion = known.opinion(model.predict, progress)
    else:
        opinion = _Opinion(told.own, told.share, told.other)
    margin = opinion.best - opinion.own
    return _judged(known, told, opinion, margin > MARGIN, opinion.odds(SMALL) + (told.share - told.own) / 2)


def better_label_issues(
    X: NDArray[np.float32],
    of: NDArray[np.integer[Any]],
    codes: NDArray[np.integer[Any]],
    neighbors: Neighbors,
    *,
    classes: int,
    seed: int = 0,
    progress: Progress = SILENT,
) -> LabelIssues:
    """The better pass: 5-fold logistic regression (C = 10) in place of ridge. Seconds to a minute; for a background.

    Folds are of distinct vectors, so a row's copies never teach what is said of it. At most 12,000 texts teach a fold.
    """
    known = _Known.of_rows(of, codes, len(X), classes)
    told = votes(known.of, known.codes, known.labels, neighbors, progress)
    if not 2 <= known.large <= MANY:
        return label_issues(X, of, codes, neighbors, classes=classes, progress=progress)
    small, rng = known.small(), np.random.default_rng(seed)
    fold = rng.permutation(len(X)) % FOLDS
    models = []
    for part in range(FOLDS):
        progress.report("labels", part, FOLDS, "a closer look at the labels")
        taught = np.flatnonzero((fold != part) & (small >= 0))
        if len(taught) > TAUGHT:
            taught = np.sort(rng.choice(taught, TAUGHT, replace=False))
        models.append(softmax_regression(X[taught], small[taught], known.large, progress=progress))

    def predict(start: int, stop: int) -> NDArray[np.float32]:
        P = np.empty((stop - start, known.large), np.float32)
        for part, model in enumerate(models):
            rows = np.flatnonzero(fold[start:stop] == part)
            P[rows] = model.probabilities(X[start:stop][rows])
        return P

    opinion = known.opinion(predict, progress)
    odds = opinion.odds(SMALLER)
    found = _judged(known, told, opinion, odds > np.log(ODDS), odds + 2 * (told.share - told.own))
    return replace(found, probability=np.where(known.codes >= 0, opinion.own, np.float32(np.nan)).astype(np.float32))


@dataclass(frozen=True, eq=False)
class _Known:
    """The labels of rows and of vectors, and which of them stand at enough texts to be told.

    ``place`` (classes,) is each label's column among those ``large`` ones, -1 for the others.
    """

    of: NDArray[np.int64]
    codes: NDArray[np.int32]
    labels: NDArray[np.int32]
    place: NDArray[np.int32]
    large: int

    @classmethod
    def of_rows(cls, of: NDArray[Any], codes: NDArray[Any], p: int, classes: int) -> _Known:
        of, codes = np.asarray(of, np.int64), np.asarray(codes, np.int32)
        labels = one_label(of, codes, p)
        enough = np.bincount(labels[labels >= 0], minlength=classes) >= FEW
        place = np.where(enough, np.cumsum(enough) - 1, -1).astype(np.int32)
        return cls(of, codes, labels, place, int(enough.sum()))

    def small(self) -> NDArray[np.int32]:
        """(p,) the column of each vector's label; -1 where it has none."""
        return np.where(self.labels >= 0, self.place[self.labels], -1).astype(np.int32)

    def opinion(self, predict: Any, progress: Progress) -> _Opinion:
        """Read off the predictions (p, large) block by block what rows need: they are never there as a whole."""
        names = np.flatnonzero(self.place >= 0).astype(np.int32)
        order = np.argsort(self.of, kind="stable")
        edges = np.searchsorted(self.of[order], np.arange(0, len(self.labels) + BLOCK, BLOCK))
        own, best = np.zeros(len(self.of), np.float32), np.zeros(len(self.of), np.float32)
        other = np.full(len(self.of), -1, np.int32)
        for at, (first, last) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
            progress.check()
            rows = order[first:last]
            if not len(rows):
                continue
            start = at * BLOCK
            P = predict(start, min(start + BLOCK, len(self.labels)))[self.of[rows] - start]
            mine = np.where(self.codes[rows] >= 0, self.place[self.codes[rows]], -1)
            some = np.flatnonzero(mine >= 0)
            own[rows[some]] = P[some, mine[some]]
            P[some, mine[some]] = -np.inf
            column = P.argmax(axis=1)
            best[rows], other[rows] = P[np.arange(len(rows)), column], names[column]
        return _Opinion(own, best, other)


def _judged(known: _Known, told: Votes, opinion: _Opinion, clear: NDArray[np.bool_], lead: NDArray[Any]) -> LabelIssues:
    """The strict rule on rows where the model is ``clear``; ``lead`` ranks, above 0 where the data would give another label."""
    codes = known.codes
    labelled = codes >= 0
    spoken = labelled & (opinion.other >= 0) & (known.place[np.where(labelled, codes, 0)] >= 0)
    flag = spoken & clear & (told.own < OWN) & (told.agreeing >= AGREE) & (told.other == opinion.other)
    flag &= ~_habits(known, opinion.other, flag)
    nobody = np.zeros(len(flag), bool)
    flag, held = (nobody, flag) if flag.sum() > MOST * labelled.sum() else (flag, nobody)
    score = np.where(labelled & (opinion.other >= 0), 1 / (1 + np.exp(-lead)), 0).astype(np.float32)
    given = np.where(lead > 0, opinion.other, codes)
    suggested = np.where(labelled, np.where(flag, opinion.other, given), np.where(opinion.best > 0, opinion.other, -1))
    return LabelIssues(score, flag, suggested.astype(np.int32), np.full(len(codes), np.nan, np.float32), held)


def _habits(known: _Known, other: NDArray[np.int32], flag: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows lie between two labels that are confused as a habit; a text that stands there ten times is one case of it."""
    codes, classes = known.codes, len(known.place)
    found = np.zeros(len(codes), bool)
    rows = np.flatnonzero(flag)
    pairs, at = np.unique(codes[rows].astype(np.int64) * classes + other[rows], return_inverse=True)
    cases = np.unique(at * np.int64(len(known.labels)) + known.of[rows])
    counts = np.bincount(cases // max(len(known.labels), 1), minlength=len(pairs))
    bearers = np.bincount(codes[codes >= 0], minlength=classes)
    live = max(int((bearers > 0).sum()) - 1, 1)
    even = len(cases) * bearers[pairs // classes] / max(int(bearers.sum()), 1) / live
    found[rows] = (counts > np.maximum(HABIT, SPREAD * even))[at]
    return found
