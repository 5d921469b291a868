// The depth strip over the map: what the last lasso took along the view axis, and two handles that cut it.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { countWithin, type Layer, profile, type Range } from "../depth";
import type { Cutting } from "../selection";
import type { Page } from "./page";
import { count } from "./words";

const BARS = 46;
const HEIGHT = 44;
/** Clusters with a colour of their own. */
const CLUSTERS = 6;
/** Shares of the whole depth that a key moves a handle by. */
const [STEP, LEAP] = [0.01, 0.1];

type End = "near" | "far";

/** Bars of a selection; kept as long as it is the same. */
const drawn = new WeakMap<Cutting["depths"], { labels: Int16Array; layers: Layer[] }>();

function layersOf(depths: Cutting["depths"], labels: Int16Array): Layer[] {
  let found = drawn.get(depths);
  if (found?.labels !== labels) drawn.set(depths, (found = { labels, layers: profile(depths, labels, BARS, CLUSTERS) }));
  return found.layers;
}

function histogram(page: Page, layers: Layer[]): TemplateResult {
  const base = new Uint32Array(BARS);
  const totals = Array.from({ length: BARS }, (_, bar) => layers.reduce((sum, { counts }) => sum + counts[bar], 0));
  const perRow = HEIGHT / Math.max(1, ...totals);
  const tint = (cluster: number | null) => (cluster === null ? "var(--el-edge)" : cluster < 0 ? "var(--el-ink)" : page.colour(cluster));
  const bars = ({ cluster, counts }: Layer) => {
    let path = "";
    counts.forEach((rows, bar) => {
      if (rows === 0) return;
      // a single row is seen, too
      const height = Math.max(rows * perRow, base[bar] === 0 ? 1 : 0);
      const top = HEIGHT - base[bar] * perRow - height;
      path += `M${bar + 0.1} ${top.toFixed(2)}h.8v${height.toFixed(2)}h-.8z`;
      base[bar] += rows;
    });
    return svg`<path d=${path} fill=${tint(cluster)} />`;
  };
  return html`<svg viewBox="0 0 ${BARS} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${layers.map(bars)}</svg>`;
}

/** Where a handle may go, and what else follows from where both are. */
class Ends {
  readonly #whole: Range;
  readonly range: Range;

  constructor(
    readonly page: Page,
    cutting: Cutting,
  ) {
    this.#whole = cutting.depths.range;
    this.range = cutting.range ?? cutting.depths.range;
  }

  /** 0 for the nearest row, 1 for the farthest. */
  share(depth: number): number {
    const [near, far] = this.#whole;
    // what was cut at may lie beyond all that is left
    return far > near ? Math.min(1, Math.max(0, (depth - near) / (far - near))) : 0;
  }

  at(end: End): number {
    return this.share(end === "near" ? this.range[0] : this.range[1]);
  }

  move(end: End, share: number, final: boolean): void {
    const [from, to] = end === "near" ? [0, this.at("far")] : [this.at("near"), 1];
    const bounded = Math.min(to, Math.max(from, share));
    const [near, far] = this.#whole;
    // exactly the end at the end: nothing is lost there by rounding
    const depth = bounded === 0 ? near : bounded === 1 ? far : near + bounded * (far - near);
    const range: Range = end === "near" ? [depth, this.range[1]] : [this.range[0], depth];
    this.page.store.selection.cut(range[0] <= near && range[1] >= far ? null : range, final);
  }
}

function now(page: Page): Ends | null {
  const { cutting } = page.store.selection;
  return cutting && new Ends(page, cutting);
}

/** Which handle a hand holds, and the cut to go back to. */
let held: { end: End; before: Range | null; pointer: number } | null = null;

function hold(page: Page, event: PointerEvent): void {
  const ends = now(page);
  if (!ends || event.button !== 0) return;
  const element = event.currentTarget as HTMLElement;
  const share = shareAt(event);
  const end = Math.abs(share - ends.at("near")) < Math.abs(share - ends.at("far")) || share < ends.at("near") ? "near" : "far";
  element.setPointerCapture(event.pointerId);
  element.querySelector<HTMLElement>(`[data-end=${end}]`)?.focus({ preventScroll: true });
  event.preventDefault();
  held = { end, before: page.store.selection.cutting?.range ?? null, pointer: event.pointerId };
  ends.move(end, share, false);
}

function shareAt(event: PointerEvent): number {
  const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return (event.clientX - left) / width;
}

function pull(page: Page, event: PointerEvent): void {
  if (held?.pointer === event.pointerId) now(page)?.move(held.end, shareAt(event), false);
}

function release(page: Page, event: PointerEvent): void {
  if (held?.pointer !== event.pointerId) return;
  const { end } = held;
  held = null;
  now(page)?.move(end, shareAt(event), true);
}

function giveUp(page: Page): boolean {
  if (!held) return false;
  const { before } = held;
  held = null;
  page.store.selection.cut(before);
  return true;
}

/** A key cuts at once; Python hears of it when it is let go. */
function key(page: Page, end: End, event: KeyboardEvent): void {
  const ends = now(page);
  if (!ends || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !giveUp(page)) return;
  const by = event.shiftKey ? LEAP : STEP;
  const at = ends.at(end);
  const to = { ArrowRight: at + by, ArrowUp: at + by, ArrowLeft: at - by, ArrowDown: at - by, PageUp: at + LEAP, PageDown: at - LEAP, Home: 0, End: 1 }[event.key];
  if (to !== undefined) ends.move(end, to, false);
  else if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
}

export function strip(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const { cutting } = store.selection;
  const { view, shown } = store.state;
  if (!cutting || view.dim === "2d") return nothing;
  const { depths } = cutting;
  const ends = new Ends(page, cutting);
  const total = depths.rows.length;
  const left = countWithin(depths, ends.range);
  const percent = (end: End) => 100 * ends.at(end);
  const handle = (end: End) => html`<span
    class="el-handle"
    role="slider"
    tabindex="0"
    data-end=${end}
    data-test="strip-${end}"
    aria-label="${end === "near" ? "Near" : "Far"} edge of the selection"
    aria-orientation="horizontal"
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(percent(end))}
    aria-valuetext="${end} edge: ${count(left)} of ${count(total)} rows"
    style="left:${percent(end).toFixed(2)}%"
    @keydown=${(event: KeyboardEvent) => key(page, end, event)}
    @keyup=${() => store.selection.settle()}
    @blur=${() => store.selection.settle()}
  ></span>`;
  return html`<section class="el-strip" data-test="strip" aria-label="Depth of the selection">
    <p><b>Depth of the selection</b><span class="el-soft" aria-hidden="true">near → far</span></p>
    <div class="el-depths">
      <div
        data-test="strip-depths"
        @pointerdown=${(event: PointerEvent) => hold(page, event)}
        @pointermove=${(event: PointerEvent) => pull(page, event)}
        @pointerup=${(event: PointerEvent) => release(page, event)}
        @pointercancel=${() => giveUp(page)}
      >
        ${histogram(page, layersOf(depths, shown))}
        <span class="el-cut" style="width:${percent("near").toFixed(2)}%"></span>
        <span class="el-cut" style="left:${percent("far").toFixed(2)}%;right:0"></span>
        <span class="el-span" style="left:${percent("near").toFixed(2)}%;right:${(100 - percent("far")).toFixed(2)}%"></span>
        ${handle("near")} ${handle("far")}
      </div>
    </div>
    <p>
      <span class="el-figures" data-test="strip-count">${count(left)} of ${count(total)}</span>
      ${cutting.range
        ? html`<button type="button" class="el-link" data-test="strip-all" title="Take the cut back" @click=${() => store.selection.cut(null)}>All of it</button>`
        : nothing}
      <button type="button" class="el-link" data-test="strip-visible" aria-pressed=${view.visible} title="Only rows that no nearer point covers" @click=${() => store.selection.setVisible(!view.visible)}>
        Visible only
      </button>
    </p>
  </section>`;
}
