import { describe, expect, it } from "vitest";
import { clusterColours, parseColour, type Rgb } from "../src/palette";
import type { PointsView } from "../src/scatter/points";
import { blend } from "../src/scatter/splat/press";
import { splattedPoints } from "../src/scatter/splat/splat";
import { GHOST, OFF, RING, SELECTED } from "../src/scatter/state";
import { Views } from "../src/scatter/views";
import { generator, randomCamera2, randomCamera3 } from "./random";
import { drawnSlowly, type Rows } from "./splat.reference";

const LOOK = { ground: parseColour("#ffffff"), ink: parseColour("#1c2024"), pale: 0.45, outline: 0.8 };
const STATES = [0, 0, 0, 0, RING, SELECTED, SELECTED | RING, OFF, GHOST];

function randomRows(random: () => number, n: number): Rows {
  const coords = (dim: number) => Uint16Array.from({ length: n * dim }, () => Math.floor(random() * 65536));
  return {
    n,
    coords: { 2: coords(2), 3: coords(3) },
    before: { 2: coords(2), 3: coords(3) },
    state: Uint8Array.from({ length: n }, () => STATES[Math.floor(random() * STATES.length)]),
    colourOf: Uint16Array.from({ length: n }, () => (random() < 0.2 ? 65535 : Math.floor(random() * 9))),
    palette: clusterColours(8, false).map(parseColour),
  };
}

function splatted(rows: Rows, views: PointsView[], cssPx: number, width: number, height: number, rough = false): number[][] {
  const points = splattedPoints();
  for (const dim of [2, 3] as const) points.setCoords(dim, rows.coords[dim], rows.before[dim]);
  points.setState(rows.state);
  points.setColourOf(rows.colourOf);
  points.setPalette(rows.palette as Rgb[]);
  const pixels = new Int32Array(width * height);
  points.draw(rows.n, views, LOOK, cssPx, { pixels, width, height }, rough);
  return Array.from(pixels, (v) => [v & 255, (v >> 8) & 255, (v >> 16) & 255]);
}

function randomViews(random: () => number, width: number, height: number): Views {
  return Object.assign(new Views(), { width, height, camera3: randomCamera3(random), camera2: randomCamera2(random) });
}

const different = (a: number[][], b: number[][]) => a.filter((pixel, i) => pixel.some((v, part) => v !== b[i][part])).length;

describe("the splatter draws each pixel as the slow way does", () => {
  const [width, height] = [48, 36];
  const cases = [["still", null, false], ["on its way from old places", 0.3, false], ["turning from 2D into 3D", null, true]] as const;

  it.each(cases)("while the cloud is %s", (_, settling, morph) => {
    const random = generator(7);
    for (let scene = 0; scene < 9; scene++) {
      const views = randomViews(random, width, height);
      const rows = randomRows(random, 120);
      views.dim = scene % 2 === 0 ? "3d" : "2d";
      if (morph) views.morph = { from: scene % 2 === 0 ? 2 : 3, done: random() };
      const cssPx = [1, 1.5, 2][scene % 3];
      const pictures = views.pictures(2000 * 10 ** (scene % 4), -1.2, 1.2, settling);
      const [w, h] = [width * cssPx, height * cssPx];
      const drawn = splatted(rows, pictures, cssPx, w, h);
      expect(different(drawn, drawnSlowly(rows, pictures[0], LOOK, cssPx, w, h))).toBe(0);
    }
  });

  it("in two panes, neither of which draws into the other", () => {
    const random = generator(11);
    const views = randomViews(random, 100, 36);
    const rows = randomRows(random, 200);
    views.dim = "both";
    const [left, right] = views.pictures(2000, -1.2, 1.2, null);
    const drawn = splatted(rows, [left, right], 1, 100, 36);
    const half = (picture: number[][], from: number) => picture.filter((_, i) => i % 100 >= from && i % 100 < from + 50);
    expect(different(half(drawn, 0), drawnSlowly(rows, left, LOOK, 1, 50, 36))).toBe(0);
    expect(different(half(drawn, 50), drawnSlowly(rows, right, LOOK, 1, 50, 36))).toBe(0);
  });
});

describe("the splatter", () => {
  const views = Object.assign(new Views(), { width: 80, height: 60 });
  const one = (state: number, more: Partial<Rows> = {}): Rows => ({
    n: 1,
    coords: { 2: Uint16Array.of(32768, 32768), 3: Uint16Array.of(32768, 32768, 32768) },
    before: { 2: new Uint16Array(0), 3: new Uint16Array(0) },
    state: Uint8Array.of(state),
    colourOf: Uint16Array.of(0),
    palette: [[0, 0, 1]],
    ...more,
  });
  const ink = (rows: Rows, n = 2000, rough = false) => splatted(rows, views.pictures(n, -1.2, 1.2, null), 1, 80, 60, rough).reduce((sum, [r]) => sum + (255 - r) / 255, 0);

  it("draws nothing that is off, and no more than the ground where there is no row", () => {
    expect(ink(one(OFF))).toBe(0);
    expect(ink({ ...one(0), n: 0 })).toBe(0);
  });

  it("keeps every point in sight, however many there are and wherever in a pixel it lies", () => {
    for (let at = 32000; at < 32900; at += 37) {
      for (const rough of [false, true]) {
        const rows = one(0, { coords: { 2: Uint16Array.of(at, at), 3: Uint16Array.of(at, at, at) } });
        expect(ink(rows, 1_000_000, rough)).toBeGreaterThan(0.05);
      }
    }
  });

  it("lays selected points over all others, and ghosts under them", () => {
    const coords = { 2: Uint16Array.of(32768, 32768, 32768, 32768), 3: Uint16Array.of(32768, 32768, 32768, 32768, 32768, 60000) };
    const middle = (states: number[], colours = [0, 1]) => {
      const rows = one(0, { n: 2, coords, state: Uint8Array.from(states), colourOf: Uint16Array.from(colours), palette: [[0, 0, 1], [1, 0, 0]] });
      const [r, , b] = splatted(rows, Object.assign(new Views(), { width: 80, height: 60, dim: "2d" }).pictures(2000, -1.2, 1.2, null), 1, 80, 60)[30 * 80 + 40];
      return r > b + 10 ? "second" : b > r + 10 ? "first" : "neither";
    };
    expect(middle([0, 0])).toBe("second");
    expect(middle([SELECTED, 0])).toBe("first");
    expect(middle([0, GHOST])).toBe("first");
    expect(middle([GHOST, OFF])).toBe("first");
    expect(middle([GHOST, OFF], [9, 1])).toBe("neither");
  });

  it("holds as much colour in its rough pictures", () => {
    const random = generator(3);
    const rows = { ...randomRows(random, 400), state: new Uint8Array(400), palette: [[0, 0, 0]] as Rows["palette"], colourOf: new Uint16Array(400) };
    const [fine, rough] = [ink(rows, 500_000), ink(rows, 500_000, true)];
    expect(Math.abs(rough / fine - 1)).toBeLessThan(0.12);
  });
});

describe("a blend", () => {
  it("is the mean by share, a channel at a time, rounded", () => {
    const random = generator(5);
    for (let i = 0; i < 5000; i++) {
      const [under, over, share] = [Math.floor(random() * 2 ** 24), Math.floor(random() * 2 ** 24), Math.floor(random() * 257)];
      const channel = (v: number, part: number) => (v >> (8 * part)) & 255;
      const wanted = [0, 1, 2].map((part) => channel(under, part) + Math.floor(((channel(over, part) - channel(under, part)) * share + 128) / 256));
      const mixed = blend(under, over, share);
      expect([0, 1, 2].map((part) => channel(mixed, part))).toEqual(wanted);
      expect(mixed >>> 24).toBe(255);
    }
  });
});
