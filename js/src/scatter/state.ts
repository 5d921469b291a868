/** What the map says about each row besides its place and colour: one byte of flags. */
import type { Mask } from "../mask";

export const SELECTED = 1;
export const RING = 2;
/** Neither drawn nor selected. */
export const OFF = 4;

export const NOISE = -1;
const NOT_IN_ROUND = -2;

/** 1 for the rows that are drawn and may be selected. */
export function shownRows(labels: Int16Array, hidden: ReadonlySet<number>): Uint8Array<ArrayBuffer> {
  const shown = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    shown[row] = labels[row] === NOT_IN_ROUND || (hidden.size > 0 && hidden.has(labels[row])) ? 0 : 1;
  }
  return shown;
}

/** The flags of every row. */
export function rowState(labels: Int16Array, shown: Uint8Array, selection: Mask | null): Uint8Array {
  const state = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) state[row] = shown[row] === 0 ? OFF : labels[row] === NOISE ? RING : 0;
  if (selection !== null) for (const row of selection) state[row] |= SELECTED;
  return state;
}
