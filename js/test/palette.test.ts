import { describe, expect, it } from "vitest";
import { clusterColours, contrast, difference, parseColour, type Rgb } from "../src/palette";

const GROUND = { light: parseColour("#ffffff"), dark: parseColour("#15181b") };

function least(colours: string[]): number {
  const parsed = colours.map(parseColour);
  return Math.min(...parsed.flatMap((a, i) => parsed.slice(i + 1).map((b) => difference(a, b))));
}

describe.each([["light", false], ["dark", true]] as const)("cluster colours on a %s ground", (name, dark) => {
  it("begin with Okabe and Ito's", () => {
    expect(clusterColours(7, dark)).toEqual(expect.arrayContaining(["#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"]));
  });

  it("stay the same as others come", () => {
    expect(clusterColours(60, dark).slice(0, 12)).toEqual(clusterColours(12, dark));
  });

  it("are all seen on the ground", () => {
    for (const css of clusterColours(300, dark)) expect(contrast(parseColour(css), GROUND[name])).toBeGreaterThan(2);
  });

  it("differ at least this much, for any of the three kinds of vision", () => {
    expect(least(clusterColours(12, dark))).toBeGreaterThan(0.07);
    expect(least(clusterColours(24, dark))).toBeGreaterThan(0.038);
    expect(least(clusterColours(60, dark))).toBeGreaterThan(0.012);
  });

  it("differ from their neighbours in the list, however many", () => {
    const parsed = clusterColours(300, dark).map(parseColour);
    const steps = parsed.slice(1).map((b, i) => difference(parsed[i], b));
    expect(Math.min(...steps)).toBeGreaterThan(0.04);
  });

  it("never run out", () => {
    const many = clusterColours(2000, dark);
    expect(many).toHaveLength(2000);
    for (const css of many) expect(css).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe("colours", () => {
  it("are read as hosts write them", () => {
    expect(parseColour("#f00")).toEqual([1, 0, 0]);
    expect(parseColour(" #00FF00 ")).toEqual([0, 1, 0]);
    expect(parseColour("rgba(0, 51, 255, 0.5)")).toEqual([0, 0.2, 1]);
    for (const css of ["", "red", "#12", "#12345", "rgb(1)"]) expect(() => parseColour(css)).toThrow(RangeError);
  });

  it("contrast as WCAG counts it", () => {
    const [white, black]: Rgb[] = [[1, 1, 1], [0, 0, 0]];
    expect(contrast(white, black)).toBeCloseTo(21, 9);
    expect(contrast(parseColour("#767676"), white)).toBeCloseTo(4.54, 2);
  });

  it("that only red-green vision tells apart count as alike", () => {
    const [red, green] = [parseColour("#c45a00"), parseColour("#7d7d00")];
    expect(difference(red, green)).toBeLessThan(0.08);
    expect(difference(red, red)).toBe(0);
  });
});
