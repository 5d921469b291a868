"""A round made by hand, for the tests of suggestions: made vectors, and findings as they are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from elute.corpus import Corpus
from elute.embed import Embeddings
from elute.prepare import prepare
from elute.project import PCA
from elute.rounds.cycle import run_round
from elute.rounds.round import Round, Settings
from elute.rounds.space import Space
from elute.suggest import Ground


class Fixed:
    """A clusterer that gives what it was told, for distinct vectors in the order of the table."""

    def __init__(self, labels: Sequence[int]) -> None:
        self.labels = labels

    def fit_predict(self, X: Any) -> Any:
        return np.asarray(self.labels)[: len(X)]


@dataclass
class Said:
    """What decisions say."""

    keep: Any
    looked: Any
    in_force: tuple[Any, ...] = ()
    dismissed: frozenset[str] = frozenset()
    pinned: Any = None
    relabels: Mapping[int, str] = field(default_factory=dict)
    edit_steps: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Any] = field(default_factory=dict)


def blobs(sizes: Sequence[int], seed: int = 0, d: int = 16, spread: float = 0.15) -> tuple[Any, Any]:
    """Unit vectors (n, d) in groups of these sizes around random directions, and the group of each."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(len(sizes), d))
    of = np.repeat(np.arange(len(sizes)), sizes)
    X = middles[of] / np.linalg.norm(middles[of], axis=1, keepdims=True) + spread * random.normal(size=(len(of), d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32), of


def ground(
    X: Any,
    clusters: Any,
    *,
    texts: Sequence[str | None] | None = None,
    label: Sequence[Any] | None = None,
    findings: Mapping[str, Any] | None = None,
    table: Mapping[str, Any] | None = None,
    keep: Any = None,
    nothing: str = "",
    **said: Any,
) -> Ground:
    """The ground of a round with these vectors and clusters, numbered by size, whose findings and cluster table have these too."""
    n = len(X)
    texts = [f"text number {row} of these" for row in range(n)] if texts is None else list(texts)
    frame = pd.DataFrame({"text": texts, **({} if label is None else {"label": pd.Series(label, dtype=object)})})
    corpus = Corpus.from_data(frame, "text", None if label is None else "label")
    prepared = prepare(corpus)
    embeddings = Embeddings(np.ascontiguousarray(X, np.float32), np.ones(n, bool), (), n, 0)
    space = Space(embeddings, prepared.texts, corpus)
    space.graph.build()
    made: Round = run_round(
        corpus, prepared, embeddings, np.ones(n, bool), Settings(Fixed(np.asarray(clusters)[space.first]), PCA()), space=space
    )
    for name, values in (findings or {}).items():
        made.findings[name] = pd.Series(list(values), dtype=object) if name == "label_suggested" else np.asarray(values)
    made.params["nothing"] = nothing  # type: ignore[index]
    # what a round finds of made vectors is not what is tested here
    made.scores.clusters["confidence"], made.scores.clusters["tiny"] = np.nan, False
    for name, values in (table or {}).items():
        made.scores.clusters[name] = [values.get(cluster) for cluster in made.clusters["cluster"]]
    keep = np.ones(n, bool) if keep is None else np.asarray(keep)
    said.setdefault("pinned", np.zeros(n, bool))
    state = Said(
        keep, said.pop("looked", np.zeros(n, bool)), **{key: said.pop(key) for key in list(said) if key in Said.__annotations__}
    )
    return Ground(made, corpus, prepared.texts, state, space, {}, **said)
