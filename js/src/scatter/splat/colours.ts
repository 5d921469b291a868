/** The colours that points can have, each ready to be put into a frame. */
import type { Rgb } from "../../palette";
import { GHOST_PALE, GHOST_TINT, KINDS, NEARLY_INK } from "../looks";
import type { PointsStyle } from "../points";
import type { Batch } from "./batch";

/** Steps from near to far: the colours of two are hardly told apart. */
export const FARS = 32;

export class Colours {
  ground = 0;
  /** FARS for each colour, from near to far, and for "no colour" at the end. */
  plain = new Int32Array(0);
  /** Of each colour, and of none, for what is no more. */
  ghost = new Int32Array(0);
  /** What is chosen, and its outline. */
  chosen = new Int32Array(0);
  outline = new Int32Array(0);
  #made = "";

  /** Does nothing where nothing changed. `version`: of the palette. */
  make(palette: readonly Rgb[], version: number, style: PointsStyle, fog: number): void {
    const { ground, ink, pale, outline } = style;
    const made = [version, ...ground, ...ink, pale, outline, fog].join();
    if (made === this.#made) return;
    this.#made = made;
    const list = [...palette, mix(ink, ground, NEARLY_INK)];
    if (this.chosen.length !== list.length) {
      this.plain = new Int32Array(list.length * FARS);
      this.ghost = new Int32Array(list.length);
      this.chosen = new Int32Array(list.length);
      this.outline = new Int32Array(list.length);
    }
    this.ground = packed(ground);
    list.forEach((colour, i) => {
      this.ghost[i] = packed(i < palette.length ? mix(colour, ground, GHOST_TINT) : mix(ink, ground, GHOST_PALE));
      this.chosen[i] = packed(colour);
      this.outline[i] = packed(mix(colour, ink, outline));
      for (let level = 0; level < FARS; level++) {
        this.plain[i * FARS + level] = packed(mix(colour, ground, 1 - (1 - (fog * level) / (FARS - 1)) * (1 - pale)));
      }
    });
  }
}

/** The colours of ghosts. */
export function colourGhosts({ count, row, fill }: Batch, colourOf: Uint16Array, { ghost }: Colours): void {
  for (let k = 0; k < count; k++) fill[k] = ghost[Math.min(ghost.length - 1, colourOf[row[k]])];
}

/** The colours of chosen rows: a ring is filled with the ground, so that it stays one. */
export function colourChosen({ count, row, fill, line }: Batch, state: Uint8Array, colourOf: Uint16Array, { chosen, outline, ground }: Colours): void {
  for (let k = 0; k < count; k++) {
    const colour = Math.min(chosen.length - 1, colourOf[row[k]]);
    const ring = (state[row[k]] & KINDS) === KINDS;
    fill[k] = ring ? ground : chosen[colour];
    line[k] = ring ? chosen[colour] : outline[colour];
  }
}

/** One pixel of a frame, opaque. Every machine that runs a browser keeps the lowest byte first. */
export function packed([r, g, b]: Rgb): number {
  return (255 << 24) | (Math.round(b * 255) << 16) | (Math.round(g * 255) << 8) | Math.round(r * 255);
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}
