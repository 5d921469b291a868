// What a fake Python answers about evidence.

import type { Compared, DuplicateGroup, Pair, Point, Accuracy } from "../src/protocol";
import type { Result } from "../src/message";

const said = (row: number, text: string, label: string | null = null): Point => ({ row, text, clipped: false, label, cluster: 0, kept: true, flags: [], values: [], similarity: null });

export const GROUPS: DuplicateGroup[] = [
  { survivor: 0, count: 3, conflict: false, similarity: 0.97, points: [said(0, "Please top up my <b>card</b> now", "cards"), said(1, "please top up my <b>card</b> now!", "cards"), said(2, "Please top up my card now", "cards")] },
  { survivor: 4, count: 2, conflict: true, similarity: 0.99, points: [said(4, "what is the fee", "fees"), said(5, "what is the fee?", "refund")] },
];

export const CONFUSION: Result<"confusion"> = { labels: ["cards", "fees", "<i>refund</i>"], codes: [7, 8, 2], given: [0, 1, 2], looks: [1, 2, 0], counts: [3, 2, 1], pending: false };

export const PAIRS: Pair[] = [{ a: 0, b: 1, full: 0.31, in3: 0.04, in2: 0.42, why: "They overlap in 2D, not in 3D: turn the map to see them apart." }];

export const COURSE: Accuracy[] = [
  { round: 1, kept: 10, accuracy: 0.81, error: 0.02, random: 0.81 },
  { round: 2, kept: 8, accuracy: 0.86, error: 0.02, random: 0.8 },
];

export const COMPARED: Compared[] = [
  { clusterer: { name: "kmeans", k: 3 }, title: "K-means, k 3", silhouette: 0.12, spread: 0.03, davies_bouldin: 2.1, calinski_harabasz: 90, clusters: 3, largest: 5, smallest: 2, sizes: [5, 3, 2], noise: 0, agreement: 0.8, label: 0.6, seconds: 0.4, note: "", error: "" },
  { clusterer: { name: "dbscan", eps: 0.4 }, title: "DBSCAN, eps 0.4", silhouette: null, spread: null, davies_bouldin: null, calinski_harabasz: null, clusters: 0, largest: 0, smallest: 0, sizes: [], noise: 1, agreement: null, label: null, seconds: 0.1, note: "", error: "All rows are noise." },
];

/** Replies by request; a test may put others into `answers`. */
export const EVIDENCE: Record<string, unknown> = {
  duplicates: { total: 2, rows: 5, left: 0, groups: GROUPS, pending: false, error: "" },
  confusion: CONFUSION,
  pairs: { pairs: PAIRS, pending: false, error: "" },
  accuracy: { course: COURSE, best: 2, why: "The best round so far is the last.", pending: false },
  compared: { rows: [], running: false, error: "", note: "", round: 0, kept: 0 },
  tags: { tags: [], pinned: 0 },
};

/** Rows that come with a reply. */
export const BITS: Record<string, number[]> = { judged: [4], duplicates: [1, 2, 5], confused: [4, 5] };
