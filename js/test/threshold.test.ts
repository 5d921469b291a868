import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MISSING } from "../src/codes";
import { Mask } from "../src/mask";
import { barsOf, countBeyond, rowsBeyond, spreadOf } from "../src/threshold";

describe("rows beyond a threshold", () => {
  const code = fc.oneof(fc.constantFrom(0, 1, MISSING - 1, MISSING), fc.integer({ min: 0, max: MISSING }));

  it("are counted as a plain test of each row counts them, on either side", () => {
    fc.assert(
      fc.property(fc.array(code, { minLength: 1, maxLength: 60 }), fc.array(fc.boolean()), code, fc.boolean(), (list, some, at, above) => {
        const codes = Uint16Array.from(list);
        const rows = Mask.of(codes.length, [...codes.keys()].filter((row) => some[row] ?? true));
        const beyond = [...rows].filter((row) => codes[row] !== MISSING && (above ? codes[row] >= at : codes[row] <= at));
        const spread = spreadOf({ codes }, rows);
        expect([...rowsBeyond({ codes }, rows, at, above)]).toEqual(beyond);
        expect(countBeyond(spread, at, above)).toBe(beyond.length);
        const bars = barsOf(spread, 7);
        expect(bars.reduce((a, b) => a + b)).toBe(spread.total);
        expect(bars.every((n) => n >= 0)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
