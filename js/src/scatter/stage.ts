/** The elements that the map is made of, one over the other: points, marks, names. */
import { createNameplates, type Nameplates } from "./nameplates";

export interface Stage {
  /** Holds the others, takes the focus and the gestures. */
  element: HTMLElement;
  points: HTMLCanvasElement;
  marks: HTMLCanvasElement;
  nameplates: Nameplates;
}

/** What the map says to those who do not see it, while a hand turns it. */
export const TURNING = "Map of the texts. Arrows turn it, with Shift they move it, plus and minus zoom.";

const FILL = "position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none;";

export function createStage(root: HTMLElement): Stage {
  const element = document.createElement("div");
  element.className = "elute-map";
  element.style.cssText = "position: relative; width: 100%; height: 100%; overflow: hidden; touch-action: none; user-select: none; cursor: grab;";
  element.tabIndex = 0;
  element.setAttribute("role", "application");
  element.setAttribute("aria-label", TURNING);
  const layer = <T extends HTMLElement>(child: T): T => {
    child.style.cssText = FILL;
    child.setAttribute("aria-hidden", "true"); // the tables say the same in words
    return element.appendChild(child);
  };
  const points = layer(document.createElement("canvas"));
  const marks = layer(document.createElement("canvas"));
  const nameplates = createNameplates(layer(document.createElement("div")));
  root.append(element);
  return { element, points, marks, nameplates };
}

/** Any CSS colour as #rrggbb or rgba(...), as a canvas says it back; hosts name their colours in many ways. */
export function plainColour(canvas: HTMLCanvasElement, css: string): string {
  const g = canvas.getContext("2d");
  if (g === null) return css;
  g.fillStyle = css;
  return g.fillStyle;
}
