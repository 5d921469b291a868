// The text of the row under the pointer. It waits a moment before it shows; a click pins it until the next click on the ground.

import { html, nothing, type TemplateResult } from "lit-html";
import { Mask } from "../mask";
import { exportedOf } from "../state";
import { CROSS } from "./icons";
import type { Page } from "./page";
import { thumbnail } from "./thumbnail";
import { clusterName, swatch } from "./words";

const WAIT = 120;
const CLIP = 600;

export class Hover {
  readonly #page: Page;
  #at: { row: number; x: number; y: number } | null = null;
  #pinned = false;
  #pointer = { x: 0, y: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param near lists the rows nearest to one. */
  constructor(
    page: Page,
    readonly near: (row: number, text: string) => void,
  ) {
    this.#page = page;
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  over(row: number, x: number, y: number): void {
    this.#pointer = { x, y };
    if (this.#pinned) return;
    clearTimeout(this.#timer);
    if (row < 0) return void this.close();
    this.#timer = setTimeout(() => {
      this.#at = { row, x, y };
      this.#page.store.reading.card = row;
      void this.#page.store.reading.whole(row);
    }, WAIT);
  }

  /** A click on a row pins its card, one on the ground puts it away. */
  click(row: number): void {
    if (row < 0) return void this.close();
    clearTimeout(this.#timer);
    this.#at = { row, ...this.#pointer };
    this.#pinned = true;
    this.#page.store.reading.card = row;
    void this.#page.store.reading.whole(row);
  }

  /** True where there was something to close. */
  close(): boolean {
    clearTimeout(this.#timer);
    const was = this.#at !== null;
    this.#at = null;
    this.#pinned = false;
    this.#page.store.reading.card = null;
    if (was) this.#page.redraw();
    return was;
  }

  render(): TemplateResult | typeof nothing {
    if (!this.#at) return nothing;
    const { row, x, y } = this.#at;
    this.#page.store.thumbnails.want("hover", [row]);
    const { state, reading } = this.#page.store;
    const found = reading.wholes.get(row);
    if (!found) return nothing;
    const text = found.text.trim();
    const label = state.shown[row];
    const cluster = state.clusters.find((c) => c.cluster === label) ?? { cluster: label, name: "" };
    const place = label === -2 ? "not on the map now" : clusterName(cluster);
    return html`<div class="el-hover ${this.#pinned ? "el-pinned" : ""}" data-test="hover" style="--x:${x}px;--y:${y}px" ?data-pinned=${this.#pinned}>
      <p class="el-soft">
        ${label >= -1 ? swatch(this.#page, label) : nothing} <bdi>${place}</bdi> · row ${row}${found.label === null || found.label === undefined ? nothing : html` · <span class="el-tag" title="label"><bdi>${found.label}</bdi></span>`}
      </p>
      ${thumbnail(this.#page, row)}
      <p class="el-said" dir="auto" data-test="hover-text">${text === "" ? html`<span class="el-soft">${exportedOf(state)?.texts === false ? "its text is not on this page" : "no text"}</span>` : text.length > CLIP ? `${text.slice(0, CLIP)}…` : text}</p>
      ${found.flags && found.flags.length > 0 ? html`<ul data-test="hover-flags">${found.flags.map(({ title, why }) => html`<li><b>${title}</b> ${why}</li>`)}</ul>` : nothing}
      ${this.#pinned ? this.#acts(row, found.text) : nothing}
    </div>`;
  }

  #acts(row: number, text: string): TemplateResult {
    const { store } = this.#page;
    const neighbours = () => {
      store.show({ tab: "points" });
      this.near(row, text);
    };
    const select = () => store.selection.take(Mask.of(store.state.shown.length, [row]), { kind: "row", op: store.selection.op, rows: [row] });
    return html`<div class="el-acts">
      <button type="button" class="el-link" data-test="hover-select" ?disabled=${!store.state.kept?.has(row)} @click=${select}>Select</button>
      ${exportedOf(store.state) ? nothing : html`<button type="button" class="el-link" data-test="hover-near" @click=${neighbours}>Neighbours</button>`}
      <button type="button" class="el-bare" data-test="hover-close" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${CROSS}</button>
    </div>`;
  }
}
