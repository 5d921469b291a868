// The legend: what the colours mean, how many rows each stands for, and a filter. It folds away.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { codeOf, MISSING, STEPS, type Values, valueOf } from "../codes";
import type { Entry } from "../colouring";
import type { Attribute } from "../protocol";
import { REMOVED } from "../state";
import { momentAt } from "../threshold";
import { FOLD, LIST } from "./icons";
import type { Page } from "./page";
import { count, rows } from "./words";

/** More would be slow to draw in every frame of a drag, and nobody reads them unasked. */
const FIRST = 60;

/** Codes that a handle moves by: a part of all of them, or a browser lets it come near its end and never there. */
const HANDLE_STEP = (MISSING - 1) / 151;

const GROUPS: [Attribute["group"], string][] = [
  ["", ""],
  ["column", "Columns"],
  ["finding", "Findings"],
];

/** The attributes that can colour, in groups, as options of a select. */
export function attributeOptions(page: Page): TemplateResult[] {
  const { session, view } = page.store.state;
  const all = session?.attributes.filter(({ kind }) => kind !== "text") ?? [];
  const known = all.some(({ key }) => key === view.colourBy);
  const option = ({ key, title }: Pick<Attribute, "key" | "title">) => html`<option value=${key} .selected=${live(key === view.colourBy)}>${title}</option>`;
  return [
    ...(known ? [] : [option({ key: view.colourBy, title: view.colourBy })]),
    ...GROUPS.map(([group, title]) => {
      const members = all.filter((attribute) => attribute.group === group);
      if (members.length === 0) return html``;
      return title ? html`<optgroup label=${title}>${members.map(option)}</optgroup>` : html`${members.map(option)}`;
    }),
  ];
}

export const colourBy =
  ({ store }: Page) =>
  (event: Event) => {
    const key = (event.target as HTMLSelectElement).value;
    store.show({ colourBy: key, legend: store.state.view.legend || key !== "cluster" });
  };

function entry(page: Page, { code, name, colour, count: total, selected, off }: Entry, selecting: boolean): TemplateResult {
  const { colouring } = page.store;
  const gone = colouring.key === REMOVED && code !== MISSING; // what was dropped can be seen, not selected
  const filter = (event: MouseEvent) => (event.altKey ? colouring.solo(code) : colouring.toggle(code));
  return html`<li class=${off ? "el-off" : ""} data-test="legend-entry" data-code=${code}>
    <button
      type="button"
      class="el-entry"
      aria-pressed=${!off}
      title="${name}: click to ${off ? "show" : "hide"} it; double click to see it alone"
      @click=${filter}
      @dblclick=${(event: MouseEvent) => !event.altKey && colouring.solo(code)}
    >
      ${colour === null ? html`<span class="el-swatch el-ring" aria-hidden="true"></span>` : html`<span class="el-swatch" style="background:${colour}" aria-hidden="true"></span>`}
      <span class="el-name" dir="auto">${name}</span>
      <span class="el-figures" data-test="legend-count">${selecting && !off && selected > 0 ? html`<b>${count(selected)}</b> / ` : nothing}${count(total)}</span>
    </button>
    <button type="button" class="el-link el-take" data-test="legend-select" aria-label="Select ${name}" ?disabled=${off || total === 0 || gone} @click=${() => colouring.take([code])}>Select</button>
  </li>`;
}

function list(page: Page): TemplateResult {
  const { store } = page;
  const entries = store.colouring.entries();
  const selecting = store.state.selected !== null;
  const shown = store.state.view.legendAll ? entries : entries.slice(0, FIRST);
  const more = entries.length - shown.length;
  return html`<ul class="el-entries" aria-label="Colours">
      ${repeat(
        shown,
        ({ code }) => code,
        (one) => entry(page, one, selecting),
      )}
    </ul>
    ${more > 0 ? html`<button type="button" class="el-link" data-test="legend-more" @click=${() => store.show({ legendAll: true })}>and ${count(more)} more</button>` : nothing}`;
}

/** A number of the scale: of moments the day, and the time where it counts. */
const written = (values: Pick<Values, "lo" | "hi" | "grid">, value: number): string => {
  const span = values.hi - values.lo;
  const digits = span > 0 ? Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(span)))) : 2;
  return momentAt(values, value) ?? value.toLocaleString("en", { maximumFractionDigits: digits });
};

/** A number's ramp with the rows of each step over it, and two handles that filter. */
function scale(page: Page): TemplateResult {
  const { store } = page;
  const { values, css } = store.colouring;
  const { lo, hi } = values!;
  const { rows: all, selected } = store.colouring.bars()!;
  const range = store.state.view.range ?? [-Infinity, Infinity];
  const [from, to] = [Math.max(lo, range[0]), Math.min(hi, range[1])];
  const top = Math.max(1, ...all.subarray(0, STEPS));
  const code = (value: number) => codeOf(value, lo, hi);
  const slide = (end: 0 | 1) => (event: Event) => {
    const value = valueOf(Number((event.target as HTMLInputElement).value), lo, hi);
    // a handle at its end hides nothing there, also once a round made the range a larger one
    const put = end === 0 ? (code(value) === 0 ? -Infinity : Math.min(value, to)) : code(value) === code(hi) ? Infinity : Math.max(value, from);
    const next: [number, number] = end === 0 ? [put, range[1]] : [range[0], put];
    store.show({ range: next.every((one) => !Number.isFinite(one)) ? null : next });
  };
  const handle = (end: 0 | 1, value: number) =>
    html`<input
      type="range"
      min="0"
      max=${MISSING - 1}
      step=${HANDLE_STEP}
      data-test=${end === 0 ? "legend-from" : "legend-to"}
      aria-label=${end === 0 ? "Hide what is lower" : "Hide what is higher"}
      aria-valuetext=${written(values!, value)}
      .value=${String(code(value))}
      @input=${slide(end)}
    />`;
  const missing = all[STEPS];
  return html`<div class="el-scale" data-test="legend-scale">
    <div class="el-bars" aria-hidden="true">
      ${css.map((colour, i) => html`<span style="height:${(100 * all[i]) / top}%;background:${colour}">${selected && all[i] > 0 ? html`<i style="height:${(100 * selected[i]) / all[i]}%"></i>` : nothing}</span>`)}
    </div>
    <div class="el-ramp" style="background:linear-gradient(to right,${css.join(",")})"></div>
    <div class="el-handles">${handle(0, from)}${handle(1, to)}</div>
    <div class="el-axis el-figures"><span>${written(values!, from)}</span><span>${written(values!, to)}</span></div>
    ${missing > 0 ? html`<p class="el-soft">${rows(missing)} without a value, ${store.state.view.range ? "hidden" : "drawn in ink"}</p>` : nothing}
  </div>`;
}

export function legend(page: Page): TemplateResult {
  const { store } = page;
  const { view } = store.state;
  const { hiding, values } = store.colouring;
  const hidden =
    hiding.rows > 0
      ? html`<p class="el-hiding" data-test="legend-hiding">
          <span>${rows(hiding.rows)} hidden</span> <button type="button" class="el-link" data-test="legend-all" @click=${() => store.colouring.showAll()}>Show all</button>
        </p>`
      : nothing;
  if (!view.legend) {
    return html`<div class="el-legend el-folded" data-test="legend">
      <button type="button" class="el-button" data-test="legend-open" aria-expanded="false" title="What the colours mean" @click=${() => store.show({ legend: true })}>${LIST}<span>Legend</span></button>
      ${hidden}
    </div>`;
  }
  return html`<section class="el-legend" data-test="legend" aria-label="Legend">
    <div class="el-legend-head">
      <select class="el-input" data-test="legend-by" aria-label="Colour by" title="What colours the points" @change=${colourBy(page)}>${attributeOptions(page)}</select>
      <button type="button" class="el-bare" data-test="legend-fold" aria-expanded="true" aria-label="Fold the legend away" title="Fold the legend away" @click=${() => store.show({ legend: false })}>${FOLD}</button>
    </div>
    <div class="el-legend-body">${values && values.categories === null ? scale(page) : list(page)}</div>
    ${hidden}
  </section>`;
}
