/** How a point of each kind looks, whatever draws it: a plain disc, a ring for noise, either of them chosen, a ghost. */
import type { DiscSize } from "./size";
import { RING, SELECTED } from "./state";

export interface Look {
  /** A diameter d becomes the larger of a d + b and c d + e: a, b, c, e, where b and e are css px. */
  grows: readonly [number, number, number, number];
  /** Css px of the line at the edge; 0 for none. */
  line: number;
  /** Nothing is drawn within the line. */
  hollow: boolean;
}

/** Flags of a row's state that make its kind; a ghost's comes after those. */
export const KINDS = SELECTED | RING;
export const GHOSTLY = KINDS + 1;

/** By kind. None is so small that it could fall between pixels. */
export const LOOKS: readonly Look[] = [
  { grows: [1, 0, 0, 1.1], line: 0, hollow: false },
  { grows: [1.2, 1.8, 0, 4.3], line: 1, hollow: false },
  { grows: [1.25, 0, 0.9, 1.1], line: 1.1, hollow: true },
  { grows: [1.5, 1.8, 1.08, 3.12], line: 1.7, hollow: false },
  { grows: [0.75, 0, 0, 1.1], line: 0, hollow: false },
];

/** How far noise, and what has no colour, is from ink towards the ground; how far a ghost is; and how far one that has a colour is from that. */
export const NEARLY_INK = 0.12;
export const GHOST_PALE = 0.72;
export const GHOST_TINT = 0.3;

/** By kind. What is chosen is whole; noise is never fainter than the clusters about it. */
export function opacities({ opacity }: DiscSize): number[] {
  return [opacity, 1, (1 + opacity) / 2, 1, opacity];
}

/** An edge that covers less of a pixel is left out: it would still hide what is behind it. */
export const FAINTEST = 0.3;
