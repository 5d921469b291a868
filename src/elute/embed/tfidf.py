"""Vectors with no model at all: TF-IDF of character n-grams, reduced by a singular value decomposition.

Of word, word-pair and character n-grams and mixes of them, characters 2 to 4 within words gave the best neighbours on short real
texts (share of the 10 nearest with the same label: BANKING77 .63, CLINC150 .64, SMS .97; words alone .55, .59, .96), and they see
misspelt words, compounds and scripts without spaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from elute.embed.base import Embedder
from elute.errors import SettingsError
from elute.progress import Progress

ROWS = 512
"""Rows of the sparse matrix in one product (20 ms)."""

ITERATIONS = 2
"""Of the subspace iteration. Neighbours' labels agree as often as after 7, scikit-learn's choice (.770 and .767)."""

CHECK_EVERY = 256
"""Texts between two looks for a cancel while the vocabulary is counted: some 20 ms."""


class TfidfEmbedder(Embedder):
    """TF-IDF + SVD (latent semantic analysis), the embedder that always works.

    It learns its vocabulary from the texts it is given, so its vectors are not comparable between corpora and are never cached.

    Parameters
    ----------
    dimension : int, default=256
        At most so many numbers a vector; fewer where there are fewer texts.
    seed : int, default=0
        Of the randomised SVD. The same texts in the same order give the same vectors.
    advice : str, default=""
        A sentence to pass on in :meth:`notes`.

    References
    ----------
    Deerwester et al. (1990), Indexing by latent semantic analysis. Halko, Martinsson and Tropp (2011), Finding structure with
    randomness, for the SVD.
    """

    batch_size = 1024

    def __init__(self, dimension: int = 256, *, seed: int = 0, advice: str = "") -> None:
        if dimension < 1:
            raise SettingsError(f"dimension must be at least 1, not {dimension}")
        self.dimension = dimension
        self.seed = seed
        self.advice = advice
        self.name = "TF-IDF"
        self._vectorizer: Any = None
        self._components = np.zeros((0, 1), dtype=np.float32)  # (terms, d)

    def __repr__(self) -> str:
        return f"TfidfEmbedder(dimension={self.dimension}, seed={self.seed})"

    def identity(self) -> str:
        return f"tfidf:{self.dimension}:{self.seed}"

    def fit(self, texts: list[str], progress: Progress) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        # A term of one text alone ties it to nothing; yet in a handful of texts it may be all there is.
        min_df = 2 if len(texts) > 50 else 1
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=min_df, sublinear_tf=True, dtype=np.float32)
        try:
            terms = vectorizer.fit_transform(_watched(texts, progress))
        except ValueError:  # no term at all, or none that two texts share: each text gets a zero vector
            self._vectorizer = None
            self._components = np.zeros((0, 1), dtype=np.float32)
            return
        progress.report("embed", 0, len(texts), "reducing the vocabulary")
        self._vectorizer = vectorizer
        self._components = _right_singular_vectors(terms, min(self.dimension, *terms.shape), self.seed, progress)

    def embed_batch(self, texts: list[str]) -> np.ndarray:
        """``(len(texts), d)``; a text that shares no term with the vocabulary gets a zero vector."""
        if self._vectorizer is None:
            return np.zeros((len(texts), self._components.shape[1]), dtype=np.float32)
        return np.asarray(self._vectorizer.transform(texts) @ self._components)

    def notes(self, texts: list[str]) -> list[str]:
        return [self.advice] if self.advice else []


def _right_singular_vectors(terms: Any, rank: int, seed: int, progress: Progress) -> np.ndarray:
    """The ``rank`` strongest, ``(terms, rank)`` float32, by subspace iteration from a random start.

    ``scikit-learn`` has this too, but a product with its whole sparse matrix holds the GIL for seconds: here it is done by blocks
    of rows, so that the kernel answers and a cancel takes hold.
    """
    blocks = [terms[start : start + ROWS] for start in range(0, terms.shape[0], ROWS)]
    basis = np.random.default_rng(seed).standard_normal((terms.shape[1], min(rank + 10, *terms.shape)), dtype=np.float32)

    def project() -> np.ndarray:
        parts = []
        for block in blocks:
            progress.check()
            parts.append(block @ basis)
        return np.concatenate(parts)

    for _ in range(ITERATIONS):
        left = _orthonormal(project())
        total = np.zeros_like(basis)
        for i, block in enumerate(blocks):
            progress.check()
            total += block.T @ left[i * ROWS : (i + 1) * ROWS]
        basis = _orthonormal(total)
    _, rotation = np.linalg.eigh(_gram(project()))
    return np.ascontiguousarray(basis @ rotation[:, ::-1][:, :rank].astype(np.float32))


def _orthonormal(columns: np.ndarray) -> np.ndarray:
    """Columns (n, r) that span the same space, of length 1 and at right angles to 4e-7.

    Off the eigenvectors of their products, twice: ``np.linalg.qr`` held the GIL for 5 s and more at 50,000 rows.
    """
    for _ in range(2):
        lengths, axes = np.linalg.eigh(_gram(columns))
        lengths = np.maximum(lengths, max(float(lengths[-1]), 1e-30) * 1e-12)
        columns = columns @ (axes / np.sqrt(lengths)).astype(np.float32)
    return columns


def _gram(columns: np.ndarray) -> np.ndarray:
    """Products of the columns with each other, (r, r) float64."""
    return np.asarray((columns.T @ columns).astype(np.float64))


def _watched(texts: list[str], progress: Progress) -> Iterator[str]:
    for i, text in enumerate(texts):
        if i % CHECK_EVERY == 0:
            progress.check()
        yield text
