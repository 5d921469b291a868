"""No violation that axe-core knows, on all that the widget can show, in light and dark."""

from __future__ import annotations

from pathlib import Path

import blobs
import pytest
from conftest import WIDE

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async (root, only) => {
  const { passes, violations } = await axe.run(root, { resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) });
  if (passes.length === 0) throw new Error("axe looked at nothing");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html.slice(0, 120)} (${any[0]?.message ?? ""})`));
}"""
SHOW = "(root, view) => root.__elute.store.show(view)"
TABS = ("clusters", "points", "metrics", "review")
POPOVERS = ("history", "settings", "saved", "keys", "map", "more", "columns", "analyst", "report")


@pytest.mark.parametrize(
    ("theme", "only"), [("Light", None), ("Dark", ["color-contrast"])]
)  # colours are all that a theme changes
def test_no_violation(fresh, theme, only):
    notebook, view = fresh
    page = notebook.page
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = {}

    def look(state, **shown):
        if shown:
            view.root.evaluate(SHOW, shown)
        page.wait_for_timeout(200)  # what fades in is seen whole
        said = view.root.evaluate(RUN, only)
        if said:
            found[state] = said

    try:
        for tab in TABS:
            look(tab, tab=tab)
        for popover in POPOVERS:
            look(popover, popover=popover)
        view.root.evaluate(SHOW, {"popover": "", "tab": "clusters"})
        view.press("map-fit")  # the Review tab flew to a cluster
        view.lasso(blobs.rows(0))
        view.wait(selected=30)
        look("tray")
        look("tray, naming", naming="mine")
        view.root.evaluate(SHOW, {"naming": None, "dim": "both"})
        page.set_viewport_size({"width": 760, "height": 1000})
        look("narrow, both maps")
        assert found == {}
    finally:
        page.set_viewport_size(WIDE)
        view.root.evaluate(SHOW, {"naming": None, "dim": "3d"})
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
