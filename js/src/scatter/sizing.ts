/** Canvases that have as many pixels as the screen shows, whatever the zoom of the page. */
import type { Dispose } from "../listen";

/** Calls back with the element's css size, now and whenever it or the pixel ratio changes. */
export function watchSize(element: HTMLElement, changed: (width: number, height: number) => void): Dispose {
  const observer = new ResizeObserver(([entry]) => changed(entry.contentRect.width, entry.contentRect.height));
  try {
    // Also speaks when the page is zoomed or moves to another screen, where css px stay the same.
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(element); // Safari has no such box
  }
  return () => observer.disconnect();
}

/** Gives a canvas the pixels for its css size; returns device px a css px. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): number {
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  return ratio;
}
