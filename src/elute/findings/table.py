"""Evidence about each row: a score and a boolean with its rule. A finding is a reason to look, never a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from elute.corpus import MISSING, NOT_TEXT
from elute.prepare import BLANK, Prepared

if TYPE_CHECKING:
    import pandas as pd

FLAGS = {
    "missing": "no text here",
    "not_text": "not text",
    "blank": "blank",
    "too_short": "very short",
    "too_long": "very long",
    "changed": "cleaned",
    "copy": "copy of an earlier row",
    "noise": "noise",
    "outlier": "far from its cluster",
}
"""Each boolean column of :func:`findings` with the words the page shows."""


RANKS = {"outlier_score": "outlier score", "distance": "distance to the nearest texts"}
"""Each column of scores, with the words the page shows."""

FAR = 0.9  # outlier score above which a row is called far from its cluster


def findings(
    prepared: Prepared,
    labels: NDArray[np.int32],
    outlier_scores: NDArray[np.float32] | None = None,
    distance: NDArray[np.float32] | None = None,
) -> pd.DataFrame:
    """What is known about each row.

    Parameters
    ----------
    prepared : Prepared
        Step 0 over all ``n`` rows.
    labels : ndarray of shape (n,), int32
        Clusters; -1 noise, -2 not in the round.
    outlier_scores : ndarray of shape (n,), float32, optional
        GLOSH of HDBSCAN, 0 to 1, higher is farther out; NaN where there is none. ``outlier`` is a score above 0.9: it only ranks.
    distance : ndarray of shape (n,), float32, optional
        Mean cosine distance to the 10 nearest, 0 to 2; NaN where it is not known.

    Returns
    -------
    DataFrame of n rows
        Boolean columns as in :data:`FLAGS`, ``copy_of`` (first row with the same prepared text, -1 if none), ``outlier_score`` and
        ``distance``; the last two rank, and are never a verdict.
    """
    import pandas as pd

    unknown = None
    if outlier_scores is None or distance is None:
        unknown = np.full(len(prepared.state), np.nan, np.float32)
    scores = unknown if outlier_scores is None else outlier_scores
    return pd.DataFrame(
        {
            **_lasting(prepared),
            "noise": labels == -1,
            "outlier": np.zeros(len(labels), bool) if outlier_scores is None else outlier_scores > FAR,  # NaN is not above
            "outlier_score": scores,
            "distance": unknown if distance is None else distance,
        }
    )


def _lasting(prepared: Prepared) -> Mapping[str, NDArray[Any]]:
    """The columns that come from step 0, which are the same in every round."""
    if prepared not in _LASTING:
        _LASTING[prepared] = {
            "missing": prepared.state == MISSING,
            "not_text": prepared.state == NOT_TEXT,
            "blank": prepared.state == BLANK,
            "too_short": prepared.too_short,
            "too_long": prepared.too_long,
            "changed": prepared.changed,
            "copy": prepared.duplicate_of >= 0,
            "copy_of": prepared.duplicate_of,
        }
    return _LASTING[prepared]


_LASTING: WeakKeyDictionary[Prepared, Mapping[str, NDArray[Any]]] = WeakKeyDictionary()
"""Let go of together with what they were made of."""
