"""A narrow notebook still shows all that is needed."""

from __future__ import annotations

import blobs
import pytest
from conftest import WIDE
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_at_600_px_a_lasso_is_dropped(fresh):
    notebook, view = fresh
    page = notebook.page
    try:
        wide = view.root.bounding_box()["width"]
        page.set_viewport_size({"width": round(WIDE["width"] - wide + 600), "height": 1000})
        page.wait_for_function("(root) => Math.abs(root.clientWidth - 600) <= 2", arg=view.root.element_handle())
        for name in ("tool-lasso", "dim-2d", "search", "toolbar-undo", "open-settings", "map", "tab-clusters", "foot-status"):
            expect(view[name]).to_be_visible()
        assert view.root.evaluate("(root) => root.scrollWidth <= root.clientWidth"), "something sticks out"

        view.lasso(blobs.rows(0))
        view.wait(selected=30)
        for name in ("tray-count", "tray-drop", "tray-save", "tray-keep-only"):
            inside(view[name], view.root)
        view.press("tray-drop")
        view.wait(round=2, kept=90)
        assert notebook.read(2) == blobs.index(blobs.without(0))
    finally:
        page.set_viewport_size(WIDE)


def inside(element, root):
    """Whole, and not cut off at the side."""
    expect(element).to_be_in_viewport(ratio=1)
    a, b = element.bounding_box(), root.bounding_box()
    assert b["x"] <= a["x"] and a["x"] + a["width"] <= b["x"] + b["width"]
