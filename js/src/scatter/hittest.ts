/** Which rows lie under the pointer or inside an outline, through the cameras as they stand. */
import type { Mask } from "../mask";
import type { Drawn } from "./drawing";
import type { Outline } from "./lasso";
import type { Marks } from "./marks";
import { pick } from "./pick";
import type { Picture } from "./picture";
import { Screen } from "./screen";
import { areaOf, place, rowsInside } from "./select";
import { inSight } from "./sight";
import { discRadius } from "./size";
import { standOf } from "./stand";
import type { Selecting } from "./types";
import type { View, Views } from "./views";

export class HitTest {
  /** An outline takes only rows whose middle no nearer disc covers. */
  visibleOnly = false;
  readonly #screens = { 2: new Screen(), 3: new Screen() };

  constructor(
    readonly views: Views,
    readonly picture: Picture,
  ) {}

  /** The row under a place, -1 for the ground. */
  pick(x: number, y: number): number {
    const view = this.views.at(x);
    const size = this.views.size(view, this.picture.shownCount);
    const focus = this.views.focus(view.dim);
    return pick(this.#screen(view), x, y, (depth) => discRadius(size, depth, focus), size.largest / 2);
  }

  /** What was drawn, or is being drawn, takes. */
  taking({ outline, view: { dim }, op }: Drawn): Selecting {
    const view = this.views.of(dim);
    const { points: polygon, radius } = outline;
    const visible = this.visibleOnly;
    const camera = this.views.pixels(view);
    return { rows: this.take(outline, view, visible), polygon, radius, visible, camera, stand: standOf(this.views, view), dim, op, again: this.#taker(outline, view, camera) };
  }

  take({ points, radius }: Pick<Outline, "points" | "radius">, view: View, visible: boolean): Mask {
    const screen = this.#screen(view);
    const rows = rowsInside(screen, view.pane, areaOf(points, radius));
    return visible ? inSight(screen, view.pane, rows, this.#discs(view)) : rows;
  }

  /** Where a row's disc stands in each view that shows it. */
  discsOf(row: number): Marks["rings"] {
    return (this.picture.shown[row] === 1 ? this.views.list() : [])
      .map((view) => ({ view, at: place(this.picture.cloud(view.dim), this.views.pixels(view), row) }))
      .filter(({ view, at }) => !at.behind && this.views.at(at.x).dim === view.dim)
      .map(({ view, at }) => ({ ...at, radius: discRadius(this.views.size(view, this.picture.shownCount), at.depth, this.views.focus(view.dim)) }));
  }

  /** Takes through a camera as it is now, wherever it will be. */
  #taker(outline: Outline, view: View, camera: number[]): (visible: boolean) => Mask {
    const { picture } = this;
    const cloud = picture.cloud(view.dim);
    const { shown } = picture;
    const discs = this.#discs(view);
    return (visible) => {
      const screen = new Screen().through(cloud, camera, shown);
      const rows = rowsInside(screen, view.pane, areaOf(outline.points, outline.radius));
      return visible ? inSight(screen, view.pane, rows, discs) : rows;
    };
  }

  #discs(view: View): Parameters<typeof inSight>[3] {
    return { size: this.views.size(view, this.picture.shownCount), focus: this.views.focus(view.dim), labels: this.picture.data.labels };
  }

  #screen(view: View): Screen {
    return this.#screens[view.dim].through(this.picture.cloud(view.dim), this.views.pixels(view), this.picture.shown);
  }
}
