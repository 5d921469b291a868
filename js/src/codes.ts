// One attribute of every row as codes, and what they say: colours, counts, masks. Pure.

import { join } from "./bytes";
import { Mask } from "./mask";
import type { Category, Grid } from "./protocol";

/** The code of a row that has no value. */
export const MISSING = 65535;
/** How many steps a number's ramp has. */
export const STEPS = 32;

export interface Values {
  key: string;
  version: number;
  codes: Uint16Array;
  /** What codes stand for; null where they are numbers. */
  categories: Category[] | null;
  /** How many categories the last one stands for; 0 where it is one itself. */
  others: number;
  lo: number;
  hi: number;
  /** Thresholds of a number; null where it has none. */
  grid: Grid | null;
  /** Rows that are less than the threshold that has their code; null of categories. */
  under: Mask | null;
  /** What the map draws: codes, or steps of the ramp. */
  drawn: Uint16Array;
  /** The same, and of a row without a value the code after all others: it has a colour too. */
  painted: Uint16Array;
}

export function stepsOf(codes: Uint16Array): Uint16Array {
  const steps = new Uint16Array(codes.length);
  for (let row = 0; row < codes.length; row++) steps[row] = codes[row] === MISSING ? MISSING : Math.floor((codes[row] * STEPS) / MISSING);
  return steps;
}

/** How many codes there are to count, without the one for no value. */
export const sizeOf = ({ categories }: Pick<Values, "categories">): number => categories?.length ?? STEPS;

export function paintedBy({ drawn, categories }: Pick<Values, "drawn" | "categories">): Uint16Array {
  const painted = drawn.slice();
  const none = sizeOf({ categories });
  for (let row = 0; row < painted.length; row++) if (painted[row] === MISSING) painted[row] = none;
  return painted;
}

/** Rows of each code that `drawn` says, of those in `rows`; one more at the end counts those without a value. */
export function countCodes({ drawn, categories }: Pick<Values, "drawn" | "categories">, rows: Mask): Int32Array {
  const size = sizeOf({ categories });
  const all = new Int32Array(MISSING + 1);
  const list = rows.rows();
  for (let i = 0; i < list.length; i++) all[drawn[list[i]]]++;
  const counts = all.slice(0, size + 1);
  counts[size] = all[MISSING];
  return counts;
}

/** Rows that the legend lets through: none of `off`, and of numbers only those inside `range`. */
export function passing({ codes, categories, lo, hi }: Values, off: ReadonlySet<number>, range: readonly [number, number] | null): Mask {
  const mask = new Mask(codes.length);
  const out = new Uint8Array(MISSING + 1);
  for (const code of off) out[code] = 1;
  if (range && categories === null) {
    const [from, to] = range.map((value) => codeOf(value, lo, hi));
    out.fill(1, 0, from);
    out.fill(1, to + 1);
  }
  for (let row = 0; row < codes.length; row++) if (out[codes[row]] === 0) mask.bits[row >> 3] |= 1 << (row & 7);
  return mask;
}

/** The same categories by the codes they have now; those that are gone, or count among the others now, are none. */
export function recoded(off: ReadonlySet<number>, before: Pick<Values, "categories" | "others">, now: Pick<Values, "categories" | "others">): Set<number> {
  const names = ({ categories, others }: typeof now) => (categories ?? []).map(({ name }, code, all) => (others > 0 && code === all.length - 1 ? null : name));
  const [old, fresh] = [names(before), names(now)];
  const codes = [...off].map((code) => (code === MISSING ? MISSING : code < old.length ? fresh.indexOf(old[code]) : -1));
  return new Set(codes.filter((code) => code >= 0));
}

export const valueOf = (code: number, lo: number, hi: number): number => lo + (code / (MISSING - 1)) * (hi - lo);

/** As Python computes it, to the last bit: halves, since the difference of two numbers near the largest one is none any more. */
export const codeOf = (value: number, lo: number, hi: number): number =>
  hi > lo ? Math.floor(Math.min(1, Math.max(0, (value / 2 - lo / 2) / (hi / 2 - lo / 2))) * (MISSING - 1) + 0.5) : 0;

/** The parts of `values` in one: codes, and of a number the bits of `under`. */
export function unpacked(parts: Uint8Array[], n: number, categories: Category[] | null): Pick<Values, "codes" | "under"> {
  const bytes = join(parts, 2 * n + (categories ? 0 : (n + 7) >> 3), Uint8Array);
  return { codes: new Uint16Array(bytes.buffer, 0, n), under: categories ? null : Mask.from(n, bytes.subarray(2 * n)) };
}

export function withCode(drawn: Uint16Array, code: number): Mask {
  const mask = new Mask(drawn.length);
  for (let row = 0; row < drawn.length; row++) if (drawn[row] === code) mask.bits[row >> 3] |= 1 << (row & 7);
  return mask;
}
