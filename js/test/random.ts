/** Random scenes that are the same on every run. */
import type { Pane } from "../src/geometry";
import * as cam from "../src/scatter/camera";
import type { Cloud } from "../src/scatter/select";

/** mulberry32: uniform in 0 to 1. */
export function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function randomCloud(random: () => number, n: number, dim: 2 | 3): Cloud {
  return { n, dim, lo: -1.2, hi: 1.2, coords: Uint16Array.from({ length: n * dim }, () => Math.floor(random() * 65536)) };
}

export function randomPane(random: () => number): Pane {
  return { x: Math.floor(random() * 300), y: Math.floor(random() * 50), width: 200 + random() * 900, height: 150 + random() * 700 };
}

/** From inside the cloud, where much of it lies behind the camera, to far away. */
export function randomCamera3(random: () => number): cam.Camera3 {
  return {
    turn: (random() - 0.5) * 7,
    tilt: (random() - 0.5) * Math.PI,
    target: [random() - 0.5, random() - 0.5, random() - 0.5],
    distance: cam.distanceFor(0.05 * 40 ** random()),
  };
}

export function randomCamera2(random: () => number): cam.Camera2 {
  return { center: [random() - 0.5, random() - 0.5], reach: 0.05 * 40 ** random() };
}

/** Corners anywhere in and about the pane: concave, and crossing itself more often than not. */
export function randomPolygon(random: () => number, pane: Pane, corners: number): Float32Array {
  const out = new Float32Array(corners * 2);
  for (let i = 0; i < corners; i++) {
    out[2 * i] = pane.x + (random() * 1.2 - 0.1) * pane.width;
    out[2 * i + 1] = pane.y + (random() * 1.2 - 0.1) * pane.height;
  }
  return out;
}
