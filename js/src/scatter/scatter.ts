/** The map: wires picture, cameras, gestures and marks together, and draws a frame when one of them changed. */
import { listen, together, type Dispose } from "../listen";
import type { Mask } from "../mask";
import { openBackend } from "./backend";
import { centres, type Centre } from "./centres";
import { createClock } from "./clock";
import { gestures, type DrawStep, type Keys } from "./gestures";
import { beginLasso, type Lasso } from "./lasso";
import { Lift } from "./lift";
import { drawMarks, type Marks } from "./marks";
import { nameViews } from "./names";
import { pick } from "./pick";
import { Picture } from "./picture";
import { place, rowsInside } from "./select";
import { discRadius } from "./size";
import { fitCanvas, watchSize } from "./sizing";
import { createStage, plainColour, type Stage } from "./stage";
import { fitted } from "./fit";
import { Steering } from "./steering";
import { NOWHERE } from "./types";
import type { Dim, Name, Scatter, ScatterData, ScatterEvents, ScatterStyle, SetOp, Stand, Tool } from "./types";
import { Views, type View } from "./views";

export type { Dim, Name, Scatter, ScatterData, ScatterEvents, ScatterStyle, Selecting, SetOp, Tool } from "./types";

const SETTLE_MS = 380;

/** Builds the map inside `root`, which must have a size. Says why where nothing can be drawn. */
export function createScatter(root: HTMLElement, events: ScatterEvents): Scatter | { unsupported: string } {
  const stage = createStage(root);
  const backend = openBackend(stage.points);
  if (backend !== null) return new LiveMap(stage, new Picture(backend), events);
  stage.element.remove();
  return { unsupported: "This browser gives the map nothing to draw on. Tables, search and decisions work without it." };
}

class LiveMap implements Scatter {
  readonly #views = new Views();
  readonly #clock = createClock(() => this.#frame());
  readonly #steer = new Steering(this.#views, this.#clock, () => this.#moved(), () => this.#lift.adjust());
  readonly #lift: Lift;
  readonly #dispose: Dispose;
  #centres = new Map<number, Centre>();
  #hovered = -1;
  #tool: Tool = "turn";
  #op: SetOp = "new";
  #lasso: Lasso | null = null;
  /** The op by the keys of a running drag. */
  #dragOp: SetOp = "new";
  /** A drag takes other rows than the last frame said. */
  #takesOther = false;
  /** What was drawn last, until the map moves under it. */
  #outline: Float32Array | null = null;
  /** Where the pointer hovers, until a frame has said over what. */
  #pointer: { x: number; y: number } | null = null;
  /** The points look other than they are drawn; what lies over them is cheap and drawn in every frame. */
  #stale = true;
  /** How far the points have come from their old places, null while they stand. */
  #settling: number | null = null;
  #stopSettling: Dispose = () => undefined;

  constructor(
    readonly stage: Stage,
    readonly picture: Picture,
    readonly events: ScatterEvents,
  ) {
    this.#lift = new Lift(this.#views, picture, this.#clock, (by) => this.#shifted(by));
    this.setStyle(picture.style);
    const steer = this.#steer;
    this.#dispose = together(
      watchSize(stage.element, (width, height) => {
        Object.assign(this.#views, { width, height });
        this.#fit();
        this.#moved();
      }),
      listen(stage.points, "webglcontextlost", (event) => {
        event.preventDefault(); // asks for it back
        picture.lose();
        events.lost("The graphics context was lost. The map comes back as soon as the browser gives it one; nothing selected is lost.");
      }),
      listen(stage.points, "webglcontextrestored", () => {
        picture.restore();
        this.#redraw();
        events.lost("");
      }),
      gestures(stage.element, {
        begin: (x) => {
          steer.grasp(x);
          this.#lift.stop();
          return this.#tool === "turn" ? "turn" : "draw";
        },
        turn: (dx, dy) => steer.turn(dx, dy),
        pan: (dx, dy) => steer.pan(dx, dy),
        zoom: (factor, x, y) => steer.zoom(factor, x, y),
        draw: (step, x, y, keys) => this.#draw(step, x, y, keys),
        hover: (x, y) => {
          this.#pointer = { x, y };
          this.#clock.redraw();
        },
        leave: () => {
          this.#pointer = null;
          events.hover(-1, 0, 0);
        },
        click: (x, y) => events.click(this.#pick(x, y)),
        doubleClick: (x, y) => this.#flyToRow(this.#pick(x, y)),
      }),
    );
  }

  setData(data: ScatterData, animate: boolean, refit = false): void {
    const { data: old } = this.picture;
    this.#stopSettling();
    const settles = animate && old.n === data.n && old.lo === data.lo && old.hi === data.hi;
    this.picture.setData(data, settles ? old : null);
    this.#centres = centres(data);
    this.#hovered = -1;
    this.#settling = settles ? 0 : null;
    if (refit || !settles) this.#fit(); // where points only settle, the view stays
    if (settles) {
      this.#stopSettling = this.#clock.animate(SETTLE_MS, (t) => {
        this.#settling = t < 1 ? t : null;
        this.#redraw();
      });
    }
    this.#moved();
  }

  setColors(css: string[], perRow?: Uint16Array): void {
    this.picture.setColors(css, perRow);
    this.#redraw();
  }

  setSelection(mask: Mask | null): void {
    if (!this.picture.setSelection(mask) && this.#lasso === null) this.#outline = null;
    this.#redraw();
  }

  setCovered(height: number): void {
    this.#lift.cover(height);
  }

  setHidden(clusters: Set<number>): void {
    this.picture.setHidden(clusters);
    this.#redraw();
  }

  setHover(row: number): void {
    if (row === this.#hovered) return;
    this.#hovered = row;
    this.#clock.redraw();
  }

  setTool(tool: Tool): void {
    this.#tool = tool;
    this.stage.element.style.cursor = tool === "turn" ? "grab" : "crosshair";
  }

  setOp(op: SetOp): void {
    this.#op = op;
  }

  setDim(dim: Dim): void {
    this.#steer.setDim(dim);
    this.#fit();
    this.#lift.adjust();
  }

  #fit(): void {
    this.#steer.setHome(fitted(this.picture.data, this.#views.of(3).pane, this.#views.of(2).pane));
  }

  setStyle(style: ScatterStyle): void {
    this.picture.style = { ...style };
    for (const name of ["ground", "ink", "soft", "accent"] as const) {
      this.picture.style[name] = plainColour(this.stage.marks, style[name]);
      this.stage.element.style.setProperty(`--map-${name}`, style[name]);
    }
    this.#redraw();
  }

  setNames(names: Name[]): void {
    this.stage.labels.setNames(names);
    this.#clock.redraw();
  }

  flyTo(cluster: number | null): void {
    const centre = cluster === null ? undefined : this.#centres.get(cluster);
    if (cluster === null) this.#steer.flyToAll();
    else if (centre !== undefined) this.#steer.flyToCluster(centre);
  }

  flyToRows(rows: Mask | null): void {
    if (rows === null) return this.flyTo(null);
    const labels = new Int16Array(rows.n).fill(NOWHERE);
    for (const row of rows.rows()) labels[row] = 0;
    const centre = centres({ ...this.picture.data, labels }).get(0);
    if (centre !== undefined) this.#steer.flyToCluster(centre);
  }

  reset(): void {
    this.#steer.reset();
  }

  lassoPolygon(points: [number, number][], dim: 2 | 3): Mask {
    return this.#take(Float32Array.from(points.flat()), this.#views.of(dim));
  }

  project(row: number, dim: 2 | 3): { x: number; y: number; behind: boolean } {
    return place(this.picture.cloud(dim), this.#views.pixels(this.#views.of(dim)), row);
  }

  get backend(): Scatter["backend"] {
    return this.picture.backend.kind;
  }

  setFilter(mask: Mask | null): void {
    this.picture.setFilter(mask);
    this.#redraw();
  }

  setGhosts(on: boolean): void {
    this.picture.setGhosts(on);
    this.#redraw();
  }

  setVisibleOnly(): void {}
  setOrthographic(): void {}
  setSpin(): void {}
  revisit(): void {}
  finish(): boolean {
    return false;
  }
  png(): Promise<Blob> {
    return Promise.reject(new Error("soon"));
  }
  stand(): Stand {
    const { camera3: c, camera2: flat, width, height } = this.#views;
    return { turn: c.turn, tilt: c.tilt, target: [...c.target], distance: c.distance, orthographic: false, center: [...flat.center], reach: flat.reach, width, height };
  }

  destroy(): void {
    this.#dispose();
    this.#clock.stop();
    this.picture.backend.free();
    this.stage.element.remove();
  }

  #draw(step: DrawStep, x: number, y: number, keys: Keys): void {
    if (step === "start") this.#lasso = beginLasso(this.#tool === "box" ? "box" : "lasso", x, y, this.#steer.active.pane);
    const lasso = this.#lasso;
    if (lasso === null) return;
    lasso.add(x, y);
    this.#dragOp = keys.shift ? (keys.alt ? "intersect" : "add") : keys.alt ? "subtract" : this.#op;
    this.#outline = lasso.polygon();
    this.#takesOther = step === "start" || step === "move";
    this.#clock.redraw();
    if (this.#takesOther) return;
    this.#lasso = null;
    if (step === "end") return this.#say(this.#outline, true);
    this.#outline = null;
    this.events.cancel();
  }

  #say(polygon: Float32Array, final: boolean): void {
    const view = this.#steer.active;
    this.events.select({ rows: this.#take(polygon, view), polygon, camera: this.#views.pixels(view), dim: view.dim, op: this.#dragOp, radius: 0, visible: false, stand: this.stand() }, final);
  }

  #take(polygon: Float32Array, view: View): Mask {
    return rowsInside(this.picture.cloud(view.dim), this.#views.pixels(view), view.pane, polygon, this.picture.shown);
  }

  #pick(x: number, y: number): number {
    const view = this.#views.at(x);
    return pick(this.picture.cloud(view.dim), this.#views.pixels(view), x, y, (depth) => this.#radius(view, depth), this.picture.shown);
  }

  #radius(view: View, depth: number): number {
    return discRadius(this.#views.size(view, this.picture.shownCount), depth, this.#views.focus(view.dim));
  }

  #flyToRow(row: number): void {
    if (row < 0) return;
    const [x, y, z] = this.picture.placeOf(row, 3);
    const [u, v] = this.picture.placeOf(row, 2);
    this.#steer.flyToPoint([x, y, z], [u, v]);
  }

  /** The picture was shifted as it is; the outline goes with it. */
  #shifted(by: number): void {
    if (this.#lasso === null) this.#outline = this.#outline?.map((v, i) => (i % 2 === 1 ? v - by : v)) ?? null;
    this.#redraw();
  }

  /** The cameras, the data or the size changed: an old outline means nothing now, a running one takes other rows. */
  #moved(): void {
    this.#takesOther = this.#lasso !== null;
    if (this.#lasso === null) this.#outline = null;
    this.#redraw();
  }

  #redraw(): void {
    this.#stale = true;
    this.#clock.redraw();
  }

  #frame(): void {
    const { width, height } = this.#views;
    if (width === 0 || height === 0) return;
    if (this.#takesOther && this.#outline !== null) this.#say(this.#outline, false);
    this.#takesOther = false;
    if (this.#pointer !== null) this.events.hover(this.#pick(this.#pointer.x, this.#pointer.y), this.#pointer.x, this.#pointer.y);
    this.#pointer = null;

    if (this.#stale) {
      const { data, shownCount } = this.picture;
      this.picture.draw(this.#views.pictures(shownCount, data.lo, data.hi, this.#settling), fitCanvas(this.stage.points, width, height));
      this.#stale = false;
    }
    const cssPx = fitCanvas(this.stage.marks, width, height);
    const g = this.stage.marks.getContext("2d");
    g?.setTransform(cssPx, 0, 0, cssPx, 0, 0);
    if (g !== null) drawMarks(g, width, height, this.#marks(), this.picture.style);
    const first = this.#hovered < 0 ? null : this.picture.data.labels[this.#hovered];
    this.stage.labels.place(nameViews(this.#views, this.#centres, (cluster) => this.picture.isHidden(cluster)), first);
  }

  #marks(): Marks {
    const views = this.#views.list();
    const rings = (this.picture.shown[this.#hovered] === 1 ? views : [])
      .map((view) => ({ view, at: place(this.picture.cloud(view.dim), this.#views.pixels(view), this.#hovered) }))
      .filter(({ view, at }) => !at.behind && this.#views.at(at.x).dim === view.dim)
      .map(({ view, at }) => ({ ...at, radius: this.#radius(view, at.depth) }));
    return { outline: this.#outline, rings, divider: views.length === 2 ? views[1].pane.x : null };
  }
}
