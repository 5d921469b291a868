/** Rows through a camera to stamps at pixels, in the colours of rows that are not chosen. */
import type { Matrix } from "../../geometry";
import { GHOSTLY, KINDS } from "../looks";
import type { Row } from "../points";
import { GHOST } from "../state";
import { BATCH, type Batch } from "./batch";
import { FARS, type Colours } from "./colours";
import { DEPTH, type Frame } from "./frame";
import { NEARS, type Sizes } from "./sizes";
import { STEPS, type Stamps } from "./stamps";

/** The rows that a pass over them is about: those whose flags under `mask` are `flags`. */
export interface Which {
  mask: number;
  flags: number;
}

/** Coordinates through one camera: rows of four numbers, which make X and Y in steps of a pixel, depth, W and how far of a point. */
export interface Source {
  coords: Uint16Array;
  dim: 2 | 3;
  rows: Float64Array;
}

/** From quantised coordinates, 0 to 65535, to a frame's memory. `share`: of a mixture with another source. */
export function source(coords: Uint16Array, dim: 2 | 3, matrix: Matrix, far: Row, frame: Frame, share: number): Source {
  const { width, height, margin } = frame;
  const [x, y, z, w] = [0, 4, 8, 12].map((at) => matrix.slice(at, at + 4));
  const rows = [
    x.map((v, i) => STEPS * ((v * width) / 2 + w[i] * (margin + width / 2))),
    y.map((v, i) => STEPS * ((-v * height) / 2 + w[i] * (margin + height / 2))),
    z,
    w,
    far.map((v, i) => v * (FARS - 1) + (i === 3 ? 0.5 : 0)),
  ];
  return { coords, dim, rows: Float64Array.from(rows.flatMap((row) => row.map((v, i) => (i < 3 ? v / 65535 : v) * share))) };
}

/** All that a pass needs to know of the rows and of what they are drawn on. */
export interface Ground {
  n: number;
  state: Uint8Array;
  /** An index beyond the palette is none of its colours. */
  colourOf: Uint16Array;
  colours: Colours;
  frame: Frame;
  sizes: Sizes;
  stamps: Stamps;
}

/**
 * From `batch.next` on, until the batch is full or no row is left.
 *
 * @param old what `now` is mixed with, while points move. All is written out in one loop: it is most of what a frame costs
 * besides the pixels.
 */
export function gather(now: Source, old: Source | null, which: Which, on: Ground, batch: Batch): void {
  const { state, n, stamps } = on;
  const { stride, margin, width, height } = on.frame;
  const { stamps: first, perScale, reach } = on.sizes;
  const { mask, flags } = which;
  const { row, stamp, at, depth, fill } = batch;
  const { end } = stamps;
  const { colourOf } = on;
  const { plain } = on.colours;
  const none = plain.length / FARS - 1;
  const low = (margin - reach) * STEPS;
  const right = (margin + width + reach) * STEPS;
  const bottom = (margin + height + reach) * STEPS;
  const { coords, dim } = now;
  const { rows: k } = now;
  const x0 = k[0], x1 = k[1], x2 = k[2], x3 = k[3];
  const y0 = k[4], y1 = k[5], y2 = k[6], y3 = k[7];
  const z0 = k[8], z1 = k[9], z2 = k[10], z3 = k[11];
  const w0 = k[12], w1 = k[13], w2 = k[14], w3 = k[15];
  const f0 = k[16], f1 = k[17], f2 = k[18], f3 = k[19];
  const moves = old !== null;
  // On a flat sheet all depths are the same.
  const flat = dim === 2 && [z0, z1, w0, w1, f0, f1].every((v) => v === 0);
  const { coords: was, dim: wasDim, rows: m } = old ?? now;
  let i = batch.next;
  let count = 0;
  for (; i < n && count < BATCH; i++) {
    const known = state[i];
    if ((known & mask) !== flags) continue;
    const a = coords[i * dim];
    const b = coords[i * dim + 1];
    const c = dim === 3 ? coords[i * dim + 2] : 0;
    let x = x0 * a + x1 * b + x3;
    let y = y0 * a + y1 * b + y3;
    let z = z3;
    let w = w3;
    let f = f3;
    if (!flat) {
      x += x2 * c;
      y += y2 * c;
      z += z0 * a + z1 * b + z2 * c;
      w += w0 * a + w1 * b + w2 * c;
      f += f0 * a + f1 * b + f2 * c;
    }
    if (moves) {
      const d = was[i * wasDim];
      const e = was[i * wasDim + 1];
      const g = wasDim === 3 ? was[i * wasDim + 2] : 0;
      x += m[0] * d + m[1] * e + m[2] * g + m[3];
      y += m[4] * d + m[5] * e + m[6] * g + m[7];
      z += m[8] * d + m[9] * e + m[10] * g + m[11];
      w += m[12] * d + m[13] * e + m[14] * g + m[15];
      f += m[16] * d + m[17] * e + m[18] * g + m[19];
    }
    if (!(w > 0 && z >= -w && z <= w)) continue;
    const scale = 1 / w;
    const sx = (x * scale) | 0;
    const sy = (y * scale) | 0;
    if (sx < low || sx >= right || sy < low || sy >= bottom) continue;
    let near = (scale * perScale) | 0;
    if (near >= NEARS) near = NEARS - 1;
    const kind = (known & GHOST) === 0 ? known & KINDS : GHOSTLY;
    const key = first[kind * NEARS + near] + (sy & (STEPS - 1)) * STEPS + (sx & (STEPS - 1));
    if (end[key] === 0) stamps.make(key);
    row[count] = i;
    stamp[count] = key;
    at[count] = (sy >> 3) * stride + (sx >> 3);
    depth[count] = z * scale * DEPTH;
    const far = f < 0 ? 0 : f > FARS - 1 ? FARS - 1 : f | 0;
    const colour = colourOf[i];
    fill[count] = plain[(colour < none ? colour : none) * FARS + far];
    count++;
  }
  batch.next = i;
  batch.count = count;
}
