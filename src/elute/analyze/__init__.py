"""Step 5, analyse: a judge for every cluster. It names, sums up and advises; a person decides."""

from __future__ import annotations

from elute.analyze.base import Analyst
from elute.analyze.offline import OfflineAnalyst
from elute.analyze.openai import OpenAIAnalyst
from elute.analyze.schema import (
    NOISE,
    SCHEMA_VERSION,
    SELECTION,
    ClusterAnalysis,
    ClusterView,
    Context,
    Estimate,
    Overview,
    SelectionAnalysis,
)
from elute.analyze.views import cluster_views, selection_view
from elute.errors import SettingsError

__all__ = [
    "NOISE",
    "SCHEMA_VERSION",
    "SELECTION",
    "Analyst",
    "ClusterAnalysis",
    "ClusterView",
    "Context",
    "Estimate",
    "OfflineAnalyst",
    "OpenAIAnalyst",
    "Overview",
    "SelectionAnalysis",
    "as_analyst",
    "cluster_views",
    "selection_view",
]


def as_analyst(spec: str | Analyst) -> Analyst:
    """The analyst that ``spec`` names: "offline", "openai", or an :class:`Analyst` as it is.

    Raises
    ------
    SettingsError
        For anything else.
    """
    if isinstance(spec, Analyst):
        return spec
    if spec == "offline":
        return OfflineAnalyst()
    if spec == "openai":
        return OpenAIAnalyst()
    raise SettingsError(f"analyst must be 'offline', 'openai' or an Analyst, not {spec!r:.60}")
