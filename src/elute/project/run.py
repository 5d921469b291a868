"""Step 3: positions in 2D and 3D, whichever way was chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError, SettingsError
from elute.neighbors import Graph
from elute.options import Options, name_of, to_dict
from elute.progress import SILENT, Progress
from elute.project import maps, own, pca, tsne
from elute.project.drive import Stream
from elute.project.pca import PCA
from elute.project.result import Projection, scaled, upright
from elute.project.tsne import TSNE
from elute.project.umap import UMAP
from elute.vectors import all_same, check_vectors

PROJECTORS: dict[str, type[Options]] = {name_of(cls): cls for cls in (PCA, UMAP, TSNE)}
"""elute's projectors by name, in the order of the menu."""

FEW = 4  # rows up to which only PCA has a meaning; UMAP in 3D fails there


def as_projector(spec: Any) -> Any:
    """A projector from what a person typed.

    Parameters
    ----------
    spec : None, str, parameter object, or object with ``fit_transform``
        None is ``UMAP()``; a str is a name in ``PROJECTORS``, with or without its hyphen.

    Raises
    ------
    SettingsError
        None of these.
    """
    if spec is None:
        return UMAP()
    if isinstance(spec, str) and (name := spec.lower().replace("-", "")) in PROJECTORS:
        return PROJECTORS[name]()
    if isinstance(spec, type) and (spec in PROJECTORS.values() or hasattr(spec, "fit_transform")):
        raise SettingsError(f"{spec.__name__} is a class; give an object of it: {spec.__name__}(...).")
    if isinstance(spec, tuple(PROJECTORS.values())) or hasattr(spec, "fit_transform"):
        return spec
    raise SettingsError(
        f"{spec!r} is no projector. Give one of {', '.join(map(repr, PROJECTORS))}, or an object with fit_transform(X)."
    )


def project(
    X: NDArray[np.float32],
    projector: Any = None,
    *,
    neighbors: Graph | None = None,
    principal: NDArray[np.float32] | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
    stream: Stream | None = None,
) -> Projection:
    """Positions of distinct texts in 2D and in 3D.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Vectors of unit norm, or zero.
    projector : see :func:`as_projector`
    neighbors : Neighbors, or callable that returns it, optional
        The graph over X, for UMAP and t-SNE; a callable is asked only by them, with the number of neighbours it needs.
    principal : ndarray of shape (n, >= 3), optional
        PCA coords where they are known; else they are computed.
    seed : int
        The same seed gives the same map on the same machine.
    progress : Progress
    stream : callable, optional
        Called with ``{2: (n, 2), 3: (n, 3)}`` at most five times a second while the layout is made (``UMAP``, ``algorithm="fast"``),
        scaled and turned as the finished map will be.

    Raises
    ------
    SettingsError
        An own projector failed, or gave no positions.
    InputError
        Vectors with NaN or infinity, with their rows.
    """
    chosen = as_projector(projector)
    X = check_vectors(X)
    n = len(X)
    params = to_dict(chosen) if type(chosen) in PROJECTORS.values() else {"projector": type(chosen).__name__}
    notes: tuple[str, ...] = ()
    found: dict[int, Any]
    if isinstance(chosen, PCA) or n <= FEW or all_same(X):
        progress.report("project", message="PCA")
        if n > 1 and all_same(X):
            notes = (f"All {n} vectors are identical, so all points lie at one place. Drop duplicates first.",)
        elif not isinstance(chosen, PCA) and n:
            notes = (f"{n} texts are too few for {_title(chosen)}, so PCA was used.",)
            params = to_dict(PCA())
        three = pca.principal(X, 3, seed) if principal is None else principal[:, :3]
        found = {2: three[:, :2], 3: three}
    elif isinstance(chosen, UMAP):
        start = _start(X, principal, seed, progress)
        found, notes = maps.fit(X, chosen, (2, 3), neighbors, start, seed, progress, stream)
    elif isinstance(chosen, TSNE):
        start = _start(X, principal, seed, progress)
        found, used, notes = tsne.fit(X, chosen, neighbors, start, seed, progress)
        params.update(used)
    else:
        progress.report("project", message=_title(chosen))
        found = own.fit(X, chosen)
    coords = {dim: scaled(positions) for dim, positions in found.items()}
    if isinstance(chosen, TSNE) or (isinstance(chosen, UMAP) and chosen.algorithm == "exact"):
        coords = {
            dim: upright(positions) for dim, positions in coords.items()
        }  # their axes mean nothing; elute's keeps those of PCA
    return Projection(coords, params, notes)


def reduce(
    X: NDArray[np.float32], dim: int = 5, *, neighbors: Graph | None = None, seed: int = 0, progress: Progress = SILENT
) -> NDArray[np.float32]:
    """UMAP to a few dimensions, for clustering by density: in 384 dimensions HDBSCAN finds mostly noise.

    Points may lie on each other here (``min_dist=0``). Where there are hardly more rows than dimensions, it is PCA.

    Returns
    -------
    ndarray of shape (n, dim), float32
    """
    X = check_vectors(X)
    if len(X) <= FEW + dim or all_same(X):
        return pca.principal(X, dim, seed)
    start = pca.principal(X, dim, seed)
    return maps.fit(X, UMAP(min_dist=0.0), (dim,), neighbors, start, seed, progress)[0][dim]


def _start(X: NDArray[np.float32], principal: NDArray[np.float32] | None, seed: int, progress: Progress) -> NDArray[np.float32]:
    if principal is None:
        progress.report("project", message="PCA")
        return pca.principal(X, 3, seed)
    if principal.ndim != 2 or len(principal) != len(X) or principal.shape[1] < 3:
        raise InputError(f"principal has shape {principal.shape}; ({len(X)}, 3) PCA coords or wider are needed.")
    return principal


def _title(chosen: Any) -> str:
    return getattr(type(chosen), "title", "") or type(chosen).__name__
