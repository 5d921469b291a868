"""What a round has otherwise than the round before: rows, clusters, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.rounds.round import OUTSIDE, Round

MOST = 8
"""Clusters told of by name, of those that are new, gone or of another size."""
GREW = 0.2
"""Share of its rows that a cluster gains or loses before it is told of."""


@dataclass(frozen=True)
class Changes:
    """From round ``since`` to this one.

    Attributes
    ----------
    since : int
    gone, back : int
        Rows that left and that came back.
    moved, both : int
        Of the rows in both rounds (``both``), those in a cluster of another number.
    clusters : tuple of str
        What became of clusters, a sentence each; empty too where the round before is not kept any more.
    settings : tuple of str
        Settings that differ, a phrase each.
    told : bool
        Whether the round before is still there to say what became of clusters.
    """

    since: int
    gone: int
    back: int
    moved: int
    both: int
    clusters: tuple[str, ...]
    settings: tuple[str, ...]
    told: bool = True


def changes(before: Round, made: Round, then: Mapping[int, str], names: Mapping[int, str]) -> Changes:
    """Compare two rounds over the same rows; ``then`` and ``names`` are the clusters' names in each."""
    was, now = before.labels, made.labels
    both = (was > OUTSIDE) & (now > OUTSIDE)
    return Changes(
        since=before.number,
        gone=int((before.keep & ~made.keep).sum()),
        back=int((made.keep & ~before.keep).sum()),
        moved=int((both & (was != now)).sum()),
        both=int(both.sum()),
        clusters=(*_gone(was, now, then, names), *_fresh(was, now, then, names), *_sizes(was, now, names)),
        settings=_settings(before, made),
    )


def _gone(was: NDArray[np.int32], now: NDArray[np.int32], then: Mapping[int, str], names: Mapping[int, str]) -> list[str]:
    said = []
    for cluster, size in _only(was, now):
        went = now[was == cluster]
        out, into = int((went == OUTSIDE).sum()), _largest(went)
        name = _name(cluster, then)
        if out == size:
            said.append(f"“{name}” is gone with all its {size:,} rows.")
        elif out * 2 >= size or into is None:
            said.append(f"“{name}” is gone: {out:,} of its {size:,} rows were removed.")
        else:
            said.append(f"“{name}” ({size:,} rows) went mostly into “{_name(into[0], names)}” ({into[1]:,} rows).")
    return said


def _fresh(was: NDArray[np.int32], now: NDArray[np.int32], then: Mapping[int, str], names: Mapping[int, str]) -> list[str]:
    said = []
    for cluster, size in _only(now, was):
        came = _largest(was[now == cluster])
        whence = "" if came is None else f", mostly from “{_name(came[0], then)}” ({came[1]:,} rows)"
        said.append(f"“{_name(cluster, names)}” is new ({size:,} rows){whence}.")
    return said


def _sizes(was: NDArray[np.int32], now: NDArray[np.int32], names: Mapping[int, str]) -> list[str]:
    then, here = _counts(was), _counts(now)
    moved = [
        (size - then[cluster], cluster, size) for cluster, size in here.items()
        if cluster >= 0 and cluster in then and abs(size - then[cluster]) >= max(5, GREW * then[cluster])
    ]  # fmt: skip
    moved.sort(key=lambda one: (-abs(one[0]), one[1]))
    return [
        f"“{_name(cluster, names)}” {'grew' if change > 0 else 'shrank'} from {then[cluster]:,} to {size:,} rows."
        for change, cluster, size in moved[:MOST]
    ]


def _settings(before: Round, made: Round) -> tuple[str, ...]:
    was, now = before.settings.describe(), made.settings.describe()
    said = []
    for key in sorted({*was, *now}):
        old, new = was.get(key), now.get(key)
        if old == new:
            continue
        title = key.replace("_", " ")
        if isinstance(old, dict) and isinstance(new, dict):
            if old.get("name") != new.get("name"):
                said.append(f"{title}: {new.get('name')} instead of {old.get('name')}")
            else:
                differ = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
                said.append(f"{title} {new.get('name', '')}: other {', '.join(differ)}".replace("  ", " "))
        else:
            said.append("edited texts" if key == "edits" else f"another {title}")
    return tuple(said)


def _only(here: NDArray[np.int32], there: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Clusters that one has and the other has not, with their sizes: the largest, first."""
    known, found = _counts(there), _counts(here)
    only = [(cluster, size) for cluster, size in found.items() if cluster >= 0 and cluster not in known]
    return sorted(only, key=lambda one: (-one[1], one[0]))[:MOST]


def _largest(labels: NDArray[np.int32]) -> tuple[int, int] | None:
    counts = _counts(labels)
    counts.pop(OUTSIDE, None)
    return max(counts.items(), key=lambda one: (one[1], -one[0])) if counts else None


def _counts(labels: NDArray[np.int32]) -> dict[int, int]:
    found, counts = np.unique(labels, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _name(cluster: int, names: Mapping[int, str]) -> str:
    return names.get(cluster, "noise" if cluster < 0 else f"cluster {cluster}")
