"""The two tables: what is sorted, named, picked, filtered and reached there, and what of it Python knows."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

COLUMNS = """df["price"] = [7 * row % 50 for row in range(len(df))]
df["shelf"] = [["beta", "alpha", None][row % 3] for row in range(len(df))]
"""
SHELVES = cells.WIDGET.replace("w = elute", f"{COLUMNS}w = elute")
NAMES = "print(json.dumps(sorted(w.session.names.values())))"

# A list of a million rows, as Python would send it: only the page's side of it is tried.
MILLION = """(root) => {
  const { reading } = root.__elute.store;
  const rest = { clipped: false, label: null, cluster: 0, kept: true, flags: [], values: [], similarity: null };
  const point = (row) => ({ row, text: `row ${row}`, ...rest });
  reading.want = () => {};
  reading.at = point;
  // an answer that is still on its way says 120
  Object.defineProperty(reading, "total", { get: () => 1e6, set: () => {} });
  root.__elute.store.set({});
}"""
BOTTOM = "(list) => { list.scrollTop = list.scrollHeight }"


def order(view):
    """The clusters in the order of the table."""
    return [int(row.get_attribute("data-cluster")) for row in view["cluster-row"].all()]


def whole(view):
    """The clusters that are selected as a whole."""
    rows = view.root.locator('[data-test="cluster-row"][aria-selected="true"]')
    return sorted(int(row.get_attribute("data-cluster")) for row in rows.all())


def rows_of(view, clusters):
    """The rows of clusters, by the index of the table; blobs hold one group a cluster."""
    told = view.root.evaluate("(root) => [...root.__elute.store.state.shown]")
    return sorted(blobs.index([row for row, label in enumerate(told) if label in clusters]))


def test_clusters_are_sorted_by_two_columns(fresh):
    _, view = fresh
    expect(view.root.locator("th[aria-sort=descending]")).to_contain_text("foreign")
    # all have 30 rows, so the second column decides
    view["sort-size"].click()
    view["sort-name"].click(modifiers=["Shift"])
    names = [name.inner_text() for name in view["cluster-name"].all()]
    assert names == sorted(names) and len(names) == 4
    expect(view["sort-size"]).to_contain_text("1")
    expect(view["sort-name"]).to_contain_text("2")
    view["sort-name"].click(modifiers=["Shift"])
    assert [name.inner_text() for name in view["cluster-name"].all()] == names[::-1]


def test_a_name_is_edited_in_place(opened):
    notebook = opened(cells.WIDGET, NAMES)
    notebook.run(0)
    view = notebook.view()
    before = notebook.read(1)
    old = view["cluster-name"].first.inner_text()

    view["cluster-name"].first.dblclick()
    view.page.keyboard.type("zxy <b>new</b>")
    view.page.keyboard.press("Escape")
    expect(view["cluster-name"].first).to_have_text(old)
    assert notebook.read(1) == before

    view["cluster-name"].first.dblclick()
    expect(view["cluster-name-field"]).to_be_focused()
    view.page.keyboard.type("zxy <b>new</b>")
    view.page.keyboard.press("Enter")
    expect(view["cluster-name"].first).to_have_text("zxy <b>new</b>")
    view.wait(kept=120)
    assert notebook.read(1) == sorted([*(name for name in before if name != old), "zxy <b>new</b>"])
    view.press("toolbar-undo")
    expect(view["cluster-name"].first).to_have_text(old)
    assert notebook.read(1) == before


def test_clusters_are_picked_by_keys(fresh):
    notebook, view = fresh
    press = view.page.keyboard.press
    clusters = order(view)
    before = notebook.whole()

    view["cluster-row"].first.focus()
    press("Space")
    view.wait(selected=30)
    press("Shift+ArrowDown")
    press("Shift+ArrowDown")
    view.wait(selected=90)
    assert whole(view) == sorted(clusters[:3])
    assert sorted(notebook.read(1)) == rows_of(view, clusters[:3])

    view["cluster-row"].nth(2).focus()
    press("Space")
    view.wait(selected=60)
    press("Control+a")
    view.wait(selected=120)
    press("Escape")
    view.wait(selected=0)
    view["cluster-row"].nth(1).click()
    view["cluster-row"].nth(3).click(modifiers=["Control"])
    view.wait(selected=60)
    assert sorted(notebook.read(1)) == rows_of(view, [clusters[1], clusters[3]])
    assert notebook.whole()[0] == before[0]


def test_a_cluster_is_hidden_and_shown(fresh):
    _, view = fresh
    row = view["cluster-row"].first
    number = int(row.get_attribute("data-cluster"))
    row.hover()
    row.locator('[data-test="cluster-hide"]').click()
    expect(view["clusters-total"]).to_have_text("4 clusters, 1 hidden")
    row.locator('[data-test="cluster-hide"]').click(modifiers=["Alt"])
    expect(view["clusters-total"]).to_have_text("4 clusters, 3 hidden")
    assert number not in view.root.evaluate("(root) => [...root.__elute.store.state.view.hidden]")
    view.press("clusters-show-all")
    expect(view["clusters-total"]).to_have_text("4 clusters")


def test_points_are_filtered_sorted_and_followed(opened):
    notebook = opened(SHELVES, cells.SELECTED)
    notebook.run(0)
    view = notebook.view()
    first = view["point"].first
    view.press("tab-points")
    expect(view["points-total"]).to_have_text("120 rows")

    view.press("points-regex")
    view["points-filter"].fill("(quokka|bramble) number [0-9]$")
    expect(view["points-total"]).to_have_text("6 rows")
    view["points-filter"].fill("(quokka")
    expect(view["points-trouble"]).to_contain_text("not a regular expression")
    view["points-filter"].fill("")
    expect(view["points-total"]).to_have_text("120 rows")

    view.press("points-columns")
    for key in ("shelf", "price"):
        view[f"column-column:{key}"].check()
    view.press("order-column:shelf")
    view.press("order-column:price")
    view.page.keyboard.press("Escape")
    frame = blobs.table()[0].assign(
        price=[7 * row % 50 for row in range(120)], shelf=[["beta", "alpha", "~"][row % 3] for row in range(120)]
    )
    wanted = frame.reset_index().sort_values(["shelf", "price"], ascending=[True, False], kind="stable").index.tolist()
    expect(first).to_have_attribute("data-row", str(wanted[0]))
    seen = [int(row.get_attribute("data-row")) for row in view["point"].all()]
    assert seen == wanted[: len(seen)]
    expect(first.locator('[data-test="point-value-column:shelf"]')).to_have_text("alpha")

    first.hover()
    first.locator('[data-test="point-near"]').click()
    expect(view["points-trail"]).to_contain_text(frame.text.iloc[wanted[0]])
    expect(first.locator('[data-test="point-similarity"]')).to_contain_text("0.9")
    group = wanted[0] % 4
    assert all(int(row.get_attribute("data-row")) % 4 == group for row in view["point"].all()[:10])
    view.press("points-back")
    expect(first).to_have_attribute("data-row", str(wanted[0]))

    # ticked by hand and by key
    first.locator('[data-test="point-pick"]').check()
    view["point"].nth(2).focus()
    view.page.keyboard.press("Space")
    view.wait(selected=2)
    assert notebook.read(1) == blobs.index(sorted([wanted[0], wanted[2]]))
    view["points-within"].select_option("selection")
    expect(view["points-total"]).to_have_text("2 rows")


def test_the_last_row_of_a_long_list_is_reached(fresh):
    _, view = fresh
    view.press("tab-points")
    expect(view["points-total"]).to_have_text("120 rows")
    last = view.root.locator('[data-test="point"][data-row="119"]')
    expect(view["point"].first).to_be_in_viewport()
    view["points"].evaluate(BOTTOM)  # what is found meanwhile stands above the list, which stays at its end
    expect(last).to_be_in_viewport(ratio=0.9)

    view["point"].last.focus()
    view.page.keyboard.press("Home")
    view.page.keyboard.press("Enter")
    expect(view["point-whole"]).to_have_text("quokka number 0")
    expect(view["point"].nth(1)).to_be_in_viewport()

    view.root.evaluate(MILLION)
    expect(view["points-total"]).to_have_text("1,000,000 rows")
    view["points"].evaluate(BOTTOM)
    last = view.root.locator('[data-test="point"][data-row="999999"]')
    expect(last).to_be_in_viewport(ratio=0.9)
    assert view["point"].count() < 60
    view["points"].evaluate("(list) => { list.scrollTop = list.scrollHeight / 2 }")
    middle = view.root.locator('[data-test="point"][data-row="500064"]')
    expect(middle).to_be_attached()
    view["points"].hover()
    top = middle.bounding_box()["y"]
    view.page.mouse.wheel(0, 66)
    view.page.wait_for_timeout(600)  # until the bar was set right
    assert abs(middle.bounding_box()["y"] - (top - 66)) <= 1
    view["point"].nth(12).focus()
    view.page.keyboard.press("End")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport(ratio=0.9)
