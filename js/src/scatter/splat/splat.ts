/** The points by typed arrays alone: the picture that the shader makes, where no graphics card would run it. */
import type { Rgb } from "../../palette";
import { opacities } from "../looks";
import type { Points, PointsStyle, PointsView } from "../points";
import { GHOST, OFF, SELECTED } from "../state";
import { Colours, packed } from "./colours";
import { colourChosen, colourPlain, Dress, shape, sizes } from "./dress";
import type { Frame, Part } from "./frame";
import { press, pressOutlined } from "./press";
import { Batch, project, projectBetween, source, type Which } from "./project";
import { Stamps } from "./stamps";

const GHOSTS: Which = { mask: GHOST, flags: GHOST };
const PLAIN: Which = { mask: OFF | GHOST | SELECTED, flags: 0 };
const CHOSEN: Which = { mask: OFF | GHOST | SELECTED, flags: SELECTED };
/** Brings everything that is chosen before all that is not. */
const FORWARD = 2;
const BACK = 1;

/** Draws into `frame`, which has its size already. */
export function splattedPoints(frame: Frame): Points {
  const now: Record<2 | 3, Uint16Array> = { 2: new Uint16Array(0), 3: new Uint16Array(0) };
  const before = { ...now };
  const batch = new Batch();
  const dress = new Dress();
  const stamps: Record<2 | 3, Stamps> = { 2: new Stamps(), 3: new Stamps() };
  const colours = { 2: new Colours(), 3: new Colours() };
  let colourOf: Uint16Array = new Uint16Array(0);
  let palette: Rgb[] = [];
  let version = 0;
  let state: Uint8Array = new Uint8Array(0);
  /** All that any row has. */
  let flags = 0;
  const any = (flag: number) => (flags & flag) !== 0;

  const drawView = (n: number, view: PointsView, style: PointsStyle, cssPx: number) => {
    const { dim, from, fog } = view;
    const part = partOf(frame, view, cssPx);
    const mine = stamps[dim];
    const paint = colours[dim];
    const size = sizes(view.size, cssPx);
    mine.prepare(frame.width, opacities(view.size), cssPx);
    paint.make(palette, version, style, fog);
    const to = source(now[dim], dim, view.matrix, view.far, part, from?.done ?? 1);
    const old = from && source((from.old ? before : now)[from.dim], from.dim, from.matrix, from.far, part, 1 - from.done);

    const pass = (which: Which, draw: () => void) => {
      for (batch.next = 0; batch.next < n; ) {
        if (old === null) project(to, state, which, n, part, batch);
        else projectBetween(old, to, state, which, n, part, batch);
        shape(batch, state, which === GHOSTS, size, mine, dress);
        draw();
      }
    };
    if (any(GHOST)) {
      pass(GHOSTS, () => {
        batch.depth.fill(BACK);
        dress.colour.fill(paint.ghost);
        press(batch.count, batch.depth, dress, mine, frame, part);
      });
    }
    pass(PLAIN, () => {
      colourPlain(batch, colourOf, paint, dress);
      press(batch.count, batch.depth, dress, mine, frame, part);
    });
    if (any(SELECTED)) {
      pass(CHOSEN, () => {
        for (let k = 0; k < batch.count; k++) batch.depth[k] -= FORWARD;
        colourChosen(batch, state, colourOf, paint, dress);
        pressOutlined(batch.count, batch.depth, dress, mine, frame, part);
      });
    }
  };

  return {
    setCoords(dim, coords, old) {
      now[dim] = coords;
      before[dim] = old ?? new Uint16Array(0);
    },
    setColourOf: (index) => (colourOf = index),
    setPalette(list) {
      palette = list;
      version++;
    },
    setState(bytes) {
      state = bytes;
      flags = 0;
      for (const byte of bytes) flags |= byte;
    },
    draw(n, views, style, cssPx) {
      frame.clear(packed(style.ground));
      for (const view of views) drawView(n, view, style, cssPx);
    },
  };
}

/** The same pixels that the shader's viewport has. */
function partOf({ height }: Frame, { pane }: PointsView, cssPx: number): Part {
  const left = Math.round(pane.x * cssPx);
  const below = Math.round(height - (pane.y + pane.height) * cssPx);
  const top = height - below - Math.round(pane.height * cssPx);
  return { left, top, right: left + Math.round(pane.width * cssPx), bottom: height - below };
}
