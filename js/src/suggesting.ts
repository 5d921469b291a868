// What elute would do: asked for when something moved, shown before it is accepted, and never done by itself. Knows no DOM.

import type { Kernel } from "./kernel";
import { RequestError } from "./message";
import { Mask } from "./mask";
import type { Example, Suggestion } from "./protocol";
import type { State } from "./state";
import type { Store } from "./store";

/** Rows of a suggestion that somebody looked at. */
export interface Opened {
  rows: Mask;
  examples: Example[];
  /** How many were asked for. */
  asked: number;
  /** Nothing more is on its way. */
  still: boolean;
}

/** Safe ones that are accepted together. Labels are looked at first: they are proposals. */
export const together = (suggestions: Suggestion[]): Suggestion[] => suggestions.filter(({ tier, kind }) => tier === "safe" && kind !== "labels");

export class Suggesting {
  /** By id: those that were looked at. */
  readonly opened = new Map<string, Opened>();

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  /** What a failure says stands where the suggestions would: nothing else waits for them. */
  async pull(): Promise<() => Partial<State>> {
    try {
      const { result } = await this.kernel.request("suggestions", {});
      return () => {
        // an open list is of these now, and is added up anew once they are shown
        if (this.store.advising.open) setTimeout(() => void this.store.advising.foretell());
        return { suggested: result };
      };
    } catch (error) {
      if (!(error instanceof RequestError)) console.error(error);
      return () => ({});
    }
  }

  /** Shows which rows it is about: lit up and selected where they are on the map, read on the card. What was selected meanwhile stays. */
  async look({ id, kind, clusters }: Suggestion): Promise<void> {
    const { made } = this.store.selection;
    await this.store.attempt(async () => {
      const { result, bytes } = await this.kernel.request("suggestion", { id });
      const { frame, kept } = this.store.state;
      if (!frame || !kept) return;
      const rows = Mask.from(frame.n, bytes);
      this.opened.set(id, { rows, examples: result.examples, asked: result.examples.length, still: result.examples.length >= result.count });
      this.store.set({ error: "" });
      if (made !== this.store.selection.made) return;
      if (rows.and(kept).count() > 0) this.store.selection.all(rows, { kind: "suggestion", op: "new", id, what: kind });
      // rows that went are read on the card: the clusters that they would come back to are not what it is about
      else if (rows.count() === 0 && clusters.length > 0) this.store.selection.pick(clusters, "new");
    });
  }

  async more(id: string): Promise<void> {
    const held = this.opened.get(id);
    if (!held) return;
    await this.store.attempt(async () => {
      const { result } = await this.kernel.request("suggestion", { id, offset: held.asked });
      // what it is about may be other rows by now, in another order
      const shown = new Set(held.examples.map(({ point }) => point.row));
      const examples = [...held.examples, ...result.examples.filter(({ point }) => !shown.has(point.row))];
      const asked = held.asked + result.examples.length;
      this.opened.set(id, { ...held, examples, asked, still: result.examples.length === 0 || asked >= result.count });
      this.store.set({});
    });
  }

  close(id: string): void {
    this.opened.delete(id);
    this.store.set({});
  }

  /** As one decision, which one undo takes back. */
  async accept(chosen: Suggestion[], action: string | null = null): Promise<void> {
    const ids = chosen.map(({ id }) => id);
    if (ids.length === 0) return;
    const what = chosen.length === 1 ? `“${chosen[0].title}”` : `${chosen.length} suggestions`;
    // what was selected to look at it is decided with it
    if (this.store.state.steps.some(({ id }) => ids.includes(String(id)))) this.store.selection.clear();
    const done = await this.store.decide("accept", { ids, ...(action ? { action } : {}) }, `Accepted ${what}. Z takes it back.`, undefined, `${what} changes nothing any more.`);
    if (!done) return;
    for (const id of ids) this.opened.delete(id);
    // what went by a filter teaches it more of the kind
    const { learning } = this.store;
    if (chosen.some(({ kind }) => kind === "learned") && learning.learned) await learning.learn(learning.learned.name);
  }

  async dismiss({ id, title }: Suggestion): Promise<void> {
    await this.store.decide("dismiss", { id }, `“${title}” will not be suggested again. Z brings it back.`);
  }
}
