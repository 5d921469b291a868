// A Python side in a few lines: rows with clusters, a mask, a selection, undo. It answers at once and counts what it was asked.

import type { Kernel } from "../src/kernel";
import type { Name, Reply } from "../src/message";
import { RequestError } from "../src/message";
import { Mask } from "../src/mask";
import type { Cluster, Example, Grid, Looks, Point, Suggestion, Sweep } from "../src/protocol";
import { BITS, EVIDENCE } from "./evidence";

export const LABELS = Int16Array.of(0, 0, 0, 0, 1, 1, 1, -1, -1, -2);

export class FakePython {
  readonly n = LABELS.length;
  readonly asked: { name: string; params: Record<string, unknown>; bytes: Uint8Array | undefined }[] = [];
  kept = new Mask(this.n).not();
  selected = new Mask(this.n);
  past: Mask[] = [];
  /** Rows that go together. */
  groups: number[][] = [];
  frame = 1;
  /** Version of the coords: they stay where they are over many frames. */
  placed = 1;
  label: string | null = "intent";
  refuse = "";
  /** Rows have images. */
  images = false;
  explanation: unknown = null;
  session: Record<string, unknown> = {};
  names = new Map([[0, "cards"], [1, "fees"]]);
  /** Where a test has its own. */
  clusters: Cluster[] | undefined;
  /** Where a test has its own list. */
  points: ((params: { offset: number; limit: number }) => { total: number; points: Point[] }) | undefined;
  /** Of every row, where one asks for the whole. */
  long: string | undefined;
  /** What the last search by meaning will have found. */
  hits: { query: string; mode: string; rows: number[]; error: string; pending?: boolean } = { query: "", mode: "text", rows: [], error: "" };
  /** Rows of any saved selection. */
  saved = [4, 5, 7];
  revisited: { rows: number[]; source: Record<string, unknown> } = { rows: [4, 5, 6], source: {} };
  sweep: Sweep | null = { clusterer: "dbscan", parameter: "eps", values: [0.1, 0.2, 0.4, 0.8], clusters: [9, 12, 4, 1], noise: [0.6, 0.08, 0.02, 0], chosen: 0.2 };
  /** Attributes by key, in two chunks. */
  values = new Map<string, { codes: number[]; categories: { name: string; count: number }[] | null; others: number; version: number; lo?: number; hi?: number; grid?: Grid | null; under?: number[] }>([
    ["label", { codes: [0, 0, 1, 1, 2, 2, 2, 0, 65535, 0], categories: [{ name: "<i>refund</i>", count: 4 }, { name: "fees", count: 2 }, { name: "rest", count: 3 }], others: 7, version: 1 }],
    ["score", { codes: [0, 65534, 32767, 0, 100, 200, 300, 65534, 65535, 0], categories: null, others: 0, version: 1 }],
  ]);
  suggested: { suggestions: Suggestion[]; looks: Looks; checked: string[]; dismissed: number; together: number; pending: boolean } | undefined;
  /** Rows of any suggestion. */
  suggestedRows = [2, 3];
  /** Rows of the first half of any cluster. */
  first: number[] = [];
  /** Examples of any suggestion, where a test has its own. */
  examples: Example[] | undefined;
  /** Rows that look worth keeping. */
  worth: number[] = [];
  /** Answers to requests by name, where a test has its own. */
  answers: Record<string, unknown> = {};
  /** Requests by these names wait until released. */
  held = new Map<string, (() => void)[]>();

  kernel(): Kernel {
    const ask = (name: string, params: Record<string, unknown>, bytes?: Uint8Array) => this.#ask(name, params, bytes);
    return {
      undecided: 0,
      hello: async () => ({ n: this.n, images: this.images, label_name: this.label, journal: "j", embedders: EMBEDDERS, clusterers: FORMS, projectors: FORMS, prepare: { ...FORMS[1], name: "prepare" } }),
      request: ask,
      decide: ask,
      again: ({ name, params, bytes }: { name: string; params: Record<string, unknown>; bytes: Uint8Array }) => ask(name, params, bytes),
      dispose: () => undefined,
    } as unknown as Kernel;
  }

  readonly text = (row: number): string => `<b>text ${row}</b>`;

  /** Of a column "price" or "rank". */
  readonly value = (row: number, key: string): number => (key === "price" ? row % 3 : this.n - row);

  hold(name: string): () => void {
    const waiting: (() => void)[] = [];
    this.held.set(name, waiting);
    return () => {
      this.held.delete(name);
      for (const release of waiting) release();
    };
  }

  async #ask(name: string, params: Record<string, unknown>, bytes?: Uint8Array): Promise<Reply<Name>> {
    this.asked.push({ name, params, bytes });
    if (this.refuse === name) throw new RequestError("refused", `${name} is refused`);
    const answer = this.#answer(name as Name, params, bytes);
    const waiting = this.held.get(name);
    if (waiting) await new Promise<void>((release) => waiting.push(release));
    return answer;
  }

  /** What a drop takes: groups go whole. */
  #gone(rows: Mask): Mask {
    const whole = Mask.of(this.n, rows);
    for (const group of this.groups) if (group.some((row) => rows.has(row) && this.kept.has(row))) for (const row of group) whole.set(row, true);
    return whole.and(this.kept);
  }

  #note(rows: Mask): string {
    const more = this.#gone(rows).andNot(rows).count();
    return more > 0 ? `${more} more go with their group.` : "";
  }

  #search({ query, mode, limit = 100 }: { query: string; mode: string; limit?: number }): Reply<Name> {
    const reply = (result: unknown, rows: number[]) => ({ result, bytes: Mask.of(this.n, rows).toBytes() }) as Reply<Name>;
    if (mode === "meaning") {
      this.hits = { query, mode, rows: [1, 4, 5, 6].slice(0, limit), error: "" };
      return reply({ count: 0, pending: true }, []);
    }
    if (query === "(") throw new RequestError("invalid", "This is not a regular expression: it ends too early.");
    return reply({ count: query === "nowhere" ? 0 : 2, pending: false }, query === "nowhere" ? [] : [1, 4]);
  }

  #answer(name: Name, params: Record<string, unknown>, bytes: Uint8Array = new Uint8Array()): Reply<Name> {
    const reply = (result: unknown, out: Uint8Array = new Uint8Array()) => ({ result, bytes: out }) as Reply<Name>;
    const rows = () => Mask.from(this.n, bytes);
    const decided = (kept: Mask) => {
      this.past.push(this.kept);
      this.kept = kept;
      return reply({ kept: kept.count(), rows: 0, saved: true, applied: true });
    };
    if (name in this.answers || name in EVIDENCE || name in BITS) return reply(this.answers[name] ?? EVIDENCE[name] ?? {}, name in BITS ? Mask.of(this.n, BITS[name]).toBytes() : undefined);
    switch (name) {
      case "state":
        return reply({ ...SESSION, n: this.n, kept: this.kept.count(), undo: this.past.length ? "drop" : null, ...this.session });
      case "frame":
        return reply({ frame: this.frame, n: this.n, lo: -1, hi: 1, columns: [{ name: "coords3", chunks: 2, version: this.placed }, { name: "coords2", chunks: 1, version: this.placed }, { name: "labels", chunks: 1, version: this.frame }] });
      case "column": {
        if (params.frame !== this.frame) throw new RequestError("stale", "an older frame");
        if (params.name === "labels") return reply({}, new Uint8Array(LABELS.buffer));
        const per = params.name === "coords3" ? 3 : 4; // half of 3 x 2 bytes, or 2 x 2 bytes
        return reply({}, new Uint8Array(this.n * per));
      }
      case "kept":
        return reply({ count: this.kept.count() }, this.kept.toBytes());
      case "clusters":
        return reply({ clusters: this.clusters ?? [1, 0, -1].map((id) => cluster(id, this.names.get(id) ?? "")) });
      case "selection":
        return reply({}, this.selected.toBytes());
      case "select":
        this.selected = rows();
        return reply({ count: this.selected.count(), clusters: [], labels: [], examples: [...this.selected].slice(0, 3).map(point), silhouette: 0.1 });
      case "going": {
        const gone = this.#gone(rows());
        return reply({ goes: gone.count(), groups: 0, note: this.#note(rows()) }, gone.toBytes());
      }
      case "points": {
        if (this.points) return reply(this.points(params as { offset: number; limit: number }));
        const { within, row, query, regex, sort = [], keys = [], offset, limit } = params as { within: string; row: number; query?: string; regex?: boolean; sort?: string[]; keys?: string[]; offset: number; limit: number };
        const masks: Record<string, Iterable<number>> = { selection: this.selected, dropped: this.kept.not(), kept: this.kept };
        const listed = within === "near" ? [...Array(this.n).keys()].filter((other) => other !== row).sort((x, y) => Math.abs(x - row) - Math.abs(y - row)) : [...(masks[within] ?? Array(this.n).keys())];
        let pattern: RegExp | null = null;
        try {
          if (query && regex) pattern = new RegExp(query);
        } catch {
          throw new RequestError("invalid", "This is not a regular expression: it ends too early.");
        }
        const found = listed.filter((one) => (pattern ? pattern.test(this.text(one)) : this.text(one).includes(query ?? "")));
        const order = (x: number, y: number) => sort.reduce((so, key) => so || (key.startsWith("-") ? this.value(y, key.slice(1)) - this.value(x, key.slice(1)) : this.value(x, key) - this.value(y, key)), 0);
        const points = (sort.length > 0 ? found.sort(order) : found).slice(offset, offset + limit);
        return reply({ total: found.length, points: points.map((one) => ({ ...point(one), text: this.text(one), kept: this.kept.has(one), values: keys.map((key) => this.value(one, key)), similarity: within === "near" ? 1 - Math.abs(one - row) / 100 : null })) });
      }
      case "values": {
        const { key, chunk = 0, version } = params as { key: string; chunk?: number; version?: number };
        const found = this.values.get(key);
        if (!found) throw new RequestError("invalid", `There is no attribute '${key}'.`);
        const { codes, under = [], ...rest } = found;
        const held = version === found.version;
        const bytes = [...new Uint8Array(Uint16Array.from(codes).buffer), ...(found.categories ? [] : Mask.of(codes.length, under).toBytes())];
        const grid = found.categories ? null : { unit: 1, per: 100, time: false, beyond: [false, false] };
        return reply({ key, lo: 0, hi: 10, grid, ...rest, chunks: held ? 0 : 2 }, Uint8Array.from(held ? [] : bytes.slice(chunk * 8, chunk === 0 ? 8 : undefined)));
      }
      case "grow": {
        const grown = rows();
        for (const row of rows()) if (row + 1 < this.n) grown.set(row + 1, true);
        return reply({ count: grown.count() }, grown.toBytes());
      }
      case "text":
        return reply({ row: params.row, text: this.long ?? `the whole text of ${params.row as number}`, flags: [{ name: "short", title: "short", why: "It is <b>short</b>.", score: 0.5 }] });
      case "search":
        return this.#search(params as { query: string; mode: string; limit?: number });
      case "hits":
        return reply({ ...this.hits, count: this.hits.rows.length }, Mask.of(this.n, this.hits.rows).toBytes());
      case "recall":
        return reply({ count: this.saved.length }, Mask.of(this.n, this.saved).toBytes());
      case "goto":
        return decided(new Mask(this.n).not());
      case "look": {
        const rounds = (this.session.rounds ?? SESSION.rounds) as { id: string; number: number }[];
        this.session = { ...this.session, looking: rounds.find(({ id }) => id === params.round)?.number ?? null };
        return reply({});
      }
      case "revisit":
        return reply({ kind: "drop", reason: "", count: this.revisited.rows.length, source: this.revisited.source }, Mask.of(this.n, this.revisited.rows).toBytes());
      case "previewed":
        return reply({ sweep: this.sweep, error: this.sweep ? "" : "There are too few different texts for a preview." });
      case "rename":
        this.names.set(params.cluster as number, params.name as string);
        return reply({ kept: this.kept.count(), rows: 1, saved: true, applied: true });
      case "save":
        return reply({ name: params.name, count: this.selected.count() });
      case "drop": {
        const note = this.#note(rows());
        const gone = this.#gone(rows());
        const reply = decided(this.kept.andNot(gone));
        return { ...reply, result: { ...reply.result, rows: gone.count(), note } } as Reply<Name>;
      }
      case "keep_only":
        return decided(this.kept.and(rows()));
      case "restore":
        return decided(this.kept.or(rows()));
      case "undo": {
        const before = this.past.pop();
        this.kept = before ?? this.kept;
        return reply({ kept: this.kept.count(), rows: before ? 1 : 0, saved: true, applied: before !== undefined });
      }
      case "suggestions":
        return reply(this.suggested ?? { suggestions: [], looks: LOOKS, checked: [], dismissed: 0, together: 0, pending: false });
      case "suggestion": {
        const { id, offset = 0 } = params as { id: string; offset?: number };
        const among = id.startsWith("cluster:") ? [...LABELS.keys()].filter((row) => LABELS[row] === Number(id.slice(8)) && this.kept.has(row)) : this.suggestedRows;
        return reply({ id, count: among.length, examples: this.examples ?? among.slice(offset, offset + 5).map((row) => ({ point: point(row), after: null, beside: null, why: "" })) }, Mask.of(this.n, among).toBytes());
      }
      case "halves": {
        const { cluster } = params as { cluster: number };
        const among = [...LABELS.keys()].filter((row) => LABELS[row] === cluster && this.kept.has(row));
        const parts = [among.filter((row) => this.first.includes(row)), among.filter((row) => !this.first.includes(row))];
        const told = parts[0]!.length > 0 ? parts : [];
        return reply({ examples: told.map((rows) => rows.slice(0, 5).map((row) => ({ point: point(row), after: null, beside: null, why: "" }))) }, Mask.of(this.n, parts[0]!).toBytes());
      }
      case "read":
        return reply({ examples: [...rows().and(this.kept)].slice(0, 5).map((row) => ({ point: point(row), after: null, beside: null, why: "" })) });
      case "worth": {
        const good = this.worth.filter((row) => rows().has(row));
        return reply({ count: good.length, points: good.map(point), why: good.map(() => "rare") }, Mask.of(this.n, good).toBytes());
      }
      case "accept":
        return decided(this.kept.andNot(Mask.of(this.n, this.suggestedRows)));
      case "keep":
      case "dismiss":
        return reply({ kept: this.kept.count(), rows: 1, saved: true, applied: true });
      case "explanation":
        return reply({ explanation: this.explanation });
      default:
        return reply({});
    }
  }
}

const LOOKS: Looks = { order: [1, 0], done: 0, dropped: 0, kept: 0, nothing: "" };

export const point = (row: number): Point => ({ row, text: `<b>text ${row}</b>`, clipped: false, label: null, cluster: LABELS[row], kept: true, flags: [], values: [], similarity: null });

export const cluster = (id: number, name: string): Cluster => ({
  cluster: id,
  name,
  size: LABELS.filter((label) => label === id).length,
  share: 0.1,
  kept: 1,
  outliers: 0,
  silhouette: id === -1 ? null : 0.1 * (id + 1),
  density: null,
  duplicates: 0,
  label: null,
  label_share: null,
  foreign: id === 1 ? 0.8 : 0,
  confidence: id === -1 ? null : id === 1 ? 0.9 : 0.1,
  signals: id === 1 ? [{ name: "wording", title: "wording", value: 0.9 }] : [],
  tiny: false,
  why: id === 1 ? "It uses <b>other</b> words." : "",
  verdict: id === 1 ? "drop" : id === 0 ? "keep" : null,
  reasons: ["<img src=x onerror=alert(1)>"],
  summary: "",
  quality: null,
  source: "offline",
  status: "ok",
  error: "",
  trim: [],
});

const METRICS = { silhouette: 0.1, davies_bouldin: 2, calinski_harabasz: 90, dbcv: null, noise: 0.2, balance: 0.9, clusters: 2, largest_to_smallest: 1.3 };
const ROUND = { id: "r1", number: 1, kept: 10, clusterer: "kmeans", projector: "pca", seconds: 1, metrics: METRICS, notes: [], before: null, undone: false };

export const FORMS = [
  {
    name: "communities",
    title: "Communities",
    when: "No number to choose.",
    fields: [
      { name: "level", kind: "choice" as const, default: "default", low: null, high: null, choices: ["coarse", "default", "fine"], help: "", optional: false },
      { name: "resolution", kind: "float" as const, default: null, low: 0.01, high: 100, choices: null, help: "", optional: true },
    ],
  },
  {
    name: "kmeans",
    title: "K-means",
    when: "Round clusters.",
    fields: [{ name: "k", kind: "int" as const, default: null, low: 2, high: 50, choices: null, help: "how many", optional: true }],
  },
  {
    name: "dbscan",
    title: "DBSCAN",
    when: "Dense regions.",
    fields: [{ name: "eps", kind: "float" as const, default: 0.5, low: 0.01, high: 2, choices: null, help: "radius", optional: false }],
  },
];

export const EMBEDDERS = [
  { name: "tfidf", title: "TF-IDF", when: "Sees letters.", fields: [{ name: "dimension", kind: "int" as const, default: 256, low: 1, high: 4096, choices: null, help: "", optional: false }] },
  { name: "sbert", title: "Sentence-BERT", when: "Sees meaning.", fields: [] },
];

export const SESSION = {
  decisions: 0,
  redo: null,
  saved: true,
  resumed: "",
  round: { ...ROUND, number: 2, before: 1, metrics: { ...METRICS, silhouette: 0.2, davies_bouldin: 2.5 } },
  rounds: [ROUND, { ...ROUND, number: 2, before: 1, metrics: { ...METRICS, silhouette: 0.2, davies_bouldin: 2.5 } }],
  draft: false,
  stale: false,
  settings: { clusterer: { name: "kmeans", k: null }, projector: { name: "kmeans" }, prepare: { name: "prepare" }, analyst: "offline", embedder: { name: "tfidf" }, automatic: true },
  history: [],
  selections: [],
  counts: [],
  curve: null,
  overview: null,
  consent: null,
  notes: [],
  attributes: [
    { key: "cluster", title: "cluster", kind: "category" as const, group: "" as const },
    { key: "label", title: "intent", kind: "category" as const, group: "" as const },
    { key: "score", title: "score", kind: "number" as const, group: "column" as const },
  ],
  looking: null,
  analyst: { name: "offline", model: "", provider: "", asks: false, remote: false, consented: true, spent: null, limit: null },
};

