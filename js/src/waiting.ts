// Decisions that no kernel acknowledged outlive their page: a kernel that restarted answers on another page, and that one sends them.
// Each carries its id, so what did arrive is not done twice. They are in this tab's memory only.

export interface Waiting {
  name: string;
  params: Record<string, unknown>;
  bytes: Uint8Array;
}

/** What means the same whatever was decided meanwhile. */
const ABSOLUTE = new Set(["drop", "keep_only", "restore", "keep", "tag", "pin", "relabel", "dismiss", "settings", "goto"]);
/** What to send of what waited. */
export interface Settled {
  send: Waiting[];
  /** How many can't be sent: they were about what stood then. */
  left: number;
  /** How many were taken back as well, so that neither is sent. The kernel may have saved them before it went: then they stand. */
  doubtful: number;
}

const PLACE = Symbol.for("elute.waiting");

/** Shared by all pages of this tab: each has a module of its own. */
function places(): Map<string, Waiting[]> {
  const tab = globalThis as unknown as Record<symbol, Map<string, Waiting[]> | undefined>;
  return (tab[PLACE] ??= new Map<string, Waiting[]>());
}

/** Leaves decisions for the next page on the same journal, in their order. */
export function leave(journal: string, waiting: readonly Waiting[]): void {
  if (!journal || waiting.length === 0) return;
  const there = places().get(journal) ?? [];
  const known = new Set(there.map(({ params }) => params.decision));
  places().set(journal, [...there, ...waiting.filter(({ params }) => !known.has(params.decision))]);
}

/** Takes them. */
export function take(journal: string): Settled {
  const waiting = places().get(journal) ?? [];
  places().delete(journal);
  return settled(waiting);
}

/** An undo takes back what waits before it, be that sent or not, as it would have in Python; one that would reach further is not sent. */
export function settled(waiting: readonly Waiting[]): Settled {
  const stands: Waiting[] = [];
  let undone: Waiting[] = [];
  let left = 0;
  let doubtful = 0;
  for (const one of waiting) {
    if (one.name === "undo" && stands.length > 0) {
      undone.push(stands.pop()!);
      doubtful++;
    } else if (one.name === "redo" && undone.length > 0) {
      stands.push(undone.pop()!);
      doubtful--;
    } else if (one.name === "undo" || one.name === "redo") left++;
    else {
      stands.push(one);
      undone = [];
    }
  }
  const send = stands.filter(({ name }) => ABSOLUTE.has(name));
  return { send, left: left + stands.length - send.length, doubtful };
}
