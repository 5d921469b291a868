// Lists that one came from by way of neighbours, and the way back.

import { html, nothing, type TemplateResult } from "lit-html";
import { PREV } from "../panels/icons";
import type { Page } from "../panels/page";
import type { View } from "../state";
import { beginning } from "./whole";

type Listed = Pick<View, "within" | "listed" | "near" | "tagged" | "filter" | "regex" | "order">;

export class Trail {
  readonly #page: Page;
  /** The last one last, and how far down each stood. */
  #steps: { view: Listed; top: number; of: string }[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  clear(): void {
    this.#steps = [];
  }

  /** The neighbours of a row, from a list that stands `top` px down. */
  near(row: number, text: string, top: number): void {
    const { store } = this.#page;
    const { within, listed, near, tagged, filter, regex, order } = store.state.view;
    if (within !== "near" || near !== row) this.#steps.push({ view: { within, listed, near, tagged, filter, regex, order }, top, of: beginning(text.trim(), 80) || `row ${row}` });
    store.list({ within: "near", near: row, filter: "", order: [] });
  }

  /** @param resume told how far down the list that comes is to stand. */
  render(resume: (top: number) => void): TemplateResult | typeof nothing {
    const { store } = this.#page;
    const { view } = store.state;
    if (view.within !== "near") return nothing;
    const last = this.#steps.at(-1);
    const back = () => {
      const step = this.#steps.pop();
      store.list(step?.view ?? { within: "all" });
      resume(step?.top ?? 0);
    };
    return html`<div class="el-line el-trail">
      <button type="button" class="el-link" data-test="points-back" @click=${back}>${PREV} Back${this.#steps.length > 1 ? ` (${this.#steps.length})` : ""}</button>
      <span class="el-name" dir="auto" data-test="points-trail">Nearest to ${last ? html`<b>${last.of}</b>` : `row ${view.near}`}</span>
    </div>`;
  }
}
