// Made from src/elute/widget/protocol.py by `make protocol`: change it there.

export const PROTOCOL = 1;
export const MESSAGE_LIMIT = 4000000;

export type Part = "round" | "layout" | "decision" | "selection" | "analysis" | "settings";
export type Status = { stage: string; done: number; total: number; seconds_left: number | null; message: string; busy: boolean; error: string };
export type Column = { name: "coords3" | "coords2" | "labels"; dtype: "uint16" | "int16"; items: number; chunks: number; version: number };
export type Field = { name: string; kind: "int" | "float" | "bool" | "choice" | "str"; default: unknown; low: number | null; high: number | null; choices: string[] | null; help: string; optional: boolean };
export type Form = { name: string; title: string; when: string; fields: Field[] };
export type Choice = { name: string } & Record<string, unknown>;
export type Settings = { clusterer: Choice; projector: Choice; prepare: Choice; analyst: string; embedder: string; automatic: boolean };
export type Verdict = "keep" | "trim" | "drop" | "unsure";
export type Cluster = { cluster: number; name: string; size: number; share: number; silhouette: number | null; density: number | null; duplicates: number; label: string | null; label_share: number | null; foreign: number | null; why: string; verdict: Verdict | null; reasons: string[]; summary: string; quality: number | null; source: string; status: "ok" | "failed" | "pending"; error: string };
export type Metrics = { silhouette: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; dbcv: number | null; noise: number; balance: number; clusters: number; largest_to_smallest: number };
export type Round = { number: number; kept: number; clusterer: string; projector: string; seconds: number; metrics: Metrics; notes: string[] };
export type Curve = { title: string; x_name: string; y_name: string; x: number[]; y: number[]; chosen: number };
export type Count = { step: string; title: string; before: number; after: number; changed: number };
export type Overview = { more_or_fewer: string; suggested: number | null; reason: string; imbalance: string; next: string; merge: [number, number][]; split: number[]; source: string };
export type Decision = { number: number; kind: string; rows: number; reason: string; source: string; round: number; time: string; undone: boolean };
export type Point = { row: number; text: string; clipped: boolean; label: string | null; cluster: number; kept: boolean; flags: string[] };
export type Tally = { key: number | string; count: number; of: number };
export type Consent = { provider: string; purpose: string; texts: number; tokens: number | null; cost: number | null; examples: string[] };
export type Explanation = { what: string; belongs: "yes" | "no" | "partly" | "unsure"; reasons: string[]; source: string; rows: number };
export type Outcome = { kept: number; rows: number; saved: boolean; applied: boolean };

/** Synced traits, each with its one writer. */
export interface Traits {
  /** One counter a part. Written by Python. */
  revision: Record<Part, number>;
  /** What runs, how far, how long still. Written by Python, at most ten times a second. */
  status: Status;
  /** Height of the widget in CSS pixels. Written by Python. */
  height: number;
}

/** Every request: its parameters, its result, and which buffer goes (`sends`) or comes (`gets`). */
export interface Requests {
  /** First of all: versions agree, and do buffers survive both ways? The page sends four bytes and gets them back. */
  hello: { params: { protocol: number }; result: { protocol: number; version: string; echoed: boolean; n: number; text_name: string; label_name: string | null; clusterers: Form[]; projectors: Form[]; prepare: Form; sources: string[] }; sends: true; gets: true };
  /** Where the session stands: rows kept, rounds, undo, settings, saved selections. */
  state: { params: Record<string, never>; result: { n: number; kept: number; decisions: number; undo: string | null; redo: string | null; saved: boolean; resumed: string; round: Round | null; rounds: Round[]; draft: boolean; stale: boolean; settings: Settings; history: Decision[]; selections: { name: string; count: number }[]; counts: Count[]; curve: Curve | null; overview: Overview | null; consent: Consent | null; notes: string[] }; sends: false; gets: false };
  /** What the map draws, described: the columns themselves are asked for by chunk. One item a row of the table, in its order. A column whose `version` the page holds already need not be asked for again. */
  frame: { params: Record<string, never>; result: { frame: number; n: number; lo: number; hi: number; columns: Column[] }; sends: false; gets: false };
  /** One chunk of a column of the frame. Refused as `stale` where the frame is no longer the current one. */
  column: { params: { frame: number; name: string; chunk: number }; result: { chunk: number }; sends: false; gets: true };
  /** Which rows are kept now: n bits. The map hides the others at once, also before the next round has begun. */
  kept: { params: Record<string, never>; result: { count: number }; sends: false; gets: true };
  /** The cluster table, the next one to look at first: figures, names, verdicts. */
  clusters: { params: Record<string, never>; result: { clusters: Cluster[] }; sends: false; gets: false };
  /** A slice of rows to read. `within` is all, kept, dropped, selection or cluster. */
  points: { params: { within: string; cluster?: number; query?: string; offset: number; limit: number }; result: { total: number; points: Point[] }; sends: false; gets: false };
  /** The whole text of one row. */
  text: { params: { row: number }; result: { row: number; text: string }; sends: false; gets: false };
  /** Rows whose text holds the words (or matches the regular expression). */
  search: { params: { query: string; regex?: boolean }; result: { count: number }; sends: false; gets: true };
  /** What is selected now: n bits, least significant first. Never changes a row. */
  select: { params: { source?: Record<string, unknown> }; result: { count: number; clusters: Tally[]; labels: Tally[]; examples: Point[]; silhouette: number | null }; sends: true; gets: false };
  /** The selection as Python knows it. */
  selection: { params: Record<string, never>; result: { count: number; source: string }; sends: false; gets: true };
  /** Keep the selection under a name: `w.selections[name]`. */
  save: { params: { name: string }; result: { name: string; count: number }; sends: false; gets: false };
  /** Select what was saved under a name. */
  recall: { params: { name: string }; result: { count: number }; sends: false; gets: true };
  /** Drop rows. `decision` is an id made by the page: a retry never applies twice. */
  drop: { params: { decision: string; reason?: string; source?: Record<string, unknown> }; result: Outcome; sends: true; gets: false };
  /** Drop every kept row but these. */
  keep_only: { params: { decision: string; reason?: string; source?: Record<string, unknown> }; result: Outcome; sends: true; gets: false };
  /** These were looked at and stay. */
  keep: { params: { decision: string; reason?: string; source?: Record<string, unknown> }; result: Outcome; sends: true; gets: false };
  /** Bring rows back. */
  restore: { params: { decision: string; reason?: string; source?: Record<string, unknown> }; result: Outcome; sends: true; gets: false };
  /** Name a cluster. */
  rename: { params: { decision: string; cluster: number; name: string }; result: Outcome; sends: false; gets: false };
  /** Take the last decision back. */
  undo: { params: { decision: string }; result: Outcome; sends: false; gets: false };
  /** Do again what was taken back. */
  redo: { params: { decision: string }; result: Outcome; sends: false; gets: false };
  /** Settings of the next round; what is absent stays as it is. */
  settings: { params: { decision: string; settings: Record<string, unknown> }; result: Outcome; sends: false; gets: false };
  /** Start a round; acknowledged at once, reported through `status`. */
  run: { params: Record<string, never>; result: Record<string, never>; sends: false; gets: false };
  /** Relax the map: points move a little towards their neighbours. Acknowledged; new `layout` revisions follow. */
  refine: { params: Record<string, never>; result: Record<string, never>; sends: false; gets: false };
  /** Stop what runs. The last whole round stays. */
  cancel: { params: Record<string, never>; result: { cancelled: boolean }; sends: false; gets: false };
  /** Judge clusters again: those named, or all that changed. */
  analyze: { params: { clusters?: number[] }; result: Record<string, never>; sends: false; gets: false };
  /** What is the selection, does it belong? Acknowledged; the answer comes with a new `analysis` revision. */
  explain: { params: Record<string, never>; result: Record<string, never>; sends: false; gets: false };
  /** The answer to the last `explain`. */
  explanation: { params: Record<string, never>; result: { explanation: Explanation | null }; sends: false; gets: false };
  /** The person's answer before anything is sent to a remote provider. */
  consent: { params: { granted: boolean }; result: Record<string, never>; sends: false; gets: false };
}

export type ErrorKind = "unknown" | "invalid" | "stale" | "refused" | "failed";
