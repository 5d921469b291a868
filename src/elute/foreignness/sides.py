"""The map cut in two: which clusters lie on the smaller side of a 2-means over all centroids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.kernels import one_thread


def smaller_side(centroids: NDArray[np.float64], real: NDArray[np.bool_], seed: int) -> NDArray[np.float64]:
    """1 where a centroid (k, d) is on the smaller side, else 0. Only those that are ``real`` (k,) decide where the cut goes.

    By scikit-learn, for some milliseconds: a loop of our own with other starts cost less, and moved the share of foreign rows found in
    ten looks by -.07 to +.08 on the four cases where both were tried, with the same mean. What ranked before goes on.
    """
    from sklearn.cluster import KMeans

    own = centroids[real].astype(np.float32)
    if (own == own[0]).all():
        return np.zeros(len(centroids))
    with one_thread("openmp"):
        model = KMeans(2, n_init=3, random_state=seed).fit(own)
    smaller = int(np.bincount(model.labels_, minlength=2).argmin())
    side = np.zeros(len(centroids))
    side[real] = model.labels_ == smaller
    if (~real).any():
        with one_thread("openmp"):
            side[~real] = model.predict(centroids[~real].astype(np.float32)) == smaller
    return side
