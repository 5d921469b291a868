// The points list: a million rows, of which only those in sight exist on the page.

import { elementScroll, measureElement, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { createRef, ref } from "lit-html/directives/ref.js";
import { repeat } from "lit-html/directives/repeat.js";
import { Mask } from "../mask";
import type { Page } from "../panels/page";
import { clusterName, rows, swatch } from "../panels/words";
import type { Point } from "../protocol";
import type { Within } from "../state";

const ROW = 33;

const EMPTY: Record<Within, string> = {
  all: "No rows match.",
  kept: "No kept rows match.",
  dropped: "Nothing was dropped: rows that you drop wait here and can be brought back.",
  selection: "Nothing is selected. Lasso rows on the map, or pick a cluster.",
  cluster: "No rows of this cluster match.",
  hits: "Nothing was searched for, or nothing found.",
  near: "No neighbours are known yet.",
};

export class PointsList {
  readonly #page: Page;
  readonly #scroll = createRef<HTMLElement>();
  readonly #virtual: Virtualizer<HTMLElement, HTMLElement>;
  readonly #unmount: () => void;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page) {
    this.#page = page;
    this.#virtual = new Virtualizer<HTMLElement, HTMLElement>(this.#options(0));
    this.#unmount = this.#virtual._didMount();
  }

  destroy(): void {
    clearTimeout(this.#typing);
    this.#unmount();
  }

  #options(total: number): ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0] {
    return {
      count: total,
      getScrollElement: () => this.#scroll.value ?? null,
      estimateSize: () => ROW,
      overscan: 12,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      measureElement,
      onChange: () => this.#page.redraw(),
    };
  }

  /** After the page is drawn: watch the element that scrolls, and fetch what is in sight. */
  drawn(): void {
    if (this.#page.store.state.view.tab !== "points") return;
    this.#virtual._willUpdate();
    const { reading } = this.#page.store;
    if (reading.total === null) return reading.want(0, 0);
    const items = this.#virtual.getVirtualItems();
    if (items.length > 0) reading.want(items[0].index, items[items.length - 1].index);
  }

  render(): TemplateResult {
    const { store } = this.#page;
    const { reading } = store;
    const { view } = store.state;
    this.#virtual.setOptions(this.#options(reading.total ?? 0));
    const body =
      reading.total === 0
        ? html`<p class="el-empty">${view.within === "dropped" && view.filter ? "No dropped rows match." : EMPTY[view.within]}</p>`
        : html`<ul class="el-points" style="height:${this.#virtual.getTotalSize()}px">
            ${repeat(
              this.#virtual.getVirtualItems(),
              ({ index }) => index,
              ({ index, start }) =>
                html`<li data-index=${index} style="transform:translateY(${start}px)" ${ref((element) => this.#virtual.measureElement((element as HTMLElement | undefined) ?? null))}>
                  ${this.#point(reading.points.get(index))}
                </li>`,
            )}
          </ul>`;
    return html`${this.#head()}
      <div class="el-scroll" data-test="points" tabindex="-1" ${ref(this.#scroll)}>${body}</div>`;
  }

  #head(): TemplateResult {
    const { store } = this.#page;
    const { view, clusters } = store.state;
    const chosen = view.within === "cluster" ? `cluster ${view.listed}` : view.within;
    const choose = (event: Event) => {
      const [within, cluster] = (event.target as HTMLSelectElement).value.split(" ");
      store.list({ within: within as Within, ...(cluster ? { listed: Number(cluster) } : {}) });
    };
    const option = (value: string, text: string) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`;
    const type = (event: Event) => {
      clearTimeout(this.#typing);
      const filter = (event.target as HTMLInputElement).value;
      this.#typing = setTimeout(() => store.list({ filter }), 250);
    };
    return html`<div class="el-line">
      <select class="el-input" data-test="points-within" aria-label="Rows to list" @change=${choose}>
        ${option("all", "All rows")} ${option("kept", "Kept")} ${option("dropped", "Dropped")} ${option("selection", "Selection")}
        <optgroup label="Clusters">${clusters.map((c) => option(`cluster ${c.cluster}`, clusterName(c)))}</optgroup>
      </select>
      <input class="el-input el-grow" type="search" data-test="points-filter" placeholder="Filter by text" aria-label="Filter by text" @input=${type} />
      <span class="el-soft el-figures" data-test="points-total">${store.reading.total === null ? "…" : rows(store.reading.total)}</span>
    </div>`;
  }

  #point(point: Point | undefined): TemplateResult {
    if (!point) return html`<div class="el-point el-soft">…</div>`;
    const { store } = this.#page;
    const { reading } = store;
    const open = reading.open.has(point.row);
    const restore = () => {
      const n = store.state.frame?.n ?? store.state.session?.n ?? 0;
      void store.decideRows("restore", Mask.of(n, [point.row]), `Row ${point.row} is back.`);
    };
    return html`<div class="el-point ${point.kept ? "" : "el-gone"}" data-test="point" data-row=${point.row}>
      ${point.cluster >= -1 ? swatch(this.#page, point.cluster) : html`<span class="el-swatch" aria-hidden="true"></span>`}
      <button type="button" class="el-text ${open ? "el-open" : ""}" aria-expanded=${open} title=${open ? "Show the beginning only" : "Show the whole text"} @click=${() => void reading.toggle(point.row)}>
        ${open ? (reading.texts.get(point.row)?.trim() ?? "reading…") : `${point.text}${point.clipped ? "…" : ""}`}
      </button>
      ${point.flags.map((flag) => html`<span class="el-tag">${flag}</span>`)} ${point.label === null ? nothing : html`<span class="el-tag">${point.label}</span>`}
      ${point.kept ? nothing : html`<button type="button" class="el-link" data-test="point-restore" @click=${restore}>Restore</button>`}
    </div>`;
  }
}
