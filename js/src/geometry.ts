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
  /** W: the distance along the view in 3D, 1 in 2D. */
  depth: number;
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
    behind: !(w > 0 && depth >= -w),
  };
}

/** A polygon ready to be asked about many points. */
export interface PolygonTest {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  /** Even-odd. A point exactly on an edge belongs to the side to the right of or below that edge, so no point is in two halves. */
  contains(x: number, y: number): boolean;
}

const BANDS = 64;

/**
 * The even-odd rule. The edges are sorted into horizontal bands, and a point is tested against its band's edges only: the
 * answer is the same to the last bit, since an edge outside the point's band cannot cross the point's horizontal.
 *
 * @param polygon x0, y0, x1, y1, ...; closed by itself.
 */
export function polygonTest(polygon: ArrayLike<number>): PolygonTest {
  const corners = polygon.length >> 1;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < corners; i++) {
    minX = Math.min(minX, polygon[2 * i]);
    maxX = Math.max(maxX, polygon[2 * i]);
    minY = Math.min(minY, polygon[2 * i + 1]);
    maxY = Math.max(maxY, polygon[2 * i + 1]);
  }
  const perBand = maxY > minY ? BANDS / (maxY - minY) : 0;
  // The same rounding for edges and points keeps the order: a point between an edge's ends lies between their bands.
  const bandOf = (y: number) => Math.min(BANDS - 1, Math.floor((y - minY) * perBand));
  const bands: number[][] = Array.from({ length: BANDS }, () => []);
  for (let i = 0; i < corners; i++) {
    const j = (i + 1) % corners;
    const [x0, y0, x1, y1] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]];
    if (y0 === y1) continue;
    for (let band = bandOf(Math.min(y0, y1)); band <= bandOf(Math.max(y0, y1)); band++) bands[band].push(x0, y0, x1, y1);
  }
  const contains = (x: number, y: number): boolean => {
    if (!(x >= minX && x <= maxX && y >= minY && y <= maxY)) return false;
    const edges = bands[bandOf(y)];
    let inside = false;
    for (let e = 0; e < edges.length; e += 4) {
      const [y0, y1] = [edges[e + 1], edges[e + 3]];
      if (y0 > y !== y1 > y && x < edges[e] + ((edges[e + 2] - edges[e]) * (y - y0)) / (y1 - y0)) inside = !inside;
    }
    return inside;
  };
  return { minX, minY, maxX, maxY, contains };
}
