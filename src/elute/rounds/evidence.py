"""Evidence about the rows of a space: what holds whatever is dropped is found once, the rest is read off each round."""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE
from elute.corpus import Corpus
from elute.findings import Findings, findings, held
from elute.findings.copies import Copies, copies, groups
from elute.findings.duplicates import Duplicates, duplicates
from elute.findings.labels import LabelIssues, label_issues
from elute.findings.own import own_scores, reads
from elute.findings.privacy import personal
from elute.findings.redundant import redundancy
from elute.findings.style import boilerplate, markup, odd_length, script
from elute.findings.words import Words
from elute.neighbors import Neighbors
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.rounds.space import LISTED, NEAREST, Part, Space

if TYPE_CHECKING:
    import pandas as pd

CLOSE = 10
"""Nearest texts whose mean distance says how far a row is from all others."""
ALWAYS_BUILT = 100_000
"""Vectors up to which a graph is built for the findings where nothing else needed one: beyond, they say what can be said without."""


@dataclass(frozen=True, eq=False)
class _Facts:
    """What does not depend on the mask; ``text`` (n,) says which of t distinct texts a row has, -1 without one."""

    text: NDArray[np.int64]
    words: Words
    duplicates: Duplicates
    groups: NDArray[np.int64]
    columns: dict[str, NDArray[Any]]
    rules: dict[str, NDArray[np.bool_]]
    notes: tuple[str, ...]
    graphed: bool


@dataclass(frozen=True, eq=False)
class Judged:
    """What :func:`~elute.findings.labels.label_issues` is given: the labels of the rows of a round."""

    X: NDArray[np.float32]
    of: NDArray[np.int64]
    codes: NDArray[np.int32]
    neighbors: Neighbors
    classes: int


class Evidence:
    """All findings about one table's rows.

    Parameters
    ----------
    space : Space
    prepared : Prepared
        The texts that the vectors are of.
    corpus : Corpus
    how : Findings, optional
        What is looked for besides what always is.
    vectors : ndarray of shape (n, d), optional
        What own functions are given.

    Attributes
    ----------
    better : LabelIssues or None
        A better pass over the labels, as :meth:`judge_better` took it; used for the round that it was made for.
    """

    def __init__(
        self,
        space: Space,
        prepared: Prepared,
        corpus: Corpus,
        how: Findings | None = None,
        vectors: NDArray[np.float32] | None = None,
    ) -> None:
        self.space, self.prepared, self.corpus, self.how = space, prepared, corpus, how or Findings()
        self._vectors = vectors
        self._facts: _Facts | None = None
        self._own: dict[str, tuple[NDArray[np.float32], NDArray[np.bool_], str]] = {}
        self._copies: tuple[NDArray[np.bool_], Copies] | None = None
        self._lock = RLock()
        self._better_of: NDArray[np.bool_] | None = None
        self.better: LabelIssues | None = None

    # -- once a space --------------------------------------------------------------------------------------------------------

    def facts(self, progress: Progress = SILENT) -> _Facts:
        """What does not depend on the mask; found when first asked for, and once more when the graph is there."""
        with self._lock:
            graph = self.space.graph
            if not graph.built and len(self.space.X) <= ALWAYS_BUILT:
                graph.build(progress)
            if self._facts is None or (graph.built and not self._facts.graphed):
                progress.report("find", message="reading for evidence")
                self._facts = self._find(progress)
                self._copies = None
            return self._facts

    def _find(self, progress: Progress) -> _Facts:
        texts, first_of = self.prepared.texts, self.prepared.duplicate_of
        has = np.fromiter((text is not None for text in texts), bool, len(texts))
        first = np.flatnonzero(has & (first_of < 0))
        text = np.full(len(texts), -1, np.int64)
        text[first] = np.arange(len(first))
        later = has & (first_of >= 0)
        text[later] = text[first_of[later]]
        distinct: list[str] = [texts[row] or "" for row in first.tolist()]
        words = Words.of(distinct, progress)
        built = self.space.graph.built
        near = self.space.graph.whole(LISTED, progress) if built else None
        found = duplicates(words, self.space.of[first], self.space.X, near, progress)
        length, odd = odd_length(texts)
        progress.check()
        marks, mostly = markup(self.corpus.texts)
        progress.check()
        strange, foreign, note = script(distinct, text, words)
        progress.check()
        repeated, boiler = boilerplate(words, found.same)
        columns: dict[str, NDArray[Any]] = {
            "length_score": length,
            "markup_share": marks,
            "script_score": _to_rows(strange, text, np.nan),
            "boilerplate_share": _to_rows(repeated, text, np.nan),
        }
        rules = {
            "odd_length": odd,
            "markup": mostly,
            "script": _to_rows(foreign, text, False),
            "boilerplate": _to_rows(boiler, text, False),
        }
        if self.how.personal:
            columns["personal_count"] = personal(self.corpus.texts)
            columns["personal"] = columns["personal_count"] > 0
        return _Facts(text, words, found, groups(found, text), columns, rules, tuple(filter(None, [note])), built)

    @property
    def groups(self) -> NDArray[np.int64]:
        """(n,) group of each row that says the same as another, exactly or nearly, whatever is kept; -1 for the others."""
        return self.facts().groups

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the set as a whole, and about own functions that failed."""
        facts = self._facts
        failed = tuple(told for _, _, told in self._own.values() if told)
        return (*(facts.notes if facts is not None else ()), *failed)

    # -- of a mask -----------------------------------------------------------------------------------------------------------

    @property
    def _codes(self) -> NDArray[np.int64] | None:
        target = self.space.target
        return None if target is None else target.codes

    @property
    def _reference(self) -> NDArray[np.bool_] | None:
        reference: NDArray[np.bool_] | None = getattr(self.corpus, "reference", None)
        return reference if reference is not None and reference.any() else None

    def copies(self, keep: NDArray[np.bool_], progress: Progress = SILENT) -> Copies:
        """Which rows are copies of which, among those kept."""
        with self._lock:
            facts = self.facts(progress)
            if self._copies is None or not np.array_equal(self._copies[0], keep):
                found = copies(facts.duplicates, facts.text, keep, self._codes, self._reference)
                self._copies = keep.copy(), found
            return self._copies[1]

    def groups_of(self, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
        """(n,) of each kept row that says the same as another kept one the row that would stay for both; -1 for the others."""
        found = self.copies(keep)
        n = len(keep)
        own = np.where(found.copy & (found.copy_of >= 0), found.copy_of, np.arange(n))
        stays = np.where(found.near_of >= 0, found.near_of, own)
        stays[~keep] = -1
        counts = np.bincount(stays[stays >= 0], minlength=n)
        return np.where((stays >= 0) & (counts[stays] > 1), stays, -1)

    def judged(self, part: Part, progress: Progress = SILENT) -> Judged | None:
        """What a pass over the labels of a round's rows is given; None where there is nothing to compare."""
        target = self.space.target
        if target is None or len(target.values) < 2 or len(part.taken) < 3:
            return None
        at = part.at if part.alive.all() else (np.cumsum(part.alive) - 1)[part.at]
        codes = target.codes[part.rows].astype(np.int32)
        return Judged(part.gathered(), at, codes, part.graph(NEAREST, progress), len(target.values))

    def judge_better(self, part: Part, issues: LabelIssues) -> None:
        """Take what a better pass found of the rows of a round, in the order of ``part.rows``."""
        keep = np.zeros(self.space.n, bool)
        keep[part.rows] = True
        self._better_of, self.better = keep, issues

    def _labels(self, part: Part, progress: Progress) -> dict[str, NDArray[Any]]:
        """The columns of labels; none where there are no labels."""
        n, target = self.space.n, self.space.target
        here = np.zeros(n, bool)
        here[part.rows] = True
        judged = self.judged(part, progress)
        if judged is None or target is None:
            return {}
        if self.better is not None and self._better_of is not None and np.array_equal(self._better_of, here):
            found = self.better
        else:
            found = label_issues(
                judged.X, judged.of, judged.codes, judged.neighbors, classes=judged.classes, progress=progress
            )  # fmt: skip
        known = judged.codes >= 0
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
        return columns

    def findings(
        self,
        part: Part,
        labels: NDArray[np.int32],
        outlier_scores: NDArray[np.float32] | None,
        keep: NDArray[np.bool_],
        *,
        made: Any = None,
        progress: Progress = SILENT,
    ) -> pd.DataFrame:
        """The table of findings of a round.

        Parameters
        ----------
        part : Part
        labels : ndarray of shape (n,), int32
            Clusters; -1 noise, -2 not in the round.
        outlier_scores : ndarray of shape (n,), float32, optional
        keep : ndarray of shape (n,), bool
        made : Round, optional
            Given to own functions that ask for it.
        """
        facts = self.facts(progress)
        found = self.copies(keep, progress)
        among = keep & (facts.text >= 0) & ~found.copy & ~found.near
        columns = {**facts.columns, **{name: held(flag, among) for name, flag in facts.rules.items()}}
        columns |= {
            "copy": found.copy,
            "copy_of": found.copy_of,
            "near_copy": found.near,
            "near_copy_of": found.near_of,
            "near_copy_cost": found.near_cost,
            "conflict": found.conflict,
            "conflict_of": found.conflict_of,
            "leaked": found.leaked,
            "leaked_of": found.leaked_of,
        }
        if self.space.graph.built:
            near = part.graph(NEAREST, progress)
            clusters = _of_vectors(part, labels)
            thin = redundancy(near, part.weights[part.alive], clusters)
            columns["redundancy"] = part.to_rows(part.spread(thin, np.nan), np.nan)
            if near.k:
                far = near.distances[:, :CLOSE].mean(axis=1)
                columns["distance"] = part.to_rows(part.spread(far, np.nan), np.nan)
            columns |= self._labels(part, progress)
        columns |= self._asked(made, among)
        return findings(self.prepared, labels, outlier_scores, columns)

    def _asked(self, made: Any, among: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """What own functions say: those that read no round once, the others in each."""
        columns: dict[str, NDArray[Any]] = {}
        if not self.how.own:
            return columns
        given = {"texts": list(self.corpus.texts), "vectors": self._vectors, "round": made}
        for name, function in self.how.own.items():
            if name not in self._own or "round" in reads(function):
                self._own[name] = own_scores(name, function, given, self.space.n)
            scores, flag, _ = self._own[name]
            columns[f"own:{name}"], columns[f"own:{name}:flag"] = scores, held(flag, among)
        return columns


def _to_rows(values: NDArray[Any], text: NDArray[np.int64], fill: Any) -> NDArray[Any]:
    """Values (t,) of texts over all rows."""
    found = np.full(len(text), fill, values.dtype)
    has = text >= 0
    found[has] = values[text[has]]
    return found


def _of_vectors(part: Part, labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """(p,) clusters of the vectors that take part."""
    found = np.full(len(part.X), OUTSIDE, np.int32)
    found[part.at] = labels[part.rows]
    return found[part.alive]
