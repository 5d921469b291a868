"""Ways of cleaning one set, and what two classifiers gain by each: one case of bench/value.py.

==========  ======================================================================================================================
dirty       nothing was removed
random      as many rows as the person removed, by lot
safe        all that elute calls safe was accepted, unread; no truth is used
looks       a simulated person: ten clusters in elute's order, see ``evidence_person.py``; then ``safe``
learn       the same, with ``learn`` between the two
datalab     cleanlab's Datalab, all that it flags accepted (where it is installed)
oracle      exactly what was put in is removed: foreign rows, copies, wrong labels
==========  ======================================================================================================================

The classifiers are logistic regression, its C chosen by three folds on the rows and labels that the way left (``logistic``) or on the
dirty ones (``steady``), and 1-NN by cosine, which believes every row. Rows to test on are the base's own; those that stand in the set
word by word are left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from evidence_mixes import Mix
from evidence_person import Person
from evidence_safe import accepted, datalab, fitted, fresh, safe_ones

WAYS = ("dirty", "random", "safe", "looks", "learn", "datalab", "oracle")
TRIED = (1.0, 3.0, 10.0, 30.0)
FOLDED = 1_500
"""Rows on which C is chosen, at most."""
Cleaned = tuple[Any, Any]
"""Rows kept (n,) and labels (n,)."""


def cleaned(mix: Mix, seed: int, *, real: bool) -> tuple[dict[str, Cleaned], dict[str, Any]]:
    """What each way leaves, and facts about the person. Of a real set nobody knows the truth: no person, no oracle."""
    everything, facts = np.ones(len(mix.texts), bool), {}
    ways: dict[str, Cleaned] = {"dirty": (everything, mix.labels)}
    s = fresh(mix)
    s.run()
    ways["safe"] = tried(s, mix)
    like = "safe"
    if not real:
        person = Person(mix, np.random.default_rng(seed))
        person.look(s)
        ways["looks"] = tried(s, mix)
        facts["looks"] = {"clicks": person.clicks + 1, "minutes": person.minutes(), "dropped": person.dropped}
        person.teach(s)
        ways["learn"] = tried(s, mix)
        facts["learn"] = {"clicks": person.clicks + 1, "minutes": person.minutes(), "dropped": person.dropped}
        ways["oracle"] = (~(mix.foreign | mix.near | mix.flipped), mix.labels)
        like = "looks"
    gone = np.random.default_rng(seed).permutation(len(mix.texts))[: int((~ways[like][0]).sum())]
    ways["random"] = (~np.isin(np.arange(len(mix.texts)), gone), mix.labels)
    if (keep := datalab(mix)) is not None:
        ways["datalab"] = (keep, mix.labels)
    return {way: ways[way] for way in WAYS if way in ways}, facts


def tried(s: Any, mix: Mix) -> Cleaned:
    """What is left when all that is safe is accepted; then it is taken back."""
    s.judge_labels()
    found = safe_ones(s)
    left = accepted(s, mix)
    if found:
        s.undo()
    return left


def measured(mix: Mix, seed: int, *, real: bool, Cs: dict[str, float] | None = None) -> dict[str, Any]:
    """All that is told of one case; ``Cs`` are those of another seed of the same case, where they were chosen."""
    ways, facts = cleaned(mix, seed, real=real)
    known = {row.tobytes() for row in mix.X}
    unseen = np.array([row.tobytes() not in known for row in mix.test_X])
    test, truth = mix.test_X[unseen], mix.test_labels[unseen].astype(str)
    told: dict[str, Any] = {
        "rows": len(mix.texts),
        "foreign": int(mix.foreign.sum()),
        "tested": len(truth),
        "person": facts,
        "ways": {},
    }

    def right(X: Any, y: Any, C: float) -> float:
        return float((fitted(X, y, C).predict(test) == truth).mean())

    for way, (keep, labels) in ways.items():
        rows = np.flatnonzero(keep & np.array([label is not None for label in labels]))
        X, y = mix.X[rows], labels[rows].astype(str)
        C = (Cs or {}).get(way) or chosen(X, y)
        gone, changed = ~keep, keep & np.array([a != b for a, b in zip(labels, mix.labels, strict=True)])
        told["ways"][way] = {
            "C": C,
            "logistic": right(X, y, C),
            "steady": right(X, y, told["ways"].get("dirty", {"C": C})["C"]),
            "nearest": float((y[nearest(X, test)] == truth).mean()),
            "gone": int(gone.sum()),
            "bad": int((gone & (mix.foreign | mix.near | mix.flipped)).sum()),
            "foreign": int((gone & mix.foreign).sum()),
            "relabelled": int(changed.sum()),
            "right": int((changed & (labels == mix.true)).sum()),
        }
    return told


def nearest(X: Any, test: Any, at_once: int = 1_000) -> Any:
    """Of each test row, the nearest row of X."""
    return np.concatenate([(test[start : start + at_once] @ X.T).argmax(axis=1) for start in range(0, len(test), at_once)])


def chosen(X: Any, y: Any) -> float:
    """C by three folds, on some rows by lot."""
    from sklearn.linear_model import LogisticRegression

    rows = np.random.default_rng(0).permutation(len(X))[:FOLDED]
    fold = np.arange(len(rows)) % 3

    def right(C: float) -> float:
        seen = []
        for one in range(3):
            a, b = rows[fold != one], rows[fold == one]
            model = LogisticRegression(C=C, tol=1e-3, max_iter=200).fit(X[a], y[a])
            seen.append((model.predict(X[b]) == y[b]).mean())
        return float(np.mean(seen))

    return max(TRIED, key=right)
