"""The part that is per row: read, prepare, embed, place, ask the rules; and rows that the session knew have its word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.corpus.frames import as_frame
from elute.corpus.rows import value_hashes
from elute.errors import EluteError, InputError, RecipeError
from elute.learn import Learned
from elute.prepare import prepare
from elute.recipe.across import Balance
from elute.recipe.clusters import NOISE
from elute.recipe.judged import NO_TEXT, STAYS, Judged, compared
from elute.recipe.preflight import Preflight
from elute.recipe.rows import contents, group_hashes, ranks, row_ids, text_hashes, turns, whose

if TYPE_CHECKING:
    from elute.recipe.recipe import Recipe

Vectors = tuple[NDArray[np.float32], NDArray[np.bool_]]
LIKE = 0.5
"""Score of a learned filter from which a row goes."""
OTHERS = "Rows whose text was dropped under another label or group, and which a decision on single rows does not take for that:"
"""What is counted where a drop is no word on a row."""


def judge(
    recipe: Recipe,
    table: Any,
    vectors: Any,
    columns: Mapping[str, str] | None,
    before: NDArray[np.int64] | None,
    on_missing: str,
    cached: bool = False,
    names: Sequence[str] | None = None,
) -> Judged:
    """See :meth:`elute.recipe.Recipe.judge`; ``cached`` reads vectors that sessions on this machine cached."""
    corpus, skipped = read(recipe, table, columns, on_missing, names)
    n = len(corpus)
    prepared = prepare(corpus, recipe.prepare)
    texts = prepared.texts
    keep, reason = np.ones(n, bool), np.full(n, STAYS, np.int16)
    cluster, score, learned = np.full(n, -2, np.int32), np.full(n, np.nan, np.float32), np.full(n, np.nan, np.float32)
    if any(rule.kind == "no text" for rule in recipe.rules):
        none = np.fromiter((text is None for text in texts), bool, n)
        keep[none], reason[none] = False, NO_TEXT
    made, lack = _vectors(recipe, vectors, texts, on_missing, cached)
    skipped += lack
    if made is not None:
        X, valid = made
        cluster, score, rule = recipe.clusters.place(X, valid)
        _drop(keep, reason, rule >= 0, recipe.place_of(rule))
        for number, told in recipe.filters:
            said = _asked(told, X, valid, texts)
            learned = np.fmax(learned, said)
            _drop(keep, reason, np.nan_to_num(said) > LIKE, recipe.place_of(np.int16(number)))
    content = contents(corpus)
    own, other = _whose(recipe, corpus, content, columns), np.zeros(n, bool)
    if recipe.known.alike:  # the id of a row that came first is the hash of its content
        at, _, other = recipe.known.word(content, content, own)
        keep[at >= 0], reason[at >= 0] = recipe.known.keep[at[at >= 0]], recipe.known.reason[at[at >= 0]]
    if own is None or not recipe.known.numbers_the_same:
        at, settled, lost = recipe.known.word(row_ids(corpus, before), content, own)
    else:
        at, settled, lost = recipe.known.word(content, content, own, turns(own, before))
    named = at >= 0
    keep[named], reason[named] = recipe.known.keep[at[named]], recipe.known.reason[at[named]]
    beside = corpus.reference.copy()
    if recipe.known.reference is not None:
        beside[named] |= recipe.known.reference[at[named]]
    keep[beside], reason[beside] = False, recipe.because["reference"]
    if count := int(((other | lost) & ~named & ~beside).sum()):
        skipped.append(f"{OTHERS} {count:,}.")
    labels = value_hashes(corpus.label, n)
    copies = recipe.across.duplicates
    mine = labels if copies is not None and copies.label else np.zeros(n, np.uint64)
    same = text_hashes(corpus, prepared, mine)
    if copies is not None and copies.label and corpus.label is None:  # what would be a copy under one label is none under none
        same = np.zeros(n, np.uint64)
    stratum, group = _strata(recipe, cluster, labels), group_hashes(corpus)
    same[beside], stratum[beside], group[beside] = (
        0,
        -1,
        0,
    )  # nobody's copy, counted nowhere, and their group is not theirs to take
    return Judged(
        keep, settled, reason, cluster, score, learned, texts, compared(prepared), same, mine,
        stratum, ranks(content, recipe.seed), group, tuple(skipped),
    )  # fmt: skip


def counted(recipe: Recipe, corpus: Corpus, columns: Mapping[str, str] | None) -> NDArray[np.uint64]:
    """(n,) what is counted over shards: the very same rows where the recipe knows which of them is which, else equal texts."""
    content = contents(corpus)
    own = _whose(recipe, corpus, content, columns) if recipe.known.numbers_the_same else None
    return content if own is None else own


def _whose(
    recipe: Recipe, corpus: Corpus, content: NDArray[np.uint64], columns: Mapping[str, str] | None
) -> NDArray[np.uint64] | None:
    marks = recipe.reads.reference
    there = marks is None or (columns or {}).get(marks, marks) in corpus.columns
    return whose(corpus, content, recipe.reads) if there else None


def read(
    recipe: Recipe, table: Any, columns: Mapping[str, str] | None, on_missing: str, names: Sequence[str] | None = None
) -> tuple[Corpus, list[str]]:
    """The table as the recipe reads it, and what had to be left out; ``names`` as :meth:`elute.recipe.Recipe.judge` takes them."""
    if on_missing not in ("refuse", "skip"):
        raise RecipeError(f"on_missing is {str(on_missing)[:40]!r}; it must be 'refuse' or 'skip'.")
    there = list(as_frame(table).columns)
    found = Preflight.of_columns(recipe.reads, recipe.optional, there if names is None else list(names), columns)
    if found.missing and (on_missing == "refuse" or not found.readable):
        raise RecipeError(" ".join(found.missing))
    unread = [name for name, at in found.columns.items() if at not in there]
    return recipe.reads.named(found.columns, (*found.absent, *unread)).corpus(table), [*found.missing, *found.notes]


def _vectors(
    recipe: Recipe, vectors: Any, texts: list[str | None], on_missing: str, cached: bool
) -> tuple[Vectors | None, list[str]]:
    if not recipe.needs_vectors:
        return None, []
    if vectors is not None:
        return recipe.embedding.given(vectors, texts), []
    if not any(text is not None for text in texts):
        return (np.zeros((len(texts), recipe.embedding.dimension), np.float32), np.zeros(len(texts), bool)), []
    try:
        return recipe.embedding.vectors(recipe.embedder(), texts, cached), []
    except EluteError as error:
        if on_missing == "refuse":
            raise
        return None, [f"{error} So no row was put into a cluster, and {recipe.by_vectors} by vectors were not asked."]


def _asked(told: Learned, X: NDArray[np.float32], valid: NDArray[np.bool_], texts: list[str | None]) -> NDArray[np.float32]:
    said = np.full(len(X), np.nan, np.float32)
    # row by row in blocks of one size: see blocks.py
    rows = np.flatnonzero(valid)
    for start in range(0, len(rows), 512):
        some = rows[start : start + 512]
        block = np.zeros((512, X.shape[1]), np.float32)
        block[: len(some)] = X[some]
        said[some] = np.round(told.apply(block, [texts[row] for row in some] + [None] * (512 - len(some)))[: len(some)], 5)
    return said


def _drop(keep: NDArray[np.bool_], reason: NDArray[np.int16], rows: NDArray[np.bool_], place: Any) -> None:
    """The first rule that takes a row is its reason."""
    first = rows & keep
    keep[first] = False
    reason[first] = place[first] if isinstance(place, np.ndarray) and place.ndim else place


def _strata(recipe: Recipe, cluster: NDArray[np.int32], labels: NDArray[np.uint64]) -> NDArray[np.int64]:
    balance = recipe.across.balance
    if balance is not None and balance.by == "label":
        return np.where(labels == 0, np.int64(-1), (labels >> np.uint64(1)).astype(np.int64))
    return np.where(cluster > NOISE, cluster, -1).astype(np.int64)


def named(balance: Balance, corpus: Corpus, clusters: NDArray[np.int32] | None) -> Balance:
    """A balance as a person says it, its strata as :func:`judge` writes them.

    Parameters
    ----------
    clusters : ndarray of shape (n,), optional
        Clusters of the session's rows, where it has any.

    Raises
    ------
    InputError
        What it is about is not there.
    """
    by = balance.by
    if by == "label" and corpus.label is None:
        raise InputError("There are no labels to cap: say label= in the session, or by='cluster'.")
    if by == "cluster" and clusters is None:
        raise InputError("There are no clusters to cap: run() first.")
    if by == "label":
        there = set(value_hashes(corpus.label, len(corpus)).tolist())
        found = [one >> 1 if one and one in there else None for one in value_hashes(balance.only, len(balance.only)).tolist()]
    else:
        there = {NOISE} if clusters is None else set(clusters.tolist())
        found = [int(one) if one in there and one > NOISE else None for one in balance.only]
    if None in found:
        raise InputError(f"only= names {repr(balance.only[found.index(None)])[:60]}, which is no {by} here.")
    return replace(balance, only=tuple(found))
