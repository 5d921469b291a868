"""A person's own estimator: anything with ``fit_predict``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster.result import NOISE, Clustering
from elute.errors import EluteError, SettingsError

_PLAIN = (bool, int, float, str, type(None))


def fit(X: NDArray[np.float32], estimator: Any) -> Clustering:
    """Run ``estimator.fit_predict(X)`` as given, and check what it returns.

    Its ``probabilities_`` and ``outlier_scores_`` are taken over where it has them, one number a row.

    Raises
    ------
    SettingsError
        It failed, or returned something that is not one whole number a row.

    Notes
    -----
    Its labels may be any whole numbers. They are numbered anew in the dtype they came in, as 2**32 and 0 are one label in 32 bits.
    """
    name = type(estimator).__name__
    try:
        raw = np.asarray(estimator.fit_predict(X))
    except EluteError:
        raise
    except Exception as error:
        raise SettingsError(
            f"{name}.fit_predict failed: {type(error).__name__}: {error}. It was given {len(X)} unit vectors of "
            f"{X.shape[1]} numbers (float32); try it on such an array by itself, or choose another clusterer."
        ) from error
    if raw.shape != (len(X),):
        raise SettingsError(f"{name}.fit_predict returned shape {raw.shape} for {len(X)} rows; one label a row is needed.")
    if raw.dtype.kind == "f" and not np.isfinite(raw).all():
        raise SettingsError(
            f"{name}.fit_predict returned labels that are not finite (NaN or infinity); whole numbers are needed, -1 for noise."
        )
    if raw.dtype.kind not in "iu" and not (raw.dtype.kind == "f" and np.array_equal(raw, np.round(raw))):
        raise SettingsError(f"{name}.fit_predict returned labels of dtype {raw.dtype}; whole numbers are needed, -1 for noise.")
    labels = np.full(len(X), NOISE, np.int32)
    labels[raw >= 0] = np.unique(raw[raw >= 0], return_inverse=True)[1]
    given = estimator.get_params(deep=False) if hasattr(estimator, "get_params") else {}
    params = {key: value for key, value in given.items() if isinstance(value, _PLAIN)}
    return Clustering(
        labels,
        _per_row(getattr(estimator, "probabilities_", None), len(X)),
        _per_row(getattr(estimator, "outlier_scores_", None), len(X)),
        {"estimator": name, **params},
    )


def _per_row(values: Any, n: int) -> NDArray[np.float32] | None:
    array = np.asarray(values) if values is not None else None
    if array is None or array.shape != (n,) or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        return None
    return array.astype(np.float32)
