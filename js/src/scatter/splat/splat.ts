/** The points by typed arrays alone: the picture that the shader makes, where no graphics card would run it. */
import type { Rgb } from "../../palette";
import { opacities } from "../looks";
import type { Points, PointsStyle, PointsView } from "../points";
import { GHOST, OFF, SELECTED } from "../state";
import { Batch } from "./batch";
import { colourChosen, colourGhosts, Colours, packed } from "./colours";
import { DEPTH, Frame } from "./frame";
import { gather, source, type Which } from "./gather";
import { press, pressOutlined } from "./press";
import { sizes } from "./sizes";
import { Stamps } from "./stamps";

const KNOWN = OFF | GHOST | SELECTED;
const GHOSTS: Which = { mask: KNOWN, flags: GHOST };
const PLAIN: Which = { mask: KNOWN, flags: 0 };
const CHOSEN: Which = { mask: KNOWN, flags: SELECTED };

/** Where the picture goes: a pixel a number, row by row. */
export interface Picture {
  pixels: Int32Array;
  width: number;
  height: number;
}

export interface SplattedPoints extends Omit<Points, "draw"> {
  /** `rough`: quicker, with small points as one pixel or four. */
  draw(n: number, views: PointsView[], style: PointsStyle, cssPx: number, picture: Picture, rough: boolean): void;
}

/** What is kept from frame to frame of a view. */
class Canvas {
  readonly frame = new Frame();
  readonly stamps = new Stamps();
  readonly colours = new Colours();
}

export function splattedPoints(): SplattedPoints {
  const now: Record<2 | 3, Uint16Array> = { 2: new Uint16Array(0), 3: new Uint16Array(0) };
  const before = { ...now };
  const batch = new Batch();
  const canvases = { 2: new Canvas(), 3: new Canvas() };
  let colourOf: Uint16Array = new Uint16Array(0);
  let palette: Rgb[] = [];
  let version = 0;
  let state: Uint8Array = new Uint8Array(0);
  /** All that any row has. */
  let flags = 0;

  const drawView = (n: number, view: PointsView, style: PointsStyle, cssPx: number, picture: Picture, rough: boolean) => {
    const { dim, from } = view;
    const { frame, stamps, colours } = canvases[dim];
    const { left, top, width, height } = inPixels(view, picture.height, cssPx);
    const size = sizes(view.size, cssPx);
    frame.fit(width, height, 8 * Math.ceil((2 * size.reach) / 8));
    colours.make(palette, version, style, view.fog);
    stamps.prepare(frame.stride, opacities(view.size), cssPx, rough);
    frame.clear(colours.ground);
    const to = source(now[dim], dim, view.matrix, view.far, frame, from?.done ?? 1);
    const old = from && source((from.old ? before : now)[from.dim], from.dim, from.matrix, from.far, frame, 1 - from.done);
    const on = { n, state, colourOf, colours, frame, sizes: size, stamps };

    const pass = (which: Which, draw: () => void) => {
      for (batch.next = 0; batch.next < n; ) {
        stamps.tidy();
        gather(to, old, which, on, batch);
        draw();
      }
    };
    if ((flags & GHOST) !== 0) {
      pass(GHOSTS, () => {
        batch.depth.fill(DEPTH); // behind everything
        colourGhosts(batch, colourOf, colours);
        press(batch, stamps, frame);
      });
    }
    pass(PLAIN, () => press(batch, stamps, frame));
    if ((flags & SELECTED) !== 0) {
      pass(CHOSEN, () => {
        for (let k = 0; k < batch.count; k++) batch.depth[k] -= 2 * DEPTH; // before all others
        colourChosen(batch, state, colourOf, colours);
        pressOutlined(batch, stamps, frame);
      });
    }
    frame.copyTo(picture.pixels, picture.width, left, top);
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
    draw(n, views, style, cssPx, picture, rough) {
      if (views.length !== 1) picture.pixels.fill(packed(style.ground)); // panes may leave a line between them
      for (const view of views) drawView(n, view, style, cssPx, picture, rough);
    },
  };
}

/** The same pixels that the shader's viewport has. */
function inPixels({ pane }: PointsView, height: number, cssPx: number): { left: number; top: number; width: number; height: number } {
  const [rows, below] = [Math.round(pane.height * cssPx), Math.round(height - (pane.y + pane.height) * cssPx)];
  return { left: Math.round(pane.x * cssPx), top: height - below - rows, width: Math.round(pane.width * cssPx), height: rows };
}
