// Texts to read: slices of the points list, fetched where one looks, and whole texts on demand.

import type { Kernel } from "./kernel";
import { RequestError, type Result } from "./message";
import type { Point } from "./protocol";
import type { State, Within } from "./state";

export const PAGE = 100;
/** Requests on their way at a time: what a person scrolls past is never asked for. */
const FLYING = 2;
/** Pages held; of those beyond, the ones longest out of sight are let go. */
const HELD = 60;
/** Characters of whole texts held. */
const HELD_TEXT = 20_000_000;
/** An open text shows so many characters, and as many more at each request for more. */
export const STEP = 20_000;

const NONE = { result: { total: 0, points: [] } };

type Whole = Result<"text">;

interface Page {
  points: Point[];
  /** Attributes whose values its points hold, in this order. */
  keys: string[];
  /** Fetched for this state of the list. */
  list: number;
}

interface Host {
  readonly state: Readonly<State>;
  set(patch: Partial<State>): void;
}

export class Reading {
  /** Whole texts by row. */
  readonly texts = new Map<number, string>();
  /** What was found about a row, with its whole text. */
  readonly wholes = new Map<number, Whole>();
  /** Rows whose whole text is shown, and how many characters of it. */
  readonly open = new Map<number, number>();
  /** The row whose card is shown, if any. */
  card: number | null = null;
  total: number | null = null;
  /** Why the list could not be read, for a person: a pattern that is none, say. Empty where it could. */
  trouble = "";
  readonly #kernel: Kernel;
  readonly #store: Host;
  readonly #pages = new Map<number, Page>();
  readonly #flying = new Set<number>();
  #wanted: number[] = [];
  /** Rows of which is known what was found about them by now. */
  readonly #found = new Set<number>();
  #revised = 0;
  #list = 0;
  #which = "";

  constructor(kernel: Kernel, store: Host) {
    this.#kernel = kernel;
    this.#store = store;
  }

  /** The row at a position of the list; undefined until it was fetched. */
  at(index: number): Point | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.points[index % PAGE];
  }

  /** The value that the row at a position has of an attribute; undefined where it was not asked for yet. */
  value(index: number, key: string): string | number | null | undefined {
    const page = this.#pages.get(Math.floor(index / PAGE));
    return page?.points[index % PAGE]?.values[page.keys.indexOf(key)];
  }

  /**
   * The list is not what it was: `when` it is the one within, or any. Where it is still the same list with other rows, these stay
   * to be read until the new ones are there; where it was empty there is nothing to read meanwhile.
   */
  forget(when?: Within): void {
    const { view } = this.#store.state;
    if (when && view.within !== when) return;
    this.#list++;
    this.#flying.clear();
    this.trouble = "";
    if (this.total && this.#which === whichOf(view)) return;
    this.#pages.clear();
    this.total = null;
  }

  /**
   * A round ended, or something was decided: another list, and other things may be found about a row. What was found before stays to
   * be read where it is read, until the new is there.
   */
  revised(): void {
    this.forget();
    this.#revised++;
    this.#found.clear();
    for (const row of new Set([...this.open.keys(), ...(this.card === null ? [] : [this.card])])) if (this.texts.has(row)) void this.whole(row);
  }

  /** Fetches what positions `from` to `to` stand on; what was wanted before, and is not on its way yet, is wanted no more. */
  want(from: number, to: number): void {
    this.#wanted = [];
    for (let page = Math.floor(from / PAGE); page * PAGE <= to; page++) {
      const held = this.#pages.get(page);
      if (held?.list === this.#list) {
        // the last in the map is the one seen last
        this.#pages.delete(page);
        this.#pages.set(page, held);
      } else if (!this.#flying.has(page)) this.#wanted.push(page);
    }
    this.#fly();
  }

  #fly(): void {
    while (this.#flying.size < FLYING && this.#wanted.length > 0 && !this.trouble) void this.#fetch(this.#wanted.shift()!);
  }

  async #fetch(page: number): Promise<void> {
    const list = this.#list;
    this.#which = whichOf(this.#store.state.view);
    const { session, view, search } = this.#store.state;
    const { within, filter, regex, listed, near, tagged } = view;
    // a column may be gone with the table that it was in
    const known = new Set(session?.attributes.map(({ key }) => key));
    const keys = view.columns.filter((key) => known.has(key));
    const order = view.order.filter(({ key }) => known.has(key));
    const offset = page * PAGE;
    this.#flying.add(page);
    // where this search found nothing out, the hits that Python has are of another
    const none = within === "hits" && search?.error;
    try {
      const { result } = await (none ? NONE : this.#kernel.request("points", {
        within,
        ...(within === "cluster" ? { cluster: listed } : within === "near" ? { row: near } : within === "tag" ? { tag: tagged } : {}),
        ...(filter ? { query: filter, regex } : {}),
        ...(order.length > 0 ? { sort: order.map(({ key, down }) => `${down ? "-" : ""}${key}`) } : {}),
        ...(keys.length > 0 ? { keys } : {}),
        offset,
        limit: PAGE,
      }));
      if (list !== this.#list) return;
      this.total = result.total;
      this.#pages.set(page, { points: result.points, keys, list });
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= HELD) break;
        this.#pages.delete(old);
      }
    } catch (error) {
      if (list !== this.#list) return;
      if (!(error instanceof RequestError)) console.error(error);
      this.trouble = error instanceof Error ? error.message : String(error);
      this.#wanted = [];
    }
    this.#flying.delete(page);
    this.#fly();
    this.#store.set({});
  }

  /** The first rows of the selection. */
  async examples(limit = 3): Promise<Point[]> {
    const { result } = await this.#kernel.request("points", { within: "selection", offset: 0, limit });
    return result.points;
  }

  /** Shows the whole text of a row, or its beginning again. */
  async toggle(row: number): Promise<void> {
    if (this.open.delete(row)) return this.#store.set({});
    this.open.set(row, STEP);
    await this.whole(row);
  }

  /** Shows more of an open text. */
  more(row: number): void {
    this.open.set(row, (this.open.get(row) ?? 0) + STEP);
    this.#store.set({});
  }

  async whole(row: number): Promise<void> {
    if (!this.#found.has(row)) {
      const asked = this.#revised;
      try {
        const { result } = await this.#kernel.request("text", { row });
        if (asked !== this.#revised && this.#found.has(row)) return;
        this.texts.set(row, result.text);
        this.wholes.set(row, result);
        if (asked === this.#revised) this.#found.add(row);
        this.#letGo(row);
      } catch (error) {
        if (!this.texts.has(row)) this.open.delete(row);
        this.#store.set({ error: error instanceof Error ? error.message : String(error) });
        return;
      }
    }
    this.#store.set({});
  }

  /** Of the texts that nobody has open, the oldest go first. */
  #letGo(but: number): void {
    let size = 0;
    for (const text of this.texts.values()) size += text.length;
    for (const [row, text] of this.texts) {
      if (size <= HELD_TEXT) return;
      if (row === but || this.open.has(row)) continue;
      size -= text.length;
      this.texts.delete(row);
      this.wholes.delete(row);
      this.#found.delete(row);
    }
  }
}

/** Tells lists from each other. */
export const whichOf = ({ within, listed, near, tagged, filter, regex, order }: Readonly<State["view"]>): string => JSON.stringify([within, listed, near, tagged, filter, regex, order]);
