// The foot: what runs, how far, how long still; what went wrong; and the three indices with their change.

import { html, nothing, type TemplateResult } from "lit-html";
import { change, exportedOf, INDICES, type State } from "../state";
import { CROSS } from "./icons";
import type { Page } from "./page";
import { arrow, count, duration, figure } from "./words";

/** Stages that count rows or clusters. What else goes on, a model's download, says in its message how far it is. */
const STAGES: Record<string, string> = {
  prepare: "Preparing texts",
  embed: "Embedding",
  neighbours: "Finding neighbours",
  cluster: "Clustering",
  project: "Drawing the map",
  score: "Scoring",
  analyse: "Judging clusters",
  judge: "Judging rows",
  suggest: "Looking for what stands out",
  learn: "Learning from your decisions",
};

/** What runs, and with what. */
function work({ stage, message }: State["status"]): string {
  return [STAGES[stage] ?? stage, message].filter(Boolean).join(": ");
}

/** The one sentence that matters most now, and whether it is about trouble. */
export function sentence(state: State): { text: string; trouble: boolean } {
  const { link, error, status, undecided, session, notice, hello } = state;
  const some = undecided === 1 ? "one decision" : `${undecided} decisions`;
  if (link === "lost") {
    return { text: disconnected(session, undecided > 0 ? some : ""), trouble: true };
  }
  if (error) return { text: error, trouble: true };
  if (status.error) return { text: status.error, trouble: true };
  if (exportedOf(state)) return { text: notice, trouble: false };
  if (link === "connecting") return { text: "Connecting to the kernel…", trouble: false };
  // A saved notebook is opened with no kernel: nothing tells it from a busy one until something was answered.
  if (link === "waiting" && !hello) return { text: "No answer yet: queued behind the running cell, or, if no cell is running, run the cell that made this.", trouble: false };
  if (link === "waiting") return { text: `The kernel is busy: queued behind the running cell.${undecided > 0 ? ` Waiting: ${some}.` : ""}`, trouble: false };
  // What was just done is said while its round runs, or nobody would read how to take it back.
  if (status.busy) return { text: [notice, work(status)].filter(Boolean).join(" "), trouble: false };
  if (notice) return { text: notice, trouble: false };
  if (session?.stale && session.kept > 0) return { text: "The map is older than the last decision.", trouble: false };
  if (undecided > 0) return { text: `Not saved yet: ${some} on the way.`, trouble: false };
  return { text: status.message || (session?.saved ? "Everything decided is saved." : ""), trouble: false };
}

/** What is known to be saved, and what a restart would lose: decisions that could not be written are in the kernel's memory. */
function disconnected(session: State["session"], some: string): string {
  const again = "Disconnected: run the cell again";
  const sent = "sent once the kernel is back or the cell has run again, as long as this tab is open";
  if (session?.saved && !session.problem) return `${again}. Everything decided is saved${some ? `, but for ${some}: ${sent}` : ""}.`;
  return `${again}${session ? ", but don't restart the kernel: what is not saved yet is in its memory alone" : ""}.${some ? ` Waiting: ${some}, ${sent}.` : ""}`;
}

function running(page: Page): TemplateResult | typeof nothing {
  const { status, link } = page.store.state;
  if (!status.busy || link === "lost") return nothing;
  const { done, total, seconds_left: left } = status;
  return html`${total > 0
      ? html`${Object.hasOwn(STAGES, status.stage) ? html`<span class="el-figures">${count(done)} / ${count(total)}</span>` : nothing}
          <span class="el-bar" role="progressbar" aria-label=${status.stage} aria-valuemin="0" aria-valuemax=${total} aria-valuenow=${done}
            ><span style="width:${(100 * Math.min(done, total)) / total}%"></span
          ></span>`
      : html`<span class="el-bar el-unknown" role="progressbar" aria-label=${status.stage}><span></span></span>`}
    ${left === null ? nothing : html`<span class="el-figures">${duration(left)} left</span>`}
    <button type="button" class="el-link" data-test="foot-cancel" @click=${() => void page.store.ask("cancel", {})}>Cancel</button>`;
}

export function foot(page: Page): TemplateResult {
  const { store } = page;
  const { state } = store;
  const { session, error, status } = state;
  const { text, trouble } = sentence(state);
  // A round that was cancelled or failed: the next one does not start by itself.
  const behind = !exportedOf(state) && session?.settings.automatic && session.stale && session.kept > 0 && !status.busy && state.link === "ready";
  const metrics = session?.round?.metrics;
  return html`<div class="el-foot">
    <div class="el-foot-status">
      <span class="el-sentence ${trouble ? "el-trouble" : ""}" data-test="foot-status" role="status" aria-live="polite" title=${text}>${text}</span>
      ${error && trouble ? html`<button type="button" class="el-bare" aria-label="Put this message away" @click=${() => store.set({ error: "" })}>${CROSS}</button>` : nothing} ${running(page)}
      ${behind ? html`<button type="button" class="el-link" data-test="foot-run" @click=${() => void store.ask("run", {})}>Run a round</button>` : nothing}
    </div>
    ${metrics
      ? html`<div class="el-indices" data-test="foot-indices">
          ${INDICES.map(
            ({ key, title, upIsBetter, digits, help }) =>
              html`<span title=${help} data-index=${key}>${title} <b>${figure(metrics[key], digits)}</b> ${arrow(change(session, key), upIsBetter, digits, session!.round!.before)}</span>`,
          )}
          <span title="1 means that all clusters have the same size">balance <b>${figure(metrics.balance, 2)}</b></span>
        </div>`
      : nothing}
  </div>`;
}
