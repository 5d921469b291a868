"""Cells that run again and lassos leave nothing behind on the page."""

from __future__ import annotations

import card
import cells
import census
import pytest
from playwright.sync_api import expect
from torture import times, torture

pytestmark = pytest.mark.browser

RUNS = times(5, 20)
LASSOS = times(15, 40)

NOTE = """(root) => {
  const { store, scatter } = root.__elute;
  (window.__seen ??= []).push([root, store, scatter].map((one) => new WeakRef(one)));
}"""
ALIVE = "() => window.__seen.map((refs) => refs.some((one) => one.deref()))"


@torture
def test_runs_and_lassos_leave_nothing(opened):
    notebook = opened(cells.FRESH, script=census.SCRIPT + card.SCRIPT)
    for _ in range(RUNS):
        notebook.run(0)
        view = notebook.view().wait(round=1)
        view.root.evaluate(NOTE)
        expect(notebook.page.locator(".elute")).to_have_count(1)
    assert census.take(notebook.page).contexts == 1
    assert notebook.page.evaluate(ALIVE) == [False] * (RUNS - 1) + [True], "a widget that is gone is still held"

    view.map.scroll_into_view_if_needed()
    view.press("tool-lasso")
    before = after_lassos(view, 10)
    grown = after_lassos(view, LASSOS) - before
    assert grown.contexts == 0
    assert grown.listeners <= 40
    assert grown.nodes <= 0.02 * before.nodes
    assert grown.heap <= 0.05 * before.heap
    assert notebook.errors == []


def after_lassos(view, count):
    """What the page holds once the tray has said all of the last selection: that comes when one stops, and is no leak."""
    for number in range(count):
        view.drag([(300 + number, 120), (420, 150), (400, 320 + number), (260, 260)])
    view.page.wait_for_timeout(1000)
    view.wait(round=1)
    return census.take(view.page)
