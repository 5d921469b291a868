// The rows of an exported page, to read: which ones a list holds, in which order, and what is told of each.

import { MISSING } from "../codes";
import { type Params, RequestError, type Result } from "../message";
import { Mask } from "../mask";
import type { Point } from "../protocol";
import { rowsWhere } from "../rows";
import type { Unsealed } from "./sealed";

/** Characters of a text in a list. */
const CLIP = 400;

export class Rows {
  constructor(readonly page: Unsealed) {}

  /** Rows whose text holds the words, or matches the pattern; upper and lower case are the same. */
  matching(query: string, regex: boolean): Mask {
    const { n, texts } = this.page;
    if (!texts) return new Mask(n);
    if (!regex) {
      const wanted = query.toLowerCase();
      return rowsWhere(n, (row) => texts[row].toLowerCase().includes(wanted));
    }
    const pattern = compiled(query);
    return rowsWhere(n, (row) => pattern.test(texts[row]));
  }

  /** A slice of a list. */
  slice({ within, cluster, query, regex, sort = [], keys = [], offset, limit }: Params<"points">, named: Record<string, Mask>): Result<"points"> {
    let among = this.#within(within, cluster, named);
    if (query) among = among.and(this.matching(query, regex ?? false));
    const rows = this.#sorted(among.rows(), sort);
    return { total: rows.length, points: [...rows.subarray(offset, offset + limit)].map((row) => this.point(row, keys)) };
  }

  point(row: number, keys: string[] = []): Point {
    const { clusterOf, texts } = this.page;
    const text = texts?.[row] ?? "";
    return {
      row,
      text: text.slice(0, CLIP),
      clipped: text.length > CLIP,
      label: this.label(row),
      cluster: clusterOf[row],
      kept: this.kept.has(row),
      flags: this.flags(row).map(({ title }) => title),
      values: keys.map((key) => this.#value(row, key)),
      similarity: null,
    };
  }

  label(row: number): string | null {
    const { labels } = this.page;
    return labels ? (labels.names[labels.which[row]] ?? null) : null;
  }

  /** What was found about a row. */
  flags(row: number): Result<"text">["flags"] {
    const flags = this.page.state.attributes.filter(({ kind }) => kind === "flag");
    return flags.filter(({ key }) => this.#value(row, key) === "yes").map(({ key, title }) => ({ name: key, title, why: "", score: null }));
  }

  get kept(): Mask {
    return Mask.from(this.page.n, this.page.kept);
  }

  #within(within: string, cluster: number | undefined, named: Record<string, Mask>): Mask {
    const { n, clusterOf } = this.page;
    if (within === "all") return new Mask(n).not();
    if (within === "kept") return this.kept;
    if (within === "dropped") return this.kept.not();
    if (within === "cluster") return rowsWhere(n, (row) => clusterOf[row] === cluster);
    if (within in named) return named[within];
    throw new RequestError("refused", "An exported page has no such list.");
  }

  /** What a row has of an attribute, as lists show it; null where it has none. */
  #value(row: number, key: string): string | number | null {
    const { values, texts, clusters, clusterOf } = this.page;
    if (key === "cluster") {
      const number = clusterOf[row];
      return number < -1 ? null : clusters.find((one) => one.cluster === number)?.name || (number === -1 ? "noise" : `cluster ${number}`);
    }
    if (key === "length" && texts) return texts[row].length;
    const held = values.get(key);
    const code = held?.codes[row] ?? MISSING;
    if (!held || code === MISSING) return null;
    if (held.categories) return held.others > 0 && code === held.categories.length - 1 ? `one of ${held.others} others` : (held.categories[code]?.name ?? null);
    return Number((held.lo + (code / (MISSING - 1)) * (held.hi - held.lo)).toPrecision(4));
  }

  /** By attributes, the first counting most; rows without a value last either way, equal rows in the order of the table. */
  #sorted(rows: Uint32Array, sort: string[]): Uint32Array {
    if (sort.length === 0) return rows;
    const by = sort.map((name) => {
      const down = name.startsWith("-");
      const key = down ? name.slice(1) : name;
      const value = key === "cluster" ? (row: number) => this.page.clusterOf[row] : (row: number) => this.#value(row, key);
      return { sign: down ? -1 : 1, of: new Map([...rows].map((row) => [row, value(row)])) };
    });
    return rows.slice().sort((a, b) => {
      for (const { sign, of } of by) {
        const order = compare(of.get(a) ?? null, of.get(b) ?? null, sign);
        if (order !== 0) return order;
      }
      return a - b;
    });
  }
}

function compare(x: string | number | null, y: string | number | null, sign: number): number {
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  return sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)));
}

function compiled(query: string): RegExp {
  try {
    return new RegExp(query, "iu");
  } catch {
    throw new RequestError("invalid", "This is not a regular expression as browsers read them: a bracket or a sign too many, perhaps.");
  }
}
