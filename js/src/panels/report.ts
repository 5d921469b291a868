// The report of a round: one page to read, to save, and to have put into words. Every string is text.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import type { ReportSection, Round } from "../protocol";
import type { Kind } from "../reporting";
import { CROSS } from "./icons";
import type { Page } from "./page";

const BAR = 56;
const MOVED = "Something has changed since: press “In the model’s words” for how it stands now.";

/** Of the round that is shown. */
export function reportOfThis(page: Page): TemplateResult | typeof nothing {
  const { session } = page.store.state;
  return session?.round && !session.draft ? opener(page, "", `Report of round ${session.round.number}`) : nothing;
}

/** Of a round in the history. */
export const reportOf = (page: Page, { id, number }: Pick<Round, "id" | "number">): TemplateResult => opener(page, id, `Report of round ${number}`);

function opener(page: Page, round: string, label: string): TemplateResult {
  return html`<button type="button" class="el-link" data-test="open-report" data-opens="report" aria-haspopup="dialog" aria-label=${label} title=${label} @click=${() => page.store.reporting.show(round)}>Report</button>`;
}

/** The file goes where the browser puts downloads. */
async function save({ store }: Page, kind: Kind): Promise<void> {
  await store.attempt(async () => {
    const { name, blob } = await store.reporting.file(kind);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

export function report(page: Page): TemplateResult {
  const { store } = page;
  const { report: told, pending, trouble, moved } = store.reporting;
  return html`<div class="el-part-head">
      <h3>${told ? told.title : "Report"}</h3>
      <span class="el-acts">
        ${words(page)}
        ${(["html", "md"] as const).map(
          (kind) =>
            html`<button type="button" class="el-button" data-test="report-save-${kind}" title="Download it as ${kind === "html" ? "a web page that loads nothing" : "Markdown"}" ?disabled=${!told || pending} @click=${() => void save(page, kind)}>Save ${kind === "html" ? "page" : "Markdown"}</button>`,
        )}
        <button type="button" class="el-bare" aria-label="Close the report" data-test="report-close" @click=${() => store.show({ popover: "" })}>${CROSS}</button>
      </span>
    </div>
    ${trouble ? html`<p class="el-trouble" role="status" data-test="report-trouble">${trouble}</p>` : nothing}
    ${told ? html`<article class="el-report" data-test="report" aria-busy=${pending}>${told.sections.map(section)}<p class="el-soft" data-test="report-foot">${foot(told.source)} ${told.note} ${moved ? MOVED : nothing}</p></article>` : nothing}
    ${pending ? html`<p class="el-soft" role="status" data-test="report-pending">${told ? "Being written again…" : "Being written…"}</p>` : nothing}`;
}

/** Who puts it into words, where there is a choice. */
function words({ store }: Page): TemplateResult | typeof nothing {
  const { writes, pending } = store.reporting;
  const written = store.reporting.written && !store.reporting.moved;
  const analyst = store.state.session?.analyst;
  if (!writes || !analyst) return nothing;
  const closed = analyst.remote && !analyst.consented;
  const title = closed
    ? `Nothing is sent to ${analyst.provider} until you agree`
    : written
      ? "By rules again: nothing is sent"
      : `Send these figures and names, and no text of a row, to ${analyst.name}, which writes the sentences; every figure stays elute's`;
  return html`<button type="button" class="el-button" data-test="report-write" aria-pressed=${written} title=${title} ?disabled=${closed || pending} @click=${() => store.reporting.say(!written)}>In the model’s words</button>`;
}

const foot = (source: string): string => (source === "offline" ? "Written by elute, by rules." : `Words by ${source}, figures by elute.`);

function section({ title, lines, head, rows, bars, items }: ReportSection): TemplateResult {
  const barred = bars.length === rows.length && bars.length > 0;
  return html`<section>
    <h4>${title}</h4>
    ${lines.map((line) => html`<p dir="auto">${line}</p>`)}
    ${head.length > 0
      ? html`<div class="el-report-wide" tabindex="0" role="region" aria-label=${title}>
          <table>
            <thead>
              <tr>
                ${head.map((cell) => html`<th scope="col">${cell}</th>`)}${barred ? html`<th><span class="el-hidden">drawn</span></th>` : nothing}
              </tr>
            </thead>
            <tbody>
              ${rows.map((row, at) => html`<tr>${row.map((cell) => html`<td dir="auto">${cell}</td>`)}${barred ? html`<td>${bar(bars[at])}</td>` : nothing}</tr>`)}
            </tbody>
          </table>
        </div>`
      : nothing}
    ${items.length > 0 ? html`<ul>${items.map((item) => html`<li dir="auto">${item}</li>`)}</ul>` : nothing}
  </section>`;
}

function bar(share: number): TemplateResult {
  return html`<svg class="el-mini" viewBox="0 0 ${BAR} 8" width=${BAR} height="8" aria-hidden="true">${svg`<rect x="0" y="0" width=${Math.max(1, BAR * Math.min(1, share))} height="8" />`}</svg>`;
}
