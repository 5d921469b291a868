"""Dirty sets of known dirt: a base, foreign rows, edited near copies and flipped labels, in one table.

Texts are read from ``ELUTE_DATA`` and embedded by elute, whose cache keeps the vectors. The same name and seed are the same mix to the
last bit.

    for spec in judged():
        mix = build(spec, seed=0, labels="random")
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from evidence_edits import edited
from evidence_sources import Source, source, vectors

FOREIGN, NEAR, FLIPPED = 0.15, 0.05, 0.05
"""Shares of the whole: foreign rows. Shares of the base's rows: edited near copies, and labels that are flipped."""
LABELS = ("random", "fixed", "missing")
"""What foreign rows carry: any of the base's labels, one of them, or none."""


@dataclass(frozen=True)
class Spec:
    """What is mixed with what.

    Attributes
    ----------
    base, foreign : str
        Names of :func:`evidence_sources.source`; several foreign ones are joined by ``+`` and share alike.
    share : float
        Of foreign rows in the whole; held by taking fewer of the base where there are too few.
    rows : int
        Of the base at most.
    group : str
        ``judged``, ``size`` (half and double), ``near`` (neighbouring domains), ``aside`` (not looked at by whoever tunes by the others).
    near, flipped : float
        Shares of the base's rows: edited near copies, and labels that are flipped.
    """

    base: str
    foreign: str
    share: float = FOREIGN
    rows: int = 15_000
    group: str = "judged"
    near: float = NEAR
    flipped: float = FLIPPED

    @property
    def name(self) -> str:
        return f"{self.base} with {self.share:.1%} {self.foreign}"


@dataclass(frozen=True, eq=False)
class Mix:
    """A table of n rows in which every dirt is known.

    Attributes
    ----------
    texts : list of str
    X : ndarray of shape (n, 384), float32
    labels : ndarray of shape (n,), object
        As the person has them: flipped ones among them, None where missing.
    true : ndarray of shape (n,), object
        Before the flips; None for foreign rows.
    foreign, near, flipped : ndarray of shape (n,), bool
        Foreign rows; injected edited copies; labels that were flipped. No row is two of these.
    near_of : ndarray of shape (n,), int
        The row an injected copy was made of, else -1.
    kind : ndarray of shape (n,), str
        ``base``, or the name of the foreign source.
    test_X, test_labels : ndarray
        Rows of the base that are not in the mix, to measure a classifier on.
    """

    spec: Spec
    seed: int
    texts: list[str]
    X: Any
    labels: Any
    true: Any
    foreign: Any
    near: Any
    near_of: Any
    flipped: Any
    kind: Any
    test_X: Any
    test_labels: Any

    def table(self) -> pd.DataFrame:
        """As a person would hand it in: ``text`` and ``label``."""
        return pd.DataFrame({"text": self.texts, "label": self.labels})


def judged() -> list[Spec]:
    """Each base with each kind of foreign rows that is not its own."""
    pairs = {
        "banking77": ("wiki", "sgd", "oos", "sms"),
        "clinc150": ("wiki", "sgd", "sms"),
        "sgd": ("wiki", "oos", "sms"),
    }
    return [Spec(base, foreign) for base, kinds in pairs.items() for foreign in kinds]


def sizes() -> list[Spec]:
    """Half and double the share, of one coherent kind."""
    kinds = {"banking77": "sgd", "clinc150": "sgd", "sgd": "sms"}
    return [Spec(base, kind, share * FOREIGN, group="size") for base, kind in kinds.items() for share in (0.5, 2)]


def neighbouring() -> list[Spec]:
    """Foreign rows out of the base's own set: other intents, services, domains; which ones, the seed says."""
    return [Spec(f"{name}/most", f"{name}/others", group="near") for name in ("banking77", "clinc150", "sgd")]


def aside() -> list[Spec]:
    """Mixes of another make, for whoever wants to know whether what holds above holds elsewhere."""
    return [
        replace(spec, group="aside")
        for spec in (
            Spec("sms/ham", "sms/spam", 0.13),
            Spec("sms/ham", "wiki"),
            Spec("wiki", "sgd"),
            Spec("wiki", "sms", 0.08),
            Spec("banking77/8", "oos", 0.3),
            Spec("banking77/20", "clinc150", 0.1),
            Spec("clinc150/3 domains", "sms", 0.1),
            Spec("clinc150/20", "wiki", 0.05),
            Spec("sgd/6", "clinc150", 0.25),
            Spec("sgd", "banking77", 0.1),
            Spec("banking77", "wiki+sgd"),
            Spec("clinc150", "oos+wiki+sms"),
        )
    ]


def elsewhere() -> list[Spec]:
    """Mixes that nothing was fitted to, with texts of other makes; see :mod:`evidence_elsewhere`."""
    return [
        replace(spec, group="elsewhere")
        for spec in (
            Spec("clinc150/2 domains", "sgd/4", 0.2, 1_500),
            Spec("sms/ham", "debian", 0.1),
            Spec("wiki", "banking77"),
            Spec("sgd/8", "oos"),
            Spec("banking77/10", "clinc150/10", 0.3, 1_500),
            Spec("clinc150", "spam", 0.1),
            Spec("debian", "pod"),
            Spec("debian", "sgd+sms", 0.2),
            Spec("banking77", "debian+oos+sgd/3"),
            Spec("pod", "wiki", 0.1),
            Spec("sgd/10", "banking77/8+pod", 0.3),
            Spec("clinc150/5 domains", "debian", 0.05, 3_000),
        )
    ]


@lru_cache(maxsize=4)
def build(spec: Spec, seed: int, labels: str = "random", *, dirt: bool = True) -> Mix:
    """The mix of a name and a seed. Without ``dirt`` no near copies and no flips; a share of 0 is a clean set."""
    random = np.random.default_rng([seed, *spec.base.encode()])
    kinds = spec.foreign.split("+") if spec.share else []
    pools = [_distinct(source(kind, seed)) for kind in kinds]
    base, test = _base(spec, seed, random, sum(len(pool.texts) for pool in pools))
    n = len(base.texts)
    near_rows = random.permutation(n)[: round(spec.near * n)] if dirt else np.empty(0, int)
    copies = [edited(base.texts[row], seed) for row in near_rows]
    labelled = dirt and base.labels[0] is not None
    flips = random.permutation(np.setdiff1d(np.arange(n), near_rows))[: round(spec.flipped * n)] if labelled else np.empty(0, int)
    names = np.unique(base.labels.astype(str))
    given = base.labels.copy()
    for row in flips:
        given[row] = random.choice(names[names != base.labels[row]])
    wanted = (n + len(copies)) * spec.share / (1 - spec.share)
    random = np.random.default_rng([seed, *spec.foreign.encode()])
    parts = [pool.rows(random.permutation(len(pool.texts))[: round(wanted / len(pools))]) for pool in pools]
    texts = [*base.texts, *copies, *(text for part in parts for text in part.texts)]
    m, total = len(copies), len(texts)
    of = np.full(total, -1)
    of[n : n + m] = near_rows
    labels_ = np.r_[given, base.labels[near_rows], _foreign_labels(labels, base.labels, total - n - m, random)]
    kind = (
        np.r_[np.full(n + m, "base"), np.repeat(kinds, [len(part.texts) for part in parts])] if kinds else np.full(total, "base")
    )
    order = np.random.default_rng(seed).permutation(total)
    back = np.argsort(order)
    return Mix(
        spec=spec,
        seed=seed,
        texts=[texts[row] for row in order],
        X=np.concatenate([base.X, vectors(tuple(copies)), *(part.X for part in parts)])[order],
        labels=labels_[order],
        true=np.r_[base.labels, base.labels[near_rows], np.full(total - n - m, None)][order],
        foreign=(np.arange(total) >= n + m)[order],
        near=((np.arange(total) >= n) & (np.arange(total) < n + m))[order],
        near_of=np.where(of >= 0, back[of], -1)[order],
        flipped=np.isin(np.arange(total), flips)[order],
        kind=kind[order],
        test_X=test.X,
        test_labels=test.labels,
    )


def clean(base: str, seed: int = 0, rows: int = 15_000) -> Mix:
    """A base as it is: nothing injected."""
    return build(Spec(base, "none", 0.0, rows, "clean"), seed, dirt=False)


def _base(spec: Spec, seed: int, random: np.random.Generator, foreign: int) -> tuple[Source, Source]:
    """The base's rows, fewer where there are too few foreign ones, and those that test a classifier: the set's own, or a fifth by lot."""
    whole = source(spec.base, seed)
    test = whole.test if whole.test.any() else random.random(len(whole.texts)) < 0.2
    most = foreign / spec.share * (1 - spec.share) / (1 + spec.near) if spec.share else spec.rows
    rows = random.permutation(np.flatnonzero(~test))[: min(spec.rows, int(most))]
    return whole.rows(rows), whole.rows(np.flatnonzero(test))


def _distinct(whole: Source) -> Source:
    """One row of each text."""
    return whole.rows(np.sort(np.unique(np.array(whole.texts, dtype=str), return_index=True)[1]))


def _foreign_labels(labels: str, base: Any, n: int, random: np.random.Generator) -> Any:
    if labels == "missing" or base[0] is None:
        return np.full(n, None)
    if labels == "fixed":
        return np.full(n, random.choice(base), dtype=object)
    return random.choice(base, n)


def session(mix: Mix, **how: Any) -> Any:
    """A session on a mix; its journal goes to a folder that is gone with it."""
    import elute

    path = tempfile.mkdtemp()
    label = "label" if any(value is not None for value in mix.labels) else None
    return elute.Session(mix.table(), text="text", label=label, path=path, **how)
