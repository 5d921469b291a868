// The columns the map draws, asked for chunk by chunk.

import { joinWords } from "./bytes";
import { type Kernel, RequestError, type Result } from "./kernel";
import type { Column } from "./protocol";

export interface Frame {
  id: number;
  n: number;
  lo: number;
  hi: number;
  coords3: Uint16Array;
  coords2: Uint16Array;
  labels: Int16Array;
  /** Of the columns as they are held: what has the same one need not travel again. */
  versions: Record<Column["name"], number>;
}

/** What the frame consists of; null before the first round has something to show, which is no error. */
async function describe(kernel: Pick<Kernel, "request">): Promise<Result<"frame"> | null> {
  try {
    return (await kernel.request("frame", {})).result;
  } catch (error) {
    if (error instanceof RequestError && error.kind === "refused") return null;
    throw error;
  }
}

/** The current frame; `held` where it is still that one, null where Python has none yet. */
export async function pullFrame(kernel: Pick<Kernel, "request">, held: Frame | null): Promise<Frame | null> {
  for (let attempt = 0; ; attempt++) {
    const result = await describe(kernel);
    if (!result) return null;
    if (held?.id === result.frame) return held;
    const column = (name: Column["name"]) => result.columns.find((c) => c.name === name);
    const [c3, c2, labels] = [column("coords3"), column("coords2"), column("labels")];
    if (!c3 || !c2 || !labels) return null;
    const { frame: id, n, lo, hi } = result;
    const pull = async <T>(c: Column, make: (chunks: Uint8Array[]) => T, old: T | undefined): Promise<T> => {
      if (old !== undefined && held?.n === n && held.versions[c.name] === c.version) return old;
      return make(await Promise.all(Array.from({ length: c.chunks }, async (_, chunk) => (await kernel.request("column", { frame: id, name: c.name, chunk })).bytes)));
    };
    try {
      const [coords3, coords2, clusters] = await Promise.all([
        pull(c3, (bytes) => joinWords(bytes, n * 3, Uint16Array), held?.coords3),
        pull(c2, (bytes) => joinWords(bytes, n * 2, Uint16Array), held?.coords2),
        pull(labels, (bytes) => joinWords(bytes, n, Int16Array), held?.labels),
      ]);
      return {
        id,
        n,
        lo,
        hi,
        coords3,
        coords2,
        labels: clusters,
        versions: { coords3: c3.version, coords2: c2.version, labels: labels.version },
      };
    } catch (error) {
      // A new round ended while its predecessor was on the way: ask what is current now.
      if (!(error instanceof RequestError && error.kind === "stale" && attempt < 5)) throw error;
    }
  }
}
