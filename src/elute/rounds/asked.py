"""What a person asked for besides what is always looked for: personal data, and functions of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.findings import Findings, flagged
from elute.findings.own import own_scores, reads
from elute.findings.privacy import personal

Vectors = Callable[[], NDArray[np.float32] | None]


class Asked:
    """Answers for a round, made now or read from disk. What reads no round is said once.

    An own function is known by name only, and its next version has the same: what it said to another session is never taken.

    Parameters
    ----------
    corpus : Corpus
    how : Findings, optional
    """

    def __init__(self, corpus: Corpus, how: Findings | None = None) -> None:
        self.how = how or Findings()
        self._corpus = corpus
        self._said: dict[str, tuple[Any, tuple[NDArray[np.float32], NDArray[np.bool_], str]]] = {}
        self._personal: dict[str, NDArray[Any]] | None = None
        self._lock = RLock()

    @property
    def reads_vectors(self) -> bool:
        """Whether an own function does."""
        return any("vectors" in reads(function) for function in self.how.own.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about own functions that failed."""
        return tuple(told for _, (_, _, told) in tuple(self._said.values()) if told)

    def known(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Columns of a round on disk: where texts were read for personal data then, they need not be again."""
        count = kept.get("personal_count")
        if count is not None and not np.isnan(count).all():
            self._take(count)

    def columns(
        self, made: Any, among: NDArray[np.bool_], vectors: Vectors
    ) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[np.bool_]]]:
        """Columns of findings, each (n,); and what own functions named that name too many to flag any.

        Parameters
        ----------
        made : Round or None
            Given to own functions that ask for it.
        among : ndarray of shape (n,), bool
            Kept rows with a text that are no copies: an own function that flags more than 5 % of them flags none.
        vectors : callable
            What is given to own functions that ask for it: (n, d), called where one does.
        """
        with self._lock:
            columns: dict[str, NDArray[Any]] = {}
            rules: dict[str, NDArray[np.bool_]] = {}
            if self.how.personal:
                if self._personal is None:
                    self._take(personal(self._corpus.texts))
                columns |= self._personal or {}
            for name in self.how.own:
                columns[f"own:{name}"], rules[f"own:{name}:flag"], _ = self._own(name, made, vectors)
                columns[f"own:{name}:flag"] = rules[f"own:{name}:flag"]
            flags, held = flagged(rules, among)
            return columns | flags, held

    def _take(self, count: NDArray[np.float32]) -> None:
        self._personal = {"personal_count": count, "personal": count > 0}

    def _own(self, name: str, made: Any, vectors: Vectors) -> tuple[NDArray[np.float32], NDArray[np.bool_], str]:
        function = self.how.own[name]
        asks = reads(function)
        X = vectors() if "vectors" in asks else None
        before, said = self._said.get(name, (None, None))
        if said is None or before is not X or "round" in asks:
            # a person's function may work in place: never on what the next round is made from; a round's arrays can't be written to
            given = {"texts": list(self._corpus.texts), "vectors": None if X is None else X.copy(), "round": made}
            said = own_scores(name, function, given, self._corpus.n)
            self._said[name] = X, said
        return said
