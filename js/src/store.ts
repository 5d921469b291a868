// State and actions. Knows no DOM and no graphics: panels and the map subscribe, and draw what they find.

import { pullFrame } from "./frame";
import { type DecisionName, type Kernel, type Link, type Params, RequestError } from "./kernel";
import { combine, Mask } from "./mask";
import type { Part, Traits } from "./protocol";
import { Reading } from "./reading";
import { framed, marked, rowsOf, wholeClusters } from "./rows";
import type { Selecting } from "./scatter/types";
import { countSelected, type Hits, initialState, type State, type Step, type View } from "./state";
import { EVERYTHING, type Want, WANTED } from "./wants";

/** What goes with a selection and a decision: the kind of the last step, and all of them. */
const sourceOf = (steps: Step[]) => ({ kind: steps.at(-1)?.kind ?? "selection", steps });

type Acknowledged = "run" | "refine" | "cancel" | "analyze" | "consent";

export class Store {
  readonly reading: Reading;
  readonly #kernel: Kernel;
  readonly #listeners = new Set<() => void>();
  readonly #wanted = new Set<Want>();
  #state = initialState();
  #revision: Partial<Traits["revision"]> = {};
  #pulling = false;
  /** What was selected as a drag began; undefined while nobody drags. */
  #before: { mask: Mask | null; steps: Step[] } | undefined;
  /** Counts selections made here, so that an older answer never replaces a newer selection. */
  #selections = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.reading = new Reading(kernel, this);
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(patch: Partial<State>): void {
    this.#state = { ...this.#state, ...patch };
    for (const listener of this.#listeners) listener();
  }

  show(patch: Partial<View>): void {
    this.set({ view: { ...this.#state.view, ...patch } });
  }

  // From the kernel

  async start(revision: Traits["revision"], status: Traits["status"]): Promise<void> {
    this.set({ status });
    this.#revision = revision;
    await this.#try(async () => {
      this.set({ hello: await this.#kernel.hello() });
      await this.#pull(EVERYTHING);
      this.set({ notice: this.#state.session?.resumed ?? "" });
    });
  }

  revised(revision: Traits["revision"]): void {
    const parts = (Object.keys(revision) as Part[]).filter((part) => revision[part] !== this.#revision[part]);
    this.#revision = revision;
    if (parts.includes("round") || parts.includes("decision")) this.reading.forget();
    if (this.#state.hello) void this.#try(() => this.#pull(parts.flatMap((part) => WANTED[part])));
  }

  status(status: Traits["status"]): void {
    const ended = this.#state.status.busy && !status.busy;
    this.set({ status });
    // An explanation that failed moves no revision.
    if (ended && this.#state.explaining) void this.#try(() => this.#pull(["explanation"])).then(() => this.set({ explaining: false }));
  }

  linked(link: Link): void {
    const back = this.#state.link === "lost" && link !== "lost";
    this.set({ link });
    // What moved meanwhile was said to nobody.
    if (back && this.#state.hello) void this.#try(() => this.#pull(EVERYTHING));
  }

  /** One pass at a time; what is wanted meanwhile is asked for once, in the next. */
  async #pull(wants: Want[]): Promise<void> {
    for (const want of wants) this.#wanted.add(want);
    if (this.#pulling) return;
    this.#pulling = true;
    try {
      while (this.#wanted.size > 0) {
        const pass = [...this.#wanted];
        this.#wanted.clear();
        const patches = await Promise.all(pass.filter((want) => want !== "selection").map((want) => this.#ask(want)));
        this.set(Object.assign({}, ...patches) as Partial<State>);
        if (pass.includes("selection")) await this.#pullSelection();
      }
    } finally {
      this.#pulling = false;
    }
  }

  async #ask(want: Want): Promise<Partial<State>> {
    if (want === "state") return { session: (await this.#kernel.request("state", {})).result };
    if (want === "clusters") return { clusters: (await this.#kernel.request("clusters", {})).result.clusters };
    if (want === "explanation") {
      const { explanation } = (await this.#kernel.request("explanation", {})).result;
      return this.#state.explaining && explanation ? { explanation, explaining: false } : {};
    }
    const [frame, bits] = await Promise.all([pullFrame(this.#kernel, this.#state.frame), this.#kernel.request("kept", {})]);
    if (!frame) return { frame };
    const kept = Mask.from(frame.n, bits.bytes);
    // While a drop is on its way, Python may not know yet what the map already hides.
    return framed(frame, this.#kernel.undecided > 0 && this.#state.kept ? kept.and(this.#state.kept) : kept, this.#state.selected);
  }

  async #pullSelection(): Promise<void> {
    const made = this.#selections;
    const { bytes } = await this.#kernel.request("selection", {});
    const { frame, kept, selected } = this.#state;
    if (!frame || !kept || this.#before || made !== this.#selections) return;
    const mask = Mask.from(frame.n, bytes).and(kept);
    if (mask.equals(selected ?? new Mask(frame.n))) return;
    // Set from Python or by another view: asking to `select` it again would set the two views talking without end.
    this.set({ ...marked(mask, this.#state.shown), steps: [], summary: null, explanation: null, explaining: false });
    if (this.#state.selected) this.set({ summary: { labels: [], silhouette: null, examples: await this.reading.examples() } });
  }

  /** Runs `work`; what goes wrong becomes one sentence in the foot. */
  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof RequestError)) console.error(error);
      this.set({ error: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  /** Another list of rows to read. */
  list(patch: Partial<Pick<View, "within" | "listed" | "filter">>): void {
    this.show(patch);
    this.reading.forget();
    this.set({});
  }

  // Selecting

  get dragging(): boolean {
    return this.#before !== undefined;
  }

  drag(taken: Selecting, final: boolean): void {
    this.#before ??= { mask: this.#state.selected, steps: this.#state.steps };
    const before = this.#before;
    const { shown, totals, view } = this.#state;
    const rows = view.whole ? wholeClusters(shown, totals, taken.rows) : taken.rows;
    const mask = combine(before.mask, rows, taken.op);
    if (!final) return this.set(marked(mask, this.#state.shown));
    this.#before = undefined;
    const polygon = Array.from(taken.polygon, (x) => Math.round(x * 10) / 10);
    const step = { kind: view.tool, op: taken.op, polygon, camera: taken.camera, dim: taken.dim, whole: view.whole };
    this.select(mask, taken.op === "new" ? [step] : [...before.steps, step]);
  }

  /** Esc in mid-drag: what was selected before. */
  cancelDrag(): void {
    const before = this.#before;
    this.#before = undefined;
    if (before) this.set(marked(before.mask, this.#state.shown));
  }

  select(mask: Mask, steps: Step[]): void {
    const made = ++this.#selections;
    const view = { ...this.#state.view, example: 0, naming: null };
    this.set({ ...marked(mask, this.#state.shown), steps, summary: null, explanation: null, explaining: false, notice: "", view });
    this.reading.forget("selection");
    void this.#try(async () => {
      const { result } = await this.#kernel.request("select", { source: sourceOf(steps) }, mask.toBytes());
      if (made === this.#selections) this.set({ summary: result });
    });
  }

  clear(): void {
    if (this.#state.selected) this.select(new Mask(this.#state.shown.length), []);
  }

  clearHits(): void {
    this.set({ hits: null, view: { ...this.#state.view, query: "" } });
  }

  pick(clusters: number[], op: Step["op"]): void {
    if (!this.#state.frame) return;
    const rows = rowsOf(this.#state.shown, new Set(clusters));
    const step = { kind: "cluster", op, clusters };
    this.select(combine(this.#state.selected, rows, op), op === "new" ? [step] : [...this.#state.steps, step]);
  }

  async search(query: string): Promise<void> {
    const { kept } = this.#state;
    if (!query || !kept) return this.clearHits();
    await this.#try(async () => {
      const { bytes } = await this.#kernel.request("search", { query });
      const mask = Mask.from(kept.n, bytes).and(this.#state.kept ?? kept);
      this.set({ hits: { query, mask, count: mask.count() }, error: "" });
    });
  }

  selectHits({ mask, query }: Hits): void {
    const { op } = this.#state.view;
    this.select(combine(this.#state.selected, mask, op), [...(op === "new" ? [] : this.#state.steps), { kind: "search", op, query }]);
    this.clearHits();
  }

  async save(name: string): Promise<void> {
    await this.#try(async () => {
      const { result } = await this.#kernel.request("save", { name });
      this.show({ naming: null });
      this.set({ notice: `Saved ${result.count.toLocaleString("en")} rows: w.selections[${JSON.stringify(result.name)}] in the next cell.`, error: "" });
      await this.#pull(["state"]);
    });
  }

  async recall(name: string): Promise<void> {
    await this.#try(async () => {
      await this.#kernel.request("recall", { name });
      await this.#pull(["selection"]);
    });
  }

  /** Leafs through the examples, as many on as were in sight. */
  async leaf(by: number): Promise<void> {
    const made = this.#selections;
    const total = countSelected(this.#state);
    const at = Math.max(0, Math.min(this.#state.view.example + by, total - 1));
    const { summary } = this.#state;
    if (!summary || total === 0) return;
    const { examples } = summary;
    if (at + 3 > examples.length && examples.length < total) {
      await this.#try(async () => {
        const seen = new Set(examples.map(({ row }) => row));
        const more = (await this.reading.examples(examples.length + 30)).filter(({ row }) => !seen.has(row));
        if (made === this.#selections) this.set({ summary: { ...summary, examples: [...examples, ...more] } });
      });
    }
    if (made === this.#selections && at < (this.#state.summary?.examples.length ?? 0)) this.show({ example: at });
  }

  async explain(): Promise<void> {
    this.set({ explaining: true, explanation: null });
    if (!(await this.#try(async () => void (await this.#kernel.request("explain", {}))))) this.set({ explaining: false });
  }

  // Deciding

  /** Sends a decision; the page says at once what it does, and takes it back where Python refuses. */
  async decide<K extends DecisionName>(name: K, params: Omit<Params<K>, "decision">, notice: string, bytes?: Uint8Array): Promise<boolean> {
    const sent = this.#kernel.decide(name, params, bytes);
    this.set({ undecided: this.#kernel.undecided, error: "" });
    const done = await this.#try(async () => void (await sent));
    this.set({ undecided: this.#kernel.undecided, notice: done ? notice : "" });
    await this.#try(() => this.#pull(["state", "frame"]));
    return done;
  }

  /** Removes what is selected (or all the rest). Rows leave the map at once. */
  async drop(which: "drop" | "keep_only" = "drop"): Promise<void> {
    const { selected, kept, frame, steps } = this.#state;
    if (!selected || !kept || !frame) return;
    const gone = which === "drop" ? selected : kept.andNot(selected);
    const left = kept.andNot(gone);
    const count = which === "drop" ? countSelected(this.#state) : gone.count();
    this.#selections++;
    this.set({ ...framed(frame, left, null), steps: [], summary: null, hits: null, explanation: null });
    await this.decide(which, { source: sourceOf(steps) }, `Dropped ${count.toLocaleString("en")} rows. Z brings them back.`, selected.toBytes());
  }

  async decideRows(name: "keep" | "restore", rows: Mask, notice: string): Promise<void> {
    await this.decide(name, {}, notice, rows.toBytes());
  }

  undo = (): Promise<boolean> => this.decide("undo", {}, `Undone: ${this.#state.session?.undo ?? ""}`);
  redo = (): Promise<boolean> => this.decide("redo", {}, `Done again: ${this.#state.session?.redo ?? ""}`);

  /** Requests that are only acknowledged, and report through status and revisions. */
  async ask(...[name, params]: { [K in Acknowledged]: [K, Params<K>] }[Acknowledged]): Promise<void> {
    await this.#try(async () => {
      await this.#kernel.request(name, params);
      this.set({ error: "" });
      if (name === "consent") await this.#pull(["state"]);
    });
  }
}
