// In the place of the points list where it has no rows, or can't be read: why, and the way to one that has.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "../panels/page";
import type { Within } from "../state";

const EMPTY: Record<Within, string> = {
  all: "No rows match.",
  kept: "No kept rows match.",
  dropped: "Nothing was dropped: rows that you drop wait here and can be brought back.",
  selection: "Nothing is selected. Lasso rows on the map, or pick a cluster.",
  cluster: "No rows of this cluster match.",
  hits: "Nothing was searched for, or nothing found.",
  tag: "No rows with this tag match.",
  pinned: "No pinned rows match.",
  near: "No neighbours are known yet.",
};

/** An empty list: why, and the way to one that is not. */
export function emptyList({ store }: Page, unfilter: () => void): TemplateResult {
  const { within, filter } = store.state.view;
  const act = filter
    ? html`<button type="button" class="el-link" data-test="points-unfilter" @click=${unfilter}>Clear the filter</button>`
    : within === "all"
      ? nothing
      : html`<button type="button" class="el-link" data-test="points-all" @click=${() => store.list({ within: "all" })}>List all rows</button>`;
  return html`<div class="el-empty"><p>${within === "dropped" && filter ? "No dropped rows match." : EMPTY[within]}</p>${act}</div>`;
}

/** A list that could not be read. */
export function unreadable({ store }: Page): TemplateResult {
  const { view } = store.state;
  const again = () => {
    store.reading.forget();
    store.set({});
  };
  return html`<div class="el-empty" role="status" data-test="points-trouble">
    <p>${store.reading.trouble}</p>
    ${view.filter && view.regex
      ? html`<button type="button" class="el-link" @click=${() => store.list({ regex: false })}>Filter by these characters as they stand</button>`
      : html`<button type="button" class="el-link" @click=${again}>Try again</button>`}
  </div>`;
}
