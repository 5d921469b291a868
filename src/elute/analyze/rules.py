"""The offline verdict: documented rules over a cluster's figures, and cautious ones.

A verdict must never talk someone into throwing good rows away, so "drop" needs several figures that agree, none of which is the
label. The thresholds are robust z-scores over the clusters of the same round.
"""

from __future__ import annotations

from dataclasses import dataclass

from elute.analyze.schema import NOISE, ClusterView, Verdict

FEW = 5
"""Rows below which figures of a cluster mean little."""
STRANGE, VERY_STRANGE = 2.5, 3.0
LOOSE = 1.0
COPIES = 0.3
MIXED = 0.0
"""Mean silhouette below which a typical row lies nearer to another cluster."""


@dataclass(frozen=True)
class Judgement:
    """A verdict with its reasons; ``quality`` and ``confidence`` 0 to 1; ``trim`` positions that belong to the cluster."""

    verdict: Verdict
    reasons: tuple[str, ...]
    quality: float
    confidence: float
    trim: tuple[int, ...] = ()


def judge(view: ClusterView) -> Judgement:
    """The verdict on one cluster.

    ========  ======================================================================================================
    unsure    noise; fewer than five rows; too few clusters to compare with
    drop      its words are unusual to every other cluster (z at least 3), its rows lie loosely (z at least 1)
    trim      at least 30 % copies; or a typical row lies nearer to another cluster; or unusual words alone
    keep      none of these
    ========  ======================================================================================================

    The first line that holds decides between unsure, drop, trim and keep, except that copies make a small or uncompared cluster
    "trim" all the same: they need no comparison.
    """
    quality = _quality(view)
    copies = f"{view.duplicates:.0%} are copies of other rows" if view.duplicates >= COPIES else ""
    if view.cluster == NOISE:
        return Judgement("unsure", ("rows that fit no cluster: look at them one by one",), quality, 0.2)
    if copies and (view.size < FEW or view.strange is None):
        return Judgement("trim", (copies,), quality, 0.7)
    if view.size < FEW:
        return Judgement("unsure", (f"only {view.size} row{'s' * (view.size > 1)}",), quality, 0.2)
    if view.strange is None or view.loose is None:
        return Judgement("unsure", ("too few clusters to compare it with",), quality, 0.2)
    strange, loose = view.strange, view.loose
    if strange >= VERY_STRANGE and loose >= LOOSE:
        why = ("its words are unusual for this set", "its rows have little in common", *filter(None, [copies]))
        return Judgement("drop", why, quality, min(0.9, 0.5 + 0.05 * (strange + loose)))
    reasons = tuple(filter(None, [copies, "its words are unusual for this set" if strange >= STRANGE else "", _mixed(view)]))
    if reasons:
        return Judgement("trim", reasons, quality, 0.6 if copies else 0.4, view.doubtful)
    return Judgement("keep", (_why_keep(view),), quality, 0.6)


def _mixed(view: ClusterView) -> str:
    if view.silhouette is None or view.silhouette >= MIXED or not view.doubtful:
        return ""
    return "many rows lie nearer to another cluster"


def _why_keep(view: ClusterView) -> str:
    if view.silhouette is not None and view.silhouette >= 0.2:
        return "compact and well apart"
    return "nothing unusual"


def _quality(view: ClusterView) -> float:
    """1 less what speaks against the rows: copies, unusual words, loose rows, a negative silhouette."""
    strange = min(max(view.strange or 0.0, 0.0), 4.0) / 4
    loose = min(max(view.loose or 0.0, 0.0), 4.0) / 4
    outside = min(max(-(view.silhouette or 0.0), 0.0), 0.2) / 0.2
    return round(max(0.0, 1 - 0.4 * view.duplicates - 0.35 * strange - 0.2 * loose - 0.15 * outside), 3)
