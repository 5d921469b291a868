"""The main job: lasso, drop, look at the mask, undo."""

from __future__ import annotations

import blobs
import pytest

pytestmark = pytest.mark.browser

WIDGET = """import json, blobs, elute
df, vectors = blobs.table()
w = elute.Widget(df, text="text", label="label", embedder=vectors, clusterer=elute.KMeans(4), projector="pca")
w"""
SELECTED = "print(json.dumps(df[w.selected].index.tolist()))"
KEPT = "print(json.dumps(df[w.keep].index.tolist()))"
EVERY = list(range(120))


def without(*groups: int) -> list[int]:
    return [row for row in EVERY if row % 4 not in groups]


def test_a_lasso_is_dropped_and_brought_back(opened):
    notebook = opened(WIDGET, SELECTED, KEPT)
    notebook.run(0)
    view = notebook.view().wait(round=1, kept=120, selected=0)

    view.lasso(blobs.rows(2))
    view.wait(selected=30)
    assert notebook.read(1) == blobs.index(blobs.rows(2))

    view.press("tray-drop")
    view.wait(round=2, kept=90, selected=0)
    assert notebook.read(2) == blobs.index(without(2))
    assert notebook.read(1) == []

    view.press("toolbar-undo")
    view.wait(round=1, kept=120)
    assert notebook.read(2) == blobs.index(EVERY)
