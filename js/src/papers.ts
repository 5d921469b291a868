// Papers of the whole session: asked for, waited for, and put together from their chunks. Knows no DOM.

import type { Kernel } from "./kernel";
import { RequestError } from "./message";
import type { Part } from "./protocol";
import type { Store } from "./store";

export type PaperKind = "report" | "card" | "manifest" | "code" | "map";
export interface Paper {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Milliseconds after which it is asked for again, should the revision that tells of it have been lost. */
const PATIENCE = 15_000;

export class Papers {
  /** What is being made; "" while nothing is. */
  busy: PaperKind | "" = "";
  /** One calm sentence on why there is none. */
  trouble = "";
  /** The cell of code that was made last, to be read and copied. */
  code = "";
  copied = false;
  /** Whether texts go onto the map that is exported: only where the person says so. */
  texts = false;
  /** The map that was exported last: where to, how large, and what it holds. */
  told = "";
  #wake: () => void = () => {};

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  revised(parts: Part[]): void {
    if (parts.includes("report")) this.#wake();
  }

  say(texts: boolean): void {
    this.texts = texts;
    this.store.set({});
  }

  /** The paper, or null where there is none: `trouble` says why. */
  async make(kind: PaperKind, texts: boolean): Promise<Paper | null> {
    if (this.busy) return null;
    Object.assign(this, { busy: kind, trouble: "", told: "" });
    this.store.set({});
    try {
      for (;;) {
        // listened to before it is asked for: a revision that comes between is not lost
        const moved = new Promise<void>((wake) => (this.#wake = wake));
        const { pending, error, name, chunks, key } = (await this.kernel.request("paper", { kind, texts })).result;
        if (error) {
          this.trouble = error;
          return null;
        }
        if (!pending) return { name, bytes: await this.#bytes(key, chunks) };
        let timer: ReturnType<typeof setTimeout> | undefined;
        await Promise.race([moved, new Promise((late) => (timer = setTimeout(late, PATIENCE)))]);
        clearTimeout(timer);
      }
    } catch (error) {
      this.trouble = error instanceof RequestError ? error.message : "It could not be asked for.";
      return null;
    } finally {
      this.busy = "";
      this.store.set({});
    }
  }

  async #bytes(key: string, chunks: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    for (let chunk = 0; chunk < chunks; chunk++) parts.push((await this.kernel.request("paper_file", { key, chunk })).bytes.slice());
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
    return whole;
  }
}
