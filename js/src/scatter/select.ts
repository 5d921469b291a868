/** The rows inside a polygon, through a camera: exact, in float64 over the dequantised coordinates. */
import { project, polygonTest, type Matrix, type Pane } from "../geometry";
import { Mask } from "../mask";

export interface Cloud {
  n: number;
  /** 2 or 3 numbers a row. */
  coords: Uint16Array;
  dim: 2 | 3;
  lo: number;
  hi: number;
}

/**
 * @param pixels dequantised coordinates to css px (`toPixels`).
 * @param pane what lies outside it cannot be seen and is not taken.
 * @param shown 0 for a row that is not drawn, and therefore not taken.
 */
export function rowsInside(cloud: Cloud, pixels: Matrix, pane: Pane, polygon: ArrayLike<number>, shown: Uint8Array): Mask {
  const rows = new Mask(cloud.n);
  const test = polygonTest(polygon);
  const [left, right] = [Math.max(test.minX, pane.x), Math.min(test.maxX, pane.x + pane.width)];
  const [top, bottom] = [Math.max(test.minY, pane.y), Math.min(test.maxY, pane.y + pane.height)];
  for (let row = 0; row < cloud.n; row++) {
    if (shown[row] === 0) continue;
    const at = place(cloud, pixels, row);
    if (at.behind || !(at.x >= left && at.x <= right && at.y >= top && at.y <= bottom)) continue;
    if (test.contains(at.x, at.y)) rows.bits[row >> 3] |= 1 << (row & 7);
  }
  return rows;
}

/** Where one row lands. */
export function place(cloud: Cloud, pixels: Matrix, row: number): ReturnType<typeof project> {
  const { coords, dim, lo } = cloud;
  const step = (cloud.hi - lo) / 65535;
  const at = row * dim;
  return project(pixels, lo + coords[at] * step, lo + coords[at + 1] * step, dim === 3 ? lo + coords[at + 2] * step : 0);
}
