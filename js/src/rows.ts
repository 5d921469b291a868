// What labels and masks together say about rows and clusters. Pure, and fast for a million rows: no object and no closure a row.

import type { Frame } from "./frame";
import { Mask } from "./mask";
import type { State } from "./state";

const LABELS = 65536;
/** Labels are 16 bits, from -32768 on. */
const FIRST = -32768;

/** Labels with -2 where a row is not kept. */
function shownLabels(labels: Int16Array, kept: Mask): Int16Array {
  const shown = labels.slice();
  for (const row of kept.not().rows()) shown[row] = Math.min(shown[row], -2); // what has no place gets none
  return shown;
}

/** Rows of each label, the label of the first row first. Of all rows of the round, or of those in `rows`. */
export function tally(labels: Int16Array, rows?: Mask | null): Map<number, number> {
  const counts = new Uint32Array(LABELS);
  const met: number[] = [];
  if (rows === undefined) {
    for (const label of labels) if (label > -2 && counts[label - FIRST]++ === 0) met.push(label);
  } else if (rows) {
    const { bits } = rows;
    for (let i = 0; i < bits.length; i++) {
      for (let byte = bits[i]; byte !== 0; byte &= byte - 1) {
        const label = labels[i * 8 + 31 - Math.clz32(byte & -byte)];
        if (counts[label - FIRST]++ === 0) met.push(label);
      }
    }
  }
  return new Map(met.map((label) => [label, counts[label - FIRST]]));
}

export function rowsOf(labels: Int16Array, clusters: ReadonlySet<number>): Mask {
  const wanted = new Uint8Array(LABELS);
  for (const cluster of clusters) wanted[cluster - FIRST] = 1;
  const mask = new Mask(labels.length);
  const { bits } = mask;
  for (let row = 0; row < labels.length; row++) bits[row >> 3] |= wanted[labels[row] - FIRST] << (row & 7);
  return mask;
}

/** All rows of each cluster that has most of its shown rows in `rows`. */
export function wholeClusters(labels: Int16Array, totals: ReadonlyMap<number, number>, rows: Mask): Mask {
  const most = [...tally(labels, rows)].filter(([label, inside]) => inside * 2 > (totals.get(label) ?? 0));
  return rowsOf(labels, new Set(most.map(([label]) => label)));
}

/** The rows that the map shows: kept, and in no hidden cluster. */
export function inView(shown: Int16Array, hidden: ReadonlySet<number>): Mask {
  const clusters = [...tally(shown).keys()].filter((label) => !hidden.has(label));
  return rowsOf(shown, new Set(clusters));
}

/** The selection with what follows from it; a mask of no rows is no selection. */
export function marked(mask: Mask | null, shown: Int16Array): Pick<State, "selected" | "counts"> {
  const counts = tally(shown, mask);
  return { selected: counts.size > 0 ? mask : null, counts };
}

/** A frame with what follows from it; the selection loses what is not kept any more, and is the same mask where it loses nothing. */
export function framed(frame: Frame, kept: Mask, selected: Mask | null): Pick<State, "frame" | "kept" | "shown" | "totals" | "selected" | "counts"> {
  const shown = shownLabels(frame.labels, kept);
  const left = selected?.and(kept) ?? null;
  return { frame, kept, shown, totals: tally(shown), ...marked(left && selected?.equals(left) ? selected : left, shown) };
}

export function rowsWhere(n: number, holds: (row: number) => boolean): Mask {
  const mask = new Mask(n);
  for (let row = 0; row < n; row++) if (holds(row)) mask.bits[row >> 3] |= 1 << (row & 7);
  return mask;
}
