/** Puts the stamps of a batch into a frame, each pixel where nothing nearer is. */
import type { Batch } from "./batch";
import type { Frame } from "./frame";
import type { Stamps } from "./stamps";

/** Each in one colour. */
export function press({ count, stamp, at, depth, fill }: Batch, stamps: Stamps, { cells }: Frame): void {
  const { begin, end, offset, cover } = stamps;
  for (let k = 0; k < count; k++) {
    const last = end[stamp[k]];
    const middle = at[k];
    const d = depth[k];
    const over = fill[k];
    for (let i = begin[stamp[k]]; i < last; i++) {
      const cell = (middle + offset[i]) << 1;
      if (d > cells[cell]) continue;
      cells[cell] = d;
      cells[cell + 1] = blend(cells[cell + 1], over, cover[i]);
    }
  }
}

/** Each with an outline. */
export function pressOutlined({ count, stamp, at, depth, fill, line }: Batch, stamps: Stamps, { cells }: Frame): void {
  const { begin, end, offset, cover, edge } = stamps;
  for (let k = 0; k < count; k++) {
    const last = end[stamp[k]];
    const middle = at[k];
    const d = depth[k];
    const inner = fill[k];
    const outer = line[k];
    for (let i = begin[stamp[k]]; i < last; i++) {
      const cell = (middle + offset[i]) << 1;
      if (d > cells[cell]) continue;
      cells[cell] = d;
      const share = edge[i];
      const over = share === 0 ? inner : share === 256 ? outer : blend(inner, outer, share);
      cells[cell + 1] = cover[i] === 256 ? over : blend(cells[cell + 1], over, cover[i]);
    }
  }
}

/** From `under` to `over` by `share` of 256: red and blue in one multiplication, green in another; what runs over is cut off. */
export function blend(under: number, over: number, share: number): number {
  const rb = under & 0xff00ff;
  const g = under & 0x00ff00;
  const mixedRb = (rb + ((Math.imul((over & 0xff00ff) - rb, share) + 0x800080) >> 8)) & 0xff00ff;
  const mixedG = (g + ((Math.imul((over & 0x00ff00) - g, share) + 0x8000) >> 8)) & 0x00ff00;
  return -0x1000000 | mixedRb | mixedG;
}
