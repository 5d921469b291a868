"""Stylometry: how a text is written, whatever it is about, as twelve numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CHARACTERS = 400
"""Of a text; what comes after them is not read."""
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
"""Scripts without spaces between words, as a class of a regular expression: Thai, Lao, Burmese, Khmer, Kana, Han."""
SIGN = re.compile(r"[<>{}\[\]\\|=_#@&;*~^]|https?:|www\.")
TRAITS = {
    "length": ("longer", "shorter"),
    "word length": ("in longer words", "in shorter words"),
    "capitals": ("with more capitals", "with fewer capitals"),
    "digits": ("with more digits", "with fewer digits"),
    "punctuation": ("with more punctuation", "with less punctuation"),
    "questions": ("more questions", "no questions"),
    "end marks": ("with a mark at the end", "without a mark at the end"),
    "first letters": ("begun with a capital", "begun without a capital"),
    "other scripts": ("in other letters", "in plain letters"),
    "signs": ("with signs or markup", "without signs"),
    "commas": ("with more commas", "with fewer commas"),
    "apostrophes": ("with more apostrophes", "with fewer apostrophes"),
}
"""Each trait of a text, with what is said of texts that have more of it than the rest, and less."""


def traits(text: str) -> tuple[float, ...]:
    """The traits of a text, by :data:`TRAITS`."""
    text = text[:CHARACTERS]
    words = text.split()
    n, m = max(1, len(text)), max(1, len(words))
    letters = sum(map(str.isalpha, text))
    digits, spaces = sum(map(str.isdigit, text)), sum(map(str.isspace, text))
    return (
        float(np.log1p(len(words))),
        letters / m,
        sum(map(str.isupper, text)) / max(1, letters),
        digits / n,
        (n - letters - digits - spaces) / n,
        float("?" in text),
        float(text.rstrip()[-1:] in tuple(".!?")),
        float(text[:1].isupper()),
        0.0 if text.isascii() else sum(not character.isascii() for character in text) / n,
        min(3, len(SIGN.findall(text))) / 3,
        text.count(",") / m,
        text.count("'") / m,
    )


def table(texts: Sequence[str | None]) -> NDArray[np.float64]:
    """The traits (n, 12) of many texts; of a missing one those of an empty text."""
    return np.array([traits(text or "") for text in texts]).reshape(-1, len(TRAITS))
