"""Text from data and from an analyst reaches the page as text, never as HTML."""

from __future__ import annotations

import blobs
import pytest
from hostile import EVIL
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_what_is_html_stays_text(opened):
    notebook = opened("import hostile\nw = hostile.widget()\nw")
    notebook.run(0)
    view = notebook.view()
    first = view.root.locator(".el-name").first

    expect(first).to_contain_text(EVIL[:60])
    expect(view.map).to_contain_text(EVIL[:60])

    view.lasso(blobs.rows(2))
    expect(view["tray-examples"]).to_contain_text(f"{EVIL}cassock number")
    expect(view["tray-examples"].locator(".el-tag").first).to_have_text(f"{EVIL}cassock")
    expect(view["tray-explanation"]).to_contain_text(EVIL, timeout=20_000)
    view.press("tray-save")
    view["save-name"].fill(EVIL)
    view.press("save-confirm")
    expect(view["foot-status"]).to_contain_text("Saved 30 rows")
    view.press("open-saved")
    expect(view["popover-saved"]).to_contain_text(EVIL[:60])
    view.press("tray-clear")

    view.press("tab-points")
    expect(view["point"].first).to_contain_text(f"{EVIL}quokka number 0")
    view["point"].first.locator("button").first.click()
    expect(view["point"].first.locator(".el-open")).to_have_text(f"{EVIL}quokka number 0")
    expect(view["points-within"]).to_contain_text(EVIL[:60])

    view.press("tab-review")
    expect(view["review-overview"]).to_contain_text(EVIL)
    expect(view["review-card"].first).to_contain_text(EVIL)

    x, y = view.places()[0]
    view.map.hover(position={"x": x, "y": y})
    expect(view["hover"]).to_contain_text(EVIL)

    expect(view.root.locator("img, script")).to_have_count(0)
    assert view.page.evaluate("window.pwned") is None
