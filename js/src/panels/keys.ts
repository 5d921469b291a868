// The keys, as ? lists them. What they do stands in press.ts.

import { html, type TemplateResult } from "lit-html";
import { exportedOf } from "../state";
import type { Page } from "./page";

const KEYS: [string, string][] = [
  ["X or Delete", "drop the selection"],
  ["Z, Shift Z", "undo, redo"],
  ["T L P B R", "turn, lasso, polygon, box, brush"],
  ["[ ]", "a smaller or larger brush"],
  ["Shift, Alt, both", "add, subtract, intersect while drawing"],
  ["Space", "turn the map in mid-lasso"],
  ["Enter", "on the map: a corner of the polygon, or its end"],
  ["Arrows", "on the map: turn it, or move the polygon's cursor"],
  ["I, G", "invert the selection, grow it by neighbours"],
  ["F", "fly to the selection, or to everything"],
  ["/", "search"],
  ["↑ ↓ Enter", "walk the cluster table; select and fly there"],
  ["X, Enter, ← →", "in the Review tab: drop the cluster, keep it, back, later"],
  ["1, 2", "in the Review tab: drop one kind of the texts in it"],
  ["Esc", "cancel the lasso, close, clear the selection"],
  ["?", "these keys"],
];

/** Those that decide, or need a kernel. */
const DECIDE = new Set(["X or Delete", "Z, Shift Z", "X, Enter, ← →", "1, 2"]);

export function keys(page: Page): TemplateResult {
  const exported = exportedOf(page.store.state);
  const known = exported ? KEYS.filter(([key]) => !DECIDE.has(key)).map(([key, what]) => (key === "I, G" ? ["I", "invert the selection"] : [key, what])) : KEYS;
  return html`<div class="el-acts"><button type="button" class="el-button ${page.tour.seen ? "" : "el-primary"}" data-test="tour-start" @click=${() => page.tour.start()}>Show me around</button><span class="el-soft">four steps, a minute</span></div>
    <h3>Keys</h3>
    <dl class="el-keys">${known.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
    <p class="el-soft">They work while the pointer or the focus is in the widget.</p>`;
}
