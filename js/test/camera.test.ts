import { describe, expect, it } from "vitest";
import { project, toPixels, type Pane, type Vec3 } from "../src/geometry";
import * as cam from "../src/scatter/camera";
import { generator, randomCamera2, randomCamera3, randomPane } from "./random";

const PANE: Pane = { x: 0, y: 0, width: 800, height: 600 };
const at3 = (c: cam.Camera3, p: Vec3, pane = PANE) => project(toPixels(cam.matrix3(c, pane), pane), ...p);
const at2 = (c: cam.Camera2, x: number, y: number, pane = PANE) => project(toPixels(cam.matrix2(c, pane), pane), x, y, 0);
const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

describe("the 3D camera", () => {
  it("has the target in the middle of the pane, at its distance", () => {
    const random = generator(1);
    for (let i = 0; i < 50; i++) {
      const [c, pane] = [randomCamera3(random), randomPane(random)];
      const seen = at3(c, c.target, pane);
      expect(seen.x).toBeCloseTo(pane.x + pane.width / 2, 6);
      expect(seen.y).toBeCloseTo(pane.y + pane.height / 2, 6);
      expect(seen.depth).toBeCloseTo(c.distance, 9);
    }
  });

  it("has right, up and back of length 1 and square to each other, right handed", () => {
    const random = generator(2);
    for (let i = 0; i < 50; i++) {
      const { right, up, back } = cam.axes(randomCamera3(random));
      for (const axis of [right, up, back]) expect(dot(axis, axis)).toBeCloseTo(1, 12);
      for (const [a, b] of [[right, up], [up, back], [back, right]]) expect(dot(a, b)).toBeCloseTo(0, 12);
      expect(right[0] * (up[1] * back[2] - up[2] * back[1]) - right[1] * (up[0] * back[2] - up[2] * back[0]) + right[2] * (up[0] * back[1] - up[1] * back[0])).toBeCloseTo(1, 12);
    }
  });

  it("shows the whole cloud, a ball of radius 1, at home", () => {
    const random = generator(3);
    for (let i = 0; i < 500; i++) {
      const p: Vec3 = [random() - 0.5, random() - 0.5, random() - 0.5];
      const length = Math.sqrt(dot(p, p));
      const seen = at3(cam.HOME3, [p[0] / length, p[1] / length, p[2] / length]);
      expect(Math.abs(seen.x - 400)).toBeLessThan(300);
      expect(Math.abs(seen.y - 300)).toBeLessThan(300);
    }
  });

  it("never turns upside down: the vertical axis points up however it is dragged", () => {
    const random = generator(4);
    let c = cam.HOME3;
    for (let i = 0; i < 300; i++) {
      c = cam.turned(c, (random() - 0.5) * 900, (random() - 0.5) * 900, PANE);
      expect(cam.axes(c).up[1]).toBeGreaterThanOrEqual(-1e-12);
      expect(Math.abs(c.turn)).toBeLessThanOrEqual(Math.PI);
    }
  });

  it("turns what is near with the pointer", () => {
    const near: Vec3 = cam.axes(cam.HOME3).back;
    expect(at3(cam.turned(cam.HOME3, 30, 0, PANE), near).x).toBeGreaterThan(at3(cam.HOME3, near).x);
    expect(at3(cam.turned(cam.HOME3, 0, 30, PANE), near).y).toBeGreaterThan(at3(cam.HOME3, near).y);
  });

  it("pans the target with the pointer, pixel for pixel", () => {
    const random = generator(5);
    for (let i = 0; i < 50; i++) {
      const [c, pane] = [randomCamera3(random), randomPane(random)];
      const [before, after] = [at3(c, c.target, pane), at3(cam.panned3(c, 37, -12, pane), c.target, pane)];
      expect(after.x - before.x).toBeCloseTo(37, 6);
      expect(after.y - before.y).toBeCloseTo(-12, 6);
    }
  });

  it("zooms about the pointer, at the depth of the target", () => {
    const random = generator(6);
    for (let i = 0; i < 50; i++) {
      const [c, pane] = [randomCamera3(random), randomPane(random)];
      const [x, y] = [(random() - 0.5) * pane.width, (random() - 0.5) * pane.height];
      // The point under the pointer: the target of the camera panned so that it comes to the middle.
      const under = cam.panned3(c, -x, -y, pane).target;
      const seen = at3(cam.zoomed3(c, 0.6, x, y, pane), under, pane);
      expect(seen.x).toBeCloseTo(pane.x + pane.width / 2 + x, 5);
      expect(seen.y).toBeCloseTo(pane.y + pane.height / 2 + y, 5);
    }
  });

  it("says behind for what is at the eye or behind it, and not for what is before it", () => {
    const random = generator(7);
    for (let i = 0; i < 50; i++) {
      const c = randomCamera3(random);
      const along = (d: number): Vec3 => {
        const { back } = cam.axes(c);
        return [c.target[0] + back[0] * d, c.target[1] + back[1] * d, c.target[2] + back[2] * d];
      };
      expect(at3(c, along(c.distance * 1.01)).behind).toBe(true);
      expect(at3(c, along(c.distance * 3)).behind).toBe(true);
      expect(at3(c, along(c.distance - cam.near(c) * 0.99)).behind).toBe(true);
      expect(at3(c, along(c.distance - cam.near(c) * 1.01)).behind).toBe(false);
    }
  });

  it("frames the same without perspective: what lies at the target's depth is where it was, and what lies behind it is as large", () => {
    const random = generator(9);
    for (let i = 0; i < 50; i++) {
      const [c, pane] = [randomCamera3(random), randomPane(random)];
      const { right, up, back } = cam.axes(c);
      const at = (a: number, b: number, d: number): Vec3 => [0, 1, 2].map((k) => c.target[k] + right[k] * a + up[k] * b + back[k] * d) as unknown as Vec3;
      const land = (parallel: number, p: Vec3) => project(toPixels(cam.matrix3(c, pane, parallel), pane), ...p);
      const [a, b] = [random() - 0.5, random() - 0.5];
      for (const parallel of [0.3, 1]) {
        expect(land(parallel, at(a, b, 0)).x).toBeCloseTo(land(0, at(a, b, 0)).x, 6);
        expect(land(parallel, at(a, b, 0)).y).toBeCloseTo(land(0, at(a, b, 0)).y, 6);
      }
      const [near, far] = [land(1, at(a, b, 2)), land(1, at(a, b, -2))];
      expect(near.x).toBeCloseTo(far.x, 6);
      expect(near.y).toBeCloseTo(far.y, 6);
      expect([near.behind, far.behind, near.z < far.z]).toEqual([false, false, true]);
      expect(near.depth).toBeCloseTo(c.distance, 9);
      expect(cam.beyond(c, far, 1)).toBeCloseTo(2, 9);
      expect(cam.beyond(c, land(0, at(a, b, -2)), 0)).toBeCloseTo(2, 9);
    }
  });

  it("zooms and pans without perspective as with it", () => {
    const random = generator(10);
    for (let i = 0; i < 50; i++) {
      const [c, pane] = [randomCamera3(random), randomPane(random)];
      const [x, y] = [(random() - 0.5) * pane.width, (random() - 0.5) * pane.height];
      const under = cam.panned3(c, -x, -y, pane).target;
      const zoomed = cam.zoomed3(c, 0.6, x, y, pane);
      const seen = project(toPixels(cam.matrix3(zoomed, pane, 1), pane), ...under);
      expect(seen.x).toBeCloseTo(pane.x + pane.width / 2 + x, 5);
      expect(seen.y).toBeCloseTo(pane.y + pane.height / 2 + y, 5);
    }
  });

  it("cannot be zoomed to nothing, nor out of sight", () => {
    let [close, wide] = [cam.HOME3, cam.HOME3];
    for (let i = 0; i < 100; i++) [close, wide] = [cam.zoomed3(close, 0.5, 9, 9, PANE), cam.zoomed3(wide, 2, 9, 9, PANE)];
    expect(close.distance).toBeGreaterThan(0.01);
    expect(wide.distance).toBeLessThan(50);
    expect(Math.hypot(...close.target)).toBeLessThan(1);
  });

  it("flies the short way round", () => {
    const [a, b] = [{ ...cam.HOME3, turn: 3 }, { ...cam.HOME3, turn: -3 }];
    expect(Math.abs(cam.between3(a, b, 0.5).turn)).toBeCloseTo(Math.PI, 9);
    expect(cam.between3(a, b, 0)).toEqual(a);
    expect(cam.between3(a, b, 1).distance).toBeCloseTo(b.distance, 12);
  });
});

describe("the 2D camera", () => {
  it("pans and zooms with the pointer, pixel for pixel", () => {
    const random = generator(8);
    for (let i = 0; i < 50; i++) {
      const [c, pane] = [randomCamera2(random), randomPane(random)];
      const [px, py] = [random() - 0.5, random() - 0.5];
      const before = at2(c, px, py, pane);
      expect(at2(cam.panned2(c, 5, 7, pane), px, py, pane).x).toBeCloseTo(before.x + 5, 6);
      expect(at2(cam.panned2(c, 5, 7, pane), px, py, pane).y).toBeCloseTo(before.y + 7, 6);
      const [x, y] = [before.x - pane.x - pane.width / 2, before.y - pane.y - pane.height / 2];
      const zoomed = at2(cam.zoomed2(c, 0.7, x, y, pane), px, py, pane);
      expect(zoomed.x).toBeCloseTo(before.x, 5);
      expect(zoomed.y).toBeCloseTo(before.y, 5);
      expect(zoomed.behind).toBe(false);
    }
  });

  it("keeps circles round in any pane", () => {
    const pane = { x: 0, y: 0, width: 900, height: 300 };
    const [middle, right, above] = [at2(cam.HOME2, 0, 0, pane), at2(cam.HOME2, 0.5, 0, pane), at2(cam.HOME2, 0, 0.5, pane)];
    expect(right.x - middle.x).toBeCloseTo(middle.y - above.y, 9);
  });
});

describe("dequantised", () => {
  it("reads 0 to 1 as lo to hi", () => {
    const c = cam.HOME3;
    const [lo, hi] = [-1.2, 1.2];
    const whole = cam.matrix3(c, PANE);
    const quantised = cam.dequantised(whole, lo, hi);
    for (const q of [0, 1, 30000, 65535]) {
      const value = lo + (q * (hi - lo)) / 65535;
      const [a, b] = [project(whole, value, value / 2, 0.1), project(quantised, q / 65535, (value / 2 - lo) / (hi - lo), (0.1 - lo) / (hi - lo))];
      expect(b.x).toBeCloseTo(a.x, 9);
      expect(b.depth).toBeCloseTo(a.depth, 9);
    }
  });
});
