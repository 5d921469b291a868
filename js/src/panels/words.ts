// Figures and marks that several panels write the same way.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Cluster } from "../protocol";
import type { Page } from "./page";

const integers = new Intl.NumberFormat("en");

export const count = (n: number): string => integers.format(n);

export const rows = (n: number): string => `${count(n)} ${n === 1 ? "row" : "rows"}`;

/** A figure with a true minus sign, so that columns align, and none before zero; "n/a" where there is none. */
export const figure = (x: number | null, digits: number): string => (x === null ? "n/a" : x.toFixed(digits).replace(/^-(?=.*[1-9])/, "\u2212").replace("-", ""));

/** None and all are said of none and all alone. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return "<1 %";
  return whole === 100 && share < 1 ? ">99 %" : `${whole} %`;
}

export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${(seconds / 3600).toFixed(1)} h`;
}

export const clusterName = ({ cluster, name }: Pick<Cluster, "cluster" | "name">): string => name || (cluster === -1 ? "noise" : `cluster ${cluster}`);

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

/** How an index moved: the arrow says where to, the colour and the word for screen readers whether that is better. */
export function arrow(change: number | null, upIsBetter: boolean, digits: number): TemplateResult | typeof nothing {
  if (change === null) return nothing;
  if (Math.abs(change) < 0.5 * 10 ** -digits) return html`<span class="el-soft" title="as in the round before">=</span>`;
  const better = change > 0 === upIsBetter;
  const word = better ? "better" : "worse";
  return html`<span class="el-${word}" title="${word} than in the round before"
    >${change > 0 ? "▲" : "▼"} ${Math.abs(change).toFixed(digits)}<span class="el-hidden"> ${word}</span></span
  >`;
}
