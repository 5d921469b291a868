"""Small made-up sets for the tests of the analysts: topics with words and a place of their own, foreign rows, copies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.analyze import ClusterView, cluster_views
from elute.metrics import score

TOPICS = {
    "card": "my new card has not arrived in the mail",
    "transfer": "the bank transfer to my friend is still pending",
    "pin": "i forgot the pin and the machine blocked me",
    "exchange": "what exchange rate do you apply for euro payments",
    "refund": "the shop promised a refund but no money came back",
    "identity": "why must i verify my identity with a passport",
    "atm": "the cash machine gave me the wrong amount of money",
    "top up": "my top up by cheque was reverted this morning",
    "fee": "you charged me an extra fee for this payment",
    "phone": "my phone was stolen and i can not open the app",
}
FOREIGN = (
    "glaciers carved deep valleys during cold epochs",
    "baroque composers dedicated cantatas toward princes",
    "enzymes catalyse hydrolysis within acidic vacuoles",
    "midfielders dominated championship finals overseas",
    "senators ratified treaties concerning maritime borders",
    "volcanic archipelagos host endemic reptiles",
    "medieval monasteries copied illuminated manuscripts",
    "locomotives crossed viaducts spanning gorges",
)


PLAIN = ClusterView(
    cluster=0, size=100, share=0.1, rows=(7, 3, 9), texts=("my card", "the card", "a card"), border=1, keywords=("card",),
    silhouette=0.2, density=0.7, duplicates=0.0, labels=(), neighbors=("pin",), closest=((1, 0.7),), doubtful=(9,),
    strange=0.0, loose=0.0, content="00",
)  # fmt: skip


def view(**changes: Any) -> ClusterView:
    """A cluster of which nothing bad is to be said, but for ``changes``."""
    return replace(PLAIN, **changes)


@dataclass(frozen=True, eq=False)
class Set:
    """Texts, labels and vectors that run side by side, and the views of its clusters."""

    texts: list[str | None]
    labels: NDArray[np.int32]
    X: NDArray[np.float32]
    ids: NDArray[np.uint64]

    def scores(self) -> Any:
        first = {(text, label): i for i, (text, label) in reversed(list(enumerate(zip(self.texts, self.labels, strict=True))))}
        rows = sorted(first.values())
        back = np.array([rows.index(first[key]) for key in zip(self.texts, self.labels, strict=True)])
        scores = score(self.X[rows], self.labels[rows], weights=np.bincount(back))
        return replace(scores, row_silhouette=scores.row_silhouette[back])

    def views(self, target: NDArray[Any] | None = None) -> list[ClusterView]:
        return cluster_views(self.texts, self.labels, self.X, self.scores(), self.ids, target)


def unit(X: NDArray[Any]) -> NDArray[np.float32]:
    rows: NDArray[np.float32] = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    return rows


def made(each: int = 30, foreign: int = 0, seed: int = 0, d: int = 48) -> Set:
    """``each`` rows of every topic, each close to the topic's direction; one cluster of ``foreign`` rows in all directions."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=d)
    texts: list[str | None] = []
    parts = []
    for line in TOPICS.values():
        words = line.split()
        texts += [" ".join(rng.permutation(words)[: len(words) - int(rng.integers(1, 3))]) + f" {i}" for i in range(each)]
        parts.append(1.2 * common + rng.normal(size=d) + rng.uniform(0.4, 0.6) * rng.normal(size=(each, d)))
    labels = np.repeat(np.arange(len(TOPICS)), each)
    if foreign:
        texts += [f"{FOREIGN[i % len(FOREIGN)]} {i}" for i in range(foreign)]
        parts.append(rng.normal(size=d) * 0.4 + rng.normal(size=(foreign, d)))
        labels = np.append(labels, np.full(foreign, len(TOPICS)))
    return Set(texts, labels.astype(np.int32), unit(np.concatenate(parts)), np.arange(len(texts), dtype=np.uint64) + 1000)
