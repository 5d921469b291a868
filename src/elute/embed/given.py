"""Vectors that someone else makes: an array that is already there, or a function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from elute.embed.base import Embedder
from elute.errors import EmbeddingError, SettingsError


class Precomputed(Embedder):
    """Vectors that came with the data, one a row.

    Parameters
    ----------
    array : array-like of shape (n, d)
        Row i belongs to row i of the table, also where two rows have the same text.

    Raises
    ------
    EmbeddingError
        Not two axes, not numbers, other than n rows; or NaN or infinity in a row that has a text (the rows are listed).
    """

    name = "precomputed"

    def __init__(self, array: Any) -> None:
        try:
            self.array = np.asarray(array)
        except ValueError:
            raise EmbeddingError("Precomputed vectors must all have the same length") from None
        if self.array.ndim != 2 or self.array.shape[1] == 0 or self.array.dtype.kind not in "fiu":
            raise EmbeddingError(
                f"Precomputed vectors must be numbers of shape (n, d), not {self.array.dtype} of shape {self.array.shape}"
            )

    def __repr__(self) -> str:
        return f"Precomputed(<{self.array.shape[0]} x {self.array.shape[1]} {self.array.dtype}>)"

    def identity(self) -> str:
        told = f"{self.array.dtype.str} {self.array.shape} ".encode()
        digest = hashlib.blake2b(told, digest_size=16)
        digest.update(np.ascontiguousarray(self.array).data)  # 1 s for a million rows of 384 float32
        return f"precomputed:{digest.hexdigest()}"

    def by_row(self, texts: Sequence[str | None]) -> np.ndarray:
        if len(texts) != len(self.array):
            raise EmbeddingError(f"There are {len(self.array)} precomputed vectors for {len(texts)} rows")
        has_text = np.array([text is not None for text in texts], dtype=bool)
        bad = np.flatnonzero(has_text & ~np.isfinite(self.array).all(axis=1))
        if len(bad):
            listed = ", ".join(map(str, bad[:10])) + (", ..." if len(bad) > 10 else "")
            raise EmbeddingError(f"{len(bad)} of {len(texts)} precomputed vectors hold NaN or infinity, in rows {listed}")
        return self.array

    def embed_batch(self, texts: list[str]) -> np.ndarray:
        """Always an error: an array knows rows, not texts."""
        raise EmbeddingError("Precomputed vectors belong to rows; a new text can't be embedded with them")


class FromFunction(Embedder):
    """Vectors from any function of texts.

    Parameters
    ----------
    function : callable
        ``list[str] -> (len, d)`` array. It is called once with all distinct texts, so it may learn from them; nothing is cached.
    batch_size : int, optional
        Call it with so many texts at a time instead: then cancel and progress take hold between two calls.
    key : str, optional
        With a key vectors are cached under it. Change it when the function changes.
    """

    def __init__(self, function: Callable[[list[str]], Any], *, batch_size: int | None = None, key: str | None = None) -> None:
        if batch_size is not None and batch_size < 1:
            raise SettingsError(f"batch_size must be at least 1, not {batch_size}")
        self.function = function
        self.name = str(getattr(function, "__name__", type(function).__name__))
        self._size = batch_size
        self._key = key

    def __repr__(self) -> str:
        return f"FromFunction({self.name})"

    def key(self) -> str | None:
        return None if self._key is None else f"function:{self._key}"

    def batches(self, texts: list[str]) -> Iterable[np.ndarray]:
        size = self._size or len(texts)
        return (np.arange(start, min(start + size, len(texts))) for start in range(0, len(texts), size))

    def embed_batch(self, texts: list[str]) -> np.ndarray:
        return np.asarray(self.function(texts))
