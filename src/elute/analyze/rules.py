"""The offline verdict: documented rules over a cluster's figures, and cautious ones.

A verdict must never talk someone into throwing good rows away. Where the round knows how probably a cluster is foreign
(``confidence``, calibrated on mixes of known dirt), "drop" needs that and its rows to agree: most of them must be like those of all
probably foreign clusters. Foreign rows among good ones are a "trim", and never all rows of a cluster. See bench/analyst.py for what that
reaches. A fifth of the set or more is no "drop": as a rule it is a kind of text that the set is made of.

Where it is not known (few clusters, a selection), "drop" needs three figures that agree, and a person's own labels count for
nothing. ``strange`` and ``loose`` are robust z-scores over the clusters of the same round. Their thresholds were set on BANKING77,
CLINC150 and SMS Spam (all-MiniLM-L6-v2, K-means of 30 to 150 clusters), clean and with 5, 15 and 30 % sentences of Wikipedia: on
the clean sets no cluster was "drop", though their strangest reaches 6 and their loosest 5.
"""

from __future__ import annotations

from dataclasses import dataclass

from elute.analyze.schema import NOISE, Belongs, ClusterView, Verdict
from elute.plain import many

FEW = 5
"""Rows below which the figures of a cluster mean little."""
STRANGE, LOOSE, BOTH = 4.0, 2.0, 8.0
"""All three are needed for "drop": words, geometry, and their sum."""
RATHER_STRANGE, RATHER_LOOSE = 2.5, 1.5
"""Both are needed for "trim"."""
APART = 0.06
"""Silhouette from which a cluster holds together too well to be scattered foreign rows."""
MIXED = -0.05
"""Silhouette below which a typical row lies nearer to another cluster."""
COPIES = 0.3
FOREIGN, MAYBE = 0.7, 0.3
"""Probability of being foreign for "drop"; and from which a cluster is not a plain "keep"."""
MOSTLY, SOME = 0.8, 0.1
"""Shares of rows like those of foreign clusters: for "drop", and for "trim"."""
SMALL = 50
"""Rows below which a cluster that is mostly like foreign ones is asked about, not trimmed: of clean sets of short texts clusters of 5 to
19 rows were trimmed, whole. Nine tenths and more of larger ones (of 400 and 1,300 rows, in mixes) are named rightly."""
LARGE = 0.2
"""Share of the set from which a cluster is one of the things that the set is made of: it is never "drop"."""

_UNUSUAL = "its words are unusual for this set"
_SCATTERED = "its rows have little in common"


@dataclass(frozen=True)
class Judgement:
    """A verdict with its reasons; ``quality`` and ``confidence`` 0 to 1; ``trim`` positions that belong to the cluster."""

    verdict: Verdict
    reasons: tuple[str, ...]
    quality: float
    confidence: float
    trim: tuple[int, ...] = ()


def judge(view: ClusterView) -> Judgement:
    """The verdict on one cluster: the first line that holds.

    Where the probability of being foreign is known:

    ========  ========================================================================================================
    unsure    noise; fewer than ten different texts, which may be foreign
    drop      probability .7 or more, 80 % of its rows or more are like those of foreign clusters, and less than a fifth of the set
    unsure    80 % of its rows or more (and five) are like those of foreign clusters, and all are, or it has fewer than fifty, or is
              a fifth of the set or more: that is no trim
    trim      10 % of its rows or more (and five) are like those of foreign clusters; or at least 30 % copies
    unsure    probability .3 or more
    keep      none of these
    ========  ========================================================================================================

    Where it is not:

    ========  ========================================================================================================
    unsure    noise
    drop      unusual words (z >= 4), scattered rows (z >= 2), 8 together, and a silhouette below .06; less than a fifth of the set
    unsure    the same of a fifth of the set or more
    trim      at least 30 % copies; or rather unusual words (z >= 2.5) and scattered rows (z >= 1.5); or scattered rows
              most of which lie nearer to another cluster (silhouette below -.05)
    unsure    fewer than five rows; too few clusters to compare with; unusual words alone (z >= 4)
    keep      none of these
    ========  ========================================================================================================

    A trim names the rows for which its reasons hold. Which rows are copies a view does not say, so a trim for copies alone names
    none: they are offered as copies, of which one stays.
    """
    quality = _quality(view)
    if view.cluster == NOISE:
        return Judgement("unsure", ("rows that fit no cluster: look at them one by one",), quality, 0.2)
    if view.untried:
        few = "it holds fewer than ten different texts, and trials say little of such clusters"
        return Judgement("unsure", (*_why(view), few), quality, 0.2)
    if view.confidence is not None:
        return _measured(view, view.confidence, quality)
    compared = view.size >= FEW and view.strange is not None and view.loose is not None
    strange, loose = (view.strange or 0.0, view.loose or 0.0) if compared else (0.0, 0.0)
    silhouette = 0.0 if view.silhouette is None else view.silhouette
    copies = (f"{view.duplicates:.0%} are copies of other rows",) if view.duplicates >= COPIES else ()
    if foreign(strange, loose) and silhouette < APART:
        if view.share >= LARGE:
            return Judgement("unsure", (_UNUSUAL, _SCATTERED, _large(view)), quality, 0.2)
        return Judgement("drop", (_UNUSUAL, _SCATTERED, *copies), quality, min(0.9, 0.5 + 0.02 * (strange + loose)))
    reasons = list[str]()
    if strange >= RATHER_STRANGE and loose >= RATHER_LOOSE:
        reasons = ["some of its words are unusual for this set", _SCATTERED]
    elif silhouette < MIXED and loose >= RATHER_LOOSE:
        reasons = ["mixed: most rows lie nearer to another cluster"]
    if reasons:
        return Judgement("trim", tuple(reasons), quality, 0.4, view.doubtful)
    if copies:
        return Judgement("trim", copies, quality, 0.6)
    if view.size < FEW:
        return Judgement("unsure", (f"only {many(view.size)}",), quality, 0.2)
    if not compared:
        return Judgement("unsure", ("too few clusters to compare it with",), quality, 0.2)
    if strange >= STRANGE:
        return Judgement("unsure", (_UNUSUAL, "yet its rows belong together: does it belong here?"), quality, 0.3)
    return Judgement("keep", ("compact and well apart" if silhouette >= 0.2 else "nothing unusual",), quality, 0.6)


def _measured(view: ClusterView, sure: float, quality: float) -> Judgement:
    """By the probability that it is foreign."""
    copies = (f"{view.duplicates:.0%} are copies of other rows",) if view.duplicates >= COPIES else ()
    why = _why(view)
    like = f"{view.odd_share:.0%} of its rows are like those of clusters that may not belong"
    if sure >= FOREIGN and view.odd_share >= MOSTLY and view.share < LARGE:
        return Judgement(
            "drop", (*why, f"{sure:.0%} of clusters like this were foreign in trials", *copies), quality, round(sure, 3)
        )
    if view.odd_share >= SOME and len(view.odd) >= FEW:
        told = (like, *(why if sure >= MAYBE else ()))
        if view.odd_share >= MOSTLY and (view.share >= LARGE or view.size < SMALL or view.odd_share >= 1):
            asked = _large(view) if view.share >= LARGE else "does it belong here?"
            return Judgement("unsure", (*told, asked), quality, round(max(0.2, 1 - sure), 3))
        return Judgement("trim", told, quality, 0.6, view.odd)
    if copies:
        return Judgement("trim", copies, quality, 0.6)
    if sure >= MAYBE:
        return Judgement("unsure", (*why, "does it belong here?"), quality, round(max(0.2, 1 - sure), 3))
    mixed = view.silhouette is not None and view.silhouette < MIXED and (view.loose or 0.0) >= RATHER_LOOSE
    plain = ["mixed: most rows lie nearer to another cluster"] if mixed else ["nothing unusual"]
    if view.silhouette is not None and view.silhouette >= 0.2:
        plain = ["compact and well apart"]
    if view.size < FEW:
        plain.append(f"only {many(view.size)}")
    return Judgement("keep", tuple(plain), quality, round(1 - sure, 3))


def belongs(view: ClusterView) -> tuple[Belongs, tuple[str, ...]]:
    """Whether selected rows belong to the set, by the same thresholds: the first line that holds.

    Words and place are compared with the clusters of the round; the last two columns hold where the round knows how probably its
    clusters are foreign.

    ========  ==========================================  =====================  ==================================================
    answer    words, and how scattered the rows are       clusters they are in   rows like those of foreign clusters
    ========  ==========================================  =====================  ==================================================
    unsure    fewer than five rows, or nothing is known
    no        unusual and scattered, as for "drop"        or .7 or more          and 80 % or more
    partly    rather so, as for "trim"                                           or 10 % or more, and five
    unsure    rather unusual                              or .3 or more
    yes       usual, and a cluster nearby                 and below .3
    unsure    none of these
    ========  ==========================================  =====================  ==================================================
    """
    near = (f"nearest to “{view.neighbors[0]}”",) if view.neighbors else ()
    if view.size < FEW:
        return "unsure", (f"only {many(view.size)}", *near)
    if view.confidence is None and (view.strange is None or view.loose is None):
        return "unsure", ("too few clusters to compare with", *near)
    strange, loose, sure = view.strange or 0.0, view.loose or 0.0, view.confidence or 0.0
    like = f"{view.odd_share:.0%} of them are like rows of clusters that may not belong"
    if foreign(strange, loose):
        return "no", (_UNUSUAL, _SCATTERED)
    if sure >= FOREIGN and view.odd_share >= MOSTLY:
        return "no", (like, f"{sure:.0%} of clusters like theirs were foreign in trials")
    if strange >= RATHER_STRANGE and loose >= RATHER_LOOSE:
        return "partly", ("some of its words are unusual for this set", *near)
    if view.odd_share >= SOME and len(view.odd) >= FEW:
        return "partly" if view.odd_share < MOSTLY else "unsure", (like, *near)
    if strange >= RATHER_STRANGE:
        return "unsure", (_UNUSUAL, *near)
    if sure >= MAYBE:
        return "unsure", (f"{sure:.0%} of clusters like theirs were foreign in trials", *near)
    if view.closest and view.closest[0][1] >= 0.5:
        return "yes", ("its words are usual for this set", *near)
    return "unsure", ("usual words, but far from every cluster",)


def _why(view: ClusterView) -> tuple[str, ...]:
    return (view.why.rstrip("."),) if view.why else ()


def _large(view: ClusterView) -> str:
    """What speaks against a drop of a cluster that is a large part of the set."""
    return f"yet it is {view.share:.0%} of the set: does it belong here?"


def foreign(strange: float, loose: float) -> bool:
    """Whether words and geometry agree strongly that rows are not of this set."""
    return strange >= STRANGE and loose >= LOOSE and strange + loose >= BOTH


def _quality(view: ClusterView) -> float:
    """1 less what speaks against the rows: copies, unusual words, scattered rows, a negative silhouette.

    Where it is known, the probability of being foreign and the share of rows like foreign ones stand for words and scatter.
    """
    strange = min(max(view.strange or 0.0, 0.0), STRANGE) / STRANGE
    loose = min(max(view.loose or 0.0, 0.0), 4.0) / 4
    outside = min(max(-(view.silhouette or 0.0), 0.0), 0.2) / 0.2
    if view.confidence is not None:
        against = max(0.5 * view.confidence, 0.7 * view.odd_share) + 0.15 * outside
        return round(max(0.0, 1 - 0.4 * view.duplicates - against), 3)
    return round(max(0.0, 1 - 0.4 * view.duplicates - 0.35 * strange - 0.2 * loose - 0.15 * outside), 3)
