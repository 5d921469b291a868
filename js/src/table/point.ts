// One row of the points list: its text on one line, what was found about it, and the whole text where it is open.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { NEAR } from "../panels/icons";
import type { Page } from "../panels/page";
import { thumbnail } from "../panels/thumbnail";
import { clusterName, count, figure, swatch } from "../panels/words";
import type { Attribute, Point } from "../protocol";
import { STEP } from "../reading";
import { exportedOf } from "../state";
import { written } from "./attributes";
import { beginning } from "./whole";

const LINE = 400;

export interface Place {
  index: number;
  /** Its cells' controls are reached by Tab. */
  standing: boolean;
  near: boolean;
  columns: Attribute[];
}

/** A row that is on its way. */
export const waiting = ({ index, standing }: Place): TemplateResult =>
  html`<div role="row" class="el-point el-soft" aria-rowindex=${index + 2} data-index=${index} aria-busy="true" tabindex=${standing ? 0 : -1}><span role="gridcell"></span><span role="gridcell">…</span></div>`;

export function pointRow(page: Page, point: Point, { index, standing, near, columns }: Place): TemplateResult {
  const { state, reading } = page.store;
  const { row, kept } = point;
  const characters = reading.open.get(row);
  const open = characters !== undefined;
  const tab = standing ? 0 : -1;
  const exported = exportedOf(state);
  const selected = state.selected?.has(row) ?? false;
  const line = beginning(point.text, LINE);
  const cluster = state.clusters.find((one) => one.cluster === point.cluster);
  return html`<div
    role="row"
    class="el-point ${kept ? "" : "el-gone"} ${selected ? "el-lit" : ""}"
    data-test="point"
    data-row=${row}
    data-index=${index}
    aria-rowindex=${index + 2}
    aria-selected=${selected}
    tabindex=${tab}
  >
    <span role="gridcell" class="el-tick">
      <input type="checkbox" data-do="select" data-test="point-pick" tabindex=${tab} aria-label="Select row ${row}" title=${kept ? "Select (Space)" : `Dropped rows are not on the map${exported ? "" : ": restore it first"}`} .checked=${live(selected)} ?disabled=${!kept} />
    </span>
    <span role="gridcell" class="el-said">
      ${point.cluster >= -1 ? swatch(page, point.cluster) : html`<span class="el-swatch" aria-hidden="true"></span>`}
      ${open ? nothing : thumbnail(page, row)}
      <button type="button" class="el-text" data-do="open" data-test="point-text" tabindex=${tab} dir="auto" aria-expanded=${open} title="Row ${row}: ${open ? "show the beginning only" : "show the whole text"}">${open
          ? html`<span class="el-soft">row ${count(row)}${cluster ? ` · ${clusterName(cluster)}` : ""}</span>`
          : `${line}${point.clipped || line.length < point.text.length ? "…" : ""}`}</button>
      ${point.flags.map((flag) => html`<span class="el-tag" title=${flag}>${flag}</span>`)} ${point.label === null ? nothing : html`<span class="el-tag" dir="auto" title="label: ${point.label}">${point.label}</span>`}
      ${exported ? nothing : html`<button type="button" class="el-bare el-on-hover" data-do="near" data-test="point-near" tabindex=${tab} aria-label="Neighbours of row ${row}" title="Neighbours: the rows most like it">${NEAR}</button>`}
      ${kept || exported ? nothing : html`<button type="button" class="el-link" data-do="restore" data-test="point-restore" tabindex=${tab}>Restore</button>`}
    </span>
    ${near ? html`<span role="gridcell" class="el-figures" data-test="point-similarity">${point.similarity === null ? nothing : figure(point.similarity, 2)}</span>` : nothing}
    ${columns.map((attribute) => {
      const text = written(reading.value(index, attribute.key), attribute);
      return html`<span role="gridcell" class="el-value ${attribute.kind === "number" ? "el-figures" : ""}" dir="auto" title=${text} data-test="point-value-${attribute.key}">${text}</span>`;
    })}
    ${open ? whole(page, row, characters, tab) : nothing}
  </div>`;
}

function whole(page: Page, row: number, characters: number, tab: number): TemplateResult {
  const { reading } = page.store;
  const text = reading.texts.get(row)?.trim();
  if (text === undefined) return html`<div role="gridcell" class="el-whole el-soft">reading…</div>`;
  const shown = beginning(text, characters);
  return html`<div role="gridcell" class="el-whole">
    ${thumbnail(page, row)}
    <p class="el-open" dir="auto" data-test="point-whole">${shown}</p>
    ${shown.length < text.length
      ? html`<button type="button" class="el-link" data-do="more" data-test="point-more" tabindex=${tab}>Show ${count(Math.min(STEP, text.length - shown.length))} characters more, of ${count(text.length - shown.length)}</button>`
      : nothing}
    ${(reading.wholes.get(row)?.flags ?? []).map(({ title, why, score }) => html`<p class="el-soft"><b>${title}</b>${score === null ? nothing : ` ${figure(score, 2)}`}${why ? `: ${why}` : nothing}</p>`)}
  </div>`;
}
