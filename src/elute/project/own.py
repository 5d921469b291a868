"""A person's own projector: anything with ``fit_transform``."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import EluteError, SettingsError
from elute.project.result import padded


def fit(X: NDArray[np.float32], projector: Any) -> dict[int, NDArray[Any]]:
    """Positions in 2D and 3D.

    A projector with ``n_components`` runs twice, on copies with 2 and 3; any other runs once, as given: its first axes are taken,
    and axes of zeros stand for those it lacks.

    Raises
    ------
    SettingsError
        It failed, or did not return one row of finite numbers for each row.
    """
    if "n_components" not in _params(projector):
        positions = _run(X, projector)
        return {dim: padded(positions, dim) for dim in (2, 3)}
    return {dim: padded(_run(X, _with_components(projector, dim)), dim) for dim in (2, 3)}


def _params(projector: Any) -> dict[str, Any]:
    if hasattr(projector, "get_params"):
        return dict(projector.get_params(deep=False))
    return dict(vars(projector)) if hasattr(projector, "__dict__") else {}


def _with_components(projector: Any, dim: int) -> Any:
    if hasattr(projector, "set_params"):
        from sklearn.base import clone

        return clone(projector).set_params(n_components=dim)
    twin = copy.deepcopy(projector)
    twin.n_components = dim
    return twin


def _run(X: NDArray[np.float32], projector: Any) -> NDArray[Any]:
    name = type(projector).__name__
    try:
        raw = np.asarray(projector.fit_transform(X.copy()))  # it may work in place
    except EluteError:
        raise
    except Exception as error:
        raise SettingsError(
            f"{name}.fit_transform failed: {type(error).__name__}: {error}. It was given {len(X)} unit vectors of "
            f"{X.shape[1]} numbers (float32); try it on such an array by itself, or choose another projector."
        ) from error
    if raw.ndim != 2 or len(raw) != len(X) or not raw.shape[1] or raw.dtype.kind not in "fiu":
        raise SettingsError(
            f"{name}.fit_transform returned shape {raw.shape}, dtype {raw.dtype}; "
            f"({len(X)}, 2) or ({len(X)}, 3) numbers are needed."
        )
    if not np.isfinite(raw).all():
        bad = int((~np.isfinite(raw)).any(axis=1).sum())
        raise SettingsError(f"{name}.fit_transform returned NaN or infinity in {bad} rows.")
    return raw
