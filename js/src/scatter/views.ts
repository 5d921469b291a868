/** Which views the map shows, through which cameras, and how they turn into each other. */
import { multiply, scaleAndShift, toPixels, type Pane, type Projected } from "../geometry";
import * as cam from "./camera";
import type { PointsView } from "./points";
import { discSize, type DiscSize } from "./size";
import type { Dim } from "./types";

export interface View {
  dim: 2 | 3;
  pane: Pane;
}

/** How "far" grows from 0 to 1: this much at the focus, and this much a data unit behind it. */
const FAR_AT_FOCUS = 0.35;
const FAR_PER_UNIT = 0.5;
/** How pale the farthest points become. */
const FOG = 0.5;

export class Views {
  camera3 = cam.HOME3;
  camera2 = cam.HOME2;
  /** 1 where lines of sight are parallel, 0 where they meet in the eye; between while one turns into the other. */
  parallel = 0;
  dim: Dim = "3d";
  width = 0;
  height = 0;
  /** Css px that the whole picture stands higher than its cameras have it; nothing in it turns or changes its size. */
  lift = 0;
  /** The view that the points come from, and how far they have come, while 2D and 3D turn into each other. */
  morph: { from: 2 | 3; done: number } | null = null;

  /** Left to right. */
  list(): View[] {
    const { width, height } = this;
    const whole: Pane = { x: 0, y: 0, width, height };
    if (this.dim !== "both") return [{ dim: this.dim === "2d" ? 2 : 3, pane: whole }];
    const left = Math.round(width / 2);
    return [
      { dim: 3, pane: { ...whole, width: left } },
      { dim: 2, pane: { ...whole, x: left, width: width - left } },
    ];
  }

  at(x: number): View {
    const views = this.list();
    return views.find(({ pane }) => x < pane.x + pane.width) ?? views[views.length - 1];
  }

  /** The view of a dimension; as if it had the whole map while it is not shown. */
  of(dim: 2 | 3): View {
    return this.list().find((view) => view.dim === dim) ?? { dim, pane: { x: 0, y: 0, width: this.width, height: this.height } };
  }

  /** Dequantised coordinates to css px of the map. */
  pixels(view: View): number[] {
    return toPixels(this.#matrix(view.dim, view.pane), view.pane);
  }

  /** W at the point that the camera looks at. */
  focus(dim: 2 | 3): number {
    return dim === 3 ? this.camera3.distance : 1;
  }

  /** 0 for near, 1 for far. */
  far(dim: 2 | 3, at: Projected): number {
    const beyond = cam.beyond(this.camera3, at, this.parallel);
    return dim === 2 ? 0 : Math.min(1, Math.max(0, FAR_AT_FOCUS + beyond * FAR_PER_UNIT));
  }

  size(view: View, n: number): DiscSize {
    const zoom = view.dim === 3 ? cam.HOME3.distance / this.camera3.distance : cam.HOME2.reach / this.camera2.reach;
    return discSize(n, zoom, Math.min(view.pane.width, view.pane.height));
  }

  /** What to draw. `settling`: how far the points have come from their old places, null while they stand. */
  pictures(n: number, lo: number, hi: number, settling: number | null): PointsView[] {
    return this.list().map((view) => {
      const { dim, pane } = view;
      const matrix = this.#toClip(dim, pane, lo, hi);
      const far = this.#farRow(dim, lo, hi);
      const from =
        settling !== null
          ? { dim, old: true, matrix, far, done: settling }
          : this.morph !== null
            ? { dim: this.morph.from, old: false, matrix: this.#toClip(this.morph.from, pane, lo, hi), far: this.#farRow(this.morph.from, lo, hi), done: this.morph.done }
            : null;
      const solid = (d: 2 | 3) => (d === 3 ? FOG : 0);
      const fog = this.morph === null ? solid(dim) : solid(this.morph.from) * (1 - this.morph.done) + solid(dim) * this.morph.done;
      return { pane, dim, matrix, from, size: this.size(view, n), far, fog };
    });
  }

  /** Quantised coordinates to how far a point is, whatever the lens. */
  #farRow(dim: 2 | 3, lo: number, hi: number): number[] {
    if (dim === 2) return [0, 0, 0, FAR_AT_FOCUS];
    const { back } = cam.axes(this.camera3);
    const { target } = this.camera3;
    const ahead = back.reduce((sum, axis, i) => sum + axis * (target[i] - lo), 0);
    return [...back.map((axis) => -axis * (hi - lo) * FAR_PER_UNIT), FAR_AT_FOCUS + ahead * FAR_PER_UNIT];
  }

  #matrix(dim: 2 | 3, pane: Pane): number[] {
    const camera = dim === 3 ? cam.matrix3(this.camera3, pane, this.parallel) : cam.matrix2(this.camera2, pane);
    return multiply(scaleAndShift([1, 1, 1], [0, (2 * this.lift) / pane.height, 0]), camera);
  }

  /** Quantised coordinates to clip space, scaled to W = 1 at the focus, so that 2D and 3D mix evenly. */
  #toClip(dim: 2 | 3, pane: Pane, lo: number, hi: number): number[] {
    const focus = this.focus(dim);
    return cam.dequantised(this.#matrix(dim, pane), lo, hi).map((value) => value / focus);
  }
}
