// The cluster table, the most foreign first. A click selects and lights a cluster; the cross opens the tray, it never drops.

import { html, nothing, type TemplateResult } from "lit-html";
import { createRef, ref } from "lit-html/directives/ref.js";
import { repeat } from "lit-html/directives/repeat.js";
import { active } from "../focus";
import { grain } from "../panels/grain";
import { CROSS, EYE, EYE_SHUT, PENCIL } from "../panels/icons";
import type { Page } from "../panels/page";
import { toLookAt } from "../panels/tabs";
import { clusterName, count, many, swatch } from "../panels/words";
import type { Cluster } from "../protocol";
import { exportedOf, type Sort, sortedClusters, type SortKey, type State } from "../state";
import { type Column, COLUMNS, NAME } from "./columns";
import { extend, hide, isWhole, pick, pickAll, toggle } from "./picking";
import { Renaming } from "./renaming";
import { LongList } from "./sight";
import { mark, turned } from "./sorting";

const ROW = 33;
const HEAD = 29;

export class ClusterTable {
  readonly #page: Page;
  readonly #scroll = createRef<HTMLElement>();
  readonly #list: LongList;
  readonly #renaming: Renaming;
  #order: { clusters: Cluster[]; sort: Sort<SortKey>[]; sorted: Cluster[] } | undefined;
  /** Where the focus goes once the table is drawn: a row, or the field of a name. */
  #goal: "row" | "name" | "" = "";
  #focused = false;

  constructor(page: Page) {
    this.#page = page;
    this.#list = new LongList(ROW, page.redraw, HEAD);
    this.#renaming = new Renaming(page, () => (this.#goal = "row"));
  }

  destroy(): void {
    this.#list.destroy();
  }

  /** To look at alone: nothing is renamed or dropped. */
  get #reads(): boolean {
    return exportedOf(this.#page.store.state) !== null;
  }

  render(): TemplateResult {
    const { store } = this.#page;
    const { state } = store;
    const clusters = this.#sorted();
    if (clusters.length === 0) {
      return html`<p class="el-empty">${state.status.busy ? "The first round is on its way: clusters appear here, the next one to look at first." : "No clusters yet. They appear here after the first round."}</p>`;
    }
    this.#focused = this.#scroll.value?.contains(active(this.#scroll.value)) ?? false;
    const looks = toLookAt(state).length;
    const judged = clusters.some(({ verdict }) => verdict !== null);
    const columns = COLUMNS.filter((column) => !column.empty(state));
    const largest = Math.max(0.1, ...clusters.map(({ silhouette }) => silhouette ?? 0));
    // wide enough for a selection of every row: nothing moves under the pointer as rows are selected
    const digits = String(Math.max(...clusters.map(({ size }) => size))).length;
    const { from, to, top, below } = this.#list.sight(clusters.length);
    const drawn = clusters.slice(from, to);
    const standing = drawn.some(({ cluster }) => cluster === state.view.cursor) ? state.view.cursor : drawn[0].cluster;
    const sorts = sortsOf(state);
    const gap = (height: number) => html`<tbody class="el-gap" aria-hidden="true"><tr style="height:${height}px"></tr></tbody>`;
    return html`<div class="el-line">
        <span>${judged ? (looks > 0 ? html`<b>${looks} to look at</b>` : "Analyst: keep all") : "No verdicts yet"}</span>
        ${this.#reads ? nothing : html`${grain(this.#page)} <button type="button" class="el-link" @click=${() => store.show({ tab: "review" })}>Review →</button>`}
      </div>
      <div class="el-scroll" data-test="clusters" tabindex="-1" ${ref(this.#scroll)}>
        <table
          class="el-table el-clusters"
          style="--el-rows:${18 + 15 * digits}px"
          role="grid"
          aria-label="Clusters"
          aria-multiselectable="true"
          aria-rowcount=${clusters.length + 1}
          @click=${this.#click}
          @dblclick=${this.#twice}
          @focusin=${this.#enter}
          @keydown=${this.#chord}
        >
          <thead>
            <tr aria-rowindex="1">
              ${this.#title(NAME, sorts)} ${columns.map((column) => this.#title(column, sorts))}
              <th scope="col" class="el-col-act"><span class="el-hidden">hide, select</span></th>
            </tr>
          </thead>
          ${gap(top)}
          <tbody>
            ${repeat(
              drawn,
              ({ cluster }) => cluster,
              (cluster, at) => this.#row(cluster, from + at, columns, sorts, cluster.cluster === standing, largest),
            )}
          </tbody>
          ${gap(below)}
        </table>
      </div>
      ${this.#totals(clusters)}`;
  }

  /** After the page is drawn: watch what scrolls, and put the focus where it is due. */
  drawn(): void {
    const scroll = this.#page.store.state.view.tab === "clusters" ? (this.#scroll.value ?? null) : null;
    this.#list.watch(scroll);
    if (!scroll) return;
    const row = () => scroll.querySelector<HTMLElement>(`tr[data-cluster="${this.#page.store.state.view.cursor}"]`);
    const field = scroll.querySelector<HTMLInputElement>(".el-naming");
    if (this.#goal === "name" && field) {
      field.focus({ preventScroll: true });
      field.select();
    } else if (this.#goal === "row") row()?.focus({ preventScroll: true });
    // The row that had the focus was scrolled out of what is drawn: keys still belong to the table.
    else if (this.#focused && !scroll.contains(active(scroll))) scroll.focus({ preventScroll: true });
    this.#goal = "";
  }

  /** What a key does in the table; false where it means nothing here. Arrows and Enter work from all over the page but the map; they select from within only. */
  press(key: string, event: KeyboardEvent): boolean {
    const { store } = this.#page;
    const { view } = store.state;
    const target = event.target as Element;
    if (view.tab !== "clusters" || target.closest(".elute-map")) return false;
    const within = this.#scroll.value?.contains(target) ?? false;
    if (key === "Escape" && this.#renaming.running) {
      this.#renaming.leave();
      return true;
    }
    const order = this.#ids();
    const at = view.cursor === null ? -1 : order.indexOf(view.cursor);
    const control = target.closest("button, summary, input, select, [role=tab]") !== null;
    const step = { ArrowDown: 1, ArrowUp: -1, ...(within ? { PageDown: this.#list.fits, PageUp: -this.#list.fits, End: order.length, Home: -order.length } : {}) }[key];
    if (order.length === 0 || target.closest("[role=slider], input, select")) return false;
    if (step !== undefined) return this.#walk(order, Math.min(Math.max(at + step, 0), order.length - 1), within && event.shiftKey);
    if (at < 0 || control) return false;
    if (key === "Enter") {
      if (event.repeat) return true; // it was pressed on what had the focus before
      pick(this.#page, order, order[at], event);
      this.#page.fly(order[at]);
      return true;
    }
    if (!within) return false;
    if (key === " ") toggle(this.#page, order[at]);
    else if (key === "F2") this.#edit(order[at]);
    return key === " " || key === "F2";
  }

  /** In the order of the table; while a name is typed its row stays where it is. */
  #sorted(): Cluster[] {
    const { state } = this.#page.store;
    const { clusters } = state;
    const sort = sortsOf(state);
    const old = this.#order;
    if (old && old.clusters === clusters && same(old.sort, sort)) return old.sorted;
    const sorted = sortedClusters({ clusters, view: { ...state.view, sort } });
    if (old && this.#renaming.running) {
      const place = new Map(old.sorted.map(({ cluster }, i) => [cluster, i]));
      sorted.sort((a, b) => (place.get(a.cluster) ?? place.size) - (place.get(b.cluster) ?? place.size));
    } else this.#order = { clusters, sort, sorted };
    return sorted;
  }

  #ids(): number[] {
    return this.#sorted().map(({ cluster }) => cluster);
  }

  #walk(order: number[], to: number, span: boolean): true {
    if (span) extend(this.#page, order, order[to]);
    else this.#page.store.show({ cursor: order[to] });
    this.#list.reveal(to);
    this.#goal = "row";
    return true;
  }

  #title({ key, title, help, down }: Pick<Column, "key" | "title" | "help" | "down">, sorts: Sort<SortKey>[]): TemplateResult {
    const { store } = this.#page;
    const sort = sorts.find((one) => one.key === key);
    // Python's own order is the most foreign first, so there "down" is what the list is turned upside down from
    const falls = sort !== undefined && (key === "foreign") !== sort.down;
    const turn = (event: MouseEvent) => store.show({ sort: turned(sorts, key, down, event.shiftKey) });
    return html`<th scope="col" class="el-col-${key} ${sort ? "el-sorting" : ""}" aria-sort=${sort && sort === sorts[0] ? (falls ? "descending" : "ascending") : "none"}>
      <button type="button" class=${sort ? "el-sorts" : ""} title="${help}. Shift+click: sort by this too" data-test="sort-${key}" @click=${turn}>${title}${mark(sorts, key, falls)}</button>
    </th>`;
  }

  #row(cluster: Cluster, index: number, columns: Column[], sorts: Sort<SortKey>[], focusable: boolean, largest: number): TemplateResult {
    const { state } = this.#page.store;
    const { counts, totals, view } = state;
    const id = cluster.cluster;
    const selected = counts.get(id) ?? 0;
    const scale = { selected, total: totals.get(id) ?? (state.frame ? 0 : cluster.size), silhouette: largest };
    const name = clusterName(cluster);
    const hidden = view.hidden.has(id);
    const sorting = (key: SortKey) => (sorts.some((sort) => sort.key === key) ? "el-sorting" : "");
    return html`<tr
      data-test="cluster-row"
      data-cluster=${id}
      aria-rowindex=${index + 2}
      aria-selected=${selected > 0 && isWhole(state, id)}
      class="${selected * 2 > scale.total ? "el-lit" : ""} ${hidden ? "el-veiled" : ""}"
      tabindex=${focusable ? 0 : -1}
    >
      <td class="el-col-name ${sorting("name")}">
        <span>
          ${swatch(this.#page, id)}${this.#renaming.of(id) ? this.#renaming.field(id, name) : html`<span class="el-name" dir="auto" title=${[name, cluster.summary].filter(Boolean).join("\n")} data-test="cluster-name">${name}</span>
                ${this.#reads ? nothing : html`<button type="button" class="el-bare el-on-hover" data-do="name" data-test="cluster-rename" tabindex="-1" aria-label="Rename ${name}" title="Rename (F2)">${PENCIL}</button>`}`}
        </span>
      </td>
      ${columns.map(
        ({ key, cell, hint }) =>
          html`<td class="el-figures el-col-${key} ${sorting(key)}" title=${hint?.(cluster) ?? ""} data-test=${key === "size" ? "cluster-rows" : `cluster-${key}`}>${cell(cluster, scale)}</td>`,
      )}
      <td class="el-col-act">
        ${this.#eye(name, hidden)}
        ${this.#reads ? nothing : html`<button type="button" class="el-bare" data-do="select" data-test="cluster-select" tabindex="-1" aria-label="Select ${name} to drop it" title="Selects its rows; the tray shows them before anything goes">${CROSS}</button>`}
      </td>
    </tr>`;
  }

  #eye(name: string, hidden: boolean): TemplateResult {
    const says = hidden ? "Show on the map again (Alt+click: this one alone)" : "Hide on the map (Alt+click: all others)";
    return html`<button type="button" class="el-bare ${hidden ? "" : "el-on-hover"}" data-do="hide" data-test="cluster-hide" tabindex="-1" aria-pressed=${hidden} aria-label="Hide ${name}" title=${says}>${hidden ? EYE_SHUT : EYE}</button>`;
  }

  #totals(clusters: Cluster[]): TemplateResult {
    const { store } = this.#page;
    const { frame, totals, view } = store.state;
    const number = clusters.filter(({ cluster }) => cluster >= 0).length;
    const hidden = clusters.filter(({ cluster }) => view.hidden.has(cluster)).length;
    const noise = totals.get(-1) ?? (frame ? 0 : (clusters.find(({ cluster }) => cluster === -1)?.size ?? 0));
    const parts = [many(number, "cluster"), ...(noise > 0 ? [`${count(noise)} noise`] : []), ...(hidden > 0 ? [`${count(hidden)} hidden`] : [])];
    return html`<div class="el-line el-totals">
      <span class="el-soft" data-test="clusters-total">${parts.join(", ")}</span>
      ${hidden > 0 ? html`<button type="button" class="el-link" data-test="clusters-show-all" @click=${() => store.show({ hidden: new Set() })}>Show all</button>` : nothing}
    </div>`;
  }

  // By pointer: one listener for all rows

  readonly #click = (event: MouseEvent): void => {
    const id = clusterAt(event);
    if (id === null || (event.target as Element).closest(".el-naming")) return;
    const what = (event.target as Element).closest<HTMLElement>("[data-do]")?.dataset.do;
    if (what === "name") this.#edit(id);
    else if (what === "hide") hide(this.#page, this.#ids(), id, event.altKey);
    else if (what === "select") pick(this.#page, this.#ids(), id, { shiftKey: false, ctrlKey: false, metaKey: false });
    else pick(this.#page, this.#ids(), id, event);
  };

  readonly #twice = (event: MouseEvent): void => {
    const id = clusterAt(event);
    const target = event.target as Element;
    if (id === null || target.closest("button, input")) return;
    if (target.closest(".el-name")) this.#edit(id);
    else this.#page.fly(id);
  };

  readonly #enter = (event: FocusEvent): void => {
    const id = clusterAt(event);
    if (id !== null && this.#page.store.state.view.cursor !== id) this.#page.store.show({ cursor: id });
  };

  readonly #chord = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (event.target as Element).closest("input")) return;
    const { cursor } = this.#page.store.state.view;
    if (event.key.toLowerCase() === "a") pickAll(this.#page, this.#ids());
    else if (event.key === " " && cursor !== null) toggle(this.#page, cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #edit(id: number): void {
    if (this.#reads) return;
    this.#goal = "name";
    this.#renaming.begin(id);
  }
}

/** Until a look has an order, clusters stand by silhouette. */
function sortsOf(state: State): Sort<SortKey>[] {
  const { sort } = state.view;
  if (!COLUMNS[0].empty(state)) return sort;
  return sort.map((one) => (one.key === "foreign" ? { key: "silhouette", down: one.down } : one));
}

const same = (a: Sort<SortKey>[], b: Sort<SortKey>[]): boolean => a.length === b.length && a.every(({ key, down }, i) => key === b[i].key && down === b[i].down);

function clusterAt(event: Event): number | null {
  const row = (event.target as Element).closest<HTMLElement>("tr[data-cluster]");
  return row ? Number(row.dataset.cluster) : null;
}
