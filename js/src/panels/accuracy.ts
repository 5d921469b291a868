// Accuracy on rows that are held out the same in every round: what cleaning gave, beside what as many random removals would have.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { honest, line, scale, type Spot, ticks } from "../plot";
import type { Accuracy } from "../protocol";
import type { Page } from "./page";
import { rows } from "./words";

const [WIDTH, HEIGHT] = [440, 128];
const [LEFT, RIGHT, TOP, BOTTOM] = [8, 46, 10, 22];
/** Two points of a hundred: less than that is no change worth seeing. */
const LEAST = 0.02;

const share = (value: number): string => `${(100 * value).toFixed(1)} %`;

export function accuracy(page: Page, now: number): TemplateResult | typeof nothing {
  const { store } = page;
  if (!store.state.hello?.label_name) return nothing;
  const { value, trouble } = store.evidence.want("accuracy");
  if (trouble || !value || (value.course.length === 0 && !value.pending && !value.why)) return nothing;
  const { course, best, why, pending } = value;
  const shown = course.find(({ round }) => round === now) ?? course.at(-1);
  return html`<section class="el-accuracy" data-test="metrics-accuracy">
    <h3 title="A classifier is trained on the rows that stay, and tried on a fixed part of the rows, the same in every round">Accuracy by round ${shown ? html`<span class="el-large el-figures">${share(shown.accuracy)}</span> <span class="el-soft el-figures">± ${(100 * shown.error).toFixed(1)}</span>` : nothing}</h3>
    ${pending ? html`<p class="el-soft" role="status">Training on this round…</p>` : nothing} ${why ? html`<p class="el-soft" data-test="accuracy-why">${why}</p>` : nothing}
    ${course.length > 1 ? plot(course, best, now) : nothing}
  </section>`;
}

function plot(course: Accuracy[], best: number | null, now: number): TemplateResult {
  const ends = course.flatMap(({ accuracy: value, error, random }) => [value - error, value + error, ...(random === null ? [] : [random])]);
  const [bottom, top] = honest(ends, LEAST, 0, 1);
  const x = scale([course[0].round, course[course.length - 1].round], [LEFT, WIDTH - RIGHT]);
  const y = scale([bottom, top], [HEIGHT - BOTTOM, TOP]);
  const spots = course.map(({ round, accuracy: value }): Spot => [x(round), y(value)]);
  // before anything was removed, both are the same set
  const random = course.flatMap(({ round, random: by, accuracy: own }, i): Spot[] => ((by ?? (i === 0 ? own : null)) === null ? [] : [[x(round), y(by ?? own)]]));
  const band = [...course.map(({ round, accuracy: value, error }): Spot => [x(round), y(value + error)]), ...[...course].reverse().map(({ round, accuracy: value, error }): Spot => [x(round), y(value - error)])];
  const at = course.findIndex(({ round }) => round === now);
  const said = ({ round, kept, accuracy: value, error, random: by }: Accuracy) => `round ${round}: ${share(value)} ± ${(100 * error).toFixed(1)}, ${rows(kept)}${by === null ? "" : `; with as many removed at random ${share(by)}`}`;
  const bestAt = course.findIndex(({ round }) => round === best);
  return html`<svg class="el-plot el-course" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${course.map(said).join(". ")}>
      ${[top, bottom].map((value) => svg`<line class="el-grid" x1=${LEFT - 4} x2=${WIDTH - RIGHT + 4} y1=${y(value)} y2=${y(value)} /><text x=${WIDTH - RIGHT + 8} y=${y(value) + 3.5}>${Math.round(1000 * value) / 10} %</text>`)}
      <polygon class="el-band" points=${line(band)} />
      ${random.length > 1 ? svg`<polyline class="el-random" points=${line(random)} />` : nothing}
      <polyline points=${line(spots)} />
      ${spots.map(([cx, cy], i) => svg`<circle class=${i === at ? "el-now" : "el-was"} cx=${cx} cy=${cy} r=${i === at ? 4 : 2.4}><title>${said(course[i])}</title></circle>`)}
      ${bestAt < 0 ? nothing : svg`<circle class="el-best" cx=${spots[bestAt][0]} cy=${spots[bestAt][1]} r="7"><title>best so far: ${said(course[bestAt])}</title></circle>`}
      ${ticks(spots.map(([place]) => place), at, 18).map((i) => svg`<text class=${i === at ? "el-now" : ""} text-anchor="middle" x=${spots[i][0]} y=${HEIGHT - 4}>${course[i].round}</text>`)}
    </svg>
    <p class="el-keyed el-soft">
      <span><i class="el-key-line"></i>this set</span>${random.length > 1 ? html`<span><i class="el-key-line el-random"></i>as many rows removed at random</span>` : nothing}${bestAt < 0 ? nothing : html`<span><i class="el-key-ring"></i>best so far: round ${best}</span>`}
    </p>`;
}
