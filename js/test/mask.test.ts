import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combine, Mask } from "../src/mask";

/** Booleans and the mask of them, of any length, the ends of bytes among them. */
const flags = fc.array(fc.boolean(), { maxLength: 70 });
const maskOf = (on: boolean[]) => Mask.of(on.length, on.flatMap((yes, row) => (yes ? [row] : [])));
const pair = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 70 });
const tailBits = (mask: Mask) => (mask.n % 8 === 0 ? 0 : mask.bits[mask.bits.length - 1] >> (mask.n % 8));

describe("Mask", () => {
  it("has the lowest bit first, as numpy's little bit order", () => {
    expect([...Mask.of(10, [0, 3, 9]).toBytes()]).toEqual([0b1001, 0b10]);
  });

  it("tells rows, counts and walks them as an array of booleans does", () => {
    fc.assert(
      fc.property(flags, (on) => {
        const mask = maskOf(on);
        expect(on.map((_, row) => mask.has(row))).toEqual(on);
        expect(mask.count()).toBe(on.filter(Boolean).length);
        expect([...mask]).toEqual(on.flatMap((yes, row) => (yes ? [row] : [])));
        expect(mask.has(-1) || mask.has(on.length)).toBe(false);
      }),
    );
  });

  it("survives bytes, to the last bit", () => {
    fc.assert(
      fc.property(flags, (on) => {
        const mask = maskOf(on);
        expect(Mask.from(mask.n, mask.toBytes()).equals(mask)).toBe(true);
      }),
    );
  });

  it("combines as booleans do, and never sets bits beyond n", () => {
    fc.assert(
      fc.property(pair, (pairs) => {
        const [a, b] = [maskOf(pairs.map((p) => p[0])), maskOf(pairs.map((p) => p[1]))];
        const bits = (mask: Mask) => pairs.map((_, row) => mask.has(row));
        expect(bits(a.or(b))).toEqual(pairs.map(([x, y]) => x || y));
        expect(bits(a.and(b))).toEqual(pairs.map(([x, y]) => x && y));
        expect(bits(a.andNot(b))).toEqual(pairs.map(([x, y]) => x && !y));
        expect(bits(a.not())).toEqual(pairs.map(([x]) => !x));
        for (const mask of [a.or(b), a.and(b), a.andNot(b), a.not()]) expect(tailBits(mask)).toBe(0);
        expect(a.not().count()).toBe(pairs.length - a.count());
        expect(a.not().not().equals(a)).toBe(true);
      }),
    );
  });

  it("clears bits beyond n that bytes bring along", () => {
    const mask = Mask.from(9, Uint8Array.of(255, 255));
    expect(mask.count()).toBe(9);
    expect([...mask.toBytes()]).toEqual([255, 1]);
  });

  it("copies bytes both ways", () => {
    const bytes = Uint8Array.of(1);
    const mask = Mask.from(8, bytes);
    bytes[0] = 0;
    mask.toBytes()[0] = 0;
    expect(mask.has(0)).toBe(true);
  });

  it("sets and clears, and refuses what is no row", () => {
    const mask = new Mask(9);
    mask.set(8, true);
    mask.set(3, true);
    mask.set(3, false);
    expect([...mask]).toEqual([8]);
    for (const row of [-1, 9, 0.5, NaN]) expect(() => mask.set(row, true)).toThrow(RangeError);
  });

  it("refuses other lengths, with both numbers", () => {
    expect(() => Mask.from(9, new Uint8Array(1))).toThrow("9 rows has 2 bytes, not 1");
    expect(() => new Mask(8).or(new Mask(9))).toThrow("8 and 9");
    expect(new Mask(8).equals(new Mask(9))).toBe(false);
  });

  it("combines a gesture with what was selected before it", () => {
    const [before, rows] = [Mask.of(4, [0, 1]), Mask.of(4, [1, 2])];
    expect([...combine(before, rows, "new")]).toEqual([1, 2]);
    expect([...combine(before, rows, "add")]).toEqual([0, 1, 2]);
    expect([...combine(before, rows, "subtract")]).toEqual([0]);
    expect([...combine(before, rows, "intersect")]).toEqual([1]);
    expect([...combine(null, rows, "add")]).toEqual([1, 2]);
    expect([...combine(null, rows, "intersect")]).toEqual([]);
  });
});
