// What is selected, and how it came about: drags, picks, saved masks. Knows no DOM.

import { remembered } from "./colouring";
import { type Depths, depthsOf, type Range, rowsWithin } from "./depth";
import type { Kernel } from "./kernel";
import { combine, Mask } from "./mask";
import { inView, marked, rowsOf, tally, wholeClusters } from "./rows";
import type { Selecting } from "./scatter/types";
import type { State, Step } from "./state";
import type { Store } from "./store";
import { many } from "./words";

/** What goes with a selection and a decision: the kind of the last step, and all of them. */
export const sourceOf = (steps: Step[]) => ({ kind: steps.at(-1)?.kind ?? "selection", steps });

type Before = { mask: Mask | null; steps: Step[] };

/** The last thing that was drawn on the map: it can be cut, and taken again. */
interface Drawn {
  before: Before;
  taken: Selecting;
  /** What it took, before it was cut. */
  rows: Mask;
  step: Step;
  whole: boolean;
  /** The places it was drawn over. */
  coords: Uint16Array;
  range: Range | null;
  /** Cut here, and Python has not heard of it. */
  unsaid: boolean;
}

/** A selection that can be cut along the view. */
export interface Cutting {
  depths: Depths;
  /** null: nothing is cut. */
  range: Range | null;
}

export class Selection {
  /** What was selected as a drag began; undefined while nobody drags. */
  #before: Before | undefined;
  /** null where something else was selected since. */
  #drawn: Drawn | null = null;
  #made = 0;
  /** Of what was drawn, the rows that are still there. */
  readonly #depths = remembered((frame: Parameters<typeof depthsOf>[0], camera: readonly number[], rows: Mask, kept: Mask) => depthsOf(frame, camera, rows.and(kept)));

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  get #state(): Readonly<State> {
    return this.store.state;
  }

  /** Counts selections, so that the answer to what was asked before never replaces a newer one: it is applied where this stands still. */
  get made(): number {
    return this.#made;
  }

  get dragging(): boolean {
    return this.#before !== undefined;
  }

  /** How what is taken next combines: as the buttons for it say, which are there only where something is selected. */
  get op(): Step["op"] {
    return this.settled.selected ? this.#state.view.op : "new";
  }

  /** Answers to earlier selections mean nothing any more. */
  forget(): void {
    this.#made++;
    this.#before = undefined;
    this.#drawn = null;
  }

  /** What Python has, where nothing newer was selected here meanwhile. */
  async pull(): Promise<void> {
    const made = this.#made;
    const { bytes } = await this.kernel.request("selection", {});
    const { frame, kept, selected } = this.#state;
    if (!frame || !kept || this.#before || this.#drawn?.unsaid || made !== this.#made) return;
    const mask = Mask.from(frame.n, bytes).and(kept);
    if (mask.equals(selected ?? new Mask(frame.n))) return;
    this.forget();
    this.store.analysing.elsewhere = this.#made;
    this.store.reading.forget("selection");
    // Set from Python or by another view: asking to `select` it again would set the two views talking without end.
    this.store.set({ ...marked(mask, this.#state.shown), steps: [], summary: null, explanation: null, explaining: false });
    if (!this.#state.selected) return;
    const pulled = this.#made;
    const [examples, { note }] = await Promise.all([this.store.reading.examples(), this.store.going.ask(mask)]);
    if (pulled === this.#made) this.store.summing.told(mask, { labels: [], silhouette: null, examples, note });
  }

  drag(taken: Selecting, final: boolean): void {
    this.#before ??= { mask: this.#state.selected, steps: this.#state.steps };
    const before = this.#before;
    const rows = this.#meant(taken.rows, this.#state.view.whole);
    const mask = this.#there(combine(before.mask, rows, taken.op));
    if (!final) return this.store.set(marked(mask, this.#state.shown));
    this.#draw(before, taken, rows, mask);
  }

  #draw(before: Before, taken: Selecting, rows: Mask, mask: Mask): void {
    const { frame, view } = this.#state;
    const polygon = Array.from(taken.polygon, (x) => Math.round(x * 10) / 10);
    const { camera, dim, op, radius, visible, stand } = taken;
    const step: Step = { kind: view.tool, op, polygon, radius, visible, camera, stand, dim, whole: view.whole };
    this.#choose(mask, this.#after(before.steps, step), frame && { before, taken, rows, step, whole: view.whole, coords: frame.coords3, range: null, unsaid: false });
  }

  #after(steps: Step[], step: Step): Step[] {
    return step.op === "new" ? [step] : [...steps, step];
  }

  /** Whole clusters are those with most of what the legend shows of them inside; what it hides is not taken. */
  #meant(rows: Mask, whole: boolean): Mask {
    const { shown, totals } = this.#state;
    if (!whole) return rows;
    const { filter } = this.store.colouring;
    return filter ? wholeClusters(shown, tally(shown, filter), rows).and(filter) : wholeClusters(shown, totals, rows);
  }

  /** Without what was dropped since it was looked at. */
  #there(mask: Mask): Mask {
    const { kept } = this.#state;
    return kept ? mask.and(kept) : mask;
  }

  /** Esc in mid-drag: what was selected before. */
  cancelDrag(): void {
    const before = this.#before;
    this.#before = undefined;
    if (!before) return;
    this.store.set(marked(before.mask && this.#there(before.mask), this.#state.shown));
    void this.store.attempt(() => this.pull()); // what a cell or another view selected meanwhile
  }

  /** The last thing drawn, while what is selected still comes from it and points stand where they stood. */
  get #standing(): Drawn | null {
    const { frame, steps } = this.#state;
    const drawn = this.#drawn;
    return drawn && !this.#before && frame?.coords3 === drawn.coords && steps.at(-1) === drawn.step ? drawn : null;
  }

  /** What the depth strip shows; null while the last step was not drawn in 3D. */
  get cutting(): Cutting | null {
    const drawn = this.#standing;
    const { frame, kept } = this.#state;
    if (!drawn || !frame || !kept || drawn.taken.dim === 2) return null;
    const depths = this.#depths(frame, drawn.taken.camera, drawn.rows, kept);
    return depths.rows.length > 0 ? { depths, range: drawn.range } : null;
  }

  /** Leaves of what the last step took only what lies between two depths; null: all of it. Python hears of it when `final`. */
  cut(range: Range | null, final = true): void {
    const drawn = this.#standing;
    if (drawn && this.cutting) this.#again({ ...drawn, range }, final);
  }

  /** Python hears of a cut that was not final. */
  settle(): void {
    const drawn = this.#standing;
    if (drawn?.unsaid) this.#again(drawn, true);
  }

  /** The lasso takes what is in sight only, the last one too; or all that lies inside. */
  setVisible(visible: boolean): void {
    this.store.show({ visible });
    const drawn = this.#standing;
    if (!drawn?.taken.again || drawn.step.visible === visible) return;
    const rows = this.#meant(drawn.taken.again(visible), drawn.whole);
    this.#again({ ...drawn, rows, step: { ...drawn.step, visible } }, true);
  }

  /** Combines what the last step takes now with what was selected before it. */
  #again(drawn: Drawn, final: boolean): void {
    const { before, rows, range } = drawn;
    const { frame, kept, shown } = this.#state;
    if (!frame || !kept) return;
    const left = range ? rowsWithin(this.#depths(frame, drawn.taken.camera, rows, kept), range) : rows;
    const mask = combine(before.mask, left, drawn.step.op).and(kept);
    const step: Step = { ...drawn.step, depth: range && [...range] };
    const steps = this.#after(before.steps, step);
    const now: Drawn = { ...drawn, step, unsaid: !final };
    if (final) return this.#choose(mask, steps, now);
    this.#drawn = now;
    this.store.set({ ...marked(mask, shown), steps });
  }

  select(mask: Mask, steps: Step[]): void {
    this.#choose(mask, steps, null);
  }

  #choose(rows: Mask, steps: Step[], drawn: Drawn | null): void {
    const mask = this.#there(rows);
    this.forget();
    this.#drawn = drawn;
    const made = this.#made;
    const view = { ...this.#state.view, example: 0, naming: null };
    this.store.set({ ...marked(mask, this.#state.shown), steps, summary: null, explanation: null, explaining: false, revisited: null, notice: "", view });
    this.store.reading.forget("selection");
    void this.store.attempt(async () => {
      const { result } = await this.kernel.request("select", { source: sourceOf(steps) }, mask.toBytes());
      if (made === this.#made) this.store.summing.told(mask, result);
    });
  }

  /** Combines rows with what is selected, as the step says. */
  take(rows: Mask, step: Step): void {
    const { selected, steps } = this.settled;
    this.select(combine(selected, rows, step.op), this.#after(steps, step));
  }

  /** What is selected, aside from what a drag would take. */
  get settled(): Pick<State, "selected" | "steps"> {
    return this.#before ? { selected: this.#before.mask, steps: this.#before.steps } : this.#state;
  }

  clear(): void {
    if (this.#state.selected) this.select(new Mask(this.#state.shown.length), []);
  }

  pick(clusters: number[], op: Step["op"]): void {
    if (this.#state.frame) this.take(rowsOf(this.#state.shown, new Set(clusters)), { kind: "cluster", op, clusters });
  }

  /** Every row of a kind that is kept: of a label, with a finding. */
  all(rows: Mask, step: Step): void {
    this.take(this.#there(rows), step);
  }

  /** What is shown and was not selected. */
  invert(sight: Mask | null = null): void {
    const { shown, view, frame } = this.#state;
    if (!frame) return;
    const { selected, steps } = this.settled;
    const all = inView(shown, view.hidden);
    const within = sight ? all.and(sight) : all;
    this.select(selected ? within.andNot(selected) : within, [...steps, { kind: "invert", op: "new" }]);
  }

  /** The nearest neighbours of what is selected, too. */
  async grow(): Promise<void> {
    const { selected, steps } = this.settled;
    if (!selected) return;
    const made = this.#made;
    await this.store.attempt(async () => {
      const { bytes } = await this.kernel.request("grow", {}, selected.toBytes());
      if (made === this.#made) this.select(Mask.from(selected.n, bytes), [...steps, { kind: "grow", op: "add" }]);
    });
  }

  async save(name: string): Promise<void> {
    await this.store.attempt(async () => {
      const { result } = await this.kernel.request("save", { name });
      this.store.show({ naming: null });
      this.store.set({ notice: `Saved ${many(result.count, "row")}: w.selections[${JSON.stringify(result.name)}] in the next cell.`, error: "" });
      await this.store.pull(["state"]);
    });
  }

  /** What was saved under a name, combined with what is selected as this was asked for. */
  async recall(name: string, op: Step["op"] = "new"): Promise<void> {
    const { selected, steps } = this.settled;
    const made = this.#made;
    await this.store.attempt(async () => {
      const { bytes } = await this.kernel.request("recall", { name });
      const { frame, kept } = this.#state;
      if (made !== this.#made || !frame || !kept) return;
      this.select(combine(selected, Mask.from(frame.n, bytes), op).and(kept), this.#after(steps, { kind: "saved", op, name }));
    });
  }

  async explain(): Promise<void> {
    this.store.set({ explaining: true, explanation: null });
    if (!(await this.store.attempt(async () => void (await this.kernel.request("explain", {}))))) this.store.set({ explaining: false });
  }
}
