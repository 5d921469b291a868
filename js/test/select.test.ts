import { describe, expect, it } from "vitest";
import { toPixels, type Matrix, type Pane } from "../src/geometry";
import { Mask } from "../src/mask";
import * as cam from "../src/scatter/camera";
import { pick } from "../src/scatter/pick";
import { rowsInside, type Cloud } from "../src/scatter/select";
import { shownRows } from "../src/scatter/state";
import { generator, randomCamera2, randomCamera3, randomCloud, randomPane, randomPolygon } from "./random";

const all = (n: number) => new Uint8Array(n).fill(1);

/** Where a row lands, by the words of the camera rather than by its matrix: along its axes, then by similar triangles. */
function lands3(cloud: Cloud, c: cam.Camera3, pane: Pane, row: number) {
  const value = (axis: number) => cloud.lo + (cloud.coords[row * 3 + axis] / 65535) * (cloud.hi - cloud.lo) - c.target[axis];
  const p = [value(0), value(1), value(2)];
  const along = (axis: readonly number[]) => p[0] * axis[0] + p[1] * axis[1] + p[2] * axis[2];
  const { right, up, back } = cam.axes(c);
  const depth = c.distance - along(back);
  const perUnit = (Math.min(pane.width, pane.height) / 2 / depth) * cam.distanceFor(1);
  return { x: pane.x + pane.width / 2 + along(right) * perUnit, y: pane.y + pane.height / 2 - along(up) * perUnit, depth };
}

function lands2(cloud: Cloud, c: cam.Camera2, pane: Pane, row: number) {
  const value = (axis: number) => cloud.lo + (cloud.coords[row * 2 + axis] / 65535) * (cloud.hi - cloud.lo) - c.center[axis];
  const perUnit = Math.min(pane.width, pane.height) / 2 / c.reach;
  return { x: pane.x + pane.width / 2 + value(0) * perUnit, y: pane.y + pane.height / 2 - value(1) * perUnit, depth: Infinity };
}

/** Inside by the sum of turns: odd windings only, as even-odd has it. And how far the nearest edge is. */
function reference(polygon: Float32Array, x: number, y: number): { inside: boolean; edge: number } {
  let [turns, edge] = [0, Infinity];
  const corners = polygon.length / 2;
  for (let i = 0; i < corners; i++) {
    const j = (i + 1) % corners;
    const [ax, ay, bx, by] = [polygon[2 * i] - x, polygon[2 * i + 1] - y, polygon[2 * j] - x, polygon[2 * j + 1] - y];
    turns += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
    const t = Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)));
    edge = Math.min(edge, Math.hypot(ax + t * (bx - ax), ay + t * (by - ay)));
  }
  return { inside: Math.abs(Math.round(turns / (2 * Math.PI))) % 2 === 1, edge };
}

/** Rows in which a selection and the reference differ, but for points within a billionth of a px of an edge. */
function differing(cloud: Cloud, pixels: Matrix, pane: Pane, polygon: Float32Array, lands: (row: number) => { x: number; y: number; depth: number }, near: number) {
  const taken = rowsInside(cloud, pixels, pane, polygon, all(cloud.n));
  let [different, inside, behind] = [0, 0, 0];
  for (let row = 0; row < cloud.n; row++) {
    const { x, y, depth } = lands(row);
    const seen = depth >= near && x >= pane.x && x <= pane.x + pane.width && y >= pane.y && y <= pane.y + pane.height;
    const { inside: within, edge } = reference(polygon, x, y);
    const expected = seen && within;
    if (depth < 0 && within) behind++;
    if (expected) inside++;
    const margin = Math.min(edge, Math.abs(x - pane.x), Math.abs(x - pane.x - pane.width), Math.abs(y - pane.y), Math.abs(y - pane.y - pane.height), Math.abs(depth - near));
    if (expected !== taken.has(row) && margin > 1e-9) different++;
  }
  return { different, inside, behind };
}

describe("rowsInside equals a float64 reference", () => {
  it("in 3D: random cameras, zooms and outlines, many rows behind the camera", () => {
    const random = generator(11);
    let [inside, behind] = [0, 0];
    for (let round = 0; round < 60; round++) {
      const [cloud, c, pane] = [randomCloud(random, 1500, 3), randomCamera3(random), randomPane(random)];
      const polygon = randomPolygon(random, pane, 3 + Math.floor(random() * 15));
      const result = differing(cloud, toPixels(cam.matrix3(c, pane), pane), pane, polygon, (row) => lands3(cloud, c, pane, row), cam.near(c));
      expect(result.different).toBe(0);
      inside += result.inside;
      behind += result.behind;
    }
    // The test has something to say only if both happen: rows behind the eye whose mirror image lies inside the outline, too.
    expect(inside).toBeGreaterThan(5000);
    expect(behind).toBeGreaterThan(100);
  });

  it("in 2D", () => {
    const random = generator(12);
    let inside = 0;
    for (let round = 0; round < 40; round++) {
      const [cloud, c, pane] = [randomCloud(random, 1500, 2), randomCamera2(random), randomPane(random)];
      const polygon = randomPolygon(random, pane, 3 + Math.floor(random() * 15));
      const result = differing(cloud, toPixels(cam.matrix2(c, pane), pane), pane, polygon, (row) => lands2(cloud, c, pane, row), 0);
      expect(result.different).toBe(0);
      inside += result.inside;
    }
    expect(inside).toBeGreaterThan(5000);
  });
});

describe("rowsInside", () => {
  const pane: Pane = { x: 0, y: 0, width: 400, height: 400 };
  const cloud = randomCloud(generator(13), 500, 3);
  const pixels = toPixels(cam.matrix3(cam.HOME3, pane), pane);
  const everything = Float32Array.of(-1000, -1000, 2000, -1000, 2000, 2000, -1000, 2000);

  it("takes neither rows that are not in the round nor hidden clusters", () => {
    const labels = Int16Array.from({ length: 500 }, (_, row) => (row % 5) - 2);
    const seen = rowsInside(cloud, pixels, pane, everything, all(500));
    const taken = rowsInside(cloud, pixels, pane, everything, shownRows(labels, new Set([1, -1])));
    expect([...taken]).toEqual([...seen].filter((row) => labels[row] === 0 || labels[row] === 2));
    expect(taken.count()).toBeGreaterThan(50);
  });

  it("takes nothing outside the pane, however large the outline", () => {
    const half = { ...pane, width: 200 };
    const taken = rowsInside(cloud, pixels, half, everything, all(500));
    const right = rowsInside(cloud, pixels, { ...half, x: 200 }, everything, all(500));
    const whole = rowsInside(cloud, pixels, pane, everything, all(500));
    expect(taken.or(right).equals(whole)).toBe(true);
    expect(taken.count()).toBeLessThan(whole.count());
  });

  it("takes nothing of no rows", () => {
    expect(rowsInside({ ...cloud, n: 0 }, pixels, pane, everything, all(0)).equals(new Mask(0))).toBe(true);
  });
});

describe("pick", () => {
  const pane: Pane = { x: 0, y: 0, width: 400, height: 400 };
  const pixels2 = toPixels(cam.matrix2(cam.HOME2, pane), pane);
  const flat = (...places: number[]): Cloud => ({ n: places.length / 2, dim: 2, lo: -1.2, hi: 1.2, coords: Uint16Array.from(places) });
  const radius = () => 3;
  const middle = 32768;

  it("finds the disc under the pointer, of two the one drawn last", () => {
    expect(pick(flat(0, 0, middle, middle, middle, middle), pixels2, 201, 200, radius, all(3))).toBe(2);
  });

  it("of several in 3D takes the nearest to the eye, not the nearest to the pointer", () => {
    const { back } = cam.axes(cam.HOME3);
    const along = (d: number) => back.map((v) => Math.round(((v * d + 1.2) / 2.4) * 65535));
    const cloud: Cloud = { n: 3, dim: 3, lo: -1.2, hi: 1.2, coords: Uint16Array.from([...along(-0.5), ...along(0.8), ...along(0)]) };
    const pixels = toPixels(cam.matrix3(cam.HOME3, pane), pane);
    expect(pick(cloud, pixels, 200, 200, radius, all(3))).toBe(1);
    expect(pick(cloud, pixels, 200, 200, radius, Uint8Array.of(1, 0, 1))).toBe(2);
  });

  it("forgives a small miss and no large one", () => {
    expect(pick(flat(middle, middle), pixels2, 207, 200, radius, all(1))).toBe(0);
    expect(pick(flat(middle, middle), pixels2, 209, 200, radius, all(1))).toBe(-1);
    expect(pick(flat(), pixels2, 200, 200, radius, all(0))).toBe(-1);
  });
});
