// What is said of the selection: examples to read, its silhouette, what a drop would take beside it. Renewed while it stands. Knows no DOM.

import type { Mask } from "./mask";
import { countSelected, type State, type Summary } from "./state";
import type { Store } from "./store";

/** Examples that the tray has in sight. */
const SIGHT = 3;
/** Read ahead. */
const AHEAD = 30;

export class Summing {
  /** What was told last is about these rows, in this round. */
  #of: { rows: Mask | null; round: string | undefined } = { rows: null, round: undefined };

  constructor(readonly store: Store) {}

  get #state(): Readonly<State> {
    return this.store.state;
  }

  told(rows: Mask, summary: Summary): void {
    this.#of = { rows, round: this.#state.session?.round?.id };
    this.store.set({ summary });
  }

  /** Rows went or came meanwhile, groups and pins are others, or a round is. Asking to `select` again would overrule who selects elsewhere. */
  async renew(): Promise<void> {
    const { selected, summary, session } = this.#state;
    const { made, dragging } = this.store.selection;
    if (!selected || !summary || dragging) return;
    const same = this.#of.rows?.equals(selected) && this.#of.round === session?.round?.id;
    const there = summary.examples.every(({ row }) => selected.has(row));
    const [fresh, { note }] = await Promise.all([there ? null : this.store.reading.examples(summary.examples.length + AHEAD), this.store.going.ask(selected)]);
    const now = this.#state.summary; // leafed on, perhaps
    if (made !== this.store.selection.made || !now) return;
    const examples = fresh?.filter(({ row }) => selected.has(row)) ?? now.examples; // Python has those too that a look at an earlier round leaves out
    this.told(selected, { ...now, note, examples, ...(same ? {} : { labels: [], silhouette: null }) });
    if (this.#state.view.example >= examples.length) this.store.show({ example: 0 });
  }

  /** Leafs through the examples, as many on as were in sight. */
  async leaf(by: number): Promise<void> {
    const { made } = this.store.selection;
    const total = countSelected(this.#state);
    const at = Math.max(0, Math.min(this.#state.view.example + by, total - 1));
    const { summary } = this.#state;
    if (!summary || total === 0) return;
    const { examples } = summary;
    if (at + SIGHT > examples.length && examples.length < total) {
      await this.store.attempt(async () => {
        const seen = new Set(examples.map(({ row }) => row));
        const more = (await this.store.reading.examples(examples.length + AHEAD)).filter(({ row }) => !seen.has(row));
        if (made === this.store.selection.made) this.store.set({ summary: { ...summary, examples: [...examples, ...more] } });
      });
    }
    if (made === this.store.selection.made && at < (this.#state.summary?.examples.length ?? 0)) this.store.show({ example: at });
  }
}
