/** What draws the points. */
import { context } from "./gl";
import type { Points } from "./points";
import { shadedPoints } from "./shader";

export interface Backend {
  readonly kind: "webgl" | "software";
  /** The drawer, with nothing in it yet; asked for again after a lost context. */
  points(): Points;
  /** Gives back what a browser has only few of. */
  free(): void;
}

/** Null where the canvas can be drawn on in no way. */
export function openBackend(canvas: HTMLCanvasElement): Backend | null {
  const gl = context(canvas);
  return gl === null ? null : card(gl);
}

function card(gl: WebGL2RenderingContext): Backend {
  return {
    kind: "webgl",
    points: () => shadedPoints(gl),
    // A page has only some contexts, and one that is merely forgotten is freed late.
    free: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}
