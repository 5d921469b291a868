// The text of the row under the pointer. It waits a moment before it shows; a click pins it until the next click on the ground.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "./page";
import { clusterName, swatch } from "./words";

const WAIT = 120;
const CLIP = 600;

export class Hover {
  readonly #page: Page;
  #at: { row: number; x: number; y: number } | null = null;
  #pinned = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page) {
    this.#page = page;
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  over(row: number, x: number, y: number): void {
    if (this.#pinned) return;
    clearTimeout(this.#timer);
    if (row < 0) return void this.close();
    this.#timer = setTimeout(() => {
      this.#at = { row, x, y };
      void this.#page.store.reading.whole(row);
    }, WAIT);
  }

  click(row: number): void {
    this.#pinned = row >= 0 && this.#at?.row === row;
    if (!this.#pinned) this.close();
  }

  /** True where there was something to close. */
  close(): boolean {
    clearTimeout(this.#timer);
    const was = this.#at !== null;
    this.#at = null;
    this.#pinned = false;
    if (was) this.#page.redraw();
    return was;
  }

  render(): TemplateResult | typeof nothing {
    if (!this.#at) return nothing;
    const { row, x, y } = this.#at;
    const { state, reading } = this.#page.store;
    const text = reading.texts.get(row)?.trim();
    if (text === undefined) return nothing;
    const label = state.shown[row];
    const cluster = state.clusters.find((c) => c.cluster === label) ?? { cluster: label, name: "" };
    return html`<div class="el-hover" data-test="hover" style="--x:${x}px;--y:${y}px">
      <p class="el-soft">${swatch(this.#page, label)} ${clusterName(cluster)} · row ${row}</p>
      <p>${text.length > CLIP ? `${text.slice(0, CLIP)}…` : text}</p>
    </div>`;
  }
}
