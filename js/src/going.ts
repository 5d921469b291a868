// What a drop of rows would take, asked for before it is decided: groups go whole, pinned rows stay. Knows no DOM.

import type { Kernel } from "./kernel";
import { Mask } from "./mask";
import type { Part } from "./protocol";
import type { Store } from "./store";
import { many } from "./words";

export interface Gone {
  /** The rows that are sent: without those that are spared and the others of their groups. */
  asked: Mask;
  /** All that would go. */
  rows: Mask;
  count: number;
  /** What goes or stays beside what is asked for; "" where there is nothing to say. */
  note: string;
}

interface Held {
  rows: Mask;
  spared: Mask | null;
  kept: Mask;
  /** As things stood when it was asked; -1 where it has to be asked. */
  stood: number;
  asking: boolean;
  gone: Gone | null;
}

/** Answers held: of a card, its halves, and the card before it. */
const HELD = 6;

export class Going {
  readonly #held: Held[] = [];
  #stands = 0;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  /** Pins and labels may be others: what is known is asked anew where it is looked at. */
  revised(parts: Part[]): void {
    if (parts.includes("decision")) this.#stands++;
  }

  /** What a drop of these rows without the spared ones would take; null until Python has said it. May be called as often as one likes. */
  of(rows: Mask, spared: Mask | null = null): Gone | null {
    const { kept } = this.store.state;
    if (!kept) return null;
    let held = this.#held.find((one) => one.rows === rows && one.spared === spared && (one.kept === kept || one.kept.equals(kept)));
    if (!held) this.#held.push((held = { rows, spared, kept, stood: -1, asking: false, gone: null }));
    if (this.#held.length > HELD) this.#held.shift();
    held.kept = kept;
    if (held.stood !== this.#stands) void this.#know(held);
    return held.gone;
  }

  /** The same where it is known and is anything: only then may it be decided. Where it could not be said, it is asked again. */
  known(rows: Mask, spared: Mask | null = null): Gone | null {
    for (const held of this.#held) if (held.rows === rows && held.spared === spared && !held.gone && !held.asking) held.stood = -1;
    const gone = this.of(rows, spared);
    return gone?.count ? gone : null;
  }

  async #know(held: Held): Promise<void> {
    Object.assign(held, { stood: this.#stands, asking: true });
    await this.store.attempt(async () => {
      held.gone = await this.ask(held.rows, held.spared);
      this.store.set({});
    });
    held.asking = false;
  }

  async ask(rows: Mask, spared: Mask | null = null): Promise<Gone> {
    const { kept } = this.store.state;
    const there = kept ? rows.and(kept) : rows;
    const left = spared ? await this.#without(there, spared) : { asked: there, stay: "" };
    if (left.asked.count() === 0) return { asked: left.asked, rows: left.asked, count: 0, note: left.stay };
    const { result, bytes } = await this.kernel.request("going", {}, left.asked.toBytes());
    const gone = Mask.from(rows.n, bytes);
    const now = kept ? gone.and(kept) : gone;
    return { asked: left.asked, rows: now, count: now.count(), note: [left.stay, result.note].filter(Boolean).join(" ") };
  }

  /** Groups go whole: a row stays only where the others of its group do. */
  async #without(rows: Mask, spared: Mask): Promise<{ asked: Mask; stay: string }> {
    const left = rows.andNot(spared);
    const stays = rows.and(spared);
    if (stays.count() === 0) return { asked: left, stay: "" };
    const { bytes } = await this.kernel.request("going", {}, stays.toBytes());
    const asked = left.andNot(Mask.from(rows.n, bytes));
    const more = left.count() - asked.count();
    return { asked, stay: more === 0 ? "" : `${many(more, "row")} of the same groups ${more === 1 ? "stays" : "stay"} with those kept.` };
  }
}
