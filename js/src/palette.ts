/**
 * Colours for clusters: Okabe and Ito's first, which people with any colour vision tell apart, then as many as are needed,
 * each the farthest from all before it, for full vision and for the two common kinds of red-green blindness.
 *
 * Sources: M. Okabe, K. Ito, "Color Universal Design" (2008); B. Ottosson, "A perceptual color space for image processing"
 * (2020), for OKLab; G. Machado, M. Oliveira, L. Fernandes, "A physiologically-based model for simulation of color vision
 * deficiency" (2009), full severity.
 */

/** Parts from 0 to 1, gamma encoded as in sRGB. */
export type Rgb = readonly [number, number, number];

/** Theirs without black, which is the ink; without yellow, which white paper swallows; with a lighter blue on dark ground. */
const OKABE_ITO_LIGHT = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];
const OKABE_ITO_DARK = ["#2b8fd6", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"];

/** OKLab lightness, chroma and how many hues the further colours are chosen from; both keep clear of their ground. */
const GRID = { light: [0.44, 0.53, 0.62, 0.7], dark: [0.6, 0.68, 0.76, 0.85], chroma: [0.17, 0.13, 0.09], hues: 45 };

const MACHADO = [
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998], // no red cones
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881], // no green cones
];

/**
 * `n` colours as #rrggbb for a light or dark ground. The first k of n are the k of a shorter list, so that a cluster keeps its
 * colour while others come; beyond some 500 they begin again.
 */
export function clusterColours(n: number, dark: boolean): string[] {
  const list = dark ? (onDark ??= new Growing(OKABE_ITO_DARK, GRID.dark)) : (onLight ??= new Growing(OKABE_ITO_LIGHT, GRID.light));
  while (list.colours.length < Math.min(n, list.most)) list.add();
  return Array.from({ length: n }, (_, i) => list.colours[i % list.most]);
}

/** #rgb, #rrggbb or rgb(...) as parts; anything else is refused. */
export function parseColour(css: string): Rgb {
  const hex = /^#(?:([0-9a-f])([0-9a-f])([0-9a-f])|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2}))$/i.exec(css.trim());
  if (hex !== null) {
    const part = (i: number) => (hex[i] === undefined ? parseInt(hex[i + 3], 16) : parseInt(hex[i], 16) * 17) / 255;
    return [part(1), part(2), part(3)];
  }
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(css.trim());
  if (parts === null) throw new RangeError(`"${css}" is not a colour as #rrggbb or rgb(r, g, b)`);
  return [Number(parts[1]) / 255, Number(parts[2]) / 255, Number(parts[3]) / 255];
}

/** WCAG 2 contrast, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const luminance = (c: Rgb) => {
    const [r, g, bl] = c.map(toLinear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** How different two colours look at worst, to full vision and to the two blindnesses: OKLab distance, 0 to about 1. */
export function difference(a: Rgb, b: Rgb): number {
  return apart(seen(a), seen(b));
}

/** OKLab to full vision, without red cones, without green cones: nine numbers. */
function seen(colour: Rgb): number[] {
  const linear = colour.map(toLinear);
  const clip = (v: number) => Math.min(1, Math.max(0, v));
  return [...toLab(linear), ...MACHADO.flatMap((m) => toLab([0, 3, 6].map((row) => clip(m[row] * linear[0] + m[row + 1] * linear[1] + m[row + 2] * linear[2]))))];
}

function apart(a: number[], b: number[]): number {
  let least = Infinity;
  for (let eye = 0; eye < 9; eye += 3) {
    least = Math.min(least, (a[eye] - b[eye]) ** 2 + (a[eye + 1] - b[eye + 1]) ** 2 + (a[eye + 2] - b[eye + 2]) ** 2);
  }
  return Math.sqrt(least);
}

interface Candidate {
  css: string;
  seen: number[];
  /** The difference to the nearest colour taken. */
  clear: number;
}

/**
 * Clusters are numbered by size, and those of like size should differ most: how many before it a colour keeps farther away
 * from, and how much that counts. Measured: 300 colours in a row differ by 0.05 or more instead of 0.008, at no cost to the least
 * difference among the first 60.
 */
const RECENT = 3;
const NEIGHBOURS = 0.02;

/** Grows a list by the candidate that is farthest from all before it. */
class Growing {
  readonly colours: string[];
  readonly most: number;
  readonly #rest: Candidate[] = [];

  constructor(first: string[], lightness: number[]) {
    this.colours = [...first];
    for (const l of lightness) {
      for (const c of GRID.chroma) {
        for (let i = 0; i < GRID.hues; i++) {
          const hue = (2 * Math.PI * i) / GRID.hues;
          const rgb = fromLab(l, c * Math.cos(hue), c * Math.sin(hue));
          if (rgb !== null) this.#rest.push({ css: toHex(rgb), seen: seen(rgb), clear: Infinity });
        }
      }
    }
    this.most = first.length + this.#rest.length;
    for (const css of first) this.#keepClearOf(seen(parseColour(css)));
  }

  add(): void {
    const last = this.colours.slice(-RECENT).map((css) => seen(parseColour(css)));
    const worth = (c: Candidate) => c.clear + NEIGHBOURS * Math.min(...last.map((recent) => apart(c.seen, recent)));
    const best = this.#rest.map((c) => ({ c, worth: worth(c) })).reduce((a, b) => (b.worth > a.worth ? b : a)).c;
    this.colours.push(best.css);
    this.#rest.splice(this.#rest.indexOf(best), 1);
    this.#keepClearOf(best.seen);
  }

  #keepClearOf(taken: number[]): void {
    for (const candidate of this.#rest) candidate.clear = Math.min(candidate.clear, apart(candidate.seen, taken));
  }
}

let onLight: Growing | undefined;
let onDark: Growing | undefined;

function toLinear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function toLab(linear: number[]): number[] {
  const [r, g, b] = linear;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Null outside what a screen shows. */
function fromLab(L: number, a: number, b: number): Rgb | null {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  if (linear.some((v) => v < 0 || v > 1)) return null;
  const [r, g, bl] = linear.map((v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055));
  return [r, g, bl];
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((v) => Math.round(v * 255).toString(16).padStart(2, "0")).join("")}`;
}
