// Where each row of a long list stands, in px from its beginning. Rows are equally high but for a few that are open. Pure.

export class Ruler {
  /** Px by which an open row is higher than the others, by its position. */
  readonly #more = new Map<number, number>();
  count = 0;

  /** `row`: px of a row. */
  constructor(public row: number) {}

  get height(): number {
    let height = this.count * this.row;
    for (const more of this.#more.values()) height += more;
    return height;
  }

  /** True where that changes something. */
  measured(index: number, height: number): boolean {
    const more = height - this.row;
    if ((this.#more.get(index) ?? 0) === more) return false;
    if (more === 0) this.#more.delete(index);
    else this.#more.set(index, more);
    return true;
  }

  clear(): void {
    this.#more.clear();
  }

  top(index: number): number {
    let top = index * this.row;
    for (const [open, more] of this.#more) if (open < index) top += more;
    return top;
  }

  /** The row that lies at a height; the last where there is none. */
  at(height: number): number {
    let index = Math.floor(height / this.row);
    if (this.#more.size > 0) {
      index = 0;
      let top = 0;
      for (const [open, more] of [...this.#more].sort(([a], [b]) => a - b)) {
        const here = top + (open - index) * this.row;
        if (height < here) break;
        [index, top] = [open + 1, here + this.row + more];
        if (height < top) return open;
      }
      index += Math.floor((height - top) / this.row);
    }
    return Math.max(0, Math.min(index, this.count - 1));
  }
}
