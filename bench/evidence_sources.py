"""Where the texts of the mixes come from: five public sets in ``ELUTE_DATA``, and what lies on the machine; whole or in part."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from evidence_elsewhere import SOURCES, elsewhere


@dataclass(frozen=True, eq=False)
class Source:
    """Texts with their vectors (n, 384), labels and wider domains (n,), and which rows its makers kept for tests."""

    texts: list[str]
    X: Any
    labels: Any
    domains: Any
    test: Any

    def rows(self, at: Any) -> Source:
        """Some of them, in the order given."""
        return Source([self.texts[row] for row in at], self.X[at], self.labels[at], self.domains[at], self.test[at])


@cache
def source(name: str, seed: int = 0) -> Source:
    """A set, or a part of it.

    ``banking77`` ``clinc150`` (in scope) ``oos`` (out of scope) ``sgd`` (20,000 distinct turns) ``sms`` ``wiki`` (6,000 sentences);
    those of :mod:`evidence_elsewhere`; ``NAME/8`` eight of its labels by lot; ``NAME/3 domains`` so many domains by lot;
    ``sms/ham`` ``sms/spam``;
    ``NAME/others`` and ``NAME/most``: neighbouring domains of one set, and the rest of it.
    """
    name, _, part = name.partition("/")
    whole = _whole(name)
    if not part:
        return whole
    if part in ("ham", "spam"):
        return _unlabelled(whole.rows(np.flatnonzero(whole.domains == part)))
    if part in ("others", "most"):
        others = _neighbouring(name, whole, seed)
        return whole.rows(np.flatnonzero(others == (part == "others")))
    count, _, what = part.partition(" ")
    values = whole.domains if what else whole.labels
    random = np.random.default_rng([seed, *part.encode()])
    names = random.permutation(np.unique(values.astype(str)))[: int(count)]
    return whole.rows(np.flatnonzero(np.isin(values.astype(str), names)))


@cache
def vectors(texts: tuple[str, ...]) -> Any:
    """(n, 384) by elute's own embedder and cache."""
    import elute

    if not texts:
        return np.empty((0, 384), np.float32)
    with tempfile.TemporaryDirectory() as path:
        return elute.Session(pd.DataFrame({"text": list(texts)}), text="text", path=path).embeddings().vectors


@cache
def _whole(name: str) -> Source:
    read: Any = _TABLES[name]
    table = read()
    labels = table["label"].to_numpy(object)
    domains = table["domain"].to_numpy(object) if "domain" in table else labels
    test = (table["split"] == "test").to_numpy() if name in ("banking77", "clinc150") else np.zeros(len(table), bool)
    texts = table["text"].astype(str).tolist()
    return Source(texts, vectors(tuple(texts)), labels, domains, test)


def _unlabelled(whole: Source) -> Source:
    return Source(whole.texts, whole.X, np.full(len(whole.texts), None), whole.domains, whole.test)


def _neighbouring(name: str, whole: Source, seed: int) -> Any:
    """Which rows are of the domains that count as foreign (n,)."""
    if name == "banking77":
        themes = (("top_up", "topping"), ("cash", "atm"), ("exchange", "fiat", "currency"))
        return np.array([any(word in label.lower() for word in themes[seed % 3]) for label in whole.labels])
    services = {"clinc150": ("kitchen_and_dining", "travel", "credit_cards"), "sgd": ("Hotels", "Movies", "Flights")}[name]
    return whole.domains == services[seed % 3]


def _csv(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(os.environ["ELUTE_DATA"]) / name, keep_default_na=False)


def _clinc(out: bool) -> pd.DataFrame:
    table = _csv("clinc150_full.csv.gz")
    return table[(table["is_oos"] == 1) == out].reset_index(drop=True)


def _sgd() -> pd.DataFrame:
    table = pd.read_parquet(Path(os.environ["ELUTE_DATA"]) / "sgd_user_turns.parquet")
    table = table.drop_duplicates("text").sample(20_000, random_state=0).reset_index(drop=True)
    return table.rename(columns={"label": "domain"}).rename(columns={"intent": "label"})


def _wiki() -> pd.DataFrame:
    return _csv("wiki_sents_noise_pool.csv.gz").sample(6_000, random_state=0).reset_index(drop=True).assign(label=None)


_TABLES = {
    "banking77": lambda: _csv("banking77.csv.gz"),
    "clinc150": lambda: _clinc(False),
    "oos": lambda: _clinc(True),
    "sgd": _sgd,
    "sms": lambda: _csv("sms_spam.csv.gz"),
    "wiki": _wiki,
    **{name: partial(elsewhere, name) for name in SOURCES},
}
