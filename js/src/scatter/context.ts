/** A graphics card may take its context away and give it back. */
import { listen, together, type Dispose } from "../listen";
import type { Picture } from "./picture";

/** @param lost told why nothing is drawn, and "" once it is again. */
export function watchContext(canvas: HTMLCanvasElement, picture: Pick<Picture, "lose" | "restore">, lost: (message: string) => void): Dispose {
  return together(
    listen(canvas, "webglcontextlost", (event) => {
      event.preventDefault(); // asks for it back
      picture.lose();
      lost("The graphics context was lost. The map comes back as soon as the browser gives it one; nothing selected is lost.");
    }),
    listen(canvas, "webglcontextrestored", () => {
      picture.restore();
      lost("");
    }),
  );
}
