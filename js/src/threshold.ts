// Rows of a number attribute on either side of a threshold: counted at once, whatever it is. Pure.

import { MISSING, type Values } from "./codes";
import { Mask } from "./mask";

/** Rows by code, and how many lie below each: any threshold is two look-ups. */
export interface Spread {
  /** Rows of each code up to and with this one. */
  upTo: Int32Array;
  /** Rows that have a value. */
  total: number;
}

export function spreadOf({ codes }: Pick<Values, "codes">, rows: Mask): Spread {
  const upTo = new Int32Array(MISSING);
  const list = rows.rows();
  for (let i = 0; i < list.length; i++) if (codes[list[i]] !== MISSING) upTo[codes[list[i]]]++;
  for (let code = 1; code < MISSING; code++) upTo[code] += upTo[code - 1];
  return { upTo, total: upTo[MISSING - 1] };
}

/** How many rows have at least this code (`above`), or at most. */
export function countBeyond({ upTo, total }: Spread, code: number, above: boolean): number {
  if (above) return total - (code > 0 ? upTo[Math.min(code, MISSING) - 1] : 0);
  return code < 0 ? 0 : upTo[Math.min(code, MISSING - 1)];
}

/** The rows themselves, of those in `rows`. */
export function rowsBeyond({ codes }: Pick<Values, "codes">, rows: Mask, code: number, above: boolean): Mask {
  const mask = new Mask(rows.n);
  const list = rows.rows();
  for (let i = 0; i < list.length; i++) {
    const one = codes[list[i]];
    if (one !== MISSING && (above ? one >= code : one <= code)) mask.bits[list[i] >> 3] |= 1 << (list[i] & 7);
  }
  return mask;
}

/** Rows of each of `bins` equal parts of the range. */
export function barsOf({ upTo }: Spread, bins: number): number[] {
  const edge = (bin: number) => (bin === 0 ? 0 : upTo[Math.min(MISSING - 1, Math.ceil((bin * MISSING) / bins) - 1)]);
  return Array.from({ length: bins }, (_, bin) => edge(bin + 1) - edge(bin));
}
