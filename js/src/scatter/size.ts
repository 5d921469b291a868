/** How large a point is drawn. */
export interface DiscSize {
  /** Css px at the focus. */
  diameter: number;
  /** Css px, however near the eye. */
  largest: number;
}

/**
 * Larger for few points, smaller for many, so that the ink on the screen grows much slower than the number of points.
 *
 * @param n points drawn.
 * @param zoom 1 for the whole cloud, larger when closer.
 * @param short the shorter side of the view, css px.
 */
export function discSize(n: number, zoom: number, short: number): DiscSize {
  const byCount = 4.6 * (2000 / Math.max(n, 500)) ** 0.2;
  const diameter = clamp(byCount * clamp(short / 640, 0.7, 1.4) * clamp(zoom, 0.5, 60) ** 0.35, 1.2, 14);
  return { diameter, largest: Math.min(20, diameter * 2.5) };
}

/** The css px radius of a disc whose W is `depth`, where W is `focus` at the focus. */
export function discRadius(size: DiscSize, depth: number, focus: number): number {
  return Math.min((size.diameter * focus) / depth, size.largest) / 2;
}

const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
