"""What an embedder is, and ``embed()``, which does for every embedder what none should do twice.

A provider writes one method, ``embed_batch``. Here live: each distinct text embedded once, the cache asked first, batches,
order, progress, cancel, and the checks without which one wrong vector spoils a whole map in silence.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from elute.embed.cache import Cache, text_hash
from elute.embed.claims import claimed
from elute.errors import EmbeddingError
from elute.progress import SILENT, Progress

REPORT_EVERY = 0.2
"""Seconds between two reports of progress: often enough to look alive, too seldom to cost anything."""
BLOCK = 8192
"""Vectors that are checked at a time."""
UNIT = 1e-6
"""Float32 vectors whose lengths are this near 1 are taken as they are, without a copy."""


@dataclass(frozen=True)
class Estimate:
    """What embedding would send and cost.

    Parameters
    ----------
    texts : int
        Number of texts that would be sent.
    tokens : int
        Their tokens, estimated.
    cost : float or None
        US dollars; None where the price is not known.
    """

    texts: int
    tokens: int
    cost: float | None


class Embedder(ABC):
    """Turns texts into vectors. Subclasses write ``embed_batch``; all else has a default.

    Attributes
    ----------
    name : str
        For people: shown on the page and in errors.
    remote : bool, default=False
        True where texts leave this machine, so that the person is asked first.
    batch_size : int, default=64
        Texts a call of ``embed_batch``. Cancel and progress take hold between two calls, so keep a call below 0.3 s.
    """

    name: str
    remote: bool = False
    batch_size: int = 64

    @abstractmethod
    def embed_batch(self, texts: list[str]) -> np.ndarray:
        """Vectors of some texts, in their order.

        Returns
        -------
        ndarray of shape (len(texts), d)
            Any real dtype, any length; ``embed`` checks them and brings them to unit length.
        """

    def fetch(self, progress: Progress) -> None:
        """Bring what is not on this machine yet, a model's files say; called before ``key``, which may have to read them."""
        return

    def key(self) -> str | None:
        """What makes a vector: model, version and settings. None: vectors are never cached."""
        return None

    def identity(self) -> str | None:
        """What makes the vectors of a whole corpus, so that rounds on them can be kept. None: known to this object only."""
        return self.key()

    def fit(self, texts: list[str], progress: Progress) -> None:
        """Learn from all distinct texts of a corpus (a vocabulary, say). Most embedders have nothing to learn."""
        return

    def begin(self, texts: list[str], progress: Progress) -> None:
        """Called once before the first batch, with the texts the cache lacks: load the model, or refuse the cost."""
        return

    def batches(self, texts: list[str]) -> Iterable[np.ndarray]:
        """Positions of the texts that go into one call; each position exactly once, in any order."""
        for start in range(0, len(texts), self.batch_size):
            yield np.arange(start, min(start + self.batch_size, len(texts)))

    def run_batch(self, texts: list[str], progress: Progress) -> np.ndarray:
        """As ``embed_batch``, for those whose batch may take long: they poll ``progress.check()`` meanwhile."""
        return self.embed_batch(texts)

    def by_row(self, texts: Sequence[str | None]) -> np.ndarray | None:
        """Vectors that belong to rows rather than to texts, ``(len(texts), d)``; None for all who read the texts."""
        return None

    def notes(self, texts: list[str]) -> list[str]:
        """What a person should know about these texts and this embedder, a sentence each."""
        return []

    def estimate(self, texts: list[str]) -> Estimate | None:
        """What embedding these texts sends and costs; None where nothing leaves this machine."""
        return None


@dataclass(frozen=True, eq=False)
class Embeddings:
    """What :func:`embed` returns.

    Attributes
    ----------
    vectors : ndarray of shape (n, d), float32
        Of unit length; zeros where ``valid`` is False.
    valid : ndarray of shape (n,), bool
        False where there was no text, or where the embedder gave a zero vector.
    notes : tuple of str
        What a person should know.
    embedded, cached : int
        Distinct texts newly embedded, and found in the cache.
    """

    vectors: np.ndarray
    valid: np.ndarray
    notes: tuple[str, ...]
    embedded: int
    cached: int

    def __repr__(self) -> str:
        n, d = self.vectors.shape
        return f"<Embeddings: {n:,} rows, {d:,} dimensions, {int(self.valid.sum()):,} with a vector>"


def embed(
    embedder: Embedder, texts: Sequence[str | None], *, cache: Cache | None = None, progress: Progress = SILENT
) -> Embeddings:
    """Embed texts, each distinct one once, the cache first.

    Parameters
    ----------
    embedder : Embedder
    texts : sequence of n str or None
        None where there is nothing to embed; such rows keep their place.
    cache : Cache, optional
    progress : Progress
        ``check`` is called before each batch, so a cancel waits for one batch at most.

    Returns
    -------
    Embeddings
        In the order of ``texts``.

    Raises
    ------
    EmbeddingError
        Too few vectors, wrong dimensions, NaN or infinity. Nothing of such a batch is cached.
    Cancelled
        Batches done before stay in the cache.
    """
    given = embedder.by_row(texts)
    if given is not None:
        return _from_rows(embedder, texts, given)
    place: dict[str, int] = {}
    which = np.array([-1 if t is None else place.setdefault(t, len(place)) for t in texts], dtype=np.int64)
    distinct = list(place)
    embedder.fit(distinct, progress)
    embedder.fetch(progress)
    key = embedder.key() if cache is not None else None
    hashes = [text_hash(t) for t in distinct] if key is not None else []
    vectors: np.ndarray | None = None
    there = np.zeros(len(distinct), dtype=bool)
    cached = 0

    def place_in(positions: np.ndarray, batch: np.ndarray) -> None:
        nonlocal vectors
        if vectors is None:
            vectors = np.zeros((len(distinct), batch.shape[1]), dtype=np.float32)
        if batch.shape[1] != vectors.shape[1]:
            raise EmbeddingError(
                f"{embedder.name} gave vectors of {batch.shape[1]} numbers after vectors of {vectors.shape[1]}. "
                "Has the model behind this name changed? Then empty the cache and embed anew."
            )
        vectors[positions], there[positions] = batch, True

    def look() -> None:
        nonlocal vectors, cached
        lacks = np.flatnonzero(~there)
        known = cache.get(key, [hashes[i] for i in lacks]) if cache is not None and key is not None else {}
        for i in lacks if known else ():
            if (vector := known.get(hashes[i])) is not None:
                if vectors is None:
                    vectors = np.zeros((len(distinct), len(vector)), dtype=np.float32)
                vectors[i], there[i] = vector, True
        cached += len(known)

    look()
    embedded = 0
    while not there.all():
        # a text that another thread has in hand is not paid for twice: it is waited for, and then stands in the cache
        where = None if cache is None or key is None else ("vectors", str(cache.path), key)
        with claimed(where, [hashes[i] for i in np.flatnonzero(~there)] if where else []) as claim:
            look()
            missing = np.array([i for i in np.flatnonzero(~there) if not where or hashes[i] not in claim.others], dtype=np.int64)
            for positions, batch in _embed_missing(embedder, distinct, missing, int(there.sum()), progress):
                place_in(positions, batch)
                if cache is not None and key is not None:
                    done = [hashes[i] for i in positions]
                    cache.put(key, done, batch)
                    claim.done(done, made=True)
            embedded += len(missing)
        came = int(there.sum())
        for _, made in claim.ended(progress):
            came += bool(made)
            progress.report("embed", came, len(distinct))
        look()
    if vectors is None:
        vectors = np.zeros((len(distinct), 1), dtype=np.float32)

    rows = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
    rows[which >= 0] = vectors[which[which >= 0]]
    notes = embedder.notes(distinct)
    if cache is not None and (problem := cache.take_problem()):
        notes.append(problem)
    return _finish(rows, which >= 0, notes, embedded=embedded, cached=cached)


def _embed_missing(
    embedder: Embedder, distinct: list[str], missing: np.ndarray, before: int, progress: Progress
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Positions in ``distinct`` and their checked unit vectors, batch by batch; ``before`` have theirs already."""
    if not len(missing):
        return
    wanted = [distinct[i] for i in missing]
    total = len(distinct)
    progress.report("embed", before, total)
    embedder.begin(wanted, progress)
    done, reported = 0, time.monotonic()
    for batch in embedder.batches(wanted):
        progress.check()
        yield missing[batch], _checked(embedder.run_batch([wanted[i] for i in batch], progress), len(batch), embedder.name)
        done += len(batch)
        if before + done == total or time.monotonic() - reported > REPORT_EVERY:
            reported = time.monotonic()
            progress.report("embed", before + done, total)
    if done != len(wanted):
        raise EmbeddingError(f"{embedder.name}: its batches hold {done} texts where {len(wanted)} were given")


def _checked(vectors: np.ndarray, count: int, name: str) -> np.ndarray:
    """Float32 of unit length (zero vectors stay zero), or an :class:`EmbeddingError` that gives both numbers."""
    vectors = np.asarray(vectors)
    if vectors.ndim != 2 or vectors.shape[1] == 0:
        raise EmbeddingError(f"{name} gave an array of shape {vectors.shape}; needed is ({count}, d)")
    if len(vectors) != count:
        raise EmbeddingError(f"{name} was asked for {count} vectors and gave {len(vectors)}")
    if vectors.dtype.kind not in "fiu":
        raise EmbeddingError(f"{name} gave vectors of dtype {vectors.dtype}; needed are real numbers")
    # in blocks: a float64 copy of all would take twice their memory, and squares of large float32 overflow
    blocks = [slice(start, start + BLOCK) for start in range(0, count, BLOCK)]
    norms = np.concatenate([np.linalg.norm(vectors[part].astype(np.float64), axis=1) for part in blocks] or [np.empty(0)])
    bad = int((~np.isfinite(norms)).sum())
    if bad:
        raise EmbeddingError(f"{name} gave NaN or infinity in {bad} of {count} vectors")
    ready = vectors.dtype == np.float32 and vectors.flags.c_contiguous
    if ready and (np.abs(norms[norms > 0] - 1) < UNIT).all():
        return vectors
    unit = np.empty(vectors.shape, np.float32)
    for part in blocks:
        unit[part] = vectors[part].astype(np.float64) / np.where(norms[part] > 0, norms[part], 1.0)[:, None]
    return unit


def _from_rows(embedder: Embedder, texts: Sequence[str | None], given: np.ndarray) -> Embeddings:
    has_text = np.array([t is not None for t in texts], dtype=bool)
    if has_text.all():
        return _finish(_checked(given, len(given), embedder.name), has_text, [], embedded=0, cached=0)
    rows = np.zeros((len(texts), given.shape[1]), dtype=np.float32)
    rows[has_text] = _checked(given[has_text], int(has_text.sum()), embedder.name)
    return _finish(rows, has_text, [], embedded=0, cached=0)


def _finish(rows: np.ndarray, has_text: np.ndarray, notes: list[str], *, embedded: int, cached: int) -> Embeddings:
    valid = has_text & rows.any(axis=1)
    zero = np.flatnonzero(has_text & ~valid)
    if len(zero):
        listed = ", ".join(map(str, zero[:10])) + (", ..." if len(zero) > 10 else "")
        are = "row has a zero vector and takes" if len(zero) == 1 else "rows have a zero vector and take"
        notes = [*notes, f"{len(zero)} {are} no part in the map: {listed}"]
    return Embeddings(rows, valid, tuple(notes), embedded, cached)
