"""An exported page from disk, with no kernel: it is turned, searched and filtered, a lasso looks inside, nothing leaves it; the tour."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect
from test_axe import AXE
from view import View

import elute

pytestmark = pytest.mark.browser

RUN = "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id }) => id))"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """With texts that are markup, and without any."""
    folder = tmp_path_factory.mktemp("export")
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(4, 12)), 20, axis=0) + 0.1 * rng.normal(size=(80, 12))
    texts = [f"row {row} <script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>" for row in range(80)]
    w = elute.Widget(texts, embedder=X.astype(np.float32), projector="pca", clusterer=elute.KMeans(4), path=folder)
    w.start()
    assert w.wait(60)
    made = [w.export(folder / f"{texts}.html", texts=texts).path for texts in (True, False)]
    w.close()
    return made


def test_it_is_looked_at_and_filtered_with_no_kernel(browser, saved):
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    try:
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(saved[0].as_uri())
        view = View(page, page.locator(".elute")).wait(round=1, kept=80)
        expect(view["exported"]).to_contain_text("It holds every text")
        view.lasso(range(20))
        view.wait(selected=20)
        expect(view["tray-examples"]).to_contain_text("<script>window.pwned = 1</script>")
        expect(view["tray-drop"]).to_have_count(0)
        page.keyboard.press("x")
        view.wait(kept=80, selected=20)
        view["search"].fill("row 7")
        view["search"].press("Enter")
        expect(view["search-says"]).to_contain_text("11 rows hold")
        view["search"].press("Escape")
        view.press("legend-open")
        view["legend-entry"].locator("button").first.click()
        expect(view["legend-hiding"]).to_contain_text("20 rows hidden")
        view.press("tab-points")
        expect(view["points-total"]).to_have_text("80 rows")
        assert asked == [saved[0].as_uri()] and said == [], "it loads nothing, and its policy lets all of its own in"
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("fetch('https://example.com').catch(() => 'refused')") == "refused"
    finally:
        context.close()


@pytest.mark.parametrize(("theme", "width"), [("light", 1400), ("dark", 600)])
def test_the_tour_goes_four_steps_by_key_and_is_remembered(browser, saved, theme, width):
    context = browser.new_context(bypass_csp=True, color_scheme=theme, viewport={"width": width, "height": 900})
    try:
        page = context.new_page()
        page.goto(saved[1].as_uri())
        view = View(page, page.locator(".elute")).wait(round=1)
        view.press("open-keys")
        view.press("tour-start")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for step in range(4):
            expect(view["tour-at"]).to_have_text(f"{step + 1} of 4")
            expect(view["tour-next"]).to_be_focused()
            inside, card = view.root.bounding_box(), view["tour"].bounding_box()
            assert card["x"] >= inside["x"] and card["x"] + card["width"] <= inside["x"] + inside["width"]
            assert page.evaluate(RUN) == []
            page.keyboard.press("ArrowRight")
        expect(view["tour"]).to_have_count(0)
        expect(view["open-keys"]).to_be_focused()
        page.reload()
        expect(view["open-keys"].locator(".el-dot")).to_have_count(0)
    finally:
        context.close()
