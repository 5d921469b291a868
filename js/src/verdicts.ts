// Verdicts while the next ones are on their way: what was said last stands until then, so that nothing blinks between rounds.

import type { Cluster } from "./protocol";

/** Clusters with the last verdict where the analyst has not judged them again yet. */
export function judged(now: Cluster[], before: Cluster[]): Cluster[] {
  const last = new Map(before.map((cluster) => [cluster.cluster, cluster]));
  return now.map((cluster) => {
    const known = last.get(cluster.cluster);
    if (cluster.status !== "pending" || cluster.verdict !== null || !known || known.verdict === null) return cluster;
    const { verdict, reasons, summary, quality, source } = known;
    return { ...cluster, verdict, reasons, summary, quality, source };
  });
}
