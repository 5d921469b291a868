// Which requests a revision leads to.

import type { Part } from "./protocol";

export type Want = "state" | "frame" | "clusters" | "selection" | "explanation" | "hits" | "sweep";

/** What to ask for again when a part's number moves. */
export const WANTED: Record<Part, Want[]> = {
  round: ["state", "frame", "clusters"],
  layout: ["frame"],
  decision: ["state", "frame", "clusters"],
  selection: ["selection"],
  analysis: ["state", "clusters", "explanation"],
  settings: ["state"],
  search: ["hits"],
  preview: ["sweep"],
};

export const EVERYTHING: Want[] = ["state", "frame", "clusters", "selection", "explanation"];
