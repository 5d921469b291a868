import { describe, expect, it } from "vitest";
import { matrix3, distanceFor, HOME3, WHOLE } from "../src/scatter/camera";
import { fitted } from "../src/scatter/fit";
import { toPixels } from "../src/geometry";
import { place } from "../src/scatter/select";
import type { ScatterData } from "../src/scatter/types";

const [LO, HI] = [-1.2, 1.2];
const quantise = (values: number[]) => Uint16Array.from(values, (v) => Math.round(((v - LO) / (HI - LO)) * 65535));

/** A cloud along x, a fifth as high and deep. */
function long(n: number): ScatterData {
  const [c3, c2]: [number[], number[]] = [[], []];
  for (let i = 0; i < n; i++) {
    const x = -1 + (2 * i) / (n - 1);
    c3.push(x, 0.2 * Math.sin(i), 0.2 * Math.cos(i));
    c2.push(x, 0.2 * Math.sin(i));
  }
  return { n, coords3: quantise(c3), coords2: quantise(c2), labels: new Int16Array(n), lo: LO, hi: HI };
}

const wide = { x: 0, y: 0, width: 1000, height: 500 };

describe("fitted", () => {
  it("brings a long cloud nearer in a wide view, and holds it", () => {
    const data = long(500);
    const { reach3, reach2 } = fitted(data, wide, wide);
    expect(reach2).toBeLessThan(0.6 * WHOLE);
    expect(reach3).toBeLessThan(0.6 * WHOLE);
    const pixels = toPixels(matrix3({ ...HOME3, distance: distanceFor(reach3) }, wide), wide);
    const cloud = { n: data.n, coords: data.coords3, dim: 3 as const, lo: LO, hi: HI };
    for (let row = 0; row < data.n; row++) {
      const { x, y } = place(cloud, pixels, row);
      expect(x).toBeGreaterThan(-20);
      expect(x).toBeLessThan(1020);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(500);
    }
  });

  it("is the whole where there is nothing, and never nearer than a few points need", () => {
    const none = { ...long(4), labels: new Int16Array(4).fill(-2) };
    expect(fitted(none, wide, wide)).toEqual({ reach3: WHOLE, reach2: WHOLE });
    const one = { ...long(2), coords3: quantise([0, 0, 0, 0, 0, 0]), coords2: quantise([0, 0, 0, 0]) };
    expect(fitted(one, wide, wide)).toEqual({ reach3: 0.3, reach2: 0.3 });
  });
});
