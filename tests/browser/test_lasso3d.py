"""Outlines without a drag, brush, the depth strip, and what is in sight: each as the mask in Python has it."""

from __future__ import annotations

import json
import math

import blobs
import pytest
from playwright.sync_api import expect
from view import circle

pytestmark = pytest.mark.browser

# Depth of each row along the view of the last step, by its own camera; and what was seen of it where nothing is near.
_DEPTHS = """(root) => {
  const { store } = root.__elute;
  const { frame, steps } = store.state;
  const [a, b, c, d] = steps.at(-1).camera.slice(8, 12);
  const at = (q) => frame.lo + (q * (frame.hi - frame.lo)) / 65535;
  return Array.from({ length: frame.n }, (_, i) => {
    const [x, y, z] = frame.coords3.subarray(3 * i, 3 * i + 3);
    return a * at(x) + b * at(y) + c * at(z) + d;
  });
}"""
_STEP = "(root) => root.__elute.store.state.steps.at(-1)"


def corners(view, rows, count=6):
    """Corners about some rows, in px of the map; nothing lies over the first. The polygon is the tool then."""
    if view["tool-turn"].get_attribute("aria-pressed") != "true":
        view.press("tool-turn")  # arrows move the map, where nothing is to lie over it
    _, outline = view._outline(set(rows), 3, lambda places: circle(places, count))
    view.press("tool-polygon")
    return outline


def click(view, places, double=False):
    """Click at places of the map."""
    ground = view.map.bounding_box()
    for at, (x, y) in enumerate(places):
        view.page.mouse.click(ground["x"] + x, ground["y"] + y, click_count=2 if double and at == len(places) - 1 else 1)


def behind(view, group):
    """A polygon around a group whose depths spread; selected by clicks."""
    outline = corners(view, blobs.rows(group))
    click(view, [*outline, outline[0]])
    view.wait(selected=30)


@pytest.mark.parametrize("end", ["first corner", "double click", "Enter"])
def test_a_polygon_by_clicks(fresh, end):
    notebook, view = fresh
    outline = corners(view, blobs.rows(1))
    if end == "first corner":
        click(view, [*outline, outline[0]])
    else:
        click(view, outline, double=end == "double click")
    if end == "Enter":
        view.page.keyboard.press("Enter")
    view.wait(selected=30)
    expect(view.map).not_to_have_attribute("data-drawing", "")
    assert notebook.read(1) == blobs.index(blobs.rows(1))
    step = view.root.evaluate(_STEP)
    assert (step["kind"], step["radius"], len(step["polygon"])) == ("polygon", 0, 2 * len(outline))


def test_a_polygon_goes_with_the_pointer_and_is_given_up(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(0))
    outline = corners(view, blobs.rows(1))
    ground = view.map.bounding_box()
    click(view, outline[:-1])
    view.page.mouse.move(ground["x"] + outline[-1][0], ground["y"] + outline[-1][1])
    expect(view.root).to_have_attribute("data-selected", "30")
    assert view.root.evaluate("(root) => [...root.__elute.store.state.counts]") != []
    view.page.keyboard.press("Backspace")
    view.page.keyboard.press("Escape")
    view.wait(selected=30)
    assert notebook.read(1) == blobs.index(blobs.rows(0))


def test_a_polygon_adds_and_subtracts_by_keys(fresh):
    notebook, view = fresh
    for group, keys in ((0, []), (1, ["Shift"]), (0, ["Alt"])):
        outline = corners(view, blobs.rows(group))
        for key in keys:
            view.page.keyboard.down(key)
        click(view, [*outline, outline[0]])
        for key in keys:
            view.page.keyboard.up(key)
    view.wait(selected=30)
    assert notebook.read(1) == blobs.index(blobs.rows(1))


def test_a_polygon_by_the_keyboard_alone(fresh):
    notebook, view = fresh
    outline = [(6 * round(x / 6), 6 * round(y / 6)) for x, y in corners(view, blobs.rows(2), 5)]
    box = view.map.bounding_box()
    view.map.focus()
    press = view.page.keyboard.press
    at = (box["width"] / 2, box["height"] / 2)
    press("ArrowRight")
    press("ArrowLeft")
    for x, y in outline:
        for wanted, have, plus, minus in ((x, at[0], "Right", "Left"), (y, at[1], "Down", "Up")):
            steps = round((wanted - have) / 6)
            name = f"Arrow{plus if steps > 0 else minus}"
            for _ in range(abs(steps) // 6):
                press(f"Shift+{name}")
            for _ in range(abs(steps) % 6):
                press(name)
        at = (at[0] + 6 * round((x - at[0]) / 6), at[1] + 6 * round((y - at[1]) / 6))
        press("Space" if x == outline[0][0] else "Enter")
    press("Enter")
    view.wait(selected=30)
    assert notebook.read(1) == blobs.index(blobs.rows(2))


def test_a_brush_takes_what_it_goes_over(fresh):
    notebook, view = fresh
    view.press("tool-brush")
    places = view.places()
    xs, ys = zip(*(places[row] for row in blobs.rows(3)), strict=True)
    x, y = sum(xs) / 30, sum(ys) / 30
    view.drag([(x - 40, y), (x + 40, y), (x, y - 20)])
    step = view.root.evaluate(_STEP)
    line = list(zip(step["polygon"][::2], step["polygon"][1::2], strict=True))
    within = [row for row, place in places.items() if distance(line, place) <= step["radius"]]
    assert step["kind"] == "brush" and len(within) > 0
    view.wait(selected=len(within))
    assert notebook.read(1) == blobs.index(sorted(within))


def test_a_click_of_a_wider_brush_is_a_dab(fresh):
    notebook, view = fresh
    view.press("tool-brush")
    places = view.places()
    xs, ys = zip(*(places[row] for row in blobs.rows(3)), strict=True)
    ground = view.map.bounding_box()
    view.map.focus()
    for _ in range(6):
        view.page.keyboard.press("]")
    view.page.mouse.click(ground["x"] + sum(xs) / 30, ground["y"] + sum(ys) / 30)
    expect(view["tray-count"]).to_be_visible()
    step = view.root.evaluate(_STEP)
    assert step["radius"] > 60
    middle = (step["polygon"][0], step["polygon"][1])
    assert notebook.read(1) == blobs.index(
        sorted(row for row, place in places.items() if math.dist(middle, place) <= step["radius"])
    )


def test_the_depth_strip_cuts_by_its_handle(fresh):
    notebook, view = fresh
    behind(view, 1)
    expect(view["strip-count"]).to_have_text("30 of 30")
    handle = view["strip-far"].bounding_box()
    strip = view["strip-depths"].bounding_box()
    mouse = view.page.mouse
    mouse.move(handle["x"] + 12, handle["y"] + 20)
    mouse.down()
    mouse.move(strip["x"] + strip["width"] * 0.5, handle["y"] + 24, steps=4)
    left = view.told("selected")
    assert 0 < left < 30, "the selection follows the handle"
    mouse.up()
    step = view.root.evaluate(_STEP)
    depths = view.root.evaluate(_DEPTHS)
    expected = [row for row in blobs.rows(1) if step["depth"][0] <= depths[row] <= step["depth"][1]]
    assert len(expected) == left
    expect(view["strip-count"]).to_have_text(f"{left} of 30")
    assert notebook.read(1) == blobs.index(expected)
    view.press("tool-turn")
    view.drag([(100, 300), (160, 330)])
    expect(view["strip"]).to_be_visible()
    view.press("strip-all")
    view.wait(selected=30)
    assert notebook.read(1) == blobs.index(blobs.rows(1))


def test_the_depth_strip_cuts_by_keys(fresh):
    notebook, view = fresh
    behind(view, 0)
    near = view["strip-near"]
    near.focus()
    for _ in range(4):
        view.page.keyboard.press("Shift+ArrowRight")
    expect(near).to_have_attribute("aria-valuenow", "40")
    left = view.told("selected")
    assert 0 < left < 30
    expect(near).to_have_attribute("aria-valuetext", f"near edge: {left} of 30 rows")
    depths = view.root.evaluate(_DEPTHS)
    step = view.root.evaluate(_STEP)
    assert notebook.read(1) == blobs.index([row for row in blobs.rows(0) if depths[row] >= step["depth"][0]])
    near.focus()
    view.page.keyboard.press("Home")
    view.wait(selected=30)
    view.press("dim-2d")
    expect(view["strip"]).to_have_count(0)


def test_the_strip_cuts_what_was_added_only(fresh):
    notebook, view = fresh
    view.lasso(blobs.rows(0))
    view.lasso(blobs.rows(1), keys="Shift")
    view.wait(selected=60)
    expect(view["strip-count"]).to_have_text("30 of 30")
    view["strip-far"].focus()
    view.page.keyboard.press("Home")
    view.wait(selected=31)
    taken = notebook.read(1)
    assert set(blobs.index(blobs.rows(0))) < set(taken)


def test_only_what_is_visible_is_taken(fresh):
    notebook, view = fresh
    behind(view, 3)
    whole = notebook.read(1)
    view.press("strip-visible")
    expect(view["strip-visible"]).to_have_attribute("aria-pressed", "true")
    seen = view.told("selected")
    assert 0 < seen < 30, "points of a tight group cover each other"
    taken = notebook.read(1)
    assert len(taken) == seen and set(taken) < set(whole)
    again = view.root.evaluate("(root) => root.__elute.store.state.steps.at(-1).visible")
    assert again is True
    view.press("strip-visible")
    view.wait(selected=30)
    assert notebook.read(1) == whole


def test_space_turns_the_map_in_mid_lasso(fresh):
    notebook, view = fresh
    view.press("tool-lasso")
    ground = view.map.bounding_box()
    mouse, keyboard = view.page.mouse, view.page.keyboard

    def go(x, y):
        mouse.move(ground["x"] + x, ground["y"] + y)

    before = view.places()
    go(60, 60)
    mouse.down()
    go(300, 60)
    go(300, 300)
    keyboard.down("Space")
    go(340, 310)
    go(380, 330)
    keyboard.up("Space")
    go(60, 300)
    mouse.up()
    expect(view.root).to_have_attribute("data-busy", "false")
    places = view.places()
    assert places != before
    step = view.root.evaluate(_STEP)
    polygon = list(zip(step["polygon"][::2], step["polygon"][1::2], strict=True))
    assert polygon[:3] == [(60, 60), (300, 60), (300, 300)], "the outline stays where it was drawn"
    # what lies under it through the camera as it stands now
    camera = step["camera"]
    assert json.dumps(camera) == json.dumps(view.root.evaluate("(root) => root.__elute.store.state.steps.at(-1).camera"))
    wanted = view.root.evaluate("(root, points) => [...root.__elute.scatter.lassoPolygon(points, 3)]", polygon)
    view.wait(selected=len(wanted))
    assert notebook.read(1) == blobs.index(wanted)


def distance(line, place):
    """From a place to the nearest of a line."""
    best = min(math.dist(place, corner) for corner in line)
    for (ax, ay), (bx, by) in zip(line, line[1:], strict=False):
        length = math.dist((ax, ay), (bx, by))
        along = ((place[0] - ax) * (bx - ax) + (place[1] - ay) * (by - ay)) / length if length else -1
        if 0 <= along <= length:
            best = min(best, abs((place[0] - ax) * (by - ay) - (place[1] - ay) * (bx - ax)) / length)
    return best
