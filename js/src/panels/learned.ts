// What can be learned from what was dropped and kept: how good it is, what it still needs, and the rows that would sharpen it.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Learned, Point } from "../protocol";
import { once } from "./once";
import type { Page } from "./page";
import { count, percent, rows } from "./words";

export function learned(page: Page): TemplateResult | typeof nothing {
  const { learning, state } = page.store;
  const found = learning.learned;
  // there is nothing to learn from before anything went
  if (!found && !learning.asking && !learning.error && state.session?.kept === state.session?.n) return nothing;
  return html`<section class="el-part" aria-label="Learned">
    <div class="el-part-head">
      <h3>Learn from your decisions</h3>
      <button type="button" class="el-button" data-test="learn" title="A filter from what was dropped and kept; it drops nothing" ?disabled=${learning.asking} @click=${() => void learning.learn(found?.name ?? "")}>
        ${learning.asking ? "Learning…" : found ? "Learn again" : "Learn"}
      </button>
    </div>
    ${learning.error ? html`<p class="el-trouble" data-test="learn-trouble">${learning.error}</p>` : nothing}
    ${found ? what(page, found) : html`<p class="el-soft">Finds more rows like those that were dropped, and says how sure that is.</p>`}
  </section>`;
}

const measure = (title: string, value: number | null, error: number | null): string => (value === null ? "" : `${title} ${percent(value)}${error === null ? "" : ` ± ${percent(error)}`}`);

function what(page: Page, found: Learned): TemplateResult {
  const { learning } = page.store;
  const figures = [measure("precision", found.precision, found.precision_error), measure("recall", found.recall, found.recall_error)].filter(Boolean).join(", ");
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const name = String(new FormData(event.target as HTMLFormElement).get("name") ?? "").trim();
    if (name) void learning.learn(name);
  };
  if (found.needed > 0) return html`<p data-test="learned">Too few examples yet: ${rows(found.needed)} more would have to be dropped. <span class="el-soft">${found.note}</span></p>`;
  return html`<div class="el-learned" data-test="learned">
    <p><b>${rows(found.more)}</b> more like those that were dropped${figures ? ` · ${figures}` : ""}, from ${rows(found.examples)}.${found.more > 0 ? " They stand above, to be looked at." : ""}</p>
    ${found.note ? html`<p class="el-soft el-fine">${found.note}</p>` : nothing}
    ${found.uncertain.length > 0
      ? html`<p>Decide these ${count(found.uncertain.length)} to sharpen it:</p>
          <ol class="el-uncertain">${repeat(found.uncertain, ({ row }) => row, (point) => uncertain(page, point))}</ol>`
      : nothing}
    <form class="el-acts" @submit=${save}>
      <input class="el-input" name="name" data-test="learn-name" aria-label="Name of the filter" placeholder="name" maxlength="80" .value=${found.name} />
      <button type="submit" class="el-button" data-test="learn-save">Save under this name</button>
    </form>
  </div>`;
}

function uncertain(page: Page, { row, text }: Point): TemplateResult {
  const { learning } = page.store;
  const gone = learning.told?.row === row ? learning.told.gone : null;
  return html`<li>
    <span dir="auto" title=${text}>${text}</span>
    <button type="button" class="el-link" data-test="uncertain-drop" ?disabled=${gone?.count === 0} @click=${once(() => void learning.decide(row, "drop"))}>Drop${gone ? ` ${count(gone.count)}` : ""}</button>
    <button type="button" class="el-link" data-test="uncertain-keep" @click=${once(() => void learning.decide(row, "keep"))}>Keep</button>
    ${gone ? html`<p class="el-soft el-beside-drop" data-test="uncertain-note" role="status">With Drop: ${gone.note}</p>` : nothing}
  </li>`;
}
