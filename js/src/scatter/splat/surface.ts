/**
 * A canvas that shows what typed arrays draw. Where a picture takes so long that turning it would stutter, it is drawn roughly,
 * with a pixel for each css px, for as long as something moves.
 */
import type { Points, PointsStyle, PointsView } from "../points";
import { splattedPoints, type Picture } from "./splat";

/** Ms that a picture may take and still be drawn in full while something moves. */
const FLUENT = 24;
/** Fewer rows are always drawn in full: a picture of them that took long did so by chance. */
const MANY = 80_000;
/** Ms without a new picture after which the last is drawn in full. */
const REST = 120;

export interface Surface {
  points: Points;
  /** Draws what is rough in full, now. */
  finish(): void;
  /** Nothing is drawn any more. */
  stop(): void;
}

export function onSurface(canvas: HTMLCanvasElement, g: CanvasRenderingContext2D): Surface {
  const points = splattedPoints();
  const fine = new Sheet();
  const rough = new Sheet();
  let took = 0;
  let last = -Infinity;
  /** What is to be drawn in full once it rests. */
  let later: { timer: number; draw: () => void } | null = null;

  const drawFine = (n: number, views: PointsView[], style: PointsStyle, cssPx: number) => {
    const begin = performance.now();
    g.putImageData(fine.draw(canvas.width, canvas.height, (picture) => points.draw(n, views, style, cssPx, picture, false)), 0, 0);
    took = performance.now() - begin;
  };

  const drawRough = (n: number, views: PointsView[], style: PointsStyle, cssPx: number) => {
    const [width, height] = [Math.round(canvas.width / cssPx), Math.round(canvas.height / cssPx)];
    const image = rough.draw(width, height, (picture) => points.draw(n, views, style, 1, picture, true));
    if (width === canvas.width && height === canvas.height) g.putImageData(image, 0, 0);
    else g.drawImage(rough.canvas(image), 0, 0, canvas.width, canvas.height);
  };

  const stop = () => {
    if (later !== null) clearTimeout(later.timer);
    later = null;
  };
  const finish = () => {
    const draw = later?.draw;
    stop();
    draw?.();
  };

  return {
    points: {
      ...points,
      draw(...what) {
        stop();
        const moves = performance.now() - last < REST;
        if (moves && took > FLUENT && what[0] > MANY) {
          drawRough(...what);
          later = { timer: window.setTimeout(finish, REST), draw: () => drawFine(...what) };
        } else {
          drawFine(...what);
        }
        last = performance.now();
      },
    },
    finish,
    stop,
  };
}

/** An image that has the size that is asked for. */
class Sheet {
  #image: ImageData | null = null;
  #picture: Picture = { pixels: new Int32Array(0), width: 0, height: 0 };
  #canvas: HTMLCanvasElement | null = null;

  draw(width: number, height: number, draw: (picture: Picture) => void): ImageData {
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height);
      this.#picture = { pixels: new Int32Array(this.#image.data.buffer), width, height };
    }
    draw(this.#picture);
    return this.#image;
  }

  /** The image as something that can be drawn in another size. */
  canvas(image: ImageData): HTMLCanvasElement {
    const canvas = (this.#canvas ??= document.createElement("canvas"));
    if (canvas.width !== image.width) canvas.width = image.width;
    if (canvas.height !== image.height) canvas.height = image.height;
    canvas.getContext("2d", { alpha: false, willReadFrequently: true })?.putImageData(image, 0, 0);
    return canvas;
  }
}
