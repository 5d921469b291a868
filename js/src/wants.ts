// Which requests a revision leads to.

import type { Part } from "./protocol";

export type Want = "state" | "frame" | "clusters" | "selection" | "explanation" | "hits" | "sweep" | "values" | "suggestions" | "summary";

/** What to ask for again when a part's number moves. */
export const WANTED: Record<Part, Want[]> = {
  round: ["state", "frame", "clusters", "values", "suggestions", "summary"],
  layout: ["frame"],
  decision: ["state", "frame", "clusters", "values", "suggestions", "summary"],
  selection: ["selection"],
  analysis: ["state", "clusters", "explanation", "values", "suggestions"],
  settings: ["state"],
  search: ["hits"],
  preview: ["sweep"],
  evidence: ["state", "clusters", "values"],
  suggestions: ["suggestions"],
  compare: [],
  report: [],
};

export const EVERYTHING: Want[] = ["state", "frame", "clusters", "selection", "explanation", "hits", "values", "suggestions"];
