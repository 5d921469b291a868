/** Puts the stamps of a batch into a frame, each pixel where nothing nearer is. */
import type { Dress } from "./dress";
import type { Frame, Part } from "./frame";
import type { Stamps } from "./stamps";

/** Each in one colour. `depth` of each row, which may be moved as a whole by `shift`. */
export function press(count: number, depth: Float32Array, dress: Dress, stamps: Stamps, frame: Frame, part: Part): void {
  const { pixels, depths, width } = frame;
  const { begin, end, offset, cover } = stamps;
  const { stamp, x, y, reach, colour } = dress;
  const { left, top, right, bottom } = part;
  for (let k = 0; k < count; k++) {
    const [px, py, r] = [x[k], y[k], reach[k]];
    const [first, last] = [begin[stamp[k]], end[stamp[k]]];
    const [d, c] = [depth[k], colour[k]];
    const middle = py * width + px;
    if (px < left + r || px >= right - r || py < top + r || py >= bottom - r) {
      pressAtEdge(first, last, px, py, d, c, c, stamps, frame, part);
      continue;
    }
    for (let at = first; at < last; at++) {
      const p = middle + offset[at];
      if (d > depths[p]) continue;
      depths[p] = d;
      const a = cover[at];
      pixels[p] = a === 256 ? c : blend(pixels[p], c, a);
    }
  }
}

/** Each with an outline. */
export function pressOutlined(count: number, depth: Float32Array, dress: Dress, stamps: Stamps, frame: Frame, part: Part): void {
  const { stamp, x, y, colour, outline } = dress;
  for (let k = 0; k < count; k++) {
    pressAtEdge(stamps.begin[stamp[k]], stamps.end[stamp[k]], x[k], y[k], depth[k], colour[k], outline[k], stamps, frame, part);
  }
}

/** One stamp, of which only some may lie in the part. */
function pressAtEdge(first: number, last: number, px: number, py: number, d: number, fill: number, edge: number, stamps: Stamps, frame: Frame, part: Part): void {
  const { pixels, depths, width } = frame;
  const { dx, dy, cover, line } = stamps;
  for (let at = first; at < last; at++) {
    const [x, y] = [px + dx[at], py + dy[at]];
    if (x < part.left || x >= part.right || y < part.top || y >= part.bottom) continue;
    const p = y * width + x;
    if (d > depths[p]) continue;
    depths[p] = d;
    pixels[p] = blend(pixels[p], blend(fill, edge, line[at]), cover[at]);
  }
}

/** From `under` to `over` by `share` of 256: red and blue in one multiplication, green in another; what runs over is cut off. */
export function blend(under: number, over: number, share: number): number {
  const [rb, g] = [under & 0xff00ff, under & 0x00ff00];
  const mixedRb = (rb + ((Math.imul((over & 0xff00ff) - rb, share) + 0x800080) >> 8)) & 0xff00ff;
  const mixedG = (g + ((Math.imul((over & 0x00ff00) - g, share) + 0x8000) >> 8)) & 0x00ff00;
  return -0x1000000 | mixedRb | mixedG;
}
