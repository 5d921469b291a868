// Rows that look worth keeping, named before anything is dropped: of any rows, and of the selection, once it stands still.

import type { Kernel } from "./kernel";
import { Mask } from "./mask";
import type { Point } from "./protocol";
import type { Store } from "./store";

export interface Found {
  rows: Mask;
  count: number;
  points: Point[];
  why: string[];
}

/** Those of `rows`; null where there are none, or nobody says: that is a hint less. */
export async function worthOf(kernel: Pick<Kernel, "request">, rows: Mask): Promise<Found | null> {
  try {
    const { result, bytes } = await kernel.request("worth", {}, rows.toBytes());
    return result.count === 0 ? null : { ...result, rows: Mask.from(rows.n, bytes) };
  } catch {
    return null;
  }
}

/** What of it is left among fewer rows. */
export function leftOf(found: Found | null, among: Mask): Found | null {
  const rows = found?.rows.and(among);
  if (!found || !rows || rows.count() === 0) return null;
  const there = ({ row }: Point) => rows.has(row);
  return { rows, count: rows.count(), points: found.points.filter(there), why: found.why.filter((_, at) => found.points[at] && there(found.points[at])) };
}

/** Ms that a selection stands still. */
const CALM = 250;

export class Worth {
  #of: Mask | null = null;
  #found: Found | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  destroy(): void {
    clearTimeout(this.#timer);
  }

  /** Of what is selected; null where nothing in it is, or nobody has said yet. May be called as often as one likes. */
  want(): Found | null {
    const { selected, summary } = this.store.state;
    if (!selected || !summary) return null;
    if (selected !== this.#of) {
      this.#of = selected;
      this.#found = null;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#ask(selected), CALM);
    }
    return this.#found;
  }

  async #ask(selected: Mask): Promise<void> {
    const found = await worthOf(this.kernel, selected);
    if (selected !== this.#of || !found) return;
    this.#found = found;
    this.store.set({});
  }

  /** Takes them out of the selection, with the others of their groups: a group goes whole. */
  async keep({ rows }: Found): Promise<void> {
    const { made } = this.store.selection;
    await this.store.attempt(async () => {
      const whole = rows.or((await this.store.going.ask(rows)).rows);
      if (made === this.store.selection.made) this.store.selection.take(whole, { kind: "worth", op: "subtract" });
    });
  }
}
