// Texts to read: slices of the points list, fetched where one looks, and whole texts on demand.

import type { Kernel } from "./kernel";
import type { Point } from "./protocol";
import type { State, Within } from "./state";

const PAGE = 100;

interface Host {
  readonly state: Readonly<State>;
  set(patch: Partial<State>): void;
}

export class Reading {
  /** Rows in the list, by position; what was not fetched yet is missing. */
  readonly points = new Map<number, Point>();
  /** Whole texts by row. */
  readonly texts = new Map<number, string>();
  /** Rows whose whole text is shown. */
  readonly open = new Set<number>();
  total: number | null = null;
  readonly #kernel: Kernel;
  readonly #store: Host;
  readonly #asked = new Set<number>();
  #list = 0;

  constructor(kernel: Kernel, store: Host) {
    this.#kernel = kernel;
    this.#store = store;
  }

  /** The list is not what it was: `when` it is the one within, or any. */
  forget(when?: Within): void {
    if (when && this.#store.state.view.within !== when) return;
    this.#list++;
    this.points.clear();
    this.#asked.clear();
    this.total = null;
  }

  /** Fetches the pages that positions `from` to `to` stand on, each once. */
  want(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE); page * PAGE <= to; page++) {
      if (!this.#asked.has(page)) {
        this.#asked.add(page);
        void this.#fetch(page);
      }
    }
  }

  async #fetch(page: number): Promise<void> {
    const list = this.#list;
    const { within, filter, listed } = this.#store.state.view;
    const cluster = within === "cluster" ? { cluster: listed } : {};
    try {
      const offset = page * PAGE;
      const { result } = await this.#kernel.request("points", { within, ...cluster, ...(filter ? { query: filter } : {}), offset, limit: PAGE });
      if (list !== this.#list) return;
      this.total = result.total;
      result.points.forEach((point, i) => this.points.set(offset + i, point));
      this.#store.set({});
    } catch (error) {
      this.total ??= 0;
      this.#store.set({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The first rows of the selection. */
  async examples(limit = 3): Promise<Point[]> {
    const { result } = await this.#kernel.request("points", { within: "selection", offset: 0, limit });
    return result.points;
  }

  /** Shows the whole text of a row, or its beginning again. */
  async toggle(row: number): Promise<void> {
    if (this.open.delete(row)) return this.#store.set({});
    this.open.add(row);
    await this.whole(row);
  }

  async whole(row: number): Promise<void> {
    if (!this.texts.has(row)) {
      try {
        this.texts.set(row, (await this.#kernel.request("text", { row })).result.text);
      } catch (error) {
        this.#store.set({ error: error instanceof Error ? error.message : String(error) });
        return;
      }
    }
    this.#store.set({});
  }
}
