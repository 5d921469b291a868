// Texts of a cluster for a look: the first of the whole and of its two kinds, read from Python once a round and ahead of time, and then
// those of any rows that were not read yet. Knows no look.

import type { Kernel } from "./kernel";
import type { Half } from "./looked";
import { Mask } from "./mask";
import type { Example } from "./protocol";

export interface Halves {
  first: Mask;
  examples: [Example[], Example[]];
}

export interface Read {
  rows: Mask;
  examples: Example[];
  halves: Halves | null;
}

/** Those of rows. */
export const of = (rows: Mask, examples: readonly Example[]): Example[] => examples.filter(({ point }) => rows.has(point.row));

/** What is shown with those of rows that come after it, each once: a second press may have asked for the same ones. */
export function further(shown: Example[], rows: Mask, examples: readonly Example[]): Example[] {
  const there = new Set(shown.map(({ point }) => point.row));
  return [...shown, ...of(rows, examples).filter(({ point }) => !there.has(point.row))];
}

/** Both halves of what there is to read; none where one of them is gone by now. */
export function split(rows: Mask, { first, examples }: Halves): [Half, Half] | null {
  const [one, other] = [rows.and(first), rows.andNot(first)];
  return one.count() > 0 && other.count() > 0 ? [{ rows: one, examples: of(one, examples[0]) }, { rows: other, examples: of(other, examples[1]) }] : null;
}

export class Leafing {
  readonly #read = new Map<number, Promise<Read | null>>();

  /** `rows` says how many there are by now. */
  constructor(
    readonly kernel: Kernel,
    readonly rows: () => number,
  ) {}

  /** What was read is of another round by now. */
  clear(): void {
    this.#read.clear();
  }

  /** The first five texts, and the halves; null where Python does not answer. */
  read(cluster: number): Promise<Read | null> {
    const held = this.#read.get(cluster);
    if (held) return held;
    const whole = this.kernel.request("suggestion", { id: `cluster:${cluster}` });
    const asked = Promise.all([whole, this.#halves(cluster)])
      .then(([{ result, bytes }, halves]) => ({ rows: Mask.from(this.rows(), bytes), examples: result.examples, halves }))
      .catch(() => {
        this.#read.delete(cluster);
        return null;
      });
    this.#read.set(cluster, asked);
    return asked;
  }

  /** Five texts of these rows; none where Python does not answer. */
  async some(rows: Mask): Promise<Example[]> {
    if (rows.count() === 0) return [];
    try {
      return (await this.kernel.request("read", {}, rows.toBytes())).result.examples;
    } catch {
      return [];
    }
  }

  /** Its two kinds of texts; a cluster that is read whole has none, and so has one where nobody can tell. */
  async #halves(cluster: number): Promise<Halves | null> {
    try {
      const { result, bytes } = await this.kernel.request("halves", { cluster });
      return result.examples?.length === 2 ? { first: Mask.from(this.rows(), bytes), examples: result.examples as Halves["examples"] } : null;
    } catch {
      return null;
    }
  }
}
