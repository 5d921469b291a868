"""How a text is written, whatever it is about: its length, letters, marks and signs. Texts that were read once are remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CHARACTERS = 400
"""Of a text; what comes after them is not read."""
REMEMBERED = 50_000
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


@dataclass(frozen=True, eq=False)
class Manner:
    """The traits of the texts of k groups.

    Attributes
    ----------
    means : ndarray of shape (k, 12)
        By :data:`TRAITS`.
    spread : ndarray of shape (12,)
        Standard deviation over single texts.
    """

    means: NDArray[np.float64]
    spread: NDArray[np.float64]

    def far(self, real: NDArray[np.bool_]) -> NDArray[np.float64]:
        """(k, 12) how far each group is from the middle group, in standard deviations of single texts; -3 to 3."""
        middle = np.median(self.means[real], axis=0)
        return np.asarray(np.clip((self.means - middle) / (self.spread + 0.05 * np.abs(middle) + 1e-3), -3, 3))


class Styles:
    """Traits of all texts read so far; one for a corpus, kept from round to round."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._traits = np.empty((0, len(TRAITS)))

    def manner(self, groups: list[list[str]]) -> Manner:
        """The traits of groups of texts; the same whatever was read before."""
        if len(self._known) > REMEMBERED:
            self._known, self._traits = {}, self._traits[:0]
        known = self._known
        new = list(dict.fromkeys(text for texts in groups for text in texts if text not in known))
        if new:
            self._traits = np.concatenate([self._traits, np.array([traits(text) for text in new])])
            known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
        read = self._traits[np.array([known[text] for texts in groups for text in texts], np.int64)]
        counts = np.array([len(texts) for texts in groups], np.int64)
        sums = np.zeros((len(groups), len(TRAITS)))
        np.add.at(sums, np.repeat(np.arange(len(groups)), counts), read)
        typical = read.mean(axis=0) if len(read) else np.zeros(len(TRAITS))
        means = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], typical)
        return Manner(means, read.std(axis=0) if len(read) else np.ones(len(TRAITS)))


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
