// Saved selections: each can be selected again, or combined with what is selected now; a cell reads it by its name.

import { html, nothing, type TemplateResult } from "lit-html";
import type { SetOp } from "../scatter/types";
import type { Page } from "./page";
import { rows } from "./words";

const VERBS: Record<SetOp, [string, string]> = {
  new: ["Select", "Select these rows instead"],
  add: ["Add", "Add these rows to the selection"],
  subtract: ["Take away", "Take these rows away from the selection"],
  intersect: ["Intersect", "Leave what is selected and in here"],
};

/** How it combines: as the keys that are held say, else as the buttons do. */
export function opOf({ shiftKey, altKey }: Pick<MouseEvent, "shiftKey" | "altKey">, op: SetOp): SetOp {
  return shiftKey && altKey ? "intersect" : shiftKey ? "add" : altKey ? "subtract" : op;
}

export function saved(page: Page): TemplateResult {
  const { store } = page;
  const { session, selected } = store.state;
  const list = session?.selections ?? [];
  const { op } = store.selection;
  const recall = (name: string) => (event: MouseEvent) => {
    store.show({ popover: "" });
    void store.selection.recall(name, opOf(event, op));
  };
  const [verb, help] = VERBS[op];
  return html`<h3>Saved selections</h3>
    ${list.length === 0
      ? html`<p class="el-soft">None yet. Select rows, then “Save as…” keeps them under a name.</p>`
      : html`<ul class="el-list">
          ${list.map(
            ({ name, count: n }) => html`<li data-test="saved" data-name=${name}>
              <b>${name}</b><span class="el-soft el-figures">${rows(n)}</span>
              <button type="button" class="el-link el-end" data-test="saved-recall" title="${help}. Shift adds, Alt takes away, both intersect" aria-label="${verb} “${name}”" @click=${recall(name)}>${verb}</button>
              <code class="el-soft el-under">w.selections[${JSON.stringify(name)}]</code>
            </li>`,
          )}
        </ul>
        <p class="el-soft">In a cell each is a mask over your table's rows, in its order.</p>`}
    ${selected && list.length > 0 && op === "new" ? html`<p class="el-soft">Shift adds to what is selected, Alt takes away, both intersect.</p>` : nothing}`;
}
