// The curve behind k or eps: what was tried, and what was chosen.

import { html, nothing, type TemplateResult } from "lit-html";
import { line, scale, type Spot } from "../plot";
import type { Curve } from "../protocol";
import { figure } from "./words";

const [WIDTH, HEIGHT] = [420, 120];

/** Where the curve was chosen: k is one of the x values; eps is a distance, read off the y axis of the sorted k-distances. */
export function chosenAt({ x, y, chosen }: Pick<Curve, "x" | "y" | "chosen">): number {
  const exact = x.findIndex((v) => Math.abs(v - chosen) <= 1e-6 * Math.abs(v));
  return exact >= 0 ? exact : y.reduce((best, v, i) => (Math.abs(v - chosen) < Math.abs(y[best] - chosen) ? i : best), 0);
}

const end = (v: number) => figure(v, v % 1 ? 2 : 0);

export function curve(told: Curve): TemplateResult | typeof nothing {
  const { title, x_name: xName, y_name: yName, x, y, chosen } = told;
  if (x.length < 2) return nothing;
  const across = scale([x[0], x[x.length - 1]], [4, WIDTH - 4]);
  const up = scale([Math.min(...y), Math.max(...y)], [HEIGHT - 6, 6]);
  const spots = x.map((v, i): Spot => [across(v), up(y[i])]);
  const [cx, cy] = spots[chosenAt(told)];
  return html`<figure class="el-curve" data-test="metrics-curve">
    <figcaption><b>${title}</b> <span class="el-soft">chosen ${Number(chosen.toPrecision(3))}</span></figcaption>
    <div class="el-curve-box">
      <span class="el-soft el-figures" aria-hidden="true">${figure(Math.max(...y), 2)}</span>
      <svg class="el-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${yName} by ${xName}, chosen ${chosen}">
        <line class="el-guide" x1=${cx} x2=${cx} y1="2" y2=${HEIGHT - 2} />
        <polyline points=${line(spots)} />
        <circle cx=${cx} cy=${cy} r="3.6" />
      </svg>
      <span class="el-soft el-figures" aria-hidden="true">${figure(Math.min(...y), 2)}</span>
    </div>
    <div class="el-axis el-figures el-soft"><span>${end(x[0])}</span><span>${yName} by ${xName}</span><span>${end(x[x.length - 1])}</span></div>
  </figure>`;
}
