// The live preview: what a parameter would do over its range, and a slider that only reads it off.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { scale } from "../plot";
import { chosenBy, nearest, readOff, resolutionOf, stopsOf, SWEPT } from "../previewing";
import type { Choice, Sweep } from "../protocol";
import type { Page } from "./page";
import { count, many, percent } from "./words";

const WIDTH = 366;
const EDGE = 8; // half of the slider's thumb: plot and slider stand over each other
const [CLUSTERS, NOISE] = [46, 30];

/** As few digits as tell the value from its neighbours. */
const tidy = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

export function says(sweep: Sweep, value: number): string {
  const read = readOff(sweep, value);
  if (!read) return "beyond what was tried: the round will tell";
  return `${read.exact ? "" : "about "}${many(read.clusters, "cluster")}${hasNoise(sweep) ? `, ${percent(read.noise)} noise` : ""}`;
}

/** Communities leave no row out. */
const hasNoise = ({ clusterer }: Sweep): boolean => clusterer !== "communities";

function plots(sweep: Sweep, at: number): TemplateResult {
  const { values, clusters, noise, chosen } = sweep;
  const below = hasNoise(sweep) ? NOISE + 6 : 2;
  const x = scale([0, values.length - 1], [EDGE, WIDTH - EDGE]);
  const most = Math.max(1, ...clusters);
  const up = scale([0, most], [0, CLUSTERS - 4]);
  const down = scale([0, 1], [0, NOISE]);
  const width = Math.max(2, ((WIDTH - 2 * EDGE) / Math.max(1, values.length - 1)) * 0.62);
  const column = (i: number, y: number, height: number, kind: string) => svg`<rect class="${kind} ${i === at ? "el-now" : ""}" x=${x(i) - width / 2} y=${y} width=${width} height=${Math.max(0.75, height)} rx="1" />`;
  const automatic = chosen === null ? -1 : nearest(values, chosen);
  return html`<svg class="el-sweep-plot" viewBox="0 0 ${WIDTH} ${CLUSTERS + below}" aria-hidden="true">
    ${automatic >= 0 ? svg`<line class="el-guide" x1=${x(automatic)} x2=${x(automatic)} y1="0" y2=${CLUSTERS + below}><title>automatic</title></line>` : nothing}
    <line class="el-grid" x1="0" x2=${WIDTH} y1=${CLUSTERS} y2=${CLUSTERS} />
    ${clusters.map((n, i) => column(i, CLUSTERS - up(n), up(n), "el-clusters"))}
    ${(hasNoise(sweep) ? noise : []).map((share, i) => column(i, CLUSTERS + 4, down(share), "el-noise"))}
  </svg>`;
}

/** The value, as it is now or as it would be chosen, among what was tried. */
function slider({ parameter, values, chosen }: Sweep, name: string, value: number | null, at: number, said: string, set: (value: number) => void): TemplateResult {
  const move = (event: Event) => set(tidy(values[Number((event.target as HTMLInputElement).value)]));
  const automatic = value === null && chosen !== null;
  return html`<input
      type="range"
      class="el-slider"
      data-test="sweep-slider"
      aria-label=${name || parameter.replaceAll("_", " ")}
      aria-valuetext="${automatic ? "automatic: " : ""}${tidy(values[at])}: ${said}"
      min="0"
      max=${values.length - 1}
      step="1"
      .value=${String(at)}
      @input=${move}
    />
    ${name
      ? nothing
      : html`<div class="el-axis el-figures el-soft" aria-hidden="true"><span>${tidy(values[0])}</span><span>${parameter.replaceAll("_", " ")}</span><span>${tidy(values[values.length - 1])}</span></div>`}`;
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
  if (choice.name === "communities") return granularity(told, choice, put, asking);
  const given = choice[parameter];
  const value = typeof given === "number" && Number.isFinite(given) ? given : null;
  const now = value ?? told.chosen;
  const at = now === null ? 0 : nearest(told.values, now);
  const said = now === null ? "" : says(told, now);
  return html`<div class="el-sweep ${asking ? "el-asking" : ""}" data-test="sweep">
    <p class="el-sweep-says" role="status"><b data-test="sweep-says">${said}</b> <span class="el-soft">${asking ? "working it out anew…" : value === null ? `automatic: ${now === null ? "" : tidy(now)}` : `${parameter.replaceAll("_", " ")} ${tidy(value)}`}</span></p>
    <p class="el-sweep-key el-soft" aria-hidden="true"><span class="el-clusters"></span>clusters, up to ${count(Math.max(...told.clusters))} <span class="el-noise"></span>noise, up to 100 %</p>
    ${plots(told, at)} ${slider(told, "", value, at, said, (next) => put({ ...choice, [parameter]: next }))}
  </div>`;
}

/** One slider over the whole hierarchy, with three named stops; coarser clusters are made of whole finer ones. */
function granularity(told: Sweep, choice: Choice, put: (choice: Choice) => void, asking: boolean): TemplateResult {
  const stops = stopsOf(told);
  const now = resolutionOf(choice, told);
  const at = nearest(told.values, now);
  const said = says(told, now);
  const set = (value: number) => put(chosenBy(value, stops));
  return html`<div class="el-sweep el-grain ${asking ? "el-asking" : ""}" data-test="sweep">
    <p class="el-sweep-says" role="status"><b data-test="sweep-says">${said}</b> <span class="el-soft">${asking ? "working it out anew…" : "Granularity"}</span></p>
    ${plots(told, at)} ${slider(told, "Granularity", now, at, said, set)}
    <div class="el-stops">
      ${stops.map(
        ([level, value]) => html`<button type="button" class="el-link" data-test="sweep-${level}" aria-pressed=${Math.abs(now - value) <= 1e-6 * value} @click=${() => set(value)}>
          ${level} <span class="el-soft el-figures">${count(told.clusters[nearest(told.values, value)])}</span>
        </button>`,
      )}
    </div>
  </div>`;
}
