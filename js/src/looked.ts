// What the quick look knows of one cluster, and what rows and labels say about it. Pure.

import { Mask } from "./mask";
import type { Cluster, Example } from "./protocol";
import { rowsOf, tally } from "./rows";
import type { Found } from "./worth";

/** A cluster that was brought up. */
export interface Item {
  cluster: Cluster;
  rows: Mask;
  decided: "" | "dropped" | "kept";
  /** What Drop took. */
  taken: Mask | null;
  /** Python's count of decided clusters has it once that reached `due`, or it answered twice since. */
  due: number;
  answers: number;
  later: boolean;
  /** null until they can be read: nothing is decided before. */
  examples: Example[] | null;
  /** Its two kinds of texts, the one more unlike the rest first; null where it is read whole. */
  halves: [Half, Half] | null;
  /** What the drop of a half took. */
  halved: Mask | null;
  /** Of the whole, also where one half went: what was ticked to stay stays, whichever half it is in. */
  worth: Found | null;
  /** What looks worth keeping is not dropped with the rest. */
  spared: boolean;
}

export interface Half {
  rows: Mask;
  examples: Example[];
}

/** Texts that are shown. */
export const read = ({ halves, examples }: Item): number => halves ? halves[0].examples.length + halves[1].examples.length : (examples?.length ?? 0);

/** Rows that were ticked to stay; null where none were. */
export const spares = ({ spared, worth }: Item): Mask | null => (spared && worth ? worth.rows : null);

/** Of those rows of a card or of a half that stay, the ones whose texts are not shown. */
export const unread = ({ rows, examples }: { rows: Mask; examples: Example[] | null }, kept: Mask): Mask =>
  rows.and(kept).andNot(Mask.of(rows.n, (examples ?? []).map(({ point }) => point.row)));

export interface Progress {
  done: number;
  dropped: number;
  kept: number;
  /** Of this sitting, those that are done among them. */
  of: number;
  seconds: number;
}

/** Whether Python's count of decided clusters has it. */
export const counted = ({ due, answers }: Item, done: number): boolean => due <= done || answers >= 2;

/** The cluster that most of the rows are in. */
export function most(rows: Mask, shown: Int16Array): number {
  let best = -2;
  let count = 0;
  for (const [label, n] of tally(shown, rows)) if (n > count) [best, count] = [label, n];
  return best;
}

/** Whether rows are still one cluster, in the main. */
export function alike(rows: Mask, shown: Int16Array): boolean {
  const there = rowsOf(shown, new Set([most(rows, shown)]));
  return 2 * rows.and(there).count() > rows.or(there).count();
}
