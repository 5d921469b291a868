/** The row under the pointer. */
import type { Matrix } from "../geometry";
import { place, type Cloud } from "./select";

/** How far, in css px, the pointer may miss a disc and still mean it. */
const SLACK = 5;

/**
 * The nearest to the eye among the discs that the pointer touches; else the disc that it misses by least.
 *
 * @param radius the css px radius of a disc, given its W.
 * @returns the row, -1 for none within reach.
 */
export function pick(cloud: Cloud, pixels: Matrix, x: number, y: number, radius: (depth: number) => number, shown: Uint8Array): number {
  let [touched, nearest] = [-1, Infinity];
  let [missed, miss] = [-1, SLACK];
  for (let row = 0; row < cloud.n; row++) {
    if (shown[row] === 0) continue;
    const at = place(cloud, pixels, row);
    if (at.behind) continue;
    const beyond = Math.hypot(at.x - x, at.y - y) - radius(at.depth);
    // In 2D all depths are equal: <= lets the row drawn last, which covers the others, win.
    if (beyond <= 0 && at.depth <= nearest) [touched, nearest] = [row, at.depth];
    else if (beyond < miss) [missed, miss] = [row, beyond];
  }
  return touched >= 0 ? touched : missed;
}
