import { describe, expect, it } from "vitest";
import { Mask } from "../src/mask";
import { Lift, liftFor } from "../src/scatter/lift";
import { place, type Cloud } from "../src/scatter/select";
import { Steering } from "../src/scatter/steering";
import { Views } from "../src/scatter/views";

const clock = { redraw: () => undefined, stop: () => undefined, each: () => () => undefined, animate: (_: number, step: (t: number) => void) => (step(0.5), step(1), () => undefined) };
const COORDS = { 2: Uint16Array.of(32768, 6554, 26214, 52428), 3: Uint16Array.of(32768, 6554, 26214, 26214, 52428, 39321) };
const cloud = (dim: 2 | 3): Cloud => ({ n: 2, coords: COORDS[dim], dim, lo: -1, hi: 1 });

describe("the lift", () => {
  it.each<[string, number, number, number, number]>([
    ["none where nothing selected is covered", 20, 300, 100, 0],
    ["as far as the lowest selected row lies under the tray", 200, 450, 100, 64],
    ["no farther than the highest stays in sight", 40, 480, 100, 26],
    ["none for what fills the map", 0, 500, 100, 0],
    ["only for what lies within the map", 400, 2000, 100, 114],
  ])("is %s", (_, top, bottom, covered, lift) => expect(liftFor([{ top, bottom }], 500, covered)).toBe(lift));

  it("shifts both pictures up as they are, and back", () => {
    const views = Object.assign(new Views(), { width: 400, height: 300, dim: "both" as const });
    const at = () => views.list().map((view) => place(cloud(view.dim), views.pixels(view), 0));
    const before = at();
    const lowest = Math.max(...before.map(({ y }) => y));
    const picture = { cloud, selection: Mask.of(2, [0]), shown: Uint8Array.of(1, 1) };
    let shifted = 0;
    const lift = new Lift(views, picture, clock, (by) => (shifted += by));
    lift.cover(100);
    expect(views.lift).toBeCloseTo(lowest + 14 - 200, 6);
    expect(shifted).toBeCloseTo(views.lift, 6);
    at().forEach((now, i) => {
      expect(now.x).toBeCloseTo(before[i].x, 9);
      expect(now.y).toBeCloseTo(before[i].y - views.lift, 9);
      expect(now.depth).toBeCloseTo(before[i].depth, 9);
    });
    lift.cover(100);
    expect(shifted).toBeCloseTo(views.lift, 6);
    lift.cover(0);
    expect(views.lift).toBeCloseTo(0, 9);
    expect(shifted).toBeCloseTo(0, 9);
  });

  it("stands still while something is drawn, whatever comes to lie over it", () => {
    const views = Object.assign(new Views(), { width: 400, height: 300, dim: "2d" as const });
    const picture = { cloud, selection: Mask.of(2, [0]), shown: Uint8Array.of(1, 1) };
    let drawing = true;
    const lift = new Lift(views, picture, clock, () => undefined, () => drawing); // prettier-ignore
    lift.cover(200);
    expect(views.lift).toBe(0);
    drawing = false;
    lift.adjust();
    expect(views.lift).toBeGreaterThan(0);
  });

  it("leaves what is under the pointer there while one zooms", () => {
    const views = Object.assign(new Views(), { width: 400, height: 300, dim: "2d" as const, lift: 60 });
    const steer = new Steering(views, clock, () => undefined);
    const at = () => place(cloud(2), views.pixels(views.list()[0]), 1);
    const { x, y } = at();
    steer.grasp(x);
    steer.zoom(0.5, x, y);
    expect(at().x).toBeCloseTo(x, 6);
    expect(at().y).toBeCloseTo(y, 6);
  });
});
