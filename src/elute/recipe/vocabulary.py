"""TF-IDF as it was fitted, for new texts. Its terms, pieces of 2 to 4 characters, are kept as hashes, never as they read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.embed import Embedder, TfidfEmbedder

HELD = 1_000_000
"""Terms whose places are remembered."""


class Vocabulary(Embedder):
    """A fitted :class:`~elute.embed.TfidfEmbedder` that learns nothing more.

    Parameters
    ----------
    hashes : ndarray of shape (t,), uint64
        Of the terms, ascending.
    idf : ndarray of shape (t,), float32
    components : ndarray of shape (t, d), float32
    """

    name = "TF-IDF"
    batch_size = 1024

    def __init__(self, hashes: NDArray[np.uint64], idf: NDArray[np.float32], components: NDArray[np.float32]) -> None:
        self.hashes, self.idf, self.components = hashes, idf, components
        self._at: dict[str, int] = {}

    @classmethod
    def of(cls, fitted: TfidfEmbedder) -> Vocabulary:
        """What an embedder learned; nothing where it learned nothing."""
        vectorizer, components = fitted._vectorizer, fitted._components
        if vectorizer is None:
            return cls(np.zeros(0, np.uint64), np.zeros(0, np.float32), np.zeros((0, max(1, components.shape[1])), np.float32))
        terms = vectorizer.vocabulary_
        hashes = np.fromiter(map(_hash, terms), np.uint64, len(terms))
        columns = np.fromiter(terms.values(), np.int64, len(terms))
        order = np.argsort(hashes)
        at = columns[order]
        return cls(hashes[order], np.asarray(vectorizer.idf_[at], np.float32), np.ascontiguousarray(components[at], np.float32))

    def key(self) -> str:
        digest = blake2b(self.hashes.tobytes(), digest_size=16)
        digest.update(np.ascontiguousarray(self.components).tobytes())
        return f"vocabulary:{digest.hexdigest()}"

    @cached_property
    def _pieces(self) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).build_analyzer()

    def embed_batch(self, texts: list[str]) -> NDArray[np.float32]:
        """(len(texts), d); each row by itself, so that it comes out the same in any batch."""
        found = np.zeros((len(texts), self.components.shape[1]), np.float32)
        for row, text in enumerate(texts):
            counts = Counter(at for piece in self._pieces(text) if (at := self._place(piece)) >= 0)
            if counts:
                columns = np.fromiter(sorted(counts), np.int64, len(counts))
                times = np.fromiter((counts[int(at)] for at in columns), np.float32, len(counts))
                weights = (1 + np.log(times)) * self.idf[columns]
                found[row] = (weights / np.float32(np.sqrt((weights * weights).sum()))) @ self.components[columns]
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What :meth:`read` takes."""
        return {"vocabulary": self.hashes, "idf": self.idf, "components": self.components}

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
        """What :meth:`arrays` gave."""
        made = cls(arrays["vocabulary"], arrays["idf"], arrays["components"])
        if not len(made.hashes) == len(made.idf) == len(made.components):
            raise ValueError("a vocabulary of unequal lengths")
        return made

    def _place(self, piece: str) -> int:
        at = self._at.get(piece)
        if at is None:
            hashed = np.uint64(_hash(piece))
            found = int(np.searchsorted(self.hashes, hashed))
            at = found if found < len(self.hashes) and self.hashes[found] == hashed else -1
            if len(self._at) >= HELD:
                self._at.clear()
            self._at[piece] = at
        return at


def _hash(piece: str) -> int:
    return int.from_bytes(blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=8, person=b"piece").digest())
