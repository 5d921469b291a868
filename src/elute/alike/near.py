"""Near copies among texts, by keys and edits: the same pairs in one process as over many shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from elute.alike.minhash import EDITS, Bands, Runs, band_keys, jaccards, word_keys
from elute.alike.pairs import components, pairs_within
from elute.findings.duplicates import FRAME, compare
from elute.findings.words import Words

Pairs = tuple[NDArray[np.uint64], NDArray[np.uint64]]


def keys_of(words: Words, how: Bands = EDITS, by_word: bool = True) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Keys of texts, and which text each is of: two texts that may be near share one. Texts without a word have none.

    Parameters
    ----------
    by_word : bool
        Keys for texts that are equal but for one word, too.
    """
    some = np.flatnonzero(words.sizes > 0)
    found = band_keys(Runs.of(words), how)[some]
    keys, texts = [found.ravel()], [np.repeat(some, found.shape[1])]
    if by_word:
        more, of = word_keys(words, hashes_of(words))
        keys.append(more)
        texts.append(of)
    return np.concatenate(keys), np.concatenate(texts)


def hashes_of(words: Words) -> NDArray[np.uint64]:
    """(v,) a number for each word of the vocabulary, the same in any process."""
    made = (int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()) for word in words.vocabulary)
    return np.fromiter(made, np.uint64, len(words.vocabulary))


def counted(words: Words, known: NDArray[np.uint64], counts: NDArray[np.int64]) -> Words:
    """The same words, but as common as they are in the whole set: ``known`` (ascending) are hashes of its words."""
    hashes = hashes_of(words)
    at = np.minimum(np.searchsorted(known, hashes), max(0, len(known) - 1))
    there = known[at] == hashes if len(known) else np.zeros(len(hashes), bool)
    found = np.where(there, counts[at] if len(known) else 0, words.texts)
    return replace(words, texts=np.minimum(found, np.iinfo(np.int32).max).astype(np.int32))


def edits(words: Words, xs: NDArray[np.int64], ys: NDArray[np.int64], costs: Sequence[int]) -> NDArray[np.bool_]:
    """(e,) whether the edits between two texts cost one of these, as in :data:`elute.findings.duplicates.MAY_COST`."""
    return np.isin(compare(words, xs, ys), costs)


def near_pairs(texts: Sequence[str], label: NDArray[np.uint64] | None = None, costs: Sequence[int] = (0, 2, 4)) -> Pairs:
    """Pairs of texts that are near copies of the same label, each once, the lower place first.

    Parameters
    ----------
    texts : sequence of str
        As they were prepared, in the order of their rows.
    label : ndarray of shape (t,), uint64, optional
    costs : sequence of int
        What the edits may cost.
    """
    words = Words.of(texts)
    keys, of = keys_of(words)
    low, high = pairs_within(with_label(keys, None if label is None else label[of]), of.astype(np.uint64), FRAME)
    good = edits(words, low.astype(np.int64), high.astype(np.int64), costs)
    return low[good], high[good]


def near_groups(
    texts: Sequence[str | None], label: NDArray[np.uint64], here: NDArray[np.bool_], costs: Sequence[int]
) -> NDArray[np.uint64]:
    """(n,) number of the group of rows that near copies of the same label join; 0 for who is alone, and for rows not in ``here``."""
    rows = np.array([row for row in np.flatnonzero(here).tolist() if texts[row] is not None], np.int64)
    found = np.zeros(len(texts), np.uint64)
    some, lowest = components(*near_pairs([texts[row] or "" for row in rows], label[rows], costs))
    found[rows[some.astype(np.int64)]] = lowest + np.uint64(1)
    return found


def alike_pairs(texts: Sequence[str], threshold: float) -> Pairs:
    """Pairs of texts whose letter runs are alike: Jaccard similarity of at least ``threshold``, 0 to 1.

    Pairs at the threshold are found in 98 of 100 cases, closer ones more often. For benches: no session asks for it.
    """
    words = Words.of(texts)
    keys, of = keys_of(words, Bands.at(threshold), by_word=False)
    low, high = pairs_within(keys, of.astype(np.uint64), FRAME)
    good = jaccards(Runs.of(words).sets, low.astype(np.int64), high.astype(np.int64)) >= threshold
    return low[good], high[good]


def with_label(keys: NDArray[np.uint64], label: NDArray[np.uint64] | None) -> NDArray[np.uint64]:
    """Keys of rows of a label: those of different labels share none."""
    return keys if label is None else keys ^ (label * np.uint64(0x9E3779B97F4A7C15))
