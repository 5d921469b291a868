"""Lasso and box, and what they do with what was selected before."""

from __future__ import annotations

import re

import blobs
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def groups(*numbers):
    return blobs.index(sorted(row for number in numbers for row in blobs.rows(number)))


def test_add_subtract_intersect_by_button(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(0), tool="box")
    view.press("op-add")
    view.lasso(blobs.rows(1), tool="box")
    view.wait(selected=60)
    assert notebook.read(1) == groups(0, 1)
    view.press("op-intersect")
    view.lasso(blobs.rows(1))
    assert notebook.read(1) == groups(1)
    view.press("op-subtract")
    view.lasso(blobs.rows(2))
    assert notebook.read(1) == groups(1)
    view.lasso(blobs.rows(1))
    view.wait(selected=0)
    assert notebook.read(1) == []


def test_add_subtract_intersect_by_key(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(0))
    view.lasso(blobs.rows(1), keys="Shift")
    view.lasso(blobs.rows(2), keys="Shift")
    view.wait(selected=90)
    view.lasso(blobs.rows(0), keys="Alt")
    assert notebook.read(1) == groups(1, 2)
    view.lasso(blobs.rows(2), keys="Shift+Alt")
    assert notebook.read(1) == groups(2)
    view.lasso(blobs.rows(3))
    assert notebook.read(1) == groups(3)


def test_escape_in_mid_drag_restores(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(0))
    view.lasso(blobs.rows(1), end="Escape")
    view.wait(selected=30)
    assert notebook.read(1) == groups(0)
    view.map.focus()
    view.page.keyboard.press("Escape")
    view.wait(selected=0)
    assert notebook.read(1) == []


def test_the_lasso_takes_whole_clusters(fresh):
    notebook, view = fresh
    view.press("tool-box")
    places = view.places()

    def left(group, count):
        """A box about the leftmost rows of a group."""
        by_x = sorted(places[row] for row in blobs.rows(group))
        edge = (by_x[count - 1][0] + by_x[count][0]) / 2
        ys = [y for _, y in by_x]
        return [(by_x[0][0] - 9, min(ys) - 9), (edge, max(ys) + 9)]

    view.drag(left(2, 20))
    view.wait(selected=20)
    view.press("takes")
    view.drag(left(2, 20))
    view.wait(selected=30)
    assert notebook.read(1) == groups(2)
    view.drag(left(2, 10))  # most of it is outside
    view.wait(selected=0)


def test_the_table_shows_what_the_lasso_takes(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(1))
    lit = view["cluster-row"].and_(view.root.locator(".el-lit"))
    expect(lit).to_have_count(1)
    expect(lit.locator('[data-test="cluster-rows"]')).to_have_text(re.compile(r"30\s*/\s*30"))
    view["cluster-row"].and_(view.root.locator(":not(.el-lit)")).first.click()
    view.wait(selected=30)
    assert notebook.read(1) != groups(1)
    view.press("tab-points")
    view["points-within"].select_option("selection")
    expect(view["points-total"]).to_have_text("30 rows")


def test_a_lasso_in_the_flat_map(fresh):
    notebook, view = fresh
    view.press("dim-both")
    view.lasso(blobs.rows(0), dim=2)
    assert notebook.read(1) == groups(0)
    view.press("dim-2d")
    view.lasso(blobs.rows(1), dim=2)
    assert notebook.read(1) == groups(1)
    view.press("dim-3d")
    view.wait(selected=30)


def test_what_turns_is_taken_where_it_is(fresh):
    notebook, view = fresh
    before = view.places()
    view.press("tool-turn")
    view.drag([(100, 300), (160, 330), (230, 340)])
    assert view.places() != before
    view.wait(selected=0)
    view.lasso(blobs.rows(3))
    assert notebook.read(1) == groups(3)


def test_what_a_cell_selects_is_lit(fresh):
    notebook, view = fresh
    assert notebook.run(3) == "30"
    view.wait(selected=30)
    expect(view["tray-count"]).to_have_text("30 selected")
    view.lasso(blobs.rows(0), keys="Shift")
    view.wait(selected=60)
    assert notebook.read(1) == groups(0, 2)
