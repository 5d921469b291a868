"""The table of findings: one row a row of the corpus, and what each column is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from elute.corpus import BLANK, MISSING, NOT_TEXT
from elute.prepare import Prepared

if TYPE_CHECKING:
    import pandas as pd

FLAGS = {
    "missing": "no text here",
    "not_text": "not text",
    "blank": "blank",
    "too_short": "very short",
    "too_long": "very long",
    "changed": "cleaned",
    "copy": "copy of another row",
    "near_copy": "near copy",
    "conflict": "copy with another label",
    "leaked": "in the reference too",
    "label_issue": "label looks wrong",
    "odd_length": "unusual length",
    "markup": "mostly markup or symbols",
    "script": "other language or script",
    "boilerplate": "repeated boilerplate",
    "personal": "personal data",
    "noise": "noise",
    "outlier": "far from its cluster",
}
"""Each boolean column of :func:`findings` with the words the page shows."""

RANKS = {
    "outlier_score": "outlier score",
    "distance": "distance to the nearest texts",
    "redundancy": "redundancy",
    "near_copy_cost": "edits from the copy that stays",
    "label_score": "label doubt",
    "label_probability": "probability of the label",
    "length_score": "length against the set",
    "markup_share": "share of markup and symbols",
    "script_score": "strangeness of letters",
    "boilerplate_share": "share of repeated runs",
    "personal_count": "pieces of personal data",
}
"""Each column of scores, with the words the page shows."""

SCORED = {
    "odd_length": "length_score",
    "markup": "markup_share",
    "script": "script_score",
    "boilerplate": "boilerplate_share",
    "outlier": "outlier_score",
    "label_issue": "label_score",
    "personal": "personal_count",
}
"""The score behind a flag."""

OF = ("copy_of", "near_copy_of", "conflict_of", "leaked_of")
"""Columns of row positions, -1 without one."""
STEP0 = ("missing", "not_text", "blank", "too_short", "too_long", "changed")
"""Columns that come with the prepared texts."""
OWN, OWN_FLAG = "own:", ":flag"
FAR = 0.9  # outlier score above which a row is called far from its cluster
MOST = 0.05
"""Share of kept rows outside duplicates above which a rule flags nothing, and only ranks."""


def findings(
    prepared: Prepared,
    labels: NDArray[np.int32],
    outlier_scores: NDArray[np.float32] | None = None,
    found: Mapping[str, NDArray[Any]] | None = None,
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
    found : dict of str to ndarray of shape (n,), optional
        Other columns; those that are not there say nothing.

    Returns
    -------
    DataFrame of n rows
        Boolean columns as in :data:`FLAGS`, scores as in :data:`RANKS`, rows as in :data:`OF`, ``label_suggested`` (the label that the
        data would give, None where they give none), and for each own function ``own:NAME`` and ``own:NAME:flag``. The rule of each is
        where it is made: see :mod:`elute.findings.copies`, :mod:`~elute.findings.duplicates`, :mod:`~elute.findings.labels`,
        :mod:`~elute.findings.style`, :mod:`~elute.findings.privacy` and :mod:`~elute.findings.redundant`.
        ``distance`` is the mean cosine distance to the 10 nearest, 0 to 2; it, ``outlier_score`` and ``redundancy`` rank, and are never a
        verdict. Before the evidence is there (a draft), ``copy`` is any later row with the same text.
    """
    import pandas as pd

    n, found = len(labels), {} if found is None else found
    lasting = _lasting(prepared)
    columns: dict[str, Any] = {}
    for name in FLAGS:
        columns[name] = found.get(name, lasting.get(name))
        if columns[name] is None:
            columns[name] = np.zeros(n, bool)
    columns["noise"] = labels == -1
    if outlier_scores is not None:
        columns["outlier"] = outlier_scores > FAR  # NaN is not above
        columns["outlier_score"] = outlier_scores
    for name in OF:
        columns[name] = found.get(name, lasting.get(name))
        if columns[name] is None:
            columns[name] = np.full(n, -1, np.int64)
    for name in RANKS:
        if name not in columns:
            columns[name] = found[name] if name in found else np.full(n, np.nan, np.float32)
    # as they are: pandas would make text of them that takes no half of a surrogate pair, and NaN of none at all
    columns["label_suggested"] = pd.Series(found.get("label_suggested", np.full(n, None, object)), dtype=object)
    columns.update({name: values for name, values in found.items() if name.startswith(OWN)})
    return pd.DataFrame(columns)


def flags_of(table: pd.DataFrame) -> dict[str, str]:
    """Boolean columns of a table of findings with their titles: those of own functions too."""
    own = {name: name[len(OWN) : -len(OWN_FLAG)] for name in table.columns if name.startswith(OWN) and name.endswith(OWN_FLAG)}
    return {**FLAGS, **own}


def ranks_of(table: pd.DataFrame) -> dict[str, str]:
    """Columns of scores with their titles: those of own functions too."""
    own = {name: f"{name[len(OWN) :]} (score)" for name in table.columns if name.startswith(OWN) and not name.endswith(OWN_FLAG)}
    return {**RANKS, **own}


def held(flag: NDArray[np.bool_], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A rule's flags (n,), or none where it would flag more than 5 % of the rows ``among``, and more than one: it then only ranks."""
    return flag if (flag & among).sum() <= max(1.0, MOST * among.sum()) else np.zeros(len(flag), bool)


def flagged(
    rules: Mapping[str, NDArray[np.bool_]], among: NDArray[np.bool_]
) -> tuple[dict[str, NDArray[np.bool_]], dict[str, NDArray[np.bool_]]]:
    """What rules flag, each (n,); and what those named that name too many to flag any: told, and never a flag."""
    flags = {name: held(flag, among) for name, flag in rules.items()}
    return flags, {name: flag for name, flag in rules.items() if flags[name] is not flag}


def packed(table: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """The columns as small arrays for a disk, but for those of step 0 and the suggested labels."""
    names = [name for name in table.columns if name not in STEP0 and name != "label_suggested"]
    made: dict[str, NDArray[Any]] = {}
    for name in names:
        values = table[name].to_numpy()
        if values.dtype == bool:
            made[name] = np.packbits(values, bitorder="little")
        elif values.dtype.kind == "f" and np.isnan(values).all():
            made[name] = np.zeros(0, np.float32)
        else:
            made[name] = values.astype(np.int32 if values.dtype.kind == "i" else np.float32)
    return made


def unpacked(arrays: Mapping[str, NDArray[Any]], n: int) -> dict[str, NDArray[Any]]:
    """The columns that :func:`packed` made small."""
    made: dict[str, NDArray[Any]] = {}
    for name, values in arrays.items():
        if values.dtype == np.uint8:
            made[name] = np.unpackbits(values, count=n, bitorder="little").astype(bool)
        elif values.dtype.kind == "i":
            made[name] = values.astype(np.int64)
        else:
            made[name] = values if len(values) == n else np.full(n, np.nan, np.float32)
        if len(made[name]) != n:
            raise ValueError(f"{name} has {len(made[name])} values for {n} rows")
    return made


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
