// The live preview: what a parameter would do over its range, and a slider that only reads it off.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { scale } from "../plot";
import { nearest, readOff, SWEPT } from "../previewing";
import type { Choice, Sweep } from "../protocol";
import type { Page } from "./page";
import { count, percent } from "./words";

const WIDTH = 366;
const EDGE = 8; // half of the slider's thumb: plot and slider stand over each other
const [CLUSTERS, NOISE] = [46, 30];

/** As few digits as tell the value from its neighbours. */
const tidy = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

function says(sweep: Sweep, value: number): string {
  const read = readOff(sweep, value);
  if (!read) return "beyond what was tried: the round will tell";
  return `${read.exact ? "" : "about "}${count(read.clusters)} ${read.clusters === 1 ? "cluster" : "clusters"}, ${percent(read.noise)} noise`;
}

function plots({ values, clusters, noise, chosen }: Sweep, at: number): TemplateResult {
  const x = scale([0, values.length - 1], [EDGE, WIDTH - EDGE]);
  const most = Math.max(1, ...clusters);
  const up = scale([0, most], [0, CLUSTERS - 4]);
  const down = scale([0, 1], [0, NOISE]);
  const width = Math.max(2, ((WIDTH - 2 * EDGE) / Math.max(1, values.length - 1)) * 0.62);
  const column = (i: number, y: number, height: number, kind: string) => svg`<rect class="${kind} ${i === at ? "el-now" : ""}" x=${x(i) - width / 2} y=${y} width=${width} height=${Math.max(0.75, height)} rx="1" />`;
  const automatic = chosen === null ? -1 : nearest(values, chosen);
  return html`<svg class="el-sweep-plot" viewBox="0 0 ${WIDTH} ${CLUSTERS + NOISE + 6}" aria-hidden="true">
    ${automatic >= 0 ? svg`<line class="el-guide" x1=${x(automatic)} x2=${x(automatic)} y1="0" y2=${CLUSTERS + NOISE + 6}><title>automatic</title></line>` : nothing}
    <line class="el-grid" x1="0" x2=${WIDTH} y1=${CLUSTERS} y2=${CLUSTERS} />
    ${clusters.map((n, i) => column(i, CLUSTERS - up(n), up(n), "el-clusters"))}
    ${noise.map((share, i) => column(i, CLUSTERS + 4, down(share), "el-noise"))}
  </svg>`;
}

/** The value, as it is now or as it would be chosen, among what was tried. */
function slider({ parameter, values, chosen }: Sweep, value: number | null, at: number, said: string, set: (value: number) => void): TemplateResult {
  const move = (event: Event) => set(tidy(values[Number((event.target as HTMLInputElement).value)]));
  const automatic = value === null && chosen !== null;
  return html`<input
      type="range"
      class="el-slider"
      data-test="sweep-slider"
      aria-label=${parameter.replaceAll("_", " ")}
      aria-valuetext="${automatic ? "automatic: " : ""}${tidy(values[at])}: ${said}"
      min="0"
      max=${values.length - 1}
      step="1"
      .value=${String(at)}
      @input=${move}
    />
    <div class="el-axis el-figures el-soft" aria-hidden="true"><span>${tidy(values[0])}</span><span>${parameter.replaceAll("_", " ")}</span><span>${tidy(values[values.length - 1])}</span></div>`;
}

export function sweep(page: Page, choice: Choice, put: (choice: Choice) => void): TemplateResult | typeof nothing {
  const parameter = SWEPT[choice.name];
  if (!parameter) return nothing;
  const { store } = page;
  store.previewing.want(choice);
  const { sweep: told, error, asking } = store.state.sweep;
  const fits = told && told.clusterer === choice.name && told.values.length > 1;
  if (!fits) {
    return html`<div class="el-sweep el-waits" data-test="sweep" role="status">
      ${error
        ? html`<p class="el-soft">No preview: ${error}</p>
            <button type="button" class="el-link" data-test="sweep-again" @click=${() => (store.previewing.forget(), store.previewing.want(choice))}>Try again</button>`
        : html`<p class="el-soft">Working out what each ${parameter.replaceAll("_", " ")} would do…</p>`}
    </div>`;
  }
  const given = choice[parameter];
  const value = typeof given === "number" && Number.isFinite(given) ? given : null;
  const now = value ?? told.chosen;
  const at = now === null ? 0 : nearest(told.values, now);
  const said = now === null ? "" : says(told, now);
  return html`<div class="el-sweep ${asking ? "el-asking" : ""}" data-test="sweep">
    <p class="el-sweep-says" role="status"><b data-test="sweep-says">${said}</b> <span class="el-soft">${asking ? "working it out anew…" : value === null ? `automatic: ${now === null ? "" : tidy(now)}` : `${parameter.replaceAll("_", " ")} ${tidy(value)}`}</span></p>
    <p class="el-sweep-key el-soft" aria-hidden="true"><span class="el-clusters"></span>clusters, up to ${count(Math.max(...told.clusters))} <span class="el-noise"></span>noise, up to 100 %</p>
    ${plots(told, at)} ${slider(told, value, at, said, (next) => put({ ...choice, [parameter]: next }))}
  </div>`;
}
