// A line over the map while it shows something else than now: a sketch, an earlier round, a decision as it was made.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "./page";
import { rows } from "./words";

export function looking(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const { session, frame, revisited } = store.state;
  if (!frame) return nothing;
  const back = () => void store.look("");
  const earlier = session?.rounds.find(({ number }) => number === session.looking);
  if (earlier) {
    return html`<p class="el-looking" role="status" data-test="looking">
      <span>Looking at round ${earlier.number} as it was${revisited ? `: ${said(revisited.kind)} ${rows(revisited.rows.count())}` : ""}.</span>
      <button type="button" class="el-link" data-test="looking-goto" title="A decision: undo leads back here" @click=${() => void store.goto(earlier.id, `round ${earlier.number}`)}>Go back to it</button>
      <button type="button" class="el-link" data-test="looking-now" @click=${back}>Return to now</button>
    </p>`;
  }
  if (revisited) {
    return html`<p class="el-looking" role="status" data-test="looking">
      <span>As it was decided: ${said(revisited.kind)} ${rows(revisited.rows.count())}${revisited.reason ? `, ${revisited.reason}` : ""}.</span>
      <button type="button" class="el-link" data-test="looking-away" @click=${() => store.set({ revisited: null })}>Put it away</button>
    </p>`;
  }
  return session?.draft ? html`<p class="el-looking el-draft" data-test="map-draft">A first sketch: the round is still running.</p>` : nothing;
}

const SAID: Record<string, string> = { drop: "dropped", keep_only: "kept only", keep: "looked at and kept", restore: "brought back" };

const said = (kind: string): string => SAID[kind] ?? kind.replaceAll("_", " ");
