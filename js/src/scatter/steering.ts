/** Moves the cameras: at once under a hand, gliding where the map flies by itself. A hand stops a flight. */
import type { Vec3 } from "../geometry";
import * as cam from "./camera";
import type { Centre } from "./centres";
import type { Clock } from "./clock";
import type { Reach } from "./fit";
import type { Dim, Stand } from "./types";
import type { View, Views } from "./views";

const FLY_MS = 350;
/** How close a flight to a single row comes, in data units. */
const CLOSE = 0.3;
const [SMALLEST, LARGEST] = [0.08, cam.WHOLE];
/** Radians a second that the map turns by itself. */
const SPIN = 0.2;

export class Steering {
  /** Which view the hand is on. */
  #dim: 2 | 3;
  #home: Reach = { reach3: cam.WHOLE, reach2: cam.WHOLE };
  #start: [cam.Camera3, cam.Camera2];
  #stopFlight: () => void = () => undefined;
  #stopMorph: () => void = () => undefined;
  #stopLens: () => void = () => undefined;
  #stopSpin: (() => void) | null = null;

  constructor(
    readonly views: Views,
    readonly clock: Clock,
    readonly moved: () => void,
    /** A flight has arrived. */
    readonly landed: () => void = () => undefined,
    /** A hand took hold while the map turned by itself. */
    readonly stopped: () => void = () => undefined,
  ) {
    this.#dim = views.list()[0].dim;
    this.#start = [views.camera3, views.camera2];
  }

  /** The view the hand is on, as it lies now. */
  get active(): View {
    return this.views.of(this.#dim);
  }

  /** A hand at x takes hold. */
  grasp(x: number): void {
    this.#stopFlight();
    this.#halt();
    this.#dim = this.views.at(x).dim;
  }

  #halt(): void {
    if (this.#stopSpin === null) return;
    this.setSpin(false);
    this.stopped();
  }

  setSpin(on: boolean): void {
    if (on === (this.#stopSpin !== null)) return;
    this.#stopSpin?.();
    this.#stopSpin = on ? this.clock.each((seconds) => this.#spun(seconds)) : null;
  }

  #spun(seconds: number): void {
    if (this.views.dim === "2d") return;
    this.views.camera3 = { ...this.views.camera3, turn: this.views.camera3.turn + SPIN * seconds };
    this.moved();
  }

  /** From lines of sight that meet in the eye to parallel ones, or back. */
  setOrthographic(on: boolean): void {
    const { views } = this;
    const from = views.parallel;
    const to = Number(on);
    this.#stopLens();
    if (from === to) return;
    this.#stopLens = this.clock.animate(FLY_MS, (t) => {
      views.parallel = t === 1 ? to : from + (to - from) * t;
      this.moved();
      if (t === 1) this.landed();
    });
  }

  turn(dx: number, dy: number): void {
    this.#halt();
    const { dim, pane } = this.active;
    if (dim === 2) {
      this.pan(dx, dy); // a sheet has one side
      return;
    }
    this.views.camera3 = cam.turned(this.views.camera3, dx, dy, pane);
    this.moved();
  }

  pan(dx: number, dy: number): void {
    this.#halt();
    const { dim, pane } = this.active;
    if (dim === 3) this.views.camera3 = cam.panned3(this.views.camera3, dx, dy, pane);
    else this.views.camera2 = cam.panned2(this.views.camera2, dx, dy, pane);
    this.moved();
  }

  /** About (x, y), css px of the map; the view's middle by default. */
  zoom(factor: number, x?: number, y?: number): void {
    this.#halt();
    const { dim, pane } = this.active;
    const [dx, dy] = [x === undefined ? 0 : x - pane.x - pane.width / 2, y === undefined ? 0 : y - pane.y - pane.height / 2 + this.views.lift];
    if (dim === 3) this.views.camera3 = cam.zoomed3(this.views.camera3, factor, dx, dy, pane);
    else this.views.camera2 = cam.zoomed2(this.views.camera2, factor, dx, dy, pane);
    this.moved();
  }

  setDim(dim: Dim): void {
    const { views } = this;
    const before = views.dim;
    if (dim === before) return;
    this.#stopMorph();
    views.dim = dim;
    views.morph = null;
    this.#dim = views.list()[0].dim;
    this.moved();
    if (before === "both" || dim === "both") return;
    const from = before === "2d" ? 2 : 3;
    views.morph = { from, done: 0 };
    this.#stopMorph = this.clock.animate(FLY_MS, (t) => {
      views.morph = t < 1 ? { from, done: t } : null;
      this.moved();
    });
  }

  flyToCluster(centre: Centre): void {
    this.#flyTo(centre.at3, 1.25 * centre.reach3, centre.at2, 1.25 * centre.reach2);
  }

  flyToPoint(at3: Vec3, at2: readonly [number, number]): void {
    const reach3 = Math.min(CLOSE, this.views.camera3.distance / cam.distanceFor(1));
    this.#flyTo(at3, reach3, at2, Math.min(CLOSE, this.views.camera2.reach));
  }

  /** Everything, as it is turned now. */
  flyToAll(): void {
    this.#flyTo([0, 0, 0], this.#home.reach3, [0, 0], this.#home.reach2);
  }

  reset(): void {
    this.#fly(...this.#homes());
  }

  /** To where something was drawn. */
  revisit(stand: Stand, landed: () => void): void {
    const { turn, tilt, target, distance, center, reach, orthographic } = stand;
    this.#halt();
    this.setOrthographic(orthographic);
    this.#fly({ turn, tilt, target, distance }, { center, reach }, landed);
  }

  /** Where the cameras start and return to. Nothing moves under a hand: they go there now only if none has moved them. */
  setHome(home: Reach): void {
    const untouched = this.views.camera3 === this.#start[0] && this.views.camera2 === this.#start[1];
    this.#home = home;
    if (!untouched) return;
    this.#start = this.#homes();
    [this.views.camera3, this.views.camera2] = this.#start;
  }

  #homes(): [cam.Camera3, cam.Camera2] {
    const { reach3, reach2 } = this.#home;
    return [
      { ...cam.HOME3, distance: cam.distanceFor(reach3) },
      { ...cam.HOME2, reach: reach2 },
    ];
  }

  #flyTo(target: Vec3, reach3: number, center: readonly [number, number], reach2: number): void {
    const bounded = (reach: number) => Math.min(LARGEST, Math.max(SMALLEST, reach));
    this.#fly({ ...this.views.camera3, target, distance: cam.distanceFor(bounded(reach3)) }, { center, reach: bounded(reach2) });
  }

  #fly(to3: cam.Camera3, to2: cam.Camera2, landed: () => void = () => undefined): void {
    this.#stopFlight();
    const [from3, from2] = [this.views.camera3, this.views.camera2];
    this.#stopFlight = this.clock.animate(FLY_MS, (t) => {
      this.views.camera3 = cam.between3(from3, to3, t);
      this.views.camera2 = cam.between2(from2, to2, t);
      this.moved();
      if (t < 1) return;
      this.landed();
      landed();
    });
  }
}
