/** What lies over the points and is not one of them: the outline of a selection, a ring about the hovered point, a divider. */
import { drawOutline } from "./lasso";
import type { ScatterStyle } from "./types";

export interface Marks {
  outline: Float32Array | null;
  /** Where the hovered row stands, in each view that shows it; `radius` of its disc. */
  rings: { x: number; y: number; radius: number }[];
  /** Where two views meet. */
  divider: number | null;
}

/** Clears and draws; the context is scaled to css px. */
export function drawMarks(g: CanvasRenderingContext2D, width: number, height: number, marks: Marks, style: ScatterStyle): void {
  g.clearRect(0, 0, width, height);
  // Chromium may go on showing an overlay that was only cleared: with nothing on it, it is put away
  const empty = marks.divider === null && marks.outline === null && marks.rings.length === 0;
  g.canvas.style.visibility = empty ? "hidden" : "visible";
  if (marks.divider !== null) {
    g.fillStyle = style.soft;
    g.globalAlpha = 0.25;
    g.fillRect(marks.divider - 0.5, 0, 1, height);
    g.globalAlpha = 1;
  }
  if (marks.outline !== null) drawOutline(g, marks.outline, style.accent);
  for (const ring of marks.rings) {
    // A light line about a dark one is seen on every colour.
    for (const [gap, colour, line] of [[3, style.ground, 4], [3, style.ink, 1.75]] as const) {
      g.beginPath();
      g.arc(ring.x, ring.y, ring.radius + gap, 0, 2 * Math.PI);
      g.strokeStyle = colour;
      g.lineWidth = line;
      g.stroke();
    }
  }
}
