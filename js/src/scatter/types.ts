import type { Mask } from "../mask";

/** A row of this label has no place on the map: not even as a ghost of what was dropped. */
export const NOWHERE = -3;

/** What the map draws. Coordinates are quantised: value = lo + q * (hi - lo) / 65535. */
export interface ScatterData {
  n: number;
  /** n * 3. */
  coords3: Uint16Array;
  /** n * 2. */
  coords2: Uint16Array;
  /** Cluster of each row; -1 noise; -2 not in the round: never selected, drawn only as a ghost; NOWHERE: never drawn. */
  labels: Int16Array;
  lo: number;
  hi: number;
}

/** Any CSS colours; what is transparent in them is ignored. */
export interface ScatterStyle {
  ground: string;
  ink: string;
  soft: string;
  accent: string;
  dark: boolean;
}

export type Dim = "2d" | "3d" | "both";
export type Tool = "turn" | "lasso" | "polygon" | "box" | "brush";
export type SetOp = "new" | "add" | "subtract" | "intersect";

export interface Selecting {
  /** The rows inside the polygon, before `op`: combine with what was selected when the drag began (`combine` in mask.ts). */
  rows: Mask;
  /** x0, y0, x1, y1, ... in css px from the map's top left; closed, even-odd. With a `radius`: the line that the brush's middle went. */
  polygon: Float32Array;
  /** Css px: of a brush, whose rows lie no farther than this from the line; 0 for what is closed. */
  radius: number;
  /** Only rows whose middle no nearer disc covers were taken (sight.ts). */
  visible: boolean;
  /** Where one stood, to stand there again. */
  stand: Stand;
  /**
   * 4 x 4, row by row: camera @ [x, y, z, 1] = [X, Y, Z, W] with (X / W, Y / W) in the polygon's css px, over dequantised
   * coordinates (z = 0 in 2D). A point is in front of the camera when W > 0 and Z >= -W; Z grows along the view, and is the depth
   * that the strip cuts by. With the polygon it repeats the selection anywhere.
   */
  camera: number[];
  dim: 2 | 3;
  op: SetOp;
  /** What the same outline takes through the same camera, of the rows that are in sight only, or of all. */
  again?(visible: boolean): Mask;
}

/** The cameras as values; and where in the map, in css px, the view lay in which one drew. */
export interface Stand {
  turn: number;
  tilt: number;
  target: [number, number, number];
  distance: number;
  orthographic: boolean;
  center: [number, number];
  reach: number;
  width: number;
  height: number;
  /** 0, 0 where absent. */
  x?: number;
  y?: number;
}

export interface ScatterEvents {
  /** `final` is false while dragging, at most once a frame. */
  select(s: Selecting, final: boolean): void;
  /** The row under the pointer, -1 for none; x, y in css px from the map's top left. */
  hover(row: number, x: number, y: number): void;
  /** The row that was clicked, -1 for the ground. */
  click(row: number): void;
  /** Esc in mid-drag: restore what was selected before the drag. */
  cancel(): void;
  /** The graphics context was lost, said for a person; "" once the map is drawn again. */
  lost(message: string): void;
  /** A hand took hold of a map that turned by itself: it stands now. */
  stopped?(): void;
}

export interface Name {
  cluster: number;
  name: string;
  count?: number;
  /** Rows it has: "47 / 412" where 47 of them count. */
  of?: number;
}

export interface Scatter {
  /**
   * `animate`: points settle from where they were (not with prefers-reduced-motion, nor when n changes).
   * `refit`: the picture is another one, so cameras that no hand has moved start anew.
   */
  setData(d: ScatterData, animate: boolean, refit?: boolean): void;
  /** Colours by cluster, or by `perRow` index where given; noise, and an index beyond the colours, is drawn in ink. */
  setColors(css: string[], perRow?: Uint16Array): void;
  setSelection(mask: Mask | null): void;
  /** Css px at the lower end that something lies over: the picture rises until nothing selected lies there, and comes down again with 0. */
  setCovered(height: number): void;
  /** Hidden clusters are neither drawn nor selected. */
  setHidden(clusters: Set<number>): void;
  setHover(row: number): void;
  setTool(t: Tool): void;
  setOp(op: SetOp): void;
  setDim(d: Dim): void;
  setStyle(s: ScatterStyle): void;
  setNames(names: Name[]): void;
  /** null: everything, as it is turned now. */
  flyTo(cluster: number | null): void;
  /** Flies to these rows; null: everything. */
  flyToRows(rows: Mask | null): void;
  /** Rows outside are neither drawn nor selected; null: no row is filtered out. */
  setFilter(mask: Mask | null): void;
  /** Dropped rows stay, faint, and are never selected. */
  setGhosts(on: boolean): void;
  /** Take only rows whose middle no nearer disc covers. */
  setVisibleOnly(on: boolean): void;
  setOrthographic(on: boolean): void;
  /** Turns by itself until a hand takes hold; never with prefers-reduced-motion. */
  setSpin(on: boolean): void;
  stand(): Stand;
  /** Flies to where a selection was made, and draws its outline there until the map moves. null takes the outline away. */
  revisit(step: { polygon: ArrayLike<number>; radius: number; dim: 2 | 3; stand: Stand } | null): void;
  /** Ends a polygon that is being placed corner by corner, or a keyboard's; false where none is. */
  finish(): boolean;
  /** The picture as it is now, names and outlines with it, in device px. */
  png(): Promise<Blob>;
  /** What draws: a graphics card, or typed arrays where there is none. */
  readonly backend: "webgl" | "software";
  reset(): void;
  /** The rows inside a polygon in css px, by the code that a drag runs. */
  lassoPolygon(points: [number, number][], dim: 2 | 3): Mask;
  /** Where a row stands, in css px; "behind" the camera it cannot be selected. */
  project(row: number, dim: 2 | 3): { x: number; y: number; behind: boolean };
  destroy(): void;
}
