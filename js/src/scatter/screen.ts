/** Where every row stands on the screen: computed once a camera, then asked by lasso, pointer and sight in each frame. */
import type { Matrix } from "../geometry";
import type { Cloud } from "./select";

/** Quantised coordinates are 16 bits. */
const MOST = 65535;

export class Screen {
  n = 0;
  /** Css px; not a number for a row that is not drawn or lies behind the camera, so that every comparison fails. */
  x = new Float64Array(0);
  y = new Float64Array(0);
  /** Along the view; one more for rows equally far: see Projected. */
  z = new Float32Array(0);
  w = new Float32Array(0);
  #of: { coords: Uint16Array; shown: Uint8Array; matrix: readonly number[] } | null = null;

  /** The rows as they are seen through a camera; computed again only where something is not as it was. */
  through(cloud: Cloud, pixels: Matrix, shown: Uint8Array): this {
    const { coords, lo, hi } = cloud;
    const matrix = [...pixels, lo, hi];
    const of = this.#of;
    if (of && of.coords === coords && of.shown === shown && of.matrix.every((value, i) => value === matrix[i])) return this;
    this.#of = { coords, shown, matrix };
    if (this.x.length !== cloud.n) {
      [this.x, this.y, this.z, this.w] = [new Float64Array(cloud.n), new Float64Array(cloud.n), new Float32Array(cloud.n), new Float32Array(cloud.n)];
    }
    this.n = cloud.n;
    this.#place(cloud, pixels, shown);
    return this;
  }

  #place({ n, coords, dim, lo, hi }: Cloud, pixels: Matrix, shown: Uint8Array): void {
    const { x, y, z, w } = this;
    const step = (hi - lo) / MOST;
    const [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3] = pixels;
    const solid = dim === 3;
    // coordinates that have not come yet are nowhere
    const there = coords.length >= n * dim;
    for (let row = 0; row < n; row++) {
      if (shown[row] === 0 || !there) {
        x[row] = NaN;
        continue;
      }
      const at = row * dim;
      const p = lo + coords[at] * step;
      const q = lo + coords[at + 1] * step;
      const r = solid ? lo + coords[at + 2] * step : 0;
      const deep = d0 * p + d1 * q + d2 * r + d3;
      const along = c0 * p + c1 * q + c2 * r + c3;
      if (!(deep > 0 && along >= -deep)) {
        x[row] = NaN;
        continue;
      }
      x[row] = (a0 * p + a1 * q + a2 * r + a3) / deep;
      y[row] = (b0 * p + b1 * q + b2 * r + b3) / deep;
      z[row] = along;
      w[row] = deep;
    }
  }
}
