// Picking clusters off the table, by pointer and by keyboard: one, one more, a span, all.

import type { Page } from "../panels/page";
import { rowsOf } from "../rows";
import type { SetOp } from "../scatter/types";
import type { State } from "../state";

export interface Held {
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Whether all rows of a cluster that are shown are selected. */
export const isWhole = ({ counts, totals }: State, cluster: number): boolean => (counts.get(cluster) ?? 0) === (totals.get(cluster) ?? -1);

/** What is picked is seen: a hidden cluster shows again. */
function take({ store }: Page, clusters: number[], op: SetOp): void {
  const { hidden } = store.state.view;
  if (clusters.some((cluster) => hidden.has(cluster))) {
    const left = new Set(hidden);
    for (const cluster of clusters) left.delete(cluster);
    store.show({ hidden: left });
  }
  store.selection.pick(clusters, op);
}

/** The first of these that the table has: the cluster picked last may be gone since. */
const anchorOf = (order: number[], cluster: number, ...picked: (number | null)[]): number => picked.find((one): one is number => one !== null && order.includes(one)) ?? cluster;

/** The clusters from one to another, in the order of the table; hidden ones are left out. */
function span({ store }: Page, order: number[], anchor: number, cluster: number): number[] {
  const { hidden } = store.state.view;
  const [from, to] = [order.indexOf(anchor), order.indexOf(cluster)].sort((a, b) => a - b);
  return order.slice(Math.max(from, 0), to + 1).filter((one) => one === cluster || !hidden.has(one));
}

/** A click on a row, or Enter: Ctrl picks one more (or one less), Shift all from the last one picked to this. */
export function pick(page: Page, order: number[], cluster: number, held: Held): void {
  const { store } = page;
  if (held.shiftKey) {
    const anchor = anchorOf(order, cluster, store.state.view.anchor);
    take(page, span(page, order, anchor, cluster), held.ctrlKey || held.metaKey ? "add" : "new");
    return store.show({ cursor: cluster, anchor });
  }
  if (held.ctrlKey || held.metaKey) return toggle(page, cluster);
  take(page, [cluster], store.selection.op);
  store.show({ cursor: cluster, anchor: cluster });
}

/** Space: one more, or one less. */
export function toggle(page: Page, cluster: number): void {
  const { state, selection } = page.store;
  const { selected } = selection.settled; // not what an open outline would take
  const whole = selected !== null && rowsOf(state.shown, new Set([cluster])).andNot(selected).count() === 0;
  take(page, [cluster], whole ? "subtract" : "add");
  page.store.show({ cursor: cluster, anchor: cluster });
}

/** Shift with an arrow: the span grows or shrinks to this row. */
export function extend(page: Page, order: number[], cluster: number): void {
  const { view } = page.store.state;
  const anchor = anchorOf(order, cluster, view.anchor, view.cursor);
  take(page, span(page, order, anchor, cluster), "new");
  page.store.show({ cursor: cluster, anchor });
}

/** Ctrl+A: every cluster that is not hidden. */
export function pickAll({ store }: Page, order: number[]): void {
  store.selection.pick(
    order.filter((cluster) => !store.state.view.hidden.has(cluster)),
    "new",
  );
}

/** Hides a cluster or shows it again; alone: hides all others, or shows all where it is the only one. */
export function hide({ store }: Page, order: number[], cluster: number, alone: boolean): void {
  const { hidden } = store.state.view;
  if (!alone) {
    const next = new Set(hidden);
    if (!next.delete(cluster)) next.add(cluster);
    return store.show({ hidden: next });
  }
  const others = order.filter((one) => one !== cluster);
  const solo = !hidden.has(cluster) && others.every((one) => hidden.has(one));
  store.show({ hidden: new Set(solo ? [] : others) });
}
