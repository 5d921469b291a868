/** What the points look like now, kept on this side too: after a lost context it is all sent to the card again. */
import type { Mask } from "../mask";
import { parseColour } from "../palette";
import type { Backend } from "./backend";
import type { Points, PointsView } from "./points";
import type { Cloud } from "./select";
import { rowState, shownRows, stands } from "./state";
import type { ScatterData, ScatterStyle } from "./types";

/** How far what is not selected goes towards the ground. */
const PALE = 0.45;
/** Light outlines on a dark ground take more of a disc's colour than dark ones on a light ground: so much less of them. */
const GLOW = 0.6;

const NOTHING: ScatterData = { n: 0, coords3: new Uint16Array(0), coords2: new Uint16Array(0), labels: new Int16Array(0), lo: -1, hi: 1 };

export class Picture {
  data = NOTHING;
  style: ScatterStyle = { ground: "#ffffff", ink: "#1c2024", soft: "#5f6570", accent: "#0b7285", dark: false };
  /** 1 for the rows that are drawn and may be selected; how many they are. */
  shown = new Uint8Array(0);
  shownCount = 0;
  #hidden: ReadonlySet<number> = new Set();
  #filter: Mask | null = null;
  #ghosts = false;
  /** null where nothing was selected yet. */
  selection: Mask | null = null;
  #selected = 0;
  #colours: string[] = [];
  #colourOf: Uint16Array | null = null;
  /** Null while the context is lost. */
  #points: Points | null;

  constructor(readonly backend: Backend) {
    this.#points = backend.points();
  }

  /** `before`: the data from whose places the points will move. */
  setData(data: ScatterData, before: ScatterData | null): void {
    this.data = data;
    if (this.selection?.n !== data.n) [this.selection, this.#selected] = [null, 0];
    if (this.#colourOf?.length !== data.n) this.#colourOf = null;
    if (this.#filter?.n !== data.n) this.#filter = null;
    this.#sendCoords(before);
    this.#sendColours();
    this.#show();
  }

  setColors(css: string[], perRow: Uint16Array | undefined): void {
    if (perRow !== undefined && perRow.length !== this.data.n) throw new RangeError(`${perRow.length} colours for ${this.data.n} rows`);
    this.#colours = css;
    this.#colourOf = perRow ?? null;
    this.#sendColours();
  }

  /** Whether anything is selected now. */
  setSelection(mask: Mask | null): boolean {
    if (mask !== null && mask.n !== this.data.n) throw new RangeError(`a selection of ${mask.n} rows for ${this.data.n}`);
    this.selection = mask;
    this.#selected = mask?.count() ?? 0;
    this.#sendState();
    return this.#selected > 0;
  }

  setHidden(clusters: ReadonlySet<number>): void {
    this.#hidden = new Set(clusters);
    this.#show();
  }

  /** Rows outside are neither drawn nor selected. */
  setFilter(mask: Mask | null): void {
    if (mask !== null && mask.n !== this.data.n) throw new RangeError(`a filter of ${mask.n} rows for ${this.data.n}`);
    this.#filter = mask;
    this.#show();
  }

  setGhosts(on: boolean): void {
    this.#ghosts = on;
    this.#sendState();
  }

  isHidden(cluster: number): boolean {
    return this.#hidden.has(cluster);
  }

  cloud(dim: 2 | 3): Cloud {
    const { n, lo, hi, coords2, coords3 } = this.data;
    return { n, lo, hi, dim, coords: dim === 3 ? coords3 : coords2 };
  }

  /** Where a row is, dequantised: `dim` numbers. */
  placeOf(row: number, dim: 2 | 3): number[] {
    const { coords, lo, hi } = this.cloud(dim);
    return Array.from(coords.subarray(row * dim, (row + 1) * dim), (q) => lo + (q * (hi - lo)) / 65535);
  }

  lose(): void {
    this.#points = null;
  }

  restore(): void {
    this.#points = this.backend.points();
    this.#sendCoords(null);
    this.#sendColours();
    this.#sendState();
  }

  draw(views: PointsView[], cssPx: number): void {
    const style = {
      ground: parseColour(this.style.ground),
      ink: parseColour(this.style.ink),
      pale: this.#selected > 0 ? PALE : 0,
      outline: outlineInk(this.#selected) * (this.style.dark ? GLOW : 1),
    };
    this.#points?.draw(this.data.n, views, style, cssPx);
  }

  #show(): void {
    this.shown = shownRows(this.data.labels, this.#hidden, this.#filter);
    this.shownCount = this.shown.reduce((sum, one) => sum + one, 0);
    this.#sendState();
  }

  #sendCoords(before: ScatterData | null): void {
    const { data } = this;
    const stood = (label: number) => stands(label, this.#ghosts);
    this.#points?.setCoords(3, data.coords3, before && comingFrom(before.coords3, data.coords3, 3, before.labels, stood));
    this.#points?.setCoords(2, data.coords2, before && comingFrom(before.coords2, data.coords2, 2, before.labels, stood));
  }

  #sendColours(): void {
    const { labels } = this.data;
    this.#points?.setPalette(this.#colours.map(parseColour));
    // As unsigned, noise is beyond every list of colours, which is what ink stands for.
    this.#points?.setColourOf(this.#colourOf ?? new Uint16Array(labels.buffer, labels.byteOffset, labels.length));
  }

  #sendState(): void {
    this.#points?.setState(rowState(this.data.labels, this.shown, this.selection, this.#ghosts, this.#filter));
  }
}

/** Full for some hundred points; less for many, whose outlines would cover each other's colours. */
function outlineInk(selected: number): number {
  return Math.min(1, Math.max(0.3, 1 - 0.3 * Math.log10(Math.max(1, selected) / 200)));
}

/** Where rows move from: their old places, or, for rows that stood nowhere, where they come to stand. */
function comingFrom(before: Uint16Array, now: Uint16Array, dim: 2 | 3, labelsBefore: Int16Array, stood: (label: number) => boolean): Uint16Array {
  const from = before.slice();
  for (let row = 0; row < labelsBefore.length; row++) {
    if (!stood(labelsBefore[row])) for (let at = row * dim; at < (row + 1) * dim; at++) from[at] = now[at];
  }
  return from;
}
