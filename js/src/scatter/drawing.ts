/** What a hand draws on the map, with every tool, by pointer and by keys. Knows no rows: it says which outline is meant. */
import { Corners } from "./corners";
import type { DrawStep, Hold, Keys } from "./gestures";
import { beginLasso, placeIn, type Lasso, type Outline, type Place } from "./lasso";
import type { SetOp, Tool } from "./types";
import type { View } from "./views";

const [NARROWEST, WIDEST] = [4, 160];
/** What a key or a notch of the wheel makes the brush wider by. */
const WIDER = 1.2;
/** Css px that an arrow moves the cross by, and with Shift. */
const [PACE, STRIDE] = [6, 36];

export interface Drawn {
  outline: Outline;
  view: View;
  op: SetOp;
}

export interface DrawingHost {
  /** The view under a place; where `x` is absent, the one in use. */
  view(x?: number): View;
  /** What is drawn, or where it is drawn next, looks different. */
  changed(): void;
  done(drawn: Drawn): void;
  cancelled(): void;
}

export class Drawing {
  op: SetOp = "new";
  radius = 22;
  /** Where keys set the next corner; null while a pointer draws. */
  cross: Place | null = null;
  /** Where the pointer rests over the map. */
  pointer: Place | null = null;
  #tool: Tool = "turn";
  #lasso: Lasso | null = null;
  #corners: Corners | null = null;
  #view: View | null = null;
  #keys: Keys = { shift: false, alt: false };

  constructor(readonly host: DrawingHost) {}

  get tool(): Tool {
    return this.#tool;
  }

  setTool(tool: Tool): void {
    if (tool !== this.#tool) this.cancel();
    this.#tool = tool;
    this.cross = null;
    this.host.changed();
  }

  get running(): boolean {
    return this.#lasso !== null || this.#corners !== null;
  }

  /** What is being drawn, as it is now. */
  get now(): Drawn | null {
    const outline = this.#lasso?.outline(this.radius) ?? this.#corners?.outline(false);
    return outline && this.#view ? { outline, view: this.#view, op: this.#chosenOp } : null;
  }

  get #chosenOp(): SetOp {
    const { shift, alt } = this.#keys;
    return shift ? (alt ? "intersect" : "add") : alt ? "subtract" : this.op;
  }

  /** What a press does. */
  get hold(): Hold {
    return ({ turn: "turn", brush: "dab", polygon: "place", lasso: "draw", box: "draw" } as const)[this.#tool];
  }

  /** By a drag. */
  draw(step: DrawStep, x: number, y: number, keys: Keys): void {
    if (step === "start") {
      this.#view = this.host.view(x);
      this.#lasso = beginLasso(this.#tool === "box" || this.#tool === "brush" ? this.#tool : "lasso", x, y, this.#view.pane);
    }
    if (this.#lasso === null) return;
    this.#lasso.add(x, y);
    this.#keys = keys;
    this.pointer = { x, y };
    if (step === "end") this.#end(this.#lasso.outline(this.radius));
    else if (step === "cancel") this.cancel();
    else this.host.changed();
  }

  /** A corner, by a click. */
  place(x: number, y: number, keys: Keys): void {
    this.cross = null;
    this.#place(x, y, keys);
  }

  #place(x: number, y: number, keys: Keys): void {
    this.#keys = keys;
    if (this.#corners === null) {
      this.#view = this.host.view(x);
      this.#corners = new Corners(this.#view.pane);
    }
    if (this.#corners.add(x, y)) this.finish();
    else this.host.changed();
  }

  /** The pointer rests at (x, y), with no button down. */
  hover(x: number, y: number, keys: Keys): void {
    this.pointer = { x, y };
    this.cross = null;
    if (this.#corners) {
      this.#keys = keys;
      this.#corners.follow(x, y);
    }
    if (this.#corners || this.#tool === "brush") this.host.changed();
  }

  leave(): void {
    this.pointer = null;
    if (this.#tool === "brush") this.host.changed();
  }

  /** Shift and Alt while corners are placed. */
  modifiers(keys: Keys): boolean {
    if (!this.#corners) return false;
    this.#keys = keys;
    this.host.changed();
    return true;
  }

  widen(steps: number): boolean {
    if (this.#tool !== "brush") return false;
    this.radius = Math.min(WIDEST, Math.max(NARROWEST, this.radius * WIDER ** steps));
    this.host.changed();
    return true;
  }

  /** A key on the map. False where it means nothing to the tool. */
  key(name: string, keys: Keys): boolean {
    if (name === "[" || name === "]") return this.widen(name === "[" ? -1 : 1);
    if (this.#tool !== "polygon") return false;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[name];
    if (by) return this.#step(by[0], by[1], keys.shift ? STRIDE : PACE);
    if (name === "Enter" || name === " ") return this.#set(keys);
    if (name === "Escape") return this.cancel();
    if (name !== "Backspace" || !this.#corners) return false;
    if (!this.#corners.back()) this.cancel();
    this.host.changed();
    return true;
  }

  /** The cross shows, where keys are used. */
  showCross(): void {
    if (this.#tool !== "polygon" || this.cross) return;
    const { pane } = this.#corners && this.#view ? this.#view : this.host.view();
    this.cross = this.pointer ?? placeIn(pane, pane.x + pane.width / 2, pane.y + pane.height / 2);
    this.host.changed();
  }

  #step(dx: number, dy: number, pace: number): boolean {
    this.showCross();
    const { pane } = this.#corners && this.#view ? this.#view : this.host.view();
    const { x, y } = this.cross!;
    this.cross = placeIn(pane, x + dx * pace, y + dy * pace);
    this.#corners?.follow(this.cross.x, this.cross.y);
    this.host.changed();
    return true;
  }

  #set(keys: Keys): boolean {
    if (this.cross) this.#place(this.cross.x, this.cross.y, keys);
    else if (this.#corners) this.finish();
    else this.showCross();
    return true;
  }

  /** Ends a polygon; gives it up where it has too few corners. False where none is placed. */
  finish(): boolean {
    if (!this.#corners) return false;
    if (this.#corners.whole) this.#end(this.#corners.outline(true));
    else this.cancel();
    return true;
  }

  /** False where nothing is drawn. */
  cancel(): boolean {
    if (!this.running) return false;
    this.#rest();
    this.host.cancelled();
    this.host.changed();
    return true;
  }

  #end(outline: Outline): void {
    const drawn: Drawn = { outline, view: this.#view!, op: this.#chosenOp };
    this.#rest();
    this.host.done(drawn);
    this.host.changed();
  }

  #rest(): void {
    this.#lasso = this.#corners = null;
    this.#keys = { shift: false, alt: false };
  }
}
