"""What a few texts of each cluster are made of. Texts that were read once are remembered, so a later round reads only new ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.style import Styles
from elute.progress import SILENT, Progress
from elute.stylometry import UNSPACED

CHARACTERS = 400
"""Of a text; what comes after them is not read."""
TRIGRAMS = 1 << 18
"""Numbers that runs of three characters are hashed to."""
REMEMBERED = 50_000
"""Texts above which all are forgotten: some 100 MB."""
WORD = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}]+")
_RUN = re.compile(rf"[{UNSPACED}]")
SPACE = re.compile(r"\s\s+")


@dataclass(frozen=True, eq=False)
class Perplexity:
    """Nats a token (k,) of each group's texts under a unigram model of all other groups' texts."""

    words: NDArray[np.float64]
    runs: NDArray[np.float64]


class Wording:
    """Tokens and traits of all texts read so far; one for a corpus, kept from round to round."""

    def __init__(self) -> None:
        self.styles = Styles()
        self._forget()

    def _forget(self) -> None:
        self._texts: dict[str, int] = {}
        self._vocabulary: dict[str, int] = {}
        self._words, self._runs = _Tokens.none(), _Tokens.none()

    def perplexity(self, groups: list[list[str]], progress: Progress = SILENT) -> Perplexity:
        """How unlike the others' each group's texts are; the same whatever was read before."""
        if len(self._texts) > REMEMBERED:
            self._forget()
        known = self._texts
        self._read(list(dict.fromkeys(text for texts in groups for text in texts if text not in known)), progress)
        texts = np.array([known[text] for texts in groups for text in texts], np.int64)
        edges = np.r_[0, np.cumsum([len(texts) for texts in groups])].astype(np.int64)
        return Perplexity(
            self._words.nats(texts, edges, len(self._vocabulary)),
            self._runs.nats(texts, edges, TRIGRAMS),
        )

    def _read(self, texts: list[str], progress: Progress) -> None:
        """Split new texts. All at once are remembered, so that a cancel leaves nothing half read."""
        words, runs = [], []
        for text in texts:
            progress.check()
            short = SPACE.sub(" ", text[:CHARACTERS].lower())
            words.append(self._numbers(split(short)))
            runs.append(_hashed(short))
        if texts:
            self._words, self._runs = self._words.and_(words), self._runs.and_(runs)
            self._texts.update(zip(texts, range(len(self._texts), len(self._texts) + len(texts)), strict=True))

    def _numbers(self, words: list[str]) -> NDArray[np.int32]:
        numbers = self._vocabulary
        return np.array([numbers.setdefault(word, len(numbers)) for word in words], np.int32)


def split(text: str) -> list[str]:
    """Words; of scripts without spaces between them, all pairs of neighbouring characters.

    >>> split("my 银行卡 card")
    ['my', '银行', '行卡', 'card']
    """
    words = WORD.findall(text)
    if text.isascii():
        return words
    cut = ([word[at : at + 2] for at in range(max(1, len(word) - 1))] if _RUN.match(word) else [word] for word in words)
    return [piece for pieces in cut for piece in pieces]


def _hashed(text: str) -> NDArray[np.int32]:
    """Each run of three characters as a number below ``TRIGRAMS``."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)
    mixed = letters[:-2] * np.uint32(0x9E3779B1) + letters[1:-1] * np.uint32(0x85EBCA77) + letters[2:] * np.uint32(0xC2B2AE3D)
    return np.asarray((mixed ^ (mixed >> 15)) % np.uint32(TRIGRAMS), np.int32)


@dataclass(frozen=True, eq=False)
class _Tokens:
    """Tokens of many texts in a row; those of a text are ``tokens[ends[text]:ends[text + 1]]``."""

    tokens: NDArray[np.int32]
    ends: NDArray[np.int64]

    @classmethod
    def none(cls) -> _Tokens:
        return cls(np.empty(0, np.int32), np.zeros(1, np.int64))

    def and_(self, texts: list[NDArray[np.int32]]) -> _Tokens:
        """These and more texts: a copy, 1 ms for ten thousand."""
        ends = self.ends[-1] + np.cumsum([len(tokens) for tokens in texts])
        return _Tokens(np.concatenate([self.tokens, *texts]), np.r_[self.ends, ends].astype(np.int64))

    def nats(self, texts: NDArray[np.int64], edges: NDArray[np.int64], features: int) -> NDArray[np.float64]:
        """Nats a token (k,) of the texts between two edges, under all the others."""
        from elute.foreignness._kernels import surprise

        found, sizes = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1, np.int64)
        surprise(self.tokens, self.ends, texts, edges, features, found, sizes)
        typical = found.sum() / max(1, sizes.sum())  # a group without one token says nothing about its wording
        return np.asarray(np.where(sizes > 0, found / np.maximum(sizes, 1), typical))
