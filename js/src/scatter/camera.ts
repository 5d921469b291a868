/**
 * The two cameras. 3D is a turntable: it turns about the vertical without end and tilts from straight below to straight
 * above, so "up" never flips. 2D is a flat sheet. Cameras are values: every function returns a new one.
 */
import { multiply, scaleAndShift, type Matrix, type Pane, type Vec3 } from "../geometry";

export interface Camera3 {
  /** Radians about the vertical axis. */
  turn: number;
  /** Radians, -pi/2 (from below) to pi/2 (from above). */
  tilt: number;
  /** The point the camera looks at and turns about. */
  target: Vec3;
  /** From the target to the eye. */
  distance: number;
}

export interface Camera2 {
  center: readonly [number, number];
  /** Half of the shorter side of the view, in data units. */
  reach: number;
}

/** cot(fov / 2) of a 30 degree view: long enough to keep the far side of a cloud legible. */
export const FOCAL = 1 / Math.tan(Math.PI / 12);
/** A 2D or 3D reach of the whole cloud, whose 99th percentile has radius 1. */
export const WHOLE = 1.12;
const [MIN_REACH, MAX_REACH] = [0.004, 8];
/** How far behind the target points are still drawn, in data units; and before it, where no eye is. */
const DEEP = 8;

export const HOME2: Camera2 = { center: [0, 0], reach: WHOLE };
export const HOME3: Camera3 = { turn: 0.5, tilt: 0.35, target: [0, 0, 0], distance: distanceFor(WHOLE) };

/** The distance from which `reach` about the target fills the shorter side of the view. */
export function distanceFor(reach: number): number {
  return reach * FOCAL;
}

/** The camera's right, up and back, unit vectors in data space. */
export function axes(c: Camera3): { right: Vec3; up: Vec3; back: Vec3 } {
  const [ct, st, cp, sp] = [Math.cos(c.turn), Math.sin(c.turn), Math.cos(c.tilt), Math.sin(c.tilt)];
  return { right: [ct, 0, -st], up: [-st * sp, cp, -ct * sp], back: [st * cp, sp, ct * cp] };
}

/** What is nearer than this is neither drawn nor selected. Parallel lines of sight come from no eye: nothing is behind it. */
export function near(c: Camera3, parallel = 0): number {
  return parallel === 1 ? c.distance - DEEP : c.distance * 0.04;
}

/**
 * Dequantised coordinates to clip space.
 *
 * @param parallel 0: lines of sight meet in the eye; 1: they are parallel (orthographic), W being the distance of the target for
 *   every point, so that what lies there is as large as it was; between, one turns into the other.
 */
export function matrix3(c: Camera3, pane: Pane, parallel = 0): number[] {
  const { right, up, back } = axes(c);
  const row = (axis: Vec3, shift: number) => [...axis, shift - dot(axis, c.target)];
  const view = [...row(right, 0), ...row(up, 0), ...row(back, -c.distance), 0, 0, 0, 1];
  const short = Math.min(pane.width, pane.height);
  const [wide, high] = [(FOCAL * short) / pane.width, (FOCAL * short) / pane.height];
  const lens = (perDepth: number, deep: number, w: number, shift: number) => [wide, 0, 0, 0, 0, high, 0, 0, 0, 0, perDepth, deep, 0, 0, w, shift];
  const [n, f] = [near(c), c.distance + DEEP];
  const eye = lens((n + f) / (n - f), (2 * n * f) / (n - f), -1, 0);
  const none = lens(-c.distance / DEEP, -(c.distance ** 2) / DEEP, 0, c.distance);
  return multiply(eye.map((v, i) => mix(v, none[i], parallel)), view);
}

/** How far behind the target something is that was projected; less than 0 before it. */
export function beyond(c: Camera3, at: { depth: number; z: number }, parallel: number): number {
  return parallel === 1 ? (at.z * DEEP) / c.distance : at.depth - c.distance;
}

export function matrix2(c: Camera2, pane: Pane): number[] {
  const short = Math.min(pane.width, pane.height);
  const [sx, sy] = [short / pane.width / c.reach, short / pane.height / c.reach];
  return scaleAndShift([sx, sy, 0], [-c.center[0] * sx, -c.center[1] * sy, 0]);
}

/** Quantised coordinates, read as 0 to 1, to what `camera` takes. */
export function dequantised(camera: Matrix, lo: number, hi: number): number[] {
  const span = hi - lo;
  return multiply(camera, scaleAndShift([span, span, span], [lo, lo, lo]));
}

/** Turned by a drag of (dx, dy) css px: the width of the shorter side is half a turn. */
export function turned(c: Camera3, dx: number, dy: number, pane: Pane): Camera3 {
  const perPixel = Math.PI / Math.min(pane.width, pane.height);
  return { ...c, turn: wrap(c.turn - dx * perPixel), tilt: clamp(c.tilt + dy * perPixel, -Math.PI / 2, Math.PI / 2) };
}

/** Moved so that what lies at the target's depth follows the pointer. */
export function panned3(c: Camera3, dx: number, dy: number, pane: Pane): Camera3 {
  const perPixel = (2 * c.distance) / FOCAL / Math.min(pane.width, pane.height);
  const { right, up } = axes(c);
  return { ...c, target: add(c.target, scale(right, -dx * perPixel), scale(up, dy * perPixel)) };
}

export function panned2(c: Camera2, dx: number, dy: number, pane: Pane): Camera2 {
  const perPixel = (2 * c.reach) / Math.min(pane.width, pane.height);
  return { ...c, center: [c.center[0] - dx * perPixel, c.center[1] + dy * perPixel] };
}

/** Zoomed by `factor` (below 1: closer) about (x, y), css px from the pane's middle, which stays where it is. */
export function zoomed3(c: Camera3, factor: number, x: number, y: number, pane: Pane): Camera3 {
  const distance = clamp(c.distance * factor, distanceFor(MIN_REACH), distanceFor(MAX_REACH));
  const done = distance / c.distance - 1;
  return { ...panned3(c, x * done, y * done, pane), distance };
}

export function zoomed2(c: Camera2, factor: number, x: number, y: number, pane: Pane): Camera2 {
  const reach = clamp(c.reach * factor, MIN_REACH, MAX_REACH);
  const done = reach / c.reach - 1;
  return { ...panned2(c, x * done, y * done, pane), reach };
}

/** Between two cameras, t from 0 to 1; turns the short way round, zooms evenly. */
export function between3(a: Camera3, b: Camera3, t: number): Camera3 {
  return {
    turn: a.turn + wrap(b.turn - a.turn) * t,
    tilt: mix(a.tilt, b.tilt, t),
    target: [mix(a.target[0], b.target[0], t), mix(a.target[1], b.target[1], t), mix(a.target[2], b.target[2], t)],
    distance: a.distance * (b.distance / a.distance) ** t,
  };
}

export function between2(a: Camera2, b: Camera2, t: number): Camera2 {
  return {
    center: [mix(a.center[0], b.center[0], t), mix(a.center[1], b.center[1], t)],
    reach: a.reach * (b.reach / a.reach) ** t,
  };
}

/** Into -pi to pi. */
function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
const mix = (a: number, b: number, t: number) => a + (b - a) * t;
const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
const add = (a: Vec3, b: Vec3, c: Vec3): Vec3 => [a[0] + b[0] + c[0], a[1] + b[1] + c[1], a[2] + b[2] + c[2]];
