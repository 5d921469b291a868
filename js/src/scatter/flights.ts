/** Where the map flies by itself: to a cluster, to rows, to one row, to everything. */
import type { Mask } from "../mask";
import { centres, type Centre } from "./centres";
import type { Picture } from "./picture";
import type { Steering } from "./steering";
import { NOWHERE, type ScatterData } from "./types";

export class Flights {
  /** Of the clusters. */
  centres: ReadonlyMap<number, Centre> = new Map();

  constructor(
    readonly steer: Steering,
    readonly picture: Picture,
  ) {}

  setData(data: ScatterData): void {
    this.centres = centres(data);
  }

  /** null: everything, as it is turned now. */
  toCluster(cluster: number | null): void {
    const centre = cluster === null ? undefined : this.centres.get(cluster);
    if (cluster === null) this.steer.flyToAll();
    else if (centre !== undefined) this.steer.flyToCluster(centre);
  }

  toRows(rows: Mask | null): void {
    if (rows === null) return this.toCluster(null);
    const labels = new Int16Array(rows.n).fill(NOWHERE);
    for (const row of rows.rows()) labels[row] = 0;
    const centre = centres({ ...this.picture.data, labels }).get(0);
    if (centre !== undefined) this.steer.flyToCluster(centre);
  }

  /** -1: nowhere. */
  toRow(row: number): void {
    if (row < 0) return;
    const [x, y, z] = this.picture.placeOf(row, 3);
    const [u, v] = this.picture.placeOf(row, 2);
    this.steer.flyToPoint([x, y, z], [u, v]);
  }
}
