/** Where one stands before the map, as values, and an outline that was drawn from elsewhere. */
import type { Outline } from "./lasso";
import type { Stand } from "./types";
import type { View, Views } from "./views";

export function standOf({ camera3: c, camera2: flat, parallel, lift }: Views, { pane }: View): Stand {
  const { x, y, width, height } = pane;
  return { turn: c.turn, tilt: c.tilt, target: [...c.target], distance: c.distance, orthographic: parallel === 1, center: [...flat.center], reach: flat.reach, width, height, x, y: y - lift };
}

/** An outline drawn over one view, as it lies over the same picture in another: the shorter sides hold the same. */
export function carried(outline: Outline, then: Stand, now: Stand): Outline {
  const scale = Math.min(now.width, now.height) / Math.min(then.width, then.height);
  const middle = ({ x = 0, y = 0, width, height }: Stand) => [x + width / 2, y + height / 2];
  const [from, to] = [middle(then), middle(now)];
  return { ...outline, points: outline.points.map((v, i) => to[i % 2] + (v - from[i % 2]) * scale), radius: outline.radius * scale };
}
