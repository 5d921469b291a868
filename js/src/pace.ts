// How long the rest takes, at the pace of the person who looks.

/** Seconds a look until one was timed: ten clusters in a minute. */
const USUAL = 6;
/** A look that took longer was a pause. */
const PAUSE = 60;
/** Of that many looks the pace is taken. */
const LAST = 8;

export class Pace {
  #since: number | null = null;
  #seconds: number[] = [];

  constructor(readonly now: () => number = () => performance.now() / 1000) {}

  begin(): void {
    this.#since = this.now();
  }

  /** Seconds that this look took. */
  end(): number {
    const took = this.#since === null ? 0 : this.now() - this.#since;
    if (took > 0 && took < PAUSE) this.#seconds = [...this.#seconds, took].slice(-LAST);
    this.#since = this.now();
    return took;
  }

  left(looks: number): number {
    const mean = this.#seconds.reduce((sum, one) => sum + one, 0) / (this.#seconds.length || 1);
    return looks * (this.#seconds.length > 0 ? mean : USUAL);
  }
}
