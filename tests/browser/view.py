"""One view of the widget: what a hand does there, and what the page says on its root."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as Late

MARGIN = 9.0  # css px around the rows that a lasso goes for

# Where each shown row is drawn, once the camera stands still for three frames: {row: [x, y]} in px of the map.
_PLACES = """async (root, dim) => {
  const { scatter, store } = root.__elute;
  const read = () => [...store.state.shown.entries()].filter(([, label]) => label > -2).map(([row]) => {
    const { x, y } = scatter.project(row, dim);
    return [row, x, y];
  });
  let still = 0;
  for (let before = "", frame = 0; still < 3 && frame < 600; frame++) {
    await new Promise(requestAnimationFrame);
    const now = JSON.stringify(read());
    still = now === before ? still + 1 : 0;
    before = now;
  }
  return read();
}"""


# Whether the analyst said what is selected, or nothing is: its answer makes the tray higher, and the map rises with it.
_ANSWERED = """(root) => {
  const { selected, explanation, explaining } = root.__elute.store.state;
  return !selected?.count() || (explanation && !explaining);
}"""
ANSWER = 4.0  # seconds; an analyst that waits for consent says nothing

# Whether a press at a place of the map would reach it: a tray may lie over it. marimo shows widgets in a shadow root.
_FREE = """(root, [x, y]) => {
  const map = root.querySelector(".elute-map");
  const { left, top } = map.getBoundingClientRect();
  return map.contains(root.getRootNode().elementFromPoint(left + x, top + y));
}"""

Place = tuple[float, float]
Shape = Callable[[list[Place]], list[Place]]


class View:
    """The widget at ``root``, an element of class ``elute``."""

    def __init__(self, page: Page, root: Locator) -> None:
        self.page = page
        self.root = root
        self.map = root.locator(".elute-map")

    def __getitem__(self, name: str) -> Locator:
        """The element that tests know under this name."""
        return self.root.locator(f'[data-test="{name}"]')

    def wait(self, timeout: float = 20, **told: Any) -> View:
        """Until the root says so: ``round=2, kept=90, selected=0``. Nothing runs then, a whole round is drawn, all is on the disk."""
        for name, value in {"ready": "true", **told, "busy": "false", "undecided": 0}.items():
            expect(self.root).to_have_attribute(f"data-{name}", str(value), timeout=timeout * 1000)
        return self

    def told(self, name: str) -> int:
        """A number that the root says."""
        return int(self.root.get_attribute(f"data-{name}") or -1)

    def press(self, name: str) -> None:
        """Click the element that tests know under this name."""
        self[name].click()

    def places(self, dim: int = 3) -> dict[int, Place]:
        """Where each shown row is drawn, in px of the map."""
        return {row: (x, y) for row, x, y in self.root.evaluate(_PLACES, dim)}

    def lasso(self, rows: Iterable[int], dim: int = 3, tool: str = "lasso", keys: str = "", end: str = "up") -> None:
        """Draw around rows with the mouse; where the outline would take others too, the data are to blame.

        ``keys`` are held meanwhile ("Shift", "Alt", "Shift+Alt"); ``end`` is "up", or a key that is pressed in mid-drag.
        """
        wanted = set(rows)
        self.map.scroll_into_view_if_needed()
        places, outline = self._outline(wanted, dim, box if tool == "box" else circle)
        inside = {row for row, place in places.items() if encloses(outline, place)}
        assert inside == wanted, f"an outline around {len(wanted)} rows takes {len(inside)}"
        if self[f"tool-{tool}"].get_attribute("aria-pressed") != "true":
            self.press(f"tool-{tool}")
        held = [key for key in keys.split("+") if key]
        for key in held:
            self.page.keyboard.down(key)
        self.drag([outline[0], outline[2]] if tool == "box" else outline, end)
        for key in held:
            self.page.keyboard.up(key)

    def _outline(self, rows: set[int], dim: int, shape: Shape) -> tuple[dict[int, Place], list[Place]]:
        """An outline about rows, and where all rows are; the map is moved first where its beginning can't be reached."""
        with suppress(Late):
            self.page.wait_for_function(_ANSWERED, arg=self.root.element_handle(), timeout=ANSWER * 1000)
        for _ in range(40):
            places = self.places(dim)
            outline = shape([places[row] for row in rows])
            if self.root.evaluate(_FREE, outline[0]):
                return places, outline
            # to where nothing lies over the map: strip and legend are on the left, the tray below
            ground = self.map.bounding_box()
            assert ground is not None, "the map is not on the page"
            across, down = (outline[0][0] - 0.65 * ground["width"], outline[0][1] - 0.35 * ground["height"])
            sideways = ("Left" if across > 0 else "Right") if abs(across) > abs(down) else ("Up" if down > 0 else "Down")
            self.map.press(f"Shift+Arrow{sideways}")
        raise AssertionError("there is no place on the map to begin a lasso")

    def drag(self, points: list[Place], end: str = "up") -> None:
        """Press at the first place, move over the others, let go. In px of the map."""
        ground = self.map.bounding_box()
        assert ground is not None, "the map is not on the page"
        mouse = self.page.mouse
        for at, (x, y) in enumerate(points):
            mouse.move(ground["x"] + x, ground["y"] + y)
            if at == 0:
                mouse.down()
        if end != "up":
            self.page.keyboard.press(end)
        mouse.up()


def circle(places: list[Place], corners: int = 14) -> list[Place]:
    """A round outline about all places. It begins at the top, where no tray lies over the map."""
    x, y = (sum(values) / len(places) for values in zip(*places, strict=True))
    radius = max(math.hypot(px - x, py - y) for px, py in places) + MARGIN
    turns = [2 * math.pi * i / corners for i in range(corners)]
    return [(x + radius * math.sin(turn), y - radius * math.cos(turn)) for turn in turns]


def box(places: list[Place]) -> list[Place]:
    """The four corners of a box about all places."""
    (left, right), (top, bottom) = ((min(values) - MARGIN, max(values) + MARGIN) for values in zip(*places, strict=True))
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def encloses(outline: list[Place], place: Place) -> bool:
    """Whether a place lies inside a polygon: an odd number of edges to its right."""
    x, y = place
    odd = False
    for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            odd = not odd
    return odd
