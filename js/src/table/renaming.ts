// The name of a cluster, typed where it stands. One at a time.

import { html, type TemplateResult } from "lit-html";
import type { Page } from "../panels/page";

export class Renaming {
  readonly #page: Page;
  /** The name was taken by a key: the focus goes back to the row. */
  readonly #left: () => void;
  /** The cluster whose name is being typed. */
  #cluster: number | null = null;

  constructor(page: Page, left: () => void) {
    this.#page = page;
    this.#left = left;
  }

  get running(): boolean {
    return this.#cluster !== null;
  }

  of(cluster: number): boolean {
    return cluster === this.#cluster;
  }

  begin(cluster: number): void {
    this.#cluster = cluster;
    this.#page.store.show({ cursor: cluster });
  }

  leave(): void {
    this.#cluster = null;
    this.#left();
    this.#page.store.set({});
  }

  field(id: number, name: string): TemplateResult {
    const save = (event: Event) => this.#save(id, name, (event.currentTarget as HTMLInputElement).value);
    const enter = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || event.isComposing) return;
      save(event);
      this.#left();
      this.#page.redraw();
    };
    return html`<input class="el-input el-naming" dir="auto" maxlength="80" aria-label="Name of the cluster" data-test="cluster-name-field" value=${name} @keydown=${enter} @blur=${save} />`;
  }

  /** The table says the new name at once; what Python says comes after. */
  #save(id: number, name: string, typed: string): void {
    if (this.#cluster !== id) return;
    this.#cluster = null;
    const { store } = this.#page;
    const next = typed.trim();
    if (!next || next === name) return store.set({});
    store.set({ clusters: store.state.clusters.map((cluster) => (cluster.cluster === id ? { ...cluster, name: next } : cluster)) });
    void store.decide("rename", { cluster: id, name: next }, `Named “${next}”.`).then((done) => {
      if (!done) void store.attempt(() => store.pull(["clusters"]));
    });
  }
}
