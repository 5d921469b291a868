/** What the map says about each row besides its place and colour: one byte of flags. */
import type { Mask } from "../mask";
import { NOWHERE } from "./types";

export const SELECTED = 1;
export const RING = 2;
/** Neither drawn nor selected. */
export const OFF = 4;
/** Drawn faintly behind everything, and never selected. */
export const GHOST = 8;

export const NOISE = -1;
const NOT_IN_ROUND = -2;

/** 1 for the rows that are drawn in full and may be selected. */
export function shownRows(labels: Int16Array, hidden: ReadonlySet<number>, filter: Mask | null = null): Uint8Array<ArrayBuffer> {
  const shown = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    shown[row] = label <= NOT_IN_ROUND || (hidden.size > 0 && hidden.has(label)) || (filter !== null && !filter.has(row)) ? 0 : 1;
  }
  return shown;
}

/** The flags of every row. */
export function rowState(labels: Int16Array, shown: Uint8Array, selection: Mask | null, ghosts = false, filter: Mask | null = null): Uint8Array {
  const state = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (shown[row] === 1) state[row] = label === NOISE ? RING : 0;
    else state[row] = ghosts && label === NOT_IN_ROUND && (filter === null || filter.has(row)) ? GHOST : OFF;
  }
  if (selection !== null) for (const row of selection) if (shown[row] === 1) state[row] |= SELECTED;
  return state;
}

/** Whether rows of a label stand somewhere: where not, they can't move away from there. */
export function stands(label: number, ghosts: boolean): boolean {
  return label >= NOISE || (ghosts && label > NOWHERE);
}
