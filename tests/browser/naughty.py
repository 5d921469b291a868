"""A table of which every word is naughty: texts, labels, column names and cluster names."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import elute
from elute.analyze import ClusterAnalysis, Overview, SelectionAnalysis

# They run, or ask for something, wherever a page takes text for HTML, for script, for a template or for an address.
OWN = (
    "<img src=x onerror='window.__pwned=1'>",
    "<svg/onload=window.__pwned=1>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'>",
    "javascript:window.__pwned=1",
    "{{constructor.constructor('window.__pwned=1')()}}",
    "${window.__pwned=1}",
    "<link rel=stylesheet href=//naughty.invalid/x.css>",
    '"><img src=//naughty.invalid/x.png>',
    "'><style>@import '//naughty.invalid/y.css';</style>",
)


def strings() -> list[str]:
    """The big list of naughty strings, and a few more; those that are empty are no texts."""
    listed = json.loads(Path(os.environ["BLNS"]).read_text(encoding="utf-8"))
    return [told for told in (*OWN, *listed) if told.strip()]


class Analyst(elute.OfflineAnalyst):
    """Says what the offline analyst says, in naughty words, one string after the other."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._words = cycle(told)

    def _say(self) -> str:
        return next(self._words)

    def clusters(self, *how: Any, **more: Any) -> Iterator[ClusterAnalysis]:
        for said in super().clusters(*how, **more):
            yield replace(
                said, name=self._say()[:60], summary=self._say(), reasons=(self._say(), self._say()), source=self._say()
            )

    def overview(self, *how: Any, **more: Any) -> Overview:
        words = {name: self._say() for name in ("reason", "imbalance", "next", "source")}
        return replace(super().overview(*how, **more), **words)

    def selection(self, *how: Any, **more: Any) -> SelectionAnalysis:
        return replace(super().selection(*how, **more), what=self._say(), reasons=(self._say(),), source=self._say())


def widget(words: bool = False) -> elute.Widget:
    """Each string as a text and as a label; the first also name columns and clusters. ``words``: in an analyst's, too, and as tags."""
    told = strings()
    random = np.random.default_rng(0)
    columns = {f"{name} ": random.normal(size=len(told)) for name in told[: len(OWN)]}
    frame = pd.DataFrame({"<b>text": told, "<i>label": told[::-1], **columns})
    vectors = np.eye(8)[np.arange(len(told)) % 8] + 0.05 * random.normal(size=(len(told), 8))
    session = elute.Session(
        frame,
        text="<b>text",
        label="<i>label",
        embedder=vectors,
        clusterer=elute.KMeans(8),
        projector="pca",
        analyst=Analyst(told) if words else "offline",
        task=told[0] if words else "",
    )
    session.run()
    for cluster, name in enumerate(told[:8]):
        session.rename(cluster, name[:60])
    if words:
        for row, name in enumerate(told[: len(OWN)]):
            session.select([row])
            session.save(name[:60])
            session.tag([row], name[:60])
        session.select([])
        session.drop([0], reason=told[0])
        session.undo()
        session.run()
        session.analyze()
    return elute.Widget(session)
