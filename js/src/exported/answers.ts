// What an exported page answers in Python's place. What is known is told; what would decide or compute is refused.

import { type Name, type Params, type Reply, RequestError, type Result } from "../message";
import { Mask } from "../mask";
import { Rows } from "./rows";
import type { Unsealed } from "./sealed";

/** Examples of a selection. */
const EXAMPLES = 12;

type Answer<K extends Name> = (params: Params<K>, bytes: Uint8Array) => { result: Result<K>; bytes?: Uint8Array };

export class Answers {
  readonly #page: Unsealed;
  readonly #rows: Rows;
  #selected: Mask;
  #hits: { query: string; mode: string; rows: Mask };

  constructor(page: Unsealed) {
    this.#page = page;
    this.#rows = new Rows(page);
    this.#selected = new Mask(page.n);
    this.#hits = { query: "", mode: "text", rows: new Mask(page.n) };
  }

  /** The one answer to a request; throws a RequestError where there is none. */
  answer<K extends Name>(name: K, params: Params<K>, bytes: Uint8Array): Reply<K> {
    if (!Object.hasOwn(this.#known, name)) throw new RequestError("refused", "This page can be looked at and filtered; to decide or compute, open elute in a notebook.");
    const { result, bytes: out } = (this.#known[name] as Answer<K>)(params, bytes);
    return { result, bytes: out ?? new Uint8Array() };
  }

  readonly #known: { [K in Name]?: Answer<K> } = {
    hello: (_, bytes) => ({ result: { ...this.#page.hello, echoed: bytes.length === 4 }, bytes }),
    state: () => ({ result: this.#page.state }),
    frame: () => ({ result: this.#page.frame }),
    column: ({ name, chunk }) => ({ result: { chunk }, bytes: this.#page.columns[name as keyof Unsealed["columns"]] }),
    kept: () => ({ result: { count: this.#rows.kept.count() }, bytes: this.#page.kept }),
    clusters: () => ({ result: { clusters: this.#page.clusters } }),
    explanation: () => ({ result: { explanation: null } }),
    values: ({ key, version }) => {
      const held = this.#page.values.get(key);
      if (!held) throw new RequestError("refused", "This attribute is not on the page.");
      const { categories, others, lo, hi, grid, bytes } = held;
      const known = version === 1;
      return { result: { key, categories, others, lo, hi, grid, chunks: known ? 0 : 1, version: 1 }, bytes: known ? new Uint8Array() : bytes };
    },
    points: (params) => ({ result: this.#rows.slice(params, { selection: this.#selected, hits: this.#hits.rows }) }),
    text: ({ row }) => {
      const { label, cluster, kept } = this.#rows.point(row);
      return { result: { row, text: this.#page.texts?.[row] ?? "", label, cluster, kept, flags: this.#rows.flags(row) } };
    },
    search: ({ query, mode }) => {
      if (mode === "meaning") throw new RequestError("refused", "To search by meaning takes the vectors, which are not on this page.");
      const rows = this.#rows.matching(query, mode === "regex");
      this.#hits = { query, mode, rows };
      return { result: { count: rows.count(), pending: false }, bytes: rows.toBytes() };
    },
    hits: () => {
      const { query, mode, rows } = this.#hits;
      return { result: { query, mode, count: rows.count(), error: "" }, bytes: rows.toBytes() };
    },
    select: (_, bytes) => {
      this.#selected = Mask.from(this.#page.n, bytes).and(this.#rows.kept);
      const count = this.#selected.count();
      return { result: { count, clusters: [], labels: [], examples: this.#examples(), silhouette: null, goes: 0, groups: 0, note: "" } };
    },
    selection: () => ({ result: { count: this.#selected.count(), source: "page" }, bytes: this.#selected.toBytes() }),
  };

  /** A few rows from all over what is selected; none where there is no text to read. */
  #examples(): Result<"select">["examples"] {
    if (!this.#page.texts) return [];
    const rows = this.#selected.rows();
    const some = Array.from({ length: Math.min(EXAMPLES, rows.length) }, (_, i) => rows[Math.floor((i * rows.length) / Math.min(EXAMPLES, rows.length))]);
    return some.map((row) => this.#rows.point(row));
  }
}
