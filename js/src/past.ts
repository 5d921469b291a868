// Rounds and decisions as one story, the newest first. Pure.

import type { Decision, Round } from "./protocol";
import { many } from "./words";

/** What happened while one round was on the screen. */
export interface Chapter {
  /** Number of the round; 0 before there was any. */
  number: number;
  /** The round itself, where this is its beginning; null where the session came back to it. */
  round: Round | null;
  /** The newest first. */
  decisions: Decision[];
}

/**
 * A round stands before the first decision that was made on it or on a later one; a session that went back to a round goes on in a
 * chapter of its own.
 */
export function chapters(rounds: Round[], history: Decision[]): Chapter[] {
  const told: Chapter[] = [];
  const waiting = [...rounds].sort((a, b) => a.number - b.number);
  const begin = (round: Round) => told.push({ number: round.number, round, decisions: [] });
  for (const decision of [...history].sort((a, b) => a.number - b.number)) {
    while (waiting.length > 0 && waiting[0].number <= decision.round) begin(waiting.shift()!);
    if (told.length === 0 || told[told.length - 1].number !== decision.round) told.push({ number: decision.round, round: null, decisions: [] });
    told[told.length - 1].decisions.unshift(decision);
  }
  for (const round of waiting) begin(round);
  return told.reverse();
}

const DID: Record<string, (rows: string, reason: string) => string> = {
  drop: (rows) => `Dropped ${rows}`,
  keep_only: (rows) => `Dropped ${rows}`,
  restore: (rows) => `Brought ${rows} back`,
  keep: (rows) => `Looked at ${rows}: they stay`,
  rename: (_, reason) => reason.replace(/^name /, "Named a cluster "),
  settings: () => "Changed the settings",
  goto: (_, reason) => reason && capital(reason),
  edit: (rows, reason) => capital(reason) || `Edited ${rows}`,
  relabel: (rows, reason) => capital(reason) || `Proposed labels for ${rows}`,
  tag: (rows, reason) => capital(reason) || `Tagged ${rows}`,
  pin: (rows, reason) => capital(reason) || `Pinned ${rows}`,
  dismiss: () => "Dismissed a suggestion",
};

/** Kinds of which `did` says the reason already. */
const TOLD = new Set(["rename", "goto", "edit", "relabel", "tag", "pin", "dismiss"]);

const BY: Record<string, string> = {
  lasso: "by lasso",
  polygon: "by polygon",
  box: "by box",
  brush: "by brush",
  cluster: "by cluster",
  label: "by label",
  finding: "by finding",
  search: "by search",
  saved: "from a saved selection",
  invert: "by inverting a selection",
  grow: "with neighbours",
  row: "one by one",
  list: "from the list",
  suggestion: "as suggested",
  look: "in a quick look",
  learned: "to sharpen what is learned",
  code: "from Python",
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a decision did, in words. */
export function did({ kind, rows, reason }: Pick<Decision, "kind" | "rows" | "reason">): string {
  return DID[kind]?.(many(rows, "row"), reason) || (kind === "goto" ? "Went back" : capital(kind.replaceAll("_", " ")));
}

/** How, and why: what the words of `did` do not say yet. */
export function how({ kind, reason, source }: Pick<Decision, "kind" | "reason" | "source">): string {
  const why = TOLD.has(kind) || (kind === "settings" && reason === "settings") ? "" : reason;
  return [BY[source] ?? "", why].filter(Boolean).join(" · ");
}

/** Whether a decision counts no more, in words: it was taken back, or the session went back to before it. "" where it counts. */
export function ended({ undone, number }: Decision, history: Decision[]): string {
  if (!undone) return "";
  const back = history.some((later) => later.kind === "goto" && !later.undone && later.number > number);
  return back ? "not in force" : "undone";
}

/** "2026-11-24T12:19:05..." as the time here, with its day where that is not today; anything else as it came. */
export function clock(time: string, now = new Date()): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const at = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return date.toDateString() === now.toDateString() ? at : `${date.toLocaleDateString([], { day: "numeric", month: "short" })} ${at}`;
}
