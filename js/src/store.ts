// State and actions. Knows no DOM and no graphics: panels and the map subscribe, and draw what they find.

import { Advising } from "./advising";
import { Analysing } from "./analyst";
import { CLUSTER, Colouring } from "./colouring";
import { Evidence } from "./evidence";
import { Going } from "./going";
import type { Kernel, Link } from "./kernel";
import { type DecisionName, type Params, RequestError } from "./message";
import { Mask } from "./mask";
import { Papers } from "./papers";
import { Previewing } from "./previewing";
import { Pulling } from "./pulling";
import { Quick } from "./quick";
import type { Part, Traits } from "./protocol";
import { Reading } from "./reading";
import { Reporting } from "./reporting";
import { Returning } from "./returning";
import { framed } from "./rows";
import { Learning } from "./learning";
import { QualityCut } from "./quality";
import { RowJudging } from "./rowwise";
import { Searching } from "./searching";
import { Selection, sourceOf } from "./selection";
import { Suggesting } from "./suggesting";
import { Summing } from "./summing";
import { countSelected, initialState, lastDrawn, type State, type Step, type View } from "./state";
import { EVERYTHING, type Want, WANTED } from "./wants";
import { Thumbnails } from "./thumbnails";
import { many } from "./words";
import { Worth } from "./worth";

type Acknowledged = "run" | "refine" | "cancel" | "analyze" | "consent" | "withdraw_consent";

export class Store {
  readonly pulling: Pulling;
  readonly reading: Reading;
  readonly thumbnails: Thumbnails;
  readonly selection: Selection;
  readonly summing: Summing;
  readonly searching: Searching;
  readonly previewing: Previewing;
  readonly suggesting: Suggesting;
  readonly advising: Advising;
  readonly quick: Quick;
  readonly going: Going;
  readonly worth: Worth;
  readonly learning: Learning;
  readonly analysing: Analysing;
  readonly rowwise: RowJudging;
  readonly colouring: Colouring;
  readonly evidence: Evidence;
  readonly reporting: Reporting;
  readonly papers: Papers;
  readonly returning: Returning;
  readonly quality: QualityCut;
  /** When a selection went last: the second of two presses at once is about nothing else. */
  dropped = -Infinity;
  readonly #kernel: Kernel;
  readonly #listeners = new Set<() => void>();
  #state = initialState();
  #revision: Partial<Traits["revision"]> = {};

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.pulling = new Pulling(this, kernel);
    this.reading = new Reading(kernel, this);
    this.thumbnails = new Thumbnails(this, kernel);
    this.selection = new Selection(this, kernel);
    this.summing = new Summing(this);
    this.searching = new Searching(this, kernel);
    this.previewing = new Previewing(this, kernel);
    this.suggesting = new Suggesting(this, kernel);
    this.advising = new Advising(this, kernel);
    this.quick = new Quick(this, kernel);
    this.going = new Going(this, kernel);
    this.worth = new Worth(this, kernel);
    this.learning = new Learning(this, kernel);
    this.analysing = new Analysing(this, kernel);
    this.rowwise = new RowJudging(this, kernel);
    this.colouring = new Colouring(this, kernel);
    this.evidence = new Evidence(this, kernel);
    this.reporting = new Reporting(this, kernel);
    this.papers = new Papers(this, kernel);
    this.returning = new Returning(this, kernel);
    this.quality = new QualityCut(this);
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
    const { view } = this.#state;
    const recoloured = patch.colourBy !== undefined && patch.colourBy !== view.colourBy;
    // what was filtered by one attribute means nothing for another
    this.set({ view: { ...view, ...(recoloured ? { off: new Set<number>(), range: null } : {}), ...patch } });
    if (recoloured) this.colouring.want(patch.colourBy ?? CLUSTER);
    if (patch.tab === "review") this.quick.renew();
    if (patch.dim && patch.dim !== view.dim) void this.attempt(() => this.pulling.coords());
  }

  // From the kernel

  async start(revision: Traits["revision"], status: Traits["status"]): Promise<void> {
    this.set({ status });
    this.#revision = revision;
    await this.attempt(async () => {
      const hello = await this.#kernel.hello();
      this.set({ hello });
      await this.returning.resend(hello.journal);
      await this.pull(EVERYTHING);
    });
  }

  revised(revision: Traits["revision"]): void {
    const parts = (Object.keys(revision) as Part[]).filter((part) => revision[part] !== this.#revision[part]);
    this.#revision = revision;
    this.#moved(parts);
  }

  #moved(parts: Part[]): void {
    if (parts.includes("round") || parts.includes("decision")) this.reading.revised();
    this.going.revised(parts);
    this.evidence.revised(parts);
    this.reporting.revised(parts);
    this.papers.revised(parts);
    if (parts.includes("evidence")) void this.learning.pull();
    this.analysing.revised(parts);
    this.rowwise.revised(parts);
    if (this.#state.hello) void this.attempt(() => this.pull(parts.flatMap((part) => WANTED[part])));
  }

  status(status: Traits["status"]): void {
    const ended = this.#state.status.busy && !status.busy;
    this.set({ status });
    if (ended) this.rowwise.ended();
    // An explanation that failed moves no revision.
    if (ended && this.#state.explaining) void this.attempt(() => this.pull(["explanation"])).then(() => this.set({ explaining: false }));
  }

  linked(link: Link): void {
    const back = this.#state.link === "lost" && link !== "lost";
    this.set({ link });
    // What moved meanwhile was said to nobody.
    if (back) this.#moved(Object.keys(WANTED) as Part[]);
  }

  pull(wants: Want[]): Promise<void> {
    return this.pulling.pull(wants);
  }

  /** Runs `work`; what goes wrong becomes one sentence in the foot. */
  async attempt(work: () => Promise<void>): Promise<boolean> {
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
  list(patch: Partial<Pick<View, "within" | "listed" | "near" | "tagged" | "filter" | "regex" | "order" | "columns">>): void {
    this.show(patch);
    this.reading.forget();
    this.set({});
  }

  // Deciding

  /** Sends a decision; the page says at once what it does, and takes it back where Python refuses. `idle` is said where nothing changed. */
  async decide<K extends DecisionName>(name: K, params: Omit<Params<K>, "decision">, notice: string, bytes?: Uint8Array, idle = notice): Promise<boolean> {
    const sent = this.#kernel.decide(name, params, bytes);
    this.set({ undecided: this.#kernel.undecided, error: "" });
    let said = "";
    const done = await this.attempt(async () => {
      const { applied, rows, note } = (await sent).result;
      said = noted(name, rows, note, applied ? notice : idle);
    });
    this.set({ undecided: this.#kernel.undecided, notice: done ? said : "" });
    await this.attempt(() => this.pull(["state", "frame"]));
    return done;
  }

  /** Removes what is selected (or all the rest), though not while an outline is being drawn: it may not be what is meant. Rows leave the map at once. */
  async drop(which: "drop" | "keep_only" = "drop"): Promise<void> {
    const { selected, kept, frame, steps, summary, revisited } = this.#state;
    if (!selected || !kept || !frame || this.selection.dragging) return;
    // other rows are lit up than would go
    if (revisited) return this.set({ revisited: null, notice: "What is selected is lit up again. Look at it, then drop." });
    const gone = which === "drop" ? selected : kept.andNot(selected);
    const left = kept.andNot(gone);
    const count = which === "drop" ? countSelected(this.#state) : gone.count();
    this.dropped = Date.now();
    this.selection.forget();
    this.set({ ...framed(frame, left, null), steps: [], summary: null, hits: null, explanation: null });
    const done = await this.decide(which, { source: sourceOf(steps) }, `Dropped ${many(count, "row")}. Z brings them back.`, selected.toBytes());
    if (!done) this.#refused(gone, { selected, steps, summary });
  }

  /** Nothing was dropped: what was selected is selected again, unless other rows are meanwhile. */
  #refused(gone: Mask, { selected, steps, summary }: Pick<State, "selected" | "steps" | "summary">): void {
    const { frame, kept, selected: now } = this.#state;
    if (!frame || !kept || now || this.selection.dragging) return;
    // a pull that is under way says which are kept
    this.set({ ...framed(frame, this.pulling.busy ? kept.or(gone) : kept, selected), steps, summary });
  }

  /** Removes rows that are not selected. All that goes with them leaves the map at once. */
  async dropRows(rows: Mask, how: Omit<Params<"drop">, "decision">, notice: string, gone = rows): Promise<boolean> {
    const { frame, kept, selected } = this.#state;
    if (!frame || !kept) return false;
    this.set(framed(frame, kept.andNot(gone), selected));
    return this.decide("drop", how, notice, rows.toBytes());
  }

  async decideRows(name: "keep" | "restore", rows: Mask, notice: string): Promise<void> {
    await this.decide(name, {}, notice, rows.toBytes());
  }

  undo = (): Promise<boolean> => this.decide("undo", {}, this.#turned("Undone", this.#state.session?.undo), undefined, "Nothing to undo.");
  redo = (): Promise<boolean> => this.decide("redo", {}, this.#turned("Done again", this.#state.session?.redo), undefined, "Nothing to do again.");

  /** Whether more may be decided than is known here: a decision is on its way, or what it changed is. */
  get behind(): boolean {
    return this.pulling.busy || this.#kernel.undecided > 0;
  }

  /** Says which decision that is about, where what is known of them is not older than the last one. */
  #turned(done: string, what: string | null | undefined): string {
    return what && !this.behind ? `${done}: ${what}` : `${done}.`;
  }

  /** Goes back to where the session stood after a round or decision ("" is the beginning): a decision itself, so undo leads here again. */
  async goto(to: string, what: string): Promise<boolean> {
    this.selection.clear();
    return this.decide("goto", { to }, `Went back to ${what}. Z leads here again.`, undefined, `Things stand as after ${what} already.`);
  }

  /** Shows an earlier round as it was; "" shows the current one. */
  async look(round: string): Promise<void> {
    await this.attempt(async () => {
      await this.#kernel.request("look", { round });
      this.set({ error: "", revisited: null });
      await this.pull(["state", "frame", "clusters"]);
    });
  }

  /** Shows a decision as it was made: its rows lit up. Gives the last step of its selection that was drawn on the map. */
  async revisit(id: string): Promise<Step | null> {
    let drawn: Step | null = null;
    await this.attempt(async () => {
      const { result, bytes } = await this.#kernel.request("revisit", { id });
      const { frame } = this.#state;
      if (!frame) return;
      const { kind, reason, source } = result;
      this.set({ revisited: { id, kind, reason, rows: Mask.from(frame.n, bytes) }, error: "" });
      drawn = lastDrawn(source.steps);
    });
    return drawn;
  }

  /** Requests that are only acknowledged, and report through status and revisions. */
  async ask(...[name, params]: { [K in Acknowledged]: [K, Params<K>] }[Acknowledged]): Promise<void> {
    await this.attempt(async () => {
      await this.#kernel.request(name, params);
      this.set({ error: "" });
    });
    // also where it was refused: something else is asked
    if (name === "consent") await this.attempt(() => this.pull(["state"]));
  }
}

/** What is said of a decision, with what stayed or went beside what was asked for. */
function noted(name: string, rows: number, note: string | undefined, notice: string): string {
  if (!note) return notice;
  if (name !== "drop" && name !== "keep_only") return `${notice} ${note}`.trim();
  return rows > 0 ? `Dropped ${many(rows, "row")}. ${note} Z brings them back.` : `Nothing was dropped. ${note}`;
}
