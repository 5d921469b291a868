/** The points drawn the slow and obvious way: every pixel of the pane asks every point, and each idea is written down once. */
import { LOOKS, opacities } from "../src/scatter/looks";
import type { PointsStyle, PointsView } from "../src/scatter/points";
import { GHOST, OFF, RING, SELECTED } from "../src/scatter/state";

export interface Rows {
  n: number;
  coords: Record<2 | 3, Uint16Array>;
  before: Record<2 | 3, Uint16Array>;
  state: Uint8Array;
  colourOf: Uint16Array;
  palette: (readonly [number, number, number])[];
}

type Rgb = readonly number[];

/** One view that fills a picture of `width` x `height`; three numbers a pixel. */
export function drawnSlowly(rows: Rows, view: PointsView, style: PointsStyle, cssPx: number, width: number, height: number): number[][] {
  const ground = style.ground.map((v) => Math.round(v * 255));
  const picture = Array.from({ length: width * height }, () => ({ depth: 1, colour: ground }));
  const passes = [(s: number) => (s & GHOST) !== 0, (s: number) => (s & (OFF | GHOST | SELECTED)) === 0, (s: number) => (s & (OFF | GHOST)) === 0 && (s & SELECTED) !== 0];
  for (const wanted of passes) {
    for (let row = 0; row < rows.n; row++) if (wanted(rows.state[row])) drawPoint(row);
  }
  return picture.map(({ colour }) => colour);

  function drawPoint(row: number): void {
    const { x, y, z, w, far } = projected(rows, row, view);
    if (!(w > 0 && z >= -w && z <= w)) return;
    const state = rows.state[row];
    const ghost = (state & GHOST) !== 0;
    const chosen = !ghost && (state & SELECTED) !== 0;
    const kind = ghost ? 4 : (chosen ? 1 : 0) + ((state & RING) !== 0 ? 2 : 0);
    const look = LOOKS[kind];

    // Sizes go by 256 steps of nearness, radii and places by eighths of a pixel.
    const steps = 256 * (view.size.diameter / view.size.largest);
    const scale = (Math.min(255, Math.floor(steps / w)) + 0.5) / steps;
    const [a, b, c, e] = look.grows;
    const d = view.size.diameter * scale;
    const radius = Math.round((Math.max(a * d + b, c * d + e) * cssPx * 8) / 2) / 8;
    const eighth = (v: number) => (Math.floor(v * 8) + 0.5) / 8;
    const [px, py] = [eighth((x / w / 2 + 0.5) * width), eighth((0.5 - y / w / 2) * height)];
    const depth = ghost ? 1 : z / w - (chosen ? 2 : 0);

    const index = rows.colourOf[row];
    const own = index < rows.palette.length ? rows.palette[index] : mixed(style.ink, style.ground, 0.12);
    const distance = Math.floor(Math.min(1, Math.max(0, far)) * 31 + 0.5) / 31;
    const plain = mixed(own, style.ground, 1 - (1 - view.fog * distance) * (1 - style.pale));
    const filled = kind === 3;
    const fill = bytes(ghost ? (index < rows.palette.length ? mixed(own, style.ground, 0.3) : mixed(style.ink, style.ground, 0.72)) : filled ? style.ground : chosen ? own : plain);
    const line = bytes(filled ? own : mixed(own, style.ink, style.outline));

    for (let i = 0; i < picture.length; i++) {
      const r = Math.hypot((i % width) + 0.5 - px, Math.floor(i / width) + 0.5 - py);
      const edge = look.line > 0 ? unit(r - radius + look.line * cssPx + 0.5) : 0;
      const cover = unit(radius - r + 0.5) * (look.hollow ? edge : 1);
      if (cover < 0.3 || depth > picture[i].depth) continue;
      const opacity = Math.round(opacities(view.size)[kind] * 64) / 64;
      const over = chosen ? blended(fill, line, Math.round(edge * 256)) : fill;
      picture[i] = { depth, colour: blended(picture[i].colour, over, Math.round(cover * opacity * 256)) };
    }
  }
}

function projected(rows: Rows, row: number, view: PointsView): { x: number; y: number; z: number; w: number; far: number } {
  const through = (matrix: readonly number[], far: readonly number[], coords: Uint16Array, dim: number) => {
    const p = [...Array.from(coords.subarray(row * dim, row * dim + dim), (q) => q / 65535), ...(dim === 2 ? [0] : []), 1];
    return [...[0, 4, 8, 12].map((at) => dot(matrix.slice(at, at + 4), p)), dot(far, p)];
  };
  const { from } = view;
  let p = through(view.matrix, view.far, rows.coords[view.dim], view.dim);
  if (from !== null) {
    const old = through(from.matrix, from.far, (from.old ? rows.before : rows.coords)[from.dim], from.dim);
    p = p.map((v, i) => v * from.done + old[i] * (1 - from.done));
  }
  const [x, y, z, w, far] = p;
  return { x, y, z, w, far };
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const unit = (v: number) => Math.min(1, Math.max(0, v));
const mixed = (a: Rgb, b: Rgb, t: number): Rgb => a.map((v, i) => v + (b[i] - v) * t);
const bytes = (rgb: Rgb): number[] => rgb.map((v) => Math.round(v * 255));
const blended = (under: number[], over: number[], share: number): number[] => under.map((u, i) => u + Math.floor(((over[i] - u) * share + 128) / 256));
