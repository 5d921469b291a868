// The image of a row, or a word where there is none.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "./page";

/** Nothing where this table has no images. */
export function thumbnail(page: Page, row: number): TemplateResult | typeof nothing {
  const { thumbnails } = page.store;
  if (!thumbnails.there) return nothing;
  const url = thumbnails.at(row);
  return html`<span class="el-thumb" data-test="thumbnail">${url
      ? html`<img src=${url} alt="Image of row ${row}" decoding="async" draggable="false" @error=${() => thumbnails.broken(row)} />`
      : html`<span class="el-soft">${url === null ? "no image" : "…"}</span>`}</span>`;
}
