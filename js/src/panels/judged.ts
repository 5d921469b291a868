// What the analyst thinks: of the whole, and of every cluster, on a card that also decides.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Cluster, Overview } from "../protocol";
import { rowsOf } from "../rows";
import { list, opener } from "./advice";
import type { Page } from "./page";
import { nameField } from "./rename";
import { clusterName, count, figure, percent, pill, rows, swatch } from "./words";

const URGENT = ["drop", "trim", "unsure", null, "keep"];

export function overview(page: Page, { more_or_fewer: wanted, suggested, reason, imbalance, next, merge, split, source }: Overview): TemplateResult {
  const { clusters } = page.store.state;
  const name = (id: number) => clusterName(clusters.find((c) => c.cluster === id) ?? { cluster: id, name: "" });
  const heading = { more: "More clusters would help", fewer: "Fewer clusters would do", same: "The number of clusters fits.", unsure: "Whether the number of clusters fits is hard to say." }[wanted] ?? "";
  const change = wanted === "more" || wanted === "fewer";
  const more = [change ? "" : heading, reason, imbalance].filter(Boolean);
  return html`<section class="el-overview" data-test="review-overview" aria-label="Advice on the whole">
    <div class="el-overview-head">
      <p class="el-grow">${change ? html`<b>${heading}${suggested === null ? nothing : html`: about ${count(suggested)}`}.</b> ` : nothing}${next}</p>
      ${opener(page)}
    </div>
    <details>
      <summary class="el-soft">Why, says the analyst (${source})</summary>
      ${more.map((line) => html`<p>${line}</p>`)}
      ${merge.length > 0 ? html`<p>Could be one: ${merge.map(([a, b]) => `“${name(a)}” and “${name(b)}”`).join("; ")}.</p>` : nothing}
      ${split.length > 0 ? html`<p>Could be several: ${split.map((id) => `“${name(id)}”`).join(", ")}.</p>` : nothing}
    </details>
    ${list(page)}
  </section>`;
}

function card(page: Page, cluster: Cluster): TemplateResult {
  const { store } = page;
  const id = cluster.cluster;
  const name = clusterName(cluster);
  const look = () => {
    store.selection.pick([id], "new");
    page.fly(id);
  };
  const keep = () => void store.decideRows("keep", rowsOf(store.state.shown, new Set([id])), `Kept “${name}”.`);
  const facts = [rows(cluster.size), `silhouette ${figure(cluster.silhouette, 2)}`, ...(cluster.duplicates > 0.005 ? [`${percent(cluster.duplicates)} copies`] : [])];
  const lit = 2 * (store.state.counts.get(id) ?? 0) > cluster.size;
  return html`<article class="el-card ${lit ? "el-lit" : ""}" data-test="review-card" data-cluster=${id}>
    <div class="el-card-head">
      ${swatch(page, id)}
      ${nameField(page, id, name)}
      ${pill(cluster)}
    </div>
    <p class="el-soft el-figures">${facts.join(" · ")}${cluster.source ? ` · ${cluster.source}` : ""}</p>
    ${cluster.summary ? html`<p>${cluster.summary}</p>` : nothing}
    ${cluster.why ? html`<p>${cluster.why}</p>` : nothing}
    ${cluster.reasons.length > 0 ? html`<ul>${cluster.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>` : nothing}
    ${cluster.status === "failed" ? html`<p class="el-trouble">${cluster.error || "The analyst gave no answer."}</p>` : nothing}
    <div class="el-acts">
      <button type="button" class="el-button" data-test="review-look" title="Select it and turn the map there; the tray shows its rows" @click=${look}>Look</button>
      <button type="button" class="el-button" data-test="review-keep" title="Looked at: it stays" @click=${keep}>Keep</button>
      ${cluster.status === "failed" ? html`<button type="button" class="el-button" @click=${() => void store.ask("analyze", { clusters: [id] })}>Ask again</button>` : nothing}
    </div>
  </article>`;
}

/** Every verdict, those to look at first. */
export function verdicts(page: Page): TemplateResult | typeof nothing {
  const judged = page.store.state.clusters.filter(({ verdict, status }) => verdict !== null || status === "failed");
  if (judged.length === 0) return nothing;
  const order = [...judged].sort((a, b) => URGENT.indexOf(a.verdict) - URGENT.indexOf(b.verdict));
  return html`<details class="el-part" data-test="review-verdicts">
    <summary>What the analyst says of each cluster <span class="el-soft">${count(order.length)}</span></summary>
    ${repeat(
      order,
      ({ cluster }) => cluster,
      (cluster) => card(page, cluster),
    )}
  </details>`;
}
