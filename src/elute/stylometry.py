"""Stylometry: how a text is written, whatever it is about, as twelve numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

CHARACTERS = 400
"""Of a text; what comes after them is not read."""
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
"""Scripts without spaces between words, as a class of a regular expression: Thai, Lao, Burmese, Khmer, Kana, Han."""
TRAITS = {
    "length": ("longer", "shorter"),
    "word length": ("in longer words", "in shorter words"),
    "capitals": ("with more capitals", "with fewer capitals"),
    "digits": ("with more digits", "with fewer digits"),
    "punctuation": ("with more punctuation", "with less punctuation"),
    "questions": ("more questions", "no questions"),
    "end marks": ("with a mark at the end", "without a mark at the end"),
    "first letters": ("begun with a capital", "begun without a capital"),
    "beyond ASCII": ("with more characters beyond ASCII", "with fewer characters beyond ASCII"),
    "signs": ("with signs or markup", "without signs"),
    "commas": ("with more commas", "with fewer commas"),
    "apostrophes": ("with more apostrophes", "with fewer apostrophes"),
}
"""Each trait of a text, with what is said of texts that have more of it than the rest, and less."""


_BLOCK = 4096
"""Texts whose characters are looked at in one go: some bytes a character, however many texts there are."""
_SIGNS = frozenset("<>{}[]\\|=_#@&;*~^")
_ADDRESS = re.compile(r"https?:|www\.")
_KINDS: tuple[Callable[[str], bool], ...] = (
    str.isalpha,
    str.isdigit,
    str.isspace,
    str.isupper,
    ",".__eq__,
    "'".__eq__,
    "?".__eq__,
    frozenset(".!?").__contains__,
    _SIGNS.__contains__,
    lambda character: not character.isascii(),
)


def table(texts: Sequence[str | None]) -> NDArray[np.float64]:
    """The traits (n, 12) of many texts, by :data:`TRAITS`; of a missing one those of an empty text.

    Each character that occurs is asked once what kind it is, and texts are counted as runs of one long array.
    """
    blocks = [_traits([(text or "")[:CHARACTERS] for text in texts[at : at + _BLOCK]]) for at in range(0, len(texts), _BLOCK)]
    return np.concatenate(blocks) if blocks else np.empty((0, len(TRAITS)))


def _traits(texts: list[str]) -> NDArray[np.float64]:
    whole = "\n".join([*texts, ""])
    lengths = np.array([len(text) for text in texts], np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]])
    ends = starts + lengths
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    occurring = np.flatnonzero(np.bincount(codes))
    place = np.zeros(int(occurring[-1]) + 1, np.uint32)
    place[occurring] = np.arange(len(occurring))
    characters = [chr(code) for code in occurring]
    at = place[codes]
    alpha, digit, space, upper, comma, apostrophe, question, end, sign, other = (
        np.array([kind(character) for character in characters])[at] for kind in _KINDS
    )

    def count(where: NDArray[np.bool_]) -> NDArray[np.float64]:
        before = np.concatenate([[0], np.cumsum(where, dtype=np.int32)])
        return np.asarray(before[ends] - before[starts], np.float64)

    begins = ~space
    begins[1:] &= space[:-1]  # of words; a line feed stands between two texts
    words, letters, digits, spaces = count(begins), count(alpha), count(digit), count(space)
    n, m = np.maximum(lengths, 1), np.maximum(words, 1)
    last = np.maximum.accumulate(np.where(space, -1, np.arange(len(codes))))[ends]  # what a text ends with, blanks aside
    signs = count(sign) + _addresses(whole, starts)
    return np.column_stack(
        [
            np.log1p(words),
            letters / m,
            count(upper) / np.maximum(letters, 1),
            digits / n,
            (n - letters - digits - spaces) / n,
            count(question) > 0,
            (last >= starts) & end[last],
            (lengths > 0) & upper[starts],
            count(other) / n,
            np.minimum(3, signs) / 3,
            count(comma) / m,
            count(apostrophe) / m,
        ]
    )


def _addresses(whole: str, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many addresses begin in each text."""
    at = np.array([found.start() for found in _ADDRESS.finditer(whole)], np.int64)
    return np.bincount(np.searchsorted(starts, at, side="right") - 1, minlength=len(starts))
