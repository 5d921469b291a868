"""The main job: lasso, drop, the mask in the next cell, undo."""

from __future__ import annotations

import blobs
import pytest

pytestmark = pytest.mark.browser


def test_a_lasso_is_dropped_and_brought_back(fresh):
    notebook, view = fresh

    view.lasso(blobs.rows(2))
    view.wait(selected=30)
    assert notebook.read(1) == blobs.index(blobs.rows(2))

    view.press("tray-drop")
    view.wait(round=2, kept=90, selected=0)
    assert notebook.read(2) == blobs.index(blobs.without(2))
    assert notebook.read(1) == []

    view.press("toolbar-undo")
    view.wait(round=1, kept=120)
    assert notebook.read(2) == blobs.index(blobs.without())
    assert notebook.errors == []


def test_two_drops_leave_the_other_rows(fresh):
    notebook, view = fresh

    view.lasso(blobs.rows(0))
    view.press("tray-drop")
    view.wait(round=2, kept=90)
    assert notebook.read(2) == blobs.index(blobs.without(0))

    view.lasso(blobs.rows(3))
    view.press("tray-drop")
    view.wait(round=3, kept=60)
    assert notebook.read(2) == blobs.index(blobs.without(0, 3))

    view.press("toolbar-undo")
    view.wait(kept=90)
    view.press("toolbar-undo")
    view.wait(kept=120)
    view.press("toolbar-redo")
    view.wait(kept=90)
    assert notebook.read(2) == blobs.index(blobs.without(0))


def test_keep_only_drops_the_rest(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(1))
    view.press("tray-keep-only")
    view.wait(round=2, kept=30, selected=0)
    assert notebook.read(2) == blobs.index(blobs.rows(1))
    assert notebook.read(1) == [], "what was decided about is selected no more"
