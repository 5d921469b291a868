"""A table and an analyst that are HTML through and through: what a page shows of them must stay text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import blobs
import numpy as np
import pandas as pd
from numpy.typing import NDArray

import elute
from elute.analyze import ClusterAnalysis, OfflineAnalyst, Overview, SelectionAnalysis

EVIL = "<img src=x onerror='window.pwned=1'><script>window.pwned=1</script>"
"""If any of this becomes an element, ``window.pwned`` is set."""


def table() -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """The rows of :func:`blobs.table`; texts, labels and column names begin with ``EVIL``."""
    frame, vectors = blobs.table()
    return frame.map(lambda value: f"{EVIL}{value}").rename(columns=lambda name: f"{EVIL}{name}"), vectors


class Analyst(OfflineAnalyst):
    """Says what the offline analyst says, with ``EVIL`` before each word of it."""

    name = f"{EVIL}analyst"

    def clusters(self, *how: Any, **more: Any) -> Iterator[ClusterAnalysis]:
        for said in super().clusters(*how, **more):
            named = f"{EVIL[:60]}{said.cluster}"  # names are short
            yield replace(said, name=named, summary=EVIL + said.summary, reasons=(EVIL, *said.reasons), source=self.name)

    def overview(self, *how: Any, **more: Any) -> Overview:
        return replace(super().overview(*how, **more), reason=EVIL, imbalance=EVIL, next=EVIL, source=self.name)

    def selection(self, *how: Any, **more: Any) -> SelectionAnalysis:
        return replace(super().selection(*how, **more), what=EVIL, reasons=(EVIL,), source=self.name)


def widget() -> elute.Widget:
    """A widget on all of it."""
    frame, vectors = table()
    return elute.Widget(
        frame,
        text=f"{EVIL}text",
        label=f"{EVIL}label",
        embedder=vectors,
        clusterer=elute.KMeans(4),
        projector="pca",
        analyst=Analyst(),
    )
