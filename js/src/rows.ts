// What labels and masks together say about rows and clusters. Pure.

import type { Frame } from "./frame";
import { Mask } from "./mask";
import type { State } from "./state";

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

/** The selection with what follows from it; a mask of no rows is no selection. */
export function marked(mask: Mask | null, shown: Int16Array): Pick<State, "selected" | "counts"> {
  const counts = tally(shown, mask);
  return { selected: counts.size > 0 ? mask : null, counts };
}

/** A frame with what follows from it; the selection loses what is not kept any more. */
export function framed(frame: Frame, kept: Mask, selected: Mask | null): Pick<State, "frame" | "kept" | "shown" | "totals" | "selected" | "counts"> {
  const shown = shownLabels(frame.labels, kept);
  return { frame, kept, shown, totals: tally(shown), ...marked(selected?.and(kept) ?? null, shown) };
}
