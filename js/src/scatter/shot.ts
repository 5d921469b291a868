/** The map as one picture: points, marks and names, in the px of the screen. */
import type { Shown } from "./nameplates";
import type { ScatterStyle } from "./types";

const FONT = "system-ui, sans-serif";

/** @param layers canvases that lie over each other, drawn in this very task: a graphics card keeps no picture. */
export function shot(layers: HTMLCanvasElement[], names: Shown[], style: ScatterStyle, cssPx: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  const [{ width, height }] = layers;
  Object.assign(canvas, { width, height });
  const g = canvas.getContext("2d");
  if (g === null) return Promise.reject(new Error("This browser gives the picture nothing to be drawn on."));
  g.fillStyle = style.ground;
  g.fillRect(0, 0, width, height);
  for (const layer of layers) if (layer.style.visibility !== "hidden") g.drawImage(layer, 0, 0);
  g.setTransform(cssPx, 0, 0, cssPx, 0, 0);
  for (const name of names) drawName(g, name, style);
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("The picture could not be made."))), "image/png"));
}

function drawName(g: CanvasRenderingContext2D, { name, counted, x, y, width, height, opacity }: Shown, style: ScatterStyle): void {
  g.globalAlpha = opacity;
  g.textBaseline = "middle";
  g.lineJoin = "round";
  g.lineWidth = 4;
  g.strokeStyle = style.ground;
  const say = (text: string, font: string, colour: string, from: number, room: number) => {
    g.font = font;
    g.fillStyle = colour;
    const length = Math.min(room, g.measureText(text).width);
    g.strokeText(text, from, y + height / 2, room);
    g.fillText(text, from, y + height / 2, room);
    return length;
  };
  const after = say(name, `600 12px ${FONT}`, style.ink, x, width);
  if (counted) say(counted, `400 11px ${FONT}`, style.soft, x + after + 3, Math.max(1, width - after));
  g.globalAlpha = 1;
}
