// The cluster table, the most foreign first. A click selects and lights a cluster; the cross opens the tray, it never drops.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { toLookAt } from "../panels/tabs";
import { CROSS } from "../panels/icons";
import type { Page } from "../panels/page";
import { clusterName, count, figure, percent, pill, swatch } from "../panels/words";
import type { Cluster } from "../protocol";
import { type SortKey, sortedClusters } from "../state";

interface Column {
  key: SortKey;
  title: string;
  help: string;
}

const COLUMNS: Column[] = [
  { key: "worst", title: "foreign", help: "How unlike the other clusters, 0 to 1: look at these first" },
  { key: "size", title: "rows", help: "Rows of the cluster; those selected stand before the stroke" },
  { key: "silhouette", title: "silhouette", help: "How well its rows sit in it: below 0 they are nearer to another cluster" },
  { key: "duplicates", title: "dupl.", help: "Share of exact copies" },
  { key: "label_share", title: "label", help: "Share of its most frequent label" },
  { key: "verdict", title: "verdict", help: "What the analyst says" },
];

/** From here on the bar warns: half of all that could make a cluster unlike the others does. */
const UNLIKE = 0.5;

/** Nothing while the map is a first sketch: clusters are ranked when it is done. */
function foreignBar(value: number | null): TemplateResult | typeof nothing {
  if (value === null) return nothing;
  return html`<span class="el-silhouette" aria-hidden="true"><span class=${value >= UNLIKE ? "el-below" : ""} style="left:0;width:${100 * value}%"></span></span>`;
}

/** Zero stands at a quarter of the bar, so that below zero shows. */
function bar(value: number | null, largest: number): TemplateResult | typeof nothing {
  if (value === null) return nothing;
  const width = Math.min(Math.abs(value) / largest, 1) * (value < 0 ? 25 : 75);
  return html`<span class="el-silhouette" aria-hidden="true"><span class=${value < 0 ? "el-below" : ""} style="left:${value < 0 ? 25 - width : 25}%;width:${width}%"></span></span>`;
}

function header(page: Page, { key, title, help }: Column): TemplateResult {
  const [sort] = page.store.state.view.sort;
  const sorts = sort.key === key;
  const turn = () => page.store.show({ sort: [{ key, down: sorts ? !sort.down : key === "size" || key === "duplicates" }] });
  // Python's own order is the most foreign first, so there "down" is what the list is turned upside down from
  const down = key === "worst" ? !sort.down : sort.down;
  return html`<th scope="col" class="el-col-${key}" aria-sort=${sorts ? (down ? "descending" : "ascending") : "none"}>
    <button type="button" class=${sorts ? "el-sorts" : ""} title=${help} data-test="sort-${key}" @click=${turn}>${title}${sorts ? (down ? " ▾" : " ▴") : nothing}</button>
  </th>`;
}

function first(page: Page): TemplateResult {
  const [sort] = page.store.state.view.sort;
  const sorts = sort.key === "name";
  const turn = () => page.store.show({ sort: [{ key: "name", down: sorts && !sort.down }] });
  return html`<th scope="col" aria-sort=${sorts ? (sort.down ? "descending" : "ascending") : "none"}>
    <button type="button" class=${sorts ? "el-sorts" : ""} title="By name" data-test="sort-name" @click=${turn}>cluster${sorts ? (sort.down ? " ▾" : " ▴") : nothing}</button>
  </th>`;
}

/** Ctrl picks one more (or one less), Shift all from the last one picked to this. */
function pick(page: Page, cluster: number, event: MouseEvent | KeyboardEvent): void {
  const { store } = page;
  const { view, counts, totals } = store.state;
  if (event.shiftKey && view.anchor !== null) {
    const order = sortedClusters(store.state).map((c) => c.cluster);
    const [from, to] = [order.indexOf(view.anchor), order.indexOf(cluster)].sort((a, b) => a - b);
    store.selection.pick(order.slice(Math.max(from, 0), to + 1), "new");
    return;
  }
  const whole = (counts.get(cluster) ?? 0) === (totals.get(cluster) ?? -1);
  store.selection.pick([cluster], event.ctrlKey || event.metaKey ? (whole ? "subtract" : "add") : "new");
  store.show({ cursor: cluster, anchor: cluster });
}

function row(page: Page, cluster: Cluster, focusable: boolean, largest: number): TemplateResult {
  const { counts, totals, hello } = page.store.state;
  const id = cluster.cluster;
  const selected = counts.get(id) ?? 0;
  const total = totals.get(id) ?? cluster.size;
  const name = clusterName(cluster);
  const mostly = cluster.label === null || cluster.label_share === null ? "" : ` (${percent(cluster.label_share)} labelled “${cluster.label}”)`;
  const onRow = (event: MouseEvent) => {
    if (!(event.target as Element).closest("button")) pick(page, id, event);
  };
  return html`<tr
    data-test="cluster-row"
    data-cluster=${id}
    aria-selected=${selected > 0 && selected === total}
    class=${selected * 2 > total ? "el-lit" : ""}
    tabindex=${focusable ? 0 : -1}
    title=${cluster.summary}
    @click=${onRow}
    @focus=${() => page.store.state.view.cursor !== id && page.store.show({ cursor: id })}
  >
    <td class="el-col-name" title="${name}${mostly}"><span>${swatch(page, id)}<span class="el-name">${name}</span></span></td>
    <td class="el-figures el-col-worst" title=${cluster.why}>${figure(cluster.foreign, 2)} ${foreignBar(cluster.foreign)}</td>
    <td class="el-figures el-col-size" data-test="cluster-rows">${selected > 0 ? html`<b>${count(selected)}</b>/` : nothing}${count(total)}</td>
    <td class="el-figures el-col-silhouette">${figure(cluster.silhouette, 2)} ${bar(cluster.silhouette, largest)}</td>
    <td class="el-figures el-col-duplicates">${percent(cluster.duplicates)}</td>
    ${hello?.label_name
      ? html`<td class="el-figures el-col-label_share" title=${cluster.label ?? ""}>${cluster.label_share === null ? nothing : percent(cluster.label_share)}</td>`
      : nothing}
    <td class="el-col-verdict">${pill(cluster)}</td>
    <td class="el-col-act">
      <button
        type="button"
        class="el-bare"
        data-test="cluster-select"
        tabindex="-1"
        aria-label="Select ${name} to drop it"
        title="Selects its rows; the tray shows them before anything goes"
        @click=${() => pick(page, id, new MouseEvent("click"))}
      >
        ${CROSS}
      </button>
    </td>
  </tr>`;
}

export function clustersTable(page: Page): TemplateResult {
  const { store } = page;
  const { state } = store;
  const clusters = sortedClusters(state);
  if (clusters.length === 0) {
    return html`<p class="el-empty">${state.status.busy ? "The first round is on its way: clusters appear here, the next one to look at first." : "No clusters yet. They appear here after the first round."}</p>`;
  }
  const looks = toLookAt(state).length;
  const judged = clusters.some(({ verdict }) => verdict !== null);
  const largest = Math.max(0.1, ...clusters.map(({ silhouette }) => silhouette ?? 0));
  const standing = clusters.some(({ cluster }) => cluster === state.view.cursor) ? state.view.cursor : clusters[0].cluster;
  return html`<div class="el-line">
      <span>${judged ? (looks > 0 ? html`<b>${looks} ${looks === 1 ? "cluster" : "clusters"} to look at</b>` : "The analyst would keep every cluster") : "No verdicts yet"}</span>
      <button type="button" class="el-link" @click=${() => store.show({ tab: "review" })}>Review →</button>
    </div>
    <div class="el-scroll">
      <table class="el-table ${state.selected ? "el-selecting" : ""}" role="grid" aria-label="Clusters" aria-multiselectable="true">
        <thead>
          <tr>
            ${first(page)} ${COLUMNS.filter(({ key }) => key !== "label_share" || state.hello?.label_name).map((column) => header(page, column))}
            <th scope="col"><span class="el-hidden">select</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            clusters,
            ({ cluster }) => cluster,
            (cluster) => row(page, cluster, cluster.cluster === standing, largest),
          )}
        </tbody>
      </table>
    </div>`;
}

/** Arrow keys walk the rows, Enter selects the one under the cursor and flies there. True where the key was used. */
export function walk(page: Page, root: HTMLElement, key: string, event: KeyboardEvent): boolean {
  const { store } = page;
  const order = sortedClusters(store.state).map(({ cluster }) => cluster);
  if (store.state.view.tab !== "clusters" || order.length === 0) return false;
  const at = store.state.view.cursor === null ? -1 : order.indexOf(store.state.view.cursor);
  if (key === "Enter") {
    if (at < 0) return false;
    pick(page, order[at], event);
    page.fly(order[at]);
    return true;
  }
  const next = order[Math.min(Math.max(at + (key === "ArrowDown" ? 1 : -1), 0), order.length - 1)];
  store.show({ cursor: next });
  root.querySelector<HTMLElement>(`tr[data-cluster="${next}"]`)?.focus();
  return true;
}
