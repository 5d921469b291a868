// The columns the map draws, asked for chunk by chunk, and what they say about rows and clusters.

import { joinWords } from "./bytes";
import { type Kernel, RequestError } from "./kernel";
import { Mask } from "./mask";
import type { Column } from "./protocol";

export interface Frame {
  id: number;
  n: number;
  lo: number;
  hi: number;
  coords3: Uint16Array;
  coords2: Uint16Array;
  labels: Int16Array;
}

/** The current frame; `held` where it is still that one, null where Python has none yet. */
export async function pullFrame(kernel: Pick<Kernel, "request">, held: Frame | null): Promise<Frame | null> {
  for (let attempt = 0; ; attempt++) {
    const { result } = await kernel.request("frame", {});
    if (held?.id === result.frame) return held;
    const column = (name: Column["name"]) => result.columns.find((c) => c.name === name);
    const [c3, c2, labels] = [column("coords3"), column("coords2"), column("labels")];
    if (!c3 || !c2 || !labels) return null;
    const chunks = (c: Column) =>
      Promise.all(Array.from({ length: c.chunks }, async (_, chunk) => (await kernel.request("column", { frame: result.frame, name: c.name, chunk })).bytes));
    try {
      const [bytes3, bytes2, bytes1] = await Promise.all([chunks(c3), chunks(c2), chunks(labels)]);
      const { frame: id, n, lo, hi } = result;
      return {
        id,
        n,
        lo,
        hi,
        coords3: joinWords(bytes3, n * 3, Uint16Array),
        coords2: joinWords(bytes2, n * 2, Uint16Array),
        labels: joinWords(bytes1, n, Int16Array),
      };
    } catch (error) {
      // A new round ended while its predecessor was on the way: ask what is current now.
      if (!(error instanceof RequestError && error.kind === "stale" && attempt < 5)) throw error;
    }
  }
}

/** Labels with -2 where a row is not kept. */
export function shownLabels(labels: Int16Array, kept: Mask): Int16Array {
  const shown = labels.slice();
  for (const row of kept.not()) shown[row] = -2;
  return shown;
}

export function tally(labels: Int16Array, rows?: Mask | null): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (label: number) => counts.set(label, (counts.get(label) ?? 0) + 1);
  if (rows === undefined) labels.forEach((label) => label > -2 && add(label));
  else if (rows) for (const row of rows) add(labels[row]);
  return counts;
}

export function rowsOf(labels: Int16Array, clusters: ReadonlySet<number>): Mask {
  const mask = new Mask(labels.length);
  for (let row = 0; row < labels.length; row++) if (clusters.has(labels[row])) mask.set(row, true);
  return mask;
}

/** All rows of each cluster that has most of its shown rows in `rows`. */
export function wholeClusters(labels: Int16Array, totals: ReadonlyMap<number, number>, rows: Mask): Mask {
  const most = [...tally(labels, rows)].filter(([label, inside]) => inside * 2 > (totals.get(label) ?? 0));
  return rowsOf(labels, new Set(most.map(([label]) => label)));
}
