"""The report of a whole session in a browser, from disk: it loads nothing, axe finds nothing, and it fits a phone."""

from __future__ import annotations

import numpy as np
import pytest
from test_axe import AXE

import elute

pytestmark = pytest.mark.browser

RUN = "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id }) => id))"
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Three rounds with drops between, over texts and labels that are markup."""
    folder = tmp_path_factory.mktemp("report")
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(6, 12)), 40, axis=0) + 0.2 * rng.normal(size=(240, 12))
    texts = [f"row {row} <script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>" for row in range(240)]
    s = elute.Session(texts, embedder=X.astype(np.float32), projector="pca", clusterer=elute.KMeans(6), path=folder)
    for _ in range(3):
        s.run()
        s.drop(np.flatnonzero(s.keep)[:9], reason="<b>nine</b>")
    return s.whole_report(title="Purified <i>set</i>").save(folder / "report.html")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser, saved, theme):
    context = browser.new_context(bypass_csp=True, color_scheme=theme)  # axe is a script, and the page lets none in
    try:
        page = context.new_page()
        page.goto(saved.as_uri())
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN) == []
    finally:
        context.close()


def test_it_opens_from_disk_loads_nothing_and_fits_a_phone(browser, saved):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(saved.as_uri())
        assert page.evaluate(PAINTED) < 2000
        assert asked == [saved.as_uri()] and said == [], "it loads nothing, and its style sheet is let in"
        assert page.evaluate("document.documentElement.scrollWidth") == 360, "only tables scroll sideways"
        assert page.locator("svg.map").count() == 3 and page.locator("script, img, a").count() == 0
        assert page.evaluate("window.pwned") is None and page.locator("h1").inner_text() == "Purified <i>set</i>"
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.querySelector('.wide')).overflowX") == "visible"
    finally:
        context.close()
