// Texts of a cluster for a look: of the whole and of its two kinds, read from Python once a round and ahead of time. Knows no look.

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
  count: number;
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
  readonly #read = new Map<string, Promise<Read | null>>();

  /** `rows` says how many there are by now. */
  constructor(
    readonly kernel: Kernel,
    readonly rows: () => number,
  ) {}

  /** What was read is of another round by now. */
  clear(): void {
    this.#read.clear();
  }

  /** Five texts from `offset` on, and at first the halves; null where Python does not answer. */
  read(cluster: number, offset = 0): Promise<Read | null> {
    const key = `${cluster}:${offset}`;
    const held = this.#read.get(key);
    if (held) return held;
    const whole = this.kernel.request("suggestion", { id: `cluster:${cluster}`, offset });
    const asked = Promise.all([whole, offset ? null : this.halves(cluster)])
      .then(([{ result, bytes }, halves]) => ({ rows: Mask.from(this.rows(), bytes), examples: result.examples, count: result.count, halves }))
      .catch(() => {
        this.#read.delete(key);
        return null;
      });
    this.#read.set(key, asked);
    return asked;
  }

  /** Its two kinds of texts; a cluster that is read whole has none, and so has one where nobody can tell. */
  async halves(cluster: number, offset = 0): Promise<Halves | null> {
    try {
      const { result, bytes } = await this.kernel.request("halves", { cluster, offset });
      return result.examples?.length === 2 ? { first: Mask.from(this.rows(), bytes), examples: result.examples as Halves["examples"] } : null;
    } catch {
      return null;
    }
  }
}
