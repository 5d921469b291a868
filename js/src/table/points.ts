// The points list: a million rows, of which only those in sight exist on the page.

import { html, nothing, type TemplateResult } from "lit-html";
import { createRef, ref } from "lit-html/directives/ref.js";
import { repeat } from "lit-html/directives/repeat.js";
import { active } from "../focus";
import { combine, Mask } from "../mask";
import type { Page } from "../panels/page";
import type { Attribute, Point } from "../protocol";
import { whichOf } from "../reading";
import type { SetOp } from "../scatter/types";
import { shownColumns, sortButton, widthOf } from "./attributes";
import { confusion } from "./confusion";
import { duplicates } from "./duplicates";
import { emptyList, unreadable } from "./emptylist";
import { FilterBar } from "./filterbar";
import { Histogram } from "./histogram";
import { pointRow, waiting } from "./point";
import { LongList } from "./sight";
import { Trail } from "./trail";
import { views } from "./views";

const ROW = 33;
/** With images. */
const TALL = 57;
const HEAD = 29;
const TICK = 40;
const SIMILARITY = 76;
/** Px that the text keeps beside columns. */
const TEXT = 260;
export class PointsList {
  readonly #page: Page;
  readonly #scroll = createRef<HTMLElement>();
  readonly #list: LongList;
  readonly #histogram: Histogram;
  readonly #bar: FilterBar;
  readonly #trail: Trail;
  #which = "";
  /** How far down the list that comes is to stand. */
  #resume = 0;
  /** The position that arrows stand on. */
  #cursor = 0;
  #goal = false;
  #focused = false;
  #ringed = -1;

  constructor(page: Page, highest?: number) {
    this.#page = page;
    this.#list = new LongList(ROW, page.redraw, 0, highest);
    this.#histogram = new Histogram(page);
    this.#bar = new FilterBar(page);
    this.#trail = new Trail(page);
  }

  destroy(): void {
    this.#bar.stop();
    this.#list.destroy();
  }

  /** After the page is drawn: watch the element that scrolls, measure what is open, fetch what is in sight. */
  drawn(): void {
    const { state, reading } = this.#page.store;
    const scroll = state.view.tab === "points" && state.view.points === "rows" ? (this.#scroll.value ?? null) : null;
    if (this.#list.watch(scroll)) this.#ring(-1);
    if (!scroll) return;
    if (reading.total === null) return reading.want(0, 0);
    if (this.#resume > 0 && reading.total > 0) {
      this.#list.go(this.#resume);
      this.#resume = 0;
    }
    let moved = false;
    for (const row of scroll.querySelectorAll<HTMLElement>(".el-point[data-row]")) {
      const height = reading.open.has(Number(row.dataset.row)) ? row.offsetHeight || this.#list.ruler.row : this.#list.ruler.row;
      moved = this.#list.ruler.measured(Number(row.dataset.index), height) || moved;
    }
    if (moved) this.#page.redraw();
    // Of a row that was fetched meanwhile, or scrolled out of what is drawn, the focus was lost: keys still belong to the list.
    if (this.#goal || (this.#focused && !scroll.contains(active(scroll)))) (scroll.querySelector<HTMLElement>(`[data-index="${this.#cursor}"]`) ?? scroll).focus({ preventScroll: true });
    this.#goal = false;
    if (reading.total === 0) return;
    const [from, to] = this.#list.seen();
    reading.want(from, to);
    this.#page.store.thumbnails.want("list", [...scroll.querySelectorAll<HTMLElement>(".el-point[data-row]")].filter(({ dataset }) => Number(dataset.index) >= from && Number(dataset.index) <= to).map(({ dataset }) => Number(dataset.row)));
  }

  render(): TemplateResult {
    const { points } = this.#page.store.state.view;
    return html`${views(this.#page)} ${points === "duplicates" ? duplicates(this.#page) : points === "labels" ? confusion(this.#page) : this.#rows()}`;
  }

  #rows(): TemplateResult {
    const { state, reading } = this.#page.store;
    const { view } = state;
    this.#focused = this.#scroll.value?.contains(active(this.#scroll.value)) ?? false;
    if (whichOf(view) !== this.#which) this.#begin();
    const columns = shownColumns(state);
    const near = view.within === "near";
    const head = columns.length > 0 || near;
    this.#list.head = head ? HEAD : 0;
    const pictured = this.#page.store.thumbnails.there;
    this.#list.ruler.row = pictured ? TALL : ROW;
    const total = reading.total ?? 0;
    const { from, to, top, height } = this.#list.sight(total);
    const standing = this.#cursor >= from && this.#cursor < to ? this.#cursor : from;
    const places = Array.from({ length: to - from }, (_, i) => ({ index: from + i, standing: from + i === standing, near, columns }));
    const tracks = [TICK, ...(near ? [SIMILARITY] : []), ...columns.map(widthOf)];
    const body = html`<div
      class="el-points ${pictured ? "el-pictured" : ""}"
      role="grid"
      aria-label="Rows"
      aria-rowcount=${total + 1}
      aria-multiselectable="true"
      aria-busy=${reading.total === null}
      style="--el-tracks:${TICK}px minmax(0, 1fr) ${tracks.slice(1).map((px) => `${px}px`).join(" ")};min-width:${columns.length > 0 ? tracks.reduce((a, b) => a + b, TEXT) : 0}px"
      @click=${this.#click}
      @focusin=${this.#enter}
      @pointerover=${this.#over}
      @pointerleave=${() => this.#ring(-1)}
    >
      ${this.#titles(columns, near, head)}
      <div role="rowgroup" class="el-rows" style="height:${height}px">
        <div role="presentation" style="top:${top}px">
          ${repeat(
            places,
            ({ index }) => index,
            (place) => {
              const point = reading.at(place.index);
              return point ? pointRow(this.#page, point, place) : waiting(place);
            },
          )}
        </div>
      </div>
    </div>`;
    return html`${this.#bar.render()} ${this.#trail.render((top) => (this.#resume = top))} ${this.#histogram.render()}
      <div class="el-scroll" data-test="points" tabindex="-1" ${ref(this.#scroll)}>
        ${reading.trouble ? unreadable(this.#page) : reading.total === 0 ? emptyList(this.#page, () => this.#bar.filter("")) : body}
      </div>`;
  }

  /** What a key does in the list; false where it means nothing here. */
  press(key: string, event: KeyboardEvent): boolean {
    const { store } = this.#page;
    const target = event.target as Element;
    if (store.state.view.tab !== "points") return false;
    if (key === "Escape" && target.matches("[data-test=points-filter]") && !this.#bar.empty) {
      this.#bar.filter("");
      return true;
    }
    const scroll = this.#scroll.value;
    const total = store.reading.total ?? 0;
    if (!scroll?.contains(target) || total === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: this.#list.fits, PageUp: -this.#list.fits, End: total, Home: -total }[key];
    if (step !== undefined) {
      this.#cursor = Math.max(0, Math.min(this.#cursor + step, total - 1));
      this.#list.reveal(this.#cursor);
      this.#goal = true;
      const point = store.reading.at(this.#cursor);
      this.#ring(point?.row ?? -1);
      this.#page.redraw();
      return true;
    }
    const point = store.reading.at(this.#cursor);
    if (!point || target.closest("button, a, input")) return false;
    if (key === "Enter") void store.reading.toggle(point.row);
    else if (key === " ") this.#select(point);
    return key === "Enter" || key === " ";
  }

  /** Another list: from its beginning, with nothing measured. */
  #begin(): void {
    const { view } = this.#page.store.state;
    this.#which = whichOf(view);
    this.#bar.follow(view.filter);
    this.#cursor = 0;
    this.#list.ruler.clear();
    if (view.within !== "near") this.#trail.clear();
    this.#list.go(0);
  }

  #titles(columns: Attribute[], near: boolean, head: boolean): TemplateResult | typeof nothing {
    if (!head) return nothing;
    const { order } = this.#page.store.state.view;
    const sorted = (key: string) => {
      const sort = order.at(0)?.key === key ? order[0] : undefined;
      return sort ? (sort.down ? "descending" : "ascending") : "none";
    };
    return html`<div role="rowgroup" class="el-titles">
      <div role="row" aria-rowindex="1">
        <span role="columnheader"><span class="el-hidden">selected</span></span><span role="columnheader">text</span>
        ${near ? html`<span role="columnheader" class="el-figures" title="Cosine of the angle between the two texts' vectors: 1 is the same direction">similarity</span>` : nothing}
        ${columns.map(
          (attribute) =>
            html`<span role="columnheader" aria-sort=${sorted(attribute.key)} class="${attribute.kind === "number" ? "el-figures" : ""} ${order.some(({ key }) => key === attribute.key) ? "el-sorting" : ""}"
              >${sortButton(this.#page, attribute)}</span
            >`,
        )}
      </div>
    </div>`;
  }

  // By pointer and by focus: one listener for all rows

  readonly #click = (event: MouseEvent): void => {
    const point = this.#pointAt(event);
    if (!point) return;
    const { store } = this.#page;
    const what = (event.target as Element).closest<HTMLElement>("[data-do]")?.dataset.do;
    if (what === "select") this.#select(point);
    else if (what === "near") this.near(point.row, point.text);
    else if (what === "more") store.reading.more(point.row);
    else if (what === "restore") this.#restore(point.row);
    else if (what === "open" || (event.target as Element).closest(".el-whole, .el-tick") === null) void store.reading.toggle(point.row);
  };

  readonly #enter = (event: FocusEvent): void => {
    const point = this.#pointAt(event);
    const row = (event.target as Element).closest<HTMLElement>("[data-index]");
    if (row) this.#cursor = Number(row.dataset.index);
    this.#ring(point?.row ?? -1);
    this.#page.redraw();
  };

  readonly #over = (event: PointerEvent): void => this.#ring(this.#pointAt(event)?.row ?? -1);

  /** Lists the rows nearest to one. */
  readonly near = (row: number, text: string): void => {
    this.#bar.stop();
    this.#trail.near(row, text, this.#list.top);
  };

  #pointAt(event: Event): Point | undefined {
    const row = (event.target as Element).closest<HTMLElement>("[data-row]");
    return row ? this.#page.store.reading.at(Number(row.dataset.index)) : undefined;
  }

  /** A ring about the row on the map. */
  #ring(row: number): void {
    if (row === this.#ringed) return;
    this.#ringed = row;
    this.#page.scatter?.setHover(row);
  }

  /** A tick joins the row to the selection or takes it out; with "subtract" it only takes out, with "intersect" it leaves this row alone. */
  #select({ row, kept }: Point): void {
    const { store } = this.#page;
    const { shown } = store.state;
    const { op: meant } = store.selection;
    if (!kept || row >= shown.length) return;
    const held = store.state.selected?.has(row) ?? false;
    // an outline that is still open shows what it would take, and has taken nothing
    const { selected, steps } = store.selection.settled;
    const op: SetOp = meant === "intersect" || meant === "subtract" ? meant : held ? "subtract" : selected ? "add" : "new";
    const rows = Mask.of(shown.length, [row]);
    const last = steps.at(-1);
    // Ticks one after the other are one step, or a long list of them would be stored with the decision.
    const ticked = last?.kind === "rows" && last.op === op && Array.isArray(last.rows) ? [...(last.rows as number[]), row] : [row];
    const step = { kind: "rows", op, rows: ticked };
    store.selection.select(combine(selected, rows, op), op === "new" ? [step] : ticked.length > 1 ? [...steps.slice(0, -1), step] : [...steps, step]);
  }

  #restore(row: number): void {
    const { store } = this.#page;
    const n = store.state.frame?.n ?? store.state.hello?.n ?? 0;
    void store.decideRows("restore", Mask.of(n, [row]), `Row ${row} is back.`);
  }
}
