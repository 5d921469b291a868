// Metrics: each index with its course over the rounds, noise and balance, what preparing changed, and the curve behind k or eps.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import type { Count, Curve, Metrics as Figures, Round } from "../protocol";
import { change, INDICES } from "../state";
import type { Page } from "./page";
import { arrow, count, figure, percent } from "./words";

const WIDTH = 200;
const HEIGHT = 44;

type Spot = [number, number];

/** Scales points into a box of `width` by `height`, with room for a dot at the rim. A y range below `least` fills it in part only. */
function scaled(points: Spot[], width: number, height: number, least = 0): Spot[] {
  const scale = (values: number[], low: number, high: number, span: number) => {
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const room = Math.max(max - min, span);
    return (v: number) => (low + high) / 2 + (room === 0 ? 0 : ((v - (min + max) / 2) / room) * (high - low));
  };
  const x = scale(points.map(([v]) => v), 4, width - 4, 0);
  const y = scale(points.map(([, v]) => v), height - 5, 5, least);
  return points.map(([a, b]) => [x(a), y(b)]);
}

const line = (points: Spot[]) => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

function history(rounds: Round[], value: (round: Round) => number | null, digits: number): TemplateResult | typeof nothing {
  const known = rounds.flatMap((round): Spot[] => {
    const y = value(round);
    return y === null ? [] : [[round.number, y]];
  });
  if (known.length < 2) return nothing;
  const spots = scaled(known, WIDTH, HEIGHT, 5 * 10 ** -digits); // what the figure hardly shows is no slope
  const said = known.map(([number, y]) => `round ${number}: ${figure(y, digits)}`).join(", ");
  return html`<svg class="el-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${said}>
    <polyline points=${line(spots)} />
    ${spots.map(([x, y], i) => svg`<circle cx=${x} cy=${y} r=${i === spots.length - 1 ? 3.2 : 1.8}><title>round ${known[i][0]}: ${figure(known[i][1], digits)}</title></circle>`)}
  </svg>`;
}

function index(title: string, value: string, moved: unknown, help: string, plot: unknown): TemplateResult {
  return html`<div class="el-metric" title=${help}>
    <div><span class="el-soft">${title}</span> <b class="el-large">${value}</b> <span>${moved}</span></div>
    ${plot}
  </div>`;
}

function curve({ title, x_name: xName, y_name: yName, x, y, chosen }: Curve): TemplateResult | typeof nothing {
  if (x.length < 2) return nothing;
  const [width, height] = [420, 120];
  const points = x.map((v, i): Spot => [v, y[i]]);
  const spots = scaled(points, width, height);
  // k is chosen among the x values; eps is a distance, read off the y axis of the sorted k-distances.
  const exact = x.findIndex((v) => Math.abs(v - chosen) <= 1e-6 * Math.abs(v));
  const at = exact >= 0 ? exact : y.reduce((best, v, i) => (Math.abs(v - chosen) < Math.abs(y[best] - chosen) ? i : best), 0);
  return html`<figure class="el-curve" data-test="metrics-curve">
    <figcaption><b>${title}</b> <span class="el-soft">chosen ${Number(chosen.toPrecision(3))}</span></figcaption>
    <svg class="el-plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${yName} by ${xName}, chosen ${chosen}">
      <line class="el-guide" x1=${spots[at][0]} x2=${spots[at][0]} y1="2" y2=${height - 2} />
      <polyline points=${line(spots)} />
      <circle cx=${spots[at][0]} cy=${spots[at][1]} r="3.6" />
    </svg>
    <div class="el-axis el-figures el-soft"><span>${figure(x[0], x[0] % 1 ? 2 : 0)}</span><span>${xName}</span><span>${figure(x[x.length - 1], x[x.length - 1] % 1 ? 2 : 0)}</span></div>
  </figure>`;
}

function prepared(counts: Count[]): TemplateResult | typeof nothing {
  if (counts.length === 0) return nothing;
  const found = counts.filter(({ before, after, changed }) => before > 0 || after > 0 || changed > 0);
  const clean = counts.filter((step) => !found.includes(step)).map(({ title }) => title);
  return html`<h3>Prepared texts</h3>
    ${found.length > 0 ? defects(found) : nothing}
    ${clean.length > 0 ? html`<p class="el-soft" data-test="metrics-clean">${found.length > 0 ? "Nothing else was found" : "Nothing was found"}. Looked for: ${clean.join("; ")}.</p>` : nothing}
    <p class="el-soft">On a working copy: your table keeps its texts as they are.</p>`;
}

function defects(found: Count[]): TemplateResult {
  return html`<table class="el-table el-plain" data-test="metrics-counts">
      <thead>
        <tr><th scope="col">defect</th><th scope="col">before</th><th scope="col">after</th><th scope="col">rows changed</th></tr>
      </thead>
      <tbody>
        ${found.map(({ title, before, after, changed }) => html`<tr><td>${title}</td><td class="el-figures">${count(before)}</td><td class="el-figures">${count(after)}</td><td class="el-figures">${count(changed)}</td></tr>`)}
      </tbody>
    </table>`;
}

export function metrics(page: Page): TemplateResult {
  const { session } = page.store.state;
  const round = session?.round;
  if (!session || !round) return html`<div class="el-scroll el-metrics" tabindex="0"><p class="el-empty">No figures yet. Each round adds its own: how well clusters hold together, noise and balance.</p>${prepared(session?.counts ?? [])}</div>`;
  const now: Figures = round.metrics;
  const course = (key: keyof Figures, digits: number) => history(session.rounds, (r) => r.metrics[key], digits);
  return html`<div class="el-scroll el-metrics" tabindex="0">
    ${INDICES.map(({ key, title, upIsBetter, digits, help }) => index(title, figure(now[key], digits), arrow(change(session, key), upIsBetter, digits), help, course(key, digits)))}
    ${now.dbcv === null ? nothing : index("DBCV", figure(now.dbcv, 3), arrow(change(session, "dbcv"), true, 3), "-1 to 1, higher is better: how dense clusters are within, against the emptiness between them. For DBSCAN and HDBSCAN", course("dbcv", 3))}
    ${index("noise", percent(now.noise), arrow(change(session, "noise"), false, 3), "Share of rows in no cluster", course("noise", 3))}
    ${index("balance", figure(now.balance, 2), arrow(change(session, "balance"), true, 2), "1 means that all clusters have the same size", course("balance", 2))}
    ${session.rounds.length < 2 ? html`<p class="el-soft">From the second round on, each figure shows its course here.</p>` : nothing}
    <p class="el-soft">${count(now.clusters)} clusters; the largest holds ${figure(now.largest_to_smallest, 1)} times the rows of the smallest.</p>
    ${session.curve ? curve(session.curve) : nothing} ${prepared(session.counts)}
  </div>`;
}
