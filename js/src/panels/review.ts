// Review: a quick look at clusters that may not belong, what is safe to accept, what else deserves a look, and what the analyst says.

import { html, nothing, type TemplateResult } from "lit-html";
import { effects } from "./advice";
import { analystLine } from "./analyst";
import { overview, verdicts } from "./judged";
import { learned } from "./learned";
import { look } from "./look";
import type { Page } from "./page";
import { quality } from "./quality";
import { more, safe } from "./suggestions";

export function review(page: Page): TemplateResult {
  const { advising, state } = page.store;
  const { session } = state;
  return html`<div class="el-scroll el-review" data-test="review" tabindex="0">
    ${session?.resumed ? html`<p class="el-note" data-test="review-resumed">${session.resumed}</p>` : nothing}
    ${session?.sampled ? html`<p class="el-note" data-test="review-sampled">${session.sampled}</p>` : nothing}
    ${session?.notes.map((note) => html`<p class="el-note">${note}</p>`)} ${analystLine(page)}
    ${advising.overview ? overview(page, advising.overview) : nothing} ${effects(page)} ${look(page)} ${safe(page)} ${more(page)} ${learned(page)}
    ${quality(page)} ${verdicts(page)}
  </div>`;
}
