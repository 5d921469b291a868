// Rows of a number attribute on either side of a threshold: counted at once, whatever it is. Pure.

import { codeOf, MISSING, type Values } from "./codes";
import { Mask } from "./mask";
import type { Grid } from "./protocol";

/** Rows by code, and how many lie below each: any threshold is two look-ups. */
export interface Spread {
  /** Rows of each code up to and with this one. */
  upTo: Int32Array;
  /** Rows that have a value. */
  total: number;
}

type Numbers = Pick<Values, "codes" | "lo" | "hi" | "grid" | "under">;

/** A threshold between rows, as it is written. */
export interface Cut {
  /** The code that it has; one beyond all of them where every row lies beyond it. */
  code: number;
  /** null where every row lies beyond it. */
  value: number | null;
  said: string;
}

/** Microseconds and days, as Python counts them. */
const DAY = 86_400e6;
const YEAR = 365.2425;

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

/**
 * The threshold that takes what lies beyond a place of the axis, written in full: rows are taken by what is said. At the far end it
 * takes every row; null where there is none.
 */
export function cutAt({ lo, hi, grid }: Numbers, share: number, above: boolean): Cut | null {
  if (share === Number(!above)) return { code: above ? -1 : MISSING, value: null, said: "every value" };
  if (!grid) return null;
  const { unit, per, time } = grid;
  const at = lo + share * (hi - lo);
  const place = time ? ((at - 1970) * YEAR * DAY) / unit : (at / unit) * per;
  const valueOf = (multiple: number) => (time ? 1970 + (multiple * unit) / DAY / YEAR : (multiple * unit) / per);
  let multiple = above ? Math.ceil(place) : Math.floor(place) + 1;
  if (valueOf(multiple) > hi) multiple--;
  if (valueOf(multiple) <= lo) multiple++;
  const value = valueOf(multiple);
  if (!(value > lo && value <= hi)) return null;
  const words = time ? ["before", "from"] : ["below", "at least"];
  return { code: codeOf(value, lo, hi), value, said: `${words[Number(above)]} ${time ? moment(multiple * unit, unit) : numeral(value, per)}` };
}

/** The rows that a threshold takes, of those in `rows`. */
export function rowsOfCut(values: Numbers, rows: Mask, { code }: Cut, above: boolean): Mask {
  const short = shortOf(values, rows, code);
  return above ? rowsBeyond(values, rows, code, true).andNot(short) : rowsBeyond(values, rows, code - 1, false).or(short);
}

/** How many they are. */
export function countOfCut(values: Numbers, rows: Mask, spread: Spread, { code }: Cut, above: boolean): number {
  const short = shortOf(values, rows, code).count();
  return above ? countBeyond(spread, code, true) - short : countBeyond(spread, code - 1, false) + short;
}

/** Rows that have the code of a threshold and fall short of it. */
function shortOf({ codes, under }: Numbers, rows: Mask, code: number): Mask {
  return Mask.of(rows.n, under ? under.and(rows).rows().filter((row) => codes[row] === code) : []);
}

/** A moment of an axis of time, whose numbers are years, as a list writes it; null where the axis is none. */
export function momentAt({ grid }: Pick<Values, "grid">, value: number): string | null {
  return grid?.time ? moment((value - 1970) * YEAR * DAY, grid.unit) : null;
}

/** An end of the axis; what was cut off there lies beyond. */
export function endOf({ lo, hi, grid }: Pick<Values, "lo" | "hi" | "grid">, upper: boolean): string {
  const value = upper ? hi : lo;
  const said = momentAt({ grid }, value) ?? numeral(value, 10 * (grid?.per ?? 1000));
  return grid?.beyond[Number(upper)] ? `${said} and ${grid.time ? (upper ? "later" : "earlier") : upper ? "more" : "less"}` : said;
}

/** A number with the digits that tell multiples of 1 / `per` apart; years have no comma. */
function numeral(value: number, per: number): string {
  const digits = Math.round(Math.log10(per));
  if (digits > 20 || Math.abs(value) >= 2 ** 53) return String(value);
  return (value + 0).toLocaleString("en", { maximumFractionDigits: digits, useGrouping: Math.abs(value) >= 1e4 });
}

/** Microseconds since 1970 as a list writes them: the day, and the time where a unit is less than one. */
function moment(microseconds: number, unit: Grid["unit"]): string {
  const last = 8.64e15; // no Date lies beyond
  const text = new Date(Math.min(last, Math.max(-last, Math.round(microseconds / 1000)))).toISOString().replace("T", " ").replace("Z", "");
  const time = text.lastIndexOf(" ");
  return text.slice(0, unit < 1e6 ? text.length : time + (unit < DAY ? 9 : 0));
}

/** Rows of each of `bins` equal parts of the range. */
export function barsOf({ upTo }: Spread, bins: number): number[] {
  const edge = (bin: number) => (bin === 0 ? 0 : upTo[Math.min(MISSING - 1, Math.ceil((bin * MISSING) / bins) - 1)]);
  return Array.from({ length: bins }, (_, bin) => edge(bin + 1) - edge(bin));
}
