/** What each row of a batch looks like: which stamp, where, in which colours. */
import { GHOSTLY, KINDS, LOOKS } from "../looks";
import type { DiscSize } from "../size";
import { LEVELS, type Colours } from "./colours";
import { BATCH, type Batch } from "./project";
import { firstOf, LARGEST, STEPS, type Stamps } from "./stamps";

export class Dress {
  readonly stamp = new Int32Array(BATCH);
  /** The pixel that the middle is in. */
  readonly x = new Int32Array(BATCH);
  readonly y = new Int32Array(BATCH);
  /** No pixel of a stamp is farther from its middle. */
  readonly reach = new Int32Array(BATCH);
  readonly colour = new Int32Array(BATCH);
  readonly outline = new Int32Array(BATCH);
}

/** Sizes in device px, and how each kind grows. */
export interface Sizes {
  diameter: number;
  largest: number;
  grows: Float64Array;
}

export function sizes({ diameter, largest }: DiscSize, cssPx: number): Sizes {
  const grows = Float64Array.from(LOOKS.flatMap(({ grows: [a, b, c, e] }) => [a, b * cssPx, c, e * cssPx]));
  return { diameter: diameter * cssPx, largest: largest * cssPx, grows };
}

const FIRSTS = Int32Array.from(LOOKS, (_, kind) => firstOf(kind));
const PLACES = STEPS * STEPS;

/** Where the batch stands, as stamps; `ghosts`: all of it are. */
export function shape(batch: Batch, state: Uint8Array, ghosts: boolean, { diameter, largest, grows }: Sizes, stamps: Stamps, out: Dress): void {
  const { row, x, y, scale } = batch;
  stamps.tidy();
  for (let k = 0; k < batch.count; k++) {
    const kind = ghosts ? GHOSTLY : state[row[k]] & KINDS;
    const d = Math.min(diameter * scale[k], largest);
    const g = kind * 4;
    const grown = Math.max(grows[g] * d + grows[g + 1], grows[g + 2] * d + grows[g + 3]);
    const radius = Math.min(LARGEST * STEPS, (grown * (STEPS / 2) + 0.5) | 0);
    const [sx, sy] = [Math.floor(x[k] * STEPS), Math.floor(y[k] * STEPS)];
    const stamp = FIRSTS[kind] + radius * PLACES + (sy & (STEPS - 1)) * STEPS + (sx & (STEPS - 1));
    if (stamps.end[stamp] === 0) stamps.make(stamp);
    out.stamp[k] = stamp;
    out.x[k] = sx >> 3;
    out.y[k] = sy >> 3;
    out.reach[k] = (radius >> 3) + 2;
  }
}

/** The colours of rows that are not chosen. `colourOf`: an index beyond the palette is none of its colours. */
export function colourPlain(batch: Batch, colourOf: Uint16Array, colours: Colours, out: Dress): void {
  const { row, far } = batch;
  const { plain } = colours;
  const none = plain.length / LEVELS - 1;
  for (let k = 0; k < batch.count; k++) {
    const colour = colourOf[row[k]];
    out.colour[k] = plain[(colour < none ? colour : none) * LEVELS + ((far[k] * (LEVELS - 1) + 0.5) | 0)];
  }
}

/** Those of chosen rows: a ring is filled with the ground, so that it stays one. */
export function colourChosen(batch: Batch, state: Uint8Array, colourOf: Uint16Array, colours: Colours, out: Dress): void {
  const { row } = batch;
  const { chosen, outline, ground } = colours;
  const none = chosen.length - 1;
  for (let k = 0; k < batch.count; k++) {
    const colour = Math.min(none, colourOf[row[k]]);
    const ring = (state[row[k]] & KINDS) === KINDS;
    out.colour[k] = ring ? ground : chosen[colour];
    out.outline[k] = ring ? chosen[colour] : outline[colour];
  }
}
