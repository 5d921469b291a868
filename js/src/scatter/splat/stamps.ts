/** Discs and rings as lists of pixels, made once for each kind, radius and place within a pixel. */
import { FAINTEST, LOOKS } from "../looks";
import { SELECTED } from "../state";

/** Steps a pixel, of places and of radii; shifting by 3 divides by it. */
export const STEPS = 8;
/** Px; the largest radius. */
export const LARGEST = 48;
const RADII = LARGEST * STEPS + 1;
/** A stamp's number counts places within a pixel (y * STEPS + x), then radii in steps, then kinds. */
export const PLACES = STEPS * STEPS;
export const KIND = RADII * PLACES;

/** Beyond so many pixels all are forgotten and made anew, which is seldom. */
const MOST = 1 << 20;

export class Stamps {
  /** Of each stamp the first pixel and the first that is no longer its; 0 and 0 where it is not made yet. */
  readonly begin = new Int32Array(LOOKS.length * KIND);
  readonly end = new Int32Array(LOOKS.length * KIND);
  /** Of each pixel: its place from the middle's in a frame's memory. */
  offset = new Int32Array(1 << 12);
  /** How much it is covered, and how much of that by the line at the edge: 0 to 256. */
  cover = new Int16Array(1 << 12);
  edge = new Int16Array(1 << 12);
  #used = 1;
  #made = "";
  #stride = 0;
  #opacities: readonly number[] = [];
  #cssPx = 1;
  #rough = false;

  /**
   * Forgets everything if something is other than it was.
   *
   * @param stride of the frame.
   * @param opacities by kind.
   * @param cssPx in device px.
   * @param rough small ones as one pixel or four, which hold as much colour as the smooth ones.
   */
  prepare(stride: number, opacities: readonly number[], cssPx: number, rough: boolean): void {
    const levels = opacities.map((opacity) => Math.round(opacity * 64) / 64);
    const made = [stride, cssPx, rough, ...levels].join();
    if (made === this.#made) return;
    [this.#made, this.#stride, this.#opacities, this.#cssPx, this.#rough] = [made, stride, levels, cssPx, rough];
    this.#forget();
  }

  /** Stamps that were made are good until this is called again. */
  tidy(): void {
    if (this.#used > MOST) this.#forget();
  }

  make(key: number): void {
    const within = key % PLACES;
    const radius = (Math.floor(key / PLACES) % RADII) / STEPS;
    const kind = Math.floor(key / KIND);
    const [x, y] = [((within % STEPS) + 0.5) / STEPS, (Math.floor(within / STEPS) + 0.5) / STEPS];
    const side = this.#rough && (kind & SELECTED) === 0 ? sideOf(radius) : 0;
    this.#room(this.#used + (2 * Math.ceil(radius + 0.5) + 1) ** 2);
    this.begin[key] = this.#used;
    this.#disc(kind, radius, x, y);
    if (side > 0) this.#square(this.begin[key], side, x, y);
    this.end[key] = this.#used;
  }

  #disc(kind: number, radius: number, x: number, y: number): void {
    const { line, hollow } = LOOKS[kind];
    const width = line * this.#cssPx;
    const reach = Math.ceil(radius + 0.5);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const far = Math.hypot(dx + 0.5 - x, dy + 0.5 - y);
        const edge = width > 0 ? unit(far - radius + width + 0.5) : 0;
        const cover = unit(radius - far + 0.5) * (hollow ? edge : 1);
        if (cover >= FAINTEST) this.#add(dx, dy, cover * this.#opacities[kind], edge);
      }
    }
  }

  /** Instead of what was added from `begin` on: so many pixels a side, the nearest to the place, which hold as much. */
  #square(begin: number, side: number, x: number, y: number): void {
    const held = this.cover.subarray(begin, this.#used).reduce((sum, v) => sum + v / 256, 0);
    this.#used = begin;
    const [left, top] = side === 1 ? [0, 0] : [Math.round(x) - 1, Math.round(y) - 1];
    for (let dy = top; dy < top + side; dy++) {
      for (let dx = left; dx < left + side; dx++) this.#add(dx, dy, unit(held / side ** 2), 0);
    }
  }

  #add(dx: number, dy: number, cover: number, edge: number): void {
    const i = this.#used++;
    this.offset[i] = dy * this.#stride + dx;
    this.cover[i] = Math.round(cover * 256);
    this.edge[i] = Math.round(edge * 256);
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
    this.cover = grown(this.cover, new Int16Array(length));
    this.edge = grown(this.edge, new Int16Array(length));
  }
}

/** The side of the square that stands for a disc of this radius, 0 where it has to be a disc. */
function sideOf(radius: number): number {
  return radius < 0.9 ? 1 : radius < 1.5 ? 2 : 0;
}

const unit = (v: number) => Math.min(1, Math.max(0, v));

function grown<T extends Int32Array | Int16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
