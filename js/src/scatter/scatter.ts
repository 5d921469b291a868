/** The map: wires picture, cameras, gestures and marks together, and draws a frame when one of them changed. */
import { together, type Dispose } from "../listen";
import type { Mask } from "../mask";
import { openBackend } from "./backend";
import { createClock } from "./clock";
import { watchContext } from "./context";
import type { Drawing } from "./drawing";
import { fitted } from "./fit";
import { Flights } from "./flights";
import { Frame } from "./frame";
import { gestures } from "./gestures";
import { HitTest } from "./hittest";
import { Lassoing } from "./lassoing";
import { Lift } from "./lift";
import { Picture } from "./picture";
import { place } from "./select";
import { watchSize } from "./sizing";
import { createStage, plainColour, TURNING, type Stage } from "./stage";
import { standOf } from "./stand";
import { Steering } from "./steering";
import type { Dim, Name, Scatter, ScatterData, ScatterEvents, ScatterStyle, SetOp, Stand, Tool } from "./types";
import { Views } from "./views";

export type { Dim, Name, Scatter, ScatterData, ScatterEvents, ScatterStyle, Selecting, SetOp, Tool } from "./types";

const SETTLE_MS = 380;
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
  readonly #flights: Flights;
  readonly #lift: Lift;
  readonly #hits: HitTest;
  readonly #lasso: Lassoing;
  readonly #drawing: Drawing;
  readonly #drawn: Frame;
  readonly #dispose: Dispose;
  #hovered = -1;
  #stopSettling: Dispose = () => undefined;

  constructor(
    readonly stage: Stage,
    readonly picture: Picture,
    readonly events: ScatterEvents,
  ) {
    this.#flights = new Flights(this.#steer, picture);
    this.#lift = new Lift(this.#views, picture, this.#clock, (by) => this.#shifted(by), () => this.#drawing.running);
    this.#hits = new HitTest(this.#views, picture);
    const steer = this.#steer;
    this.#lasso = new Lassoing(this.#views, {
      steer,
      hits: this.#hits,
      events,
      changed: (drawing) => {
        stage.element.toggleAttribute("data-drawing", drawing);
        this.#clock.redraw();
      },
      ended: () => this.#lift.adjust(),
    });
    this.#drawing = this.#lasso.drawing;
    this.#drawn = new Frame(stage, this.#views, picture);
    this.setStyle(picture.style);
    this.#dispose = together(
      watchSize(stage.element, (width, height) => {
        Object.assign(this.#views, { width, height });
        this.#fit();
        this.#moved();
      }),
      watchContext(stage.points, picture, (message) => {
        if (message === "") this.#redraw();
        events.lost(message);
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
          this.#lasso.hover({ x, y });
          this.#clock.redraw();
        },
        leave: () => {
          this.#drawing.leave();
          this.#lasso.hover(null);
          events.hover(-1, 0, 0);
        },
        click: (x, y) => events.click(this.#hits.pick(x, y)),
        doubleClick: (x, y) => {
          if (this.#drawing.hold === "turn" || this.#drawing.hold === "draw") this.#flights.toRow(this.#hits.pick(x, y));
        },
      }),
    );
  }

  setData(data: ScatterData, animate: boolean, refit = false): void {
    const { data: old } = this.picture;
    this.#stopSettling();
    const settles = animate && old.n === data.n && old.lo === data.lo && old.hi === data.hi;
    this.picture.setData(data, settles ? old : null);
    this.#flights.setData(data);
    this.#hovered = -1;
    this.#drawn.settling = settles ? 0 : null;
    if (refit || !settles) this.#fit(); // where points only settle, the view stays
    if (settles) {
      this.#stopSettling = this.#clock.animate(SETTLE_MS, (t) => {
        this.#drawn.settling = t < 1 ? t : null;
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
    if (!this.picture.setSelection(mask)) this.#lasso.forget();
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
    this.#lasso.changed();
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
    this.stage.nameplates.setNames(names);
    this.#clock.redraw();
  }

  flyTo(cluster: number | null): void {
    this.#flights.toCluster(cluster);
  }

  flyToRows(rows: Mask | null): void {
    this.#flights.toRows(rows);
  }

  reset(): void {
    this.#steer.reset();
  }

  lassoPolygon(points: [number, number][], dim: 2 | 3): Mask {
    return this.#hits.take({ points: Float32Array.from(points.flat()), radius: 0 }, this.#views.of(dim), false);
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
    this.#hits.visibleOnly = on;
    this.#lasso.changed();
  }

  setOrthographic(on: boolean): void {
    this.#steer.setOrthographic(on);
  }

  setSpin(on: boolean): void {
    this.#steer.setSpin(on);
  }

  stand(): Stand {
    return standOf(this.#views, this.#steer.active);
  }

  revisit(step: Parameters<Scatter["revisit"]>[0]): void {
    this.#lasso.forget();
    this.#redraw();
    if (step !== null) this.#lasso.revisit(step);
  }

  finish(): boolean {
    return this.#drawing.finish();
  }

  png(): Promise<Blob> {
    this.#drawn.stale = true;
    this.#frame();
    return this.#drawn.png();
  }

  destroy(): void {
    this.#dispose();
    this.#clock.stop();
    this.picture.backend.free();
    this.stage.element.remove();
  }

  #shifted(by: number): void {
    this.#lasso.shifted(by);
    this.#redraw();
  }

  #moved(): void {
    this.#lasso.moved();
    this.#redraw();
  }

  #redraw(): void {
    this.#drawn.stale = true;
    this.#clock.redraw();
  }

  #frame(): void {
    const { width, height } = this.#views;
    if (width === 0 || height === 0) return;
    this.#lasso.say();
    const first = this.#hovered < 0 ? null : this.picture.data.labels[this.#hovered];
    this.#drawn.draw(this.#lasso.marks(this.#hovered), this.#flights.centres, first);
  }
}
