/**
 * Colours for clusters: Okabe and Ito's first, which people with any colour vision tell apart, then as many as are needed,
 * each the farthest from all before it, for full vision and for the three kinds of colour blindness.
 *
 * Source: M. Okabe, K. Ito, "Color Universal Design" (2008).
 */
import { fromLab, parseColour, toHex } from "./colour";
import { apart, seen } from "./vision";

export { contrast, parseColour, type Rgb } from "./colour";
export { ramp, rampAt } from "./ramp";
export { difference } from "./vision";

/** Theirs without black, which is the ink; without yellow, which white paper swallows; with a brighter blue on dark ground. */
const OKABE_ITO_LIGHT = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];
const OKABE_ITO_DARK = ["#3a6cd8", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"];

/** OKLab lightness, chroma and how many hues the further colours are chosen from; both keep clear of their ground. */
const GRID = { light: [0.44, 0.53, 0.62, 0.7], dark: [0.6, 0.68, 0.76, 0.85], chroma: [0.17, 0.13, 0.09], hues: 45 };

/**
 * `n` colours as #rrggbb for a light or dark ground. The first k of n are the k of a shorter list, so that a cluster keeps its
 * colour while others come; beyond some 500 they begin again.
 */
export function clusterColours(n: number, dark: boolean): string[] {
  const list = grown(n, dark);
  return Array.from({ length: n }, (_, i) => list.colours[i % list.most]);
}

/** One of them, without a list of all. */
export function clusterColour(cluster: number, dark: boolean): string {
  const list = grown(cluster + 1, dark);
  return list.colours[cluster % list.most];
}

function grown(n: number, dark: boolean): Growing {
  const list = dark ? (onDark ??= new Growing(OKABE_ITO_DARK, GRID.dark)) : (onLight ??= new Growing(OKABE_ITO_LIGHT, GRID.light));
  while (list.colours.length < Math.min(n, list.most)) list.add();
  return list;
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
