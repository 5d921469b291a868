/** What is in sight: rows whose middle no nearer disc covers. */
import type { Pane } from "../geometry";
import { Mask } from "../mask";
import type { Screen } from "./screen";
import { discRadius, type DiscSize } from "./size";
import { NOISE } from "./state";

export interface Discs {
  size: Pick<DiscSize, "diameter" | "largest">;
  /** W at the focus. */
  focus: number;
  /** Noise is drawn as rings, through which one sees: they cover nothing. */
  labels: Int16Array;
}

/**
 * Of `rows`, those in sight. The pane is cut in css px from its top left corner. A disc covers the px that its middle lies in,
 * and every px whose middle lies within its radius (`discRadius`). Each px belongs to the nearest disc that covers it, of equally
 * near ones to the last row's, which is drawn over the others. A row is in sight unless the px that its middle lies in belongs
 * to a disc nearer than it is.
 *
 * It knows neither what draws the discs nor how many device px there are: the answer is the same everywhere.
 */
export function inSight(screen: Screen, pane: Pane, rows: Mask, discs: Discs): Mask {
  const [columns, lines] = [Math.max(1, Math.ceil(pane.width)), Math.max(1, Math.ceil(pane.height))];
  const taken = rows.rows();
  const reach = Math.ceil(discs.size.largest / 2) + 1;
  const window = windowOf(screen, taken, pane, reach);
  const nearest = new Float32Array(columns * lines).fill(Infinity);
  const owner = new Int32Array(columns * lines).fill(-1);
  const { n, x, y, z, w } = screen;
  const { size, focus, labels } = discs;

  for (let row = 0; row < n; row++) {
    const px = x[row] - pane.x;
    const py = y[row] - pane.y;
    if (!(px >= window.left && px <= window.right && py >= window.top && py <= window.bottom) || labels[row] === NOISE) continue;
    const depth = z[row];
    const radius = discRadius(size, w[row], focus);
    const cx = Math.floor(px);
    const cy = Math.floor(py);
    if (cx >= 0 && cx < columns && cy >= 0 && cy < lines) {
      const at = cy * columns + cx;
      if (depth <= nearest[at]) {
        nearest[at] = depth;
        owner[at] = row;
      }
    }
    const square = radius * radius;
    const last = Math.min(lines - 1, Math.floor(py + radius - 0.5));
    for (let line = Math.max(0, Math.ceil(py - radius - 0.5)); line <= last; line++) {
      const dy = line + 0.5 - py;
      const half = Math.sqrt(square - dy * dy);
      const to = Math.min(columns - 1, Math.floor(px + half - 0.5));
      for (let column = Math.max(0, Math.ceil(px - half - 0.5)); column <= to; column++) {
        const at = line * columns + column;
        if (depth > nearest[at]) continue;
        nearest[at] = depth;
        owner[at] = row;
      }
    }
  }

  const seen = new Mask(n);
  for (const row of taken) {
    const cx = Math.floor(x[row] - pane.x);
    const cy = Math.floor(y[row] - pane.y);
    if (!(cx >= 0 && cx <= columns && cy >= 0 && cy <= lines)) continue;
    const at = Math.min(cy, lines - 1) * columns + Math.min(cx, columns - 1);
    if (z[row] < nearest[at] || (z[row] === nearest[at] && row >= owner[at])) seen.bits[row >> 3] |= 1 << (row & 7);
  }
  return seen;
}

/** Where discs may lie that cover a row in question, css px of the pane. */
function windowOf({ x, y }: Screen, rows: Uint32Array, pane: Pane, reach: number): { left: number; top: number; right: number; bottom: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const row of rows) {
    const px = x[row];
    const py = y[row];
    if (px < left) left = px;
    if (px > right) right = px;
    if (py < top) top = py;
    if (py > bottom) bottom = py;
  }
  return { left: left - pane.x - reach, top: top - pane.y - reach, right: right - pane.x + reach, bottom: bottom - pane.y + reach };
}
