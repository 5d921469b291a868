/** What lies over the points and is not one of them: outlines, a ring about the hovered point, where the hand is, a divider. */
import { drawOutline, type Outline, type Place } from "./lasso";
import type { ScatterStyle } from "./types";

export interface Marks {
  outline: Outline | null;
  /** Where the hovered row stands, in each view that shows it; `radius` of its disc. */
  rings: { x: number; y: number; radius: number }[];
  /** The brush under the pointer. */
  brush: { x: number; y: number; radius: number } | null;
  /** Where keys set the next corner. */
  cross: Place | null;
  /** Where two views meet. */
  divider: number | null;
}

/** Css px from the middle of the cross to its ends. */
const [CROSS_FROM, CROSS_TO] = [4, 14];

/** Clears and draws; the context is scaled to css px. */
export function drawMarks(g: CanvasRenderingContext2D, width: number, height: number, marks: Marks, style: ScatterStyle): void {
  const { outline, rings, brush, cross, divider } = marks;
  g.clearRect(0, 0, width, height);
  // Chromium may go on showing an overlay that was only cleared: with nothing on it, it is put away
  const empty = divider === null && outline === null && brush === null && cross === null && rings.length === 0;
  g.canvas.style.visibility = empty ? "hidden" : "visible";
  if (outline !== null && outline.points.length > 0) drawOutline(g, outline, style.accent, style.ground);
  if (divider !== null) {
    g.fillStyle = style.soft;
    g.globalAlpha = 0.25;
    g.fillRect(divider - 0.5, 0, 1, height);
    g.globalAlpha = 1;
  }
  for (const { x, y, radius } of rings) {
    twice(g, style, style.ink, () => {
      g.beginPath();
      g.arc(x, y, radius + 3, 0, 2 * Math.PI);
    });
  }
  if (brush) {
    twice(g, style, style.accent, () => {
      g.beginPath();
      g.arc(brush.x, brush.y, brush.radius, 0, 2 * Math.PI);
    });
  }
  if (cross) {
    twice(g, style, style.ink, () => {
      g.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        g.moveTo(cross.x + dx * CROSS_FROM, cross.y + dy * CROSS_FROM);
        g.lineTo(cross.x + dx * CROSS_TO, cross.y + dy * CROSS_TO);
      }
    });
  }
}

/** A light line about a dark one is seen on every colour. */
function twice(g: CanvasRenderingContext2D, style: ScatterStyle, colour: string, trace: () => void): void {
  for (const [stroke, line] of [[style.ground, 4], [colour, 1.75]] as const) {
    trace();
    g.strokeStyle = stroke;
    g.lineWidth = line;
    g.stroke();
  }
}
