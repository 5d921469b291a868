/** The points: discs, and rings for noise, smoothed at the edge. What draws them need not be a graphics card. */
import type { Matrix, Pane } from "../geometry";
import type { Rgb } from "../palette";
import type { DiscSize } from "./size";

/** Four numbers: their product with (x, y, z, 1) is one of a point's. */
export type Row = readonly number[];

/** One view's picture. Matrices take quantised coordinates, read as 0 to 1, to clip space with W = 1 at the focus. */
export interface PointsView {
  pane: Pane;
  dim: 2 | 3;
  matrix: Matrix;
  /** What the points come from while they move, and how far they have come, 0 to 1. */
  from: { dim: 2 | 3; old: boolean; matrix: Matrix; far: Row; done: number } | null;
  size: DiscSize;
  /** Quantised coordinates to how far a point is: 0 or less for near, 1 or more for far. */
  far: Row;
  /** How pale the farthest become. */
  fog: number;
}

export interface PointsStyle {
  ground: Rgb;
  ink: Rgb;
  /** How far what is not selected goes towards the ground, 0 while nothing is selected. */
  pale: number;
  /** How much ink is in the outline of what is selected. */
  outline: number;
}

export interface Points {
  setCoords(dim: 2 | 3, now: Uint16Array, before: Uint16Array | null): void;
  setColourOf(index: Uint16Array): void;
  setPalette(colours: Rgb[]): void;
  setState(state: Uint8Array): void;
  draw(n: number, views: PointsView[], style: PointsStyle, cssPx: number): void;
}
