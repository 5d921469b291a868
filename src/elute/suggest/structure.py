"""Look: two clusters that may be one, one that may be two, and how many there might be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from elute.cluster import Communities, KMeans
from elute.options import to_dict
from elute.suggest.clusters import typical
from elute.suggest.ground import Ground
from elute.suggest.suggestion import Suggestion, identity
from elute.suggest.trials import tried

MOST = 3
OFFLINE = "offline"
"""Source of what the analyst without a model says."""
COLOURS = "It changes the colours, and no row."


def merge(ground: Ground) -> list[Suggestion]:
    """Pairs of clusters that the analyst finds to say the same."""
    pairs = getattr(ground.overview, "merge", ())[:MOST]
    made = []
    for a, b in pairs:
        rows = ground.rows_in((a, b))
        if (ground.made.labels[rows] == a).any() and (ground.made.labels[rows] == b).any():
            why = f"{_sees(ground, 'their middles are nearly the same, so one topic may have been cut in two')} {COLOURS}"
            one = _tried(ground, "merge", (a, b), f"{ground.name(a)} and {ground.name(b)}: one topic?", why)
            made.append(replace(one, id=_pair(ground, a, b)))
    return made


def _pair(ground: Ground, a: int, b: int) -> str:
    """A name made of both clusters: one made of their rows together is that of two pairs, wherever three clusters pair up."""
    both = sorted(identity("merge", ground.ids(ground.rows_of(cluster))) for cluster in (a, b))
    return identity("merge", np.empty(0, np.uint64), "+".join(both))


def split(ground: Ground) -> list[Suggestion]:
    """Clusters that the analyst finds to hold more than one thing."""
    why = f"{_sees(ground, 'it is twice the mean size or more, and its rows do not hold together')} {COLOURS}"
    return [
        _tried(ground, "split", (cluster,), f"{ground.name(cluster)}: more than one topic?", why)
        for cluster in getattr(ground.overview, "split", ())[:MOST]
        if ground.rows_of(cluster).any()
    ]


def clusters(ground: Ground) -> list[Suggestion]:
    """Another number of clusters, where the analyst names one and the clusterer takes a number."""
    suggested, now = getattr(ground.overview, "suggested", None), ground.made.scores.n_clusters
    if suggested is None or suggested == now or suggested < 2:
        return []
    settings, about = _with_k(ground, suggested), suggested
    if settings is None:
        if (at := _with_level(ground, suggested)) is None:
            return []
        settings, about = at
    reason = str(ground.overview.reason)
    found = _structure(
        ground, "clusters", (), f"About {about} clusters instead of {now}?",
        f"{reason[:1].upper()}{reason[1:]}. Such advice moves from seed to seed: read it, do not trust it.",
        settings,
    )  # fmt: skip
    return [replace(found, id=identity("clusters", np.empty(0, np.uint64), str(about)))]


def _tried(ground: Ground, kind: str, about: tuple[int, ...], title: str, why: str) -> Suggestion:
    """With the settings that were tried and do it; a look alone where none does."""
    trial = tried(ground, about)
    settings = None if trial is None or trial.clusterer is None else {"clusterer": to_dict(trial.clusterer)}
    made = _structure(ground, kind, about, title, why, settings)
    return made if trial is None else replace(made, effect=f"{made.effect} {trial.said}")


def _structure(
    ground: Ground, kind: str, about: tuple[int, ...], title: str, why: str, settings: Mapping[str, Any] | None
) -> Suggestion:
    rows = ground.rows_in(about)
    examples = tuple(one for cluster in about for one in typical(ground, ground.rows_of(cluster), 3 if len(about) == 1 else 2))
    told = {} if settings is None else settings["clusterer"]
    k = f" The next round would be made with k = {told['k']}." if "k" in told else ""
    k = f" The next round would be made at the {told['level']} level." if "level" in told else k
    k = f" The next round would be made at resolution {told['resolution']:.2f}." if told.get("resolution") else k
    return Suggestion(
        identity(kind, ground.ids(rows)), "look", kind, "look", title, why, rows, int(rows.sum()),
        other=None if settings is None else "settings" if kind == "clusters" else kind,
        cluster=about[0] if len(about) == 1 else None, clusters=about, effect=f"No row goes.{k}", examples=examples, settings=settings,
        data={"step": {"merge": -1, "split": 1}.get(kind, 0)}, analyst=str(getattr(ground.overview, "source", OFFLINE)),
    )  # fmt: skip


def speaker(source: str) -> str:
    """Who says so, at the beginning of a sentence."""
    return "The offline analyst" if source == OFFLINE else f"The analyst ({source[:40]})"


def _sees(ground: Ground, rule: str) -> str:
    """What the rule of the offline analyst saw; of a model it is only known that it says so."""
    source = str(getattr(ground.overview, "source", OFFLINE))
    return f"{rule[:1].upper()}{rule[1:]}." if source == OFFLINE else f"{speaker(source)} says so."


def _with_k(ground: Ground, k: int) -> dict[str, Any] | None:
    """Settings with another k; None where the clusterer takes none."""
    chosen = ground.made.settings.clusterer
    return {"clusterer": to_dict(replace(chosen, k=k))} if isinstance(chosen, KMeans) else None


def _with_level(ground: Ground, about: int) -> tuple[dict[str, Any], int] | None:
    """Settings of the level of communities with about so many clusters, and how many it has; None where that is the level now."""
    chosen, counts = ground.made.settings.clusterer, ground.made.params.get("clusters")
    if not isinstance(chosen, Communities) or not isinstance(counts, Mapping):
        return None
    level, count = min(counts.items(), key=lambda pair: abs(np.log(max(pair[1], 1) / about)))
    if level == ground.made.params.get("level"):
        return None
    return {"clusterer": to_dict(replace(chosen, level=level, resolution=None))}, int(count)
