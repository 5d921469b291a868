// What the next round's clusters would be over a range of one parameter: asked for ahead, so that a slider only reads it off.

import type { Kernel } from "./kernel";
import { RequestError } from "./message";
import type { Choice, Sweep } from "./protocol";
import type { State } from "./state";
import type { Store } from "./store";

/** Clusterers that answer quickly for a whole range of one parameter, and which that is. */
export const SWEPT: Record<string, string> = { communities: "resolution", dbscan: "eps", hdbscan: "min_cluster_size" };

const CALM = 350;
/** The slider writes four digits: a value that differs by no more is the one that was tried. */
const ALIKE = 6e-4;

export class Previewing {
  #key = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {}

  /** Asks where anything but the swept parameter is another than last time. May be called as often as one likes. */
  want(clusterer: Choice): void {
    const parameter = SWEPT[clusterer.name];
    const { session } = this.store.state;
    if (!parameter || !session) return;
    const rest = { ...clusterer, [parameter]: null, level: null }; // a level is but a name for a resolution
    const key = JSON.stringify([rest, session.kept, session.decisions, session.round !== null, session.settings.embedder]);
    if (key === this.#key) return;
    const wait = this.#key === "" ? 0 : CALM;
    this.#key = key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(key, clusterer), wait);
  }

  /** The form is closed: what is asked for when it opens again is asked for at once. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#key = "";
  }

  async #ask(key: string, clusterer: Choice): Promise<void> {
    const { sweep } = this.store.state.sweep;
    this.store.set({ sweep: { sweep: sweep?.clusterer === clusterer.name ? sweep : null, error: "", asking: true } });
    try {
      await this.kernel.request("preview", { clusterer });
    } catch (error) {
      if (!(error instanceof RequestError)) console.error(error);
      if (key === this.#key) this.store.set({ sweep: { sweep: null, error: error instanceof Error ? error.message : String(error), asking: false } });
    }
  }

  async pull(): Promise<Partial<State>> {
    const { sweep, error } = (await this.kernel.request("previewed", {})).result;
    return { sweep: { sweep, error, asking: false } };
  }
}

/** What the sweep says of a value: of the nearest that was tried. `exact` where it is that one, null beyond what was tried. */
export function readOff({ values, clusters, noise }: Sweep, value: number): { clusters: number; noise: number; exact: boolean } | null {
  if (values.length === 0) return null;
  const near = nearest(values, value);
  const exact = Math.abs(values[near] - value) <= ALIKE * Math.abs(value);
  if (!exact && (value < Math.min(...values) || value > Math.max(...values))) return null;
  return { clusters: clusters[near], noise: noise[near], exact };
}

/** The position of the value that is nearest. */
export function nearest(values: number[], value: number): number {
  return values.reduce((best, v, i) => (Math.abs(v - value) < Math.abs(values[best] - value) ? i : best), 0);
}

/** The named stops of the granularity, coarse first: the range goes from the first to the last. */
export function stopsOf({ values, chosen }: Sweep): [string, number][] {
  return [
    ["coarse", values[0]],
    ["default", chosen ?? values[values.length >> 1]],
    ["fine", values[values.length - 1]],
  ];
}

/** The resolution that a choice of communities means. */
export function resolutionOf({ resolution, level }: Choice, sweep: Sweep): number {
  if (typeof resolution === "number" && Number.isFinite(resolution)) return resolution;
  const stops = stopsOf(sweep);
  return (stops.find(([name]) => name === level) ?? stops[1])[1];
}

/** Communities at a resolution; at a named stop by its name. */
export function chosenBy(value: number, stops: [string, number][]): Choice {
  const stop = stops.find(([, at]) => Math.abs(at - value) <= ALIKE * value);
  return stop ? { name: "communities", level: stop[0], resolution: null } : { name: "communities", level: "default", resolution: value };
}
