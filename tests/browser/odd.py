"""Tables that nobody hopes for, and the widget on each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import elute

LONG = "quokka " * 1_500_000  # 10 MB
SIGNS = (
    "שלום עולם, זה טקסט מימין לשמאל",
    "مرحبا 123 abc بالعالم",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 ❤️‍🔥",
    "\u202eright to left by force\u202c and on",
    "a\u0000b\ufeffc\u200bd\u2028e",
)


class Given:
    """A clusterer that knows the answer."""

    def __init__(self, labels: NDArray[np.int64]) -> None:
        self.labels = labels

    def fit_predict(self, X: NDArray[np.float32]) -> NDArray[np.int64]:
        return self.labels[: len(X)]


def widget(
    texts: list[str], vectors: NDArray[Any] | None = None, labels: NDArray[np.int64] | None = None, **how: Any
) -> elute.Widget:
    """A widget on these texts; vectors of their own unless told."""
    X = np.random.default_rng(0).normal(size=(len(texts), 8)) if vectors is None else vectors
    given = {} if labels is None else {"clusterer": Given(labels)}
    return elute.Widget(texts, embedder=X, projector="pca", **given, **how)


def one_place() -> elute.Widget:
    """100 texts, and one vector for all."""
    return widget([f"text {row}" for row in range(100)], np.ones((100, 8)))


def many_clusters() -> elute.Widget:
    """500 clusters of four."""
    return widget([f"text {row}" for row in range(2000)], labels=np.arange(2000) % 500)


def many_labels() -> elute.Widget:
    """5,000 rows, and a label column that has another value in each."""
    frame = pd.DataFrame({"text": [f"text {row}" for row in range(5000)], "label": [f"label {row}" for row in range(5000)]})
    X = np.random.default_rng(0).normal(size=(5000, 8))
    return elute.Widget(frame, text="text", label="label", embedder=X, clusterer=elute.KMeans(4), projector="pca")


def signs() -> elute.Widget:
    """One text of 10 MB, and texts that run from right to left, pile up marks or are pictures."""
    return widget([LONG, *SIGNS, *(f"plain {row}" for row in range(20))])
