/** Frames on demand: one is asked for when something changed or still moves, and none otherwise. */
export interface Clock {
  redraw(): void;
  /** Runs `step` with t easing from 0 to 1; returns what stops it where it is. At once with `prefers-reduced-motion`. */
  animate(ms: number, step: (t: number) => void): () => void;
  /** Runs `step` with the seconds since the last frame, until what it returns is called. Never with `prefers-reduced-motion`. */
  each(step: (seconds: number) => void): () => void;
  stop(): void;
}

/** Seconds; after a pause, as in a hidden tab, things go on from where they were. */
const LONGEST = 0.1;

interface Motion {
  begin: number;
  ms: number;
  step: (t: number) => void;
}

export function createClock(frame: () => void): Clock {
  const motions = new Set<Motion>();
  const endless = new Set<(seconds: number) => void>();
  let last = 0;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let asked = 0;

  const redraw = () => {
    if (asked === 0) asked = requestAnimationFrame(tick);
  };

  // `asked` stands until the frame is drawn: what changes while it is being prepared is in it already.
  const tick = (now: number) => {
    for (const motion of motions) {
      const t = Math.min(1, Math.max(0, (now - motion.begin) / motion.ms));
      motion.step(ease(t));
      if (t === 1) motions.delete(motion);
    }
    for (const step of endless) step(Math.min(LONGEST, Math.max(0, (now - last) / 1000)));
    last = now;
    frame();
    asked = 0;
    if (motions.size + endless.size > 0) redraw();
  };

  return {
    redraw,
    animate(ms, step) {
      if (still.matches) {
        step(1);
        redraw();
        return () => undefined;
      }
      const motion: Motion = { begin: performance.now(), ms, step };
      motions.add(motion);
      redraw();
      return () => motions.delete(motion);
    },
    each(step) {
      if (still.matches) return () => undefined;
      if (endless.size === 0) last = performance.now();
      endless.add(step);
      redraw();
      return () => endless.delete(step);
    },
    stop() {
      motions.clear();
      endless.clear();
      cancelAnimationFrame(asked);
    },
  };
}

/** Starts and ends at rest. */
const ease = (t: number) => t * t * (3 - 2 * t);
