"""What a few texts of each cluster are made of. Texts that were read once are remembered, so a later round reads only new ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from elute.progress import SILENT, Progress

CHARACTERS = 400
"""Of a text; what comes after them is not read."""
TRIGRAMS = 1 << 18
"""Numbers that runs of three characters are hashed to."""
REMEMBERED = 50_000
"""Texts above which all are forgotten: some 100 MB."""
WORD = re.compile(r"\w+")
SPACE = re.compile(r"\s\s+")


class Tokens(NamedTuple):
    """Words (w,) int32 and runs of three characters (t,) int32 of a text, by number."""

    words: NDArray[np.int32]
    runs: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Perplexity:
    """Nats a token (k,) of each group's texts under a unigram model of all other groups' texts."""

    words: NDArray[np.float64]
    runs: NDArray[np.float64]


class Wording:
    """Tokens of all texts read so far; one for a corpus, kept from round to round."""

    def __init__(self) -> None:
        self._read: dict[str, Tokens] = {}
        self._words: dict[str, int] = {}

    def perplexity(self, groups: list[list[str]], progress: Progress = SILENT) -> Perplexity:
        """How unlike the others' each group's texts are; the same whatever was read before."""
        if len(self._read) > REMEMBERED:
            self._read, self._words = {}, {}
        tokens = [self._tokens(text, progress) for texts in groups for text in texts]
        edges = np.r_[0, np.cumsum([len(texts) for texts in groups])]
        return Perplexity(
            _nats([text.words for text in tokens], edges, len(self._words)),
            _nats([text.runs for text in tokens], edges, TRIGRAMS),
        )

    def _tokens(self, text: str, progress: Progress) -> Tokens:
        found = self._read.get(text)
        if found is None:
            progress.check()
            found = self._read[text] = self._split(SPACE.sub(" ", text[:CHARACTERS].lower()))
        return found

    def _split(self, text: str) -> Tokens:
        numbers = self._words
        words = [numbers.setdefault(word, len(numbers)) for word in WORD.findall(text)]
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)
        mixed = letters[:-2] * np.uint32(0x9E3779B1) + letters[1:-1] * np.uint32(0x85EBCA77) + letters[2:] * np.uint32(0xC2B2AE3D)
        return Tokens(np.array(words, np.int32), ((mixed ^ (mixed >> 15)) % np.uint32(TRIGRAMS)).astype(np.int32))


def _nats(tokens: list[NDArray[np.int32]], edges: NDArray[np.int64], features: int) -> NDArray[np.float64]:
    """Nats a token (k,): of the texts between two edges, under all the others."""
    from elute.foreignness._kernels import surprise

    ends = np.r_[0, np.cumsum([len(text) for text in tokens])][edges].astype(np.int64)
    nats, sizes = np.zeros(len(edges) - 1), np.diff(ends)
    if not sizes.any():
        return nats
    surprise(np.concatenate(tokens), ends, features, nats)
    typical = nats.sum() / sizes.sum()  # a group without one token says nothing about its wording
    return np.asarray(np.where(sizes > 0, nats / np.maximum(sizes, 1), typical))
