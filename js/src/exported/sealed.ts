// What an exported page holds: answers as Python gave them, columns as base64, texts only where the person said so.

import { asBytes, join } from "../bytes";
import { MISSING, unpacked } from "../codes";
import type { Result } from "../message";
import type { Column, Point, Traits } from "../protocol";

type Codes = Pick<Result<"values">, "categories" | "others" | "lo" | "hi" | "grid"> & { codes: string };

/**
 * What rows have of an attribute, as Python tells it in a list: one value a row, or of few values which one each row has (int32, -1 for
 * none). Both null: the codes say it. `ranks` (int32, -1 for none) sort the values.
 */
interface SealedTold {
  values: Point["values"] | null;
  which: string | null;
  ranks: string;
}

export interface Told {
  values: Point["values"];
  which: Int32Array | null;
  ranks: Int32Array;
}

export interface Sealed {
  hello: Result<"hello">;
  state: Result<"state">;
  frame: Result<"frame">;
  columns: Record<Column["name"], string>;
  kept: string;
  clusters: Result<"clusters">["clusters"];
  /** By the key of the attribute. */
  values: Record<string, Codes>;
  /** By the key of the attribute; none where texts were left out. */
  told: Record<string, SealedTold>;
  /** One a row; null where texts were left out. */
  texts: string[] | null;
  /** Names of labels, and which one each row has (int32); null where there are none, or texts were left out. */
  labels: { names: string[]; which: string } | null;
  traits: Pick<Traits, "dim" | "colour_by" | "hidden">;
}

export interface Unsealed extends Omit<Sealed, "columns" | "kept" | "values" | "told" | "labels"> {
  n: number;
  columns: Record<Column["name"], Uint8Array>;
  /** The cluster of each row. */
  clusterOf: Int16Array;
  kept: Uint8Array;
  values: Map<string, Omit<Codes, "codes"> & { bytes: Uint8Array; codes: Uint16Array }>;
  told: Map<string, Told>;
  labels: { names: string[]; which: Int32Array } | null;
}

const numbers = (text: string) => new Int32Array(asBytes(text).slice().buffer);

/** The same with bytes where base64 stood. */
export function unseal(sealed: Sealed): Unsealed {
  const { frame, labels } = sealed;
  const columns = Object.fromEntries(Object.entries(sealed.columns).map(([name, text]) => [name, asBytes(text)])) as Unsealed["columns"];
  const values: Unsealed["values"] = new Map();
  for (const [key, { codes, ...told }] of Object.entries(sealed.values)) {
    const bytes = asBytes(codes);
    values.set(key, { ...told, bytes, codes: unpacked([bytes], frame.n, told.categories).codes });
  }
  const told: Unsealed["told"] = new Map();
  for (const [key, { values: some, which, ranks }] of Object.entries(sealed.told)) {
    const held = values.get(key);
    told.set(key, {
      values: some ?? held!.categories!.map(({ name }) => name),
      which: which !== null ? numbers(which) : some ? null : Int32Array.from(held!.codes, (code) => (code === MISSING ? -1 : code)),
      ranks: numbers(ranks),
    });
  }
  const narrow = frame.columns.find(({ name }) => name === "labels")?.dtype === "int8";
  return {
    ...sealed,
    n: frame.n,
    columns,
    clusterOf: narrow ? Int16Array.from(join([columns.labels], frame.n, Int8Array)) : join([columns.labels], frame.n, Int16Array),
    kept: asBytes(sealed.kept),
    values,
    told,
    labels: labels && { names: labels.names, which: numbers(labels.which) },
  };
}
