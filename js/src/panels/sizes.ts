// How large the clusters are: one bar each, the largest first; noise is counted beside them. A bar selects its cluster.

import { html, nothing, type TemplateResult } from "lit-html";
import type { State } from "../state";
import type { Page } from "./page";
import { clusterName, count, percent, swatch } from "./words";

/** As many as one reads without asking for more. */
const FIRST = 12;
/** Bars that are drawn once the others are unfolded: all clusters are in the table. */
const MOST = 300;
/** Pages on which the others are unfolded: those of thousands of clusters are not drawn for nobody. */
export const unfolded = new WeakSet<Page>();

interface Size {
  cluster: number;
  name: string;
  rows: number;
}

/** Rows of each cluster on the map, the largest first, noise last: it is no cluster. */
export function sizes({ clusters, totals }: Pick<State, "clusters" | "totals">): Size[] {
  const names = new Map(clusters.map((cluster) => [cluster.cluster, clusterName(cluster)]));
  const told = [...totals].map(([cluster, rows]): Size => ({ cluster, name: names.get(cluster) ?? clusterName({ cluster, name: "" }), rows }));
  return told.sort((a, b) => Number(a.cluster < 0) - Number(b.cluster < 0) || b.rows - a.rows || a.cluster - b.cluster);
}

function bar(page: Page, { cluster, name, rows }: Size, most: number, all: number): TemplateResult {
  const { counts } = page.store.state;
  const lit = 2 * (counts.get(cluster) ?? 0) > rows;
  const pick = (event: MouseEvent) => page.store.selection.pick([cluster], event.ctrlKey || event.metaKey ? "add" : "new");
  const share = all > 0 ? rows / all : 0;
  return html`<li>
    <button type="button" class="el-size ${lit ? "el-lit" : ""}" data-test="metrics-size" data-cluster=${cluster} aria-pressed=${lit} title="${name}: ${count(rows)} rows, ${percent(share)} of those kept. Click selects it, Ctrl adds it" @click=${pick}>
      ${swatch(page, cluster)}<span class="el-name">${name}</span>
      <span class="el-length" aria-hidden="true">${cluster < 0 ? nothing : html`<span style="width:${(100 * rows) / Math.max(1, most)}%;background:${page.colour(cluster)}"></span>`}</span>
      <span class="el-figures">${count(rows)}</span><span class="el-figures el-soft">${percent(share)}</span>
    </button>
  </li>`;
}

export function clusterSizes(page: Page): TemplateResult | typeof nothing {
  const all = sizes(page.store.state);
  if (all.length === 0) return nothing;
  const clusters = all.filter(({ cluster }) => cluster >= 0);
  const noise = all.filter(({ cluster }) => cluster < 0);
  // noise, which may be more than all of them, would leave no length to compare
  const most = Math.max(0, ...clusters.map(({ rows }) => rows));
  const total = all.reduce((sum, { rows }) => sum + rows, 0);
  const bars = (some: Size[]) => some.map((size) => bar(page, size, most, total));
  const unfold = (event: Event) => {
    const { open } = event.target as HTMLDetailsElement;
    if (open === unfolded.has(page)) return;
    if (open) unfolded.add(page);
    else unfolded.delete(page);
    page.redraw();
  };
  const [first, rest] = clusters.length > FIRST + 2 ? [clusters.slice(0, FIRST), clusters.slice(FIRST)] : [clusters, []];
  return html`<section class="el-sizes" data-test="metrics-sizes">
    <h3>Cluster sizes</h3>
    <ol>
      ${bars(first)} ${bars(noise)}
    </ol>
    ${rest.length > 0
      ? html`<details .open=${unfolded.has(page)} @toggle=${unfold}>
          <summary>${count(rest.length)} smaller clusters, ${count(rest[rest.length - 1].rows)} to ${count(rest[0].rows)} rows</summary>
          <ol>
            ${unfolded.has(page) ? bars(rest.slice(0, MOST)) : nothing}
          </ol>
          ${rest.length > MOST ? html`<p class="el-soft">${count(rest.length - MOST)} more are in the Clusters tab.</p>` : nothing}
        </details>`
      : nothing}
  </section>`;
}
