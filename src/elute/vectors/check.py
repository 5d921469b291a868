"""What every step that takes vectors asks of them first: a table of finite float32 numbers, and which rows are zero."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError

Floats = NDArray[np.floating[Any]]


def check_vectors(X: Any) -> NDArray[np.float32]:
    """Vectors as a C-ordered float32 array, checked.

    One NaN row makes hdbscan call every row noise, in silence; so it is refused here, and named.

    Parameters
    ----------
    X : array-like of shape (n, d)
        Real numbers. n may be 0; d is at least 1 where there are rows.

    Returns
    -------
    ndarray of shape (n, d), float32
        The same array where it already is one.

    Raises
    ------
    InputError
        Not two-dimensional, not numbers, or rows with NaN or infinity; the first ten of them are listed.
    """
    vectors = as_vectors(X)
    # One product over everything is finite only if every number is: 3 ms at 50,000 x 384. Numbers near 1e19 and above make it
    # overflow all by themselves, so where it is not finite each row is looked at.
    flat = vectors.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        fine = np.isfinite(np.dot(flat, flat))
    if not fine:
        refuse(np.flatnonzero(~np.isfinite(vectors.sum(axis=1, dtype=np.float64))), len(vectors))
    return vectors


def as_vectors(X: Any) -> NDArray[np.float32]:
    """The shape and the kind of numbers only: for those who look at every number anyway, as :func:`elute.vectors.group` does."""
    try:
        vectors = np.ascontiguousarray(X, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(f"Vectors must be an (n, d) array of numbers; got {type(X).__name__}.") from error
    if vectors.ndim != 2 or (len(vectors) and not vectors.shape[1]):
        raise InputError(f"Vectors must be an (n, d) array; got shape {vectors.shape}.")
    return vectors


def refuse(bad: NDArray[np.intp], n: int) -> None:
    """Raise :class:`InputError` that names the rows ``bad`` of ``n``, if there are any."""
    if len(bad):
        raise InputError(
            f"{len(bad)} of {n} vectors hold NaN or infinity: rows {listed(bad)}. Leave them out, or embed them again."
        )


def all_same(X: Floats) -> bool:
    """True where every row equals the first one; also true of none and of one."""
    return bool((X[:1] == X).all())


def listed(rows: Iterable[Any], most: int = 10) -> str:
    """Row positions as text, the first ``most`` of them: ``"3, 8, 12, ..."``."""
    shown = [str(int(row)) for row, _ in zip(rows, range(most + 1), strict=False)]
    return ", ".join(shown[:most] + ["..."] * (len(shown) > most))
