// Under what is selected: what the analyst says of it, on one line, and whole where the person asks for it.

import { html, nothing, type TemplateResult } from "lit-html";
import { folds, unfold } from "./fold";
import type { Page } from "./page";
import { judgeLink } from "./rowwise";
import { hint } from "./worth";

const BELONGS = { yes: ["belongs", "el-keep"], no: ["does not belong", "el-drop"], partly: ["belongs in part", "el-trim"], unsure: ["hard to say", "el-unsure"] } as const;

/** The verdict or the question, and what looks worth keeping. Another selection folds it again. */
export function answers(page: Page): TemplateResult | typeof nothing {
  const { selected, explanation } = page.store.state;
  if (!selected) return nothing;
  const worth = hint(page, folds(page, selected));
  return html`<div class="el-state ${folds(page, selected)}">
      ${explanation ? answer(page) : ask(page)} ${judgeLink(page)} ${explanation || worth !== nothing ? unfold(page, selected, "tray-explanation-more") : nothing}
    </div>
    ${worth}`;
}

function ask({ store }: Page): TemplateResult {
  const { explaining } = store.state;
  return html`<button type="button" class="el-link" data-test="tray-explain" title="The analyst says what this is and whether it belongs" ?disabled=${explaining} @click=${() => void store.selection.explain()}>
    ${explaining ? "Asking…" : "What is this?"}
  </button>`;
}

function answer({ store }: Page): TemplateResult {
  const { belongs, what, reasons, source } = store.state.explanation!;
  const [word, tint] = BELONGS[belongs];
  return html`<div class="el-answer" data-test="tray-explanation" role="status" tabindex="0">
    <p title=${what}><span class="el-pill ${tint}">${word}</span> ${what}</p>
    <p class="el-soft el-answer-rest">${[...reasons, ...(source ? [`says the analyst (${source})`] : [])].join(" · ")}</p>
  </div>`;
}
