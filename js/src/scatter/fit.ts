/** How near the cameras start, so that the cloud fills the view as it lies: a long cloud in a wide view may come closer than a ball. */
import { axes, FOCAL, HOME3, WHOLE } from "./camera";
import type { Pane } from "../geometry";
import type { ScatterData } from "./types";

/** Points looked at; more change nothing that one can see. */
const SAMPLE = 20_000;
/** Share of the points that must lie inside; stragglers may wait for a zoom. */
const INSIDE = 0.99;
/** Room around them, for names at the rim. */
const MARGIN = 1.12;
const NEAREST = 0.3;

export interface Reach {
  reach3: number;
  reach2: number;
}

/** Reaches of the two cameras, in data units of the shorter side of the pane; the whole for an empty map. */
export function fitted(data: ScatterData, pane3: Pane, pane2: Pane): Reach {
  const { right, up, back } = axes(HOME3);
  const span = (data.hi - data.lo) / 65535;
  const at = (values: Uint16Array, i: number) => data.lo + span * values[i];
  const [in3, in2] = [share(pane3), share(pane2)];
  const step = Math.max(1, Math.floor(data.n / SAMPLE));
  const [far3, far2]: [number[], number[]] = [[], []];
  for (let i = 0; i < data.n; i += step) {
    if (data.labels[i] < -1) continue;
    const [x, y, z] = [at(data.coords3, 3 * i), at(data.coords3, 3 * i + 1), at(data.coords3, 3 * i + 2)];
    const along = (axis: readonly number[]) => x * axis[0] + y * axis[1] + z * axis[2];
    far3.push(in3(along(right), along(up)) + along(back) / FOCAL); // what is nearer looks larger
    far2.push(in2(at(data.coords2, 2 * i), at(data.coords2, 2 * i + 1)));
  }
  return { reach3: most(far3), reach2: most(far2) };
}

/** How far out (x, y) is, as a reach that just holds it. */
function share({ width, height }: Pane): (x: number, y: number) => number {
  const short = Math.max(1, Math.min(width, height));
  return (x, y) => Math.max((Math.abs(x) * short) / Math.max(1, width), (Math.abs(y) * short) / Math.max(1, height));
}

function most(far: number[]): number {
  if (far.length === 0) return WHOLE;
  far.sort((a, b) => a - b);
  return Math.min(WHOLE, Math.max(NEAREST, MARGIN * far[Math.floor(INSIDE * (far.length - 1))]));
}
