/** The map: wires picture, cameras, gestures and marks together, and draws a frame when one of them changed. */
import { listen, together, type Dispose } from "../listen";
import type { Mask } from "../mask";
import { openBackend } from "./backend";
import { centres, type Centre } from "./centres";
import { createClock } from "./clock";
import { Drawing, type Drawn } from "./drawing";
import { gestures } from "./gestures";
import type { Outline, Place } from "./lasso";
import { Lift } from "./lift";
import { drawMarks, type Marks } from "./marks";
import { nameViews } from "./names";
import { pick } from "./pick";
import { Picture } from "./picture";
import { Screen } from "./screen";
import { areaOf, place, rowsInside } from "./select";
import { shot } from "./shot";
import { inSight } from "./sight";
import { discRadius } from "./size";
import { fitCanvas, watchSize } from "./sizing";
import { createStage, plainColour, type Stage } from "./stage";
import { fitted } from "./fit";
import { Steering } from "./steering";
import { NOWHERE } from "./types";
import type { Dim, Name, Scatter, ScatterData, ScatterEvents, ScatterStyle, Selecting, SetOp, Stand, Tool } from "./types";
import { Views, type View } from "./views";

export type { Dim, Name, Scatter, ScatterData, ScatterEvents, ScatterStyle, Selecting, SetOp, Tool } from "./types";

const SETTLE_MS = 380;
const TURNING = "Map of the texts. Arrows turn it, with Shift they move it, plus and minus zoom.";
const PLACING = "Map of the texts. Arrows move a cross, with Shift farther; Space sets a corner there, Enter too, once more ends the outline; Backspace takes a corner back.";

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
  readonly #steer = new Steering(this.#views, this.#clock, () => this.#moved(), () => this.#lift.adjust(), () => this.events.stopped?.());
  readonly #screens = { 2: new Screen(), 3: new Screen() };
  readonly #drawing = new Drawing({
    view: (x) => (x === undefined ? this.#steer.active : this.#views.at(x)),
    changed: () => this.#drew(),
    done: (drawn) => {
      this.#finished(drawn);
      this.#lift.adjust();
    },
    cancelled: () => {
      this.events.cancel();
      this.#lift.adjust();
    },
  });
  readonly #lift: Lift;
  readonly #dispose: Dispose;
  #centres = new Map<number, Centre>();
  #hovered = -1;
  #visibleOnly = false;
  /** What is being drawn takes other rows than the last frame said. */
  #takesOther = false;
  /** What was drawn last, until the map moves under it. */
  #outline: Outline | null = null;
  /** Where the pointer hovers, until a frame has said over what. */
  #pointer: Place | null = null;
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
    this.#lift = new Lift(this.#views, picture, this.#clock, (by) => this.#shifted(by), () => this.#drawing.running);
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
          return this.#drawing.hold;
        },
        turn: (dx, dy) => steer.turn(dx, dy),
        pan: (dx, dy) => steer.pan(dx, dy),
        zoom: (factor, x, y) => steer.zoom(factor, x, y),
        draw: (step, x, y, keys) => this.#drawing.draw(step, x, y, keys),
        place: (x, y, keys) => this.#drawing.place(x, y, keys),
        widen: (notches) => this.#drawing.widen(notches),
        key: (name, keys) => this.#drawing.key(name, keys),
        modifiers: (keys) => this.#drawing.modifiers(keys),
        focus: () => this.#drawing.showCross(),
        hover: (x, y, keys) => {
          this.#drawing.hover(x, y, keys);
          this.#pointer = { x, y };
          this.#clock.redraw();
        },
        leave: () => {
          this.#drawing.leave();
          this.#pointer = null;
          events.hover(-1, 0, 0);
        },
        click: (x, y) => events.click(this.#pick(x, y)),
        doubleClick: (x, y) => {
          if (this.#drawing.hold === "turn" || this.#drawing.hold === "draw") this.#flyToRow(this.#pick(x, y));
        },
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
    if (!this.picture.setSelection(mask)) this.#outline = null;
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
    this.#drawing.setTool(tool);
    this.stage.element.style.cursor = tool === "turn" ? "grab" : "crosshair";
    this.stage.element.setAttribute("aria-label", tool === "polygon" ? PLACING : TURNING);
  }

  setOp(op: SetOp): void {
    this.#drawing.op = op;
    this.#drew();
  }

  setDim(dim: Dim): void {
    this.#drawing.cancel();
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
    return this.#take({ points: Float32Array.from(points.flat()), radius: 0 }, this.#views.of(dim), false);
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

  setVisibleOnly(on: boolean): void {
    this.#visibleOnly = on;
    this.#drew();
  }

  setOrthographic(on: boolean): void {
    this.#steer.setOrthographic(on);
  }

  setSpin(on: boolean): void {
    this.#steer.setSpin(on);
  }

  stand(): Stand {
    return this.#stand(this.#steer.active);
  }

  #stand({ pane }: View): Stand {
    const { camera3: c, camera2: flat, parallel, lift } = this.#views;
    const { x, y, width, height } = pane;
    return { turn: c.turn, tilt: c.tilt, target: [...c.target], distance: c.distance, orthographic: parallel === 1, center: [...flat.center], reach: flat.reach, width, height, x, y: y - lift };
  }

  revisit(step: Parameters<Scatter["revisit"]>[0]): void {
    this.#outline = null;
    this.#redraw();
    if (step === null) return;
    const { polygon, radius, dim, stand } = step;
    this.#steer.revisit(stand, () => {
      const view = this.#views.of(dim);
      this.#outline = carried({ points: Float32Array.from(polygon), radius, corners: 0 }, stand, this.#stand(view));
      this.#clock.redraw();
    });
  }

  finish(): boolean {
    return this.#drawing.finish();
  }

  png(): Promise<Blob> {
    this.#stale = true;
    this.#frame();
    this.picture.backend.finish();
    const { points, marks, labels } = this.stage;
    return shot([points, marks], labels.shown(), this.picture.style, window.devicePixelRatio);
  }

  destroy(): void {
    this.#dispose();
    this.#clock.stop();
    this.picture.backend.free();
    this.stage.element.remove();
  }

  /** Something on the map's overlay changed, and with it what an outline takes. */
  #drew(): void {
    this.#takesOther = this.#drawing.running;
    this.stage.element.toggleAttribute("data-drawing", this.#takesOther);
    this.#clock.redraw();
  }

  #finished(drawn: Drawn): void {
    this.#takesOther = false;
    this.#outline = drawn.outline;
    this.events.select(this.#taking(drawn), true);
  }

  #taking({ outline, view: { dim }, op }: Drawn): Selecting {
    const view = this.#views.of(dim);
    const { points: polygon, radius } = outline;
    const visible = this.#visibleOnly;
    const camera = this.#views.pixels(view);
    return { rows: this.#take(outline, view, visible), polygon, radius, visible, camera, stand: this.#stand(view), dim, op, again: this.#taker(outline, view, camera) };
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

  #take({ points, radius }: Pick<Outline, "points" | "radius">, view: View, visible: boolean): Mask {
    const screen = this.#screen(view);
    const rows = rowsInside(screen, view.pane, areaOf(points, radius));
    return visible ? inSight(screen, view.pane, rows, this.#discs(view)) : rows;
  }

  #discs(view: View): Parameters<typeof inSight>[3] {
    return { size: this.#views.size(view, this.picture.shownCount), focus: this.#views.focus(view.dim), labels: this.picture.data.labels };
  }

  #screen(view: View): Screen {
    return this.#screens[view.dim].through(this.picture.cloud(view.dim), this.#views.pixels(view), this.picture.shown);
  }

  #pick(x: number, y: number): number {
    const view = this.#views.at(x);
    const size = this.#views.size(view, this.picture.shownCount);
    const focus = this.#views.focus(view.dim);
    return pick(this.#screen(view), x, y, (depth) => discRadius(size, depth, focus), size.largest / 2);
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
    if (this.#outline) this.#outline = { ...this.#outline, points: this.#outline.points.map((v, i) => (i % 2 === 1 ? v - by : v)) };
    this.#redraw();
  }

  /** The cameras, the data or the size changed: an old outline means nothing now, a running one takes other rows. */
  #moved(): void {
    this.#takesOther = this.#drawing.running;
    this.#outline = null;
    this.#redraw();
  }

  #redraw(): void {
    this.#stale = true;
    this.#clock.redraw();
  }

  #frame(): void {
    const { width, height } = this.#views;
    if (width === 0 || height === 0) return;
    const drawn = this.#takesOther ? this.#drawing.now : null;
    if (drawn) this.events.select(this.#taking(drawn), false);
    this.#takesOther = false;
    if (this.#pointer !== null) {
      const { x, y } = this.#pointer;
      this.events.hover(this.#drawing.running ? -1 : this.#pick(x, y), x, y);
    }
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
    const { now, tool, pointer, radius, cross } = this.#drawing;
    const brush = tool === "brush" && pointer ? { ...pointer, radius } : null;
    return { outline: now?.outline ?? this.#outline, rings, brush, cross, divider: views.length === 2 ? views[1].pane.x : null };
  }
}

/** An outline drawn over one view, as it lies over the same picture in another: the shorter sides hold the same. */
function carried(outline: Outline, then: Stand, now: Stand): Outline {
  const scale = Math.min(now.width, now.height) / Math.min(then.width, then.height);
  const middle = ({ x = 0, y = 0, width, height }: Stand) => [x + width / 2, y + height / 2];
  const [from, to] = [middle(then), middle(now)];
  return { ...outline, points: outline.points.map((v, i) => to[i % 2] + (v - from[i % 2]) * scale), radius: outline.radius * scale };
}
