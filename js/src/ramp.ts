/**
 * Colours for numbers: from what lies near the ground to what stands out of it, in even steps. Lightness alone tells
 * them apart, so that any colour vision does; the hue goes from yellow by green to blue as well, to name them by.
 */
import { fromLab, toHex, type Rgb } from "./colour";
import { difference } from "./vision";

interface Way {
  /** OKLab lightness and hue, in degrees, at both ends. */
  lightness: readonly [number, number];
  hue: readonly [number, number];
  /** Chroma at both ends and in between. */
  chroma: readonly [number, number, number];
}

const ON_LIGHT: Way = { lightness: [0.79, 0.28], hue: [102, 286], chroma: [0.13, 0.12, 0.13] };
const ON_DARK: Way = { lightness: [0.44, 0.94], hue: [282, 104], chroma: [0.13, 0.12, 0.14] };

const SAMPLES = 512;

/** `n` colours as #rrggbb, low numbers first, each as far from the next. */
export function ramp(n: number, dark: boolean): string[] {
  return Array.from({ length: n }, (_, i) => rampAt(n === 1 ? 1 : i / (n - 1), dark));
}

/** The colour of a number, 0 to 1; beyond that, of the nearer end. */
export function rampAt(t: number, dark: boolean): string {
  const { colours, far } = dark ? (onDark ??= walked(ON_DARK)) : (onLight ??= walked(ON_LIGHT));
  const wanted = Math.min(1, Math.max(0, t)) * far[SAMPLES];
  let i = 0;
  while (i < SAMPLES && far[i] < wanted) i++;
  return toHex(colours[i > 0 && wanted - far[i - 1] < far[i] - wanted ? i - 1 : i]);
}

interface Walked {
  colours: Rgb[];
  /** How far each is from the first, step by step, to the eye that sees least of that step. */
  far: number[];
}

let onLight: Walked | undefined;
let onDark: Walked | undefined;

function walked(way: Way): Walked {
  const colours = Array.from({ length: SAMPLES + 1 }, (_, i) => at(way, i / SAMPLES));
  const far = [0];
  for (let i = 1; i < colours.length; i++) far.push(far[i - 1] + difference(colours[i - 1], colours[i]));
  return { colours, far };
}

/** As much chroma as a screen shows there. */
function at({ lightness, hue, chroma }: Way, t: number): Rgb {
  const turn = ((hue[0] + (hue[1] - hue[0]) * t) * Math.PI) / 180;
  const [first, middle, last] = chroma;
  let c = first * (1 - t) ** 2 + middle * 2 * t * (1 - t) + last * t ** 2;
  for (;;) {
    const rgb = fromLab(lightness[0] + (lightness[1] - lightness[0]) * t, c * Math.cos(turn), c * Math.sin(turn));
    if (rgb !== null) return rgb;
    c *= 0.99;
  }
}
