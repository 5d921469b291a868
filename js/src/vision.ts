/**
 * How colours look without one of the three kinds of cones.
 *
 * Source: G. Machado, M. Oliveira, L. Fernandes, "A physiologically-based model for simulation of color vision deficiency"
 * (2009), full severity.
 */
import { toLab, toLinear, type Rgb } from "./colour";

const FULL = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Full vision, protanopia, deuteranopia, tritanopia: linear light to linear light. */
export const EYES: readonly (readonly number[])[] = [
  FULL,
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
];

/** How different two colours look at worst, to any of these eyes: OKLab distance, 0 to about 1. */
export function difference(a: Rgb, b: Rgb, eyes: readonly (readonly number[])[] = EYES): number {
  return apart(seen(a, eyes), seen(b, eyes));
}

/** OKLab to each eye, one after the other. */
export function seen(colour: Rgb, eyes: readonly (readonly number[])[] = EYES): number[] {
  const [r, g, b] = colour.map(toLinear);
  const clip = (v: number) => Math.min(1, Math.max(0, v));
  return eyes.flatMap((m) => toLab([0, 3, 6].map((row) => clip(m[row] * r + m[row + 1] * g + m[row + 2] * b))));
}

/** Of what `seen` says of two colours. */
export function apart(a: readonly number[], b: readonly number[]): number {
  let least = Infinity;
  for (let eye = 0; eye < a.length; eye += 3) {
    least = Math.min(least, (a[eye] - b[eye]) ** 2 + (a[eye + 1] - b[eye + 1]) ** 2 + (a[eye + 2] - b[eye + 2]) ** 2);
  }
  return Math.sqrt(least);
}
