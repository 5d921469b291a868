// What the analyst is told, and when it is asked of itself: prompts edited here are checked by Python before anything is sent, the exact
// prompt of a cluster is made there too, and a selection that stands still is asked about. Knows no DOM.

import type { Kernel } from "./kernel";
import type { Result } from "./message";
import type { Mask } from "./mask";
import type { Call, Part, Prompt, Prompts } from "./protocol";
import type { State } from "./state";
import type { Store } from "./store";

export const FIELDS = ["task", "system", "user"] as const;
export type Field = (typeof FIELDS)[number];

const NONE: Prompts = { system: "", user: "", task: "" };
/** Ms after the last key until a template is checked. */
const TYPED = 250;
/** Ms that a selection stands still until it is asked about. */
const CALM = 700;
/** Calls told at a time. */
const CALLS = 20;

/** Whether texts may be sent, or none has to be: the person agreed, or the analyst is on this machine. */
export const ready = ({ session }: Pick<State, "session">): boolean => session?.analyst !== undefined && (!session.analyst.remote || session.analyst.consented);

export class Analysing {
  known: Result<"prompts"> | null = null;
  /** What is typed and not told yet; null where nothing is. */
  draft: Prompts | null = null;
  problems: Prompts = NONE;
  /** What was made last, of `cluster`. */
  prompt: Prompt | null = null;
  cluster: number | null = null;
  /** The prompt is on its way. */
  asking = false;
  error = "";
  calls: Call[] = [];
  total = 0;
  /** A selection that stands still is asked about. */
  wonders = true;
  /** What is read whole: an answer, or the selection that one is about. */
  unfolded: object | null = null;
  /** The selection, by its number, that was made in another view or a cell: whoever made it asks, or a model is paid once a view. */
  elsewhere = -1;
  #wondered: Mask | null = null;
  #calm: ReturnType<typeof setTimeout> | undefined;
  #typed: ReturnType<typeof setTimeout> | undefined;
  #checked = 0;

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  destroy(): void {
    clearTimeout(this.#calm);
    clearTimeout(this.#typed);
  }

  get open(): boolean {
    return this.store.state.view.popover === "analyst";
  }

  /** What the fields hold. */
  get fields(): Prompts {
    return this.draft ?? this.known?.now ?? NONE;
  }

  get changed(): boolean {
    const { draft, known } = this;
    return draft !== null && known !== null && FIELDS.some((field) => draft[field] !== known.now[field]);
  }

  get wrong(): boolean {
    return FIELDS.some((field) => this.problems[field] !== "");
  }

  // Reading

  /** Opens the panel, at the prompt of a cluster where one is named. */
  show(cluster: number | null = null): void {
    this.store.show({ popover: "analyst" });
    void this.pull();
    const { clusters } = this.store.state;
    const first = cluster ?? this.cluster ?? clusters[0]?.cluster ?? null;
    if (first !== null) void this.ask(first);
  }

  async pull(): Promise<void> {
    await this.store.attempt(async () => {
      const [prompts, calls] = await Promise.all([this.kernel.request("prompts", {}), this.kernel.request("calls", { offset: 0, limit: Math.max(CALLS, this.calls.length) })]);
      this.known = prompts.result;
      this.calls = calls.result.calls;
      this.total = calls.result.total;
      this.store.set({});
    });
  }

  async moreCalls(): Promise<void> {
    await this.store.attempt(async () => {
      const { calls, total } = (await this.kernel.request("calls", { offset: this.calls.length, limit: CALLS })).result;
      const seen = new Set(this.calls.map(({ id }) => id));
      this.calls = [...this.calls, ...calls.filter(({ id }) => !seen.has(id))];
      this.total = total;
      this.store.set({});
    });
  }

  /** Makes the exact prompt about a cluster, by what the fields hold. */
  async ask(cluster: number): Promise<void> {
    this.cluster = cluster;
    this.asking = true;
    this.error = "";
    this.store.set({});
    try {
      await this.kernel.request("prompt", { cluster, ...(this.changed && !this.wrong ? this.draft : {}) });
    } catch (error) {
      this.asking = false;
      this.error = error instanceof Error ? error.message : String(error);
      this.store.set({});
    }
  }

  /** Something moved in Python. */
  revised(parts: Part[]): void {
    if (parts.includes("analysis") && this.asking) void this.#prompted();
    if (this.open && (parts.includes("analysis") || parts.includes("decision") || parts.includes("round"))) void this.pull();
  }

  async #prompted(): Promise<void> {
    await this.store.attempt(async () => {
      const { asked, prompt, error } = (await this.kernel.request("prompted", {})).result;
      // verdicts move the same revision
      if (asked !== this.cluster || (!error && prompt?.cluster !== asked)) return;
      Object.assign(this, { prompt, error, asking: false });
      this.store.set({});
    });
  }

  // Editing

  edit(field: Field, text: string): void {
    this.draft = { ...this.fields, [field]: text };
    clearTimeout(this.#typed);
    this.#typed = setTimeout(() => void this.check(), TYPED);
    this.store.set({});
  }

  /** Other words into the fields: they are told once the person says so. */
  restore(prompts: Prompts): void {
    const { system, user, task } = prompts;
    this.draft = { system, user, task };
    void this.check();
  }

  forget(): void {
    clearTimeout(this.#typed);
    this.draft = null;
    this.problems = NONE;
    this.store.set({});
    if (this.cluster !== null) void this.ask(this.cluster);
  }

  /** Python says what is wrong with each field; where nothing is, the prompt is made by them. */
  async check(): Promise<boolean> {
    clearTimeout(this.#typed);
    const { draft } = this;
    if (!draft) return true;
    const turn = ++this.#checked;
    const done = await this.store.attempt(async () => {
      const { problems } = (await this.kernel.request("check_prompts", { ...draft })).result;
      if (turn === this.#checked && this.draft) this.problems = problems;
      this.store.set({});
    });
    if (turn === this.#checked && !this.wrong && this.cluster !== null) void this.ask(this.cluster);
    return done && !this.wrong;
  }

  /** Tells the analyst what the fields hold; every cluster is judged by it. */
  async save(): Promise<void> {
    const { draft } = this;
    if (!draft || !this.changed || !(await this.check())) return;
    if (!(await this.store.decide("set_prompts", { ...draft }, "The analyst is told this from now on. Z takes it back.", undefined, "That is what the analyst is told already."))) return;
    if (this.draft && FIELDS.every((field) => this.draft![field] === draft[field])) this.draft = null;
    await this.pull();
  }

  // The audit as a file

  async file(): Promise<Blob> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let chunk = 0, chunks = 1; chunk < chunks; chunk++) {
      const { result, bytes } = await this.kernel.request("calls_file", { chunk });
      chunks = result.chunks;
      parts.push(new Uint8Array(bytes));
    }
    return new Blob(parts, { type: "application/jsonl" });
  }

  // A selection that stands still

  /** May be called as often as one likes. */
  wonder(): void {
    const { selected, summary, session, status, link } = this.store.state;
    const { made, dragging } = this.store.selection;
    if (!this.wonders || !selected || !summary || selected === this.#wondered || made === this.elsewhere || dragging) return;
    // rounds go first; the judging of clusters gives way
    if (!ready(this.store.state) || !session?.round || link !== "ready" || (status.busy && status.stage !== "analyse")) return;
    this.#wondered = selected;
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => {
      const { selected: now, explaining, explanation } = this.store.state;
      if (now === selected && !explaining && !explanation) void this.store.selection.explain();
    }, CALM);
  }
}
