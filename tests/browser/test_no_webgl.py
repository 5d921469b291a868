"""Without WebGL2 the map is drawn by typed arrays, and all works as with it."""

from __future__ import annotations

import blobs
import cells
import pytest
from conftest import WIDE, a_notebook, launch
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# How many different colours the points' canvas shows.
COLOURS = """(root) => {
  const canvas = root.querySelector(".elute-map canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def test_the_map_works_without_webgl2(lab, playwright):
    browser = launch(playwright, ["--disable-gpu", "--disable-software-rasterizer"])
    with a_notebook(lab, browser.new_context(viewport=WIDE), "no-webgl", [cells.WIDGET, cells.SELECTED, cells.KEPT]) as notebook:
        notebook.run(0)
        view = notebook.view()
        assert view.root.evaluate("() => document.createElement('canvas').getContext('webgl2')") is None
        assert view.root.evaluate("(root) => root.__elute.scatter.backend") == "software"
        expect(view["map-message"]).to_have_count(0)
        assert view.root.evaluate(COLOURS) > 10

        rows = blobs.rows(0)
        view.lasso(rows)
        view.wait(selected=len(rows))
        assert notebook.read(1) == blobs.index(rows)
        view.press("tray-drop")
        view.wait(round=2, kept=120 - len(rows))
        view.press("toolbar-undo")
        view.wait(kept=120)
        assert notebook.errors == []
    browser.close()
