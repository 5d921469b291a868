// A filter learned from what was dropped and kept: asked for by the person, and never applied by itself. Knows no DOM.

import type { Kernel } from "./kernel";
import { Mask } from "./mask";
import type { Learned } from "./protocol";
import type { Store } from "./store";

export class Learning {
  learned: Learned | null = null;
  error = "";
  asking = false;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  async learn(name = ""): Promise<void> {
    this.asking = true;
    this.store.set({});
    if (await this.store.attempt(async () => void (await this.kernel.request("learn", name ? { name } : {})))) return;
    this.asking = false;
    this.store.set({});
  }

  /** What was learned last, where somebody asked. */
  async pull(): Promise<void> {
    if (!this.asking && !this.learned) return;
    await this.store.attempt(async () => {
      const { learned, error } = (await this.kernel.request("learned", {})).result;
      Object.assign(this, { learned, error, asking: false });
      this.store.set({});
    });
  }

  /** One uncertain row, decided. */
  async decide(row: number, as: "drop" | "keep"): Promise<void> {
    const rows = Mask.of(this.store.state.shown.length, [row]);
    if (this.learned) this.learned = { ...this.learned, uncertain: this.learned.uncertain.filter((one) => one.row !== row) };
    const how = { reason: "uncertain to the learned filter", source: { kind: "learned" } };
    if (as === "drop") await this.store.dropRows(rows, how, "Dropped 1 row. Z brings it back.");
    else await this.store.decide("keep", how, "Kept 1 row.", rows.toBytes());
  }
}
