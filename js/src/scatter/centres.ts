/** Where each cluster is: for its name, and to fly there. */
import type { ScatterData } from "./types";

export interface Centre {
  size: number;
  at3: [number, number, number];
  at2: [number, number];
  /** Twice the root mean square distance from the centre: holds nearly all of a round cluster. */
  reach3: number;
  reach2: number;
}

/** By cluster, -1 (noise) among them. */
export function centres(d: ScatterData): Map<number, Centre> {
  const out = new Map<number, Centre>();
  const step = (d.hi - d.lo) / 65535;
  const sums = new Map<number, Float64Array>(); // size, the five sums, the five sums of squares
  for (let row = 0; row < d.n; row++) {
    const label = d.labels[row];
    if (label < -1) continue;
    let sum = sums.get(label);
    if (sum === undefined) sums.set(label, (sum = new Float64Array(11)));
    sum[0]++;
    for (let axis = 0; axis < 5; axis++) {
      const value = d.lo + step * (axis < 3 ? d.coords3[row * 3 + axis] : d.coords2[row * 2 + axis - 3]);
      sum[1 + axis] += value;
      sum[6 + axis] += value * value;
    }
  }
  for (const [label, sum] of sums) {
    const mean = (axis: number) => sum[1 + axis] / sum[0];
    const variance = (axis: number) => Math.max(0, sum[6 + axis] / sum[0] - mean(axis) ** 2);
    out.set(label, {
      size: sum[0],
      at3: [mean(0), mean(1), mean(2)],
      at2: [mean(3), mean(4)],
      reach3: 2 * Math.sqrt(variance(0) + variance(1) + variance(2)),
      reach2: 2 * Math.sqrt(variance(3) + variance(4)),
    });
  }
  return out;
}
