/** Some rows at a time, as what is drawn of them: so few that what one loop leaves is still at hand for the next. */
export const BATCH = 1024;

export class Batch {
  readonly row = new Int32Array(BATCH);
  readonly stamp = new Int32Array(BATCH);
  /** The pixel of a frame's memory that the middle is in. */
  readonly at = new Int32Array(BATCH);
  readonly depth = new Int32Array(BATCH);
  readonly fill = new Int32Array(BATCH);
  readonly line = new Int32Array(BATCH);
  count = 0;
  /** The first row that was not looked at yet. */
  next = 0;
}
