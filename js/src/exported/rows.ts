// The rows of an exported page, to read: which ones a list holds, in which order, and what is told of each.

import { type Params, RequestError, type Result } from "../message";
import { Mask } from "../mask";
import type { Point } from "../protocol";
import { rowsWhere } from "../rows";
import type { Unsealed } from "./sealed";

/** Characters of a text in a list. */
const CLIP = 400;

export class Rows {
  /** The texts with their case folded, once one searches. */
  #folded: string[] | null = null;

  constructor(readonly page: Unsealed) {}

  /** Rows whose text holds the words, or matches the pattern; upper and lower case are the same. */
  matching(query: string, regex: boolean): Mask {
    const { n, texts } = this.page;
    if (!texts) return new Mask(n);
    if (!regex) {
      const wanted = casefold(query);
      const folded = (this.#folded ??= texts.map(casefold));
      return rowsWhere(n, (row) => folded[row].includes(wanted));
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
    // characters as Python counts them, a pair of surrogates being one
    const some = Array.from(text.slice(0, 2 * CLIP)).slice(0, CLIP).join("");
    return {
      row,
      text: some,
      clipped: some.length < text.length,
      label: this.label(row),
      cluster: clusterOf[row],
      kept: this.kept.has(row),
      flags: [...this.flags(row).map(({ title }) => title), ...this.#marks(row)],
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
    const { state, values } = this.page;
    const flags = state.attributes.filter(({ kind, group }) => kind === "flag" && group === "finding");
    const held = ({ key }: { key: string }) => values.get(key);
    return flags.filter((flag) => held(flag)?.categories?.[held(flag)!.codes[row]]?.name === "yes").map(({ key, title }) => ({ name: key, title, why: "", score: null }));
  }

  /** What a person marked it with. */
  #marks(row: number): string[] {
    const tags = this.#value(row, "tags");
    return [...(tags === null ? [] : [String(tags)]), ...(this.#value(row, "pinned") === "yes" ? ["pinned"] : [])];
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

  /** What a row has of an attribute, as Python tells it in a list; null where it has none. */
  #value(row: number, key: string): string | number | null {
    const told = this.page.told.get(key);
    return told?.values[told.which ? told.which[row] : row] ?? null;
  }

  /** By attributes, the first counting most; rows without a value last either way, equal rows in the order of the table. */
  #sorted(rows: Uint32Array, sort: string[]): Uint32Array {
    const by = sort.flatMap((name) => {
      const down = name.startsWith("-");
      const told = this.page.told.get(down ? name.slice(1) : name);
      return told ? [{ sign: down ? -1 : 1, rank: (row: number) => told.ranks[told.which ? told.which[row] : row] ?? -1 }] : [];
    });
    return rows.slice().sort((a, b) => {
      for (const { sign, rank } of by) {
        const [x, y] = [rank(a), rank(b)];
        if (x !== y) return x < 0 || y < 0 ? y - x : sign * (x - y);
      }
      return a - b;
    });
  }
}

/** As Python folds case, ß and ss being the same: all but the letters that one Unicode knows and another doesn't. */
function casefold(text: string): string {
  const fold = (part: string) => part.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return text.split("ı").map(fold).join("ı");
}

const WORD = "\\p{L}\\p{N}_";
const BORDER = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const ESCAPES: Record<string, string> = { w: `[${WORD}]`, W: `[^${WORD}]`, d: "\\p{Nd}", D: "\\P{Nd}", b: BORDER, B: `(?!${BORDER})`, A: "^", Z: "$" };
const INSIDE: Record<string, string> = { w: WORD, d: "\\p{Nd}", D: "\\P{Nd}" };

/** A pattern as one writes it for Python, as browsers take it: letters and digits of all scripts, groups with names. */
function asBrowsersRead(pattern: string): string {
  let inside = false;
  return pattern
    .replace(/^\(\?i\)/, "")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replace(/\(\?P</g, "(?<")
    .replace(/\\([\s\S])|[[\]]/g, (sign, letter: string | undefined) => {
      if (letter === undefined) inside = sign === "[";
      else if (/[\s"#%&',:;<=>@_`~!]/.test(letter)) return letter;
      return (letter && (inside ? INSIDE : ESCAPES)[letter]) || (sign === "\\-" && !inside ? "-" : sign);
    });
}

function compiled(query: string): RegExp {
  try {
    return new RegExp(asBrowsersRead(query), "iu");
  } catch {
    throw new RequestError("invalid", "This is not a regular expression as browsers read them: a bracket or a sign too many, perhaps.");
  }
}
