// Small plots, computed: ranges that do not exaggerate, ticks one can read, places in a box. Pure.

export type Spot = [number, number];

/** The step of a scale with about `most` steps over `span`: 1, 2 or 5 times a power of ten. */
export function niceStep(span: number, most: number): number {
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10);
}

/**
 * A y range for a course of values: at least `least` wide, so that what hardly moved looks as if it hardly moved, with readable
 * ends, and inside `low` to `high`, the values there can be.
 */
export function honest(values: number[], least: number, low = -Infinity, high = Infinity): Spot {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(max - min, least);
  const step = niceStep(span, 4);
  const tidy = (x: number, round: (x: number) => number) => Number((round(x / step + (round === Math.floor ? 1e-9 : -1e-9)) * step).toPrecision(12));
  let bottom = tidy((min + max - span) / 2, Math.floor);
  let top = tidy((min + max + span) / 2, Math.ceil);
  if (bottom < low) [bottom, top] = [low, Math.max(top, tidy(low + span, Math.ceil))];
  if (top > high) [bottom, top] = [Math.max(low, Math.min(bottom, tidy(high - span, Math.floor))), high];
  return [bottom, top];
}

/** From one range to another; a range of one value leads to the middle. */
export function scale([a, b]: Spot, [from, to]: Spot): (x: number) => number {
  return (x) => (a === b ? (from + to) / 2 : from + ((x - a) / (b - a)) * (to - from));
}

/** Which positions along an axis are written out: `always` first, then the ends, then evenly what keeps `apart` from those. */
export function ticks(places: number[], always: number, apart: number): number[] {
  const chosen: number[] = [];
  const fits = (i: number) => chosen.every((j) => Math.abs(places[i] - places[j]) >= apart);
  const last = places.length - 1;
  const every = Math.max(1, Math.ceil((apart * 1.6 * last) / Math.max(1, Math.abs(places[last] - places[0]))));
  for (const i of [always, 0, last, ...places.keys()]) if (i >= 0 && i <= last && (i === always || i === 0 || i === last || i % every === 0) && fits(i)) chosen.push(i);
  return chosen.sort((a, b) => a - b);
}

export const line = (spots: Spot[]): string => spots.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
