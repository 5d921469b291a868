"""Nothing decided is lost: not by a reload, not by a restart of the kernel."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_reload_brings_map_decisions_and_selection_back(opened):
    notebook = opened(cells.WIDGET, cells.KEPT, cells.SELECTED)
    notebook.run(0)
    view = notebook.view()
    view.lasso(blobs.rows(0))
    view.press("tray-drop")
    view.wait(round=2, kept=90)
    view.lasso(blobs.rows(3))
    view.wait(selected=30)
    notebook.save()

    notebook.reload()
    # the kernel lives: JupyterLab shows the saved output again, and the page asks for what it lacks
    view = notebook.view().wait(round=2, kept=90, selected=30)
    assert notebook.read(1) == blobs.index(blobs.without(0))
    assert notebook.read(2) == blobs.index(blobs.rows(3))
    view.press("tray-drop")
    view.wait(round=3, kept=60)
    assert notebook.read(1) == blobs.index(blobs.without(0, 3))


def test_a_restarted_kernel_finds_the_decisions(opened):
    notebook = opened(cells.WIDGET, cells.KEPT)
    notebook.run(0)
    view = notebook.view()
    for group in (0, 1):
        view.lasso(blobs.rows(group))
        view.press("tray-drop")
        view.wait(round=group + 2, selected=0)

    notebook.restart()
    expect(view["foot-status"]).to_contain_text("run the cell again", timeout=15_000)
    notebook.run(0)
    view = notebook.view().wait(round=3, kept=60)
    view.press("tab-review")
    expect(view["review-resumed"]).to_contain_text("2 decisions came back")
    assert notebook.read(1) == blobs.index(blobs.without(0, 1))
    view.press("toolbar-undo")
    view.wait(kept=90)
    assert notebook.read(1) == blobs.index(blobs.without(0))
