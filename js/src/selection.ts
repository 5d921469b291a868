// What is selected, and how it came about: drags, picks, saved masks. Knows no DOM.

import type { Kernel } from "./kernel";
import { combine, Mask } from "./mask";
import { marked, rowsOf, wholeClusters } from "./rows";
import type { Selecting } from "./scatter/types";
import { countSelected, type State, type Step } from "./state";
import type { Store } from "./store";

/** What goes with a selection and a decision: the kind of the last step, and all of them. */
export const sourceOf = (steps: Step[]) => ({ kind: steps.at(-1)?.kind ?? "selection", steps });

export class Selection {
  /** What was selected as a drag began; undefined while nobody drags. */
  #before: { mask: Mask | null; steps: Step[] } | undefined;
  /** Counts selections made here, so that an older answer never replaces a newer selection. */
  #made = 0;

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  get #state(): Readonly<State> {
    return this.store.state;
  }

  get dragging(): boolean {
    return this.#before !== undefined;
  }

  /** Answers to earlier selections mean nothing any more. */
  forget(): void {
    this.#made++;
  }

  /** What Python has, where nothing newer was selected here meanwhile. */
  async pull(): Promise<void> {
    const made = this.#made;
    const { bytes } = await this.kernel.request("selection", {});
    const { frame, kept, selected } = this.#state;
    if (!frame || !kept || this.#before || made !== this.#made) return;
    const mask = Mask.from(frame.n, bytes).and(kept);
    if (mask.equals(selected ?? new Mask(frame.n))) return;
    // Set from Python or by another view: asking to `select` it again would set the two views talking without end.
    this.store.set({ ...marked(mask, this.#state.shown), steps: [], summary: null, explanation: null, explaining: false });
    if (this.#state.selected) this.store.set({ summary: { labels: [], silhouette: null, examples: await this.store.reading.examples() } });
  }

  drag(taken: Selecting, final: boolean): void {
    this.#before ??= { mask: this.#state.selected, steps: this.#state.steps };
    const before = this.#before;
    const { shown, totals, view } = this.#state;
    const rows = view.whole ? wholeClusters(shown, totals, taken.rows) : taken.rows;
    const mask = combine(before.mask, rows, taken.op);
    if (!final) return this.store.set(marked(mask, this.#state.shown));
    this.#before = undefined;
    const polygon = Array.from(taken.polygon, (x) => Math.round(x * 10) / 10);
    const { camera, dim, op, radius, visible, stand } = taken;
    const step = { kind: view.tool, op, polygon, radius, visible, camera, stand, dim, whole: view.whole };
    this.select(mask, op === "new" ? [step] : [...before.steps, step]);
  }

  /** Esc in mid-drag: what was selected before. */
  cancelDrag(): void {
    const before = this.#before;
    this.#before = undefined;
    if (before) this.store.set(marked(before.mask, this.#state.shown));
  }

  select(mask: Mask, steps: Step[]): void {
    const made = ++this.#made;
    const view = { ...this.#state.view, example: 0, naming: null };
    this.store.set({ ...marked(mask, this.#state.shown), steps, summary: null, explanation: null, explaining: false, notice: "", view });
    this.store.reading.forget("selection");
    void this.store.attempt(async () => {
      const { result } = await this.kernel.request("select", { source: sourceOf(steps) }, mask.toBytes());
      if (made === this.#made) this.store.set({ summary: result });
    });
  }

  /** Combines rows with what is selected, as the step says. */
  take(rows: Mask, step: Step): void {
    this.select(combine(this.#state.selected, rows, step.op), step.op === "new" ? [step] : [...this.#state.steps, step]);
  }

  clear(): void {
    if (this.#state.selected) this.select(new Mask(this.#state.shown.length), []);
  }

  pick(clusters: number[], op: Step["op"]): void {
    if (this.#state.frame) this.take(rowsOf(this.#state.shown, new Set(clusters)), { kind: "cluster", op, clusters });
  }

  async save(name: string): Promise<void> {
    await this.store.attempt(async () => {
      const { result } = await this.kernel.request("save", { name });
      this.store.show({ naming: null });
      this.store.set({ notice: `Saved ${result.count.toLocaleString("en")} rows: w.selections[${JSON.stringify(result.name)}] in the next cell.`, error: "" });
      await this.store.pull(["state"]);
    });
  }

  async recall(name: string): Promise<void> {
    await this.store.attempt(async () => {
      await this.kernel.request("recall", { name });
      await this.store.pull(["selection"]);
    });
  }

  /** Leafs through the examples, as many on as were in sight. */
  async leaf(by: number): Promise<void> {
    const made = this.#made;
    const total = countSelected(this.#state);
    const at = Math.max(0, Math.min(this.#state.view.example + by, total - 1));
    const { summary } = this.#state;
    if (!summary || total === 0) return;
    const { examples } = summary;
    if (at + 3 > examples.length && examples.length < total) {
      await this.store.attempt(async () => {
        const seen = new Set(examples.map(({ row }) => row));
        const more = (await this.store.reading.examples(examples.length + 30)).filter(({ row }) => !seen.has(row));
        if (made === this.#made) this.store.set({ summary: { ...summary, examples: [...examples, ...more] } });
      });
    }
    if (made === this.#made && at < (this.#state.summary?.examples.length ?? 0)) this.store.show({ example: at });
  }

  async explain(): Promise<void> {
    this.store.set({ explaining: true, explanation: null });
    if (!(await this.store.attempt(async () => void (await this.kernel.request("explain", {}))))) this.store.set({ explaining: false });
  }
}
