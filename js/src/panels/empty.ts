// Where the map has nothing to show: why, and what to do next.

import { html, nothing, type TemplateResult } from "lit-html";
import { countKept, exportedOf } from "../state";
import type { Page } from "./page";

/** `message`: why nothing can be drawn here; empty where it can. */
export function emptyMap(page: Page, message: string): TemplateResult | typeof nothing {
  const { store } = page;
  const { session, frame, status } = store.state;
  if (session && session.n > 0 && countKept(store.state) === 0) return allDropped(page);
  if (message) return html`<p class="el-over" role="status" data-test="map-message">${message}</p>`;
  if (frame) return nothing;
  const says =
    session?.n === 0
      ? "There are no rows in this table: give elute.Widget one that has some."
      : status.error
        ? `There is no map yet. ${status.error}`
        : status.busy || !session
          ? "The map appears here as soon as the first round has something to show."
          : "There is no map yet: run a round.";
  return html`<p class="el-over el-soft">${says}</p>`;
}

/** Nothing is lost: the way back is one click away. */
function allDropped({ store }: Page): TemplateResult {
  const exported = exportedOf(store.state);
  const list = () => {
    store.show({ tab: "points", points: "rows" });
    store.list({ within: "dropped", filter: "" });
  };
  return html`<div class="el-over" role="status" data-test="all-dropped">
    <p><b>Every row was dropped.</b>${exported ? nothing : " None is lost: take the last decision back, or restore rows from the list of what was dropped."}</p>
    ${exported
      ? nothing
      : html`<div class="el-acts">
          <button type="button" class="el-button el-primary" data-test="empty-undo" ?disabled=${!store.state.session?.undo} @click=${() => void store.undo()}>Undo</button>
          <button type="button" class="el-button" data-test="empty-dropped" @click=${list}>List what was dropped</button>
        </div>`}
  </div>`;
}
