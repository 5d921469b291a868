"""Ten looks at clusters as their two halves, beside ten looks at whole ones, with as many texts and with more.

The person of ``evidence_looks.py``: shown a few texts by lot, drops what they are of where at least 80 % of them are foreign, keeps it
otherwise. Of a cluster in two halves they are shown five of each, as on the page, and decide on each half. Besides: how well the halves
of mixed clusters (20 to 80 % foreign) tell foreign rows from the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import evidence_mixes as mixes
import numpy as np
from evidence import SEEDS, kept, spread
from evidence_looks import ENOUGH, LOOKS, elutes, ground, round_of
from line import Line

ROWS = 4000
WAYS: dict[str, tuple[int, bool]] = {"halves": (5, True), "whole": (5, False), "whole, ten texts": (10, False)}
"""Texts that are shown, of a half or of the whole; whether it is shown as halves."""
GROUPS = {
    "judged": "judged mixes",
    "aside": "mixes of another make",
    "elsewhere": "mixes kept aside, of other makes",
    "near": "neighbouring domains",
}


def lines(quick: bool) -> Iterable[Line]:
    """Recall and precision of ten looks each way, by group of mixes (three seeds of the judged); what halves of mixed ones are."""
    seeds = SEEDS[:1] if quick else SEEDS
    specs = [*mixes.judged(), *mixes.aside(), *mixes.elsewhere(), *mixes.neighbouring()]
    runs = {
        spec: [run(spec, seed) for seed in (seeds if spec.group == "judged" else seeds[:1])]
        for spec in (specs[:2] if quick else specs)
    }
    for group, told in GROUPS.items():
        found = [one for spec, all_ in runs.items() if spec.group == group for one in all_]
        for way in WAYS if found else ():
            recall, precision = [one[way]["recall"] for one in found], [one[way]["precision"] for one in found]
            yield Line(
                f"{told}, ten looks, {way}: recall / precision", f"{spread(recall)} / {spread(precision)}", "", "", "", True
            )
    apart = [pair for all_ in runs.values() for one in all_ for pair in one["apart"]]
    if apart:
        clear = float(np.mean([more >= 0.8 and less <= 0.2 for more, less in apart]))
        shown = f"{spread([more for more, _ in apart])} and {spread([less for _, less in apart])}"
        yield Line(
            f"shares of foreign rows in the halves of {len(apart)} mixed clusters", shown, "", f"{clear:.2f} apart", "", True
        )


def run(spec: mixes.Spec, seed: int) -> dict[str, Any]:
    """One mix, each way."""
    return dict(kept("halves", {"mix": spec.name, "seed": seed}, partial(_run, spec, seed)))


def _run(spec: mixes.Spec, seed: int) -> dict[str, Any]:
    at = ground(mixes.build(replace(spec, rows=ROWS), seed))
    first = round_of(at, np.ones(len(at.mix.foreign), bool))
    found: dict[str, Any] = {way: looked(at, first, seed, *how) for way, how in WAYS.items()}
    shares, whole = [], np.ones(len(at.mix.foreign), bool)
    for cluster in first.clusters["cluster"]:
        share = at.mix.foreign[first.labels == cluster].mean()
        if cluster >= 0 and 0.2 <= share <= 0.8 and (halves := _halves(at, first, whole, cluster)) is not None:
            shares.append(sorted((float(at.mix.foreign[half].mean()) for half in halves), reverse=True))
    return {**found, "apart": shares}


def looked(at: Any, first: Any, seed: int, shown: int, halved: bool) -> dict[str, Any]:
    """Ten looks in elute's order: the share of foreign rows gone, and of what went that was foreign."""
    foreign, keep, seen = at.mix.foreign, np.ones(len(at.mix.foreign), bool), np.zeros(len(at.mix.foreign), bool)
    made, lots = first, np.random.default_rng(seed).random(len(foreign))
    for _ in range(LOOKS):
        new = [cluster for cluster in elutes(made, foreign, None) if seen[made.labels == cluster].mean() < 0.5]
        if not new:
            break
        rows = made.labels == new[0]
        seen |= rows
        parts = (_halves(at, made, keep, new[0]) if halved else None) or (rows,)
        gone = np.zeros(len(foreign), bool)
        for part in parts:
            there = np.flatnonzero(part)
            gone |= part & (foreign[there[np.argsort(lots[there])[:shown]]].mean() >= ENOUGH)
        if gone.any():
            keep = keep & ~gone
            made = round_of(at, keep, made)
    gone = ~keep
    return {
        "recall": float((gone & foreign).sum() / max(1, foreign.sum())),
        "precision": float(foreign[gone].mean()) if gone.any() else 1.0,
    }


def _halves(at: Any, made: Any, keep: Any, cluster: int) -> Any:
    from elute.suggest import Ground, halves_of

    return halves_of(Ground(made, at.corpus, at.prepared.texts, SimpleNamespace(keep=keep), at.space), cluster)
