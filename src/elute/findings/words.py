"""The words of each distinct text, as numbers: read once, for every rule that compares texts.

Small differences that are none end here: white space, accents that were composed otherwise, case as prose has it
(:mod:`elute.findings.case`) and marks that turn nothing (:mod:`elute.findings.points`). What must never be taken for one is kept whole or
marked: numbers with their signs and separators, negations, words that stand for the opposite of another. Where marks say something
(:mod:`elute.findings.marks`), each is a word, and case counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from elute.findings.case import names, recased
from elute.findings.lexicon import NEGATIONS, NUMBERS, OPPOSED, SMALL, WORDS
from elute.findings.marks import composed, matter
from elute.findings.points import ASKED, BESIDE, INNER, inside, pointed
from elute.progress import SILENT, Progress

PLAIN, IS_SMALL, IS_FIXED, IS_WORD = 0, 1, 2, 3
"""Kinds of a word: of any other; see ``SMALL``; never another, never more or less (numbers, signs, negations, opposites); ``WORDS``."""

_APART = {ord(mark): " " for mark in '.,;:!?"()-…–—-“”«»„·•¿¡؟،؛۔।॥。、「」『』'}
_GONE = {ord(mark): None for mark in "'’‘´\u200b\u00ad"}
_NUMBER = re.compile(r"(?<=\d)[.,:/-](?=\d)|(?<![\w)])[.-](?=\.?\d)")
_DIGIT = re.compile(r"\d")
APOSTROPHE = "\ue005"
_SHORTENED = re.compile(r"\b(we(?='re|'ll|'d)|(?:i|he|she)(?='ll)|she(?='d))'", re.IGNORECASE)
"""Of we're, I'll and the like the apostrophe stays: without it they are words that say something else."""
_ROMAN = re.compile("[ivxlcdm]{2,}")
_EACH = re.compile(r"[\w\ue000-\ue004]+|[^\w\s]")
_UNSPACED = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")


@cache
def _table() -> dict[int, str | None]:
    return {**_APART, **_GONE}


def split(text: str) -> list[str]:
    """The words of a text as they are compared.

    >>> split("Don't  SEND 1,500.50 to the-bank!")
    ['dont', 'send', '1\\ue001500\\ue00050', 'to', 'the', 'bank']
    >>> split("What is 3 * (A - .5)?")
    ['What', 'is', '3', '*', '(', 'A', '-', '\\ue0005', ')', '?']
    >>> split("We're late") == split("were late"), split("It's late") == split("its late")
    (False, True)
    >>> split("It HAS arrived.") == split("it has arrived"), split("It has arrived?") == split("It has arrived")
    (True, False)
    """
    text = _spaced(text)
    exact = matter(text)
    if _DIGIT.search(text):
        text = _NUMBER.sub(lambda found: INNER[found[0]], text)
    if exact:
        return _EACH.findall(text)
    text = pointed(text)
    if "'" in text or "’" in text:
        text = _SHORTENED.sub(rf"\1{APOSTROPHE}", text.replace("’", "'"))
    return recased(text).translate(_table()).split()


def _spaced(text: str) -> str:
    """The text with one form for each character, and each letter of scripts without spaces by itself."""
    return text if text.isascii() else _UNSPACED.sub(r" \1 ", composed(text))


def once(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each number of 0 and more once, ascending: sorting these is five times as fast as numpy's hash table."""
    keys = np.sort(keys[keys >= 0])
    return keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys


@dataclass(frozen=True, eq=False)
class Words:
    """The words of t texts.

    Attributes
    ----------
    tokens : ndarray of int32
        Of all texts in a row: positions in the vocabulary of v words.
    ends : ndarray of shape (t + 1,), int64
        Those of a text are ``tokens[ends[text]:ends[text + 1]]``.
    kinds : ndarray of shape (v,), int8
        ``PLAIN``, ``IS_SMALL`` or ``IS_FIXED``.
    letters : ndarray of int32
        The characters of all words of the vocabulary in a row.
    starts : ndarray of shape (v + 1,), int64
    texts : ndarray of shape (v,), int32
        In how many texts each word is.
    vocabulary : list of str, length v
    said : sequence of str, length t
        The texts themselves.
    named : ndarray of bool
        Of all texts in a row, as ``tokens``: capitalised within a sentence, as names are.
    """

    tokens: NDArray[np.int32]
    ends: NDArray[np.int64]
    kinds: NDArray[np.int8]
    letters: NDArray[np.int32]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    vocabulary: list[str]
    said: Sequence[str]
    named: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[str], progress: Progress = SILENT) -> Words:
        """Read texts: some 6 microseconds each for a sentence."""
        from elute.findings._kernels import spread

        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        flat: list[int] = []
        named: list[int] = []
        ends = np.zeros(len(texts) + 1, np.int64)
        add, number = flat.extend, numbers.__getitem__
        for at, text in enumerate(texts):
            if at % 4096 == 0:
                progress.check()
            add(map(number, split(text)))
            ends[at + 1] = len(flat)
            if not text.islower() and (those := {numbers.get(name) for name in names(text)}):
                named += (place for place in range(ends[at], len(flat)) if flat[place] in those)
        tokens = np.array(flat, np.int32)
        vocabulary = list(numbers)
        letters = np.frombuffer("".join(vocabulary).encode("utf-32-le", "surrogatepass"), "<i4").astype(np.int32)
        starts = np.concatenate([[0], np.cumsum([len(word) for word in vocabulary], dtype=np.int64)]).astype(np.int64)
        kinds = np.fromiter((_kind(word) for word in vocabulary), np.int8, len(vocabulary))
        counts = np.zeros(len(vocabulary), np.int32)
        spread(tokens, ends, counts, np.full(len(vocabulary), -1, np.int64))
        is_name = np.zeros(len(tokens), bool)
        is_name[named] = True
        return cls(tokens, ends, kinds, letters, starts, counts, vocabulary, texts, is_name)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(t,) words of each text."""
        return np.diff(self.ends)

    def points(self, texts: NDArray[np.int64]) -> NDArray[np.int64]:
        """(k,) of each of these texts a number: of equal words, those of other numbers differ in marks that may turn them."""
        return np.fromiter((inside(_spaced(self.said[text])) for text in texts.tolist()), np.int64, len(texts))


def _kind(word: str) -> int:
    if word in (ASKED, BESIDE):
        return IS_SMALL if word == ASKED else IS_FIXED
    word = word.casefold().replace(APOSTROPHE, "")
    if word in SMALL:
        return IS_SMALL
    if word in WORDS:
        return IS_WORD
    known = word in NEGATIONS or word in NUMBERS or word in OPPOSED or _ROMAN.fullmatch(word)
    return IS_FIXED if known or not (word.isalpha() or all(map(_of_a_word, word))) else PLAIN


def _of_a_word(letter: str) -> bool:
    """Whether it is a letter, or what is written with one: vowel signs, accents, joiners."""
    kind = unicodedata.category(letter)
    return kind[0] in "LM" or kind == "Cf"
