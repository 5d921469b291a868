// One calm line under the toolbar: whose journal this is, what could not be saved, what came back, what could be brought along, of how many rows this is a sample.

import { html, nothing, type TemplateResult } from "lit-html";
import { exportedOf } from "../state";
import { CROSS } from "./icons";
import type { Page } from "./page";

/** The line that matters most; there is never more than one. */
export function returning(page: Page): TemplateResult | typeof nothing {
  const { returning: coming, state } = page.store;
  const { session, link } = state;
  const exported = exportedOf(state);
  if (exported) return html`<p class="el-back" data-test="exported"><span class="el-grow">${exported.said}</span></p>`;
  if (!session) return nothing;
  const lost = link === "lost";
  if (session.read_only && !lost) return readOnly(page, [session.read_only, session.problem].filter(Boolean).join(" "));
  if (session.problem) {
    return html`<p class="el-back el-back-trouble" role="status" data-test="unsaved"><b>Not saved yet.</b> <span class="el-grow">${session.problem}</span></p>`;
  }
  if (lost) return nothing;
  if (session.resumed && !coming.away.has(session.resumed)) return back(page, session.resumed);
  if (session.offered && !coming.away.has(session.offered)) return offered(page, session.offered);
  if (session.sampled) return html`<p class="el-back" role="status" data-test="sampled"><span class="el-grow" title=${session.sampled}>${session.sampled}</span></p>`;
  return nothing;
}

function readOnly({ store: { returning: coming } }: Page, line: string): TemplateResult {
  return html`<p class="el-back el-back-trouble" role="status" data-test="read-only">
    <span class="el-grow">${line}</span>
    <button type="button" class="el-button" data-test="read-only-take" ?disabled=${coming.busy} title="Decide here from now on; the other kernel reads" @click=${() => void coming.hold("take")}>Take over</button>
    <button type="button" class="el-button" data-test="read-only-copy" ?disabled=${coming.busy} title="Both kernels go on, each with its own decisions" @click=${() => void coming.hold("copy")}>Work on a copy</button>
  </p>`;
}

function back(page: Page, line: string): TemplateResult {
  const { returning: coming } = page.store;
  if (coming.sure) {
    return html`<p class="el-back" role="alertdialog" aria-label="Start afresh?" data-test="returned">
      <span class="el-grow">Start afresh? The whole table is there again. All decisions are put aside, in a file beside the journal; none is deleted.</span>
      <button type="button" class="el-button el-danger" data-test="afresh-yes" @click=${() => void coming.afresh()}>Start afresh</button>
      <button type="button" class="el-button" data-test="afresh-no" @click=${() => coming.ask(false)}>Go on</button>
    </p>`;
  }
  return html`<p class="el-back" role="status" data-test="returned">
    <span class="el-grow" title=${line}>${line}</span>
    <button type="button" class="el-link" data-test="afresh" title="Put all decisions aside and begin with the whole table; asks first" @click=${() => coming.ask(true)}>Start afresh…</button>
    ${close(page, line)}
  </p>`;
}

function offered(page: Page, line: string): TemplateResult {
  const { returning: coming } = page.store;
  return html`<p class="el-back" role="status" data-test="offered">
    <span class="el-grow" title=${line}>${line}</span>
    <button type="button" class="el-link" data-test="offered-bring" ?disabled=${coming.busy} title="For the rows that both tables have; the other journal stays as it is" @click=${() => void coming.along()}>Bring them along</button>
    ${close(page, line)}
  </p>`;
}

const close = ({ store }: Page, line: string): TemplateResult =>
  html`<button type="button" class="el-bare" data-test="returned-away" aria-label="Put this line away" title="Put away; it stays in the Review tab" @click=${() => store.returning.putAway(line)}>${CROSS}</button>`;
