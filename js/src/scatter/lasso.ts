/** The outline that a drag draws: a free line or a box, and how it looks. */
import type { Pane } from "../geometry";

export interface Lasso {
  pane: Pane;
  add(x: number, y: number): void;
  /** x0, y0, x1, y1, ... in css px, as it is stored: what is drawn is what selects. */
  polygon(): Float32Array;
}

/** Css px between two corners of a free line: finer than a hand, and few enough to send. */
const GRAIN = 2;

/** Begins at (x, y). What leaves the pane runs along its edge: nothing outside can be seen, so nothing outside is meant. */
export function beginLasso(shape: "lasso" | "box", x: number, y: number, pane: Pane): Lasso {
  const inside = (px: number, py: number): [number, number] => [
    Math.min(pane.x + pane.width, Math.max(pane.x, px)),
    Math.min(pane.y + pane.height, Math.max(pane.y, py)),
  ];
  const first = inside(x, y);
  let last = first;
  const line = [...first];
  return {
    pane,
    add(px, py) {
      const next = inside(px, py);
      if (Math.hypot(next[0] - last[0], next[1] - last[1]) < GRAIN) return;
      last = next;
      line.push(...next);
    },
    polygon() {
      const [[x0, y0], [x1, y1]] = [first, last];
      return Float32Array.from(shape === "lasso" ? line : [x0, y0, x1, y0, x1, y1, x0, y1]);
    },
  };
}

/** Dashed, with a breath of its colour inside: what is under it stays legible. */
export function drawOutline(g: CanvasRenderingContext2D, polygon: Float32Array, accent: string): void {
  g.beginPath();
  for (let i = 0; i < polygon.length; i += 2) g.lineTo(polygon[i], polygon[i + 1]);
  g.closePath();
  g.fillStyle = accent;
  g.globalAlpha = 0.07;
  g.fill("evenodd");
  g.globalAlpha = 1;
  g.strokeStyle = accent;
  g.lineWidth = 1.5;
  g.lineJoin = "round";
  g.setLineDash([5, 4]);
  g.stroke();
  g.setLineDash([]);
}
