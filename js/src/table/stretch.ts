// A list that is higher than a browser lets an element be: the scroll bar goes over a part of its height. Pure.
//
// Near both ends a px of the bar is a px of the list. In between the bar is drawn together; what is turned by the wheel still moves
// the list px by px, and where the bar should stand for that is set right once the hand rests.

/** Px that every browser takes: beyond 17.9 million some cut an element off. */
export const HIGHEST = 8_000_000;

export class Stretch {
  /** Which px of the list is on top. */
  top = 0;
  #bar = 0;
  #list = 0;
  #sight = 0;

  constructor(readonly highest = HIGHEST) {}

  /** Where the bar stood when it was last heard of. */
  get bar(): number {
    return this.#bar;
  }

  /** How high the element is. */
  get height(): number {
    return Math.min(this.#list, this.highest);
  }

  /** How far down the list, and the bar, can go. */
  get #end(): number {
    return Math.max(0, this.#list - this.#sight);
  }

  get #stop(): number {
    return Math.max(0, this.height - this.#sight);
  }

  /** Px between the list's own place for something and its place in the element. */
  get shift(): number {
    return this.#bar - this.top;
  }

  /** Whether it is scrolled down as far as it goes. */
  get ended(): boolean {
    return this.#end > 0 && this.top >= this.#end - 1;
  }

  resize(list: number, sight: number): void {
    this.#list = list;
    this.#sight = sight;
    this.top = Math.min(this.top, this.#end);
  }

  /** The bar stands at `bar` now. */
  scrolled(bar: number): void {
    const by = bar - this.#bar;
    const jumps = Math.abs(by) >= this.#sight || bar <= 0 || bar >= this.#stop;
    this.top = jumps || this.#list <= this.highest ? this.toList(bar) : Math.max(0, Math.min(this.top + by, this.#end));
    this.#bar = bar;
  }

  /** Puts a px of the list on top; where the bar has to stand for it. */
  go(top: number): number {
    this.top = Math.max(0, Math.min(top, this.#end));
    this.#bar = this.toBar(this.top);
    return this.#bar;
  }

  toList(bar: number): number {
    const [from, to] = [this.#stop, this.#end];
    if (from === to) return Math.max(0, Math.min(bar, to));
    const quarter = from / 4;
    if (bar <= quarter) return Math.max(0, bar);
    if (bar >= from - quarter) return to - Math.max(0, from - bar);
    return quarter + ((bar - quarter) * (to - 2 * quarter)) / (from - 2 * quarter);
  }

  toBar(top: number): number {
    const [from, to] = [this.#stop, this.#end];
    if (from === to) return top;
    const quarter = from / 4;
    if (top <= quarter) return top;
    if (top >= to - quarter) return from - (to - top);
    return quarter + ((top - quarter) * (from - 2 * quarter)) / (to - 2 * quarter);
  }
}
