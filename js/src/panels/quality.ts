// Keep only the best: a cut through the qualities of clusters or judged rows. What lies below is counted, lit up and read; nothing goes by it.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Below, Of } from "../quality";
import type { Page } from "./page";
import { clusterName, count, figure, rows, swatch } from "./words";

/** Clusters below that are called by name. */
const NAMED = 4;
const TITLES: Record<Of, string> = { clusters: "Clusters", rows: "Judged rows" };

export function quality(page: Page): TemplateResult | typeof nothing {
  const cut = page.store.quality;
  if (cut.offers.length === 0) return nothing;
  const unfold = (event: Event) => {
    const { open } = event.target as HTMLDetailsElement;
    if (open === cut.open) return;
    cut.open = open;
    page.redraw();
  };
  return html`<details class="el-part" data-test="quality" .open=${cut.open} @toggle=${unfold}>
    <summary>Keep only the best <span class="el-soft">by quality</span></summary>
    ${cut.open ? panel(page) : nothing}
  </details>`;
}

function panel(page: Page): TemplateResult {
  const cut = page.store.quality;
  const { of, below } = cut;
  const move = (event: Event) => cut.move(Number((event.target as HTMLInputElement).value));
  const end = (event: Event) => {
    move(event);
    cut.light();
  };
  const which = (one: Of) => html`<label class="el-check"><input type="radio" name="el-quality-of" data-test="quality-${one}" .checked=${one === of} @change=${() => cut.choose(one)} /> ${TITLES[one]}</label>`;
  return html`${cut.offers.length > 1 ? html`<div class="el-acts" role="radiogroup" aria-label="Quality of what">${cut.offers.map(which)}</div>` : nothing}
    <label class="el-quality">
      <span>${TITLES[of ?? "clusters"]} of quality <b class="el-figures">${figure(cut.at, 2)}</b> or more stay</span>
      <input type="range" data-test="quality-at" min="0" max="1" step="0.01" aria-label="Least quality" .value=${String(cut.at)} @input=${move} @change=${end} />
    </label>
    ${below ? low(page, below) : html`<p class="el-soft" aria-busy="true">reading…</p>`}
    <p class="el-soft el-fine">A quality is how the analyst ranks them, and no measurement. The rows below are selected, to be read in the tray; they go only when you drop them there.</p>`;
}

function low(page: Page, { of, rows: n, among, clusters }: Below): TemplateResult {
  const cut = page.store.quality;
  const of_ = of === "clusters" ? `, in ${count(clusters.length)} of ${count(among)} clusters` : ` of ${count(among)} judged`;
  const more = clusters.length - NAMED;
  return html`<p data-test="quality-below" role="status"><b>${rows(n)}</b> below${of_}.</p>
    ${clusters.length > 0
      ? html`<ul class="el-low" aria-label="Clusters below, lowest first">
          ${clusters.slice(0, NAMED).map((one) => html`<li>${swatch(page, one.cluster)} <bdi>${clusterName(one)}</bdi> <span class="el-soft el-figures">${figure(one.quality, 2)} · ${rows(one.size)}</span></li>`)}
          ${more > 0 ? html`<li class="el-soft">and ${count(more)} more</li>` : nothing}
        </ul>`
      : nothing}
    <div class="el-acts"><button type="button" class="el-button" data-test="quality-look" title="Select them: the map lights them up, and the tray shows their texts" ?disabled=${n === 0} @click=${() => cut.light()}>Look at the ${rows(n)} below</button></div>`;
}
