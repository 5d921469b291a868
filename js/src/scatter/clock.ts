/** Frames on demand: one is asked for when something changed or still moves, and none otherwise. */
export interface Clock {
  redraw(): void;
  /** Runs `step` with t easing from 0 to 1; returns what stops it where it is. At once with `prefers-reduced-motion`. */
  animate(ms: number, step: (t: number) => void): () => void;
  stop(): void;
}

interface Motion {
  begin: number;
  ms: number;
  step: (t: number) => void;
}

export function createClock(frame: () => void): Clock {
  const motions = new Set<Motion>();
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
    frame();
    asked = 0;
    if (motions.size > 0) redraw();
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
    stop() {
      motions.clear();
      cancelAnimationFrame(asked);
    },
  };
}

/** Starts and ends at rest. */
const ease = (t: number) => t * t * (3 - 2 * t);
