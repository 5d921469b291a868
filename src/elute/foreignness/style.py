"""How clusters are written, against the rest. Texts that were read once are remembered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.stylometry import TRAITS, table

REMEMBERED = 50_000


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
            self._traits = np.concatenate([self._traits, table(new)])
            known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
        read = self._traits[np.array([known[text] for texts in groups for text in texts], np.int64)]
        counts = np.array([len(texts) for texts in groups], np.int64)
        sums = np.zeros((len(groups), len(TRAITS)))
        np.add.at(sums, np.repeat(np.arange(len(groups)), counts), read)
        typical = read.mean(axis=0) if len(read) else np.zeros(len(TRAITS))
        means = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], typical)
        return Manner(means, read.std(axis=0) if len(read) else np.ones(len(TRAITS)))
