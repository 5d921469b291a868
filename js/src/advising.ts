// The analyst's advice as one list: shown first, each of it may be left out, and accepted as one decision. Knows no DOM.

import type { Kernel } from "./kernel";
import { RequestError, type Result } from "./message";
import type { Overview, Suggestion } from "./protocol";
import type { Store } from "./store";

/** Rows to drop are ticked from this confidence on, which elute measured: an analyst's word alone ticks nothing that removes. */
const MEASURED = 0.5;

export class Advising {
  open = false;
  /** What the chosen ones would do together; null until that is known. */
  foretold: Result<"advice"> | null = null;
  /** By id. Advice that comes while the list is open is in it, and ticked by nobody. */
  readonly #ticked = new Set<string>();
  #asked = 0;
  #overview: Overview | null = null;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  /** What was said of the whole last: it stands until the next is there, so that what is read below does not jump between rounds. */
  get overview(): Overview | null {
    this.#overview = this.store.state.session?.overview ?? this.#overview;
    return this.#overview;
  }

  /** Everything that the analyst advises, what is for eyes only too. */
  get all(): Suggestion[] {
    return (this.store.state.suggested?.suggestions ?? []).filter(({ analyst }) => analyst);
  }

  /** What of it can be accepted. */
  get able(): Suggestion[] {
    return this.all.filter(({ advised }) => advised);
  }

  get chosen(): Suggestion[] {
    return this.able.filter((one) => this.has(one));
  }

  has({ id }: Suggestion): boolean {
    return this.#ticked.has(id);
  }

  async show(): Promise<void> {
    this.open = true;
    this.#ticked.clear();
    for (const one of this.able) if (one.advised !== "drop" || (one.confidence ?? 0) >= MEASURED) this.#ticked.add(one.id);
    await this.foretell();
  }

  hide(): void {
    this.open = false;
    this.store.set({});
  }

  async tick({ id }: Suggestion, on: boolean): Promise<void> {
    if (on) this.#ticked.add(id);
    else this.#ticked.delete(id);
    await this.foretell();
  }

  /** Asked again whenever the list or what is chosen of it changed. */
  async foretell(): Promise<void> {
    if (!this.open) return;
    const ids = this.chosen.map(({ id }) => id);
    const asked = ++this.#asked;
    this.foretold = null;
    this.store.set({});
    if (ids.length === 0) return;
    try {
      const { result } = await this.kernel.request("advice", { ids });
      if (asked === this.#asked) this.foretold = result;
    } catch (error) {
      // what it was about has changed: the next list asks again
      if (!(error instanceof RequestError)) console.error(error);
    }
    this.store.set({});
  }

  /** One decision, of what the person saw the sum of. */
  async accept(): Promise<void> {
    const { chosen, foretold } = this;
    if (!foretold || chosen.length === 0) return;
    this.open = false;
    await this.store.suggesting.accept(chosen, "advised");
  }
}
