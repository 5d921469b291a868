// Clusters that mix: in the full space, in 3D and in 2D, so that what only looks mixed is told from what is.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Pair } from "../protocol";
import type { Page } from "./page";
import { clusterName, count, figure, swatch } from "./words";

const FIRST = 6;

export function pairs(page: Page): TemplateResult | typeof nothing {
  const { value, trouble } = page.store.evidence.want("pairs");
  if (trouble || !value) return nothing;
  const { pairs: all, pending, error } = value;
  if (all.length === 0) {
    return html`<section class="el-mixing" data-test="metrics-pairs">
      <h3>Clusters that mix</h3>
      <p class="el-soft">${error ? html`${error} ${page.store.state.session?.looking ? nothing : once(page, "pairs")}` : pending ? "Comparing clusters…" : "No two clusters mix to speak of."}</p>
    </section>`;
  }
  const rest = all.slice(FIRST);
  return html`<section class="el-mixing" data-test="metrics-pairs">
    <h3>Clusters that mix</h3>
    <p class="el-soft">0: no row has a neighbour in the other; 1: as if both were shuffled. A click selects both.</p>
    <div class="el-mixing-head el-soft" aria-hidden="true"><span></span><span>full space</span><span>3D</span><span>2D</span></div>
    <ol>
      ${all.slice(0, FIRST).map((pair) => one(page, pair))}
    </ol>
    ${rest.length > 0
      ? html`<details>
          <summary>${count(rest.length)} more pairs</summary>
          <ol>
            ${rest.map((pair) => one(page, pair))}
          </ol>
        </details>`
      : nothing}
  </section>`;
}

/** Where evidence could not be found out, or was stopped. */
export const once = (page: Page, question: "pairs" | "duplicates"): TemplateResult =>
  html`<button type="button" class="el-link" data-test="${question}-again" @click=${() => page.store.evidence.again(question)}>Look again</button>`;

function one(page: Page, { a, b, full, in3, in2, why }: Pair): TemplateResult {
  const { store } = page;
  const name = (cluster: number) => clusterName(store.state.clusters.find((one) => one.cluster === cluster) ?? { cluster, name: "" });
  const lit = [a, b].every((cluster) => (store.state.counts.get(cluster) ?? 0) === (store.state.totals.get(cluster) ?? -1));
  const bar = (value: number | null) =>
    value === null ? html`<span class="el-soft">n/a</span>` : html`<span><span class="el-figures">${figure(value, 2)}</span><span class="el-measure" aria-hidden="true"><span style="width:${Math.min(100, 100 * value)}%"></span></span></span>`;
  return html`<li>
    <button type="button" class="el-mix ${lit ? "el-lit" : ""}" data-test="metrics-pair" title="Select both" aria-pressed=${lit} @click=${() => store.selection.pick([a, b], "new")}>
      <span class="el-two"><span>${swatch(page, a)}<span class="el-name" dir="auto">${name(a)}</span></span><span>${swatch(page, b)}<span class="el-name" dir="auto">${name(b)}</span></span></span>
      ${bar(full)} ${bar(in3)} ${bar(in2)} ${why ? html`<span class="el-soft el-because">${why}</span>` : nothing}
    </button>
  </li>`;
}
