"""What a filter learned from a few decisions finds: foreign rows after ten looks, and spam from ten examples.

The person is that of ``evidence_person.py``: ten looks, then ``learn``; what it names is in clusters that nobody saw and in those that
were kept. The precision that is stated counts rows that nobody decided as wrong: it should lie below the true one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from evidence import SEEDS, kept, spread
from evidence_mixes import Spec, build, judged, neighbouring, session
from evidence_person import Person
from evidence_sources import source
from line import Line

RECALL, PRECISION, RANKED = 0.90, 0.97, 0.98
EXAMPLES = (5, 10, 20, 40)
DRAWS = 10


def lines(quick: bool) -> Iterable[Line]:
    """Mixes one by one, their mean, and SMS."""
    seeds = SEEDS[:1] if quick else SEEDS
    specs = judged()[:2] if quick else judged()
    everything = []
    for spec in specs:
        runs = [taught(spec, seed) for seed in seeds]
        everything += runs
        yield _mix(spec, runs)
    recall, precision = [one["recall"] for one in everything], [one["precision"] for one in everything]
    met = bool(np.mean(recall) >= RECALL and np.mean(precision) >= PRECISION)
    yield Line(
        "all mixes: foreign rows gone, recall / precision", f"{spread(recall)} / {spread(precision)}", "", "", ">= .90 / .97", met
    )
    off = [one["stated"] - one["true"] for one in everything if one["stated"] is not None and one["true"] is not None]
    yield Line("precision that is stated at least, less the true one of what was named besides", spread(off), "", "", "", True)
    for spec in () if quick else neighbouring():
        yield _mix(spec, [taught(spec, seed) for seed in seeds])
    for count in EXAMPLES:
        found = kept("learn", {"sms": count}, partial(spam, count))
        at_once, alone = [one["ranked"] for one in found], [one["linear"] for one in found]
        shown = f"linear model alone {spread(alone)}"
        share, right = (np.mean([one[name] for one in found]) for name in ("recall", "precision"))
        named = f"names {share:.2f} of it at precision {right:.2f}"
        bound = ">= .98" if count == 10 else ""
        yield Line(f"SMS, {count} spams given: AUROC", spread(at_once), shown, named, bound, bool(np.mean(at_once) >= RANKED))


def _mix(spec: Spec, runs: list[dict[str, Any]]) -> Line:
    recall, precision = [one["recall"] for one in runs], [one["precision"] for one in runs]
    before = f"after the looks {np.mean([one['looked'] for one in runs]):.3f} / {np.mean([one['pure'] for one in runs]):.3f}"
    named = (
        f"{np.mean([one['named'] for one in runs]):.0f} named, {np.mean([one['true'] or 0 for one in runs]):.2f} of them foreign"
    )
    met = bool(np.mean(recall) >= RECALL and np.mean(precision) >= PRECISION)
    return Line(f"{spec.name}: foreign rows gone", f"{spread(recall)} / {spread(precision)}", before, named, ">= .90 / .97", met)


def taught(spec: Spec, seed: int) -> dict[str, Any]:
    """Ten looks, then what was learned."""
    return dict(kept("learn", {"mix": spec.name, "seed": seed}, lambda: _taught(spec, seed)))


def _taught(spec: Spec, seed: int) -> dict[str, Any]:
    mix = build(spec, seed)
    s = session(mix, projector="pca")
    s.run()
    person = Person(mix, np.random.default_rng(seed))
    person.look(s)
    gone = ~s.keep
    person.teach(s)
    found = s.suggester.learned
    all_ = ~s.keep
    named = all_ & ~gone
    return {
        "clusters": person.dropped,
        "looked": float(gone[mix.foreign].mean()),
        "pure": float(mix.foreign[gone].mean()) if gone.any() else 1.0,
        "named": int(named.sum()),
        "true": float(mix.foreign[named].mean()) if named.any() else None,
        "recall": float(all_[mix.foreign].mean()),
        "precision": float(mix.foreign[all_].mean()) if all_.any() else 1.0,
        "stated": found.precision,
        "stated recall": found.recall,
        "note": found.note,
    }


def spam(count: int) -> list[dict[str, float]]:
    """So many spams by lot, nothing said of the rest: how all others are ranked, and what is named."""
    from sklearn.metrics import roc_auc_score

    from elute.learn import learn
    from elute.neighbors import nearest
    from elute.stylometry import table
    from elute.vectors import distinct

    whole = source("sms")
    first, _ = distinct(whole.X)
    X, true = whole.X[first], (whole.labels[first] == "spam")
    graph, found, texts = nearest(X, 15), [], [whole.texts[row] for row in first]
    traits = table(texts)
    for draw in range(DRAWS):
        told = np.zeros(len(X), bool)
        told[np.random.default_rng(draw).choice(np.flatnonzero(true), count, replace=False)] = True
        learned = learn(X, np.zeros(len(X), bool), told, traits=traits, neighbors=graph)
        rest, named = ~told, learned.more(~told)
        found.append(
            {
                "ranked": float(roc_auc_score(true[rest], learned.scores[rest])),
                "linear": float(roc_auc_score(true[rest], learned.apply(X, texts)[rest])),
                "recall": float(named[true & rest].mean()),
                "precision": float(true[named].mean()) if named.any() else 1.0,
            }
        )
    return found
