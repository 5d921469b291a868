// Rows judged one by one by a criterion: typed, asked for, followed, and taken up as a selection. Knows no DOM.

import type { Kernel } from "./kernel";
import { Mask } from "./mask";
import type { Part, RowsJudged } from "./protocol";
import type { Store } from "./store";

export type RowWord = "keep" | "drop" | "unsure";

export class RowJudging {
  /** The selection, by its number, that the form was opened for. */
  #of = -1;
  /** The line that was typed last: the next selection is often judged by the same. */
  criterion = "";
  asking = false;
  told: RowsJudged | null = null;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  /** The form is open. It stands while what it is for stays selected. */
  get opened(): boolean {
    return this.#of === this.store.selection.made;
  }

  open(): void {
    this.#of = this.store.selection.made;
    this.store.set({});
  }

  close(): void {
    this.#of = -1;
    this.store.set({});
  }

  type(criterion: string): void {
    this.criterion = criterion;
    this.store.set({});
  }

  async ask(): Promise<void> {
    const { selected } = this.store.state;
    if (!selected || this.asking || this.store.selection.dragging) return;
    this.#of = -1;
    Object.assign(this, { asking: true, told: null });
    this.store.set({});
    const asked = this.store.attempt(async () => void (await this.kernel.request("judge_rows", { criterion: this.criterion.trim() }, selected.toBytes())));
    if (await asked) return this.pull();
    this.asking = false;
    this.store.set({});
  }

  revised(parts: Part[]): void {
    if (this.asking && parts.includes("analysis")) void this.pull();
  }

  /** Work that was stopped before it began moves no revision. */
  ended(): void {
    if (this.asking) void this.pull();
  }

  async pull(): Promise<void> {
    await this.store.attempt(async () => {
      const { result } = await this.kernel.request("judged", {});
      this.told = result;
      this.asking = result.running;
      this.store.set({});
    });
  }

  stop(): void {
    void this.store.ask("cancel", {});
  }

  /** Selects the rows with a verdict, unless others are selected meanwhile. Nothing is dropped by that. */
  async take(verdict: RowWord): Promise<void> {
    const { made } = this.store.selection;
    await this.store.attempt(async () => {
      const { bytes } = await this.kernel.request("judged", { verdict });
      const { frame } = this.store.state;
      if (frame && made === this.store.selection.made) this.store.selection.all(Mask.from(frame.n, bytes), { kind: "judged", op: "new", verdict });
    });
  }

  forget(): void {
    this.told = null;
    this.store.set({});
  }
}
