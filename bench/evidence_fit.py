"""Fits what each figure of a cluster counts for: those in elute/foreignness/weigh.py and sure.py stand near what this prints.

    ELUTE_DATA=folder python bench/evidence_fit.py

States of a look are gathered from mixes: the first, and one in which some foreign clusters were dropped, with labels of each kind and
without. A cluster counts as foreign from a share of .8 and as the base's own below .2. The weights are those of a logistic regression
that may not be negative, each mix counting alike; with one base left out at a time, recall in ten looks says what they are worth.
The weights in use were rounded, that of style raised by hand, since few mixes need it and those badly. That of labels and all of sure.py
are of a second regression, on whether more than half of a cluster is foreign, with clean sets beside the mixes and each cluster counting
alike; rounded, and what labels add at all set by the bins of what was said and what was true.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

FOREIGN, OWN = 0.8, 0.2
WIDTH = 15


@dataclass(frozen=True, eq=False)
class State:
    """What is known of the clusters of one moment of a look; ``share`` of foreign rows and ``size`` of each (k,)."""

    name: str
    base: str
    carried: str
    dropped: int
    raw: dict[str, Any]
    share: Any
    size: Any


@dataclass(frozen=True, eq=False)
class Ground:
    """Distinct vectors of a mix with copies, foreign shares and labels (p,), their graph and clusters."""

    name: str
    base: str
    texts: list[str]
    X: Any
    weights: Any
    foreign: Any
    neighbors: Any
    graph: Any
    clusters: Any
    labels: dict[str, Any]


def states(ground: Ground, speak: Any, *, more: int = 1) -> Iterator[State]:
    """The first state, and ``more`` in which part of the foreign clusters are gone, for each kind of labels."""
    from elute.foreignness import Dropped, Wording, foreignness, label_names
    from elute.metrics import Target

    k = int(ground.clusters.max()) + 1
    size = np.bincount(ground.clusters, ground.weights, k)
    share = np.bincount(ground.clusters, ground.weights * ground.foreign, k) / size
    good = np.flatnonzero(share >= FOREIGN)
    random = np.random.default_rng(zlib.crc32(ground.name.encode()))
    gone = [np.zeros(0, int)]
    if len(good) > 1:
        gone += [random.permutation(good)[: random.integers(1, len(good))] for _ in range(more)]
    wording = Wording()
    for carried, labels in {"none": None, **ground.labels}.items():
        target = None if labels is None else Target.of_rows(labels, np.arange(len(labels)))
        names = None if target is None else label_names(target.values, speak)
        for which in gone:
            stays = ~np.isin(ground.clusters, which)
            dropped = None
            if len(which):
                some = np.flatnonzero(~stays)
                some = some[np.unique(np.linspace(0, len(some) - 1, 120).astype(int))]
                dropped = Dropped(
                    (~stays)[ground.graph.indices[:, :WIDTH]].mean(axis=1).astype(np.float32),
                    (~stays).astype(float) @ ground.X,
                    [ground.texts[at] for at in some],
                )
            rest = Target(target.codes, target.values, np.where(stays, target.of, -1)) if target is not None else None
            found = foreignness(
                ground.X, np.where(stays, ground.clusters, -2), ground.texts, weights=ground.weights * stays, dropped=dropped,
                neighbors=ground.neighbors(stays), target=rest, label_names=names, wording=wording,
            )  # fmt: skip
            at = found.clusters
            yield State(ground.name, ground.base, carried, len(which), found.raw, share[at], size[at])


def ground(spec: Any, seed: int) -> tuple[Ground, Any]:
    """A mix as it is clustered by default, and what embeds names of its labels."""
    import evidence_mixes as mixes
    from evidence_sources import vectors

    from elute.cluster.modularity import communities
    from elute.neighbors import NeighborGraph
    from elute.vectors import distinct

    made = {kind: mixes.build(spec, seed, kind) for kind in mixes.LABELS}
    mix = made["random"]
    first, back = distinct(mix.X)
    X, weights = mix.X[first], np.bincount(back).astype(float)
    graph = NeighborGraph(X, 45)
    whole = graph.among(np.ones(len(X), bool), WIDTH)
    labelled = any(label is not None for label in mix.labels)
    labels = {kind: one.labels[first] for kind, one in made.items()} if labelled else {}
    texts = [mix.texts[row] for row in first]
    foreign = np.bincount(back, mix.foreign) / weights
    name = f"{spec.name} {seed}"

    def speak(words: Any) -> Any:
        known = [word for word in words if word is not None]
        found = np.full((len(words), X.shape[1]), np.nan, np.float32)
        found[[at for at, word in enumerate(words) if word is not None]] = vectors(tuple(known))
        return found

    clusters = communities(whole, weights, 3.0)
    base = spec.base.split("/")[0]
    return Ground(name, base, texts, X, weights, foreign, lambda stays: graph.among(stays, WIDTH), whole, clusters, labels), speak


def fitted(seen: list[State], names: list[str]) -> Any:
    """Intercept and weights (1 + f,)."""
    from scipy.optimize import minimize

    X = np.vstack([_scored(state, names) for state in seen])
    share = np.concatenate([state.share for state in seen])
    each = np.concatenate([np.full(len(state.share), 1 / len(state.share)) for state in seen])
    foreign, told = share >= FOREIGN, (share >= FOREIGN) | (share < OWN)
    weight = each * told
    weight = np.where(foreign, 0.3 * weight / weight[foreign].sum(), 0.7 * weight / weight[~foreign].sum())

    def loss(beta: Any) -> tuple[float, Any]:
        odds = beta[0] + X @ beta[1:]
        off = weight * (1 / (1 + np.exp(-odds)) - foreign)
        value = (weight * (np.logaddexp(0, odds) - foreign * odds)).sum() + 0.01 * (beta[1:] ** 2).sum()
        return float(value), np.r_[off.sum(), X.T @ off + 0.02 * beta[1:]]

    bounds = [(None, None), *[(0, None)] * len(names)]
    return minimize(loss, np.zeros(1 + len(names)), jac=True, method="L-BFGS-B", bounds=bounds).x


def sure(seen: list[State]) -> dict[str, float]:
    """What the figures of sure.py count for, and labels that went astray: log odds that more than half of a cluster is foreign."""
    from sklearn.linear_model import LogisticRegression

    rows = [_beside(state) for state in seen]
    names = list(rows[0])
    X = np.vstack([np.array([row[name] for name in names]).T for row in rows])
    model = LogisticRegression(max_iter=1000).fit(X, np.concatenate([state.share >= 0.5 for state in seen]))
    return {"start": float(model.intercept_[0]), **dict(zip(names, model.coef_[0].tolist(), strict=True))}


def _beside(state: State) -> dict[str, Any]:
    """The score without labels, labels astray, and what counts as it is, for sets with labels and without."""
    from elute.foreignness.weigh import WEIGHTS, weighed

    scored, none = weighed(state.raw, np.ones(len(state.share), bool)), np.zeros(len(state.share))
    total = sum((WEIGHTS[name][1] * values for name, values in scored.items() if name != "astray"), none)
    labelled = "odd" in state.raw
    above = {
        name: np.clip(state.raw[name] - np.median(state.raw[name]), 0, most) if name in state.raw else none
        for name, most in {"traits": 3.0, "joined": 1.0, "named": 1.0}.items()
    }
    return {
        "total": none if labelled else total,
        "total, labelled": total if labelled else none,
        "astray": scored.get("astray", none),
        "labelled": none + labelled,
        "again": none + (state.dropped > 0),
        **{name: values if labelled == (name == "named") else none for name, values in above.items()},
    }


def _scored(state: State, names: list[str]) -> Any:
    from elute.foreignness.weigh import weighed

    scored = weighed(state.raw, np.ones(len(state.share), bool))
    return np.array([scored.get(name, np.zeros(len(state.share))) for name in names]).T


def main() -> None:
    """Print the weights, and what they are worth on a base that was left out."""
    import evidence_mixes as mixes

    from elute.foreignness.weigh import WEIGHTS

    seen = [state for spec in (*mixes.judged(), *mixes.sizes(), *mixes.aside()) for state in states(*ground(spec, 0))]
    names = [name for name in WEIGHTS if name not in ("task", "astray")]
    print({name: round(float(weight), 2) for name, weight in zip(names, fitted(seen, names)[1:], strict=True)})
    clean = [replace(spec, share=0.0) for spec in mixes.judged() if spec.foreign == "sms"]
    print(sure([*seen, *(state for spec in clean for state in states(*ground(spec, 0)))]))
    for base in sorted({state.base for state in seen}):
        weights = fitted([state for state in seen if state.base != base], names)[1:]
        found = []
        for state in (one for one in seen if one.base == base and (one.share >= FOREIGN).any()):
            much = state.share * state.size * (state.share >= FOREIGN)
            order = np.argsort(-(_scored(state, names) @ weights), kind="stable")[:10]
            found.append(much[order].sum() / np.sort(much)[::-1][:10].sum())
        print(base, f"{np.mean(found):.3f}", f"{np.min(found):.2f}")


if __name__ == "__main__":
    main()
