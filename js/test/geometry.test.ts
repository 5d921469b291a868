import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { multiply, polygonTest, project, scaleAndShift, toPixels } from "../src/geometry";
import { generator, randomPolygon } from "./random";

/** Even-odd by the side of each edge on which the point lies: no bands, no division. */
function evenOdd(polygon: ArrayLike<number>, x: number, y: number): boolean {
  let inside = false;
  const corners = polygon.length / 2;
  for (let i = 0; i < corners; i++) {
    const j = (i + 1) % corners;
    const [x0, y0, x1, y1] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]];
    if (y0 > y === y1 > y) continue;
    const side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0);
    if (y1 > y0 ? side > 0 : side < 0) inside = !inside;
  }
  return inside;
}

const square = [0, 0, 4, 0, 4, 4, 0, 4];

describe("polygonTest", () => {
  it("gives each point of a plane cut in squares to one square, edges and corners included", () => {
    const cells = [0, 1, 2].flatMap((row) => [0, 1, 2].map((col) => polygonTest(square.map((v, i) => v + 4 * (i % 2 === 0 ? col : row)))));
    for (let x = 0; x < 12; x++) {
      for (let y = 0; y < 12; y++) expect(cells.filter((cell) => cell.contains(x, y))).toHaveLength(1);
    }
  });

  it("does not depend on where the outline begins, nor on its direction", () => {
    const star = [5, 0, 8, 9, 0, 3, 10, 3, 2, 9];
    const turned = [...star.slice(4), ...star.slice(0, 4)];
    const back = [0, 1, 2, 3, 4].flatMap((i) => star.slice(8 - 2 * i, 10 - 2 * i));
    for (let x = 0.25; x < 10; x += 0.5) {
      for (let y = 0.25; y < 9; y += 0.5) {
        const inside = polygonTest(star).contains(x, y);
        expect(polygonTest(turned).contains(x, y)).toBe(inside);
        expect(polygonTest(back).contains(x, y)).toBe(inside);
      }
    }
  });

  it("leaves the middle of a star out, which its outline goes about twice", () => {
    const star = polygonTest([5, 0, 8, 9, 0, 3, 10, 3, 2, 9]);
    expect(star.contains(5, 4.5)).toBe(false);
    expect(star.contains(5, 2)).toBe(true);
  });

  it("equals the rule without bands, for any outline and point on a grid that meets corners and edges", () => {
    const grid = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(fc.array(grid, { minLength: 6, maxLength: 24 }), grid, grid, (numbers, x, y) => {
        const polygon = numbers.slice(0, numbers.length & ~1);
        expect(polygonTest(polygon).contains(x, y)).toBe(evenOdd(polygon, x, y));
      }),
      { numRuns: 3000 },
    );
  });

  it("equals it for outlines of a thousand corners", () => {
    const random = generator(3);
    const polygon = randomPolygon(random, { x: 0, y: 0, width: 800, height: 600 }, 1000);
    const test = polygonTest(polygon);
    for (let i = 0; i < 2000; i++) {
      const [x, y] = [random() * 900, random() * 700];
      expect(test.contains(x, y)).toBe(evenOdd(polygon, x, y));
    }
  });

  it("takes nothing inside no area, and no point that is no number", () => {
    for (const polygon of [[], [1, 1], [0, 0, 4, 4], [0, 2, 4, 2, 2, 2]]) expect(polygonTest(polygon).contains(2, 2)).toBe(false);
    expect(polygonTest(square).contains(NaN, 1)).toBe(false);
    expect(polygonTest(square).contains(1, Infinity)).toBe(false);
  });
});

describe("matrices", () => {
  it("apply the right one first", () => {
    const doubledThenMoved = multiply(scaleAndShift([1, 1, 1], [10, 20, 30]), scaleAndShift([2, 2, 2], [0, 0, 0]));
    expect(project(doubledThenMoved, 1, 2, 3)).toMatchObject({ x: 12, y: 24, depth: 1 });
  });

  it("take clip space to the corners of a pane, y downwards", () => {
    const pixels = toPixels(scaleAndShift([1, 1, 1], [0, 0, 0]), { x: 100, y: 50, width: 400, height: 200 });
    expect(project(pixels, -1, 1, 0)).toMatchObject({ x: 100, y: 50, behind: false });
    expect(project(pixels, 1, -1, 0)).toMatchObject({ x: 500, y: 250, behind: false });
    expect(project(pixels, 0, 0, -1.001).behind).toBe(true);
  });
});
