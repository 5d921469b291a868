/** The row under the pointer. */
import type { Screen } from "./screen";

/** How far, in css px, the pointer may miss a disc and still mean it. */
const SLACK = 5;

/**
 * The nearest to the eye among the discs that the pointer touches; else the disc that it misses by least.
 *
 * @param radius the css px radius of a disc, given its W; at most `largest`.
 * @returns the row, -1 for none within reach.
 */
export function pick(screen: Screen, x: number, y: number, radius: (depth: number) => number, largest: number): number {
  let [touched, nearest] = [-1, Infinity];
  let [missed, miss] = [-1, SLACK];
  const reach = largest + SLACK;
  for (let row = 0; row < screen.n; row++) {
    const dx = screen.x[row] - x;
    if (!(dx >= -reach && dx <= reach)) continue;
    const dy = screen.y[row] - y;
    if (!(dy >= -reach && dy <= reach)) continue;
    const beyond = Math.sqrt(dx * dx + dy * dy) - radius(screen.w[row]);
    // In 2D all depths are equal: <= lets the row drawn last, which covers the others, win.
    if (beyond <= 0 && screen.z[row] <= nearest) [touched, nearest] = [row, screen.z[row]];
    else if (beyond < miss) [missed, miss] = [row, beyond];
  }
  return touched >= 0 ? touched : missed;
}
