// Popovers that list: rounds and decisions, saved selections, keys.

import { html, type TemplateResult } from "lit-html";
import type { Decision, Form, Round } from "../protocol";
import type { Page } from "./page";
import { count, duration, figure, rows } from "./words";

const titled = (forms: Form[] | undefined, name: string): string => forms?.find((form) => form.name === name)?.title ?? name;

function round({ store: { state } }: Page, { number, kept, clusterer, projector, seconds, metrics, notes }: Round): TemplateResult {
  const how = [titled(state.hello?.clusterers, clusterer), titled(state.hello?.projectors, projector), `silhouette ${figure(metrics.silhouette, 3)}`];
  return html`<li class=${number === state.session?.round?.number ? "el-current" : ""} title=${notes.join(" ")}>
    <b>Round ${number}</b>
    <span>${rows(kept)}, ${count(metrics.clusters)} clusters</span>
    <span class="el-soft el-figures el-end">${duration(seconds)}</span>
    <span class="el-soft el-under">${how.join(" · ")}</span>
  </li>`;
}

/** "2026-11-24T12:19:05..." is read as the time here; anything else is shown as it came. */
function clock(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

const decision = ({ kind, rows: n, reason, source, time, undone }: Decision): TemplateResult =>
  html`<li class=${undone ? "el-undone" : ""}>
    <b>${kind.replace("_", " ")}</b>
    <span>${[n > 0 ? rows(n) : "", reason, source].filter(Boolean).join(" · ")}</span>
    <span class="el-soft el-figures el-end">${undone ? "undone · " : ""}${clock(time)}</span>
  </li>`;

export function history(page: Page): TemplateResult {
  const { session } = page.store.state;
  const rounds = [...(session?.rounds ?? [])].reverse();
  const decisions = [...(session?.history ?? [])].reverse();
  return html`<h3>Rounds</h3>
    ${rounds.length > 0 ? html`<ol class="el-list">${rounds.map((r) => round(page, r))}</ol>` : html`<p class="el-soft">The first round has not ended yet.</p>`}
    <h3>Decisions</h3>
    ${decisions.length > 0 ? html`<ol class="el-list" data-test="history-decisions">${decisions.map(decision)}</ol>` : html`<p class="el-soft">None yet. Everything you decide is kept on disk, and can be undone.</p>`}`;
}

export function saved(page: Page): TemplateResult {
  const { store } = page;
  const recall = (name: string) => {
    store.show({ popover: "" });
    void store.selection.recall(name);
  };
  return html`<h3>Saved selections</h3>
    <ul class="el-list">
      ${store.state.session?.selections.map(
        ({ name, count: n }) => html`<li><b>${name}</b><span class="el-figures">${rows(n)}</span><button type="button" class="el-link el-end" @click=${() => recall(name)}>Select</button></li>`,
      )}
    </ul>
    <p class="el-soft">In a cell: <code>w.selections["name"]</code> is a mask.</p>`;
}

const KEYS: [string, string][] = [
  ["X or Delete", "drop the selection"],
  ["Z", "undo"],
  ["Shift Z", "redo"],
  ["Esc", "cancel the lasso, close, clear the selection"],
  ["T, L, B", "turn, lasso, box"],
  ["Shift, Alt, both", "add, subtract, intersect while drawing"],
  ["/", "search"],
  ["↑ ↓ and Enter", "walk the cluster table; select and fly there"],
  ["?", "these keys"],
];

export function keys(): TemplateResult {
  return html`<h3>Keys</h3>
    <dl class="el-keys">${KEYS.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
    <p class="el-soft">They work while the pointer or the focus is in the widget.</p>`;
}
