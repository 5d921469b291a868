// Brings the page up to what Python has: one pass at a time, the first picture before anything else.

import { drawable, type Frame, pullFrame } from "./frame";
import type { Kernel } from "./kernel";
import { Mask } from "./mask";
import { framed } from "./rows";
import type { State } from "./state";
import type { Store } from "./store";
import { judged } from "./verdicts";
import type { Want } from "./wants";

type Patch = () => Partial<State>;

export class Pulling {
  readonly #wanted = new Set<Want>();
  /** A pass is on its way. */
  busy = false;

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  get #state(): Readonly<State> {
    return this.store.state;
  }

  /** One pass at a time; what is wanted meanwhile is asked for once, in the next. */
  async pull(wants: Want[]): Promise<void> {
    for (const want of wants) this.#wanted.add(want);
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.#wanted.size > 0) {
        const pass = [...this.#wanted];
        this.#wanted.clear();
        const looked = this.#state.session?.looking ?? null;
        const patches = await Promise.all(pass.filter((want) => want !== "selection" && want !== "summary" && want !== "values").map((want) => this.#first(want)));
        this.store.set(Object.assign({}, ...patches.map((patch) => patch())) as Partial<State>);
        // what an earlier round did not keep was not to be seen there, and is selected as before
        if (pass.includes("selection") || (looked !== null && this.#state.session?.looking === null)) await this.store.selection.pull();
        this.store.quick.renew();
        await Promise.all([pass.includes("values") && this.store.colouring.renew(), pass.includes("summary") && this.store.summing.renew()]);
        await this.coords();
      }
      this.store.returning.watch();
    } finally {
      this.busy = false;
    }
  }

  /** The first picture waits for nothing else; later ones come together with their names and figures. */
  async #first(want: Want): Promise<Patch> {
    const patch = await this.#ask(want);
    if (want !== "frame" || this.#state.frame) return patch;
    this.store.set(patch());
    return () => ({});
  }

  /** What an answer changes is worked out when it is shown: until then others are waited for, and a hand may have done more. */
  async #ask(want: Want): Promise<Patch> {
    if (want === "state") {
      const { result: session } = await this.kernel.request("state", {});
      return () => ({ session });
    }
    if (want === "clusters") {
      const { clusters } = (await this.kernel.request("clusters", {})).result;
      return () => ({ clusters: judged(clusters, this.#state.clusters) });
    }
    if (want === "explanation") {
      // one that was waited for as it was asked for, and is of what is still selected
      const { explaining } = this.#state;
      const { made } = this.store.selection;
      const { explanation } = (await this.kernel.request("explanation", {})).result;
      return () => (explaining && this.#state.explaining && made === this.store.selection.made && explanation ? { explanation, explaining: false } : {});
    }
    if (want === "hits") return this.store.searching.pull();
    if (want === "suggestions") return this.store.suggesting.pull();
    if (want === "sweep") {
      const previewed = await this.store.previewing.pull();
      return () => previewed;
    }
    const held = this.#state.frame;
    const [frame, bits] = await Promise.all([pullFrame(this.kernel, held, this.#state.view.dim), this.kernel.request("kept", {})]);
    if (!frame) return () => ({ frame });
    const told = Mask.from(frame.n, bits.bytes);
    return () => this.#framed(frame, told);
  }

  #framed(frame: Frame, told: Mask): Partial<State> {
    const held = this.#state.frame;
    // While a drop is on its way, Python may not know yet what the map already hides.
    const kept = this.kernel.undecided > 0 && this.#state.kept ? told.and(this.#state.kept) : told;
    if (held && frame.labels === held.labels && this.#state.kept?.equals(kept)) return { frame };
    return framed(frame, kept, this.#state.selected);
  }

  /** Coords of a map that was not shown before. */
  async coords(): Promise<void> {
    const { frame, view } = this.#state;
    if (frame && !drawable(frame, view.dim)) await this.pull(["frame"]);
  }
}
