// Before anything leaves the machine: what would go, to whom, and what it may cost. Nothing is sent until the answer is yes.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "./page";
import { count } from "./words";

/** What the texts are for. */
const PURPOSES: Record<string, string> = {
  analyse: "It would name and judge the clusters from a few texts of each. It is asked of each round's new clusters, and of what you select. It advises; only you remove rows.",
  embed: "It would turn every text into a vector, which is what clusters and map are made of.",
};

export function consent(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const asked = store.state.session?.consent;
  if (!asked) return nothing;
  const { provider, purpose, texts, tokens, cost, examples } = asked;
  const answer = (granted: boolean) => () => void store.ask("consent", { granted, provider, purpose });
  const size = [`${count(texts)} texts`, ...(tokens === null ? [] : [`about ${count(tokens)} tokens`]), cost === null ? "cost unknown" : cost < 0.01 ? "less than 0.01 USD" : `about ${cost.toFixed(2)} USD`];
  const prompts = purpose === "analyse" && store.state.session?.analyst?.asks;
  return html`<section class="el-consent" role="alertdialog" aria-label="Send texts to ${provider}?" data-test="consent">
    <h3>Send texts to ${provider}?</h3>
    <p>${PURPOSES[purpose] ?? purpose}</p>
    <p class="el-figures">${size.join(" · ")}</p>
    ${prompts
      ? html`<p><button type="button" class="el-link" data-test="consent-prompts" data-opens="analyst" @click=${() => store.analysing.show()}>Read the exact prompts first…</button></p>`
      : examples.length > 0
        ? html`<details><summary>What would be sent</summary><ul>${examples.map((text) => html`<li>${text}</li>`)}</ul></details>`
        : nothing}
    <p class="el-soft">You are asked once.</p>
    <div class="el-acts">
      <button type="button" class="el-button el-primary" data-test="consent-yes" @click=${answer(true)}>Send</button>
      <button type="button" class="el-button" data-test="consent-no" @click=${answer(false)}>Not now</button>
    </div>
  </section>`;
}
