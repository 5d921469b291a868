"""What a lasso selects on the page, against a float64 reference in numpy: random cameras, crooked polygons."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from view import View

Array = NDArray[np.float64]
EDGE = 0.01
"""Css px from an edge within which float64 itself may say either."""

# Coordinates that no map shows are not on the page yet.
_COORDS = """async (root) => {
  const { store } = root.__elute;
  store.show({ dim: "both" });
  while (!(store.state.frame.coords2.some(Boolean) && store.state.frame.coords3.some(Boolean))) await new Promise(requestAnimationFrame);
  store.show({ dim: "3d" });
  const { frame } = store.state;
  const text = (column) => {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    let all = "";
    for (let at = 0; at < bytes.length; at += 32768) all += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(all);
  };
  return { lo: frame.lo, hi: frame.hi, 2: text(frame.coords2), 3: text(frame.coords3) };
}"""
_HEAR = """(root) => {
  const { selection } = root.__elute.store;
  const drag = selection.drag.bind(selection);
  selection.drag = (taken, final) => {
    if (final) window.__taken = taken;
    drag(taken, final);
  };
}"""
# Turns, pans and zooms the map by hand, and then draws; what the drag took comes back.
_DRAW = """async (root, { moves, wheel, polygon, dim, orthographic }) => {
  const { store, scatter } = root.__elute;
  const map = root.querySelector(".elute-map");
  const { left, top } = map.getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  const say = (type, [x, y], button = 0) => map.dispatchEvent(new PointerEvent(type, {
    bubbles: true, composed: true, cancelable: true, pointerId: 77, pointerType: "mouse", isPrimary: true,
    clientX: left + x, clientY: top + y, button: type === "pointermove" ? -1 : button, buttons: type === "pointerup" ? 0 : 1,
  }));
  const drag = (line, button) => {
    say("pointerdown", line[0], button);
    for (const at of line) say("pointermove", at, button);
    say("pointerup", line.at(-1), button);
  };
  store.selection.clear();
  store.show({ dim, tool: "turn" });
  scatter.setOrthographic?.(orthographic);
  scatter.reset();
  await frame();
  moves.forEach((line, i) => drag(line, i % 2 ? 2 : 0));
  for (const [x, y, deltaY] of wheel) {
    map.dispatchEvent(new WheelEvent("wheel", { clientX: left + x, clientY: top + y, deltaY, bubbles: true, cancelable: true }));
  }
  for (let i = 0; i < 3; i++) await frame();
  store.show({ tool: "lasso" });
  await frame();
  window.__taken = null;
  drag(polygon, 0);
  const taken = window.__taken;
  return { rows: btoa(String.fromCharCode(...taken.rows.bits)), polygon: [...taken.polygon], camera: taken.camera, dim: taken.dim };
}"""


def disagreements(view: View, cameras: int, seed: int) -> tuple[int, int, int]:
    """Rows that page and reference judge otherwise, farther than ``EDGE`` from an edge; of how many judged, and how many taken."""
    coords = _coords(view)
    view.root.evaluate(_HEAR)
    box = view.map.bounding_box()
    assert box is not None, "the map is not on the page"
    wrong = judged = taken = 0
    for how in _random(np.random.default_rng(seed), cameras, box["width"], box["height"]):
        said = view.root.evaluate(_DRAW, how)
        P = coords[said["dim"]]
        page = np.unpackbits(np.frombuffer(base64.b64decode(said["rows"]), np.uint8), bitorder="little")[: len(P)].astype(bool)
        polygon = np.reshape(said["polygon"], (-1, 2))
        xy, ahead = through(np.reshape(said["camera"], (4, 4)), P)
        differ = page != (ahead & inside(polygon, xy))
        wrong += int((from_edge(polygon, xy[differ]) > EDGE).sum())
        judged += len(P)
        taken += int(page.sum())
    return wrong, judged, taken


def through(camera: Array, P: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Where points land in css px, and which are in front of the camera."""
    X, Y, Z, W = camera @ np.vstack([P.T, np.ones(len(P))])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([X / W, Y / W], 1), (W > 0) & (Z >= -W)


def inside(polygon: Array, xy: Array) -> NDArray[np.bool_]:
    """The even-odd rule.

    >>> inside(np.array([[0, 0], [2, 0], [2, 2], [0, 2]]), np.array([[1, 1], [3, 1]])).tolist()
    [True, False]
    """
    odd = np.zeros(len(xy), bool)
    x, y = xy.T
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, 0), strict=True):
        if y0 != y1:
            with np.errstate(invalid="ignore"):
                odd ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return odd


def from_edge(polygon: Array, xy: Array) -> Array:
    """How far each place is from the nearest edge.

    >>> from_edge(np.array([[0.0, 0], [2, 0], [2, 2]]), np.array([[1.0, -3]])).tolist()
    [3.0]
    """
    nearest = np.full(len(xy), np.inf)
    for a, b in zip(polygon, np.roll(polygon, -1, 0), strict=True):
        edge = b - a
        length = float(edge @ edge)
        t = np.clip((xy - a) @ edge / length, 0, 1) if length else np.zeros(len(xy))
        nearest = np.minimum(nearest, np.hypot(*(xy - a - t[:, None] * edge).T))
    return nearest


def _coords(view: View) -> dict[int, Array]:
    """Coordinates as the page holds them, made numbers again; z is 0 in 2D."""
    told = view.root.evaluate(_COORDS)
    made = {}
    for dim in (2, 3):
        whole = np.frombuffer(base64.b64decode(told[str(dim)]), np.uint16).reshape(-1, dim)
        made[dim] = told["lo"] + whole * ((told["hi"] - told["lo"]) / 65535)
    made[2] = np.hstack([made[2], np.zeros((len(made[2]), 1))])
    return made


def _random(rng: np.random.Generator, cameras: int, width: float, height: float) -> Iterator[dict[str, Any]]:
    """Cameras that a hand could reach; at each one a crooked star, and a scribble that crosses itself."""
    size = np.array([width, height])

    def line(corners: int, reach: float = 0.4) -> Any:
        return ((0.5 + rng.uniform(-reach, reach, (corners, 2))) * size).tolist()

    for number in range(cameras):
        turned = {
            "moves": [line(4, 0.15), line(2, 0.1)],
            "wheel": [[*(rng.uniform(0.4, 0.6, 2) * size), rng.uniform(-240, 160)] for _ in range(rng.integers(0, 6))],
            "dim": "2d" if number % 3 == 2 else "3d",
            "orthographic": number % 4 == 1,
        }
        around = np.sort(rng.uniform(0, 2 * np.pi, 24))
        rays = rng.uniform(0.05, 0.45, (24, 1)) * np.stack([np.cos(around), np.sin(around)], 1)
        yield {**turned, "polygon": ((0.5 + rays) * size).tolist()}
        yield {**turned, "polygon": line(14)}
