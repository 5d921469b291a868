"""What safe suggestions give back of the accuracy that dirt costs, and that they hurt no clean set.

Three ways of cleaning a mix, each measured by two classifiers on rows of the base that no dirt touched:

* all safe suggestions accepted (as proposed: labels are relabelled; and with the other choice: such rows are dropped);
* ten looks by a simulated person, then ``learn`` (``evidence_person.py``), then what is safe accepted;
* cleanlab's Datalab, all of what it flags accepted, in the same run. Where cleanlab is not installed (AGPL, so it is in none of
  elute's extras: ``pip install 'cleanlab[datalab]'``) its column is empty.

A share of the lost accuracy is (cleaned - dirty) / (oracle - dirty), where the oracle drops exactly the foreign rows, the injected
copies and the flipped labels. Labels are judged by the better pass, as on the page, where it is done some seconds after a round. The
share is only read where the dirt costs at least one point; elsewhere points are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from evidence import SEEDS, code, kept, spread
from evidence_mixes import Mix, Spec, build, clean, judged, session, sizes
from evidence_person import Person
from line import Line

COSTS = 0.01
"""Accuracy that dirt must cost before a share of it is read."""
TRIED = (1.0, 3.0, 10.0, 30.0)
"""C that is chosen from, once a base, by three-fold cross-validation on 4,000 clean rows."""
FIXED = 10.0
QUICK = 2


def fitted(X: Any, labels: Any, C: float) -> Any:
    """Logistic regression in float32, to scikit-learn's usual tolerance: at 1e-3 it stops early, and accuracies are off by a point."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=C, tol=1e-4, max_iter=500).fit(np.ascontiguousarray(X, np.float32), labels.astype(str))


def accuracy(mix: Mix, keep: Any, labels: Any, C: float) -> float:
    """On the test rows, taught by the rows kept that have a label."""
    rows = np.flatnonzero(keep & np.array([label is not None for label in labels]))
    return float((fitted(mix.X[rows], labels[rows], C).predict(mix.test_X) == mix.test_labels.astype(str)).mean())


def chosen(base: str) -> float:
    """C by cross-validation, once a base."""

    def work() -> float:
        from sklearn.model_selection import StratifiedKFold

        mix = clean(base)
        rows = np.random.default_rng(0).permutation(len(mix.texts))[:4000]
        X, y = mix.X[rows], mix.labels[rows].astype(str)
        folds = list(StratifiedKFold(3, shuffle=True, random_state=0).split(X, y))
        right = [np.mean([(fitted(X[a], y[a], C).predict(X[b]) == y[b]).mean() for a, b in folds]) for C in TRIED]
        return TRIED[int(np.argmax(right))]

    return float(kept("safe", {"C": base}, work))


def labels_of(s: Any, mix: Mix) -> Any:
    """The labels as they are handed out: proposals in place of what they propose to change."""
    labels = mix.labels.copy()
    for row, label in s.state.relabels.items():
        labels[row] = label
    return labels


def fresh(mix: Mix) -> Any:
    """A session whose rounds are of the code as it is: those that earlier code left in elute's cache are not found."""
    archive = import_module("elute.rounds.archive")
    setattr(archive, "FORMAT", code("safe"))  # noqa: B010
    return session(mix, projector="pca")


def safe_ones(s: Any) -> list[Any]:
    """Suggestions that may be accepted in bulk."""
    return [one for one in s.suggestions if one.tier == "safe"]


def accepted(s: Any, mix: Mix, action: str | None = None) -> tuple[Any, Any]:
    """Rows kept and labels after all safe suggestions were accepted."""
    if found := safe_ones(s):
        s.accept(found, action if any(action in one.actions for one in found) else None)
    return s.keep, labels_of(s, mix)


def datalab(mix: Mix) -> Any:
    """Rows that stay when all that Datalab flags is accepted: label issues and outliers go, and of near duplicates one stays."""
    try:
        Datalab = import_module("cleanlab").Datalab
    except ImportError:
        return None
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    rows = np.flatnonzero([label is not None for label in mix.labels])
    y = mix.labels[rows].astype(str)
    model = LogisticRegression(C=FIXED, tol=1e-4, max_iter=200)
    probabilities = cross_val_predict(model, mix.X[rows], y, cv=3, method="predict_proba")
    lab = Datalab({"label": y}, label_name="label", verbosity=0)
    lab.find_issues(
        pred_probs=probabilities, features=mix.X[rows], issue_types={"label": {}, "outlier": {}, "near_duplicate": {}}
    )
    gone = np.zeros(len(rows), bool)
    for name in ("label", "outlier"):
        gone |= lab.get_issues(name)[f"is_{name}_issue"].to_numpy()
    for row, group in enumerate(lab.get_issues("near_duplicate")["near_duplicate_sets"]):
        others = [other for other in group if not gone[other]]
        if others and not gone[row] and min(others) < row:
            gone[row] = True
    keep = np.ones(len(mix.texts), bool)
    keep[rows[gone]] = False
    return keep


def run(spec: Spec, seed: int) -> dict[str, Any]:
    """All ways of cleaning one mix: accuracies by way and classifier, and how many rows each took."""
    mix = build(spec, seed)
    everything = np.ones(len(mix.texts), bool)
    ways: dict[str, tuple[Any, Any]] = {
        "dirty": (everything, mix.labels),
        "oracle": (~(mix.foreign | mix.near | mix.flipped), mix.labels),
    }
    facts: dict[str, Any] = {}
    s = fresh(mix)
    s.run()
    s.judge_labels()
    for one in safe_ones(s):
        right = {"labels": mix.flipped, "markup": one.rows}.get(one.kind, mix.near | mix.foreign)
        facts[one.kind] = [one.count, float(right[one.rows].mean())]
    ways["safe"] = accepted(s, mix)
    s.undo()
    ways["safe, dropped"] = accepted(s, mix, "drop")
    s.undo()
    person = Person(mix, np.random.default_rng(seed))
    person.look(s)
    before = int((~s.keep).sum())
    person.teach(s)
    facts["looks dropped"], facts["learned"] = person.dropped, int((~s.keep).sum()) - before
    gone = ~s.keep
    facts["recall"] = float(gone[mix.foreign].mean()) if mix.foreign.any() else None
    facts["precision"] = float(mix.foreign[gone].mean()) if gone.any() else None
    s.judge_labels()
    ways["reviewed"] = accepted(s, mix)
    if (keep := datalab(mix)) is not None:
        ways["datalab"] = (keep, mix.labels)
    Cs = {"cv": chosen(spec.base), "ten": FIXED}
    scores = {way: {name: accuracy(mix, keep, labels, C) for name, C in Cs.items()} for way, (keep, labels) in ways.items()}
    return {"accuracy": scores, "facts": facts, "C": Cs, "gone": {way: int((~keep).sum()) for way, (keep, _) in ways.items()}}


def untouched(base: str, seed: int) -> dict[str, Any]:
    """A clean set: rows in safe suggestions besides duplicates, and the accuracy before and after all are accepted."""
    mix = clean(base, seed)
    s = fresh(mix)
    s.run()
    s.judge_labels()
    rows = np.zeros(len(mix.texts), bool)
    counts = {}
    for one in safe_ones(s):
        counts[one.kind] = one.count
        if one.kind not in ("copies", "near_copies"):
            rows |= one.rows
    C = chosen(base)
    before = accuracy(mix, np.ones(len(mix.texts), bool), mix.labels, C)
    keep, labels = accepted(s, mix)
    after = accuracy(mix, keep, labels, C)
    looks = len(s.looks.order)
    return {"share": float(rows.mean()), "before": before, "after": after, "counts": counts, "looks": looks}


def given_back(found: Mapping[str, Any], way: str, by: str) -> float | None:
    """Share of the lost accuracy; None where too little was lost or this way was not tried."""
    told = found["accuracy"]
    lost = told["oracle"][by] - told["dirty"][by]
    return (told[way][by] - told["dirty"][by]) / lost if way in told and lost >= COSTS else None


def lines(quick: bool) -> Iterable[Line]:
    """The lines of this part of the evidence bench."""
    seeds = SEEDS[:1] if quick else SEEDS
    specs = judged()[:QUICK] if quick else [*judged(), *sizes()]
    runs: dict[tuple[str, int], Any] = {}
    for spec in specs:
        for seed in seeds:
            runs[spec.name, seed] = kept("safe", {"mix": spec.name, "seed": seed}, partial(run, spec, seed))
        yield from _mix(spec, [runs[spec.name, seed] for seed in seeds])
    for by, title in (("cv", "C by cross-validation"), ("ten", "C = 10")):
        yield from _whole(specs, seeds, runs, by, title)
    for base in ("banking77",) if quick else ("banking77", "clinc150", "sgd"):
        found = [kept("safe", {"clean": base, "seed": seed}, partial(untouched, base, seed)) for seed in seeds]
        share, lost = max(one["share"] for one in found), np.mean([one["before"] - one["after"] for one in found])
        yield Line(
            f"clean {base}: rows in safe suggestions besides duplicates", spread(one["share"] for one in found), "", f"{share:.2%}",
            "<= 1 %", share <= 0.01,
        )  # fmt: skip
        yield Line(
            f"clean {base}: accuracy after accepting all", spread(one["after"] for one in found),
            spread(one["before"] for one in found), f"{-100 * lost:+.2f} points", ">= -.1 points", bool(lost <= 0.001),
        )  # fmt: skip


def _mix(spec: Spec, found: Sequence[Any]) -> Iterable[Line]:
    """What each way gave back on one mix, in the mean over seeds."""
    for by in ("cv", "ten"):
        points = {way: np.mean([100 * one["accuracy"][way][by] for one in found]) for way in found[0]["accuracy"]}
        shares = {way: _mean(given_back(one, way, by) for one in found) for way in points}
        told = ", ".join(
            f"{way} {points[way]:.2f}" + ("" if shares[way] is None else f" ({shares[way]:.2f})")
            for way in points if way not in ("dirty", "oracle")
        )  # fmt: skip
        yield Line(
            f"{spec.name}, {by} (C = {found[0]['C'][by]:g})", told, f"dirty {points['dirty']:.2f}, oracle {points['oracle']:.2f}", "", "",
            True,
        )  # fmt: skip


def _whole(specs: Sequence[Spec], seeds: Sequence[int], runs: Mapping[Any, Any], by: str, title: str) -> Iterable[Line]:
    def means(way: str) -> list[float]:
        """Seed-mean of each mix that cost enough."""
        each = [_mean(given_back(runs[spec.name, seed], way, by) for seed in seeds) for spec in specs]
        return [share for share in each if share is not None]

    safe, other, rival = means("safe"), means("safe, dropped"), means("datalab")
    if not safe:
        yield Line(f"{title}: share of the lost accuracy", "no mix cost a point", "", "", "", True)
        return
    mean = float(np.mean(safe))
    beside = f"Datalab {spread(rival)}" if rival else "Datalab not installed"
    yield Line(f"{title}: given back by safe suggestions", spread(safe), beside, f"{mean:.2f}", ">= .40", mean >= 0.40)
    yield Line(f"{title}: no mix below 0", spread(safe), beside, f"{min(safe):.2f}", ">= 0", min(safe) >= 0)
    if rival:
        ahead = mean - float(np.mean(rival))
        yield Line(f"{title}: ahead of Datalab", f"{mean:.2f}", f"{np.mean(rival):.2f}", f"{ahead:+.2f}", ">= .1", ahead >= 0.1)
    yield Line(f"{title}: with such labels dropped, not relabelled", spread(other), "", f"{np.mean(other):.2f}", "", True)
    both = means("reviewed")
    yield Line(
        f"{title}: ten looks, learn, safe", spread(both), "", f"{np.mean(both):.2f}", ">= .80", bool(np.mean(both) >= 0.80)
    )
    yield Line(f"{title}: the worst of them", spread(both), "", f"{min(both):.2f}", ">= .70", min(both) >= 0.70)
    facts = [run["facts"] for run in runs.values()]
    recall, precision = ([one[name] for one in facts if one[name] is not None] for name in ("recall", "precision"))
    if by == "ten" and recall and precision:
        yield Line(
            "foreign rows gone after looks and learn: recall",
            spread(recall),
            "",
            f"{np.mean(recall):.3f}",
            ">= .90",
            np.mean(recall) >= 0.9,
        )
        yield Line(
            "rows gone that were foreign: precision", spread(precision), "", f"{np.mean(precision):.3f}", ">= .97",
            bool(np.mean(precision) >= 0.97),
        )  # fmt: skip


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
