// Over the points list: which rows it lists, filtered by what, in which columns, and how many they are.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { TABLE } from "../panels/icons";
import type { Page } from "../panels/page";
import { clusterName, count, rows } from "../panels/words";
import type { Within } from "../state";

/** Ms without a key before the list is filtered. */
const TYPED = 250;

export class FilterBar {
  readonly #page: Page;
  /** What stands in the field: the list follows when the hand rests. */
  #typed = "";
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  get empty(): boolean {
    return this.#typed === "";
  }

  /** What is being typed comes to nothing. */
  stop(): void {
    clearTimeout(this.#typing);
    this.#typing = undefined;
  }

  /** The field says what the list is filtered by, unless somebody types. */
  follow(filter: string): void {
    if (this.#typing === undefined) this.#typed = filter;
  }

  filter(filter: string): void {
    this.stop();
    this.#typed = filter;
    this.#page.store.list({ filter });
  }

  render(): TemplateResult {
    const { store } = this.#page;
    const { view, clusters, hits, session } = store.state;
    const tags = store.evidence.want("tags").value;
    const chosen = view.within === "cluster" ? `cluster ${view.listed}` : view.within === "tag" ? `tag ${view.tagged}` : view.within;
    const choose = (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      const [within] = value.split(" ", 1);
      const which = value.slice(within.length + 1);
      store.list({ within: within as Within, ...(within === "tag" ? { tagged: which } : which ? { listed: Number(which) } : {}) });
    };
    const option = (value: string, text: string) => html`<option value=${value} .selected=${live(value === chosen)}>${text}</option>`;
    // what is listed may be gone: a cluster with the last round, a tag with its last row
    const there = view.within === "cluster" ? clusters.some(({ cluster }) => cluster === view.listed) : view.within !== "tag" || tags?.tags.some(({ name }) => name === view.tagged);
    const type = (event: Event) => {
      this.#typed = (event.target as HTMLInputElement).value;
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.filter(this.#typed), TYPED);
    };
    const sorts = view.order.length;
    const opened = view.popover === "columns";
    return html`<div class="el-line el-points-head">
      <select class="el-input" data-test="points-within" aria-label="Rows to list" @change=${choose}>
        ${option("all", "All rows")} ${option("kept", "Kept")} ${option("dropped", "Dropped")} ${option("selection", "Selection")}
        ${hits || view.within === "hits" ? option("hits", "Search hits") : nothing} ${view.within === "near" ? option("near", "Neighbours") : nothing}
        ${tags?.pinned || view.within === "pinned" ? option("pinned", "Pinned") : nothing}
        ${there ? nothing : option(chosen, view.within === "tag" ? view.tagged : clusterName({ cluster: view.listed, name: "" }))}
        ${tags?.tags.length ? html`<optgroup label="Tags">${tags.tags.map(({ name, count: n }) => option(`tag ${name}`, `${name} (${count(n)})`))}</optgroup>` : nothing}
        <optgroup label="Clusters">${clusters.map((c) => option(`cluster ${c.cluster}`, clusterName(c)))}</optgroup>
      </select>
      <span class="el-field-pair el-grow">
        <input
          class="el-input el-grow"
          type="search"
          dir="auto"
          data-test="points-filter"
          placeholder=${view.regex ? "Filter by regex" : "Filter by text"}
          aria-label=${view.regex ? "Filter by regular expression" : "Filter by text"}
          aria-invalid=${view.regex && view.filter !== "" && store.reading.trouble !== ""}
          .value=${live(this.#typed)}
          @input=${type}
        />
        <button type="button" class="el-button" data-test="points-regex" aria-pressed=${view.regex} aria-label="Regular expression" title="Regular expression" @click=${() => store.list({ regex: !view.regex })}>.*</button>
      </span>
      <button
        type="button"
        class="el-button"
        data-test="points-columns"
        data-opens="columns"
        aria-expanded=${opened}
        aria-label="Columns and order"
        title="Columns of your table, and the order of the list"
        ?disabled=${!session?.attributes.length}
        @click=${() => store.show({ popover: opened ? "" : "columns" })}
      >
        ${TABLE}${sorts > 0 ? html`<span class="el-figures">${sorts === 1 ? "sorted" : `sorted by ${sorts}`}</span>` : nothing}
      </button>
      <span class="el-soft el-figures" data-test="points-total">${store.reading.trouble ? "" : store.reading.total === null ? "…" : rows(store.reading.total)}</span>
    </div>`;
  }
}
