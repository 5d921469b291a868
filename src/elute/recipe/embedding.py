"""Which embedder a recipe goes by, and in which version: a model with the hash of its files, a vocabulary, or one that is not in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.embed import Cache, Embedder, SentenceBert, TfidfEmbedder, embed
from elute.embed.forms import EMBEDDERS, form_of
from elute.errors import EluteError, RecipeError
from elute.options import from_dict, to_dict
from elute.places import cache_folder
from elute.progress import SILENT
from elute.recipe.vocabulary import Vocabulary

TRIED = 20
"""Texts that are embedded once more to see whether a vocabulary is still that of the vectors."""
PACKAGES = {"sbert": "sentence-transformers", "openai": "openai", "vocabulary": "scikit-learn"}


class Read(Cache):
    """A cache that is read only: rows by the million would fill it."""

    def put(self, key: str, hashes: Sequence[bytes], vectors: NDArray[Any]) -> None:
        """Nothing."""


@dataclass(frozen=True, eq=False)
class Own:
    """What made the vectors in the session itself, with a few texts and their vectors, by which it is tried."""

    embedder: Embedder
    texts: list[str]
    X: NDArray[np.float32]

    @classmethod
    def of(cls, embedder: Embedder, X: NDArray[np.float32], text: Callable[[int], str]) -> Own:
        """Some of the distinct vectors (m, d), and what each says."""
        some = _some(len(X))
        return cls(embedder, [text(at) for at in some.tolist()], X[some])

    def again(self) -> str:
        """Whether it gives the same vectors again, "" where it does: one that learns from all that it is given does not."""
        name = self.embedder.name
        if self.embedder.remote or isinstance(self.embedder, SentenceBert):  # models read each text by itself; calls cost money
            return ""
        if type(self.embedder).fit is not Embedder.fit:  # it is not asked: it would forget what it has learned
            return f"{name} learns from all texts that it is given"
        try:
            same = _alike(self.embedder, self.X, self.texts)
        except Exception as error:  # a person's own code
            return f"{name} can't be asked again ({type(error).__name__}: {str(error)[:200]})"
        return "" if same else f"{name} gives other vectors when it is asked again for the same texts"


@dataclass(frozen=True, eq=False)
class Embedding:
    """How the vectors came about.

    Attributes
    ----------
    kind : {"sbert", "openai", "vocabulary", "given", "none"}
        ``given``: an array or a function, so ``vectors=`` is asked for. ``none``: the session had no vectors.
    name : str
        For people.
    told : dict
        As the form of the embedder has it; empty where there is none.
    key : str
        What makes a vector: for a model the hash of its files. "" where it is not known.
    dimension : int
    package : str
        ``name version`` of what computed it.
    vocabulary : Vocabulary or None
    own : Own or None
        The embedder of the session that the recipe is of, as long as both are in memory; no file holds it.
    """

    kind: str
    name: str
    told: Mapping[str, Any]
    key: str
    dimension: int
    package: str
    vocabulary: Vocabulary | None = None
    own: Own | None = None

    @classmethod
    def of(cls, embedder: Embedder, X: NDArray[np.float32], texts: list[str]) -> Embedding:
        """As a session used it: its distinct vectors (m, d), and a text of each."""
        return replace(cls._of(embedder, X, texts), own=Own.of(embedder, X, texts.__getitem__))

    @classmethod
    def _of(cls, embedder: Embedder, X: NDArray[np.float32], texts: list[str]) -> Embedding:
        dimension = X.shape[1]
        if isinstance(embedder, TfidfEmbedder):
            made = Vocabulary.of(embedder)
            if not _alike(made, X, texts):  # it has read other texts since
                again = TfidfEmbedder(embedder.dimension, seed=embedder.seed)
                again.fit(list(dict.fromkeys(texts)), SILENT)
                made = Vocabulary.of(again)
            if _alike(made, X, texts):
                return cls("vocabulary", embedder.name, {}, made.key(), dimension, _installed("vocabulary"), made)
            return cls("given", embedder.name, {}, "", dimension, "")
        form = form_of(embedder)
        if form is None:
            return cls("given", embedder.name, {}, "", dimension, "")
        told = to_dict(form)
        return cls(told["name"], embedder.name, told, embedder.key() or "", dimension, _installed(told["name"]))

    @property
    def remote(self) -> bool:
        """Whether texts leave this machine."""
        return self.kind == "openai"

    def make(self) -> Embedder:
        """The embedder itself; a model is loaded when it is first used.

        Raises
        ------
        RecipeError
            It can't be made here; the message says what to do.
        """
        if self.vocabulary is not None:
            return self.vocabulary
        if self.kind not in EMBEDDERS:
            raise RecipeError(
                f"The vectors of this recipe came from {self.name}, which no recipe can hold: give them as vectors=, one a row, from the "
                "same source."
            )
        try:
            return from_dict(EMBEDDERS, self.told).embedder()
        except EluteError as error:
            raise RecipeError(f"The embedder of this recipe, {self.name}, can't be made here. {error}") from error

    def checked(self, embedder: Embedder) -> Embedder:
        """The same embedder, if it is the very model that the recipe was made with."""
        try:
            key = embedder.key() or ""
        except (EluteError, OSError) as error:
            raise RecipeError(
                f"The embedder of this recipe, {self.name}, can't be loaded here: {str(error)[:200]} Install it, or give vectors=."
            ) from error
        if self.key and key != self.key:
            raise RecipeError(
                f"{self.name} is here in another version than the recipe was made with ({_short(key)} for {_short(self.key)}): its "
                "vectors would mean something else. Install that version, give vectors=, or make the recipe anew."
            )
        return embedder

    def vectors(
        self, embedder: Embedder, texts: list[str | None], known: bool = False
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Unit vectors (n, d) and which rows have one; with ``known`` those that sessions cached are not computed again."""
        made = embed(embedder, texts, cache=Read(cache_folder() / "vectors") if known and self.vocabulary is None else None)
        if made.valid.any() and made.vectors.shape[1] != self.dimension:
            raise RecipeError(
                f"{self.name} gave vectors of {made.vectors.shape[1]} numbers; the recipe was made with {self.dimension}."
            )
        return made.vectors, made.valid

    def given(self, vectors: Any, texts: list[str | None]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """The same from vectors that came with the rows."""
        X = np.asarray(vectors)
        if X.ndim != 2 or X.dtype.kind not in "fiu" or len(X) != len(texts) or (self.dimension and X.shape[1] != self.dimension):
            raise RecipeError(
                f"vectors= is {X.dtype} of shape {X.shape}; the recipe needs numbers of shape ({len(texts)}, {self.dimension}), one row "
                "of them for each row."
            )
        has = np.fromiter((text is not None for text in texts), bool, len(texts))
        bad = np.flatnonzero(has & ~np.isfinite(X).all(axis=1))
        if len(bad):
            raise RecipeError(f"{len(bad)} of the {len(X):,} vectors hold NaN or infinity, the first in row {bad[0]}.")
        X = np.where(has[:, None], X, 0).astype(np.float32)
        length = np.sqrt(np.einsum("ij,ij->i", X, X, dtype=np.float64))
        valid = has & (length > 0)
        return (X / np.where(valid, length, 1)[:, None]).astype(np.float32), valid

    def to_dict(self) -> dict[str, Any]:
        """As JSON, without the arrays of a vocabulary."""
        return {
            "kind": self.kind, "name": self.name, "told": dict(self.told), "key": self.key, "dimension": self.dimension,
            "package": self.package,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Embedding:
        """What :meth:`to_dict` gave, and the arrays."""
        made = Vocabulary.read(arrays) if told["kind"] == "vocabulary" else None
        return cls(
            str(told["kind"]),
            str(told["name"]),
            dict(told["told"]),
            str(told["key"]),
            int(told["dimension"]),
            str(told["package"]),
            made,
        )


def _some(n: int) -> NDArray[np.int64]:
    """Places of the texts that are tried."""
    return np.unique(np.linspace(0, n - 1, min(n, TRIED)).astype(np.int64)) if n else np.empty(0, np.int64)


def _alike(made: Embedder, X: NDArray[np.float32], texts: list[str]) -> bool:
    """Whether it gives the vectors that are there, to rounding."""
    some = _some(len(X))
    if not len(some):
        return True
    again = embed(made, [texts[at] for at in some]).vectors
    return again.shape[1] == X.shape[1] and bool(np.allclose(again, X[some], atol=1e-3))


def _installed(kind: str) -> str:
    package = PACKAGES.get(kind, "")
    try:
        return f"{package} {version(package)}" if package else ""
    except PackageNotFoundError:
        return package


def _short(key: str) -> str:
    return key.split(":")[1][:12] if ":" in key else key[:12] or "unknown"
