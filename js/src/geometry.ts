/**
 * Plane and space, in float64, knowing neither the page nor the graphics card. A matrix is 16 numbers row by row, so that
 * numpy's `reshape(4, 4) @ [x, y, z, 1]` reads it as it is; points are columns.
 */
export type Matrix = readonly number[];
export type Vec3 = readonly [number, number, number];

/** A rectangle in css px from the map's top left. */
export interface Pane {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function multiply(a: Matrix, b: Matrix): number[] {
  const out = new Array<number>(16);
  for (let row = 0; row < 4; row++) {
    for (let col = 0; col < 4; col++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[row * 4 + k] * b[k * 4 + col];
      out[row * 4 + col] = sum;
    }
  }
  return out;
}

export function scaleAndShift(scale: Vec3, shift: Vec3): number[] {
  return [scale[0], 0, 0, shift[0], 0, scale[1], 0, shift[1], 0, 0, scale[2], shift[2], 0, 0, 0, 1];
}

/** Clip space to css px of a pane, before the division by W; rows 2 and 3 (depth, W) stay. */
export function toPixels(clip: Matrix, pane: Pane): number[] {
  const halfW = pane.width / 2;
  const halfH = pane.height / 2;
  return multiply([halfW, 0, 0, pane.x + halfW, 0, -halfH, 0, pane.y + halfH, 0, 0, 1, 0, 0, 0, 0, 1], clip);
}

export interface Projected {
  x: number;
  y: number;
  /** W: the distance along the view in 3D, the same everywhere in 2D and where the lines of sight are parallel. */
  depth: number;
  /** Z: grows along the view, too, and tells near from far through every camera. */
  z: number;
  behind: boolean;
}

/** Where a point lands, by a matrix to pixels. `behind` the near plane, x and y mean nothing on the screen. */
export function project(pixels: Matrix, x: number, y: number, z: number): Projected {
  const m = pixels;
  const w = m[12] * x + m[13] * y + m[14] * z + m[15];
  const depth = m[8] * x + m[9] * y + m[10] * z + m[11];
  return {
    x: (m[0] * x + m[1] * y + m[2] * z + m[3]) / w,
    y: (m[4] * x + m[5] * y + m[6] * z + m[7]) / w,
    depth: w,
    z: depth,
    behind: !(w > 0 && depth >= -w),
  };
}

/** What a cell of an area is: outside it, inside it, or crossed by its edge. */
export const [EMPTY, FULL, CROSSED] = [0, 1, 2];

/**
 * A part of the plane, ready to be asked about many points. It is cut in square cells: for a point in one that no edge crosses
 * the cell is the answer, and only for the others is the point itself tested. The answer is the same to the last bit.
 */
export interface Area {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  /** Cells a css px. The cell of (x, y) is columns * floor((y - minY) * perPx) + floor((x - minX) * perPx). */
  perPx: number;
  columns: number;
  cells: Uint8Array;
  contains(x: number, y: number): boolean;
}

/** Along the longer side of an area, and the smallest that a cell is worth, css px. */
const [CELLS, SMALLEST] = [96, 1];
/** Css px by which a cell that is called full or empty is so beyond doubt of rounding. */
const SURELY = 1e-6;
const [FEWEST_BANDS, MOST_BANDS] = [64, 1024];

/**
 * The even-odd rule. The edges are sorted into horizontal bands, and a point is tested against its band's edges only, since an
 * edge outside the point's band cannot cross the point's horizontal. A point exactly on an edge belongs to the side to the right
 * of or below that edge, so no point is in two halves.
 *
 * @param polygon x0, y0, x1, y1, ...; closed by itself.
 */
export function polygonTest(polygon: ArrayLike<number>): Area {
  const corners = polygon.length >> 1;
  const grid = gridOver(polygon, 0);
  const { minX, minY, maxX, maxY, cells, columns, lines, size } = grid;
  const bandCount = Math.min(MOST_BANDS, Math.max(FEWEST_BANDS, corners));
  const perBand = maxY > minY ? bandCount / (maxY - minY) : 0;
  // The same rounding for edges and points keeps the order: a point between an edge's ends lies between their bands.
  const bandOf = (y: number) => Math.min(bandCount - 1, Math.floor((y - minY) * perBand));
  const bands: number[][] = Array.from({ length: bandCount }, () => []);
  for (let i = 0; i < corners; i++) {
    const j = (i + 1) % corners;
    const [x0, y0, x1, y1] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]];
    cross(grid, x0, y0, x1, y1);
    if (y0 === y1) continue;
    for (let band = bandOf(Math.min(y0, y1)); band <= bandOf(Math.max(y0, y1)); band++) bands[band].push(x0, y0, x1, y1);
  }
  const { begin, items } = listed(bands);
  const contains = (x: number, y: number): boolean => {
    if (!(x >= minX && x <= maxX && y >= minY && y <= maxY)) return false;
    const band = bandOf(y);
    let inside = false;
    for (let e = begin[band]; e < begin[band + 1]; e += 4) {
      const y0 = items[e + 1];
      const y1 = items[e + 3];
      if (y0 > y !== y1 > y && x < items[e] + ((items[e + 2] - items[e]) * (y - y0)) / (y1 - y0)) inside = !inside;
    }
    return inside;
  };
  for (let line = 0; line < lines; line++) {
    // cells side by side that nothing crosses are on one side
    let before = CROSSED;
    for (let at = line * columns; at < (line + 1) * columns; at++) {
      if (cells[at] !== CROSSED) cells[at] = before !== CROSSED ? before : Number(contains(minX + (at - line * columns + 0.5) * size, minY + (line + 0.5) * size));
      before = cells[at];
    }
  }
  return { ...grid, contains };
}

/**
 * Everything no farther than `radius` from a line, its ends round. A point is tested against the pieces of the line that come
 * near its cell.
 *
 * @param line x0, y0, x1, y1, ...; open. A single place is a disc.
 */
export function strokeTest(line: ArrayLike<number>, radius: number): Area {
  const grid = gridOver(line, radius);
  const { minX, minY, maxX, maxY, cells, columns, lines, size, perPx } = grid;
  const half = size * Math.SQRT1_2;
  const near: number[][] = Array.from({ length: columns * lines }, () => []);
  const cell = (value: number, from: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor((value - from) * perPx)));
  for (let i = 0; i + 1 < line.length; i += 2) {
    const last = Math.min(i + 2, line.length - 2);
    const [x0, y0, x1, y1] = [line[i], line[i + 1], line[last], line[last + 1]];
    const [left, right] = [cell(Math.min(x0, x1) - radius, minX, columns), cell(Math.max(x0, x1) + radius, minX, columns)];
    const [top, bottom] = [cell(Math.min(y0, y1) - radius, minY, lines), cell(Math.max(y0, y1) + radius, minY, lines)];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const at = row * columns + column;
        if (cells[at] === FULL) continue;
        const away = distance(minX + (column + 0.5) * size, minY + (row + 0.5) * size, x0, y0, x1, y1);
        if (away + half < radius - SURELY) cells[at] = FULL;
        else if (away - half <= radius + SURELY) {
          cells[at] = CROSSED;
          near[at].push(x0, y0, x1, y1);
        }
      }
    }
  }
  const { begin, items } = listed(near);
  const contains = (x: number, y: number): boolean => {
    if (!(x >= minX && x <= maxX && y >= minY && y <= maxY)) return false;
    const at = Math.floor((y - minY) * perPx) * columns + Math.floor((x - minX) * perPx);
    if (cells[at] !== CROSSED) return cells[at] === FULL;
    for (let e = begin[at]; e < begin[at + 1]; e += 4) if (distance(x, y, items[e], items[e + 1], items[e + 2], items[e + 3]) <= radius) return true;
    return false;
  };
  return { ...grid, contains };
}

interface Grid extends Omit<Area, "contains"> {
  lines: number;
  /** Css px. */
  size: number;
}

/** Empty cells over some places and a margin about them. */
function gridOver(places: ArrayLike<number>, margin: number): Grid {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < places.length; i += 2) {
    minX = Math.min(minX, places[i]);
    maxX = Math.max(maxX, places[i]);
    minY = Math.min(minY, places[i + 1]);
    maxY = Math.max(maxY, places[i + 1]);
  }
  [minX, minY, maxX, maxY] = [minX - margin, minY - margin, maxX + margin, maxY + margin];
  const some = maxX >= minX && maxY >= minY;
  const perPx = some ? CELLS / Math.max(CELLS * SMALLEST, maxX - minX, maxY - minY) : 0;
  // as a point's cell is found, so that one at the far end has a cell, too
  const [columns, lines] = some ? [Math.floor((maxX - minX) * perPx) + 1, Math.floor((maxY - minY) * perPx) + 1] : [0, 0];
  return { minX, minY, maxX, maxY, perPx, columns, lines, size: some ? 1 / perPx : 0, cells: new Uint8Array(columns * lines) };
}

/** Marks every cell that an edge touches. */
function cross({ minX, minY, size, columns, lines, cells, perPx }: Grid, x0: number, y0: number, x1: number, y1: number): void {
  const cell = (value: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(value * perPx)));
  const top = cell(Math.min(y0, y1) - SURELY - minY, lines);
  const bottom = cell(Math.max(y0, y1) + SURELY - minY, lines);
  const slope = y1 === y0 ? 0 : (x1 - x0) / (y1 - y0);
  for (let line = top; line <= bottom; line++) {
    // where the edge enters and leaves this line of cells
    const [from, to] = [minY + line * size - SURELY, minY + (line + 1) * size + SURELY];
    const clip = (y: number) => x0 + slope * (Math.min(to, Math.max(from, y)) - y0);
    const [a, b] = y1 === y0 ? [x0, x1] : [clip(y0), clip(y1)];
    const right = cell(Math.max(a, b) + SURELY - minX, columns);
    for (let column = cell(Math.min(a, b) - SURELY - minX, columns); column <= right; column++) cells[line * columns + column] = CROSSED;
  }
}

/** From (x, y) to the nearest place between two others. */
function distance(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const t = length > 0 ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length)) : 0;
  const [px, py] = [x - x0 - t * dx, y - y0 - t * dy];
  return Math.sqrt(px * px + py * py);
}

/** Lists as one array of numbers; list i lies from begin[i] to begin[i + 1]. */
function listed(lists: number[][]): { begin: Uint32Array; items: Float64Array } {
  const begin = new Uint32Array(lists.length + 1);
  for (let i = 0; i < lists.length; i++) begin[i + 1] = begin[i] + lists[i].length;
  const items = new Float64Array(begin[lists.length]);
  lists.forEach((list, i) => items.set(list, begin[i]));
  return { begin, items };
}
