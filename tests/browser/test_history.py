"""The history: go back and return, look at a round as it was, show a lasso again; the masks in Python follow."""

from __future__ import annotations

import blobs
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def drop(view, group, **told):
    view.lasso(blobs.rows(group))
    view.press("tray-drop")
    view.wait(**told)


def on(view, what, at, press):
    """Press an action of a round or decision in the open history."""
    view.root.locator(f'[data-test="{what}"]{at}').locator(f'[data-test="{press}"]').click()


def test_going_back_is_a_decision_that_undo_takes_back(fresh):
    notebook, view = fresh
    drop(view, 0, round=2, kept=90)
    drop(view, 3, round=3, kept=60)
    assert notebook.read(2) == blobs.index(blobs.without(0, 3))

    view.press("open-history")
    expect(view["history-decision"]).to_have_count(2)
    on(view, "history-round", '[data-number="1"]', "history-goto")
    view.wait(round=1, kept=120)
    assert notebook.read(2) == blobs.index(blobs.without())
    expect(view["foot-status"]).to_contain_text("Went back to round 1")
    expect(view["popover-history"].get_by_text("not in force")).to_have_count(2)

    view.page.keyboard.press("Escape")
    view.press("toolbar-undo")
    view.wait(round=3, kept=60)
    assert notebook.read(2) == blobs.index(blobs.without(0, 3))

    view.press("open-history")
    decision = view["history-decision"].last  # the first drop
    decision.hover()
    decision.locator('[data-test="history-goto"]').click()
    view.wait(round=2, kept=90)
    assert notebook.read(2) == blobs.index(blobs.without(0))
    view["history-goto"].last.click()  # the table as it came in
    view.wait(kept=120)
    assert notebook.errors == []


def test_an_earlier_round_is_looked_at_and_nothing_changes(fresh):
    notebook, view = fresh
    drop(view, 1, round=2, kept=90)
    view.press("open-history")
    on(view, "history-round", '[data-number="1"]', "history-look")
    expect(view["looking"]).to_contain_text("round 1")
    view.wait(round=1, kept=120)
    assert len(view.places()) == 120
    view.press("tab-metrics")
    expect(view["metrics-looking"]).to_contain_text("round 1")
    assert notebook.read(2) == blobs.index(blobs.without(1))

    view.press("looking-now")
    view.wait(round=2, kept=90)
    expect(view["looking"]).to_have_count(0)
    assert len(view.places()) == 90
    assert notebook.errors == []


def test_a_lasso_is_shown_again_as_it_was_drawn(fresh):
    notebook, view = fresh
    drop(view, 2, round=2, kept=90)
    view.press("open-history")
    expect(view["history-decision"]).to_contain_text("Dropped 30 rows")
    expect(view["history-decision"]).to_contain_text("by lasso")
    on(view, "history-decision", "", "history-show")
    expect(view["looking"]).to_contain_text("30 rows")
    lit = view.root.evaluate("(root) => [...(root.__elute.store.state.revisited?.rows ?? [])]")
    assert lit == blobs.rows(2)
    assert view.told("selected") == 0
    assert notebook.read(2) == blobs.index(blobs.without(2))
    view.press("looking-now")
    view.wait(round=2, kept=90)
    assert notebook.errors == []
