"""What the analyst advises on clusters, as looks: whole clusters that may not belong, and rows of others that may go.

Advice on a cluster that elute's own evidence named already is told on that suggestion, not twice. A verdict is no measurement: the
confidence that stands beside it is how often a cluster ranked like this was foreign in trials, whatever the analyst says of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from elute.suggest.clusters import MEANING, typical, untried
from elute.suggest.ground import Ground
from elute.suggest.looks import KINDS, LOOKED
from elute.suggest.objections import Taking, objection
from elute.suggest.plan import DROPS
from elute.suggest.structure import speaker
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many

MOST_DROPS, MOST_TRIMS = 20, 10
"""Clusters that are told of; where an analyst finds fault with more, its task is another one."""
MOST = 0.25
"""Share of the rows kept now that may go by advice that is accepted at once, unseen: as many as an autopilot may take."""
SPOKEN = 200
"""Characters of a reason."""
STRUCTURE = ("merge", "split", "clusters")


def advised(ground: Ground, found: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions that there are, with what the analyst says of them, and its advice on other clusters behind the looks."""
    drops = {said.cluster: said for said in ground.analyses.values() if said.verdict == "drop" and said.status == "ok"}
    told = [_with(one, drops.pop(one.clusters[0])) if _about_one(one, drops) else one for one in found]
    spoken = {cluster for one in told if one.analyst for cluster in one.clusters}
    undecided = [said for said in drops.values() if said.cluster not in spoken and _open(ground, said.cluster)]
    first = sorted(undecided, key=lambda said: (-said.confidence, said.cluster))[:MOST_DROPS]
    trims = [said for said in ground.analyses.values() if said.verdict == "trim" and said.status == "ok" and said.trim]
    copies = np.logical_or.reduce([np.zeros(len(ground.corpus), bool), *(one.rows for one in found if "stays" in one.data)])
    looked_at = {cluster for one in found if one.kind in KINDS and "drop" in one.actions for cluster in one.clusters}
    sorted_trims = sorted(trims, key=lambda said: (said.quality, said.cluster))
    made = [one for said in sorted_trims if (one := _trim(ground, said, copies, said.cluster in looked_at))]
    at = 1 + max((place for place, one in enumerate(told) if one.tier == "safe" or one.kind == "foreign"), default=-1)
    return [*told[:at], *(_drop(ground, said) for said in first), *made[:MOST_TRIMS], *told[at:]]


def doing(one: Suggestion) -> str | None:
    """What accepting the advice of a suggestion means; None where it is for eyes only, or nobody's advice."""
    action = one.other if one.action == "look" else one.action
    return action if one.analyst else None


def as_advised(chosen: Iterable[Suggestion]) -> list[Suggestion]:
    """Suggestions as they are accepted together: each does what is advised, and one of them steers the next round.

    A number of clusters outweighs merges and splits. Of splits the one of the finest settings steers, which part the others too for the
    most part, and of merges that of the coarsest; of both the more numerous count, and as many of each steer nothing.
    """
    made = [replace(one, action=action, other=None) for one in chosen if (action := doing(one)) is not None]
    steering = [one for one in made if one.kind in STRUCTURE and one.settings is not None]
    numbers = [one for one in steering if one.kind == "clusters"]
    step = sum(int(one.data.get("step", 0)) for one in steering)
    agreeing = sorted((one for one in steering if one.data.get("step", 0) * step > 0), key=_finer, reverse=step > 0)
    leads = (numbers or agreeing)[:1]
    return [replace(one, settings=None, action="look") if one in steering and one not in leads else one for one in made]


def _finer(one: Suggestion) -> float:
    """How many clusters the settings make, as a number to compare."""
    told = (one.settings or {}).get("clusterer", {})
    return float(told.get("k") or told.get("resolution") or 0.0)


def unopposed(desk: Taking, several: Sequence[Suggestion]) -> tuple[list[Suggestion], str]:
    """Of advice that is accepted at once, unseen, what nothing speaks against, the surest drops first; and in words what is left."""
    free = int(MOST * (desk.state.keep & ~desk.corpus.reference).sum())
    drops = [one for one in several if doing(one) in DROPS]
    chosen, left = list[Suggestion](), list[str]()
    for one in sorted(drops, key=lambda one: -(one.confidence or 0)):
        if why := objection(desk, [*chosen, one], free):
            left.append(f"{one.title}: {why}.")
        else:
            chosen.append(one)
    takes = "it" if len(left) == 1 else "them"
    note = f"Left to a person: {' '.join(left)} A list, accept_advice([...]), takes {takes}." if left else ""
    return [one for one in several if one not in drops or one in chosen], note


def _about_one(one: Suggestion, drops: Mapping[int, Any]) -> bool:
    return one.kind in ("foreign", "noise") and len(one.clusters) == 1 and one.clusters[0] in drops


def _with(one: Suggestion, said: Any) -> Suggestion:
    return replace(one, analyst=said.source, why=f"{one.why} {speaker(said.source)} would drop it too{_reasons(said)}.")


def _open(ground: Ground, cluster: int) -> bool:
    """Whether a cluster has rows that may go, and was not looked at and kept."""
    rows = ground.rows_of(cluster)
    return bool((rows & ground.free).any()) and float(np.asarray(ground.state.looked)[rows].mean()) < LOOKED


def _drop(ground: Ground, said: Any) -> Suggestion:
    rows = ground.rows_of(said.cluster)
    count, sure = int(rows.sum()), _measured(ground, said.cluster)
    return Suggestion(
        identity("advised", ground.ids(rows)), "look", "advised", "look", f"Does {ground.name(said.cluster)} belong? {many(count)}",
        f"{speaker(said.source)} would drop it{_reasons(said)}. {_evidence(sure)}",
        rows, count, other="drop", cluster=said.cluster, clusters=(said.cluster,), confidence=sure,
        meaning="" if sure is None else MEANING, effect=goes(ground, rows, "could go"), examples=typical(ground, rows),
        data={"untried": said.cluster in untried(ground)}, analyst=said.source,
    )  # fmt: skip


def _trim(ground: Ground, said: Any, copies: np.ndarray[Any, np.dtype[np.bool_]], looked_at: bool) -> Suggestion | None:
    """Rows that the analyst names: of its cluster only, and neither copies, which go by themselves, nor rows that a person kept.

    None too where they are the whole cluster, and there is a look at it already.
    """
    at = [row for row in said.trim if 0 <= row < len(ground.corpus)]
    rows = np.zeros(len(ground.corpus), bool)
    rows[at] = True
    rows &= ground.rows_of(said.cluster) & ground.free & ~copies & ~np.asarray(ground.state.looked)
    whole = not (ground.rows_of(said.cluster) & ~rows).any()
    if not rows.any() or (whole and looked_at):
        return None
    count = int(rows.sum())
    named = f"All {many(count)}" if whole and count > 1 else many(count)
    rest = "No row of the cluster would stay." if whole else "The rest of the cluster stays."
    return Suggestion(
        identity("trim", ground.ids(rows)), "look", "trim", "look", f"{named} of {ground.name(said.cluster)} to read",
        f"{speaker(said.source)} would trim {'it' if count == 1 else 'them'}{_reasons(said)}. {rest}",
        rows, count, other="drop", cluster=said.cluster, clusters=(said.cluster,), effect=goes(ground, rows, "could go"),
        examples=tuple(Example(row) for row in at if rows[row])[:3], analyst=said.source,
    )  # fmt: skip


def _reasons(said: Any) -> str:
    reasons = "; ".join(str(reason).strip().rstrip(".")[:SPOKEN] for reason in said.reasons[:3] if str(reason).strip())
    return f": {reasons}" if reasons else ""


def _measured(ground: Ground, cluster: int) -> float | None:
    """What elute's own evidence says of a cluster, where that is known."""
    table = ground.made.clusters
    if "confidence" not in table:
        return None
    sure = table.loc[table["cluster"] == cluster, "confidence"].to_numpy(float)
    return None if not len(sure) or np.isnan(sure[0]) else float(sure[0])


def _evidence(sure: float | None) -> str:
    if sure is None:
        return "How often such a cluster is foreign was not measured."
    return "Elute's own signs do not name it." if sure < 0.5 else "Elute's own signs name it too."
