/** Rows to places on a frame, some at a time, so that what one loop leaves is still at hand for the next. */
import type { Matrix } from "../../geometry";
import type { Row } from "../points";
import type { Part } from "./frame";
import { LARGEST } from "./stamps";

/** The rows that a pass over them is about: those whose flags under `mask` are `flags`. */
export interface Which {
  mask: number;
  flags: number;
}

export const BATCH = 1024;

/** Places of some rows that may be seen. */
export class Batch {
  readonly row = new Int32Array(BATCH);
  /** Px of the frame. */
  readonly x = new Float32Array(BATCH);
  readonly y = new Float32Array(BATCH);
  /** How much larger than at the focus. */
  readonly scale = new Float32Array(BATCH);
  /** -1 for near, 1 for far. */
  readonly depth = new Float32Array(BATCH);
  /** 0 to 1. */
  readonly far = new Float32Array(BATCH);
  count = 0;
  /** The first row that was not looked at yet. */
  next = 0;
}

/** One set of coordinates through one camera: five rows of four numbers, which make X, Y, depth, W and how far of a point. */
export interface Source {
  coords: Uint16Array;
  dim: 2 | 3;
  rows: Float64Array;
}

/** `share` of a mixture; a part of the frame instead of clip space; quantised coordinates from 0 to 65535. */
export function source(coords: Uint16Array, dim: 2 | 3, matrix: Matrix, far: Row, part: Part, share: number): Source {
  const [halfW, halfH] = [(part.right - part.left) / 2, (part.bottom - part.top) / 2];
  const [x, y, z, w] = [0, 4, 8, 12].map((at) => matrix.slice(at, at + 4));
  const toPart = [
    x.map((v, i) => v * halfW + w[i] * (part.left + halfW)),
    y.map((v, i) => -v * halfH + w[i] * (part.top + halfH)),
    z,
    w,
    far,
  ];
  return { coords, dim, rows: Float64Array.from(toPart.flatMap((row) => row.map((v, i) => (i < 3 ? v / 65535 : v) * share))) };
}

/** From `batch.next` on, until the batch is full or there is no row below `n` left. */
export function project({ coords, dim, rows: m }: Source, state: Uint8Array, which: Which, n: number, part: Part, batch: Batch): void {
  const [x0, x1, x2, x3, y0, y1, y2, y3] = m;
  const [z0, z1, z2, z3, w0, w1, w2, w3, f0, f1, f2, f3] = m.subarray(8);
  const { mask, flags } = which;
  const [left, right, top, bottom] = [part.left - LARGEST, part.right + LARGEST, part.top - LARGEST, part.bottom + LARGEST];
  const { row, x, y, scale, depth, far } = batch;
  let count = 0;
  let i = batch.next;
  for (; i < n && count < BATCH; i++) {
    if ((state[i] & mask) !== flags) continue;
    const at = i * dim;
    const [a, b, c] = [coords[at], coords[at + 1], dim === 3 ? coords[at + 2] : 0];
    const w = w0 * a + w1 * b + w2 * c + w3;
    const z = z0 * a + z1 * b + z2 * c + z3;
    if (!(w > 0 && z >= -w && z <= w)) continue;
    const near = 1 / w;
    const px = (x0 * a + x1 * b + x2 * c + x3) * near;
    const py = (y0 * a + y1 * b + y2 * c + y3) * near;
    if (!(px >= left && px < right && py >= top && py < bottom)) continue;
    const f = f0 * a + f1 * b + f2 * c + f3;
    row[count] = i;
    x[count] = px;
    y[count] = py;
    scale[count] = near;
    depth[count] = z * near;
    far[count] = f < 0 ? 0 : f > 1 ? 1 : f;
    count++;
  }
  batch.count = count;
  batch.next = i;
}

/** The same of points on their way from `old` to `now`. */
export function projectBetween(old: Source, now: Source, state: Uint8Array, which: Which, n: number, part: Part, batch: Batch): void {
  const [m, k] = [now.rows, old.rows];
  const { mask, flags } = which;
  const { row, x, y, scale, depth, far } = batch;
  const p = new Float64Array(5);
  let count = 0;
  let i = batch.next;
  for (; i < n && count < BATCH; i++) {
    if ((state[i] & mask) !== flags) continue;
    const at = i * now.dim;
    const was = i * old.dim;
    const [a, b, c] = [now.coords[at], now.coords[at + 1], now.dim === 3 ? now.coords[at + 2] : 0];
    const [d, e, g] = [old.coords[was], old.coords[was + 1], old.dim === 3 ? old.coords[was + 2] : 0];
    for (let r = 0; r < 5; r++) {
      const q = r * 4;
      p[r] = m[q] * a + m[q + 1] * b + m[q + 2] * c + m[q + 3] + (k[q] * d + k[q + 1] * e + k[q + 2] * g + k[q + 3]);
    }
    const [z, w, f] = [p[2], p[3], p[4]];
    if (!(w > 0 && z >= -w && z <= w)) continue;
    const near = 1 / w;
    const [px, py] = [p[0] * near, p[1] * near];
    if (!(px >= part.left - LARGEST && px < part.right + LARGEST && py >= part.top - LARGEST && py < part.bottom + LARGEST)) continue;
    row[count] = i;
    x[count] = px;
    y[count] = py;
    scale[count] = near;
    depth[count] = z * near;
    far[count] = f < 0 ? 0 : f > 1 ? 1 : f;
    count++;
  }
  batch.count = count;
  batch.next = i;
}
