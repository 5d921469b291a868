/** Discs and rings as lists of pixels, made once for each kind, radius and place within a pixel. */
import { FAINTEST, LOOKS } from "../looks";

/** Steps a pixel, of places and of radii. */
export const STEPS = 8;
/** Px; the largest there is. */
export const LARGEST = 48;
const RADII = LARGEST * STEPS + 1;

/** Beyond so many pixels all are forgotten and made anew, which is seldom. */
const MOST = 1 << 20;

export class Stamps {
  /** Of each stamp the first pixel and the first that is no longer its; 0 and 0 where it is not made yet. */
  readonly begin = new Int32Array(LOOKS.length * RADII * STEPS * STEPS);
  readonly end = new Int32Array(this.begin.length);
  /** Of each pixel: its place from the middle's in a frame, in one number and in two. */
  offset = new Int32Array(1 << 12);
  dx = new Int8Array(1 << 12);
  dy = new Int8Array(1 << 12);
  /** How much it is covered, and how much of that by the line at the edge: 0 to 256. */
  cover = new Int16Array(1 << 12);
  line = new Int16Array(1 << 12);
  #used = 1;
  #made = "";

  #width = 0;
  #opacities: readonly number[] = [];
  #cssPx = 1;

  /** Forgets everything if something is other than it was. `opacities` by kind; `cssPx` in device px. */
  prepare(width: number, opacities: readonly number[], cssPx: number): void {
    const levels = opacities.map((opacity) => Math.round(opacity * 64) / 64);
    const made = [width, cssPx, ...levels].join();
    if (made === this.#made) return;
    this.#made = made;
    this.#width = width;
    this.#opacities = levels;
    this.#cssPx = cssPx;
    this.#forget();
  }

  /** Numbers that were asked for before are good until this is called again. */
  tidy(): void {
    if (this.#used > MOST) this.#forget();
  }

  /** The pixels of a stamp by its number, as `key` counts them. */
  make(key: number): void {
    const within = key % (STEPS * STEPS);
    const step = Math.floor(key / (STEPS * STEPS)) % RADII;
    const kind = Math.floor(key / (STEPS * STEPS * RADII));
    const [x, y] = [((within % STEPS) + 0.5) / STEPS, (Math.floor(within / STEPS) + 0.5) / STEPS];
    const radius = step / STEPS;
    const reach = Math.ceil(radius + 0.5);
    const most = (2 * reach + 1) ** 2;
    this.#room(this.#used + most);
    const width = LOOKS[kind].line * this.#cssPx;
    const begin = this.#used;
    let at = begin;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const far = Math.hypot(dx + 0.5 - x, dy + 0.5 - y);
        const line = width > 0 ? unit(far - radius + width + 0.5) : 0;
        const cover = unit(radius - far + 0.5) * (LOOKS[kind].hollow ? line : 1);
        if (cover < FAINTEST) continue;
        this.offset[at] = dy * this.#width + dx;
        this.dx[at] = dx;
        this.dy[at] = dy;
        this.cover[at] = Math.round(cover * this.#opacities[kind] * 256);
        this.line[at] = LOOKS[kind].hollow ? 256 : Math.round(line * 256);
        at++;
      }
    }
    this.begin[key] = begin;
    this.end[key] = at;
    this.#used = at;
  }

  #forget(): void {
    this.begin.fill(0);
    this.end.fill(0);
    this.#used = 1;
  }

  #room(pixels: number): void {
    if (pixels <= this.offset.length) return;
    const length = 2 ** Math.ceil(Math.log2(pixels));
    this.offset = grown(this.offset, new Int32Array(length));
    this.dx = grown(this.dx, new Int8Array(length));
    this.dy = grown(this.dy, new Int8Array(length));
    this.cover = grown(this.cover, new Int16Array(length));
    this.line = grown(this.line, new Int16Array(length));
  }
}

/** The first stamp of a kind; a radius of r steps lies `r * STEPS * STEPS` behind it, and there the place `y * STEPS + x`. */
export function firstOf(kind: number): number {
  return kind * RADII * STEPS * STEPS;
}

const unit = (v: number) => Math.min(1, Math.max(0, v));

function grown<T extends Int32Array | Int16Array | Int8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
