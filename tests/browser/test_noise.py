"""Noise is what people come to find: by lasso and by its own row of the table, saved under a name."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SAVED = "print(json.dumps({name: df[mask].index.tolist() for name, mask in w.selections.items()}))"


def test_noise_is_saved_under_a_name(opened):
    notebook = opened(cells.DBSCAN, SAVED, cells.KEPT)
    notebook.run(0)
    view = notebook.view().wait(round=1, kept=132)

    view.lasso(blobs.scattered())
    save(view, "noise", 12)
    assert notebook.read(1) == {"noise": blobs.index(blobs.scattered())}

    view.press("tray-clear")
    view.wait(selected=0)
    view.root.locator('tr[data-cluster="-1"]').click()
    view.wait(selected=12)
    expect(view.root.locator('tr[data-cluster="-1"]')).to_have_attribute("aria-selected", "true")
    save(view, "noise by row", 12)
    assert notebook.read(1)["noise by row"] == blobs.index(blobs.scattered())

    view.press("tray-drop")
    view.wait(round=2, kept=120)
    assert notebook.read(2) == blobs.index(blobs.without())
    expect(view.root.locator('tr[data-cluster="-1"]')).to_have_count(0)


def save(view, name, count):
    view.press("tray-save")
    view["save-name"].fill(name)
    view.press("save-confirm")
    expect(view["foot-status"]).to_contain_text(f"Saved {count} rows")
