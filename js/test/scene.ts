/** A map to look at and to measure, of clusters that are the same on every run. Browser tests bundle this as `scenes`. */
import { Mask } from "../src/mask";
import { clusterColours } from "../src/palette";
import { createScatter, type Scatter, type ScatterData, type ScatterEvents } from "../src/scatter/scatter";
import { generator } from "./random";

export { createScatter, Mask };

/** As a layout of a table has them: clusters of very different sizes, a share of noise, a share that is not in the round. */
export function blobs(n: number, clusters: number, noise = 0.1, gone = 0.05): ScatterData {
  const random = generator(n + clusters);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const [lo, hi] = [-1.6, 1.6];
  const quantised = (v: number) => Math.round(((Math.min(hi, Math.max(lo, v)) - lo) / (hi - lo)) * 65535);
  const middles = Array.from({ length: clusters }, () => {
    const [turn, z, out] = [2 * Math.PI * random(), 2 * random() - 1, 0.4 + 0.5 * random()];
    const flat = Math.sqrt(1 - z * z) * out;
    return { x: flat * Math.cos(turn), y: flat * Math.sin(turn), z: z * out, wide: 0.04 + 0.09 * random() };
  });
  const data: ScatterData = { n, lo, hi, coords3: new Uint16Array(n * 3), coords2: new Uint16Array(n * 2), labels: new Int16Array(n) };
  for (let row = 0; row < n; row++) {
    const label = random() < noise ? -1 : Math.floor(clusters * random() ** 1.7);
    const { x, y, z, wide } = label < 0 ? { x: 0, y: 0, z: 0, wide: 0.45 } : middles[label];
    const at = [x + wide * normal(), y + wide * normal(), z + wide * normal()];
    data.coords3.set(at.map(quantised), row * 3);
    data.coords2.set([quantised(at[0] + 0.35 * at[2]), quantised(at[1] - 0.35 * at[2])], row * 2);
    data.labels[row] = random() < gone ? -2 : label;
  }
  return data;
}

export const LIGHT = { ground: "#ffffff", ink: "#1c2024", soft: "#5f6570", accent: "#0b7285", dark: false };
export const DARK = { ground: "#15181b", ink: "#e8eaed", soft: "#a4abb4", accent: "#4fc3d4", dark: true };

export interface Scene {
  data: ScatterData;
  backend?: string;
  dim?: "2d" | "3d" | "both";
  dark?: boolean;
  ghosts?: boolean;
  selected?: number[];
  events?: Partial<ScatterEvents>;
}

export function open(root: HTMLElement, { data, backend, dim, dark, ghosts, selected, events }: Scene): Scatter {
  if (backend !== undefined) root.dataset.backend = backend;
  const nothing = () => undefined;
  const made = createScatter(root, { select: nothing, hover: nothing, click: nothing, cancel: nothing, lost: nothing, ...events });
  if ("unsupported" in made) throw new Error(made.unsupported);
  const style = dark ? DARK : LIGHT;
  root.style.background = style.ground;
  made.setStyle(style);
  made.setDim(dim ?? "3d");
  made.setData(data, false);
  made.setColors(clusterColours(1 + data.labels.reduce((most, label) => Math.max(most, label), 0), dark ?? false));
  made.setGhosts(ghosts ?? false);
  if (selected) made.setSelection(Mask.of(data.n, selected));
  return made;
}
