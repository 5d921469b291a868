/** One bit a row, the lowest bit first, as numpy.unpackbits(bitorder="little") reads it. Bits beyond n are always 0. */
export class Mask {
  readonly bits: Uint8Array;
  /** The same bits by 32; what is beyond the last byte is 0. */
  readonly #words: Uint32Array;

  constructor(readonly n: number) {
    this.#words = new Uint32Array((n + 31) >> 5);
    this.bits = new Uint8Array(this.#words.buffer, 0, (n + 7) >> 3);
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
    for (let i = 0; i < out.#words.length; i++) out.#words[i] = ~this.#words[i];
    out.#clearTail();
    return out;
  }

  count(): number {
    let total = 0;
    for (const word of this.#words) total += ones(word);
    return total;
  }

  equals(other: Mask): boolean {
    return this.n === other.n && this.#words.every((word, i) => word === other.#words[i]);
  }

  /** The rows that are set, ascending. Where there may be a million, `rows` is faster. */
  *[Symbol.iterator](): Generator<number> {
    yield* this.rows();
  }

  /** The rows that are set, ascending. */
  rows(): Uint32Array {
    const out = new Uint32Array(this.count());
    let at = 0;
    for (let i = 0; i < this.#words.length; i++) {
      for (let word = this.#words[i]; word !== 0; word &= word - 1) out[at++] = i * 32 + (31 - Math.clz32(word & -word));
    }
    return out;
  }

  #zip(other: Mask, f: (a: number, b: number) => number): Mask {
    if (other.n !== this.n) throw new RangeError(`masks of ${this.n} and ${other.n} rows`);
    const out = new Mask(this.n);
    for (let i = 0; i < out.#words.length; i++) out.#words[i] = f(this.#words[i], other.#words[i]);
    return out;
  }

  #clearTail(): void {
    const used = this.n & 31;
    if (used !== 0) this.#words[this.#words.length - 1] &= (1 << used) - 1;
  }
}

/** What is selected after a gesture took `rows`, when `before` was selected as it began. */
export function combine(before: Mask | null, rows: Mask, op: "new" | "add" | "subtract" | "intersect"): Mask {
  if (op === "new") return rows;
  const base = before ?? new Mask(rows.n);
  return op === "add" ? base.or(rows) : op === "subtract" ? base.andNot(rows) : base.and(rows);
}

/** How many bits of 32 are set: counted in pairs, fours and bytes at once. */
function ones(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  word = (word + (word >>> 4)) & 0x0f0f0f0f;
  return Math.imul(word, 0x01010101) >>> 24;
}
