"""What was searched for last, and which rows that found: by text, by pattern, or by meaning on the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from elute.embed import Embedder, Precomputed
from elute.errors import Cancelled, EmbeddingError, InputError, problem
from elute.jobs import Job
from elute.progress import SILENT, Progress
from elute.rounds.space import Space
from elute.widget.matching import matching
from elute.widget.near import nearest, similarities

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

MEANT = 100
"""Rows that a search by meaning finds where the page says nothing else."""
STOPPED = "The search was stopped."
SAME = 0.99
"""Cosine of a text's vector to itself, embedded alone, above which an embedder needs no other texts to give the same vector."""


@dataclass(frozen=True, eq=False)
class Hits:
    """What a search found, or will; ``error`` says calmly why it found nothing."""

    query: str
    mode: str
    rows: NDArray[np.bool_]
    error: str = ""
    pending: bool = False


class Finding:
    """The searches of one widget.

    Parameters
    ----------
    rounds : Rounds
    touch : callable
        ``touch("search")`` tells every view that hits are there, or others are.
    """

    def __init__(self, rounds: Rounds, touch: Callable[..., None]) -> None:
        self._rounds, self._touch = rounds, touch
        self.hits = Hits("", "text", np.zeros(len(rounds.session.corpus), bool))
        self._job: Job | None = None

    def search(self, query: str, mode: str, limit: int | None = None) -> tuple[NDArray[np.bool_], bool]:
        """The rows found, and whether they are still to come.

        Raises
        ------
        InputError
            A mode that is none, a pattern that is none or takes too long, or a search by meaning that is not possible.
        """
        if mode == "meaning":
            self._mean(query, max(1, limit or MEANT))
            return self.hits.rows, True
        if mode not in ("text", "regex"):
            raise InputError("A search is by text, regex or meaning.")
        rows = matching(self._rounds.session.corpus.texts, query, regex=mode == "regex")
        self._rounds.jobs.cancel("search")
        self.hits = Hits(query, mode, rows)
        self._touch("search")  # another view lists no more what it found
        return rows, False

    def stopped(self) -> None:
        """The person stopped what ran or waited: whoever waits for hits hears that none are on their way."""
        if self.hits.pending and self._job is not None and self._job.cancelled:
            self.hits = Hits(self.hits.query, self.hits.mode, self.hits.rows, STOPPED)
            self._touch("search")

    def _mean(self, query: str, limit: int) -> None:
        embedder = self._rounds.session.embedder
        query = query.strip()
        if not query:
            raise InputError("There is nothing to search for.")
        if isinstance(embedder, Precomputed):
            raise InputError(
                "The vectors came with the table, so nothing makes one of a query. Search by text, or list the neighbours of a row."
            )
        self._rounds.consent.need(embedder)
        self.hits = asked = Hits(query, "meaning", np.zeros(len(self._rounds.session.corpus), bool), pending=True)
        self._touch("search")
        self._rounds.before_judging(lambda: self._submit(asked, limit))

    def _submit(self, asked: Hits, limit: int) -> None:
        self._job = self._rounds.jobs.submit("search", lambda job: self._found(job, asked, limit))

    def _found(self, job: Job, asked: Hits, limit: int) -> None:
        session, rows, error = self._rounds.session, asked.rows, STOPPED
        try:
            space = session.space(job)
            job.report("search", message="embedding the query")
            vector = embed_query(session.embedder, asked.query, space, job)
            rows = np.zeros(space.n, bool)
            rows[nearest(similarities(space, vector), session.state.keep, limit)[0]] = True
            error = ""
        except Cancelled:
            raise
        except Exception as no:
            error = problem(no, f"{session.embedder.name} could not embed the query")
        finally:
            if self.hits is asked:
                self.hits = Hits(asked.query, asked.mode, rows, error)
                self._touch("search")


def embed_query(embedder: Embedder, query: str, space: Space, progress: Progress = SILENT) -> NDArray[np.float32]:
    """The vector of a query, of unit length, in the space of the table.

    One of the table's own texts is embedded with it, to see that the embedder gives the vector that stands there: a function that
    learns from the texts it is given does not. Nothing more than the query goes to a remote one.

    Raises
    ------
    EmbeddingError
        The query has no vector, or one of another space.
    """
    texts = [query] if embedder.remote else [query, space.text(0)]
    embedder.begin(texts, progress)
    vectors = np.zeros((len(texts), space.X.shape[1]), np.float32)
    for batch in embedder.batches(texts):
        made = np.asarray(embedder.run_batch([texts[at] for at in batch], progress), np.float64)
        if made.shape != (len(batch), space.X.shape[1]):
            raise EmbeddingError(_OTHER.format(embedder.name))
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        vectors[batch] = made / np.where(lengths > 0, lengths, 1)
    if not np.isfinite(vectors).all() or not vectors[0].any():
        raise EmbeddingError(f"{embedder.name} knows nothing of this query. Try other words, or search by text.")
    if len(texts) > 1 and vectors[1] @ space.X[0] < SAME:
        raise EmbeddingError(_OTHER.format(embedder.name))
    return np.asarray(vectors[0])


_OTHER = (
    "{} gives other vectors to a query than it gave to the table, as what learns from the texts at hand does. Search by text, or list "
    "the neighbours of a row."
)
