// Evidence to look at beside the rows: duplicates side by side, labels that look like others, clusters that mix, accuracy by round,
// clusterings compared, tags. Asked for where it is looked at, and again once a revision moved. Knows no DOM.

import type { Kernel } from "./kernel";
import { RequestError, type Result } from "./message";
import { Mask } from "./mask";
import type { Choice, DuplicateGroup, Part } from "./protocol";
import type { SetOp } from "./scatter/types";
import type { Store } from "./store";

/** Groups of one answer. */
const GROUPS = 20;
const MOST = 200;
/** Ms without a move of the slider before groups are asked for. */
const CALM = 300;

type Question = "confusion" | "pairs" | "accuracy" | "compared" | "tags";
export type Kind = "near" | "conflict" | "meaning";

/** What was answered last, which stays to be read while the next answer is on its way. */
export interface Held<T> {
  value: T | null;
  /** One calm sentence on why there is none. */
  trouble: string;
  fresh: boolean;
  asking: boolean;
}

/** What is being typed for a selection, by its number; it goes with it. */
export interface Typed {
  what: "tag" | "label";
  of: number;
  name: string;
  note: string;
}

export interface Duplicates {
  kind: Kind;
  /** What they were asked for by, where that is nearness in meaning. */
  threshold: number | null;
  groups: DuplicateGroup[];
  total: number;
  rows: number;
  error: string;
  /** Others that were decided on, or are in a group with rows that stay. */
  left: number;
  pending: boolean;
  /** All rows that may go: of all groups, not of those listed alone. */
  spare: Mask;
}

const none = <T>(): Held<T> => ({ value: null, trouble: "", fresh: false, asking: false });
const AGAIN: Partial<Record<Part, Question[]>> = {
  round: ["confusion", "pairs", "accuracy"],
  decision: ["confusion", "tags"],
  evidence: ["confusion", "pairs", "accuracy"],
  compare: ["compared"],
};

export class Evidence {
  readonly #held: { [K in Question]: Held<Result<K>> } = { confusion: none(), pairs: none(), accuracy: none(), compared: none(), tags: none() };
  #duplicates = none<Duplicates>();
  #kind: Kind = "near";
  #threshold = 0.9;
  #calm: ReturnType<typeof setTimeout> | undefined;
  /** A tag or label that was being typed last. */
  #typed: Typed | null = null;
  /** All pairs of labels are listed, not the first alone. */
  whole = false;
  /** Clusterings to compare next. */
  candidates: Choice[] | null = null;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  destroy(): void {
    clearTimeout(this.#calm);
  }

  /** What moved is asked for again when it is next looked at. */
  revised(parts: Part[]): void {
    const stale = parts.flatMap((part) => AGAIN[part] ?? []);
    for (const question of stale) this.#held[question].fresh = false;
    if (parts.some((part) => part === "round" || part === "decision" || part === "evidence")) this.#duplicates.fresh = false;
    if (stale.length > 0) this.store.set({});
  }

  /** A tag or label being typed for what is selected. */
  get typed(): Typed | null {
    return this.#typed?.of === this.store.selection.made ? this.#typed : null;
  }

  type(typed: Typed | null): void {
    this.#typed = typed;
    this.store.set({});
  }

  /** What is known; asks where it is older than what happened since. May be called as often as one likes. */
  want<K extends Question>(question: K): Held<Result<K>> {
    const held = this.#held[question] as Held<Result<K>>;
    if (!held.fresh && !held.asking && this.store.state.session) {
      void this.#ask(held, async () => (await this.kernel.request(question, {} as never)).result as Result<K>);
    }
    return held;
  }

  async #ask<T>(held: Held<T>, ask: () => Promise<T>): Promise<void> {
    held.asking = held.fresh = true;
    try {
      held.value = await ask();
      held.trouble = "";
    } catch (error) {
      held.trouble = told(error);
      held.value = null;
    }
    held.asking = false;
    this.store.set({});
  }

  // Duplicates

  get kind(): Kind {
    return this.#kind;
  }

  get threshold(): number {
    return this.#threshold;
  }

  /** The slider stands elsewhere than where those that are shown were found: their groups and their count are not what it says. */
  get moved(): boolean {
    const { value } = this.#duplicates;
    return value !== null && value.kind === "meaning" && value.threshold !== this.#threshold;
  }

  choose(kind: Kind, threshold = this.#threshold): void {
    const other = kind !== this.#kind;
    this.#kind = kind;
    this.#threshold = threshold;
    clearTimeout(this.#calm);
    const again = () => {
      this.#duplicates = { ...none(), value: other ? null : this.#duplicates.value };
      this.store.set({});
    };
    if (other) return again();
    this.#calm = setTimeout(again, CALM);
    this.store.set({});
  }

  duplicates(): Held<Duplicates> {
    const held = this.#duplicates;
    if (!held.fresh && !held.asking && this.store.state.session) {
      const limit = Math.min(MOST, Math.max(GROUPS, held.value?.groups.length ?? 0));
      void this.#ask(held, () => this.#groups(0, limit));
    }
    return held;
  }

  /** What could not be found out, or was stopped, is asked for once more. */
  again(question: "pairs" | "duplicates"): void {
    if (question === "duplicates") void this.#ask(this.#duplicates, () => this.#groups(0, GROUPS, true));
    else void this.#ask(this.#held.pairs, async () => (await this.kernel.request("pairs", { again: true })).result);
    this.store.set({});
  }

  more(): void {
    const held = this.#duplicates;
    const { value } = held;
    if (!value || held.asking) return;
    void this.#ask(held, async () => {
      const next = await this.#groups(value.groups.length, GROUPS);
      return { ...next, groups: [...value.groups, ...next.groups] };
    });
  }

  async #groups(offset: number, limit: number, again?: true): Promise<Duplicates> {
    const kind = this.#kind;
    const threshold = kind === "meaning" ? this.#threshold : null;
    const { result, bytes } = await this.kernel.request("duplicates", { kind, ...(threshold === null ? {} : { threshold }), offset, limit, ...(again ? { again } : {}) });
    const { n } = this.store.state.hello!;
    return { ...result, kind, threshold, spare: bytes.length > 0 ? Mask.from(n, bytes) : new Mask(n) };
  }

  // What leads to a selection

  /** The rows that bear one label and look like another, unless others are selected meanwhile. */
  async confused({ given, looks, codes }: { given: string; looks: string; codes: [number, number] }, op: SetOp): Promise<void> {
    const { made } = this.store.selection;
    await this.store.attempt(async () => {
      const { bytes } = await this.kernel.request("confused", { given: codes[0], looks: codes[1] });
      if (made !== this.store.selection.made) return;
      this.store.selection.all(Mask.from(this.store.state.shown.length, bytes), { kind: "confused", op, given, looks });
    });
  }

  /** Clusters every candidate; the answers come one by one. */
  async compare(clusterers: Choice[]): Promise<void> {
    await this.store.attempt(async () => {
      await this.kernel.request("compare", { clusterers });
      this.#held.compared.fresh = false;
      this.store.set({ error: "" });
    });
  }
}

const told = (error: unknown): string => {
  if (!(error instanceof RequestError)) console.error(error);
  return error instanceof Error ? error.message : String(error);
};
