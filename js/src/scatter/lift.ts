/** How far the picture rises so that what lies over its lower end covers nothing selected. */
import type { Matrix } from "../geometry";
import type { Mask } from "../mask";
import type { Clock } from "./clock";
import type { Picture } from "./picture";
import { place, type Cloud } from "./select";
import type { Views } from "./views";

const LIFT_MS = 220;

/** Css px between what is selected and what covers or ends the map. */
const MARGIN = 14;

/** From the highest to the lowest of some rows, css px from the map's top. */
export interface Extent {
  top: number;
  bottom: number;
}

/** Rows behind the camera, which nobody sees, aside; null where no row is left. */
function extent(cloud: Cloud, pixels: Matrix, rows: Mask, shown: Uint8Array): Extent | null {
  let [top, bottom] = [Infinity, -Infinity];
  for (const row of rows) {
    const at = place(cloud, pixels, row);
    if (shown[row] === 0 || at.behind) continue;
    top = Math.min(top, at.y);
    bottom = Math.max(bottom, at.y);
  }
  return bottom < top ? null : { top, bottom };
}

/** What is too high to be shown whole keeps its top in sight; what is outside the map already does not count. */
export function liftFor(extents: Extent[], height: number, covered: number): number {
  const top = Math.max(0, Math.min(...extents.map((e) => e.top)));
  const bottom = Math.min(height, Math.max(...extents.map((e) => e.bottom)));
  return extents.length === 0 ? 0 : Math.max(0, Math.min(bottom + MARGIN - (height - covered), top - MARGIN));
}

export class Lift {
  #covered = 0;
  #stop: () => void = () => undefined;

  constructor(
    readonly views: Views,
    readonly picture: Pick<Picture, "cloud" | "selection" | "shown">,
    readonly clock: Clock,
    /** Everything stands `by` css px higher than it did. */
    readonly shifted: (by: number) => void,
    /** While something is drawn the picture stands still under it. */
    readonly held: () => boolean = () => false,
  ) {}

  /** Css px at the lower end that something lies over; 0 brings the picture down again. */
  cover(height: number): void {
    this.#covered = height;
    this.adjust();
  }

  stop(): void {
    this.#stop();
  }

  adjust(): void {
    if (this.held()) return;
    const { views } = this;
    const { selection, shown } = this.picture;
    const from = views.lift;
    const extents = views.list().flatMap((view) => {
      const found = selection && this.#covered > 0 ? extent(this.picture.cloud(view.dim), views.pixels(view), selection, shown) : null;
      return found ? [{ top: found.top + from, bottom: found.bottom + from }] : [];
    });
    const by = liftFor(extents, views.height, this.#covered) - from;
    this.#stop();
    if (by === 0) return;
    this.#stop = this.clock.animate(LIFT_MS, (t) => {
      const before = views.lift;
      views.lift = from + by * t;
      this.shifted(views.lift - before);
    });
  }
}
