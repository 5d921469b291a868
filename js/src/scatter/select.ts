/** The rows inside an outline, through a camera: exact, in float64 over the dequantised coordinates. */
import { CROSSED, FULL, polygonTest, project, strokeTest, type Area, type Matrix, type Pane } from "../geometry";
import { Mask } from "../mask";
import type { Screen } from "./screen";

export interface Cloud {
  n: number;
  /** 2 or 3 numbers a row. */
  coords: Uint16Array;
  dim: 2 | 3;
  lo: number;
  hi: number;
}

/** As `Selecting` has it: closed by itself, or a line with a radius. */
export const areaOf = (polygon: ArrayLike<number>, radius: number): Area => (radius > 0 ? strokeTest(polygon, radius) : polygonTest(polygon));

/** @param pane what lies outside it cannot be seen and is not taken. */
export function rowsInside(screen: Screen, pane: Pane, area: Area): Mask {
  const rows = new Mask(screen.n);
  const { bits } = rows;
  const { n, x, y } = screen;
  const { minX, minY, perPx, columns, cells } = area;
  const [left, right] = [Math.max(minX, pane.x), Math.min(area.maxX, pane.x + pane.width)];
  const [top, bottom] = [Math.max(minY, pane.y), Math.min(area.maxY, pane.y + pane.height)];
  for (let row = 0; row < n; row++) {
    const px = x[row];
    if (!(px >= left && px <= right)) continue;
    const py = y[row];
    if (!(py >= top && py <= bottom)) continue;
    const cell = cells[(((py - minY) * perPx) | 0) * columns + (((px - minX) * perPx) | 0)];
    if (cell === FULL || (cell === CROSSED && area.contains(px, py))) bits[row >> 3] |= 1 << (row & 7);
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
