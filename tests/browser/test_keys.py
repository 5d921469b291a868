"""The widget's keys are the widget's: JupyterLab's own X cuts cells, its Z brings them back, its D D deletes them."""

from __future__ import annotations

import blobs
import pytest
from playwright.sync_api import expect
from shortcuts import press_all

pytestmark = pytest.mark.browser


def test_x_drops_and_z_brings_back(fresh):
    notebook, view = fresh
    before = notebook.cells()

    view.lasso(blobs.rows(1))
    view.page.keyboard.press("x")
    view.wait(round=2, kept=90)
    assert notebook.read(2) == blobs.index(blobs.without(1))

    # by the pointer alone: the focus is in the notebook
    notebook.select(1)
    view.map.hover(position={"x": 320, "y": 20})
    view.page.keyboard.press("z")
    view.wait(kept=120)
    view.page.keyboard.press("Shift+Z")
    view.wait(kept=90)
    view.lasso(blobs.rows(2))
    notebook.select(1)
    view.map.hover(position={"x": 320, "y": 20})
    view.page.keyboard.press("x")
    view.wait(kept=60)
    assert notebook.cells() == before
    assert notebook.read(2) == blobs.index(blobs.without(1, 2))


def test_no_key_of_the_widget_reaches_the_notebook(fresh):
    notebook, view = fresh
    press_all(notebook, view)
    expect(view.page.locator(".jp-Dialog")).to_have_count(0)
    view.wait(kept=120)


def test_what_is_typed_is_text(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(1))
    view["search"].click()
    before = notebook.whole()
    view.page.keyboard.type("xzabmyddcv quokka")
    expect(view["search"]).to_have_value("xzabmyddcv quokka")
    view["search"].fill("quokka")
    view.page.keyboard.press("Enter")
    expect(view["search-select"]).to_contain_text("Select 30")
    view.page.keyboard.press("Enter")
    view.wait(selected=30, kept=120)
    assert notebook.whole() == before


def test_ctrl_s_still_saves_the_notebook(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(1))
    notebook.dirty(True)
    view.page.keyboard.press("Control+s")
    notebook.dirty(False)
    view.page.keyboard.press("m")  # and the next plain key is the widget's again
    assert notebook.whole()[0][0][1] == "code"


STEPS = {"Look": ".el-map", "Read": ".el-panel", "Choose": ".el-tools", "Remove, and take back": '[data-test="toolbar-undo"]'}


def test_the_tour_is_walked_by_keys_and_remembered(fresh):
    notebook, view = fresh
    keyboard = view.page.keyboard
    assert view.page.evaluate("localStorage.getItem('elute-tour-seen')") is None
    expect(view["open-keys"].locator(".el-dot")).to_have_count(1)
    view.map.focus()
    before = notebook.whole()
    keyboard.press("?")
    expect(view["tour-start"]).to_be_visible()
    for _ in range(4):
        if view["tour-start"].evaluate("(button) => button.getRootNode().activeElement === button"):
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    for at, (title, about) in enumerate(STEPS.items(), start=1):
        expect(view["tour-title"]).to_have_text(title)
        expect(view["tour-at"]).to_have_text(f"{at} of 4")
        expect(view["tour-next"]).to_be_focused()
        assert lies_in(view.root.locator(about).first, view.root.locator(".el-tour-ring")), f"no ring about {about}"
        assert lies_in(view["tour"], view.root)
        keyboard.press("Enter" if at == 1 else "ArrowRight")
        if at == 2:  # back, and on again
            keyboard.press("ArrowLeft")
            expect(view["tour-title"]).to_have_text(title)
            keyboard.press("ArrowRight")
    expect(view["tour"]).to_have_count(0)
    expect(view["open-keys"]).to_be_focused()
    expect(view["open-keys"].locator(".el-dot")).to_have_count(0)
    assert view.page.evaluate("localStorage.getItem('elute-tour-seen')") == "yes"
    assert notebook.whole() == before and view.told("kept") == 120
    assert notebook.errors == []


def lies_in(element, other):
    (a, b) = (one.bounding_box() for one in (element, other))
    sides = zip("xy", ("width", "height"), strict=True)
    return all(b[at] - 1 <= a[at] and a[at] + a[size] <= b[at] + b[size] + 1 for at, size in sides)
