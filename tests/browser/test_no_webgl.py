"""Without WebGL2 the page says so, and all but the map works."""

from __future__ import annotations

import blobs
import cells
import pytest
from conftest import WIDE, a_notebook, launch
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_tables_work_without_webgl2(lab, playwright):
    browser = launch(playwright, ["--disable-gpu", "--disable-software-rasterizer"])
    with a_notebook(lab, browser.new_context(viewport=WIDE), "no-webgl", [cells.WIDGET, cells.SELECTED, cells.KEPT]) as notebook:
        notebook.run(0)
        view = notebook.view()
        expect(view["map-message"]).to_contain_text("WebGL2")
        expect(view["cluster-row"]).to_have_count(4)

        view["cluster-row"].first.click()
        view.wait(selected=30)
        gone = notebook.read(1)
        assert len(gone) == 30
        view.press("tray-drop")
        view.wait(round=2, kept=90)
        assert notebook.read(2) == [name for name in blobs.index(blobs.without()) if name not in gone]
        view.press("toolbar-undo")
        view.wait(kept=120)
        assert notebook.errors == []
    browser.close()
