/** What a hand draws takes rows: at most once a frame while it is drawn, and for good at its end. Its outline stays until the map moves. */
import { Drawing, type Drawn } from "./drawing";
import type { HitTest } from "./hittest";
import type { Outline, Place } from "./lasso";
import type { Marks } from "./marks";
import { carried, standOf } from "./stand";
import type { Steering } from "./steering";
import type { Scatter, ScatterEvents } from "./types";
import type { Views } from "./views";

export interface LassoingHost {
  readonly steer: Steering;
  readonly hits: HitTest;
  readonly events: ScatterEvents;
  /** What lies over the points looks different; `drawing`: whether something is being drawn. */
  changed(drawing: boolean): void;
  /** Nothing is being drawn any more. */
  ended(): void;
}

export class Lassoing {
  readonly drawing: Drawing;
  /** What is being drawn takes other rows than the last frame said. */
  #takesOther = false;
  /** What was drawn last, until the map moves under it. */
  #outline: Outline | null = null;
  /** Where the pointer hovers, until a frame has said over what. */
  #pointer: Place | null = null;

  constructor(
    readonly views: Views,
    readonly host: LassoingHost,
  ) {
    this.drawing = new Drawing({
      view: (x) => (x === undefined ? host.steer.active : views.at(x)),
      changed: () => this.changed(),
      done: (drawn) => {
        this.#finished(drawn);
        host.ended();
      },
      cancelled: () => {
        host.events.cancel();
        host.ended();
      },
    });
  }

  /** What is drawn changed, or what it may take. */
  changed(): void {
    this.#takesOther = this.drawing.running;
    this.host.changed(this.#takesOther);
  }

  #finished(drawn: Drawn): void {
    this.#takesOther = false;
    this.#outline = drawn.outline;
    this.host.events.select(this.host.hits.taking(drawn), true);
  }

  /** The cameras, the data or the size changed: an old outline means nothing now, a running one takes other rows. */
  moved(): void {
    this.#takesOther = this.drawing.running;
    this.#outline = null;
  }

  /** The picture was shifted as it is; the outline goes with it. */
  shifted(by: number): void {
    if (this.#outline) this.#outline = { ...this.#outline, points: this.#outline.points.map((v, i) => (i % 2 === 1 ? v - by : v)) };
  }

  forget(): void {
    this.#outline = null;
  }

  /** Flies to where an outline was drawn, and shows it there. */
  revisit({ polygon, radius, dim, stand }: NonNullable<Parameters<Scatter["revisit"]>[0]>): void {
    this.host.steer.revisit(stand, () => {
      this.#outline = carried({ points: Float32Array.from(polygon), radius, corners: 0 }, stand, standOf(this.views, this.views.of(dim)));
      this.host.changed(this.drawing.running);
    });
  }

  /** The pointer hovers over a place; null: over none. */
  hover(at: Place | null): void {
    this.#pointer = at;
  }

  /** Says what the running outline takes and what the pointer is over, where either changed since the last frame. */
  say(): void {
    const { events, hits } = this.host;
    const drawn = this.#takesOther ? this.drawing.now : null;
    if (drawn) events.select(hits.taking(drawn), false);
    this.#takesOther = false;
    if (this.#pointer !== null) {
      const { x, y } = this.#pointer;
      events.hover(this.drawing.running ? -1 : hits.pick(x, y), x, y);
    }
    this.#pointer = null;
  }

  /** What lies over the points, with a ring about a row. */
  marks(ringed: number): Marks {
    const views = this.views.list();
    const { now, tool, pointer, radius, cross } = this.drawing;
    const brush = tool === "brush" && pointer ? { ...pointer, radius } : null;
    return { outline: now?.outline ?? this.#outline, rings: this.host.hits.discsOf(ringed), brush, cross, divider: views.length === 2 ? views[1].pane.x : null };
  }
}
