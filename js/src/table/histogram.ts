// The histogram of the number that the list is sorted by, over the rows of the list that the map shows, with one handle: what lies beyond
// it is counted while it moves, and lit up on the map when it is let go. That selects; nothing is dropped by it.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import type { Values } from "../codes";
import { Mask } from "../mask";
import type { Page } from "../panels/page";
import { count, rows } from "../panels/words";
import type { Attribute } from "../protocol";
import { inView, rowsOf } from "../rows";
import type { State, Step } from "../state";
import { barsOf, countOfCut, cutAt, endOf, rowsOfCut, type Spread, spreadOf } from "../threshold";

const BINS = 60;
const HEIGHT = 40;
const STEP = 0.005;
const LEAP = 0.05;

/** The number that the list is sorted by first, and which way. */
function sortedNumber(page: Page): { attribute: Attribute; above: boolean } | null {
  const { session, view } = page.store.state;
  const [first] = view.order;
  const attribute = session?.attributes.find(({ key }) => key === first?.key);
  return attribute?.kind === "number" ? { attribute, above: first.down } : null;
}

export class Histogram {
  readonly #page: Page;
  /** Where the handle stands, as a share of the axis; null where it takes nothing. */
  #at: number | null = null;
  #of = "";
  /** Over the selection: what that was before the handle made it what it is, or each move would cut what the last one left. */
  #base: { mask: Mask; steps: Step[]; made: number } | null = null;
  #held: { pointer: number; before: number | null } | null = null;
  /** Moved by keys, and not lit up yet. */
  #moved = false;
  #counted: { values: Values; among: Mask; spread: Spread } | null = null;
  #among: { of: unknown[]; mask: Mask | null } | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  render(): TemplateResult | typeof nothing {
    const sorted = sortedNumber(this.#page);
    if (!sorted) return nothing;
    const { attribute, above } = sorted;
    const { colouring, selection } = this.#page.store;
    const { within, listed } = this.#page.store.state.view;
    const of = `${attribute.key} ${above} ${within} ${listed}`;
    // another list, or something else was selected
    if (of !== this.#of || (this.#base && this.#base.made !== selection.made)) [this.#of, this.#at, this.#held, this.#base] = [of, null, null, null];
    const among = this.#rows();
    if (!among) return nothing;
    const values = colouring.valuesOf(attribute.key);
    if (!values || values.categories) return nothing;
    const spread = this.#count(values, among);
    if (spread.total === 0) return nothing;
    return this.#draw(attribute, above, values, among, spread);
  }

  #draw({ title }: Attribute, above: boolean, values: Values, among: Mask, spread: Spread): TemplateResult {
    const { lo, hi } = values;
    const at = this.#at;
    const share = at ?? Number(above);
    const cut = at === null ? null : cutAt(values, at, above);
    const beyond = cut ? countOfCut(values, among, spread, cut, above) : 0;
    const bars = barsOf(spread, BINS);
    // a long tail is what one looks for: heights by the root, or it would not be seen
    const most = Math.sqrt(Math.max(1, ...bars));
    const bar = (n: number, bin: number) => {
      const height = n === 0 ? 0 : Math.max(1, (HEIGHT * Math.sqrt(n)) / most);
      const middle = (bin + 0.5) / BINS;
      const goes = cut !== null && (above ? middle >= share : middle <= share);
      return height === 0 ? nothing : svg`<rect class=${goes ? "el-beyond" : ""} x=${bin * 10 + 0.75} width="8.5" y=${HEIGHT - height} height=${height} />`;
    };
    return html`<section class="el-histogram" data-test="histogram" aria-label="Histogram of ${title}">
      <p>
        <b class="el-name" dir="auto">${title}</b>
        ${cut === null
          ? html`<span class="el-soft">move the handle to select rows from the ${above ? "upper" : "lower"} end</span>`
          : html`<span class="el-figures" data-test="histogram-count">${cut.said}: <b>${rows(beyond)}</b> <span class="el-soft">of ${count(spread.total)}</span></span>`}
        ${at === null ? nothing : html`<button type="button" class="el-link" data-test="histogram-clear" title="Put the handle back; what is selected stays" @click=${() => this.#reset()}>Reset</button>`}
      </p>
      <div
        class="el-histogram-box"
        data-test="histogram-box"
        title="Heights by the square root of the rows, so that a thin tail shows"
        @pointerdown=${(event: PointerEvent) => this.#hold(event, above)}
        @pointermove=${(event: PointerEvent) => this.#pull(event, above)}
        @pointerup=${(event: PointerEvent) => this.#release(event, above)}
        @pointercancel=${() => this.#giveUp()}
      >
        <svg viewBox="0 0 ${BINS * 10} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${bars.map(bar)}</svg>
        <span
          class="el-handle el-threshold"
          role="slider"
          tabindex="0"
          data-test="histogram-handle"
          aria-label="Threshold of ${title}"
          aria-orientation="horizontal"
          aria-valuemin=${lo}
          aria-valuemax=${hi}
          aria-valuenow=${cut?.value ?? lo + share * (hi - lo)}
          aria-valuetext=${cut === null ? "takes nothing" : `${cut.said}: ${rows(beyond)}`}
          style="left:${(100 * share).toFixed(2)}%"
          @keydown=${(event: KeyboardEvent) => this.#key(event, above)}
          @keyup=${() => this.#settle()}
          @blur=${() => this.#settle()}
        ></span>
      </div>
      <p class="el-axis el-figures el-soft"><span>${endOf(values, false)}</span><span>${endOf(values, true)}</span></p>
    </section>`;
  }

  /** Rows of the list that are shown: what is hidden is not selected unseen. null where the page doesn't know which rows the list holds. */
  #rows(): Mask | null {
    const { store } = this.#page;
    const { state } = store;
    const { shown, view, selected, hits } = state;
    const { passing } = store.colouring;
    const base = this.#base?.mask ?? null;
    const of = [shown, view.hidden, passing, view.within, view.listed, view.filter, base ?? selected, hits];
    if (!this.#among || this.#among.of.some((one, i) => one !== of[i])) {
      const there = inView(shown, view.hidden);
      const listed = base && !view.filter ? base : listedOf(state);
      this.#among = { of, mask: listed && (passing ? there.and(passing) : there).and(listed) };
    }
    return this.#among.mask;
  }

  #count(values: Values, among: Mask): Spread {
    if (this.#counted?.values !== values || this.#counted.among !== among) this.#counted = { values, among, spread: spreadOf(values, among) };
    return this.#counted.spread;
  }

  #move(at: number | null): void {
    this.#at = at;
    this.#page.redraw();
  }

  #reset(): void {
    this.#base = null;
    this.#move(null);
  }

  /** Puts the handle at a share of the width; at its own end it takes nothing. */
  #put(share: number, above: boolean): void {
    const bounded = Math.min(1, Math.max(0, share));
    this.#move(bounded === Number(above) ? null : bounded);
  }

  #hold(event: PointerEvent, above: boolean): void {
    if (event.button !== 0) return;
    const box = event.currentTarget as HTMLElement;
    box.setPointerCapture?.(event.pointerId);
    box.querySelector<HTMLElement>("[role=slider]")?.focus({ preventScroll: true });
    event.preventDefault();
    this.#held = { pointer: event.pointerId, before: this.#at };
    this.#put(shareAt(event), above);
  }

  #pull(event: PointerEvent, above: boolean): void {
    if (this.#held?.pointer === event.pointerId) this.#put(shareAt(event), above);
  }

  #release(event: PointerEvent, above: boolean): void {
    if (this.#held?.pointer !== event.pointerId) return;
    this.#held = null;
    this.#put(shareAt(event), above);
    this.#light();
  }

  #giveUp(): boolean {
    if (!this.#held) return false;
    const { before } = this.#held;
    this.#held = null;
    this.#move(before);
    return true;
  }

  #key(event: KeyboardEvent, above: boolean): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = this.#at ?? Number(above);
    const by = event.shiftKey ? LEAP : STEP;
    const to = { ArrowRight: now + by, ArrowUp: now + by, ArrowLeft: now - by, ArrowDown: now - by, PageUp: now + LEAP, PageDown: now - LEAP, Home: 0, End: 1 }[event.key];
    if (event.key === "Escape" ? !this.#giveUp() : to === undefined) return;
    if (to !== undefined) {
      this.#put(to, above);
      this.#moved = true;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #settle(): void {
    if (this.#moved) this.#light();
  }

  /** Selects what lies beyond; where that is nothing, what there was before, over the selection. */
  #light(): void {
    this.#moved = false;
    const sorted = sortedNumber(this.#page);
    const counted = this.#counted;
    const among = this.#rows();
    if (!sorted || !counted || !among) return;
    const { attribute, above } = sorted;
    const { values } = counted;
    const { selection, state } = this.#page.store;
    const { selected: mask, steps } = state;
    const base = this.#base ?? (state.view.within === "selection" && mask ? { mask, steps } : null);
    this.#base = null;
    const cut = this.#at === null ? null : cutAt(values, this.#at, above);
    if (!cut) return base ? selection.select(base.mask, base.steps) : selection.clear();
    const bound = cut.value === null ? {} : { [above ? "least" : "below"]: cut.value };
    selection.all(rowsOfCut(values, among, cut, above), { kind: "threshold", op: "new", key: attribute.key, ...bound });
    this.#base = base && { ...base, made: selection.made };
  }
}

/** The rows of a list, as far as the map can show them; null of lists that Python alone knows. */
function listedOf({ shown, view, selected, hits }: Readonly<State>): Mask | null {
  const { within, listed, filter } = view;
  if (filter) return null;
  if (within === "all" || within === "kept") return new Mask(shown.length).not();
  if (within === "cluster") return rowsOf(shown, new Set([listed]));
  if (within === "selection") return selected;
  return within === "hits" ? (hits?.mask ?? null) : null;
}

function shareAt(event: PointerEvent): number {
  const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return width > 0 ? (event.clientX - left) / width : 0;
}
