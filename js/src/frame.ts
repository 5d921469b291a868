// The columns the map draws, asked for chunk by chunk: labels, and the coords of the maps that are shown.

import { join } from "./bytes";
import type { Kernel } from "./kernel";
import { RequestError, type Result } from "./message";
import type { Column } from "./protocol";
import type { Dim } from "./scatter/types";

export interface Frame {
  id: number;
  n: number;
  lo: number;
  hi: number;
  /** Of a map that was not shown yet all are 0, or stand where they did when it was: see `versions`. */
  coords3: Uint16Array;
  coords2: Uint16Array;
  labels: Int16Array;
  /** Of the columns as they are held, -1 where one never came: what has the same one need not travel again. */
  versions: Record<Column["name"], number>;
  /** Of the columns as Python has them. */
  latest: Record<Column["name"], number>;
}

const COORDS: Record<Dim, Column["name"][]> = { "2d": ["coords2"], "3d": ["coords3"], both: ["coords3", "coords2"] };

/** Whether the coords that these maps draw are all there. */
export function drawable({ versions, latest }: Frame, dim: Dim): boolean {
  return COORDS[dim].every((name) => versions[name] === latest[name]);
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

/** The current frame with what `dim` shows; `held` where it is still that one, null where Python has none yet. */
export async function pullFrame(kernel: Pick<Kernel, "request">, held: Frame | null, dim: Dim): Promise<Frame | null> {
  for (let attempt = 0; ; attempt++) {
    const result = await describe(kernel);
    if (!result) return null;
    if (held?.id === result.frame && drawable(held, dim)) return held;
    const { frame: id, n, lo, hi, columns } = result;
    const old = held?.n === n ? held : null;
    const frame: Frame = {
      id,
      n,
      lo,
      hi,
      coords3: old?.coords3 ?? new Uint16Array(3 * n),
      coords2: old?.coords2 ?? new Uint16Array(2 * n),
      labels: old?.labels ?? new Int16Array(n),
      versions: { ...(old?.versions ?? { coords3: -1, coords2: -1, labels: -1 }) },
      latest: { coords3: -1, coords2: -1, labels: -1 },
    };
    const pull = async ({ name, dtype, chunks, version }: Column) => {
      if (frame.versions[name] === version) return;
      const parts = await Promise.all(Array.from({ length: chunks }, async (_, chunk) => (await kernel.request("column", { frame: id, name, chunk })).bytes));
      if (name === "labels") frame.labels = dtype === "int8" ? Int16Array.from(join(parts, n, Int8Array)) : join(parts, n, Int16Array);
      else frame[name] = join(parts, n * (name === "coords3" ? 3 : 2), Uint16Array);
      frame.versions[name] = version;
    };
    for (const { name, version } of columns) frame.latest[name] = version;
    try {
      await Promise.all(columns.filter(({ name }) => name === "labels" || COORDS[dim].includes(name)).map(pull));
      return frame;
    } catch (error) {
      // A new round ended while its predecessor was on the way: ask what is current now.
      if (!(error instanceof RequestError && error.kind === "stale" && attempt < 5)) throw error;
    }
  }
}
