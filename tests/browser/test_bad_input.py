"""Tables and days that nobody hopes for: the widget shows what there is, and says what is wrong."""

from __future__ import annotations

import cells
import odd
import pytest
from conftest import WIDE
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ODD = "import json, odd\nw = None"
SELECTED = "print(json.dumps(w.selected.nonzero()[0].tolist()))"
NEXT = "w.close()\nw = odd.{}\nw"
# Frames come to a page that is hidden when it is shown again, and not before.
HIDE = """(() => {
  const frame = window.requestAnimationFrame.bind(window);
  const late = [];
  let hidden = false;
  Object.defineProperty(document, "hidden", { get: () => hidden });
  Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible") });
  window.requestAnimationFrame = (step) => (hidden ? -late.push(step) : frame(step));
  window.__hide = (now) => {
    hidden = now;
    document.dispatchEvent(new Event("visibilitychange"));
    if (!now) for (const step of late.splice(0)) frame(step);
  };
})();"""


# A sleep that nothing else in the kernel gets past, not even the thread that answers the page.
HELD = "import ctypes\nctypes.PyDLL(None).sleep(5)"


def test_tables_of_no_one_and_two_rows(opened):
    notebook = opened(
        ODD, "w = odd.widget([])\nw", NEXT.format("widget(['alone'])"), NEXT.format("widget(['one', 'other'])"), SELECTED
    )
    notebook.run(0)
    notebook.run(1)
    expect(notebook.view(drawn=False)["foot-status"]).to_contain_text("No row with a text")
    for index, rows in ((2, [0]), (3, [0, 1])):
        notebook.run(index)
        view = notebook.view().wait(kept=len(rows))
        expect(view["cluster-row"]).to_have_count(1)
        view["cluster-row"].first.click()
        view.wait(selected=len(rows))
        assert notebook.read(4) == rows
    view.press("tray-drop")
    view.wait(kept=0)
    view.press("toolbar-undo")
    view.wait(kept=2)
    assert notebook.errors == []


def test_one_place_500_clusters_5000_labels(opened):
    shown = [NEXT.format(f"{name}()") for name in ("many_clusters", "many_labels")]
    notebook = opened(ODD, "w = odd.one_place()\nw", *shown, SELECTED)
    notebook.run(0)
    notebook.run(1)
    view = notebook.view().wait(kept=100)
    view.lasso(range(100))  # all of them, in one place
    view.wait(selected=100)
    assert notebook.read(4) == list(range(100))

    notebook.run(2)
    view = notebook.view().wait(kept=2000)
    try:
        wide = view.root.bounding_box()["width"]
        for width in (600, 2400):
            notebook.page.set_viewport_size({"width": round(WIDE["width"] - wide + width), "height": 1000})
            notebook.page.wait_for_function(
                "([root, width]) => Math.abs(root.clientWidth - width) <= 3", arg=[view.root.element_handle(), width]
            )
            assert view.root.evaluate("(root) => root.scrollWidth <= root.clientWidth"), f"something sticks out at {width} px"
            view["cluster-row"].first.click()
            view.wait(selected=4)
            expect(view["tray-count"]).to_be_visible()
    finally:
        notebook.page.set_viewport_size(WIDE)
    assert len(notebook.read(4)) == 4

    notebook.run(3)
    view = notebook.view().wait(kept=5000)
    view.root.evaluate("(root) => root.__elute.store.show({ colourBy: 'label' })")
    view["cluster-row"].first.click()
    expect(view["tray-count"]).to_contain_text("selected")
    view.press("tab-points")
    expect(view["points-total"]).to_have_text("5,000 rows")
    assert notebook.errors == []


def test_a_text_of_10_mb_and_signs_of_all_scripts(opened):
    notebook = opened(ODD, "w = odd.signs()\nw", SELECTED, "print(json.dumps(w.keep.tolist()))")
    notebook.run(0)
    notebook.run(1)
    view = notebook.view().wait(kept=27)
    view.press("tab-points")
    expect(view["points"]).to_contain_text(odd.SIGNS[0])
    expect(view["points"]).to_contain_text(odd.SIGNS[3])
    assert len(view["points"].inner_text()) < 100_000, "a whole book in a list"
    view.root.evaluate("(root) => root.__elute.store.show({ tab: 'clusters' })")
    view["cluster-row"].first.click()
    expect(view["tray-count"]).to_contain_text("selected")
    assert all(notebook.read(3))
    assert notebook.errors == []


def test_hidden_slow_and_dead(opened):
    later = "import time\ntime.sleep(1)\nw.session.drop(df.label == 'bramble')"
    notebook = opened(cells.FRESH, HELD, cells.SELECTED, later, "import os; os._exit(1)", script=HIDE)
    page = notebook.page
    notebook.run(0)
    view = notebook.view().wait(round=1, kept=120)
    notebook.start(3)
    page.evaluate("window.__hide(true)")
    for _ in range(100):
        page.wait_for_timeout(100)
        if view.root.evaluate("(root) => root.__elute.store.state.session.kept") == 90:
            break
    page.evaluate("window.__hide(false)")
    view.wait(round=2, kept=90)

    notebook.start(1)
    view["cluster-row"].nth(1).click()
    view.wait(selected=30)  # at once: the page does not wait for the kernel
    page.wait_for_function(
        "(i) => window.jupyterapp.shell.currentWidget.content.widgets[i].model.executionState === 'running'", arg=1
    )
    expect(view["foot-status"]).to_contain_text("busy", timeout=4500)
    expect(view["foot-status"]).not_to_contain_text("busy", timeout=10_000)
    assert len(notebook.read(2)) == 30

    notebook.start(4)
    expect(view["foot-status"]).to_contain_text("run the cell again", timeout=20_000)
    expect(view["foot-status"]).to_contain_text("Everything decided is saved")
