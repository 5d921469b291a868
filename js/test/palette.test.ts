import { describe, expect, it } from "vitest";
import { clusterColour, clusterColours, contrast, difference, parseColour, ramp, rampAt, type Rgb } from "../src/palette";
import { EYES } from "../src/vision";

const GROUND = { light: parseColour("#ffffff"), dark: parseColour("#15181b") };

const VISIONS = ["full", "protanopia", "deuteranopia", "tritanopia"] as const;

/** The least difference of any two to each kind of vision, to four digits. */
function leastOfAny(colours: string[]): number[] {
  const parsed = colours.map(parseColour);
  return EYES.map((eye) => rounded(Math.min(...parsed.flatMap((a, i) => parsed.slice(i + 1).map((b) => difference(a, b, [eye]))))));
}

/** The same of two that follow each other. */
function leastStep(colours: string[]): number[] {
  const parsed = colours.map(parseColour);
  return EYES.map((eye) => rounded(Math.min(...parsed.slice(1).map((b, i) => difference(parsed[i], b, [eye])))));
}

const rounded = (v: number) => Number(v.toFixed(4));
const byVision = (figures: number[]) => Object.fromEntries(VISIONS.map((name, i) => [name, figures[i]]));

describe.each([["light", false], ["dark", true]] as const)("cluster colours on a %s ground", (name, dark) => {
  it("begin with Okabe and Ito's", () => {
    expect(clusterColours(7, dark)).toEqual(expect.arrayContaining(["#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"]));
  });

  it("stay the same as others come", () => {
    expect(clusterColours(60, dark).slice(0, 12)).toEqual(clusterColours(12, dark));
    expect([0, 7, 59].map((cluster) => clusterColour(cluster, dark))).toEqual([0, 7, 59].map((cluster) => clusterColours(60, dark)[cluster]));
  });

  it("are all seen on the ground", () => {
    for (const css of clusterColours(300, dark)) expect(contrast(parseColour(css), GROUND[name])).toBeGreaterThan(2);
  });

  it("differ at least this much, for any vision", () => {
    expect(Math.min(...leastOfAny(clusterColours(12, dark)))).toBeGreaterThan(0.06);
    expect(Math.min(...leastOfAny(clusterColours(24, dark)))).toBeGreaterThan(0.036);
    expect(Math.min(...leastOfAny(clusterColours(60, dark)))).toBeGreaterThan(0.012);
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

const LEAST = {
  first: {
    light: byVision([0.1558, 0.0955, 0.0761, 0.0854]),
    dark: byVision([0.1558, 0.0962, 0.0761, 0.0784]),
  },
  ramp: {
    light: byVision([0.047, 0.0399, 0.0414, 0.0395]),
    dark: byVision([0.0471, 0.0415, 0.0408, 0.0416]),
  },
};

// OKLab distances: about 0.02 is just seen.
describe("the least difference under simulated colour blindness", () => {
  it("of the first colours", () => {
    expect(byVision(leastOfAny(clusterColours(6, false)))).toEqual(LEAST.first.light);
    expect(byVision(leastOfAny(clusterColours(7, true)))).toEqual(LEAST.first.dark);
  });

  it("of neighbouring steps of a ramp of 12", () => {
    expect(byVision(leastStep(ramp(12, false)))).toEqual(LEAST.ramp.light);
    expect(byVision(leastStep(ramp(12, true)))).toEqual(LEAST.ramp.dark);
  });
});

describe.each([["light", false], ["dark", true]] as const)("a ramp on a %s ground", (name, dark) => {
  it("goes one way in lightness, from near the ground to far from it, always seen", () => {
    const contrasts = ramp(32, dark).map((css) => contrast(parseColour(css), GROUND[name]));
    expect([...contrasts].sort((a, b) => a - b)).toEqual(contrasts);
    expect(contrasts[0]).toBeGreaterThan(1.9);
    expect(contrasts[31]).toBeGreaterThan(12);
  });

  it("has even steps, for the eye that sees least of each", () => {
    const parsed = ramp(16, dark).map(parseColour);
    const steps = parsed.slice(1).map((b, i) => difference(parsed[i], b));
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.35);
  });

  it("has the colours of its numbers, the ends for what lies beyond", () => {
    const steps = ramp(5, dark);
    expect([-1, 0, 0.25, 0.5, 0.75, 1, 9].map((t) => rampAt(t, dark))).toEqual([steps[0], ...steps, steps[4]]);
    expect(ramp(1, dark)).toEqual([steps[4]]);
    expect(ramp(0, dark)).toEqual([]);
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
