// Search by words, regular expression or meaning: hits light up on the map until they are selected or cleared. The latest search wins.

import { remembered } from "./colouring";
import type { Kernel } from "./kernel";
import { RequestError } from "./message";
import { Mask } from "./mask";
import type { SetOp } from "./scatter/types";
import type { Hits, Search, SearchMode, State } from "./state";
import type { Store } from "./store";

/** How many rows nearest in meaning are asked for at first. */
export const NEAREST = 100;
/** Of one widget there is one search: the last, of whichever view. */
const ELSEWHERE = "Another view searched meanwhile: Enter searches again.";

/** What was found, of the rows that are kept now. */
export interface Found {
  mask: Mask;
  count: number;
  /** Found too, but dropped: neither lit nor selected. */
  dropped: number;
}

export class Searching {
  readonly #among = remembered((hits: Mask, kept: Mask | null): Found => {
    const mask = kept ? hits.and(kept) : hits;
    const count = mask.count();
    return { mask, count, dropped: hits.count() - count };
  });
  #made = 0;
  /** The last search that Python is known to have heard of. */
  #heard = 0;

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  get found(): Found | null {
    const { hits, kept } = this.store.state;
    return hits && this.#among(hits.mask, kept);
  }

  clear(): void {
    this.#made++;
    this.store.set({ hits: null, search: null, view: { ...this.store.state.view, query: "" } });
    this.store.reading.forget("hits");
  }

  /** Other words in the box: what was found by the last ones goes. */
  type(query: string): void {
    if (!query) return this.clear();
    this.#made++;
    this.store.set({ hits: null, search: null, view: { ...this.store.state.view, query } });
    this.store.reading.forget("hits");
  }

  /** Another way to search; what stands in the box is searched for again where it was before. */
  async turn(mode: SearchMode): Promise<void> {
    const { search, view } = this.store.state;
    this.store.show({ mode });
    if (search && mode !== search.mode) await this.search(view.query);
  }

  async search(typed: string, limit = NEAREST): Promise<void> {
    const { frame, view } = this.store.state;
    const query = view.mode === "meaning" || !typed.trim() ? typed.trim() : typed;
    if (!query || !frame) return this.clear();
    const made = ++this.#made;
    const { mode } = view;
    const search = { query, mode, limit, pending: true, error: "" };
    this.store.set({ search, error: "", revisited: null, ...(limit === NEAREST ? { hits: null } : {}) });
    try {
      const { result, bytes } = await this.kernel.request("search", { query, mode, ...(mode === "meaning" ? { limit } : {}) });
      if (made !== this.#made) return;
      this.#heard = made;
      if (!result.pending) this.store.set(this.#found(bytes)); // else a revision says when they are there
    } catch (error) {
      if (made !== this.#made) return;
      if (!(error instanceof RequestError)) console.error(error);
      this.store.set(this.#none(search, error instanceof Error ? error.message : String(error)));
    }
  }

  /** What the search that is under way has found; nothing where it is still to come. What was found before goes where another view searched since. */
  async pull(): Promise<() => Partial<State>> {
    const made = this.#made;
    const asked = this.store.state.search;
    if (!asked || asked.error) {
      this.store.reading.forget("hits");
      return () => ({});
    }
    const heard = made === this.#heard;
    const { result, bytes } = await this.kernel.request("hits", {});
    return () => {
      if (made !== this.#made) return {};
      if (result.query !== asked.query || result.mode !== asked.mode) return heard ? this.#none(asked, ELSEWHERE) : {};
      if (!asked.pending || result.pending) return {};
      if (result.error) return this.#none(asked, result.error);
      return this.#found(bytes);
    };
  }

  #none(search: Search, error: string): Partial<State> {
    this.store.reading.forget("hits");
    return { hits: null, search: { ...search, pending: false, error } };
  }

  #found(bytes: Uint8Array): Partial<State> {
    const { search, frame } = this.store.state;
    if (!search || !frame) return {};
    this.store.reading.forget("hits");
    return { hits: { query: search.query, mask: Mask.from(frame.n, bytes) }, search: { ...search, pending: false } };
  }

  /** Twice as many of the nearest in meaning. */
  async more(): Promise<void> {
    const { search } = this.store.state;
    if (search) await this.search(search.query, 2 * search.limit);
  }

  select({ mask, query }: Hits, op: SetOp = this.store.selection.op): void {
    const mode = this.store.state.search?.mode ?? this.store.state.view.mode;
    this.store.selection.take(mask, { kind: "search", op, query, mode });
    this.clear();
  }

  list(): void {
    this.store.show({ tab: "points" });
    this.store.list({ within: "hits", filter: "" });
  }
}
