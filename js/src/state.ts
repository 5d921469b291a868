// What the page knows. Three kinds live here, by where they come from:
// from Python, asked for when a revision moves (session, frame, kept, clusters); the selection, which both sides may set;
// and what only this view knows (view): a reload forgets it.

import type { SetOp, Tool, Dim } from "./scatter/types";
import type { Frame } from "./frame";
import type { Link } from "./kernel";
import type { Result } from "./message";
import type { Mask } from "./mask";
import type { Choice, Cluster, Explanation, Exported, Metrics, Point, Status, Sweep, Tally } from "./protocol";

export type Tab = "review" | "clusters" | "points" | "metrics";
export type Popover = "" | "history" | "settings" | "saved" | "keys" | "map" | "more" | "columns" | "analyst" | "report";
export type SearchMode = "text" | "regex" | "meaning";
export type Within = "all" | "kept" | "dropped" | "selection" | "hits" | "cluster" | "tag" | "pinned" | "near";
/** What the Points tab shows: the list, duplicates side by side, or labels that look like others. */
export type PointsView = "rows" | "duplicates" | "labels";
export type SortKey = "foreign" | "name" | "size" | "whole" | "kept" | "silhouette" | "outliers" | "duplicates" | "label_share" | "verdict";
export interface Sort<K> {
  key: K;
  down: boolean;
}

/** How a selection came about, step by step: with the decision it is stored, so that it can be shown again as it was made. */
export type Step = { kind: string; op: SetOp } & Record<string, unknown>;

export interface Summary {
  labels: Tally[];
  examples: Point[];
  silhouette: number | null;
  /** What a drop would take or leave beside what is selected. */
  note?: string;
}

export interface Hits {
  query: string;
  /** All that was found, dropped rows too: which of them stay is read off as it is shown. */
  mask: Mask;
}

/** What was searched for last, and how far that is. */
export interface Search {
  query: string;
  mode: SearchMode;
  /** Of rows nearest in meaning. */
  limit: number;
  pending: boolean;
  /** One calm sentence on why nothing was found out. */
  error: string;
}

/** What the next round would be over a range of the clusterer's main parameter. */
export interface Previewed {
  sweep: Sweep | null;
  error: string;
  asking: boolean;
}

/** A decision shown as it was made. */
export interface Revisited {
  id: string;
  kind: string;
  reason: string;
  /** What it was about: lit up, not selected. */
  rows: Mask;
}

export interface View {
  tab: Tab;
  tool: Tool;
  op: SetOp;
  dim: Dim;
  /** The lasso takes whole clusters. */
  whole: boolean;
  /** The lasso takes only rows that nothing covers. */
  visible: boolean;
  orthographic: boolean;
  spin: boolean;
  /** Dropped rows stay on the map, faint. */
  ghosts: boolean;
  /** Cluster names float over the map. */
  names: boolean;
  /** The legend is open. Of clusters the table says what the colours mean, so it opens with the first other attribute. */
  legend: boolean;
  /** It lists every category, not the first alone. */
  legendAll: boolean;
  /** Key of the attribute that colours the points. */
  colourBy: string;
  /** Clusters that are neither drawn nor selected. */
  hidden: ReadonlySet<number>;
  /** Codes of the attribute that colours, which the legend filters out; of clusters `hidden` says it. */
  off: ReadonlySet<number>;
  /** Of a number that colours: what lies outside is filtered out. An end that was not moved is infinite. */
  range: readonly [number, number] | null;
  popover: Popover;
  /** Clusters by several columns, the first counts most; never empty. */
  sort: Sort<SortKey>[];
  /** The cluster that arrows stand on. */
  cursor: number | null;
  /** The cluster picked last: Shift picks from here. */
  anchor: number | null;
  /** Which example of the tray is on top. */
  example: number;
  /** The name being typed for "Save as"; null while the tray shows its actions. */
  naming: string | null;
  /** What stands in the search box. */
  query: string;
  mode: SearchMode;
  points: PointsView;
  within: Within;
  /** The cluster whose rows are listed where `within` is "cluster". */
  listed: number;
  /** The row whose neighbours are listed where `within` is "near". */
  near: number;
  /** The tag whose rows are listed where `within` is "tag". */
  tagged: string;
  filter: string;
  /** The filter is a regular expression. */
  regex: boolean;
  /** Rows by attributes; empty: in the table's order. */
  order: Sort<string>[];
  /** Attributes shown as columns of the list of rows. */
  columns: string[];
  /** Sections of the settings that were touched; null where all are as the session has them. */
  form: Edited | null;
}

export type Form = Record<"embedder" | "clusterer" | "projector" | "prepare", Choice>;

/** What was chosen in a section, and what the session had there then: where that moves, this is let go. */
export type Edited = Partial<Record<keyof Form, { choice: Choice; from: Choice }>>;

export interface State {
  link: Link;
  hello: Result<"hello"> | null;
  session: Result<"state"> | null;
  status: Status;
  frame: Frame | null;
  kept: Mask | null;
  /** The frame's labels with -2 where a row is not kept: what the map draws and the lasso takes. */
  shown: Int16Array;
  /** Rows of each cluster in `shown`. */
  totals: ReadonlyMap<number, number>;
  clusters: Cluster[];
  /** null where nothing is selected. */
  selected: Mask | null;
  /** Selected rows of each cluster; follows while dragging. */
  counts: ReadonlyMap<number, number>;
  steps: Step[];
  summary: Summary | null;
  hits: Hits | null;
  /** null where nothing is searched for. */
  search: Search | null;
  sweep: Previewed;
  /** What elute would do; null until it was asked. */
  suggested: Result<"suggestions"> | null;
  /** What the quick look is about: lit up on the map while the Review tab is open. */
  look: { cluster: number; rows: Mask } | null;
  revisited: Revisited | null;
  explaining: boolean;
  explanation: Explanation | null;
  undecided: number;
  /** One calm sentence on what went wrong and what to do; empty where nothing did. */
  error: string;
  /** One calm sentence on what was just done. */
  notice: string;
  view: View;
}

export const IDLE: Status = { stage: "", done: 0, total: 0, seconds_left: null, message: "", busy: false, error: "" };

export function initialState(): State {
  return {
    link: "connecting",
    hello: null,
    session: null,
    status: IDLE,
    frame: null,
    kept: null,
    shown: new Int16Array(),
    totals: new Map(),
    clusters: [],
    selected: null,
    counts: new Map(),
    steps: [],
    summary: null,
    hits: null,
    search: null,
    sweep: { sweep: null, error: "", asking: false },
    suggested: null,
    look: null,
    revisited: null,
    explaining: false,
    explanation: null,
    undecided: 0,
    error: "",
    notice: "",
    view: {
      tab: "clusters",
      tool: "turn",
      op: "new",
      dim: "3d",
      whole: false,
      visible: false,
      orthographic: false,
      spin: false,
      ghosts: false,
      names: true,
      legend: false,
      legendAll: false,
      colourBy: "cluster",
      hidden: new Set(),
      off: new Set(),
      range: null,
      popover: "",
      sort: [{ key: "foreign", down: false }],
      cursor: null,
      anchor: null,
      example: 0,
      naming: null,
      query: "",
      mode: "text",
      points: "rows",
      within: "all",
      listed: -1,
      near: -1,
      tagged: "",
      filter: "",
      regex: false,
      order: [],
      columns: [],
      form: null,
    },
  };
}

/** The last step that was drawn on the map, of steps as they came back from a journal. */
export function lastDrawn(steps: unknown): Step | null {
  if (!Array.isArray(steps)) return null;
  const drawn = (step: unknown): step is Step => typeof step === "object" && step !== null && "polygon" in step && "stand" in step;
  return steps.filter(drawn).at(-1) ?? null;
}

/** The attribute that says in which round a row went. */
export const REMOVED = "dropped";

/** Whether dropped rows are drawn: wished for, or because their colours say when they went. */
export const ghostly = ({ ghosts, colourBy }: Pick<View, "ghosts" | "colourBy">): boolean => ghosts || colourBy === REMOVED;

/** What there is to say where this is a page on its own, to look at and not to decide; null where Python is there. */
export const exportedOf = ({ hello }: Pick<State, "hello">): Exported | null => hello?.exported ?? null;

/** How many of the person's own rows stay: those of a reference are on the map, never dropped and not counted. */
export function countKept({ kept, session }: Pick<State, "kept" | "session">): number {
  return kept ? Math.max(0, kept.count() - (session?.reference ?? 0)) : (session?.kept ?? 0);
}

export function countSelected(state: State): number {
  let count = 0;
  for (const part of state.counts.values()) count += part;
  return count;
}

/** Clusters in the order of the table. By "foreign" it is Python's own order, the most foreign first; rows without a figure stand last either way. */
export function sortedClusters({ clusters, view: { sort } }: Pick<State, "clusters" | "view">): Cluster[] {
  const place = new Map(clusters.map(({ cluster }, i) => [cluster, i]));
  const by = (a: Cluster, b: Cluster, { key, down }: Sort<SortKey>): number => {
    const x = key === "foreign" ? place.get(a.cluster)! : (a[key] ?? null);
    const y = key === "foreign" ? place.get(b.cluster)! : (b[key] ?? null);
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return (down ? -1 : 1) * (typeof x === "string" || typeof y === "string" ? String(x).localeCompare(String(y)) : x - y);
  };
  return [...clusters].sort((a, b) => sort.reduce((order, one) => order || by(a, b, one), 0));
}

export type Index = "silhouette" | "davies_bouldin" | "calinski_harabasz";

/** The three indices, with which way is better (Davies-Bouldin measures overlap) and how many digits say something. */
export const INDICES: { key: Index; title: string; upIsBetter: boolean; digits: number; help: string }[] = [
  { key: "silhouette", title: "silhouette", upIsBetter: true, digits: 3, help: "-1 to 1, higher is better: how much nearer rows are to their own cluster than to the next" },
  { key: "davies_bouldin", title: "Davies-Bouldin", upIsBetter: false, digits: 2, help: "0 and up, lower is better: how much each cluster overlaps the one most like it" },
  { key: "calinski_harabasz", title: "Calinski-Harabasz", upIsBetter: true, digits: 1, help: "0 and up, higher is better: spread between clusters over spread within" },
];

/** What an index changed by since the round from which the session came to this one; null where one of the two has none. */
export function change(session: State["session"], key: keyof Metrics): number | null {
  const now = session?.round;
  if (!session || !now) return null;
  const before = session.rounds.find(({ number }) => number === now.before);
  const x = now.metrics[key] ?? null;
  const y = before?.metrics[key] ?? null;
  return x === null || y === null ? null : x - y;
}
