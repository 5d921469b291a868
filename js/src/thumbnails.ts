// Small images of rows, fetched for those in sight and held as Blob URLs, which are revoked when they are let go. Knows no DOM.

import type { Kernel } from "./kernel";
import { RequestError } from "./message";
import type { State } from "./state";

/** Rows of one request. */
const BATCH = 24;
/** Images held; of those beyond, the ones longest out of sight are let go. */
const HELD = 300;

interface Host {
  readonly state: Readonly<State>;
  set(patch: Partial<State>): void;
}

export class Thumbnails {
  readonly #store: Host;
  readonly #kernel: Pick<Kernel, "request">;
  /** Blob URL of a row; null where it has no image. The last in the map is the one seen last. */
  readonly #held = new Map<number, string | null>();
  /** Rows in sight, by where they are shown. */
  readonly #sight = new Map<string, number[]>();
  #flying = false;
  #gone = false;

  constructor(store: Host, kernel: Pick<Kernel, "request">) {
    this.#store = store;
    this.#kernel = kernel;
  }

  /** Whether rows of this table have images. */
  get there(): boolean {
    return this.#store.state.hello?.images === true;
  }

  /** The image of a row; null where it has none, undefined until that is known. */
  at(row: number): string | null | undefined {
    return this.#held.get(row);
  }

  /** Rows are in sight somewhere on the page, in the place of those that were there before. */
  want(where: string, rows: number[]): void {
    if (!this.there || this.#gone) return;
    this.#sight.set(where, rows);
    for (const row of rows) {
      const held = this.#held.get(row);
      if (held === undefined) continue;
      this.#held.delete(row);
      this.#held.set(row, held);
    }
    void this.#fetch();
  }

  /** The browser can't show what came. */
  broken(row: number): void {
    this.#put(row, null);
    this.#store.set({});
  }

  destroy(): void {
    this.#gone = true;
    for (const url of this.#held.values()) if (url !== null) URL.revokeObjectURL(url);
    this.#held.clear();
    this.#sight.clear();
  }

  async #fetch(): Promise<void> {
    if (this.#flying) return;
    this.#flying = true;
    for (let rows = this.#missing(); rows.length > 0; rows = this.#missing()) {
      await this.#ask(rows);
      if (this.#gone) break;
      this.#letGo();
      this.#store.set({});
    }
    this.#flying = false;
  }

  /** Of the rows in sight now, some that nobody asked for. */
  #missing(): number[] {
    const missing = new Set([...this.#sight.values()].flat().filter((row) => !this.#held.has(row)));
    return [...missing].slice(0, BATCH);
  }

  async #ask(rows: number[]): Promise<void> {
    let [sizes, bytes]: [number[], Uint8Array] = [[], new Uint8Array()];
    try {
      const reply = await this.#kernel.request("thumbnails", { rows });
      [sizes, bytes] = [reply.result.sizes, reply.bytes];
    } catch (error) {
      if (!(error instanceof RequestError)) console.error(error);
    }
    if (this.#gone) return;
    let from = 0;
    for (const [i, row] of rows.entries()) {
      const size = sizes[i] ?? 0;
      const part = bytes.slice(from, from + size);
      from += size;
      const kind = kindOf(part);
      this.#put(row, kind === "" ? null : URL.createObjectURL(new Blob([part], { type: kind })));
    }
  }

  #put(row: number, url: string | null): void {
    const old = this.#held.get(row);
    if (old) URL.revokeObjectURL(old);
    this.#held.set(row, url);
  }

  #letGo(): void {
    const seen = new Set([...this.#sight.values()].flat());
    for (const [row, url] of this.#held) {
      if (this.#held.size <= HELD) return;
      if (seen.has(row)) continue;
      if (url !== null) URL.revokeObjectURL(url);
      this.#held.delete(row);
    }
  }
}

/** The type that the first bytes say; nothing for what is no raster image. */
export function kindOf(bytes: Uint8Array): string {
  const at = (from: number, text: string) => [...text].every((letter, i) => bytes[from + i] === letter.charCodeAt(0));
  if (at(0, "\x89PNG\r\n\x1a\n")) return "image/png";
  if (at(0, "\xff\xd8\xff")) return "image/jpeg";
  return at(0, "RIFF") && at(8, "WEBP") ? "image/webp" : "";
}
