"""What was learned: a direction, how well it did where it was not told, and what it says of each row."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.stylometry import TRAITS, table

CLOSE = 0.85
"""Precision from which it says how right a filter is, though rows that nobody decided count as wrong: it can't be .15 too low. After one
to three foreign clusters were dropped of more, .33 to .68 was told where .96 and more of what was named was foreign."""
ONE_KIND = 0.5
"""Cross-validated recall below which nothing is named. A foreign cluster dropped by a lasso with half as many good rows around it had
recall 0 to .11 on seven of eight mixes (.495 on the other), and what was named was foreign by .04 to .68; whole foreign clusters
dropped had .53 to 1.0, and .12 and .46 out of scope in SGD, where little was left to find. Good rows that are a whole cluster of their
own pass: they are a kind too."""
WEIGHT, MOST = 0.08, 3.0
"""What a standard deviation of a trait counts for beside unit vectors, and beyond how many it counts no more. On 32 mixes with ten looks
done (recall of foreign rows .65), recall and the precision of what is named besides: .69 and .83 by the vectors alone, .74 and .90 at
.05, .77 and .89 so, .79 and .82 at .12."""
UNTOLD = "How right it is can't be told yet: much of what it names nobody has decided."
TOLD, AT_MOST = 0.5, 3
"""Robust standard deviations between dropped and other rows that a trait must make up to be told, and how many are."""


@dataclass(frozen=True, eq=False)
class Manner:
    """How texts are written, as a filter reads it beside their vectors.

    Attributes
    ----------
    center, scale : ndarray of shape (12,)
        Mean and standard deviation of each of :data:`elute.stylometry.TRAITS` in the table that it was learned on.
    weights : ndarray of shape (12,)
        Of the standardised traits.
    """

    center: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(TRAITS)))

    @classmethod
    def of(cls, traits: NDArray[np.float64]) -> Manner:
        """The standard of a table with these traits (n, 12)."""
        return cls(traits.mean(axis=0), traits.std(axis=0) + 1e-6)

    def standardised(self, traits: NDArray[np.float64]) -> NDArray[np.float32]:
        """(n, 12), to stand beside unit vectors."""
        return (WEIGHT * np.clip((traits - self.center) / self.scale, -MOST, MOST)).astype(np.float32)

    def told(self, apart: NDArray[np.float64]) -> str:
        """What it goes by, in words, from how far the dropped rows are from the others in each standardised trait (12,)."""
        gain = self.weights * apart
        most = [at for at in np.argsort(-gain)[:AT_MOST] if gain[at] >= TOLD]
        names = [list(TRAITS.values())[at][0 if apart[at] > 0 else 1] for at in most]
        return f"It also goes by how they are written: {', '.join(names)}." if names else ""


@dataclass(frozen=True, eq=False)
class Learned:
    """A filter.

    Attributes
    ----------
    name : str
    weights : ndarray of shape (d,), float32
    bias : float
        ``1 / (1 + exp(-(x.weights + t.manner.weights + bias)))`` is above .5 for rows like the dropped ones, t their standardised traits.
    precision, recall : float or None
        At .5, cross-validated: of the rows it names untold the share that was dropped, where every row that nobody decided counts as
        wrong; and of the dropped rows it was not told of, the share it finds. ``note`` says what the folds were.
    precision_error, recall_error : float or None
        Standard errors.
    scores : ndarray of shape (n,), float32
        0 to 1 for each row; above .5: like those that were dropped. NaN for rows without a vector.
    examples : int
        Rows it was told of.
    needed : int
        How many more rows must be dropped before anything is learned; 0: enough.
    uncertain : ndarray of shape (u,), int64
        Undecided rows to decide next, at most 10: close to the threshold, and unlike one another.
    unlike : ndarray of shape (b,), int64
        Dropped rows that are unlike the others that were dropped: good ones perhaps.
    note : str
    manner : Manner or None
        None: it goes by the vectors alone.
    decided : bool
        The precision is that of rows which were judged one by one, so none counts as wrong because nobody decided it.
    """

    name: str
    weights: NDArray[np.float32]
    bias: float
    precision: float | None = None
    precision_error: float | None = None
    recall: float | None = None
    recall_error: float | None = None
    scores: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    examples: int = 0
    needed: int = 0
    uncertain: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    unlike: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    note: str = ""
    manner: Manner | None = None
    decided: bool = False

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        if self.needed:
            return f"<Learned{name}: nothing yet, {self.needed:,} more to be dropped>"
        measured = (("precision", self.precision), ("recall", self.recall))
        said = [f"{what} {value:.2f}" for what, value in measured if value is not None] or ["not measured"]
        return f"<Learned{name}: {', '.join(said)}, {self.examples:,} examples>"

    @property
    def confidence(self) -> float | None:
        """The precision, where it says how right the filter is; None where much of what it names is what nobody has decided yet."""
        known = self.precision is not None and (self.decided or self.precision >= CLOSE)
        return self.precision if known else None

    @property
    def sure(self) -> bool:
        """Whether what it names may be offered to go: not where half of the dropped rows are unlike the others."""
        return self.recall is None or self.recall >= ONE_KIND

    def apply(self, X: NDArray[np.float32], texts: Sequence[str | None] | None = None) -> NDArray[np.float32]:
        """(n,) scores of any vectors of the same embedder and their texts, by the linear model alone.

        Raises
        ------
        InputError
            The filter goes by how texts are written too, and there are none.
        """
        said = X @ self.weights + np.float32(self.bias)
        if self.manner is not None:
            if texts is None:
                raise InputError(
                    f"{self.name or 'What was learned'} also goes by how texts are written: give the texts beside the vectors."
                )
            said = said + self.manner.standardised(table(texts)) @ self.manner.weights.astype(np.float32)
        return squeezed(said)

    def more(self, undecided: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n,) which of these rows are like those that were dropped; none where it is not :attr:`sure`."""
        return undecided & (self.scores > 0.5) & self.sure

    def to_dict(self) -> dict[str, Any]:
        """Everything but what belongs to one table: no scores, no rows. The weights are base64 of little-endian float32."""
        packed = base64.b64encode(self.weights.astype("<f4").tobytes()).decode("ascii")
        told = {name: getattr(self, name) for name in _TOLD} | {"weights": packed}
        return told if self.manner is None else told | {"manner": {name: getattr(self.manner, name).tolist() for name in _MANNER}}

    @classmethod
    def from_dict(
        cls, told: Mapping[str, Any], X: NDArray[np.float32] | None = None, texts: Sequence[str | None] | None = None
    ) -> Learned:
        """What :meth:`to_dict` gave; with ``X`` and the texts of these vectors it scores them.

        Raises
        ------
        InputError
            The vectors have other dimensions: they are of another embedder.
        """
        weights = np.frombuffer(base64.b64decode(told["weights"]), "<f4").astype(np.float32)
        read = told.get("manner")
        manner = None if read is None else Manner(**{name: np.asarray(read[name], np.float64) for name in _MANNER})
        made = cls(weights=weights, manner=manner, **{name: told[name] for name in _TOLD})
        if X is None:
            return made
        if X.shape[1] != len(weights):
            raise InputError(
                f"{made.name or 'What was learned'} is about vectors of {len(weights)} dimensions, and these have {X.shape[1]}: it was "
                "learned with another embedder. Learn again."
            )
        return replace(made, scores=made.apply(X, texts))


_TOLD = ("name", "bias", "precision", "precision_error", "recall", "recall_error", "examples", "needed", "note")
_MANNER = ("center", "scale", "weights")


def squeezed(odds: NDArray[Any]) -> NDArray[np.float32]:
    """Log-odds as 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)
