// Rows of the selection that look worth keeping: asked for once it stands still, so that they are named before anything is dropped.

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
    try {
      const { result, bytes } = await this.kernel.request("worth", {}, selected.toBytes());
      if (selected !== this.#of || result.count === 0) return;
      this.#found = { ...result, rows: Mask.from(selected.n, bytes) };
      this.store.set({});
    } catch {
      // a hint less
    }
  }

  /** Takes them out of the selection. */
  keep({ rows }: Found): void {
    this.store.selection.take(rows, { kind: "worth", op: "subtract" });
  }
}
