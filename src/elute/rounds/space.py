"""The distinct vectors of a table, and what is read off them: made once, shared by all rounds.

The vectors never move. A round takes part of them: each vector has a weight, the number of kept rows it stands for, and 0 where none is
kept. So a removal copies nothing, and a million rows cost a round as little as its arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import NOT_TEXT, Corpus
from elute.embed import Embeddings
from elute.errors import InputError
from elute.foreignness import Speak, Wording, label_names
from elute.metrics import Target
from elute.neighbors import NeighborGraph, Neighbors
from elute.prepare.clean import strip_markup
from elute.progress import SILENT, Progress
from elute.vectors import distinct, row_hashes

NEAREST = 15
"""Neighbours that count for a map, and for what lies among dropped rows."""
LISTED = 45
"""Neighbours listed of each vector: HDBSCAN reads 30 of them, and after 5 % were removed nearly every list has these still."""
SPARSE = 0.5
"""Share of vectors in a round below which they are gathered: working around the others would cost more than one copy."""


class Space:
    """Distinct vectors, their neighbour graph and the wording of their texts.

    Parameters
    ----------
    embeddings : Embeddings
        Over all n rows of the table.
    texts : sequence of str or None, length n
        As they were embedded.
    corpus : Corpus

    Attributes
    ----------
    X : ndarray of shape (m, d), float32
        The same memory as the embeddings' where no two rows are equal.
    of : ndarray of shape (n,), int64
        Which vector each row has; -1 without one.
    hashes : ndarray of shape (m,), uint64
        Fingerprints of the vectors: a row whose text was edited has another one.
    graph : NeighborGraph
    speak : callable, optional
        Embeds a few more texts, such as the task, and keeps none on disk; set by whoever has the embedder.
    speak_labels : callable, optional
        The same for the names of labels, of which there may be many: on disk they are found again.
    task : str
        What the set is for.
    reduced : tuple of bytes and ndarray of shape (p, few), or None
        What was reduced last, and of which vectors: a preview and the round after it need the same.
    """

    def __init__(self, embeddings: Embeddings, texts: Sequence[str | None], corpus: Corpus) -> None:
        rows = np.flatnonzero(embeddings.valid)
        whole = len(rows) == len(embeddings.valid)
        first, back = distinct(embeddings.vectors if whole else embeddings.vectors[rows])
        self.first = rows[first]
        self.of = np.full(len(embeddings.valid), -1, np.int64)
        self.of[rows] = back
        self.X = embeddings.vectors if len(first) == len(embeddings.valid) else embeddings.vectors[self.first]
        self.hashes = row_hashes(self.X)
        self.graph = NeighborGraph(self.X, LISTED)
        self.wording = Wording()
        self.speak: Speak | None = None
        self.speak_labels: Speak | None = None
        self.task = ""
        self.reduced: tuple[bytes, NDArray[np.float32]] | None = None
        self._texts, self._corpus = texts, corpus

    @property
    def n(self) -> int:
        """Rows of the table."""
        return len(self.of)

    def text(self, vector: int) -> str:
        """The text of a vector; of several that have the same one, the first."""
        return self._texts[self.first[vector]] or ""

    @cached_property
    def target(self) -> Target | None:
        """The person's own labels as they were given, counted through once."""
        if self._corpus.label is None:
            return None
        codes, names = self._corpus.label_codes
        return Target(codes.astype(np.int64), tuple(names), self.of)

    @cached_property
    def label_names(self) -> NDArray[np.float32] | None:
        """The names of the person's labels as vectors, where they are words and the embedder reads such; embedded once."""
        return None if self.target is None else label_names(self.target.values, self.speak_labels)

    @cached_property
    def task_vector(self) -> NDArray[np.float32] | None:
        """What the set is for, as a vector."""
        made = self.speak([self.task]) if self.speak is not None and self.task.strip() else None
        return None if made is None else made[0]

    def _nothing(self) -> str:
        if (self.of >= 0).any():
            return "No row with a text is left. Undo, or restore some rows: every decision is still there."
        if not self.n:
            return "No row with a text: the table has no rows."
        if count := sum(text is not None for text in self._texts):
            return f"No row with a vector: those of all {count:,} rows with a text are zero. Take another embedder, or other vectors."
        texts = [text for text in self._corpus.texts if text is not None and not text.isspace() and text]
        if tags := sum(not strip_markup(text).strip() for text in texts):
            return (
                f"No row with a text: of {tags:,} of {self.n:,} rows nothing is left once HTML is taken out. "
                "prepare=elute.Prepare(markup=False) leaves it in."
            )
        if others := int((self._corpus.state == NOT_TEXT).sum()):
            return (
                f"No row with a text: {others:,} of {self.n:,} rows hold numbers or other values, not text. "
                "Give another column as text=, or make them strings first: .astype(str) in pandas."
            )
        return f"No row with a text: none of {self.n:,} rows has one. Give another column as text=, or fill= for what is missing."

    def part(self, keep: NDArray[np.bool_]) -> Part:
        """The vectors of the rows that stay.

        Raises
        ------
        InputError
            There is none.
        """
        rows = np.flatnonzero(keep & (self.of >= 0))
        if not len(rows):
            raise InputError(self._nothing())
        weights = np.bincount(self.of[rows], minlength=len(self.X)).astype(np.float64)
        alive = weights > 0
        if alive.mean() >= SPARSE:
            return Part(self, rows, self.of[rows], np.arange(len(self.X)), self.X, weights, alive)
        ids = np.flatnonzero(alive)
        at = np.full(len(self.X), -1, np.int64)
        at[ids] = np.arange(len(ids))
        return Part(self, rows, at[self.of[rows]], ids, self.X[ids], weights[ids], alive)


@dataclass(frozen=True, eq=False)
class Part:
    """The vectors of one round.

    Attributes
    ----------
    space : Space
        All distinct vectors.
    rows : ndarray of shape (r,)
        Rows of the table that take part, ascending.
    at : ndarray of shape (r,)
        Position in ``X`` of each of these rows.
    ids : ndarray of shape (q,)
        Which vectors of the space ``X`` holds.
    X : ndarray of shape (q, d), float32
    weights : ndarray of shape (q,), float64
        Rows that each vector stands for; 0: takes no part.
    among : ndarray of shape (m,), bool
        Which vectors of the space take part.
    """

    space: Space
    rows: NDArray[np.int64]
    at: NDArray[np.int64]
    ids: NDArray[np.int64]
    X: NDArray[np.float32]
    weights: NDArray[np.float64]
    among: NDArray[np.bool_]

    @cached_property
    def alive(self) -> NDArray[np.bool_]:
        """(q,) which of ``X`` take part."""
        return self.weights > 0

    @cached_property
    def taken(self) -> NDArray[np.int64]:
        """(p,) the vectors of the space that take part, ascending: what a neighbour graph of this round counts."""
        return np.flatnonzero(self.among)

    def gathered(self) -> NDArray[np.float32]:
        """(p, d) the vectors that take part, copied out where some of ``X`` don't."""
        return self.X if self.alive.all() else self.X[self.alive]

    def graph(self, k: int, progress: Progress = SILENT) -> Neighbors:
        """The ``k`` nearest of each vector that takes part, over these only."""
        return self.space.graph.among(self.among, k, progress)

    def texts(self, position: int) -> str:
        """The text of a vector of ``X``."""
        return self.space.text(int(self.ids[position]))

    @property
    def target(self) -> Target | None:
        """The person's labels of the rows that take part."""
        whole = self.space.target
        if whole is None:
            return None
        of = np.full(self.space.n, -1, np.int64)
        of[self.rows] = self.at
        return Target(whole.codes, whole.values, of)

    def of_rows(self, values: NDArray[Any], known: NDArray[np.bool_], first: NDArray[np.bool_], fill: float) -> NDArray[Any]:
        """Values (n, ...) of rows as values (q, ...) of vectors.

        Of a row that is ``known`` and has the vector: one of ``first`` where there is one, since a copy that was dropped earlier has the
        value of an earlier round.
        """
        found = np.full((len(self.space.X), *values.shape[1:]), fill, values.dtype)
        for which in (known & ~first, known & first):
            rows = np.flatnonzero(which & (self.space.of >= 0))
            found[self.space.of[rows]] = values[rows]
        return found[self.ids]

    def to_rows(self, values: NDArray[Any], fill: float, base: NDArray[Any] | None = None) -> NDArray[Any]:
        """Values (q, ...) of vectors over all n rows; rows that take no part have those of ``base``, or ``fill``."""
        usable = base is not None and base.shape[1:] == values.shape[1:]
        out = base.copy() if usable and base is not None else np.full((self.space.n, *values.shape[1:]), fill, values.dtype)
        out[self.rows] = values[self.at]
        return out

    def spread(self, values: NDArray[Any], fill: float) -> NDArray[Any]:
        """Values (p, ...) of the vectors that take part as values (q, ...) of all of ``X``."""
        if self.alive.all():
            return values
        out = np.full((len(self.X), *values.shape[1:]), fill, values.dtype)
        out[self.alive] = values
        return out
