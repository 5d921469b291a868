"""A simulated person: ten looks in elute's order, over mixes in which the foreign rows are known.

The person is shown five rows of a cluster by lot, drops it where at least four are foreign, keeps it otherwise, and goes to the next that
elute ranks first of those not looked at; after each drop a round is run. Recall of foreign rows is compared with that of the perfect
order: of the clusters that would be dropped, the one with most foreign rows first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import evidence_mixes as mixes
import numpy as np
from evidence import SEEDS, kept, spread
from line import Line

from elute.rounds.evidence import Evidence

LOOKS, SHOWN, ENOUGH = 10, 5, 0.8
CLEAN = (
    "banking77",
    "clinc150",
    "sgd",
    "sms",
    "wiki",
    "banking77/20",
    "clinc150/20",
    "debian",
    "pod",
    "sgd/8",
    "clinc150/5 domains",
)


@dataclass(frozen=True, eq=False)
class Ground:
    """A mix with all that no order changes: texts, vectors, their graph, and the first round for each kind of labels."""

    mix: mixes.Mix
    corpus: Any
    prepared: Any
    embeddings: Any
    space: Any


def ground(mix: mixes.Mix, before: Ground | None = None) -> Ground:
    """All that a round needs. The graph of ``before``, the same rows with other labels, serves again."""

    session = mixes.session(mix)
    settings = session.choices.settings(session.state.settings)
    space = session._steps.space(settings)
    if before is not None and np.array_equal(before.space.X, space.X):
        space.graph, space.wording = before.space.graph, before.space.wording
    return Ground(mix, session.corpus, session._steps.prepared(settings.prepare), session.embeddings(), space)


class Unread(Evidence):
    """The evidence on rows is read by no look and would take most of a round."""

    def findings(self, *_: Any, made: Any = None, **__: Any) -> Any:
        """Those that the round has."""
        return made.findings, made.held


def round_of(at: Ground, keep: Any, previous: Any = None) -> Any:
    """The round of the rows that stay, on a map by PCA: no look asks for another."""
    from elute.cluster import Communities
    from elute.project import PCA
    from elute.rounds.cycle import run_round
    from elute.rounds.round import Settings

    return run_round(
        at.corpus,
        at.prepared,
        at.embeddings,
        keep,
        Settings(Communities(), PCA()),
        space=at.space,
        evidence=Unread(at.space, at.prepared, at.corpus),
        previous=previous,
    )


Order = Callable[[Any, Any, Any], list[int]]
"""(round, rows foreign (n,), which clusters would be dropped) -> clusters, the next first."""


def elutes(made: Any, foreign: Any, dropped: Any) -> list[int]:
    """As the table of clusters stands."""
    return [int(cluster) for cluster in made.clusters["cluster"] if cluster >= 0]


def perfect(made: Any, foreign: Any, dropped: Any) -> list[int]:
    """Most foreign rows first, of those that would be dropped."""
    clusters = [cluster for cluster in elutes(made, foreign, dropped) if dropped(cluster)]
    return sorted(clusters, key=lambda cluster: -int((foreign & (made.labels == cluster)).sum()))


def by_size(made: Any, foreign: Any, dropped: Any) -> list[int]:
    """Largest first."""
    return [int(cluster) for cluster in made.clusters.sort_values("size", ascending=False)["cluster"] if cluster >= 0]


def by_silhouette(made: Any, foreign: Any, dropped: Any) -> list[int]:
    """Worst silhouette first."""
    return [int(cluster) for cluster in made.clusters.sort_values("silhouette")["cluster"] if cluster >= 0]


def at_random(made: Any, foreign: Any, dropped: Any) -> list[int]:
    """By lot."""
    order: list[int] = np.random.default_rng(made.number).permutation(elutes(made, foreign, dropped)).tolist()
    return order


def looked(at: Ground, order: Order, first: Any, seed: int) -> dict[str, Any]:
    """Ten looks: the share of foreign rows gone, what went, and how sure elute was of each cluster when it came up."""
    foreign, keep, seen = at.mix.foreign, np.ones(len(at.mix.foreign), bool), np.zeros(len(at.mix.foreign), bool)
    made, sure = first, []
    # a row's own, so that a cluster that stays as it is shows the same five: else the perfect order waits for a lucky lot
    lots = np.random.default_rng(seed).random(len(foreign))

    def dropped(cluster: int) -> bool:
        rows = np.flatnonzero(made.labels == cluster)
        return bool(foreign[rows[np.argsort(lots[rows])[:SHOWN]]].mean() >= ENOUGH)

    for _ in range(LOOKS):
        new = [cluster for cluster in order(made, foreign, dropped) if seen[made.labels == cluster].mean() < 0.5]
        if not new:
            break
        cluster, rows = new[0], made.labels == new[0]
        sure.append((float(made.clusters.set_index("cluster")["confidence"][cluster]), float(foreign[rows].mean())))
        seen |= rows
        if dropped(cluster):
            keep = keep & ~rows
            made = round_of(at, keep, made)
    gone = ~keep
    return {
        "recall": float((gone & foreign).sum() / max(1, foreign.sum())),
        "precision": float(foreign[gone].mean()) if gone.any() else 1.0,
        "sure": sure,
    }


ORDERS: dict[str, Order] = {"elute": elutes, "by lot": at_random, "size": by_size, "silhouette": by_silhouette}


def run(spec: mixes.Spec, seed: int, which: tuple[str, ...] = mixes.LABELS) -> dict[str, Any]:
    """One mix: the perfect order and those that don't read labels once, elute's for each kind of labels."""
    found: dict[str, Any] = {}
    before: Ground | None = None
    for labels in which:
        before = at = ground(mixes.build(spec, seed, labels), before)
        first = round_of(at, np.ones(len(at.mix.foreign), bool))
        shares = [float(at.mix.foreign[first.labels == cluster].mean()) for cluster in first.clusters["cluster"]]
        found[labels] = {
            "elute": looked(at, elutes, first, seed),
            "clusters": list(zip(first.clusters["confidence"].tolist(), shares, strict=True)),
            "nothing": first.params["nothing"],
        }
        if labels == which[0]:
            found["perfect"] = looked(at, perfect, first, seed)
            found |= {name: looked(at, order, first, seed) for name, order in ORDERS.items() if name != "elute"}
    return found


def clean_run(base: str, seed: int) -> dict[str, Any]:
    """A set as it is: how sure elute is of each cluster that it is foreign."""
    at = ground(mixes.clean(base, seed))
    made = round_of(at, np.ones(len(at.mix.foreign), bool))
    return {"sure": made.clusters["confidence"].tolist(), "nothing": made.params["nothing"]}


def seen(specs: Iterable[mixes.Spec], seeds: Iterable[int]) -> dict[str, dict[int, Any]]:
    """All runs, by mix and seed."""
    seeds = tuple(seeds)
    return {
        spec.name: {seed: kept("looks", {"mix": spec.name, "seed": seed}, partial(run, spec, seed)) for seed in seeds}
        for spec in specs
    }


def held(runs: dict[str, dict[int, Any]], order: str = "elute", labels: str = mixes.LABELS[0]) -> dict[str, list[float]]:
    """Recall over the perfect order's, by mix; a run in which the perfect order drops nothing says nothing."""
    out: dict[str, list[float]] = {}
    for name, by_seed in runs.items():
        for one in by_seed.values():
            most = one["perfect"]["recall"]
            mine = one[labels]["elute"] if order == "elute" else one[order]
            if most > 0:
                out.setdefault(name, []).append(min(1.0, mine["recall"] / most))
    return out


def lines(quick: bool) -> Iterator[Line]:
    """The rows on ranking, on clean sets, and on what a confidence means."""
    seeds = SEEDS[:1] if quick else SEEDS
    judged = [*mixes.judged(), *mixes.sizes()]
    runs = seen(judged[:2] if quick else judged, seeds)
    for labels in mixes.LABELS:
        by_mix = held(runs, labels=labels)
        everything = [value for values in by_mix.values() for value in values]
        told = f"ten looks in elute's order over the perfect order; labels {labels}"
        yield _least(f"{told}: mean", np.mean(everything), 0.95, spread(everything))
        worst = min(by_mix, key=lambda name: np.mean(by_mix[name]))
        yield _least(f"{told}: worst mix", np.mean(by_mix[worst]), 0.85, worst)
        yield _least(f"{told}: worst run", min(everything), 0.65, "")
        yield _say(
            f"{told}: share of all foreign rows gone",
            [one[labels]["elute"]["recall"] for seed in runs.values() for one in seed.values()],
        )
    for order in ("by lot", "size", "silhouette"):
        yield _say(f"the same, {order}", [value for values in held(runs, order).values() for value in values])
    near = held(seen(mixes.neighbouring()[: 1 if quick else None], seeds))
    yield _least(
        "neighbouring domains, labels random: mean", np.mean([v for values in near.values() for v in values]), 0.8, str(near)
    )
    aside = seen(mixes.aside()[: 2 if quick else None], seeds[:1])
    yield _say("other mixes, seen when the ranking was made", [v for values in held(aside).values() for v in values])
    apart = seen(mixes.elsewhere()[: 2 if quick else None], seeds[:1])
    for labels in mixes.LABELS:
        by_mix = held(apart, labels=labels)
        worst = min(by_mix, key=lambda name: np.mean(by_mix[name]))
        everything = [value for values in by_mix.values() for value in values]
        yield _least(f"mixes kept aside, of other makes; labels {labels}: mean", np.mean(everything), 0.95, f"worst {worst}")
        yield _least(f"mixes kept aside, of other makes; labels {labels}: worst", min(everything), 0.65, "")
    yield from _sure(apart, quick)


def _sure(aside: Any, quick: bool) -> Iterator[Line]:
    looks = [
        pair for name in aside for one in aside[name].values() for kind in mixes.LABELS for pair in one[kind]["elute"]["sure"]
    ]
    foreign = np.array([sure for sure, share in looks if share >= ENOUGH])
    clean = [kept("looks", {"clean": base, "seed": 0}, partial(clean_run, base, 0)) for base in CLEAN[: 2 if quick else None]]
    called = np.concatenate([one["sure"] for one in clean])
    if len(foreign):
        least = float(np.quantile(foreign, 0.2))
        share = float((called >= least).mean())
        yield Line(
            f"clean sets: clusters called foreign at the confidence ({least:.2f}) that finds 80 % of foreign ones kept aside",
            f"{(called >= least).sum()} of {len(called)}", "", f"{share:.3f}", "<= 0.02", share <= 0.02,
        )  # fmt: skip
    quiet = sum(bool(one["nothing"]) for one in clean)
    yield Line("clean sets of which elute says that nothing stands out", f"{quiet} of {len(clean)}", "", "", "", True)
    told = [pair for name in aside for one in aside[name].values() for kind in mixes.LABELS for pair in one[kind]["clusters"]]
    told += [(sure, 0.0) for sure in called]
    sure, true = np.array([p for p, _ in told]), np.array([share >= 0.5 for _, share in told])
    gaps = []
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        among = (sure >= low) & (sure < low + 0.2 + (low == 0.8))
        if among.sum() >= 10:
            gaps.append(abs(float(sure[among].mean() - true[among].mean())))
            yield Line(
                f"confidence {low:.1f} to {low + 0.2:.1f}, {among.sum()} clusters",
                f"{true[among].mean():.2f} foreign",
                f"{sure[among].mean():.2f} said",
                "",
                "",
                True,
            )
    yield Line("confidence against truth, largest gap", "", "", f"{max(gaps):.3f}", "<= 0.15", max(gaps) <= 0.15)


def _least(measure: str, value: Any, bound: float, beside: str) -> Line:
    return Line(measure, beside, "", f"{float(value):.3f}", f">= {bound:g}", bool(value >= bound))


def _say(measure: str, values: Iterable[float]) -> Line:
    return Line(measure, spread(values), "", "", "", True)
