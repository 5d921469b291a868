// Metrics: each figure of the round that is shown, with its course over the rounds; cluster sizes; what was chosen and prepared.

import { html, nothing, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import type { Metrics as Figures, Round } from "../protocol";
import { change, exportedOf, INDICES } from "../state";
import { type Course, course } from "./course";
import { accuracy } from "./accuracy";
import { compare } from "./compare";
import { curve } from "./curve";
import type { Page } from "./page";
import { pairs } from "./pairs";
import { prepared } from "./prepared";
import { clusterSizes, unfolded } from "./sizes";
import { arrow, figure, many, percent } from "./words";

interface Shown extends Pick<Course, "least" | "low" | "high"> {
  key: keyof Figures;
  title: string;
  upIsBetter: boolean;
  digits: number;
  help: string;
  say(value: number): string;
}

/** What the height of a plot spans at least: less than that is no change worth seeing. Calinski-Harabasz has no unit: a quarter of itself. */
const LEAST: Partial<Record<keyof Figures, (now: number) => Pick<Course, "least" | "low" | "high">>> = {
  silhouette: () => ({ least: 0.1, low: -1, high: 1 }),
  davies_bouldin: () => ({ least: 0.5, low: 0 }),
  calinski_harabasz: (now) => ({ least: Math.max(1, now / 4), low: 0 }),
};

const plain = (digits: number) => (value: number) => figure(value, digits);
/** Ends of a scale need fewer digits than the figure itself. */
const short = (value: number) => figure(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

function figures({ metrics }: Round): Shown[] {
  return [
    ...INDICES.map(({ key, ...said }): Shown => ({ key, ...said, say: plain(said.digits), ...{ least: 0.1, ...LEAST[key]?.(Math.abs(metrics[key] ?? 0)) } })),
    ...(metrics.dbcv === null
      ? []
      : [{ key: "dbcv", title: "DBCV", upIsBetter: true, digits: 3, help: "-1 to 1, higher is better: how dense clusters are within, against the emptiness between them. For DBSCAN and HDBSCAN", say: plain(3), least: 0.1, low: -1, high: 1 } as const]),
    { key: "noise", title: "noise", upIsBetter: false, digits: 3, help: "Share of rows in no cluster", say: percent, least: 0.1, low: 0, high: 1 },
    { key: "balance", title: "balance", upIsBetter: true, digits: 2, help: "0 to 1: 1 means that all clusters have the same size", say: plain(2), least: 0.2, low: 0, high: 1 },
    ...(metrics.effective === undefined ? [] : [{ key: "effective", title: "effective clusters", upIsBetter: true, digits: 1, help: "As many clusters of equal size would be as balanced as these: the exponential of the entropy of their sizes", say: plain(1), least: 2, low: 0 } as const]),
  ];
}

export function metrics(page: Page): TemplateResult {
  const { session, clusters, totals, counts } = page.store.state;
  const round = session?.rounds.find(({ number }) => number === session.looking) ?? session?.round;
  if (!session || !round) {
    return html`<div class="el-scroll el-metrics" tabindex="0"><p class="el-empty">No figures yet. Each round adds its own: how well clusters hold together, noise and balance.</p>${prepared(session?.counts ?? [])}</div>`;
  }
  const seen = { ...session, round };
  const one = ({ key, title, upIsBetter, digits, help, say, ...range }: Shown) => {
    const now = round.metrics[key] ?? null;
    const plot = key === "noise" && session.rounds.every(({ metrics: of }) => of.noise === 0) ? nothing : course(session.rounds, round.number, { value: ({ metrics: of }) => of[key] ?? null, say: key === "noise" ? say : short, ...range });
    const moved = key === "noise" ? points(change(seen, key), round.before) : arrow(change(seen, key), upIsBetter, digits, round.before);
    return html`<div class="el-index" data-test="metric" data-metric=${key}>
      <div title=${help}><span class="el-soft">${title}</span> <b class="el-large">${now === null ? "n/a" : say(now)}</b> <span>${moved}</span></div>
      ${plot}
    </div>`;
  };
  const { metrics: now } = round;
  return html`<div class="el-scroll el-metrics" tabindex="0" aria-label="Metrics">
    ${session.looking === null ? nothing : html`<p class="el-note" data-test="metrics-looking">These are the figures of round ${round.number}, as it was.</p>`}
    ${guard([session, round], () => html`<div class=${session.rounds.length < 2 ? "el-figures-only" : ""}>${figures(round).map(one)}</div>`)}
    ${session.rounds.length < 2 ? html`<p class="el-soft">From the second round on, each figure shows its course here.</p>` : nothing}
    ${unlabelled(page)} ${accuracy(page, round.number)} ${guard([clusters, totals, counts, page.colour(0), unfolded.has(page)], () => clusterSizes(page))}
    <p class="el-soft">${many(now.clusters, "cluster")}${now.clusters > 1 ? html`; the largest holds ${figure(now.largest_to_smallest, 1)} times the rows of the smallest` : nothing}.</p>
    ${pairs(page)} ${exportedOf(page.store.state) ? nothing : compare(page)} ${session.curve ? curve(session.curve) : nothing} ${prepared(session.counts)}
  </div>`;
}

/** What a column of labels would add; nothing where there is one. */
function unlabelled({ store }: Page): TemplateResult | typeof nothing {
  const { hello } = store.state;
  if (!hello || hello.label_name || hello.exported) return nothing;
  return html`<p class="el-soft" data-test="metrics-unlabelled">With the column that holds your labels named, elute.Widget(df, text=…, label=…), accuracy stands here, and rows that look like another label in Points.</p>`;
}

/** How a share moved, in points of a hundred: a share of a share would be taken for it. */
function points(change: number | null, before: number | null): unknown {
  return change === null ? nothing : arrow(100 * change, false, 0, before);
}
