// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listen, together } from "../src/listen";
import { createClock } from "../src/scatter/clock";
import { centres } from "../src/scatter/centres";
import { createNameplates, type NamesView } from "../src/scatter/nameplates";
import { beginLasso } from "../src/scatter/lasso";
import { createScatter } from "../src/scatter/scatter";
import { discRadius, discSize } from "../src/scatter/size";
import { OFF, RING, rowState, SELECTED, shownRows } from "../src/scatter/state";
import { Steering } from "../src/scatter/steering";
import { Views } from "../src/scatter/views";
import { Mask } from "../src/mask";

const pane = { x: 0, y: 0, width: 400, height: 300 };

describe("a row's state", () => {
  const labels = Int16Array.of(0, 1, -1, -2, 1);

  it("is off where it is not in the round or hidden, a ring for noise, selected by the mask", () => {
    const shown = shownRows(labels, new Set([1]));
    expect([...shown]).toEqual([1, 0, 1, 0, 0]);
    expect([...rowState(labels, shown, Mask.of(5, [0, 2]))]).toEqual([SELECTED, OFF, RING | SELECTED, OFF, OFF]);
  });

  it("may hide the noise too", () => {
    expect([...shownRows(labels, new Set([-1]))]).toEqual([1, 1, 0, 0, 1]);
  });
});

describe("centres", () => {
  it("are the means of the dequantised places, by cluster, without rows that are not in the round", () => {
    const found = centres({
      n: 4,
      lo: -1,
      hi: 1,
      labels: Int16Array.of(0, 0, -1, -2),
      coords3: Uint16Array.of(0, 0, 0, 65535, 0, 0, 65535, 65535, 65535, 9, 9, 9),
      coords2: Uint16Array.of(0, 0, 65535, 0, 0, 65535, 9, 9),
    });
    expect([...found.keys()]).toEqual([0, -1]);
    expect(found.get(0)).toMatchObject({ size: 2, at3: [0, -1, -1], at2: [0, -1] });
    expect(found.get(0)?.reach3).toBeCloseTo(2, 9);
    expect(found.get(-1)).toMatchObject({ at3: [1, 1, 1], at2: [-1, 1], reach2: 0 });
  });
});

describe("disc size", () => {
  it("shrinks with the number of points, grows with the zoom, within bounds", () => {
    const sizes = [0, 100, 10_000, 100_000, 1_000_000].map((n) => discSize(n, 1, 640).diameter);
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
    expect(sizes.every((size) => size >= 1 && size <= 8)).toBe(true);
    expect(discSize(10_000, 8, 640).diameter).toBeGreaterThan(discSize(10_000, 1, 640).diameter);
  });

  it("is half as large twice as far, and never huge", () => {
    const size = { diameter: 4, largest: 10 };
    expect([1, 2, 4].map((depth) => discRadius(size, depth, 2))).toEqual([4, 2, 1]);
    expect(discRadius(size, 0.01, 2)).toBe(5);
  });
});

describe("a lasso", () => {
  it("keeps a free line's corners, not those nearer than a hand can mean, and stays in its pane", () => {
    const lasso = beginLasso("lasso", 10, 10, pane);
    for (const [x, y] of [[10.5, 10], [50, 10], [900, 80], [-5, 999]]) lasso.add(x, y);
    expect([...lasso.outline(9).points]).toEqual([10, 10, 50, 10, 400, 80, 0, 300]);
  });

  it("makes a box of its two ends", () => {
    const box = beginLasso("box", 10, 20, pane);
    box.add(90, 30);
    box.add(50, 60);
    expect([...box.outline(9).points]).toEqual([10, 20, 50, 20, 50, 60, 10, 60]);
  });

  it("has the width of a brush, and places in tenths of a px, as they are stored", () => {
    const brush = beginLasso("brush", 10.04, 20.06, pane);
    brush.add(90.26, 30);
    expect(brush.outline(9)).toEqual({ points: Float32Array.of(10, 20.1, 90.3, 30), radius: 9, corners: 0 });
  });
});

describe("names", () => {
  const view = (places: Record<number, [number, number, number]>): NamesView => ({
    pane,
    far: ({ z }) => Math.min(1, z / 10),
    size: () => 1,
    place: (cluster) => (cluster in places ? { x: places[cluster][0], y: places[cluster][1], depth: 1, z: places[cluster][2], behind: places[cluster][2] < 0 } : null),
  });
  let layer: HTMLElement;
  const shown = () => [...layer.children].filter((label) => (label as HTMLElement).style.visibility === "visible").map((label) => label.textContent);

  beforeEach(() => {
    layer = document.createElement("div");
    vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(60);
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(16);
  });
  afterEach(() => vi.restoreAllMocks());

  it("place the nearest first, and let one that would cover another wait, unless its cluster is hovered", () => {
    const nameplates = createNameplates(layer);
    nameplates.setNames([{ cluster: 0, name: "far" }, { cluster: 1, name: "near", count: 1200 }, { cluster: 2, name: "aside" }]);
    const views = [view({ 0: [100, 100, 5], 1: [110, 105, 2], 2: [300, 100, 9] })];
    nameplates.place(views, null);
    expect(shown()).toEqual(["near 1,200", "aside"]);
    nameplates.place(views, 0);
    expect(shown()).toEqual(["far", "aside"]);
  });

  it("are not shown behind the camera, outside the pane, or for a cluster that is not there", () => {
    const nameplates = createNameplates(layer);
    nameplates.setNames([0, 1, 2].map((cluster) => ({ cluster, name: String(cluster) })));
    nameplates.place([view({ 0: [100, 100, -1], 1: [399, 100, 1] })], null);
    expect(shown()).toEqual([]);
  });

  it("keep their elements while only counts change, and measure again only what says something else", () => {
    const nameplates = createNameplates(layer);
    const measured = vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(60);
    const views = [view({ 0: [100, 50, 1], 1: [100, 200, 1] })];
    nameplates.setNames([{ cluster: 0, name: "a" }, { cluster: 1, name: "b" }]);
    nameplates.place(views, null);
    const [before, calls] = [[...layer.children], measured.mock.calls.length];
    nameplates.setNames([{ cluster: 0, name: "a", count: 7 }, { cluster: 1, name: "b" }]);
    nameplates.place(views, null);
    expect([...layer.children]).toEqual(before);
    expect(shown()).toEqual(["a 7", "b"]);
    expect(measured.mock.calls.length).toBe(calls + 1);
    nameplates.setNames([{ cluster: 1, name: "b" }]);
    nameplates.place(views, null);
    expect(shown()).toEqual(["b"]);
    expect(layer.childElementCount).toBe(2); // one for each view
  });

  it("stay while one turns: another must come clearly nearer to take a place", () => {
    const nameplates = createNameplates(layer);
    nameplates.setNames([{ cluster: 0, name: "a" }, { cluster: 1, name: "b" }]);
    const turned = (a: number, b: number) => (nameplates.place([view({ 0: [100, 100, a], 1: [110, 105, b] })], null), shown());
    expect(turned(5, 5.2)).toEqual(["a"]);
    expect(turned(5.2, 5)).toEqual(["a"]);
    expect(turned(7, 5)).toEqual(["b"]);
    expect(turned(5, 5.2)).toEqual(["b"]);
  });

  it("of very many are those of the largest clusters, and say how many of how many", () => {
    const nameplates = createNameplates(layer);
    nameplates.setNames(Array.from({ length: 500 }, (_, cluster) => ({ cluster, name: `n${cluster}`, count: 47, of: 1412 })));
    const crowd = view(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, [40 + (i % 5) * 70, 12 + (Math.floor(i / 5) % 15) * 18, 1]])));
    nameplates.place([{ ...crowd, size: (cluster) => cluster }], null);
    expect(shown().length).toBeGreaterThan(40);
    expect(nameplates.shown().every(({ name }) => Number(name.slice(1)) >= 410)).toBe(true);
    expect(nameplates.shown()[0]).toMatchObject({ counted: "47 / 1,412", opacity: 0.955 });
  });

  it("are text, never markup", () => {
    createNameplates(layer).setNames([{ cluster: 0, name: "<img src=x onerror=alert(1)>" }]);
    expect(layer.querySelector("img")).toBeNull();
    expect(layer.firstElementChild?.textContent).toBe("<img src=x onerror=alert(1)>");
  });
});

describe("the clock", () => {
  let frames: FrameRequestCallback[];
  const run = (now: number) => frames.splice(0).forEach((frame) => frame(now));

  beforeEach(() => {
    frames = [];
    vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
    vi.stubGlobal("cancelAnimationFrame", () => (frames = []));
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
  });
  afterEach(() => vi.unstubAllGlobals());

  it("draws one frame for many changes, those made while it is prepared included, and none when nothing changes", () => {
    const frame = vi.fn(() => clock.redraw());
    const clock = createClock(frame);
    clock.redraw();
    clock.redraw();
    expect(frames).toHaveLength(1);
    run(0);
    expect(frame).toHaveBeenCalledTimes(1);
    expect(frames).toHaveLength(0);
  });

  it("moves something from 0 to 1 in its time, then rests", () => {
    const clock = createClock(() => undefined);
    const seen: number[] = [];
    const begin = performance.now();
    clock.animate(100, (t) => seen.push(t));
    for (const ms of [0, 50, 90, 200]) run(begin + ms);
    expect(seen.at(0)).toBeLessThan(0.05);
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(frames).toHaveLength(0);
  });

  it("stops what is stopped, and is there at once where motion is not wanted", () => {
    const step = vi.fn();
    createClock(() => undefined).animate(100, step)();
    run(performance.now());
    expect(step).not.toHaveBeenCalled();
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    createClock(() => undefined).animate(100, step);
    expect(step.mock.calls).toEqual([[1]]);
  });

  it("steers the view as it lies now, whatever size it had when the map was made", () => {
    const views = new Views();
    const steer = new Steering(views, createClock(() => undefined), () => undefined);
    Object.assign(views, { width: 400, height: 300 });
    const before = views.camera3.turn;
    steer.turn(-30, 0);
    expect(views.camera3.turn).toBeCloseTo(before + Math.PI / 10, 9);
    views.dim = "both";
    steer.grasp(390);
    steer.turn(20, 0); // a sheet is moved, not turned
    expect([views.camera3.turn, views.camera2.center[0]]).toEqual([before + Math.PI / 10, expect.closeTo((-2 * 20 * views.camera2.reach) / 200, 9)]);
  });

  it("turns by itself until a hand takes hold, and tells it; never where motion is not wanted, nor a flat map", () => {
    const views = Object.assign(new Views(), { width: 400, height: 300 });
    const stopped = vi.fn();
    const steer = new Steering(views, createClock(() => undefined), () => undefined, () => undefined, stopped);
    const begin = performance.now();
    const turn = views.camera3.turn;
    steer.setSpin(true);
    for (const ms of [16, 32, 9999]) run(begin + ms);
    expect(views.camera3.turn).toBeGreaterThan(turn);
    expect(views.camera3.turn).toBeLessThan(turn + 0.1); // a pause is no leap
    steer.grasp(10);
    expect(stopped).toHaveBeenCalledTimes(1);
    const still = views.camera3.turn;
    run(begin + 10_100);
    expect([views.camera3.turn, frames.length]).toEqual([still, 0]);
    steer.setSpin(true);
    steer.setSpin(false);
    expect(stopped).toHaveBeenCalledTimes(1);
    views.dim = "2d";
    steer.setSpin(true);
    run(begin + 20_000);
    expect(views.camera3.turn).toBe(still);
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    const calm = new Steering(Object.assign(new Views(), { width: 400, height: 300 }), createClock(() => undefined), () => undefined);
    calm.setSpin(true);
    run(begin + 30_000);
    expect(calm.views.camera3.turn).toBe(turn);
  });

  it("goes over to parallel lines of sight and back, and stands where something was drawn", () => {
    const views = Object.assign(new Views(), { width: 400, height: 300 });
    const steer = new Steering(views, createClock(() => undefined), () => undefined);
    steer.setOrthographic(true);
    run(performance.now() + 100);
    expect(views.parallel).toBeGreaterThan(0);
    run(performance.now() + 9999);
    expect(views.parallel).toBe(1);
    const landed = vi.fn();
    const stand = { turn: 1, tilt: 0.2, target: [0.1, 0.2, 0.3] as [number, number, number], distance: 2, orthographic: false, center: [0.4, 0.5] as [number, number], reach: 0.6, width: 400, height: 300 };
    steer.revisit(stand, landed);
    expect(landed).not.toHaveBeenCalled();
    run(performance.now() + 9999);
    expect(landed).toHaveBeenCalledTimes(1);
    expect(views.camera3).toMatchObject({ turn: 1, tilt: 0.2, target: [0.1, 0.2, 0.3], distance: expect.closeTo(2, 9) as number });
    expect(views.camera2).toMatchObject({ center: [0.4, 0.5], reach: expect.closeTo(0.6, 9) as number });
    expect(views.parallel).toBe(0);
  });

  it("lets a hand stop a flight, and a reset fly home", () => {
    const views = Object.assign(new Views(), { width: 400, height: 300 });
    const clock = createClock(() => undefined);
    const steer = new Steering(views, clock, () => undefined);
    const home = views.camera3;
    steer.flyToPoint([0.5, 0, 0], [0.5, 0]);
    run(performance.now() + 9999);
    expect(views.camera3.target).toEqual([0.5, 0, 0]);
    steer.reset();
    steer.grasp(10);
    run(performance.now() + 9999);
    expect(views.camera3.target).toEqual([0.5, 0, 0]);
    steer.reset();
    run(performance.now() + 9999);
    expect(views.camera3.target).toEqual(home.target);
    expect(views.camera3.distance).toBeCloseTo(home.distance, 9);
  });
});

describe("views", () => {
  const views = Object.assign(new Views(), { width: 801, height: 600 });

  it("share the map left and right, without a gap, and know which one a pointer is in", () => {
    views.dim = "both";
    const [left, right] = views.list();
    expect([left.dim, right.dim]).toEqual([3, 2]);
    expect(left.pane.width + right.pane.width).toBe(801);
    expect(right.pane.x).toBe(left.pane.width);
    expect([views.at(10).dim, views.at(800).dim, views.at(5000).dim]).toEqual([3, 2, 2]);
  });

  it("draw points where they are selected: W is 1 at the focus", () => {
    views.dim = "3d";
    const [picture] = views.pictures(1000, -1.2, 1.2, null);
    const w = picture.matrix.slice(12).reduce((sum, v, i) => sum + v * (i < 3 ? 0.5 : 1), 0);
    expect(w).toBeCloseTo(1, 12);
    expect(picture.from).toBeNull();
  });
});

describe("createScatter without a canvas", () => {
  it("says so and leaves nothing behind", () => {
    const root = document.createElement("div");
    const nothing = () => undefined;
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
    const made = createScatter(root, { select: nothing, hover: nothing, click: nothing, cancel: nothing, lost: nothing });
    expect("unsupported" in made && made.unsupported).toContain("nothing to draw on");
    expect(root.childElementCount).toBe(0);
    vi.restoreAllMocks();
  });
});

describe("listen", () => {
  it("returns what removes the listener", () => {
    const heard = vi.fn();
    const target = new EventTarget();
    const off = together(listen(target, "a", heard), listen(target, "b", heard));
    target.dispatchEvent(new Event("a"));
    off();
    off();
    for (const type of ["a", "b"]) target.dispatchEvent(new Event(type));
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
