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
 * and every px whose middle lies within its radius (`discRadius`). A row is in sight unless a disc that is nearer (by z, as
 * float32) covers the px that the row's middle lies in. So rows in one place are seen together, and in a flat map all are.
 *
 * It knows neither what draws the discs nor how many device px there are: the answer is the same everywhere.
 */
export function inSight(screen: Screen, pane: Pane, rows: Mask, discs: Discs): Mask {
  const [columns, lines] = [Math.max(1, Math.ceil(pane.width)), Math.max(1, Math.ceil(pane.height))];
  const taken = rows.rows();
  const reach = Math.ceil(discs.size.largest / 2) + 1;
  const window = windowOf(screen, taken, pane, reach);
  const nearest = new Float32Array(columns * lines).fill(Infinity);
  const { n, x, y, z, w } = screen;
  const { size, focus, labels } = discs;
  const { left, right, top, bottom } = window;

  for (let row = 0; row < n; row++) {
    const px = x[row] - pane.x;
    if (!(px >= left && px <= right)) continue;
    const py = y[row] - pane.y;
    if (!(py >= top && py <= bottom) || labels[row] === NOISE) continue;
    const depth = z[row];
    if (px >= 0 && px < columns && py >= 0 && py < lines) {
      const at = (py | 0) * columns + (px | 0);
      if (depth < nearest[at]) nearest[at] = depth;
    }
    const radius = discRadius(size, w[row], focus);
    if (radius < 0.5) continue; // no other px has its middle so near
    const square = radius * radius;
    const firstColumn = px - radius > 0.5 ? Math.ceil(px - radius - 0.5) | 0 : 0;
    const firstLine = py - radius > 0.5 ? Math.ceil(py - radius - 0.5) | 0 : 0;
    for (let line = firstLine; line < lines; line++) {
      const dy = line + 0.5 - py;
      if (dy > radius) break;
      for (let column = firstColumn; column < columns; column++) {
        const dx = column + 0.5 - px;
        if (dx > radius) break;
        const at = line * columns + column;
        if (dx * dx + dy * dy <= square && depth < nearest[at]) nearest[at] = depth;
      }
    }
  }

  const seen = new Mask(n);
  const { bits } = seen;
  for (const row of taken) {
    const cx = Math.floor(x[row] - pane.x);
    const cy = Math.floor(y[row] - pane.y);
    if (!(cx >= 0 && cx <= columns && cy >= 0 && cy <= lines)) continue;
    if (z[row] <= nearest[Math.min(cy, lines - 1) * columns + Math.min(cx, columns - 1)]) bits[row >> 3] |= 1 << (row & 7);
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
