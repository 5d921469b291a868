// What came back with the table, whose journal it is, and whether all of it is saved: asked and acted on. Knows no DOM.

import type { Kernel } from "./kernel";
import type { Store } from "./store";
import { take } from "./waiting";
import { many } from "./words";

/** How often it is tried again while something could not be saved, in ms. */
const AGAIN = 5000;

export class Returning {
  /** "Start afresh" was pressed and waits for a second press. */
  sure = false;
  /** Something of this is on its way. */
  busy = false;
  /** Lines that were read and put away. */
  readonly away = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request" | "again">,
  ) {}

  /** What was decided on a page whose kernel was gone is sent by the next one, in its order. */
  async resend(journal: string): Promise<void> {
    const { send, left, doubtful } = take(journal);
    const answers = await Promise.allSettled(send.map((one) => this.kernel.again(one)));
    const done = answers.filter(({ status }) => status === "fulfilled").length;
    const lost = left + answers.length - done;
    const many = (count: number): string => (count === 1 ? "One decision" : `${count} decisions`);
    const told = [
      done > 0 ? `${many(done)} made while the kernel was gone ${done === 1 ? "is" : "are"} saved now.` : "",
      lost > 0 ? `${many(lost)} made while the kernel was gone could not be sent: look, and decide again.` : "",
      doubtful > 0 ? `${many(doubtful)} you took back while the kernel was gone may have been saved before: look in the history, and undo what stands.` : "",
    ];
    this.store.set({ notice: told.filter(Boolean).join(" ") });
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  putAway(line: string): void {
    this.away.add(line);
    this.sure = false;
    this.store.set({});
  }

  /** Asks first; nothing is done until it is confirmed. */
  ask(sure: boolean): void {
    this.sure = sure;
    this.store.set({});
  }

  /** All decisions are put aside, as a file; the whole table is there again. */
  async afresh(): Promise<void> {
    this.sure = false;
    const { store } = this;
    if (await store.decide("afresh", {}, "Started afresh.")) {
      store.selection.clear();
      this.away.add(store.state.session?.resumed ?? "");
    }
  }

  /** Decisions about a table with many of the same rows. */
  async along(): Promise<void> {
    await this.#once(async () => {
      const { decisions } = (await this.kernel.request("bring_along", {})).result;
      this.store.set({ notice: `Brought along: ${many(decisions, "decision")}.` });
    });
  }

  /** Of two kernels on one journal this one decides from now on, or both do, each in a journal of its own. */
  async hold(how: "take" | "copy"): Promise<void> {
    await this.#once(async () => {
      const { folder } = (await this.kernel.request("hold", { how })).result;
      this.store.set({ notice: how === "take" ? "Decisions are made here now; the other kernel reads." : `A copy: both kernels decide, each for itself. To come back to it, give path="${folder}".` });
    });
  }

  /** While something could not be saved it is tried again, every few seconds, for as long as the page is open. */
  watch(): void {
    const { session, link } = this.store.state;
    if (!session?.problem || this.#timer !== undefined || link === "lost") return;
    this.#timer = setTimeout(() => {
      void this.#again().finally(() => {
        this.#timer = undefined;
        this.watch();
      });
    }, AGAIN);
  }

  async #again(): Promise<void> {
    try {
      const { saved } = (await this.kernel.request("save_again", {})).result;
      if (saved) await this.store.pull(["state"]);
    } catch {
      // the next time may do
    }
  }

  async #once(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.store.set({ error: "" });
    await this.store.attempt(async () => {
      await work();
      await this.store.pull(["state", "frame"]);
    });
    this.busy = false;
    this.store.set({});
  }
}
