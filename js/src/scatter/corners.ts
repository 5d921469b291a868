/** A polygon placed corner by corner: by clicks, or by a cross that keys move. */
import type { Pane } from "../geometry";
import { placeIn, type Outline, type Place } from "./lasso";

/** Css px about the first corner that mean it: half of the smallest target that a hand should have to hit. */
const NEAR = 12;
/** A corner set again where the last one is. */
const SAME = 3;
const FEWEST = 3;

export class Corners {
  readonly #placed: Place[] = [];
  /** Where the next one would be. */
  #next: Place | null = null;

  constructor(readonly pane: Pane) {}

  get count(): number {
    return this.#placed.length;
  }

  get whole(): boolean {
    return this.count >= FEWEST;
  }

  /** Sets a corner. True where that closes the polygon: on its first corner, or once more on its last. */
  add(x: number, y: number): boolean {
    const place = placeIn(this.pane, x, y);
    this.#next = null;
    const [first, last] = [this.#placed.at(0), this.#placed.at(-1)];
    if (last && apart(place, last) < SAME) return this.whole;
    if (first && this.whole && apart(place, first) < NEAR) return true;
    this.#placed.push(place);
    return false;
  }

  follow(x: number, y: number): void {
    const place = placeIn(this.pane, x, y);
    const first = this.#placed.at(0);
    this.#next = first && this.whole && apart(place, first) < NEAR ? null : place;
  }

  /** Takes the last corner back. False where none is left. */
  back(): boolean {
    this.#placed.pop();
    return this.count > 0;
  }

  /** Of a polygon that is `done`, of its corners only; else with the place that follows the hand. */
  outline(done: boolean): Outline {
    const places = this.#next && !done ? [...this.#placed, this.#next] : this.#placed;
    return { points: Float32Array.from(places.flatMap(({ x, y }) => [x, y])), radius: 0, corners: done ? 0 : this.count };
  }
}

const apart = (a: Place, b: Place) => Math.hypot(a.x - b.x, a.y - b.y);
