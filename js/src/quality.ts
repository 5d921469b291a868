// The quality from which on clusters, or judged rows, are kept: counted while it moves, and the rows below lit up when it is let go.
// That selects; nothing is dropped by it. Knows no DOM.

import { codeOf, type Values } from "./codes";
import { remembered } from "./colouring";
import type { Mask } from "./mask";
import type { Cluster } from "./protocol";
import { rowsOf, rowsWhere } from "./rows";
import type { Store } from "./store";
import { countBeyond, rowsBeyond, spreadOf } from "./threshold";

export type Of = "clusters" | "rows";
const KEY = "judged_quality";

/** What lies below the cut. */
export interface Below {
  of: Of;
  rows: number;
  /** Clusters or rows that have a quality. */
  among: number;
  /** Clusters below, lowest first; none where rows are meant. */
  clusters: Cluster[];
}

export class QualityCut {
  at = 0.5;
  /** The panel is unfolded. */
  open = false;
  #of: Of = "clusters";
  readonly #spread = remembered((values: Values, shown: Int16Array) => spreadOf(values, there(shown)));

  constructor(readonly store: Store) {}

  /** What has a quality. */
  get offers(): Of[] {
    const { session } = this.store.state;
    const judged = session?.attributes.some(({ key }) => key === KEY) ?? false;
    return [...(this.#ranked.length > 0 ? (["clusters"] as const) : []), ...(judged ? (["rows"] as const) : [])];
  }

  get of(): Of | null {
    const { offers } = this;
    return offers.includes(this.#of) ? this.#of : (offers[0] ?? null);
  }

  get below(): Below | null {
    const { of } = this;
    if (of === "clusters") {
      const low = this.#low();
      const { totals } = this.store.state;
      return { of, rows: low.reduce((sum, { cluster }) => sum + (totals.get(cluster) ?? 0), 0), among: this.#ranked.length, clusters: low };
    }
    const values = of === "rows" ? this.store.colouring.valuesOf(KEY) : null;
    if (!values) return null;
    const spread = this.#spread(values, this.store.state.shown);
    return { of: "rows", rows: countBeyond(spread, this.#last(values), false), among: spread.total, clusters: [] };
  }

  choose(of: Of): void {
    this.#of = of;
    this.store.set({});
  }

  move(at: number): void {
    if (Number.isFinite(at)) this.at = Math.min(1, Math.max(0, at));
    this.store.set({});
  }

  /** Opens the panel on the Review tab. */
  show(of: Of): void {
    this.open = true;
    this.#of = of;
    this.store.show({ tab: "review" });
  }

  /** Selects what lies below: the map lights it up, and the tray shows its texts. */
  light(): void {
    const { store } = this;
    const { shown } = store.state;
    const { of } = this;
    const values = of === "rows" ? store.colouring.valuesOf(KEY) : null;
    if (of === null || (of === "rows" && !values)) return;
    const mask = values ? rowsBeyond(values, there(shown), this.#last(values), false) : rowsOf(shown, new Set(this.#low().map(({ cluster }) => cluster)));
    if (mask.count() === 0) return store.selection.clear();
    store.selection.all(mask, { kind: "quality", op: "new", of, least: this.at });
  }

  get #ranked(): Cluster[] {
    return this.store.state.clusters.filter(({ cluster, quality, status }) => cluster >= 0 && quality !== null && status === "ok");
  }

  #low(): Cluster[] {
    return this.#ranked.filter(({ quality }) => quality! < this.at).sort((a, b) => a.quality! - b.quality!);
  }

  /** The last code below the cut; -1 where none is. */
  #last({ lo, hi }: Values): number {
    if (this.at <= lo) return -1;
    return this.at > hi ? codeOf(hi, lo, hi) : codeOf(this.at, lo, hi) - 1;
  }
}

const there = (shown: Int16Array): Mask => rowsWhere(shown.length, (row) => shown[row] > -2);
