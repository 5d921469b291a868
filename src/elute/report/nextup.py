"""What to do next, by rules: what to look at, never what to remove unseen."""

from __future__ import annotations

from elute.analyze.advice import LARGE_NOISE, READ_ON, much_noise
from elute.report.facts import Facts
from elute.report.words import quoted, rows, share, signed

MOST = 3
ONE_TOPIC = 0.4
"""Mixing in the full space from which two clusters may be one topic: as :meth:`elute.metrics.Pair.why` says."""
COPIES = 0.05
UNEVEN = 0.5
"""Share of the number of clusters that equal ones would be as uneven as, below which the sizes are told of."""
FELL = 0.01


def advised(facts: Facts) -> tuple[str, ...]:
    """A sentence each, the most urgent first; one that says so where nothing stands out."""
    found = [*facts.advice, *_looks(facts), *_copies(facts), *_pairs(facts), *_shape(facts), *_course(facts)]
    found = list(dict.fromkeys(found))
    return tuple(found) if found else (f"Nothing stands out: {READ_ON}",)


def _looks(facts: Facts) -> list[str]:
    drop = sorted((one for one in facts.clusters if one.verdict == "drop"), key=lambda one: -one.confidence)
    trim = [one for one in facts.clusters if one.verdict == "trim"]
    said = []
    for one in drop[:MOST]:
        why = f": {one.reasons[0].rstrip('.')}" if one.reasons else ""
        said.append(f"Look at “{one.name}” ({rows(one.size)}), which may not belong here{why}.")
    if len(drop) > MOST:
        said.append(f"Look as well at {quoted([one.name for one in drop[MOST:]])}.")
    if trim:
        said.append(f"Look through {quoted([one.name for one in trim])}: some rows may go.")
    return said


def _copies(facts: Facts) -> list[str]:
    part = sum(one.size * one.duplicates for one in facts.clusters) / max(1, facts.now.kept)
    if part < COPIES:
        return []
    return [f"{share(part)} of the rows are exact copies of another: look at the finding “copy”, and whether they are meant."]


def _pairs(facts: Facts) -> list[str]:
    found = facts.overlaps or ()
    flat = [one for one in found if one.only_flat]
    said = [
        f"“{one.a}” and “{one.b}” may be one topic: compare their rows, or ask for fewer clusters."
        for one in found
        if one.full >= ONE_TOPIC
    ]
    if flat:
        said = [
            *said[:MOST],
            f"Turn to 3D before you lasso {quoted([flat[0].a, flat[0].b])}: the 2D map lays them over each other.",
        ]
    return said[: MOST + 1]


def _shape(facts: Facts) -> list[str]:
    metrics, said = facts.now.metrics, []
    noise, clusters, even = metrics.get("noise") or 0.0, metrics.get("clusters") or 0, metrics.get("effective")
    if noise >= LARGE_NOISE:
        said.append(much_noise(share(noise)))
    if even and clusters and even < UNEVEN * clusters:
        largest = next((one for one in facts.clusters if one.cluster >= 0), None)
        if largest is not None:
            said.append(
                f"The sizes are uneven: “{largest.name}” alone has {share(largest.share)} of the rows. Thin or weigh it, or split it."
            )
    return said


def _course(facts: Facts) -> list[str]:
    # of other settings the index is another, whatever was removed
    if facts.before is None or (facts.changes is not None and (facts.changes.settings or not facts.changes.gone)):
        return []
    now, then = facts.now.metrics.get("silhouette"), facts.before.metrics.get("silhouette")
    if now is None or then is None or now - then > -FELL:
        return []
    moved = f"The silhouette moved by {signed(now - then, 3)} since round {facts.before.number}"
    return [f"{moved}: look at what was removed, and undo it if it was too much."]
