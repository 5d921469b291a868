"""What was decided on a sample, for all rows: each part judged by itself, then what stands beside other rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.engines.job import digest
from elute.errors import InputError
from elute.options import to_dict
from elute.prepare import prepare
from elute.progress import Progress
from elute.recipe import Judged, Recipe
from elute.recipe.applied import settled
from elute.recipe.judged import together
from elute.sampled.source import Source

if TYPE_CHECKING:
    from elute.disk import Disk


@dataclass(frozen=True, eq=False)
class Carried:
    """For each of all n rows, in their order.

    Attributes
    ----------
    keep : ndarray of shape (n,), bool
    reason : ndarray of shape (n,), int16
        Place in :attr:`reasons`.
    reasons : tuple of str
        "" first: the row stays.
    cluster : ndarray of shape (n,), int32
        Of the round that the sample shows; noise -1, without a vector -2.
    score : ndarray of shape (n,), float32
        Cosine to the centroid of that cluster.
    skipped : tuple of str
        What could not be done, a sentence each.
    """

    keep: NDArray[np.bool_]
    reason: NDArray[np.int16]
    reasons: tuple[str, ...]
    cluster: NDArray[np.int32]
    score: NDArray[np.float32]
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.keep)

    @property
    def counts(self) -> dict[str, int]:
        """Rows that went, by reason, the most first."""
        at, count = np.unique(self.reason[~self.keep], return_counts=True)
        total: dict[str, int] = {}
        for one, rows in zip(at.tolist(), count.tolist(), strict=True):
            total[self.reasons[one]] = total.get(self.reasons[one], 0) + rows
        return dict(sorted(total.items(), key=lambda one: (-one[1], one[0])))

    def sizes(self, kept: bool = True) -> dict[int, int]:
        """Rows of each cluster, of those that stay or of all."""
        at, count = np.unique(self.cluster[self.keep] if kept else self.cluster, return_counts=True)
        return dict(zip(at.tolist(), count.tolist(), strict=True))

    def __str__(self) -> str:
        lines = [f"{int(self.keep.sum()):,} of {len(self):,} rows stay."]
        return "\n".join([*lines, *(f"{count:,}: {why}" for why, count in self.counts.items()), *self.skipped])

    __repr__ = __str__


def carry(
    recipe: Recipe,
    source: Source,
    content: list[NDArray[np.uint64]],
    given: bool,
    folder: Path,
    disk: Disk | None,
    progress: Progress,
) -> Carried:
    """Judge every row as :meth:`elute.recipe.Recipe.apply` would, one part in memory at a time.

    Parameters
    ----------
    content : list of ndarray
        Hashes of what the rows of each part held when the sample was drawn.
    given : bool
        The vectors of the source are those of the recipe.
    folder : Path
        Where vectors that an embedder makes are kept, a file a part, so that they are made once.

    Raises
    ------
    InputError
        A part has changed since.
    """
    came, parts = _before(content), list[Judged]()
    for part in range(len(source)):
        progress.check()
        progress.report("all rows", part, len(source))
        table = source.read(part)
        if not np.array_equal(recipe.contents(table), content[part]):
            raise InputError(f"Part {part + 1} of {len(source)} has changed since the sample was drawn. Make a new session.")
        X = source.vectors(part, table) if given else None
        if X is None and recipe.needs_vectors:
            X = _kept(recipe, table, _path(recipe, content[part], folder), disk)
        parts.append(_placed(recipe, recipe.judge(table, X, before=next(came)), X))
    progress.report("all rows", len(source), len(source))
    judged = _joined(parts)
    keep, reason, _ = settled(recipe, judged)
    return Carried(keep, reason, recipe.reasons, judged.cluster, judged.score, judged.skipped)


def _placed(recipe: Recipe, judged: Judged, X: NDArray[np.float32] | None) -> Judged:
    """The same with the cluster of each row, where no rule asks for it and the vectors are there all the same."""
    if X is None or recipe.needs_vectors:
        return judged
    cluster, score, _ = recipe.clusters.place(*recipe.embedding.given(X, judged.texts))
    return replace(judged, cluster=cluster, score=score)


def at_hand(recipe: Recipe, content: list[NDArray[np.uint64]], given: bool, folder: Path) -> bool:
    """Whether no vector has to be made any more: rows are then carried in seconds."""
    if not recipe.needs_vectors or given:
        return True
    paths = [_path(recipe, one, folder) for one in content]
    return all(path is not None and path.exists() for path in paths)


def _path(recipe: Recipe, content: NDArray[np.uint64], folder: Path) -> Path | None:
    """Where the vectors of a part are kept; None where nothing says what makes them."""
    embedding = recipe.embedding
    key = embedding.key or (embedding.own and embedding.own.embedder.key())
    if not key:
        return None
    return folder / f"all-{digest(embedding.kind, embedding.name, key, to_dict(recipe.prepare), digest(content.tolist()))}.npy"


def _kept(recipe: Recipe, table: Any, path: Path | None, disk: Disk | None) -> NDArray[np.float32]:
    """The vectors of a part, from disk or made and put there; zeros for a row without one."""
    texts, embedding = prepare(recipe.reads.corpus(table), recipe.prepare).texts, recipe.embedding
    try:
        found = None if path is None else np.load(path, mmap_mode="r", allow_pickle=False)
        if found is not None and found.shape == (len(texts), embedding.dimension) and found.dtype == np.float32:
            return np.asarray(found)
    except (OSError, ValueError, EOFError):
        pass
    if all(text is None for text in texts):
        return np.zeros((len(texts), embedding.dimension), np.float32)
    maker = recipe.embedder() if embedding.vocabulary or embedding.own is None else embedding.own.embedder
    made, _ = embedding.vectors(maker, texts, True)
    if path is not None and disk is not None:
        _write(path, made, disk)
    return made


def _write(path: Path, X: NDArray[np.float32], disk: Disk) -> None:
    from io import BytesIO

    out = BytesIO()
    np.save(out, X, allow_pickle=False)
    try:
        disk.make_folder(path.parent)
        disk.replace(path, out.getvalue())
    except OSError:
        return  # a full disk costs time, the next time


def _before(content: list[NDArray[np.uint64]]) -> Iterator[NDArray[np.int64]]:
    """How often the content of each row came in earlier parts, part by part."""
    sizes = [len(one) for one in content]
    part = np.repeat(np.arange(len(sizes)), sizes)
    whole = np.concatenate([*content, np.empty(0, np.uint64)])
    order = np.lexsort((np.arange(len(whole)), whole))
    new = np.ones(len(whole), bool)
    new[1:] = whole[order][1:] != whole[order][:-1]
    moved = new.copy()
    moved[1:] |= part[order][1:] != part[order][:-1]
    at, found = np.arange(len(whole)), np.zeros(len(whole), np.int64)
    found[order] = np.maximum.accumulate(np.where(moved, at, 0)) - np.maximum.accumulate(np.where(new, at, 0))
    yield from np.split(found, np.cumsum(sizes)[:-1])


def _joined(parts: list[Judged]) -> Judged:
    names = [one.name for one in fields(Judged) if one.name not in ("texts", "skipped")]
    columns: Mapping[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Judged(
        **columns,
        texts=[text for part in parts for text in part.texts],
        skipped=together(one for part in parts for one in part.skipped),
    )
