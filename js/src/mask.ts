/** One bit a row, the lowest bit first, as numpy.unpackbits(bitorder="little") reads it. Bits beyond n are always 0. */
export class Mask {
  readonly bits: Uint8Array;

  constructor(readonly n: number) {
    this.bits = new Uint8Array((n + 7) >> 3);
  }

  /** Copies `bytes`; refuses a wrong length, clears bits beyond n. */
  static from(n: number, bytes: Uint8Array): Mask {
    const mask = new Mask(n);
    if (bytes.length !== mask.bits.length) throw new RangeError(`a mask of ${n} rows has ${mask.bits.length} bytes, not ${bytes.length}`);
    mask.bits.set(bytes);
    mask.#clearTail();
    return mask;
  }

  static of(n: number, rows: Iterable<number>): Mask {
    const mask = new Mask(n);
    for (const row of rows) mask.set(row, true);
    return mask;
  }

  toBytes(): Uint8Array {
    return this.bits.slice();
  }

  has(row: number): boolean {
    return row >= 0 && row < this.n && ((this.bits[row >> 3] >> (row & 7)) & 1) === 1;
  }

  set(row: number, on: boolean): void {
    if (!Number.isInteger(row) || row < 0 || row >= this.n) throw new RangeError(`row ${row} is not in 0..${this.n - 1}`);
    if (on) this.bits[row >> 3] |= 1 << (row & 7);
    else this.bits[row >> 3] &= ~(1 << (row & 7));
  }

  or(other: Mask): Mask {
    return this.#zip(other, (a, b) => a | b);
  }

  and(other: Mask): Mask {
    return this.#zip(other, (a, b) => a & b);
  }

  andNot(other: Mask): Mask {
    return this.#zip(other, (a, b) => a & ~b);
  }

  not(): Mask {
    const out = new Mask(this.n);
    for (let i = 0; i < out.bits.length; i++) out.bits[i] = ~this.bits[i];
    out.#clearTail();
    return out;
  }

  count(): number {
    let total = 0;
    for (const byte of this.bits) total += ONES[byte];
    return total;
  }

  equals(other: Mask): boolean {
    return this.n === other.n && this.bits.every((byte, i) => byte === other.bits[i]);
  }

  /** The rows that are set, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let i = 0; i < this.bits.length; i++) {
      for (let byte = this.bits[i]; byte !== 0; byte &= byte - 1) yield i * 8 + (31 - Math.clz32(byte & -byte));
    }
  }

  #zip(other: Mask, f: (a: number, b: number) => number): Mask {
    if (other.n !== this.n) throw new RangeError(`masks of ${this.n} and ${other.n} rows`);
    const out = new Mask(this.n);
    for (let i = 0; i < out.bits.length; i++) out.bits[i] = f(this.bits[i], other.bits[i]);
    return out;
  }

  #clearTail(): void {
    const used = this.n & 7;
    if (used !== 0) this.bits[this.bits.length - 1] &= (1 << used) - 1;
  }
}

/** What is selected after a gesture took `rows`, when `before` was selected as it began. */
export function combine(before: Mask | null, rows: Mask, op: "new" | "add" | "subtract" | "intersect"): Mask {
  if (op === "new") return rows;
  const base = before ?? new Mask(rows.n);
  return op === "add" ? base.or(rows) : op === "subtract" ? base.andNot(rows) : base.and(rows);
}

/** How many bits of a byte are set. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) ones++;
  return ones;
});
