"""What was learned: a direction, how well it did where it was not told, and what it says of each row."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError

ONE_KIND, PRECISE = 0.5, 0.8
"""Cross-validated recall, and precision with its standard error, below which nothing is named. A foreign cluster dropped by a lasso with
half as many good rows around it had recall 0 to .11 on seven of eight mixes (.495 on the other), and what was named was foreign by .04
to .68; whole foreign clusters dropped had .53 to 1.0, and .12 and .46 out of scope in SGD, where little was left to find. Good rows that
are a whole cluster of their own pass: they are a kind too."""


@dataclass(frozen=True, eq=False)
class Learned:
    """A filter.

    Attributes
    ----------
    name : str
    weights : ndarray of shape (d,), float32
    bias : float
        ``1 / (1 + exp(-(x.weights + bias)))`` is above .5 for rows like the dropped ones.
    precision, recall : float or None
        At .5. Of the undecided rows it names, the share that should go, as far as rows looked at and kept can say: None with fewer than
        30 of these, or where it names none. Cross-validated: of the dropped rows it was not told of, the share it finds. ``note`` says
        what the folds were.
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
    note : str
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
    note: str = ""

    @property
    def sure(self) -> bool:
        """Whether what it names may be offered to go: not where half of the dropped rows are unlike the others, or kept rows speak
        against it."""
        return (self.recall is None or self.recall >= ONE_KIND) and (
            self.precision is None or self.precision + (self.precision_error or 0) >= PRECISE
        )

    def apply(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n,) scores of any vectors of the same embedder, by the linear model alone."""
        return squeezed(X @ self.weights + np.float32(self.bias))

    def more(self, undecided: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n,) which of these rows are like those that were dropped; none where it is not :attr:`sure`."""
        return undecided & (self.scores > 0.5) & self.sure

    def to_dict(self) -> dict[str, Any]:
        """Everything but what belongs to one table: ``scores`` and ``uncertain``. The weights are base64 of little-endian float32."""
        packed = base64.b64encode(self.weights.astype("<f4").tobytes()).decode("ascii")
        told = {name: getattr(self, name) for name in _TOLD}
        return {**told, "weights": packed}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any], X: NDArray[np.float32] | None = None) -> Learned:
        """What :meth:`to_dict` gave; with ``X`` it scores these vectors.

        Raises
        ------
        InputError
            The vectors have other dimensions: they are of another embedder.
        """
        weights = np.frombuffer(base64.b64decode(told["weights"]), "<f4").astype(np.float32)
        made = cls(weights=weights, **{name: told[name] for name in _TOLD})
        if X is None:
            return made
        if X.shape[1] != len(weights):
            raise InputError(
                f"{made.name or 'What was learned'} is about vectors of {len(weights)} dimensions, and these have {X.shape[1]}: it was "
                "learned with another embedder. Learn again."
            )
        return replace(made, scores=made.apply(X))


_TOLD = ("name", "bias", "precision", "precision_error", "recall", "recall_error", "examples", "needed", "note")


def squeezed(odds: NDArray[Any]) -> NDArray[np.float32]:
    """Log-odds as 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)
