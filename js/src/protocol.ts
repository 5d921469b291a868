// Made from src/elute/widget/protocol.py by `make protocol`: change it there.

export const PROTOCOL = 1;
export const MESSAGE_LIMIT = 4000000;

/** Requests that may be answered any number of times. Every other one is an act, done once. */
export const READINGS: ReadonlySet<string> = new Set(["hello", "state", "frame", "column", "kept", "clusters", "values", "points", "text", "hits", "grow", "going", "selection", "revisit", "previewed", "explanation", "judged", "suggestions", "suggestion", "halves", "read", "advice", "worth", "learned", "duplicates", "confusion", "confused", "pairs", "accuracy", "compared", "tags", "prompts", "check_prompts", "prompted", "calls", "calls_file", "report_file", "paper", "paper_file", "thumbnails"]);

export type Part = "round" | "layout" | "decision" | "selection" | "analysis" | "settings" | "search" | "preview" | "evidence" | "suggestions" | "compare" | "report";
export type Status = { stage: string; done: number; total: number; seconds_left: number | null; message: string; busy: boolean; error: string };
export type Column = { name: "coords3" | "coords2" | "labels"; dtype: "uint16" | "int16" | "int8"; items: number; chunks: number; version: number };
export type Field = { name: string; kind: "int" | "float" | "bool" | "choice" | "str"; default: unknown; low: number | null; high: number | null; choices: string[] | null; help: string; optional: boolean };
export type Attribute = { key: string; title: string; kind: "category" | "number" | "flag" | "text"; group: "" | "column" | "finding" };
export type Category = { name: string; count: number };
export type Grid = { unit: number; per: number; time: boolean; beyond: [boolean, boolean] };
export type Form = { name: string; title: string; when: string; fields: Field[] };
export type Choice = { name: string } & Record<string, unknown>;
export type Settings = { embedder: Choice; clusterer: Choice; projector: Choice; prepare: Choice; analyst: string; automatic: boolean };
export type Verdict = "keep" | "trim" | "drop" | "unsure";
export type Cluster = { cluster: number; name: string; size: number; share: number; kept: number | null; whole?: number | null; outliers: number | null; silhouette: number | null; density: number | null; duplicates: number; label: string | null; label_share: number | null; foreign: number | null; confidence: number | null; signals: Signal[]; tiny: boolean; why: string; verdict: Verdict | null; reasons: string[]; summary: string; quality: number | null; source: string; status: "ok" | "failed" | "pending"; error: string; trim: number[] };
export type Metrics = { silhouette: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; dbcv: number | null; noise: number; balance: number; clusters: number; largest_to_smallest: number; effective?: number };
export type Round = { id: string; number: number; kept: number; clusterer: string; projector: string; seconds: number; metrics: Metrics; notes: string[]; before: number | null; undone: boolean };
export type Curve = { title: string; x_name: string; y_name: string; x: number[]; y: number[]; chosen: number };
export type Count = { step: string; title: string; before: number; after: number; changed: number };
export type Overview = { more_or_fewer: string; suggested: number | null; reason: string; imbalance: string; next: string; merge: [number, number][]; split: number[]; source: string };
export type Decision = { id: string; number: number; kind: string; rows: number; reason: string; source: string; round: number; time: string; undone: boolean; drawn: boolean };
export type Point = { row: number; text: string; clipped: boolean; label: string | null; cluster: number; kept: boolean; flags: string[]; values: (string | number | null)[]; similarity: number | null };
export type Flag = { name: string; title: string; why: string; score: number | null };
export type Sweep = { clusterer: string; parameter: string; values: number[]; clusters: number[]; noise: number[]; chosen: number | null };
export type Tally = { key: number | string; count: number; of: number };
export type Analyst = { name: string; model: string; provider: string; asks: boolean; remote: boolean; consented: boolean; spent: number | null; limit: number | null };
export type Prompts = { system: string; user: string; task: string };
export type Prompt = { cluster: number; messages: { role: string; content: string }[]; texts: number; calls: number; tokens: number; cost: number | null };
export type Call = { id: string; time: string; kind: string; cluster: number | null; model: string; provider: string; messages: { role: string; content: string }[]; answer: string; status: string; error: string; sent: number; answered: number; cost: number | null; seconds: number };
export type Consent = { provider: string; purpose: string; texts: number; tokens: number | null; cost: number | null; examples: string[] };
export type Explanation = { what: string; belongs: "yes" | "no" | "partly" | "unsure"; reasons: string[]; source: string; rows: number };
export type Signal = { name: string; title: string; value: number };
export type Tier = "safe" | "look";
export type Example = { point: Point; after: string | null; beside: Point | null; why: string };
export type Suggestion = { id: string; tier: Tier; kind: string; action: string; other: string | null; title: string; why: string; count: number; cluster: number | null; clusters: number[]; confidence: number | null; meaning: string; effect: string; overlaps: string[]; examples: Example[]; settings: Record<string, unknown> | null; analyst?: string; advised?: string | null };
export type Figure = { name: string; title: string; digits: number; before: number; after: number; better: boolean | null };
export type Effect = { id: string; title: string; analyst: string; rows: number; before_round: number; after_round: number; beside: number; figures: Figure[] };
export type Looks = { order: number[]; done: number; dropped: number; kept: number; nothing: string };
export type DuplicateGroup = { survivor: number; count: number; conflict: boolean; similarity: number | null; points: Point[] };
export type Pair = { a: number; b: number; full: number; in3: number | null; in2: number | null; why: string };
export type Accuracy = { round: number; kept: number; accuracy: number; error: number; random: number | null };
export type Compared = { clusterer: Choice; title: string; silhouette: number | null; spread: number | null; davies_bouldin: number | null; calinski_harabasz: number | null; clusters: number; largest: number; smallest: number; sizes: number[]; noise: number; agreement: number | null; label: number | null; seconds: number; note: string; error: string };
export type Learned = { name: string; precision: number | null; precision_error: number | null; recall: number | null; recall_error: number | null; examples: number; needed: number; more: number; uncertain: Point[]; note: string };
export type ReportSection = { title: string; lines: string[]; head: string[]; rows: string[][]; bars: number[]; items: string[] };
export type Report = { round: number; title: string; sections: ReportSection[]; source: string; note: string };
export type RowsJudged = { running: boolean; done: number; of: number; error: string; result: { criterion: string; source: string; counts: { keep: number; drop: number; unsure: number }; failed: number; known: number; left: number; error: string; read: string } | null };
export type Tag = { name: string; count: number; note: string };
export type Exported = { texts: boolean; said: string };
export type Outcome = { kept: number; rows: number; saved: boolean; applied: boolean; note: string };

/** Synced traits, each with its one writer. */
export interface Traits {
  /** One counter a part. Written by Python. */
  revision: Record<Part, number>;
  /** What runs, how far, how long still. Written by Python, at most ten times a second. */
  status: Status;
  /** Height of the widget in CSS pixels. Written by Python. */
  height: number;
  /** How many rows stay, and how many are selected. Written by Python. */
  counts: { kept: number; selected: number };
  /** Which maps are shown. Written by both. */
  dim: "2d" | "3d" | "both";
  /** Key of the attribute that colours the points. Written by both. */
  colour_by: string;
  /** Clusters that are neither drawn nor selected, ascending. Written by both. */
  hidden: number[];
}

/** Every request: its parameters, its result, and which buffer goes (`sends`) or comes (`gets`). */
export interface Requests {
  /** First of all: versions agree, and do buffers survive both ways? The page sends four bytes and gets them back. `journal` is the same for pages whose decisions go to the same place. `images`: rows have images, which `thumbnails` gives. `exported`: this is a page on its own, with no Python behind it. */
  hello: { params: { protocol: number }; result: { protocol: number; version: string; echoed: boolean; n: number; text_name: string; label_name: string | null; journal: string; embedders: Form[]; clusterers: Form[]; projectors: Form[]; prepare: Form; sources: string[]; images?: boolean; exported?: Exported }; sends: true; gets: true };
  /** Where the session stands: rows kept, rounds, undo, settings, saved selections. `n` and `kept` count no rows of a reference, which the map shows too: those are `reference`. `resumed` says what came back, `offered` which decisions could be brought along, `problem` what is not saved yet, `read_only` that another kernel decides, `sampled` of how many rows these are a sample: each a line, empty where there is nothing to say. */
  state: { params: Record<string, never>; result: { n: number; kept: number; reference?: number; decisions: number; undo: string | null; redo: string | null; saved: boolean; resumed: string; offered?: string; problem?: string; read_only?: string; sampled?: string; round: Round | null; rounds: Round[]; draft: boolean; stale: boolean; settings: Settings; history: Decision[]; selections: { name: string; count: number }[]; counts: Count[]; curve: Curve | null; overview: Overview | null; consent: Consent | null; notes: string[]; attributes: Attribute[]; looking: number | null; effects?: Effect[]; analyst: Analyst }; sends: false; gets: false };
  /** What the map draws, described: the columns themselves are asked for by chunk. One item a row of the table, in its order. A column whose `version` the page holds already need not be asked for again. */
  frame: { params: Record<string, never>; result: { frame: number; n: number; lo: number; hi: number; columns: Column[] }; sends: false; gets: false };
  /** One chunk of a column of the frame. Refused as `stale` where the frame is no longer the current one. */
  column: { params: { frame: number; name: string; chunk: number }; result: { chunk: number }; sends: false; gets: true };
  /** Which rows are kept now: n bits. The map hides the others at once, also before the next round has begun. */
  kept: { params: Record<string, never>; result: { count: number }; sends: false; gets: true };
  /** The cluster table, the next one to look at first: figures, names, verdicts. */
  clusters: { params: Record<string, never>; result: { clusters: Cluster[] }; sends: false; gets: false };
  /** One attribute of every row, for colours, legend, filter and thresholds: n uint16. A category's code is its place in `categories`, the most frequent first, the last one standing for all others (`others` values) where there are too many; a flag's categories are yes and no; a number is lo + code / 65534 * (hi - lo), what is beyond lies at the end; 65535 is a row without a value. Thresholds of a number are the multiples of `unit / per` of its `grid`, or of `unit` microseconds since 1970 where it is `time` (its numbers are years then); n bits after the codes, least significant first, are the rows that are less than the multiple that has their code, and `beyond` says whether some lie lower than `lo` and higher than `hi`. Where `version` is the one the page holds already, `chunks` is 0 and nothing comes. An attribute of kind text has no codes. */
  values: { params: { key: string; chunk?: number; version?: number }; result: { key: string; categories: Category[] | null; others: number; lo: number; hi: number; grid: Grid | null; chunks: number; version: number }; sends: false; gets: true };
  /** A slice of rows to read. `within` is all, kept, dropped, selection, hits, cluster (of that number), tag (that bear `tag`), pinned or near (the neighbours of `row`, the nearest first). `sort` holds keys of attributes, each with a leading - where it goes down; `keys` says which attributes stand in `values`. */
  points: { params: { within: string; cluster?: number; row?: number; tag?: string; query?: string; regex?: boolean; sort?: string[]; keys?: string[]; offset: number; limit: number }; result: { total: number; points: Point[] }; sends: false; gets: false };
  /** The whole text of one row, and what was found about it. */
  text: { params: { row: number }; result: { row: number; text: string; label: string | null; cluster: number; kept: boolean; flags: Flag[] }; sends: false; gets: false };
  /** Small images of rows, one after the other: so many bytes each, 0 where a row has none. Only where `images` of `hello` says so. */
  thumbnails: { params: { rows: number[] }; result: { sizes: number[] }; sends: false; gets: true };
  /** Rows that hold the words (`mode` text), match the regular expression (regex), or are nearest in meaning (meaning): for this one `pending` says that the hits come with a new `search` revision. */
  search: { params: { query: string; mode: string; limit?: number }; result: { count: number; pending: boolean }; sends: false; gets: true };
  /** What the last search found, of whichever view. `pending`: it is still to come, with a new `search` revision. */
  hits: { params: Record<string, never>; result: { query: string; mode: string; count: number; error: string; pending?: boolean }; sends: false; gets: true };
  /** These rows and their nearest neighbours among the rows that stay. Selects nothing. */
  grow: { params: Record<string, never>; result: { count: number }; sends: true; gets: true };
  /** What is selected now: n bits, least significant first. Never changes a row. `goes` is how many rows a drop would take, of `groups` dialogues or documents where the table has those, and `note` says what would go or stay beside what is selected. */
  select: { params: { source?: Record<string, unknown> }; result: { count: number; clusters: Tally[]; labels: Tally[]; examples: Point[]; silhouette: number | null; goes: number; groups: number; note: string }; sends: true; gets: false };
  /** What a drop of these rows would take, of those that stay: the bits are the rows that go, the others as in `select`. Selects nothing. */
  going: { params: Record<string, never>; result: { goes: number; groups: number; note: string }; sends: true; gets: true };
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
  /** Go back to where the session stood after a round or decision of the history (an empty `to` is the beginning). It is a decision itself: undo leads here again, and nothing is lost. */
  goto: { params: { decision: string; to: string }; result: Outcome; sends: false; gets: false };
  /** A decision as it was made: the rows it was about, its lasso and camera in `source`. Changes nothing. */
  revisit: { params: { id: string }; result: { kind: string; reason: string; count: number; source: Record<string, unknown> }; sends: false; gets: true };
  /** Show an earlier round as it was, by its id; "" shows the current one again. Decides nothing. */
  look: { params: { round: string }; result: Record<string, never>; sends: false; gets: false };
  /** What the next round's clusters would be over a range of the clusterer's main parameter. Acknowledged; a new `preview` revision follows. */
  preview: { params: { clusterer: Record<string, unknown> }; result: Record<string, never>; sends: false; gets: false };
  /** The answer to the last `preview`. */
  previewed: { params: Record<string, never>; result: { sweep: Sweep | null; error: string }; sends: false; gets: false };
  /** Put every decision aside, in a file beside the journal, and begin with the whole table. Nothing is deleted. */
  afresh: { params: { decision: string }; result: Outcome; sends: false; gets: false };
  /** Take over what was decided about a table with many of the same rows, where `state` offers it. */
  bring_along: { params: Record<string, never>; result: { decisions: number }; sends: false; gets: false };
  /** Of two kernels on one journal: decide here from now on (`how` is take), or go on in a journal of its own (copy), which is in `folder`. */
  hold: { params: { how: string }; result: { folder: string }; sends: false; gets: false };
  /** Try once more to write what is not saved yet. */
  save_again: { params: Record<string, never>; result: { saved: boolean; problem: string }; sends: false; gets: false };
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
  /** Have the analyst judge these rows by a criterion: keep, drop or unsure for each. It removes nothing. Acknowledged; new `analysis` revisions follow. */
  judge_rows: { params: { criterion: string }; result: Record<string, never>; sends: true; gets: false };
  /** How far that is, and what came of it. The bits are the rows with that `verdict` that still stay. */
  judged: { params: { verdict?: string }; result: RowsJudged; sends: false; gets: true };
  /** What elute would do, with its evidence: nothing happens until it is accepted. `looks` is the order of clusters for a quick look, what was decided in it, and what to say where nothing stands out; `checked` says what was looked for; `together` is how many rows the safe ones that may be accepted together are about. */
  suggestions: { params: Record<string, never>; result: { suggestions: Suggestion[]; looks: Looks; checked: string[]; dismissed: number; together: number; pending: boolean }; sends: false; gets: false };
  /** The rows of a suggestion, and more examples of it. */
  suggestion: { params: { id: string; offset?: number }; result: { id: string; count: number; examples: Example[] }; sends: false; gets: true };
  /** The two kinds of texts in a cluster, the one more unlike the rest first, and examples of each; none where it is read whole. The bits are the first one's rows. */
  halves: { params: { cluster: number }; result: { examples: Example[][] }; sends: false; gets: true };
  /** Of these rows, of those that stay, the next few to read whole, from all over the table. Selects nothing. */
  read: { params: Record<string, never>; result: { examples: Example[] }; sends: true; gets: false };
  /** Do what these suggestions propose, as one decision that one undo takes back. `action` chooses between what they offer. */
  accept: { params: { decision: string; ids: string[]; action?: string }; result: Outcome; sends: false; gets: false };
  /** What the analyst's advice would do, all of these together, each row counted once; `accept` with the action `advised` does it. */
  advice: { params: { ids: string[] }; result: { rows: number; ids: string[]; effect: string; next: string }; sends: false; gets: false };
  /** Never show this suggestion again. */
  dismiss: { params: { decision: string; id: string }; result: Outcome; sends: false; gets: false };
  /** Of these rows, those that look worth keeping: rare, well labelled, typical of a kept cluster. Selects nothing. */
  worth: { params: Record<string, never>; result: { count: number; points: Point[]; why: string[] }; sends: true; gets: true };
  /** Learn from what was dropped and kept (or give a name to what was learned); acknowledged, a new `evidence` revision follows. */
  learn: { params: { name?: string }; result: Record<string, never>; sends: false; gets: false };
  /** What was learned last. */
  learned: { params: Record<string, never>; result: { learned: Learned | null; error: string }; sends: false; gets: false };
  /** Groups of rows that say the same, side by side, the largest first. `kind` is near (edit-checked), conflict (near, with different labels) or meaning (cosine at least `threshold`). The bits are all rows of all groups that may go: neither the first of each, nor those under another label, nor the `left` others that were decided on or are in a group with rows that stay. `pending` says that they come with a new `evidence` revision, `error` why there are none; `again` asks for them once more. */
  duplicates: { params: { kind: string; threshold?: number; offset: number; limit: number; again?: boolean }; result: { total: number; rows: number; left: number; groups: DuplicateGroup[]; pending: boolean; error: string }; sends: false; gets: true };
  /** How many rows that bear a label look like another one: pairs of places in `labels`, most rows first. `codes` are the labels' own numbers. */
  confusion: { params: Record<string, never>; result: { labels: string[]; codes: number[]; given: number[]; looks: number[]; counts: number[]; pending: boolean }; sends: false; gets: false };
  /** The rows of one cell of `confusion`, by the `codes` of its labels. Selects nothing. */
  confused: { params: { given: number; looks: number }; result: { count: number }; sends: false; gets: true };
  /** Pairs of clusters that mix, most first: in the full space, in 3D and in 2D; or why they are not known. `again` asks for them once more. */
  pairs: { params: { again?: boolean }; result: { pairs: Pair[]; pending: boolean; error: string }; sends: false; gets: false };
  /** With labels: accuracy on a fixed part of the rows, by round, and beside it that of random removal of as many. */
  accuracy: { params: Record<string, never>; result: { course: Accuracy[]; best: number | null; why: string; pending: boolean }; sends: false; gets: false };
  /** Cluster with each of these and score them in the same space. Acknowledged; a new `compare` revision follows. */
  compare: { params: { clusterers: Record<string, unknown>[] }; result: Record<string, never>; sends: false; gets: false };
  /** What the last `compare` found so far; `note` says in the end whether one leads by more than chance, `round` and `kept` of which round and how many rows it is. */
  compared: { params: Record<string, never>; result: { rows: Compared[]; running: boolean; error: string; note: string; round: number; kept: number }; sends: false; gets: false };
  /** Tag rows, with a note; an empty tag takes all tags off. */
  tag: { params: { decision: string; name: string; note?: string }; result: Outcome; sends: true; gets: false };
  /** Tags that rows bear, and how many rows are pinned. */
  tags: { params: Record<string, never>; result: { tags: Tag[]; pinned: number }; sends: false; gets: false };
  /** Pin rows: no decision drops them until they are let go (`on` false). */
  pin: { params: { decision: string; on: boolean }; result: Outcome; sends: true; gets: false };
  /** Propose another label for rows; it stands in a column of its own. */
  relabel: { params: { decision: string; label: string }; result: Outcome; sends: true; gets: false };
  /** What the analyst is told in the person's own words: now, as it comes (the cell's, else elute's; an empty field restores it), and by round; `changed` names the fields that were set since. `goes_by` says what rules read, where no model is asked. */
  prompts: { params: Record<string, never>; result: { now: Prompts; standard: Prompts; changed: string[]; earlier: (Prompts & { round: number })[]; placeholders: { name: string; means: string }[]; goes_by: string[] }; sends: false; gets: false };
  /** What is wrong with each field; "" where nothing is. Sends and changes nothing. */
  check_prompts: { params: { system: string; user: string; task: string }; result: { problems: Prompts }; sends: false; gets: false };
  /** Tell the analyst this from now on; every cluster is judged by it. */
  set_prompts: { params: { decision: string; system: string; user: string; task: string }; result: Outcome; sends: false; gets: false };
  /** Make the exact prompt about a cluster, by these words where they are given, and say what judging every cluster would take; nothing is sent. Acknowledged; a new `analysis` revision follows. */
  prompt: { params: { cluster: number; system?: string; user?: string; task?: string }; result: Record<string, never>; sends: false; gets: false };
  /** The answer to the last `prompt`. */
  prompted: { params: Record<string, never>; result: { asked: number | null; prompt: Prompt | null; error: string }; sends: false; gets: false };
  /** Calls to the model so far, the newest first: what was sent and what came back, whole. */
  calls: { params: { offset: number; limit: number }; result: { total: number; calls: Call[] }; sends: false; gets: false };
  /** All calls as JSON lines, one chunk of bytes at a time. */
  calls_file: { params: { chunk: number }; result: { chunks: number }; sends: false; gets: true };
  /** One readable page about a round, by its id; the round that is shown where none is given. With `write` the model puts it into words, where `writes` says that there is one: refused until the person agreed to its provider; false is by rules. Without it nothing is sent: words of that round that are there or on their way stay, and `moved` says that something was decided or named since. `pending` says that it comes with a new `report` revision. */
  report: { params: { round?: string; write?: boolean }; result: { report: Report | null; pending: boolean; error: string; writes: boolean; written: boolean; moved: boolean }; sends: false; gets: false };
  /** The report of a round that was asked for, by its number, as a file; the one that was asked for last where none is given. `kind` is html or md. */
  report_file: { params: { kind: string; round?: number }; result: { name: string }; sends: false; gets: true };
  /** Have a paper of the whole session made: `kind` is report (a page), card, manifest, code or map (a page to look at with no Python). Without `texts` no text, name or label is in it. `pending` says that it comes with a new `report` revision. */
  paper: { params: { kind: string; texts?: boolean }; result: { pending: boolean; error: string; name: string; chunks: number; key: string }; sends: false; gets: false };
  /** A paper that was made, by its `key`, one chunk of bytes at a time. Refused as `stale` where another one was made since. */
  paper_file: { params: { key: string; chunk: number }; result: { chunks: number }; sends: false; gets: true };
  /** The person's answer before anything is sent to a remote provider: `provider` and `purpose` are those of the question that they read. A yes to what is not asked any more is refused as `stale`. */
  consent: { params: { granted: boolean; provider: string; purpose: string }; result: Record<string, never>; sends: false; gets: false };
  /** The person takes back that texts may go to a remote provider: what sends there stops, and they are asked again where they want something of it. */
  withdraw_consent: { params: { provider: string }; result: Record<string, never>; sends: false; gets: false };
}

export type ErrorKind = "unknown" | "invalid" | "stale" | "refused" | "failed" | "early";
