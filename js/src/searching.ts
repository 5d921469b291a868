// Search by text, regular expression or meaning: hits light up on the map until they are selected or cleared.

import type { Kernel } from "./kernel";
import { Mask } from "./mask";
import type { Hits } from "./state";
import type { Store } from "./store";

export class Searching {
  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  clear(): void {
    this.store.set({ hits: null, view: { ...this.store.state.view, query: "" } });
  }

  async search(query: string): Promise<void> {
    const { kept, view } = this.store.state;
    if (!query || !kept) return this.clear();
    await this.store.attempt(async () => {
      const { bytes } = await this.kernel.request("search", { query, mode: view.mode });
      const mask = Mask.from(kept.n, bytes).and(this.store.state.kept ?? kept);
      this.store.set({ hits: { query, mask, count: mask.count() }, error: "" });
    });
  }

  select({ mask, query }: Hits): void {
    const { op, mode } = this.store.state.view;
    this.store.selection.take(mask, { kind: "search", op, query, mode });
    this.clear();
  }
}
