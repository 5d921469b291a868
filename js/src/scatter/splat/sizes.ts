/** How large each kind is drawn, by how near it is, ready to be looked up. */
import { LOOKS } from "../looks";
import type { DiscSize } from "../size";
import { KIND, LARGEST, PLACES, STEPS } from "./stamps";

/** Steps of nearness. */
export const NEARS = 256;

export interface Sizes {
  /** The first stamp of each kind at each step: kind * NEARS + step. */
  stamps: Int32Array;
  /** Steps for each time that something is larger than at the focus. Beyond the last nothing grows. */
  perScale: number;
  /** Px; no stamp reaches farther from its middle's pixel. */
  reach: number;
}

export function sizes({ diameter, largest }: DiscSize, cssPx: number): Sizes {
  const perScale = (NEARS * diameter) / largest;
  const stamps = new Int32Array(LOOKS.length * NEARS);
  let most = 0;
  LOOKS.forEach(({ grows: [a, b, c, e] }, kind) => {
    for (let near = 0; near < NEARS; near++) {
      const d = diameter * ((near + 0.5) / perScale);
      const grown = Math.max(a * d + b, c * d + e) * cssPx;
      const radius = Math.min(LARGEST * STEPS, Math.round((grown / 2) * STEPS));
      stamps[kind * NEARS + near] = kind * KIND + radius * PLACES;
      most = Math.max(most, radius);
    }
  });
  return { stamps, perScale, reach: Math.ceil(most / STEPS) + 1 };
}
