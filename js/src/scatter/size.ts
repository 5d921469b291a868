/** How large and how solid a point is drawn, by how crowded the view is. */
export interface DiscSize {
  /** Css px at the focus. */
  diameter: number;
  /** Css px, however near the eye. */
  largest: number;
  /** 0 to 1, of a point that is not selected. */
  opacity: number;
}

/** How much of the shorter side's square a cloud that is seen whole lies on. */
const SPREAD = 0.4;
/** No point is fainter, however many there are: a single one must be seen. */
const FAINTEST = 0.4;

/**
 * Larger for few points, smaller for many, so that the ink on the screen grows much slower than the number of points; and where
 * discs would cover each other many times they let each other through, so that dense places look denser.
 *
 * @param n points drawn.
 * @param zoom 1 for the whole cloud, larger when closer.
 * @param short the shorter side of the view, css px.
 */
export function discSize(n: number, zoom: number, short: number): DiscSize {
  const byCount = 4.6 * (2000 / Math.max(n, 500)) ** 0.2;
  const diameter = clamp(byCount * clamp(short / 640, 0.7, 1.4) * clamp(zoom, 0.5, 60) ** 0.35, 1.2, 14);
  const layers = (n * diameter * diameter) / (SPREAD * short * short * zoom * zoom);
  return { diameter, largest: Math.min(20, diameter * 2.5), opacity: clamp(0.95 - 0.12 * Math.log2(layers), FAINTEST, 1) };
}

/** The css px radius of a disc whose W is `depth`, where W is `focus` at the focus. */
export function discRadius(size: Pick<DiscSize, "diameter" | "largest">, depth: number, focus: number): number {
  return Math.min((size.diameter * focus) / depth, size.largest) / 2;
}

const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
