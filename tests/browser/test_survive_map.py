"""The graphics context is lost: the page says so, the selection stays, and the map is drawn again when there is one."""

from __future__ import annotations

import base64

import blobs
import card
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LOSE = """(root) => {
  const gl = root.querySelector(".elute-map canvas").getContext("webgl2");
  window.__lose = gl.getExtension("WEBGL_lose_context");
  window.__lose.loseContext();
}"""
# How many different colours a picture shows.
COLOURS = """async (png) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const g = new OffscreenCanvas(image.width, image.height).getContext("2d");
  g.drawImage(image, 0, 0);
  return new Set(new Uint32Array(g.getImageData(0, 0, image.width, image.height).data.buffer)).size;
}"""


def coloured(view):
    """How many colours are in the middle of the map, where only points are."""
    picture = view.map.locator("canvas").first.screenshot()
    return view.page.evaluate(COLOURS, base64.b64encode(picture).decode())


def test_a_lost_context_comes_back_with_the_selection(opened):
    notebook = opened(cells.FRESH, cells.SELECTED, cells.KEPT, script=card.SCRIPT)
    notebook.run(0)
    view = notebook.view()
    assert view.root.evaluate("(root) => root.__elute.scatter.backend") == "webgl"
    view.lasso(blobs.rows(2))
    view.wait(selected=30)

    view.root.evaluate(LOSE)
    expect(view["map-message"]).to_contain_text("graphics context was lost")
    assert view.told("selected") == 30
    assert notebook.read(1) == blobs.index(blobs.rows(2))
    view["tray-drop"].wait_for()

    view.page.evaluate("window.__lose.restoreContext()")
    expect(view["map-message"]).to_have_count(0)
    view.places()  # the map stands still
    assert coloured(view) > 20
    assert view.told("selected") == 30
    view.press("tray-drop")
    view.wait(round=2, kept=90, selected=0)
    view.lasso(blobs.rows(0))
    view.wait(selected=30)
    assert notebook.read(2) == blobs.index(blobs.without(2))
