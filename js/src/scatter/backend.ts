/** What draws the points: a graphics card, or typed arrays where there is none. */
import { context } from "./gl";
import type { Points } from "./points";
import { hasCard } from "./probe";
import { shadedPoints } from "./shader";
import { onSurface, type Surface } from "./splat/surface";

export interface Backend {
  readonly kind: "webgl" | "software";
  /** The drawer, with nothing in it yet; asked for again after a lost context. */
  points(): Points;
  /** Draws in full, now, what was drawn roughly because it moved. */
  finish(): void;
  /** Gives back what a browser has only few of. */
  free(): void;
}

/**
 * Null where the canvas can be drawn on in no way.
 *
 * @param wanted chooses; by itself it is a card where there is one.
 */
export function openBackend(canvas: HTMLCanvasElement, wanted: string | undefined = canvas.closest<HTMLElement>("[data-backend]")?.dataset.backend): Backend | null {
  const card = wanted === "webgl" || (wanted !== "software" && hasCard());
  return (card ? byCard(canvas) : null) ?? byArrays(canvas);
}

function byCard(canvas: HTMLCanvasElement): Backend | null {
  const gl = context(canvas);
  return (
    gl && {
      kind: "webgl",
      points: () => shadedPoints(gl),
      finish: () => undefined,
      // A page has only some contexts, and one that is merely forgotten is freed late.
      free: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
    }
  );
}

function byArrays(canvas: HTMLCanvasElement): Backend | null {
  // Read often: pixels that stay where they are written.
  const g = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (g === null) return null;
  let surface: Surface | null = null;
  return {
    kind: "software",
    points() {
      surface?.stop();
      surface = onSurface(canvas, g);
      return surface.points;
    },
    finish: () => surface?.finish(),
    free() {
      surface?.stop();
      canvas.width = canvas.height = 0;
    },
  };
}
