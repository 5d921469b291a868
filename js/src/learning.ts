// A filter learned from what was dropped and kept: asked for by the person, and never applied by itself. Knows no DOM.

import type { Kernel } from "./kernel";
import type { Gone } from "./going";
import { Mask } from "./mask";
import type { Learned } from "./protocol";
import type { Store } from "./store";

export class Learning {
  learned: Learned | null = null;
  error = "";
  asking = false;
  /** A row to drop with which others go, or that would stay: said, and dropped where it is pressed again. */
  told: { row: number; gone: Gone } | null = null;
  /** The row that is asked about. */
  #row = -1;

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

  /** One uncertain row, decided. Where other rows would go with it, that is said first. */
  async decide(row: number, as: "drop" | "keep"): Promise<void> {
    const rows = Mask.of(this.store.state.shown.length, [row]);
    const how = { reason: "uncertain to the learned filter", source: { kind: "learned" } };
    if (as === "keep") {
      this.#without(rows);
      await this.store.decide("keep", how, "Kept 1 row.", rows.toBytes());
      return;
    }
    if (this.#row === row) return;
    this.#row = row;
    await this.store.attempt(async () => {
      const gone = await this.store.going.ask(rows);
      if (gone.note && !(this.told?.row === row && this.told.gone.rows.equals(gone.rows))) {
        this.told = { row, gone };
        return this.store.set({});
      }
      this.#without(gone.rows);
      await this.store.dropRows(rows, how, "Dropped 1 row. Z brings it back.", gone.rows);
    });
    this.#row = -1;
  }

  /** Rows that are decided are uncertain no more. */
  #without(rows: Mask): void {
    this.told = null;
    if (this.learned) this.learned = { ...this.learned, uncertain: this.learned.uncertain.filter(({ row }) => !rows.has(row)) };
  }
}
