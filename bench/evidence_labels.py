"""Label issues by the strict rule: precision and recall on flipped labels, what is flagged of clean sets, and how many foreign rows are.

Beside it cleanlab's own rule (``find_label_issues``) on the better pass's kind of probabilities, where it is installed: it is AGPL, so it
is in none of elute's extras (``pip install cleanlab``).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import numpy as np
from evidence import SEEDS, kept, spread
from evidence_mixes import Mix, Spec, build, clean, judged
from line import Line

BASES = ("banking77", "clinc150", "sgd")
PRECISION, RECALL, CLEAN = 0.80, 0.75, 0.01


def lines(quick: bool) -> Iterable[Line]:
    """Flips alone, flips among foreign rows, clean sets; both passes."""
    seeds = SEEDS[:1] if quick else SEEDS
    bases = BASES[:1] if quick else BASES
    for base in bases:
        alone = [measured(Spec(base, "none", 0.0, group="flips"), seed) for seed in seeds]
        yield from _told(f"{base}, 5 % flips", alone, bounded=True)
    mixes = judged()[:1] if quick else judged()
    for spec in mixes:
        yield from _told(f"{spec.name}, 5 % flips", [measured(spec, seed) for seed in seeds], bounded=False)
    for base in (*bases, *(() if quick else ("sms",))):
        found = [measured(base, seed) for seed in seeds[:1]]
        for way in ("fast", "better"):
            share = [one[way]["flagged"] for one in found]
            yield Line(f"{base}, clean: rows flagged, {way}", spread(share), "", "", "<= 1 %", max(share) <= CLEAN)


def _told(name: str, found: list[dict[str, Any]], bounded: bool) -> Iterable[Line]:
    for way in ("fast", "better", "cleanlab"):
        some = [one[way] for one in found if one.get(way)]
        if not some:
            continue
        precision, recall = [one["precision"] for one in some], [one["recall"] for one in some]
        foreign = "" if "foreign" not in some[0] else f"foreign rows flagged {np.mean([one['foreign'] for one in some]):.3f}"
        bound = f">= {PRECISION} / {RECALL}" if bounded and way == "fast" else ""
        met = bool(np.mean(precision) >= PRECISION and np.mean(recall) >= RECALL)
        ap = "" if "ap" not in some[0] else f"AP {np.mean([one['ap'] for one in some]):.3f}"
        yield Line(f"{name}: precision / recall, {way}", f"{spread(precision)} / {spread(recall)}", foreign, ap, bound, met)


def measured(of: Spec | str, seed: int) -> dict[str, Any]:
    """Both passes on one mix, or on a clean set by its name."""
    name = of if isinstance(of, str) else of.name
    clean_set = isinstance(of, str)
    return dict(
        kept(
            "labels",
            {"mix": name, "seed": seed, "clean": clean_set},
            lambda: _measure(clean(of) if isinstance(of, str) else build(of, seed)),
        )
    )


def _measure(mix: Mix) -> dict[str, Any]:
    import pandas as pd
    from sklearn.metrics import average_precision_score

    from elute.findings.labels import better_label_issues, label_issues
    from elute.neighbors import nearest
    from elute.vectors import distinct

    first, of = distinct(mix.X)
    X = mix.X[first]
    codes, names = pd.factorize(mix.labels)
    graph = nearest(X, 15)
    found: dict[str, Any] = {}
    for way, judge in (("fast", label_issues), ("better", better_label_issues)):
        start = time.perf_counter()
        issues = judge(X, of, codes.astype(np.int32), graph, classes=len(names))
        found[way] = {**_counted(mix, issues.flag), "seconds": time.perf_counter() - start}
        if mix.flipped.any():
            found[way]["ap"] = float(average_precision_score(mix.flipped, issues.score))
    found["cleanlab"] = _cleanlab(mix, codes)
    return found


def _counted(mix: Mix, flag: Any) -> dict[str, float]:
    told = {"flagged": float(flag.mean())}
    if mix.flipped.any():
        told["precision"] = float(mix.flipped[flag].mean()) if flag.any() else 0.0
        told["recall"] = float(flag[mix.flipped].mean())
    if mix.foreign.any():
        told["foreign"] = float(flag[mix.foreign].mean())
    return told


def _cleanlab(mix: Mix, codes: Any) -> dict[str, float] | None:
    """cleanlab's rule on cross-validated probabilities of logistic regression; None where it is not installed."""
    try:
        find = import_module("cleanlab.filter").find_label_issues
    except ImportError:
        return None
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    told = cross_val_predict(LogisticRegression(C=10, tol=1e-4, max_iter=200), mix.X, codes, cv=3, method="predict_proba")
    return _counted(mix, np.asarray(find(codes, told, n_jobs=1)))  # its own processes gave no row at all here
