// What a press on a column's title makes of the columns that sort. Pure.

import type { Sort } from "../state";

/**
 * `down` is the way a column goes first. Alone, a column turns round at each press; with `several` (Shift) it joins those that
 * sort, then turns round, then leaves.
 */
export function turned<K>(sorts: Sort<K>[], key: K, down: boolean, several: boolean): Sort<K>[] {
  const at = sorts.findIndex((sort) => sort.key === key);
  if (!several) return [{ key, down: at === 0 && sorts.length === 1 ? !sorts[0].down : down }];
  if (at < 0) return [...sorts, { key, down }];
  return sorts[at].down === down ? sorts.map((sort) => (sort.key === key ? { key, down: !down } : sort)) : sorts.filter((sort) => sort.key !== key);
}

/** The mark of a column that sorts: an arrow, and its place where several do. */
export function mark<K>(sorts: Sort<K>[], key: K, down: boolean): string {
  const at = sorts.findIndex((sort) => sort.key === key);
  return at < 0 ? "" : ` ${down ? "▾" : "▴"}${sorts.length > 1 ? at + 1 : ""}`;
}
