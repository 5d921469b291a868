"""Several views of one widget."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_two_views_show_the_same(opened):
    notebook = opened(f"{cells.WIDGET[:-1]}from IPython.display import display\ndisplay(w, w)", cells.KEPT)
    notebook.run(0)
    one, other = notebook.view(0), notebook.view(1)
    one.lasso(blobs.rows(1))
    other.wait(selected=30)
    expect(other["tray-count"]).to_have_text("30 selected")
    other.press("tray-drop")
    for view in (one, other):
        view.wait(round=2, kept=90, selected=0)
    one.press("toolbar-undo")
    for view in (one, other):
        view.wait(round=1, kept=120)
    assert notebook.read(1) == blobs.index(blobs.without())
