"""The report in a real JupyterLab: read on the page, downloaded, and opened as a page of its own that may load nothing."""

from __future__ import annotations

import pytest
from hostile import EVIL
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_report_is_read_saved_and_opened(opened, tmp_path):
    notebook = opened("import hostile\nw = hostile.widget()\nw")
    notebook.run(0)
    view = notebook.view().wait(round=1)
    view.press("tab-review")
    view.press("open-report")
    expect(view["report"].locator("h4").first).to_have_text("In short")
    expect(view["report"]).to_contain_text(EVIL[:60])
    expect(view["report"].locator("img, script, a")).to_have_count(0)

    with view.page.expect_download() as download:
        view.press("report-save-html")
    assert download.value.suggested_filename == "elute-round-1.html"
    path = tmp_path / "report.html"
    download.value.save_as(path)
    view.page.keyboard.press("Escape")
    expect(view["report"]).to_have_count(0)

    page = view.page.context.new_page()
    try:
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(path.as_uri())
        expect(page.locator("h2").first).to_have_text("In short")
        assert asked == [path.as_uri()] and said == [], "it loads nothing, and its style sheet is let in"
        assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
        assert page.evaluate("window.pwned") is None
    finally:
        page.close()

    view.press("open-history")
    with view.page.expect_download() as download:
        view.press("export-map")
    assert download.value.suggested_filename == "elute-map.html"
    assert "were left out" in download.value.path().read_text(encoding="utf-8")
    expect(view["export-told"]).to_contain_text("MB: no text")
    view["history-round"].locator('[data-test="open-report"]').first.click()
    expect(view["popover-report"]).to_contain_text("Round 1")
    assert view.page.evaluate("window.pwned") is None
