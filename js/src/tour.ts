// The tour of four steps: which one is shown, and whether this browser has seen it. Knows no DOM but the browser's own storage.

import type { Popover } from "./state";
import type { Store } from "./store";

const SEEN = "elute-tour-seen";

/** What a step points at (the first that is there, by selector), and what it says. */
export interface Step {
  at: string[];
  title: string;
  says: string;
  key: string;
}

const MAP: Step = { at: [".el-map"], title: "Look", says: "Every point is a row, and near points say similar things. Drag to turn the map, scroll to come closer, and rest on a point to see its row.", key: "F brings everything back into sight." };
const PANEL: Step = { at: [".el-panel"], title: "Read", says: "Clusters stand here, the next one to look at first. A click lights a cluster on the map. Review says what looks wrong, and why; Points lists the rows.", key: "↑ and ↓ walk the table." };
const LASSO: Step = { at: [".el-tools"], title: "Choose", says: "Take the lasso and draw around points that do not belong. What you chose is shown below the map, with examples to read; nothing is removed yet.", key: "L is the lasso, T turns again, Esc lets go." };
const DROP: Step = { at: ['[data-test="toolbar-undo"]', ".el-right"], title: "Remove, and take back", says: "Drop removes what is selected, and the next round starts by itself. Undo brings it back, today or next week: every decision is saved. Your table is never changed; df[w.keep] in the next cell is what stays.", key: "X drops, Z undoes." };
const INSIDE: Step = { ...LASSO, says: "Take the lasso and draw around points. How many there are, and of which clusters, is shown below the map. This page is to look at: it removes nothing." };
const COLOUR: Step = { at: [".el-legend", ".el-stage"], title: "Colour and filter", says: "Colour the points by what is known of them. Each entry of the legend hides its rows, and shows them again.", key: "A double click shows one entry alone." };
const TABLE: Step = { ...PANEL, says: "Clusters stand here. A click lights a cluster on the map; the other tabs have figures, and the rows where their texts are on the page." };

export class Tour {
  /** Which step is shown; null while none is. */
  at: number | null = null;
  seen = read();

  constructor(
    readonly store: Store,
    readonly redraw: () => void,
  ) {}

  get steps(): Step[] {
    return this.store.state.hello?.exported ? [MAP, INSIDE, COLOUR, TABLE] : [MAP, PANEL, LASSO, DROP];
  }

  get step(): Step | null {
    return this.at === null ? null : this.steps[this.at];
  }

  start(): void {
    this.at = 0;
    this.store.show({ popover: "" satisfies Popover });
    this.redraw();
  }

  /** A step on or back; on from the last one it is over. */
  go(by: 1 | -1): void {
    if (this.at === null) return;
    const next = this.at + by;
    if (next >= this.steps.length) return this.end();
    this.at = Math.max(0, next);
    this.redraw();
  }

  /** Left early counts as seen: nobody is asked twice. */
  end(): void {
    if (this.at === null) return;
    this.at = null;
    this.seen = true;
    try {
      localStorage.setItem(SEEN, "yes");
    } catch {
      // a host without storage: the dot is there again next time
    }
    this.redraw();
  }
}

function read(): boolean {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}
