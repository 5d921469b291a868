"""Advice for a whole round by rules: how many clusters, which to merge or split, how the sizes stand, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from elute.analyze.schema import Change, ClusterAnalysis, ClusterView, Context, Overview

MERGE = 0.9
"""Cosine of two centroids from which two clusters may well be one. Unit means of sentence embeddings of one domain reach .8."""
BIG = 2.0
"""A cluster this many times the mean size is a candidate for a split where its rows do not hold together."""
GAIN = 0.01
"""Difference of the curve's score that counts: less is the noise of one K-means start."""
LARGE_NOISE = 0.3
"""Share of the rows that are noise from which the clusters are too narrow to be judged."""
READ_ON = "read a few rows of the largest clusters, then stop or look closer."
"""What is left to do where nothing is urgent."""
MOST_PAIRS = 20


def overview(views: Sequence[ClusterView], analyses: Mapping[int, ClusterAnalysis], context: Context, source: str) -> Overview:
    """Advice from figures alone; see the parts below for each rule."""
    clusters = [view for view in views if view.cluster >= 0]
    merge, split = merges(clusters), splits(clusters)
    change, suggested, reason = number_of_clusters(context, len(merge), len(split))
    return Overview(
        change, suggested, reason, merge, split, imbalance(clusters, context), next_step(analyses, context, change), source
    )


def merges(views: Sequence[ClusterView]) -> tuple[tuple[int, int], ...]:
    """Pairs of clusters whose centroids have cosine ``MERGE`` or more, nearest first."""
    pairs = {
        (min(v.cluster, other), max(v.cluster, other)): cosine for v in views for other, cosine in v.closest if cosine >= MERGE
    }
    return tuple(sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:MOST_PAIRS])


def splits(views: Sequence[ClusterView]) -> tuple[int, ...]:
    """Clusters twice the mean size or more whose silhouette is negative or whose rows lie loosely, largest first."""
    if not views:
        return ()
    mean = sum(view.size for view in views) / len(views)
    wide = [
        v for v in views if v.size >= BIG * mean and ((v.silhouette is not None and v.silhouette < 0) or (v.loose or 0.0) >= 1.0)
    ]
    return tuple(v.cluster for v in sorted(wide, key=lambda v: (-v.size, v.cluster)))


def number_of_clusters(context: Context, merging: int, splitting: int) -> tuple[Change, int | None, str]:
    """More, fewer or the same: the curve decides where there is one, else the balance of merges and splits."""
    now = context.n_clusters
    if context.curve is not None and len(context.curve.x) >= 3:
        points = list(zip(context.curve.x, context.curve.y, strict=True))
        best, score = max(points, key=lambda point: point[1])
        here = min(points, key=lambda point: abs(point[0] - now))
        if round(best) == now or score - here[1] < GAIN:
            return "same", now, f"the curve is flat or highest near {now}"
        change: Change = "more" if best > now else "fewer"
        return change, round(best), f"the curve is highest at {best:g} ({score:.3f}, here {here[1]:.3f})"
    if now < 2:
        return "unsure", None, "there is only one cluster" if now else "there are no clusters"
    difference = splitting - merging
    if abs(difference) < max(2, 0.1 * now):
        return "unsure", None, "nothing speaks clearly for more or fewer"
    if difference > 0:
        return "more", now + difference, f"{splitting} clusters hold more than one thing"
    return "fewer", max(2, now + difference), f"{merging} pairs of clusters lie very near to each other"


def imbalance(views: Sequence[ClusterView], context: Context) -> str:
    """A sentence about the sizes."""
    if len(views) < 2:
        return "There is one cluster." if views else "There are no clusters."
    largest, smallest = max(views, key=lambda v: v.size), min(views, key=lambda v: v.size)
    sentence = f"The largest cluster has {largest.size:,} rows ({largest.share:.1%}), the smallest {smallest.size:,}"
    if context.balance >= 0.95:
        return sentence + ": well balanced."
    half = 0
    rest = sum(v.size for v in views) / 2
    for view in sorted(views, key=lambda v: -v.size):
        if rest <= 0:
            break
        rest -= view.size
        half += 1
    return sentence + f"; half of all clustered rows lie in {half} of {len(views)} clusters."


def next_step(analyses: Mapping[int, ClusterAnalysis], context: Context, change: Change) -> str:
    """What to do now: the most urgent thing first."""
    drop = [a for a in analyses.values() if a.verdict == "drop"]
    trim = [a for a in analyses.values() if a.verdict == "trim"]
    if drop:
        first = max(drop, key=lambda a: a.confidence)
        return f"Look at “{first.name}” first: it may not belong here" + (
            f" ({len(drop)} such clusters)." if len(drop) > 1 else "."
        )
    if context.noise_share >= LARGE_NOISE:
        return much_noise(f"{context.noise_share:.0%}")
    if trim:
        first = min(trim, key=lambda a: a.quality)
        return (
            f"Look through “{first.name}”"
            + (f" and {len(trim) - 1} more clusters" if len(trim) > 1 else "")
            + ": some rows may go."
        )
    if change in ("more", "fewer"):
        return f"Try {change} clusters."
    return READ_ON.capitalize()


def much_noise(share: str) -> str:
    """What to do about as much noise as this, from :data:`LARGE_NOISE`."""
    return f"{share} of the rows are noise: widen the clusters before you judge them."
