// The columns of the cluster table: what each says, which way it goes first, and when it has nothing to say.

import { html, nothing, type TemplateResult } from "lit-html";
import { count, figure, percent, pill } from "../panels/words";
import type { Cluster } from "../protocol";
import type { SortKey, State } from "../state";

export interface Column {
  key: SortKey;
  title: string;
  help: string;
  /** The way it goes first: what one looks for is on top. */
  down: boolean;
  /** Nothing to say about any cluster: it stays hidden. */
  empty(state: State): boolean;
  hint?(cluster: Cluster): string;
  cell(cluster: Cluster, of: Scale): unknown;
}

/** What the figures of a row are measured against. */
export interface Scale {
  selected: number;
  total: number;
  /** The largest silhouette of all clusters. */
  silhouette: number;
}

/** From here on the bar warns: half of all that could make a cluster unlike the others does. */
const UNLIKE = 0.5;

const bar = (left: number, width: number, warns: boolean): TemplateResult =>
  html`<span class="el-measure" aria-hidden="true"><span class=${warns ? "el-below" : ""} style="left:${left}%;width:${width}%"></span></span>`;

/** Zero stands at a quarter of the bar, so that below zero shows. */
function signed(value: number, largest: number): TemplateResult {
  const width = Math.min(Math.abs(value) / largest, 1) * (value < 0 ? 25 : 75);
  return bar(value < 0 ? 25 - width : 25, width, value < 0);
}

const none = (key: "foreign" | "outliers", { clusters }: State): boolean => clusters.every((cluster) => (cluster[key] ?? null) === null);

export const COLUMNS: Column[] = [
  {
    key: "foreign",
    title: "foreign",
    help: "How often a cluster with such signs was foreign, in trials; the most unlike the others stand first. A reason to look, no more",
    down: false,
    empty: (state) => none("foreign", state),
    hint: ({ why }) => why,
    // how unlike the others is relative: in a clean set something is too
    cell: ({ foreign, confidence }) => (foreign === null ? nothing : confidence === null ? figure(foreign, 2) : html`${percent(confidence)} ${bar(0, 100 * confidence, confidence >= UNLIKE)}`),
  },
  {
    key: "size",
    title: "rows",
    help: "Rows of the cluster; those selected stand before the stroke",
    down: true,
    empty: () => false,
    cell: (_, { selected, total }) => html`${selected > 0 ? html`<b>${count(selected)}</b>/` : nothing}${count(total)}`,
  },
  {
    key: "whole",
    title: "of all",
    help: "Of all rows, of which these are a sample: those of the cluster that stay",
    down: true,
    empty: ({ clusters }) => clusters.every(({ whole }) => (whole ?? null) === null),
    cell: ({ whole }) => ((whole ?? null) === null ? nothing : count(whole!)),
  },
  {
    key: "kept",
    title: "kept",
    help: "Share of its rows that is kept",
    down: false,
    empty: ({ clusters }) => clusters.every(({ kept }) => (kept ?? 1) === 1),
    cell: ({ kept }) => ((kept ?? null) === null ? nothing : percent(kept!)),
  },
  {
    key: "silhouette",
    title: "silhouette",
    help: "How well its rows sit in it: below 0 they are nearer to another cluster",
    down: false,
    empty: () => false,
    cell: ({ silhouette }, of) => html`${figure(silhouette, 2)} ${silhouette === null ? html`<span class="el-measure el-nothing"></span>` : signed(silhouette, of.silhouette)}`,
  },
  {
    key: "outliers",
    title: "outliers",
    help: "Share of its rows that lie apart from the others",
    down: true,
    empty: (state) => none("outliers", state) || state.clusters.every(({ outliers }) => !outliers),
    cell: ({ outliers }) => ((outliers ?? null) === null ? nothing : percent(outliers!)),
  },
  {
    key: "duplicates",
    title: "dupl.",
    help: "Share of exact copies",
    down: true,
    empty: ({ clusters }) => clusters.every(({ duplicates }) => !duplicates),
    cell: ({ duplicates }) => percent(duplicates),
  },
  {
    key: "label_share",
    title: "label",
    help: "Purity: share of its most frequent label",
    down: false,
    empty: ({ hello, clusters }) => !hello?.label_name || clusters.every(({ label_share }) => label_share === null),
    hint: ({ label, label_share }) => (label === null || label_share === null ? "" : `${percent(label_share)} labelled “${label}”`),
    cell: ({ label_share }) => (label_share === null ? nothing : percent(label_share)),
  },
  {
    key: "verdict",
    title: "verdict",
    help: "What the analyst says",
    down: false,
    empty: ({ clusters }) => clusters.every(({ verdict, status }) => verdict === null && status === "ok"),
    hint: ({ summary }) => summary,
    cell: (cluster) => pill(cluster),
  },
];

export const NAME: Pick<Column, "key" | "title" | "help" | "down"> = { key: "name", title: "cluster", help: "By name", down: false };
