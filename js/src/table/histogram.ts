// The histogram of the number that the list is sorted by, with one handle: what lies beyond it is counted while it moves, and lit up
// on the map when it is let go. That selects; nothing is dropped by it.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { MISSING, type Values, valueOf } from "../codes";
import type { Mask } from "../mask";
import type { Page } from "../panels/page";
import { count, rows } from "../panels/words";
import type { Attribute } from "../protocol";
import { inView } from "../rows";
import { barsOf, countBeyond, rowsBeyond, type Spread, spreadOf } from "../threshold";

const BINS = 60;
const HEIGHT = 40;
const LAST = MISSING - 1;
const STEP = 0.005;
const LEAP = 0.05;
const numbers = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** The number that the list is sorted by first, and which way. */
export function sortedNumber(page: Page): { attribute: Attribute; above: boolean } | null {
  const { session, view } = page.store.state;
  const [first] = view.order;
  const attribute = session?.attributes.find(({ key }) => key === first?.key);
  return attribute?.kind === "number" ? { attribute, above: first.down } : null;
}

export class Histogram {
  readonly #page: Page;
  /** Where the handle stands, as a code; null where it takes nothing. */
  #at: number | null = null;
  #of = "";
  #held: { pointer: number; before: number | null } | null = null;
  /** Moved by keys, and not lit up yet. */
  #moved = false;
  #counted: { values: Values; among: Mask; spread: Spread } | null = null;
  #among: { of: unknown[]; mask: Mask } | null = null;

  constructor(page: Page) {
    this.#page = page;
  }

  render(): TemplateResult | typeof nothing {
    const sorted = sortedNumber(this.#page);
    if (!sorted) return nothing;
    const { attribute, above } = sorted;
    const { colouring } = this.#page.store;
    const of = `${attribute.key} ${above}`;
    if (of !== this.#of) [this.#of, this.#at, this.#held] = [of, null, null];
    const values = colouring.valuesOf(attribute.key);
    if (!values || values.categories) return nothing;
    const { spread } = this.#count(values);
    if (spread.total === 0) return nothing;
    return this.#draw(attribute, above, values, spread);
  }

  #draw({ title }: Attribute, above: boolean, values: Values, spread: Spread): TemplateResult {
    const { lo, hi } = values;
    const at = this.#at;
    const share = at === null ? Number(above) : at / LAST;
    const beyond = at === null ? 0 : countBeyond(spread, at, above);
    const bars = barsOf(spread, BINS);
    // a long tail is what one looks for: heights by the root, or it would not be seen
    const most = Math.sqrt(Math.max(1, ...bars));
    const side = above ? "at least" : "at most";
    const said = at === null ? "" : `${side} ${numbers.format(valueOf(at, lo, hi))}`;
    const bar = (n: number, bin: number) => {
      const height = n === 0 ? 0 : Math.max(1, (HEIGHT * Math.sqrt(n)) / most);
      const middle = (bin + 0.5) / BINS;
      const goes = at !== null && (above ? middle >= share : middle <= share);
      return height === 0 ? nothing : svg`<rect class=${goes ? "el-beyond" : ""} x=${bin * 10 + 0.75} width="8.5" y=${HEIGHT - height} height=${height} />`;
    };
    return html`<section class="el-histogram" data-test="histogram" aria-label="Histogram of ${title}">
      <p>
        <b class="el-name" dir="auto">${title}</b>
        ${at === null
          ? html`<span class="el-soft">move the handle to select rows from the ${above ? "upper" : "lower"} end</span>`
          : html`<span class="el-figures" data-test="histogram-count">${said}: <b>${rows(beyond)}</b> <span class="el-soft">of ${count(spread.total)}</span></span>`}
        ${at === null ? nothing : html`<button type="button" class="el-link" data-test="histogram-clear" title="Put the handle back; what is selected stays" @click=${() => this.#move(null)}>Reset</button>`}
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
          aria-valuenow=${valueOf(Math.round(share * LAST), lo, hi)}
          aria-valuetext=${at === null ? "takes nothing" : `${said}: ${rows(beyond)}`}
          style="left:${(100 * share).toFixed(2)}%"
          @keydown=${(event: KeyboardEvent) => this.#key(event, above)}
          @keyup=${() => this.#settle()}
          @blur=${() => this.#settle()}
        ></span>
      </div>
      <p class="el-axis el-figures el-soft"><span>${numbers.format(lo)}</span><span>${numbers.format(hi)}</span></p>
    </section>`;
  }

  /** Rows that are shown: what is hidden is not selected unseen. */
  #rows(): Mask {
    const { store } = this.#page;
    const { shown, view } = store.state;
    const { passing } = store.colouring;
    const of = [shown, view.hidden, passing];
    if (!this.#among || this.#among.of.some((one, i) => one !== of[i])) {
      const there = inView(shown, view.hidden);
      this.#among = { of, mask: passing ? there.and(passing) : there };
    }
    return this.#among.mask;
  }

  #count(values: Values): { spread: Spread } {
    const among = this.#rows();
    if (this.#counted?.values !== values || this.#counted.among !== among) this.#counted = { values, among, spread: spreadOf(values, among) };
    return this.#counted;
  }

  #move(at: number | null): void {
    this.#at = at;
    this.#page.redraw();
  }

  /** Puts the handle at a share of the width; at its own end it takes nothing. */
  #put(share: number, above: boolean): void {
    const bounded = Math.min(1, Math.max(0, share));
    this.#move(bounded === Number(above) ? null : Math.round(bounded * LAST));
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
    const now = this.#at === null ? Number(above) : this.#at / LAST;
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

  /** Selects what lies beyond. */
  #light(): void {
    this.#moved = false;
    const sorted = sortedNumber(this.#page);
    const counted = this.#counted;
    if (!sorted || !counted) return;
    const { key } = sorted.attribute;
    const { values } = counted;
    const { store } = this.#page;
    if (this.#at === null) return store.selection.clear();
    const mask = rowsBeyond(values, this.#rows(), this.#at, sorted.above);
    store.selection.all(mask, { kind: "threshold", op: "new", key, [sorted.above ? "least" : "most"]: valueOf(this.#at, values.lo, values.hi) });
  }
}

function shareAt(event: PointerEvent): number {
  const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return width > 0 ? (event.clientX - left) / width : 0;
}
