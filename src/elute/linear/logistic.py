"""Multinomial logistic regression by L-BFGS: scikit-learn's objective, in products that let go of the GIL, and it hears a cancel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.progress import SILENT, Progress

STEPS = 30
"""L-BFGS steps at most: on BANKING77 with flips, 30 reached the held-out accuracy of 60, 100 and scikit-learn's 68
within .1 point."""


@dataclass(frozen=True, eq=False)
class Logistic:
    """A fitted model of ``c`` classes.

    Attributes
    ----------
    coefficients : ndarray of shape (d, c), float32
    intercept : ndarray of shape (c,), float32
    """

    coefficients: NDArray[np.float32]
    intercept: NDArray[np.float32]

    def scores(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, c) log-odds, up to one constant a row."""
        return np.asarray(X @ self.coefficients + self.intercept)

    def probabilities(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, c), each row adding up to 1."""
        return _softmax(self.scores(X))[0]


def softmax_regression(
    X: NDArray[np.float32],
    codes: NDArray[np.integer[Any]],
    classes: int,
    *,
    C: float = 10.0,
    weights: NDArray[Any] | None = None,
    steps: int = STEPS,
    progress: Progress = SILENT,
) -> Logistic:
    """Fit by the penalised likelihood that ``sklearn.linear_model.LogisticRegression(C=C)`` fits.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
    codes : ndarray of shape (n,), int
        0 to ``classes - 1``.
    C : float
        The sum of the losses counts so much against half the squared coefficients. The intercept is free.
    weights : ndarray of shape (n,), optional
        Of each row's loss.

    Raises
    ------
    Cancelled
    """
    from scipy.optimize import minimize

    n, d = X.shape
    X, codes = np.ascontiguousarray(X, dtype=np.float32), np.asarray(codes, np.int64)
    copies = np.ones(n, np.float32) if weights is None else np.asarray(weights, np.float32)
    scale, rows = 1.0 / (C * max(float(copies.sum()), 1e-9)), np.arange(n)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        progress.check()
        table = flat.reshape(d + 1, classes).astype(np.float32)
        P, norm = _softmax(S := X @ table[:d] + table[d])
        value = float(np.dot(copies, norm - S[rows, codes])) / max(float(copies.sum()), 1e-9)
        P[rows, codes] -= 1
        P *= (copies / max(float(copies.sum()), 1e-9))[:, None]
        slope = np.empty((d + 1, classes))
        slope[:d] = X.T @ P + scale * table[:d]
        slope[d] = P.sum(axis=0, dtype=np.float64)
        return value + scale / 2 * float(np.square(table[:d], dtype=np.float64).sum()), slope.ravel()

    found = minimize(loss, np.zeros((d + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": steps, "gtol": 1e-5})
    table = found.x.reshape(d + 1, classes).astype(np.float32)
    return Logistic(table[:d], table[d])


def _softmax(S: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities (n, c) of log-odds, and the log of what they were divided by (n,)."""
    high = S.max(axis=1)
    P = np.exp(S - high[:, None])
    total = P.sum(axis=1)
    P /= total[:, None]
    return P, np.log(total) + high
