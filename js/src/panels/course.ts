// The course of one figure over the rounds, as a small plot.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { honest, line, scale, type Spot, ticks } from "../plot";
import type { Round } from "../protocol";
import { rows } from "./words";

export interface Course {
  value(round: Round): number | null;
  /** How a value is written. */
  say(value: number): string;
  /** What the plot's height spans at least. */
  least: number;
  low?: number;
  high?: number;
}

const WIDTH = 208;
const HEIGHT = 58;
const [LEFT, RIGHT, TOP, BOTTOM] = [6, 40, 6, 18];
/** More dots than these would be a band. */
const DOTS = 40;

/** The rounds that have the figure, by their numbers, undone ones pale beside the line; `now` is the one that is shown. Nothing where there is no course yet. */
export function course(rounds: Round[], now: number, { value, say, least, low, high }: Course): TemplateResult | typeof nothing {
  const known = rounds.filter((round) => value(round) !== null);
  if (known.length < 2) return nothing;
  const values = known.map((round) => value(round)!);
  const [bottom, top] = honest(values, least, low, high);
  const x = scale([known[0].number, known[known.length - 1].number], [LEFT, WIDTH - RIGHT]);
  const y = scale([bottom, top], [HEIGHT - BOTTOM, TOP]);
  const spots = known.map(({ number }, i): Spot => [x(number), y(values[i])]);
  const at = known.findIndex(({ number }) => number === now);
  const pale = (i: number) => known[i].undone && i !== at;
  const said = (i: number) => `round ${known[i].number}: ${say(values[i])} · ${rows(known[i].kept)}${known[i].undone ? " · undone" : ""}`;
  const label = `${known.length} rounds, from ${say(values[0])} to ${say(values[values.length - 1])}${at >= 0 ? `; round ${now}: ${say(values[at])}` : ""}`;
  const dot = (i: number, kind: string, r: number) => svg`<circle class=${kind} cx=${spots[i][0]} cy=${spots[i][1]} r=${r} />`;
  const half = (i: number, to: number) => (spots[i][0] + spots[Math.min(Math.max(to, 0), spots.length - 1)][0]) / 2;
  return html`<svg class="el-course" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} role="img" aria-label=${label}>
    ${[top, bottom].map((v) => svg`<line class="el-grid" x1=${LEFT - 4} x2=${WIDTH - RIGHT + 4} y1=${y(v)} y2=${y(v)} /><text x=${WIDTH - RIGHT + 8} y=${y(v) + 3.5}>${say(v)}</text>`)}
    <polyline points=${line(spots.filter((_, i) => !pale(i)))} />
    ${spots.length <= DOTS ? spots.map((_, i) => (i === at ? nothing : dot(i, pale(i) ? "el-was el-undone" : "el-was", 2))) : nothing}
    ${at >= 0 ? dot(at, "el-now", 3.8) : nothing}
    ${ticks(spots.map(([place]) => place), at, 15).map((i) => svg`<text class=${i === at ? "el-now" : ""} text-anchor="middle" x=${spots[i][0]} y=${HEIGHT - 3}>${known[i].number}</text>`)}
    ${spots.map((_, i) => svg`<rect class="el-feel" x=${i === 0 ? 0 : half(i, i - 1)} width=${(i === spots.length - 1 ? WIDTH - RIGHT + 6 : half(i, i + 1)) - (i === 0 ? 0 : half(i, i - 1))} y="0" height=${HEIGHT}><title>${said(i)}</title></rect>`)}
  </svg>`;
}
