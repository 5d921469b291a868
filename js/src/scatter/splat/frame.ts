/**
 * A picture and its depths as plain numbers: for each pixel how near, and its colour, side by side in memory. Discs are drawn at
 * random places, and most of the time goes into fetching those. About the picture is a margin, so that what crosses its edge
 * needs no clipping.
 */
export class Frame {
  width = 0;
  height = 0;
  margin = 0;
  /** Pixels a row of the memory. */
  stride = 0;
  /** Depth, colour, depth, colour, ...; a colour has alpha, blue, green, red from the highest byte down. */
  cells = new Int32Array(0);

  fit(width: number, height: number, margin: number): void {
    [this.width, this.height, this.margin, this.stride] = [width, height, margin, width + 2 * margin];
    const length = 2 * this.stride * (height + 2 * margin);
    if (this.cells.length !== length) this.cells = new Int32Array(length);
  }

  clear(ground: number): void {
    const { cells } = this;
    [cells[0], cells[1]] = [FARTHEST, ground];
    for (let done = 2; done < cells.length; done *= 2) cells.copyWithin(done, 0, done);
  }

  /** Into a picture of so many pixels a row, from (left, top) on. */
  copyTo(pixels: Int32Array, width: number, left: number, top: number): void {
    const { cells, stride, margin } = this;
    const columns = Math.min(this.width, width - left);
    const rows = Math.min(this.height, Math.floor(pixels.length / width) - top);
    for (let row = 0; row < rows; row++) {
      let from = 2 * ((row + margin) * stride + margin) + 1;
      let to = (row + top) * width + left;
      for (const end = to + columns; to < end; to++, from += 2) pixels[to] = cells[from];
    }
  }
}

/** What clip space has from -1, near, to 1, far. */
export const DEPTH = 1 << 29;
const FARTHEST = DEPTH;
