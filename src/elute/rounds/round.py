"""One pass through the cycle, frozen, and the settings it was made with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE, Curve
from elute.metrics import Scores
from elute.metrics.scores import figures
from elute.options import Options, to_dict
from elute.prepare import Prepare
from elute.prepare.edits import NO_EDITS, Edits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OUTSIDE", "Round", "Settings", "describe"]

SHOWN = 200
"""Characters of the ``repr`` of an own object that are kept."""


@dataclass(frozen=True)
class Settings:
    """How a round is made.

    ``clusterer``, ``projector`` and ``embedder`` are elute's parameter objects or the user's own; the embedder is None where the
    vectors came from elsewhere. ``edits`` are rows whose text was cleaned beyond what ``prepare`` cleans in every row.
    """

    clusterer: Any
    projector: Any
    prepare: Prepare = field(default_factory=Prepare)
    seed: int = 0
    embedder: Any = None
    edits: Edits = NO_EDITS

    def describe(self) -> dict[str, Any]:
        """As JSON; an own estimator is described by its ``repr``."""
        return {
            **({} if self.embedder is None else {"embedder": describe(self.embedder)}),
            "clusterer": describe(self.clusterer),
            "projector": describe(self.projector),
            "prepare": to_dict(self.prepare),
            "seed": self.seed,
            **({"edits": self.edits.digest} if self.edits else {}),
        }


@dataclass(frozen=True, eq=False)
class Round:
    """One pass through the cycle, frozen. Every array is over all ``n`` rows of the corpus, in its order, and can be read alone.

    Attributes
    ----------
    number : int
        Counts from 1.
    keep : ndarray of shape (n,), bool
        The mask it was computed on.
    labels : ndarray of shape (n,), int32
        Clusters; noise -1, not in the round -2.
    coords : dict of int to ndarray
        ``coords[2]`` (n, 2) and ``coords[3]`` (n, 3), float32; a row not in the round has its last coords, NaN if it never had any.
    probabilities, outlier_scores : ndarray of shape (n,), float32, or None
        Of density methods; NaN for rows not in the round.
    scores : Scores
        Indices of the whole and figures of each cluster; ``row_silhouette`` is (n,).
    findings : DataFrame of n rows
    settings : Settings
    params : dict
        Values that were chosen for the user: k, eps, min_cluster_size, perplexity, ...
    notes : tuple of str
        What the person should know about this round.
    curve : Curve or None
        Silhouette by k, or the k-distance curve.
    reduced : ndarray of shape (n, 5), float32, or None
        The space HDBSCAN clustered in, kept so that the next round continues there.
    hashes : ndarray of shape (n,), uint64
        Fingerprint of each row's vector, 0 without one: a row keeps its place in the next round while it has the same one.
    seconds : float
    draft : bool
        Shown while the layout is still being computed; never in the history.
    beside : int
        Rows of a reference that were clustered with these, where only the user's own are here: clusters and indices are of both.
    held : dict of str to ndarray of shape (n,), bool
        By the name of a flag what its rule named, where that was too many rows to flag any of them.
    """

    number: int
    keep: NDArray[np.bool_]
    labels: NDArray[np.int32]
    coords: Mapping[int, NDArray[np.float32]]
    probabilities: NDArray[np.float32] | None
    outlier_scores: NDArray[np.float32] | None
    scores: Scores
    findings: pd.DataFrame
    settings: Settings
    params: Mapping[str, Any]
    notes: tuple[str, ...]
    curve: Curve | None
    reduced: NDArray[np.float32] | None
    hashes: NDArray[np.uint64]
    seconds: float
    draft: bool = False
    beside: int = 0
    held: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            object.__setattr__(self, name, _to_be_read(value))
        object.__setattr__(self, "scores", replace(self.scores, row_silhouette=_to_be_read(self.scores.row_silhouette)))

    def __repr__(self) -> str:
        rows = f"{int(self.keep.sum()):,} rows{f' and {self.beside:,} of the reference' if self.beside else ''}"
        return f"<Round {self.number}{' (draft)' if self.draft else ''}: {rows}, {figures(self.scores)}>"

    @property
    def clusters(self) -> pd.DataFrame:
        """One row a cluster, noise (-1) included, the next one to look at first: ``foreign`` (0 to 1) ranks, ``why`` says why.

        A table of your own: what is written into it changes no round.
        """
        return to_be_written(self.scores.clusters)

    @property
    def metrics(self) -> dict[str, float | int | None]:
        """The indices of the whole: ``silhouette``, ``davies_bouldin``, ``calinski_harabasz``, ``noise``, ``balance``, ..."""
        return {
            "silhouette": self.scores.silhouette,
            "davies_bouldin": self.scores.davies_bouldin,
            "calinski_harabasz": self.scores.calinski_harabasz,
            "dbcv": self.scores.dbcv,
            "noise": self.scores.noise_share,
            "balance": self.scores.balance,
            "clusters": self.scores.n_clusters,
            "largest_to_smallest": self.scores.largest_to_smallest,
            "effective": self.scores.effective,
        }


def to_be_written(table: pd.DataFrame) -> pd.DataFrame:
    """The same table to write into; where pandas copies on write, no value is copied before that."""
    import pandas as pd

    return table.copy(deep=int(pd.__version__.split(".")[0]) < 3)


def _to_be_read(value: Any) -> Any:
    """An array, or a dict of them, as views that can't be written to; anything else as it is."""
    if isinstance(value, dict):
        return {name: _to_be_read(one) for name, one in value.items()}
    if not isinstance(value, np.ndarray) or not value.flags.writeable:
        return value
    view = value.view()
    view.flags.writeable = False
    return view


def describe(obj: Any) -> dict[str, Any]:
    """A parameter object as JSON; an own estimator by its ``repr``, without an address that no other kernel has. A long one is cut, and
    ends in a hash of the whole.
    """
    if isinstance(obj, Options):
        return to_dict(obj)
    told = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(obj))
    if len(told) > SHOWN:
        told = f"{told[:SHOWN]}… {blake2b(told.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"
    return {"name": "own", "repr": told}
