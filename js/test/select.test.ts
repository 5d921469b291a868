import { describe, expect, it } from "vitest";
import { toPixels, type Matrix, type Pane } from "../src/geometry";
import { Mask } from "../src/mask";
import * as cam from "../src/scatter/camera";
import { pick } from "../src/scatter/pick";
import { Screen } from "../src/scatter/screen";
import { areaOf, rowsInside as inside, type Cloud } from "../src/scatter/select";
import { inSight } from "../src/scatter/sight";
import { shownRows } from "../src/scatter/state";
import { generator, randomCamera2, randomCamera3, randomCloud, randomPane, randomPolygon } from "./random";

const all = (n: number) => new Uint8Array(n).fill(1);
const through = (cloud: Cloud, pixels: Matrix, shown: Uint8Array = all(cloud.n)) => new Screen().through(cloud, pixels, shown);
const rowsInside = (cloud: Cloud, pixels: Matrix, pane: Pane, polygon: Float32Array, shown?: Uint8Array) => inside(through(cloud, pixels, shown), pane, areaOf(polygon, 0));

/** Where a row lands, by the words of the camera rather than by its matrix: along its axes, then by similar triangles, or by none. */
function lands3(cloud: Cloud, c: cam.Camera3, pane: Pane, row: number, parallel = false) {
  const value = (axis: number) => cloud.lo + (cloud.coords[row * 3 + axis] / 65535) * (cloud.hi - cloud.lo) - c.target[axis];
  const p = [value(0), value(1), value(2)];
  const along = (axis: readonly number[]) => p[0] * axis[0] + p[1] * axis[1] + p[2] * axis[2];
  const { right, up, back } = cam.axes(c);
  const depth = c.distance - along(back);
  const perUnit = (Math.min(pane.width, pane.height) / 2 / (parallel ? c.distance : depth)) * cam.distanceFor(1);
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

/** No farther than the radius from the line, by the piece that is nearest. And how far the rim is. */
function strokeReference(line: Float32Array, radius: number, x: number, y: number): { inside: boolean; edge: number } {
  let nearest = Infinity;
  for (let i = 0; i < line.length / 2; i++) {
    const j = Math.min(i + 1, line.length / 2 - 1);
    const [ax, ay, dx, dy] = [x - line[2 * i], y - line[2 * i + 1], line[2 * j] - line[2 * i], line[2 * j + 1] - line[2 * i + 1]];
    const length = Math.hypot(dx, dy);
    const along = length > 0 ? (ax * dx + ay * dy) / length : 0;
    const aside = length > 0 ? Math.abs(ax * dy - ay * dx) / length : Infinity;
    if (along > 0 && along < length) nearest = Math.min(nearest, aside);
    nearest = Math.min(nearest, Math.hypot(ax, ay), Math.hypot(ax - dx, ay - dy));
  }
  return { inside: nearest <= radius, edge: Math.abs(nearest - radius) };
}

/** Rows in which a selection and the reference differ, but for points within a billionth of a px of an edge. */
function differing(cloud: Cloud, pixels: Matrix, pane: Pane, polygon: Float32Array, lands: (row: number) => { x: number; y: number; depth: number }, near: number, radius = 0) {
  const taken = inside(through(cloud, pixels), pane, areaOf(polygon, radius));
  return compared(cloud, pane, taken, lands, near, (x, y) => (radius > 0 ? strokeReference(polygon, radius, x, y) : reference(polygon, x, y)));
}

function compared(cloud: Cloud, pane: Pane, taken: Mask, lands: (row: number) => { x: number; y: number; depth: number }, near: number, refer: (x: number, y: number) => { inside: boolean; edge: number }) {
  let [different, inside, behind] = [0, 0, 0];
  for (let row = 0; row < cloud.n; row++) {
    const { x, y, depth } = lands(row);
    const seen = depth >= near && x >= pane.x && x <= pane.x + pane.width && y >= pane.y && y <= pane.y + pane.height;
    const { inside: within, edge } = refer(x, y);
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

  it("in 3D without perspective, where nothing is behind", () => {
    const random = generator(21);
    let inside = 0;
    for (let round = 0; round < 40; round++) {
      const [cloud, c, pane] = [randomCloud(random, 1500, 3), randomCamera3(random), randomPane(random)];
      const polygon = randomPolygon(random, pane, 3 + Math.floor(random() * 15));
      const result = differing(cloud, toPixels(cam.matrix3(c, pane, 1), pane), pane, polygon, (row) => lands3(cloud, c, pane, row, true), cam.near(c, 1));
      expect(result.different).toBe(0);
      inside += result.inside;
    }
    expect(inside).toBeGreaterThan(5000);
  });

  it("with a brush: lines that cross themselves, stand still or are one place, thin and wide", () => {
    const random = generator(22);
    let inside = 0;
    for (let round = 0; round < 60; round++) {
      const [cloud, c, pane] = [randomCloud(random, 1500, 3), randomCamera3(random), randomPane(random)];
      const line = randomPolygon(random, pane, 1 + Math.floor(random() ** 2 * 40));
      if (round % 5 === 0 && line.length > 3) line.copyWithin(2, 0, 2);
      const parallel = round % 2;
      const result = differing(cloud, toPixels(cam.matrix3(c, pane, parallel), pane), pane, line, (row) => lands3(cloud, c, pane, row, parallel === 1), cam.near(c, parallel), 1 + random() * 90);
      expect(result.different).toBe(0);
      inside += result.inside;
    }
    expect(inside).toBeGreaterThan(5000);
  });

  it("of 100,000 points, with a hand's outline of a thousand corners", () => {
    const random = generator(23);
    const [cloud, pane] = [randomCloud(random, 100_000, 3), { x: 0, y: 0, width: 900, height: 600 }];
    const hand = Float32Array.from({ length: 2000 }, (_, i) => {
      const turn = (Math.floor(i / 2) / 1000) * 2 * Math.PI;
      const away = 140 + 60 * Math.sin(9 * turn) + random() * 3;
      return i % 2 === 0 ? 450 + away * Math.cos(turn) : 300 + away * Math.sin(turn);
    });
    // every edge and every point in every pair is slow: edges by their side alone, as geometry.test.ts has it
    const evenOdd = (x: number, y: number) => {
      let [inside, edge] = [false, Infinity];
      for (let i = 0; i < 1000; i++) {
        const j = (i + 1) % 1000;
        const [x0, y0, x1, y1] = [hand[2 * i], hand[2 * i + 1], hand[2 * j], hand[2 * j + 1]];
        if (y0 > y === y1 > y) continue;
        const away = x0 + ((x1 - x0) * (y - y0)) / (y1 - y0) - x;
        edge = Math.min(edge, Math.abs(away));
        if (away > 0) inside = !inside;
      }
      return { inside, edge };
    };
    for (const c of [cam.HOME3, { ...cam.HOME3, turn: 2, distance: 0.9 }]) {
      const taken = rowsInside(cloud, toPixels(cam.matrix3(c, pane), pane), pane, hand);
      const result = compared(cloud, pane, taken, (row) => lands3(cloud, c, pane, row), cam.near(c), evenOdd);
      expect(result.different).toBe(0);
      expect(result.inside).toBeGreaterThan(1000);
    }
  }, 20_000);

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
  const at = (cloud: Cloud, x: number) => pick(through(cloud, pixels2), x, 200, radius, 3);

  it("finds the disc under the pointer, of two the one drawn last", () => {
    expect(at(flat(0, 0, middle, middle, middle, middle), 201)).toBe(2);
  });

  it("of several in 3D takes the nearest to the eye, not the nearest to the pointer", () => {
    const { back } = cam.axes(cam.HOME3);
    const along = (d: number) => back.map((v) => Math.round(((v * d + 1.2) / 2.4) * 65535));
    const cloud: Cloud = { n: 3, dim: 3, lo: -1.2, hi: 1.2, coords: Uint16Array.from([...along(-0.5), ...along(0.8), ...along(0)]) };
    const pixels = toPixels(cam.matrix3(cam.HOME3, pane), pane);
    expect(pick(through(cloud, pixels), 200, 200, radius, 3)).toBe(1);
    expect(pick(through(cloud, pixels, Uint8Array.of(1, 0, 1)), 200, 200, radius, 3)).toBe(2);
  });

  it("forgives a small miss and no large one", () => {
    expect(at(flat(middle, middle), 207)).toBe(0);
    expect(at(flat(middle, middle), 209)).toBe(-1);
    expect(at(flat(), 200)).toBe(-1);
  });
});

describe("the screen", () => {
  const pane: Pane = { x: 0, y: 0, width: 400, height: 400 };
  const cloud = randomCloud(generator(31), 300, 3);
  const pixels = toPixels(cam.matrix3(cam.HOME3, pane), pane);

  it("is computed again where the camera, the places or what is shown are others, and only there", () => {
    const screen = new Screen();
    const shown = all(300);
    const x = screen.through(cloud, pixels, shown).x[7];
    cloud.coords[21] ^= 0x4000;
    expect(screen.through(cloud, pixels, shown).x[7]).toBe(x); // nobody changes coordinates in their place
    expect(screen.through({ ...cloud, coords: cloud.coords.slice() }, pixels, shown).x[7]).not.toBe(x);
    expect(screen.through(cloud, pixels, Uint8Array.from(shown, (_, row) => Number(row !== 7))).x[7]).toBeNaN();
    const aside = toPixels(cam.matrix3({ ...cam.HOME3, turn: 1 }, pane), pane);
    expect(screen.through(cloud, aside, shown).x[8]).not.toBe(screen.through(cloud, pixels, shown).x[8]);
  });

  it("has no place for rows whose coordinates have not come yet", () => {
    const empty: Cloud = { ...cloud, coords: new Uint16Array(0) };
    expect(rowsInside(empty, pixels, pane, Float32Array.of(0, 0, 400, 0, 400, 400, 0, 400)).count()).toBe(0);
  });
});

describe("in sight", () => {
  const pane: Pane = { x: 100, y: 50, width: 300, height: 240 };
  const size = { diameter: 22, largest: 30 };

  /** As the docstring of `inSight` has it, px by px and row by row. */
  function reference(screen: Screen, rows: Mask, labels: Int16Array, focus: number): number[] {
    const nearer = (a: number, b: number) => screen.z[a] < screen.z[b];
    return [...rows].filter((row) => {
      const [cx, cy] = [Math.floor(screen.x[row] - pane.x), Math.floor(screen.y[row] - pane.y)];
      for (let other = 0; other < screen.n; other++) {
        if (other === row || labels[other] === -1 || Number.isNaN(screen.x[other]) || !nearer(other, row)) continue;
        const radius = Math.min((size.diameter * focus) / screen.w[other], size.largest) / 2;
        const [ox, oy] = [screen.x[other] - pane.x, screen.y[other] - pane.y];
        const own = Math.floor(ox) === cx && Math.floor(oy) === cy;
        if (own || (cx + 0.5 - ox) ** 2 + (cy + 0.5 - oy) ** 2 <= radius ** 2) return false;
      }
      return true;
    });
  }

  it("is a row whose px no nearer disc covers: random clouds and cameras, with and without perspective, and in 2D", () => {
    const random = generator(41);
    let [seen, hidden] = [0, 0];
    for (let round = 0; round < 24; round++) {
      const [dim, parallel] = [round % 4 === 0 ? 2 : 3, round % 2] as [2 | 3, number];
      const cloud = randomCloud(random, 700, dim);
      const c = randomCamera3(random);
      const labels = Int16Array.from({ length: 700 }, () => Math.floor(random() * 4) - 1);
      const shown = Uint8Array.from({ length: 700 }, () => Number(random() < 0.9));
      const pixels = dim === 3 ? toPixels(cam.matrix3(c, pane, parallel), pane) : toPixels(cam.matrix2(randomCamera2(random), pane), pane);
      const screen = through(cloud, pixels, shown);
      const taken = inside(screen, pane, areaOf(randomPolygon(random, pane, 7), 0));
      const focus = dim === 3 ? c.distance : 1;
      const found = [...inSight(screen, pane, taken, { size, focus, labels })];
      expect(found).toEqual(reference(screen, taken, labels, focus));
      if (dim === 2) expect(found).toHaveLength(taken.count());
      seen += found.length;
      hidden += taken.count() - found.length;
    }
    expect(seen).toBeGreaterThan(400);
    expect(hidden).toBeGreaterThan(60);
  });

  it("sees through rings", () => {
    const { back } = cam.axes(cam.HOME3);
    const along = (d: number) => back.map((v) => Math.round(((v * d + 1.2) / 2.4) * 65535));
    const cloud: Cloud = { n: 2, dim: 3, lo: -1.2, hi: 1.2, coords: Uint16Array.from([...along(-0.5), ...along(0.8)]) };
    const screen = through(cloud, toPixels(cam.matrix3(cam.HOME3, pane), pane));
    const sight = (labels: Int16Array) => [...inSight(screen, pane, Mask.of(2, [0, 1]), { size, focus: cam.HOME3.distance, labels })];
    expect(sight(Int16Array.of(0, 1))).toEqual([1]);
    expect(sight(Int16Array.of(0, -1))).toEqual([0, 1]);
  });
});
