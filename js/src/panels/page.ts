// What a panel is given: the store, and the few things that only the page as a whole can do.

import type { Scatter } from "../scatter/types";
import type { Store } from "../store";
import type { Tour } from "../tour";

export interface Page {
  store: Store;
  tour: Tour;
  /** The map; null where this browser cannot draw one. */
  readonly scatter: Scatter | null;
  /** Colour of a cluster on the map, as CSS; noise is drawn as a ring instead. */
  colour(cluster: number): string;
  /** Turns the map to a cluster; null shows everything. */
  fly(cluster: number | null): void;
  /** Flies to what is selected, or to everything. */
  flyToSelection(): void;
  /** Shows a decision as it was made: its rows lit up, the map as it stood, its outline. */
  revisit(id: string): Promise<void>;
  /** Shows the last outline of the selection from where it was drawn. */
  lookAgain(): void;
  /** Draws the panels again soon, where something outside the store changed. */
  redraw(): void;
}
