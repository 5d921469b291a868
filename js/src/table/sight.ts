// Which rows of a long list are in sight: watches the element that scrolls, and scrolls it.

import { type Dispose, listen, together } from "../listen";
import { Ruler } from "./ruler";
import { Stretch } from "./stretch";

/** Rows drawn beyond each edge, so that a turn of the wheel shows no gap. */
const BEYOND = 10;
/** Px of a list whose element has no size yet. */
const UNKNOWN = 600;
/** After so many ms without a move the hand rests. */
const REST = 160;

export interface Sight {
  /** The first row drawn, and the one behind the last. */
  from: number;
  to: number;
  /** Where the first row drawn stands in the element, and how high the element is, in px. */
  top: number;
  height: number;
  below: number;
}

export class LongList {
  readonly ruler: Ruler;
  readonly #stretch: Stretch;
  readonly #redraw: () => void;
  #element: HTMLElement | null = null;
  /** Of the element: asked for while the page is drawn, it would be laid out twice. */
  #height = 0;
  #unwatch: Dispose | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;

  /** `head`: px of the element that lie over the rows. */
  constructor(
    row: number,
    redraw: () => void,
    public head = 0,
    highest?: number,
  ) {
    this.ruler = new Ruler(row);
    this.#stretch = new Stretch(highest);
    this.#redraw = redraw;
  }

  destroy(): void {
    clearTimeout(this.#resting);
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#element = null;
  }

  /** The element that scrolls, as it is drawn now; true where it is another one. */
  watch(element: HTMLElement | null): boolean {
    if (element === this.#element) return false;
    const { top } = this.#stretch;
    this.destroy();
    this.#element = element;
    if (!element) return true;
    this.#height = element.clientHeight;
    const watcher = new ResizeObserver(() => {
      const { ended } = this.#stretch;
      this.#height = element.clientHeight;
      // what comes to stand above the list makes it less high: who reads its end goes on to
      if (ended) this.go(Infinity);
      else this.#redraw();
    });
    watcher.observe(element);
    this.#unwatch = together(
      listen(element, "scroll", () => {
        this.#stretch.scrolled(element.scrollTop);
        clearTimeout(this.#resting);
        this.#resting = setTimeout(() => this.#rest(), REST);
        this.#redraw();
      }, { passive: true }),
      () => watcher.disconnect(),
    );
    this.#bar(this.#stretch.go(top));
    return true;
  }

  get #seen(): number {
    return Math.max(0, (this.#height || UNKNOWN) - this.head);
  }

  sight(count: number): Sight {
    const { ruler } = this;
    ruler.count = count;
    const stretch = this.#stretch;
    stretch.resize(ruler.height, this.#seen);
    if (count === 0) return { from: 0, to: 0, top: 0, height: 0, below: 0 };
    const from = Math.max(0, ruler.at(stretch.top) - BEYOND);
    const to = Math.min(count, ruler.at(stretch.top + this.#seen) + 1 + BEYOND);
    const top = ruler.top(from) + stretch.shift;
    return { from, to, top, height: stretch.height, below: stretch.height - top - (ruler.top(to) - ruler.top(from)) };
  }

  /** The positions that a person sees, without those drawn beyond the edges. */
  seen(): [number, number] {
    const { top } = this.#stretch;
    return [this.ruler.at(top), this.ruler.at(top + this.#seen)];
  }

  /** Rows that fit in sight. */
  get fits(): number {
    return Math.max(1, Math.floor(this.#seen / this.ruler.row));
  }

  get top(): number {
    return this.#stretch.top;
  }

  go(top: number): void {
    this.#stretch.resize(this.ruler.height, this.#seen);
    this.#bar(this.#stretch.go(top));
    this.#redraw();
  }

  /** Scrolls no farther than needed to see a row whole. */
  reveal(index: number): void {
    const [top, bottom] = [this.ruler.top(index), this.ruler.top(index + 1)];
    const { top: now } = this.#stretch;
    if (top < now) this.go(top);
    else if (bottom > now + this.#seen) this.go(Math.min(top, bottom - this.#seen));
  }

  #rest(): void {
    const { top, bar } = this.#stretch;
    // the bar moved, and the event that says so is still on its way: that move would be taken back
    if (this.#element && Math.abs(this.#element.scrollTop - bar) >= 1) return;
    if (this.#element && Math.abs(this.#stretch.toBar(top) - this.#element.scrollTop) >= 1) this.go(top);
  }

  #bar(bar: number): void {
    if (this.#element && this.#element.scrollTop !== bar) this.#element.scrollTop = bar;
  }
}
