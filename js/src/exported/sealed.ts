// What an exported page holds: answers as Python gave them, columns as base64, texts only where the person said so.

import { asBytes, join } from "../bytes";
import type { Result } from "../message";
import type { Column, Traits } from "../protocol";

type Codes = Pick<Result<"values">, "categories" | "others" | "lo" | "hi"> & { codes: string };

export interface Sealed {
  hello: Result<"hello">;
  state: Result<"state">;
  frame: Result<"frame">;
  columns: Record<Column["name"], string>;
  kept: string;
  clusters: Result<"clusters">["clusters"];
  /** By the key of the attribute. */
  values: Record<string, Codes>;
  /** One a row; null where texts were left out. */
  texts: string[] | null;
  /** Names of labels, and which one each row has (int32); null where there are none, or texts were left out. */
  labels: { names: string[]; which: string } | null;
  traits: Pick<Traits, "dim" | "colour_by" | "hidden">;
}

export interface Unsealed extends Omit<Sealed, "columns" | "kept" | "values" | "labels"> {
  n: number;
  columns: Record<Column["name"], Uint8Array>;
  /** The cluster of each row. */
  clusterOf: Int16Array;
  kept: Uint8Array;
  values: Map<string, Omit<Codes, "codes"> & { bytes: Uint8Array; codes: Uint16Array }>;
  labels: { names: string[]; which: Int32Array } | null;
}

/** The same with bytes where base64 stood. */
export function unseal(sealed: Sealed): Unsealed {
  const { frame, labels } = sealed;
  const columns = Object.fromEntries(Object.entries(sealed.columns).map(([name, text]) => [name, asBytes(text)])) as Unsealed["columns"];
  const values: Unsealed["values"] = new Map();
  for (const [key, { codes, ...told }] of Object.entries(sealed.values)) {
    const bytes = asBytes(codes);
    values.set(key, { ...told, bytes, codes: join([bytes], frame.n, Uint16Array) });
  }
  const narrow = frame.columns.find(({ name }) => name === "labels")?.dtype === "int8";
  return {
    ...sealed,
    n: frame.n,
    columns,
    clusterOf: narrow ? Int16Array.from(join([columns.labels], frame.n, Int8Array)) : join([columns.labels], frame.n, Int16Array),
    kept: asBytes(sealed.kept),
    values,
    labels: labels && { names: labels.names, which: new Int32Array(asBytes(labels.which).slice().buffer) },
  };
}
