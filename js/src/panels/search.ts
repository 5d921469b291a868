// The search box.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { Page } from "./page";
import { count } from "./words";

export function search(page: Page): TemplateResult {
  const { store } = page;
  const { hits, view } = store.state;
  const type = (event: Event) => {
    const query = (event.target as HTMLInputElement).value;
    if (query) store.show({ query });
    else store.searching.clear();
  };
  return html`<form
      class="el-search"
      role="search"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        if (hits && hits.query === view.query && hits.count > 0) store.searching.select(hits);
        else void store.searching.search(view.query);
      }}
    >
      <input class="el-input" type="search" data-test="search" placeholder="Search texts  /" aria-label="Search texts" autocomplete="off" .value=${live(view.query)} @input=${type} />
    </form>
    ${hits
      ? html`<button type="button" class="el-button" data-test="search-select" ?disabled=${hits.count === 0} title="Select the hits (Enter)" @click=${() => store.searching.select(hits)}>
          ${hits.count === 0 ? "no hits" : html`Select ${count(hits.count)}`}
        </button>`
      : nothing}`;
}
