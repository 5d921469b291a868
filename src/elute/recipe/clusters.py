"""The clusters of a session as new rows are put into them: centroids, how far each reaches, and which of them went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE
from elute.recipe.blocks import product

NOISE = -1
REACH = 0.99
"""Share of a kept cluster's rows within its radius, beyond which a new row is noise where the session had noise at all."""
SURE = 0.95
"""The same for a cluster that went: a row farther out is given to the nearest that stays, for a rule removes nothing on a guess."""
DIGITS = 4


@dataclass(frozen=True, eq=False)
class Clusters:
    """Centroids of c clusters, those that stay before those that went.

    Attributes
    ----------
    centroids : ndarray of shape (c, d), float32
        Of unit length.
    radius : ndarray of shape (c,), float32
        Cosine distance.
    kept : ndarray of shape (c,), bool
    number : ndarray of shape (c,), int32
        As new rows are labelled: kept ones as in the last round, those that went beyond these.
    size : ndarray of shape (c,), int64
        Rows of the session.
    rule : ndarray of shape (c,), int16
        Which rule dropped it, -1 where it stays.
    noise : bool
        A row beyond the radius of its nearest kept cluster is noise.
    noise_rule : int
        Which rule drops noise; -1: none.
    """

    centroids: NDArray[np.float32]
    radius: NDArray[np.float32]
    kept: NDArray[np.bool_]
    number: NDArray[np.int32]
    size: NDArray[np.int64]
    rule: NDArray[np.int16]
    noise: bool = False
    noise_rule: int = -1

    @classmethod
    def none(cls, d: int = 0) -> Clusters:
        """Of a session without a round."""
        return cls(
            np.zeros((0, d), np.float32), np.zeros(0, np.float32), np.zeros(0, bool), np.zeros(0, np.int32), np.zeros(0, np.int64),
            np.zeros(0, np.int16),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.number)

    @property
    def asked(self) -> bool:
        """Whether any rule goes by them."""
        return bool((~self.kept).any()) or self.noise_rule >= 0

    def place(
        self, X: NDArray[np.float32], valid: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int16]]:
        """Cluster, cosine to its centroid and the rule that drops it (-1: none) of each row.

        Parameters
        ----------
        X : ndarray of shape (n, d), float32
            Of unit length.
        valid : ndarray of shape (n,), bool
            Rows that have a vector: others are in no cluster (-2).
        """
        n = len(X)
        number, score, rule = np.full(n, OUTSIDE, np.int32), np.full(n, np.nan, np.float32), np.full(n, -1, np.int16)
        if not len(self) or not n:
            return number, score, rule
        cosine = np.round(product(X, np.ascontiguousarray(self.centroids.T)), 5)
        within = 1 - cosine <= self.radius
        cosine[~within & ~self.kept] = -2  # what is outside of a cluster that went belongs to one that stays
        at = cosine.argmax(axis=1)
        best = cosine[np.arange(n), at]
        known = valid & (best > -2)
        number[known], score[known], rule[known] = self.number[at[known]], best[known], self.rule[at[known]]
        lone = valid & ~known
        number[lone] = NOISE
        if self.noise:
            far = known & ~within[np.arange(n), at]
            number[far], rule[far] = NOISE, self.noise_rule
            rule[lone] = self.noise_rule
        return number, score, rule

    def to_dict(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """As JSON and as arrays."""
        told = {
            "kept": self.kept.tolist(), "number": self.number.tolist(), "size": self.size.tolist(), "rule": self.rule.tolist(),
            "radius": [round(float(one), DIGITS) for one in self.radius], "noise": self.noise, "noise_rule": self.noise_rule,
        }  # fmt: skip
        return told, {"centroids": self.centroids}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Clusters:
        """What :meth:`to_dict` gave."""
        made = cls(
            np.asarray(arrays["centroids"], np.float32), np.asarray(told["radius"], np.float32), np.asarray(told["kept"], bool),
            np.asarray(told["number"], np.int32), np.asarray(told["size"], np.int64), np.asarray(told["rule"], np.int16),
            bool(told["noise"]), int(told["noise_rule"]),
        )  # fmt: skip
        if (
            made.centroids.ndim != 2
            or len({len(one) for one in (made.centroids, made.radius, made.kept, made.number, made.rule)}) != 1
        ):
            raise ValueError("clusters of unequal lengths")
        return made


def centre(X: NDArray[np.float32], reach: float) -> tuple[NDArray[np.float32], float]:
    """Centroid of unit length of some vectors (m, d), and the cosine distance within which a share ``reach`` of them lies."""
    mean = X.mean(axis=0, dtype=np.float64)
    middle = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    distance = np.sort(1 - X @ middle)
    at = min(len(distance) - 1, int(np.ceil(reach * len(distance))) - 1)
    return middle, float(np.ceil(max(float(distance[max(at, 0)]), 0.0) * 10**DIGITS) / 10**DIGITS + 10.0**-DIGITS)
