// Marks that several panels draw the same way, and the words beside them.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Cluster } from "../protocol";
import type { Page } from "./page";

export { clusterName, count, duration, figure, many, percent, rows } from "../words";

/** The mark a cluster has on the map: a square in its colour, hollow while something else colours the points; a ring for noise. */
export function swatch(page: Page, cluster: number): TemplateResult {
  if (cluster < 0) return html`<span class="el-swatch el-ring" aria-hidden="true"></span>`;
  const hollow = page.store.state.view.colourBy !== "cluster";
  return html`<span class="el-swatch ${hollow ? "el-hollow" : ""}" style="${hollow ? "border-color" : "background"}:${page.colour(cluster)}" aria-hidden="true"></span>`;
}

/** The verdict as a word in a tinted pill. */
export function pill({ verdict, status, error }: Pick<Cluster, "verdict" | "status" | "error">): TemplateResult | typeof nothing {
  if (status === "failed") return html`<span class="el-pill el-drop" title=${error}>failed</span>`;
  if (status === "pending") return html`<span class="el-pill" title="The analyst has not judged it yet">\u2026</span>`;
  if (!verdict) return nothing;
  return html`<span class="el-pill el-${verdict}">${verdict === "unsure" ? "look" : verdict}</span>`;
}

/** How an index moved since round `before`: the arrow says where to, the colour and the word for screen readers whether that is better. */
export function arrow(change: number | null, upIsBetter: boolean, digits: number, before: number | null): TemplateResult | typeof nothing {
  if (change === null) return nothing;
  if (Math.abs(change) < 0.5 * 10 ** -digits) return html`<span class="el-soft" title="as in round ${before}">=</span>`;
  const better = change > 0 === upIsBetter;
  const word = better ? "better" : "worse";
  return html`<span class="el-${word}" title="${word} than in round ${before}"
    >${change > 0 ? "▲" : "▼"} ${Math.abs(change).toFixed(digits)}<span class="el-hidden"> ${word}</span></span
  >`;
}
