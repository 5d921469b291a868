"""Several views of one widget, and one widget shown again and again."""

from __future__ import annotations

import blobs
import card
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# Counts the WebGL2 contexts that a page holds.
CONTEXTS = """{
  const made = (window.contexts = []);
  const get = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...how) {
    const found = get.call(this, kind, ...how);
    if (kind === "webgl2" && found && !made.includes(found)) made.push(found);
    return found;
  };
}"""
LIVE = "window.contexts.filter((context) => !context.isContextLost()).length"


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


def test_running_the_cell_again_leaves_nothing_behind(opened):
    notebook = opened(cells.WIDGET, script=CONTEXTS + card.SCRIPT)
    page = notebook.page
    for _ in range(5):
        notebook.run(0)
        notebook.view().wait(kept=120)
        expect(page.locator(".elute")).to_have_count(1)
        page.wait_for_function(f"{LIVE} === 1", timeout=5000)
    assert page.evaluate("window.contexts.length") == 6  # five maps, and one look at what the browser has
    assert notebook.errors == []
