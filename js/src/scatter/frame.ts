/** One frame of the map: the points only where they look other than they are drawn, what lies over them every time, as it is cheap. */
import type { Centre } from "./centres";
import { drawMarks, type Marks } from "./marks";
import { nameViews } from "./names";
import type { Picture } from "./picture";
import { shot } from "./shot";
import { fitCanvas } from "./sizing";
import type { Stage } from "./stage";
import type { Views } from "./views";

export class Frame {
  /** The points look other than they are drawn. */
  stale = true;
  /** How far the points have come from their old places, null while they stand. */
  settling: number | null = null;

  constructor(
    readonly stage: Stage,
    readonly views: Views,
    readonly picture: Picture,
  ) {}

  /** `first`: the cluster whose name goes before others. */
  draw(marks: Marks, centres: ReadonlyMap<number, Centre>, first: number | null): void {
    const { stage, views, picture } = this;
    const { width, height } = views;
    if (this.stale) {
      const { data, shownCount } = picture;
      picture.draw(views.pictures(shownCount, data.lo, data.hi, this.settling), fitCanvas(stage.points, width, height));
      this.stale = false;
    }
    const cssPx = fitCanvas(stage.marks, width, height);
    const g = stage.marks.getContext("2d");
    g?.setTransform(cssPx, 0, 0, cssPx, 0, 0);
    if (g !== null) drawMarks(g, width, height, marks, picture.style);
    stage.nameplates.place(nameViews(views, centres, (cluster) => picture.isHidden(cluster)), first);
  }

  /** What was drawn in this very task, as one picture. */
  png(): Promise<Blob> {
    this.picture.backend.finish();
    const { points, marks, nameplates } = this.stage;
    return shot([points, marks], nameplates.shown(), this.picture.style, window.devicePixelRatio);
  }
}
