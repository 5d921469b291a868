// How deep rows lie along a view. Pure: through the camera that a selection was drawn with, wherever the map is turned meanwhile.

import { Mask } from "./mask";

/** Nearest and farthest depth that is taken. Depth is the third number that the step's camera gives; it grows from near to far. */
export type Range = readonly [number, number];

export interface Depths {
  /** Rows of the table. */
  n: number;
  /** The rows that were taken, ascending, and how deep each lies. */
  rows: Uint32Array;
  at: Float64Array;
  /** Of all of them. */
  range: Range;
}

interface Places {
  n: number;
  coords3: Uint16Array;
  lo: number;
  hi: number;
}

export function depthsOf({ n, coords3, lo, hi }: Places, camera: readonly number[], mask: Mask): Depths {
  const rows = mask.rows();
  const at = new Float64Array(rows.length);
  const step = (hi - lo) / 65535;
  const [a, b, c, d] = camera.slice(8, 12);
  let [near, far] = [Infinity, -Infinity];
  for (let i = 0; i < rows.length; i++) {
    const q = rows[i] * 3;
    const depth = a * (lo + coords3[q] * step) + b * (lo + coords3[q + 1] * step) + c * (lo + coords3[q + 2] * step) + d;
    at[i] = depth;
    if (depth < near) near = depth;
    if (depth > far) far = depth;
  }
  return { n, rows, at, range: rows.length > 0 ? [near, far] : [0, 0] };
}

export function rowsWithin({ n, rows, at }: Depths, [near, far]: Range): Mask {
  const mask = new Mask(n);
  for (let i = 0; i < rows.length; i++) if (at[i] >= near && at[i] <= far) mask.bits[rows[i] >> 3] |= 1 << (rows[i] & 7);
  return mask;
}

export function countWithin({ at }: Depths, [near, far]: Range): number {
  let count = 0;
  for (let i = 0; i < at.length; i++) count += Number(at[i] >= near && at[i] <= far);
  return count;
}

/** One cluster's rows in each bar; null stands for all smaller ones together. */
export interface Layer {
  cluster: number | null;
  counts: Uint32Array;
}

/** Rows by depth and cluster, in bars from near to far; the largest clusters first, and the smaller ones as one. */
export function profile({ rows, at, range }: Depths, labels: Int16Array, bars: number, clusters: number): Layer[] {
  const found = new Map<number, { total: number; counts: Uint32Array }>();
  const perDepth = range[1] > range[0] ? bars / (range[1] - range[0]) : 0;
  for (let i = 0; i < rows.length; i++) {
    const label = labels[rows[i]];
    let layer = found.get(label);
    if (layer === undefined) found.set(label, (layer = { total: 0, counts: new Uint32Array(bars) }));
    layer.total++;
    layer.counts[Math.min(bars - 1, Math.floor((at[i] - range[0]) * perDepth))]++;
  }
  const sorted = [...found].sort(([a, x], [b, y]) => y.total - x.total || a - b);
  const layers: Layer[] = sorted.slice(0, clusters).map(([cluster, { counts }]) => ({ cluster, counts }));
  const rest = sorted.slice(clusters);
  if (rest.length > 0) layers.push({ cluster: null, counts: Uint32Array.from({ length: bars }, (_, bar) => rest.reduce((sum, [, { counts }]) => sum + counts[bar], 0)) });
  return layers;
}
