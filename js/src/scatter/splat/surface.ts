/** A canvas that shows a frame of typed arrays. */
import type { Points } from "../points";
import { Frame } from "./frame";
import { splattedPoints } from "./splat";

export function onSurface(canvas: HTMLCanvasElement, g: CanvasRenderingContext2D): Points {
  const frame = new Frame();
  const points = splattedPoints(frame);
  let image: ImageData | null = null;
  return {
    ...points,
    draw(n, views, style, cssPx) {
      if (frame.fit(canvas.width, canvas.height) || image === null) image = new ImageData(frame.bytes, frame.width, frame.height);
      points.draw(n, views, style, cssPx);
      g.putImageData(image, 0, 0);
    },
  };
}
