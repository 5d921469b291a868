/** The outline that a drag draws: a free line, a box, or the line of a brush; and how outlines look. */
import type { Pane } from "../geometry";

export interface Place {
  x: number;
  y: number;
}

export interface Outline {
  /** x0, y0, x1, y1, ... in css px, as it is stored: what is drawn is what selects. */
  points: Float32Array;
  /** Of a brush, css px; 0 for what is closed. */
  radius: number;
  /** So many of the first places are corners that were set one by one, and are shown. */
  corners: number;
}

export interface Lasso {
  add(x: number, y: number): void;
  outline(radius: number): Outline;
}

/** Css px between two corners of a free line: finer than a hand, and few enough to send. */
const GRAIN = 2;

/** Where a hand may draw: what leaves the pane runs along its edge, since nothing outside can be seen. In tenths of css px. */
export function placeIn(pane: Pane, x: number, y: number): Place {
  const within = (v: number, from: number, length: number) => Math.round(10 * Math.min(from + length, Math.max(from, v))) / 10;
  return { x: within(x, pane.x, pane.width), y: within(y, pane.y, pane.height) };
}

/** Begins at (x, y). */
export function beginLasso(shape: "lasso" | "box" | "brush", x: number, y: number, pane: Pane): Lasso {
  const first = placeIn(pane, x, y);
  let last = first;
  const line = [first.x, first.y];
  return {
    add(px, py) {
      const next = placeIn(pane, px, py);
      if (Math.hypot(next.x - last.x, next.y - last.y) < GRAIN) return;
      last = next;
      line.push(next.x, next.y);
    },
    outline(radius) {
      const points = shape === "box" ? [first.x, first.y, last.x, first.y, last.x, last.y, first.x, last.y] : line;
      return { points: Float32Array.from(points), radius: shape === "brush" ? radius : 0, corners: 0 };
    },
  };
}

/** Dashed, with a breath of its colour inside: what is under it stays legible. */
export function drawOutline(g: CanvasRenderingContext2D, outline: Outline, accent: string, ground: string): void {
  g.lineJoin = g.lineCap = "round";
  g.strokeStyle = g.fillStyle = accent;
  if (outline.radius > 0) drawStroke(g, outline);
  else drawClosed(g, outline.points);
  for (let i = 0; i < outline.corners; i++) {
    g.beginPath();
    g.arc(outline.points[2 * i], outline.points[2 * i + 1], i === 0 ? 5 : 3, 0, 2 * Math.PI);
    g.fillStyle = i === 0 ? ground : accent;
    g.fill();
    g.stroke();
  }
}

function trace(g: CanvasRenderingContext2D, points: Float32Array): void {
  g.beginPath();
  g.moveTo(points[0], points[1]);
  for (let i = 0; i < points.length; i += 2) g.lineTo(points[i], points[i + 1]);
}

function drawClosed(g: CanvasRenderingContext2D, points: Float32Array): void {
  trace(g, points);
  g.closePath();
  g.globalAlpha = 0.07;
  g.fill("evenodd");
  g.globalAlpha = 1;
  g.lineWidth = 1.5;
  g.setLineDash([5, 4]);
  g.stroke();
  g.setLineDash([]);
}

/** A wide line whose middle is taken out again leaves its rim. */
function drawStroke(g: CanvasRenderingContext2D, { points, radius }: Outline): void {
  trace(g, points);
  g.lineWidth = 2 * radius + 1.5;
  g.stroke();
  g.globalCompositeOperation = "destination-out";
  g.lineWidth = 2 * radius - 1.5;
  g.stroke();
  g.globalCompositeOperation = "source-over";
  g.globalAlpha = 0.12;
  g.stroke();
  g.globalAlpha = 1;
  g.lineWidth = 1.5;
}
