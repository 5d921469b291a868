"""Purify text training data: embed, cluster, look, lasso, remove, and look again.

>>> import elute
>>> w = elute.Widget(df, text="text")     # doctest: +SKIP
>>> df[w.keep]                            # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Widget": "elute.widget.widget",
    "Session": "elute.session",
    "Round": "elute.rounds.round",
    "Recipe": "elute.recipe",
    "Balance": "elute.recipe",
    "load_recipe": "elute.recipe",
    "forget": "elute.forgetting",
    "apply_recipe": "elute.engines",
    "Sampled": "elute.sampled",
    "read": "elute.reading",
    "FromColumn": "elute.corpus",
    "Prepare": "elute.prepare",
    "Findings": "elute.findings",
    "Communities": "elute.cluster",
    "KMeans": "elute.cluster",
    "DBSCAN": "elute.cluster",
    "HDBSCAN": "elute.cluster",
    "PCA": "elute.project",
    "UMAP": "elute.project",
    "TSNE": "elute.project",
    "SentenceBert": "elute.embed",
    "OpenAIEmbedder": "elute.embed",
    "TfidfEmbedder": "elute.embed",
    "Embedder": "elute.embed",
    "OpenAIAnalyst": "elute.analyze",
    "OfflineAnalyst": "elute.analyze",
    "Analyst": "elute.analyze",
}
__all__ = [*sorted(_HOME), "__version__"]

if TYPE_CHECKING:
    from elute import errors as errors
    from elute.analyze import Analyst as Analyst
    from elute.analyze import OfflineAnalyst as OfflineAnalyst
    from elute.analyze import OpenAIAnalyst as OpenAIAnalyst
    from elute.cluster import DBSCAN as DBSCAN
    from elute.cluster import HDBSCAN as HDBSCAN
    from elute.cluster import Communities as Communities
    from elute.cluster import KMeans as KMeans
    from elute.corpus import FromColumn as FromColumn
    from elute.embed import Embedder as Embedder
    from elute.embed import OpenAIEmbedder as OpenAIEmbedder
    from elute.embed import SentenceBert as SentenceBert
    from elute.embed import TfidfEmbedder as TfidfEmbedder
    from elute.engines import apply_recipe as apply_recipe
    from elute.findings import Findings as Findings
    from elute.forgetting import forget as forget
    from elute.prepare import Prepare as Prepare
    from elute.project import PCA as PCA
    from elute.project import TSNE as TSNE
    from elute.project import UMAP as UMAP
    from elute.reading import read as read
    from elute.recipe import Balance as Balance
    from elute.recipe import Recipe as Recipe
    from elute.recipe import load_recipe as load_recipe
    from elute.rounds.round import Round as Round
    from elute.sampled import Sampled as Sampled
    from elute.session import Session as Session
    from elute.widget.widget import Widget as Widget


def __getattr__(name: str) -> Any:
    # what is not used is not imported: scikit-learn alone takes a second
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name == "errors":
        return import_module("elute.errors")
    raise AttributeError(f"module 'elute' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
