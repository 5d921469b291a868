// At the foot of the history: the whole session as a page to keep, the map as a page of its own, and decisions as a cell of code. Every string is text.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Paper, PaperKind } from "../papers";
import type { Page } from "./page";
import { count } from "./words";

const PAGE = "text/html;charset=utf-8";
const TYPES: Partial<Record<PaperKind, string>> = { report: PAGE, map: PAGE, code: "text/x-python;charset=utf-8" };

/** The file goes where the browser puts downloads. */
async function save({ store }: Page, kind: PaperKind, texts: boolean): Promise<Paper | null> {
  const made = await store.papers.make(kind, texts);
  if (!made) return null;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([made.bytes], { type: TYPES[kind] ?? "text/plain;charset=utf-8" }));
  link.download = made.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return made;
}

/** The map, and then what was saved: a page that is handed on should say what it holds. */
async function exportMap(page: Page): Promise<void> {
  const { papers, state } = page.store;
  const { texts } = papers;
  const made = await save(page, "map", texts);
  if (!made) return;
  // said anew for each page
  papers.texts = false;
  papers.told = `${made.name}, ${(made.bytes.length / 1e6).toFixed(1)} MB: ${texts ? `it holds every text, label and name of all ${count(state.hello?.n ?? 0)} rows, those of dropped rows too.` : "no text, label or name of a cluster is on it."}`;
  page.store.set({});
}

/** Onto the clipboard; where the browser does not let us, it is there to be copied by hand. */
async function copy({ store }: Page): Promise<void> {
  const { papers } = store;
  const made = await papers.make("code", false);
  if (!made) return;
  papers.code = new TextDecoder().decode(made.bytes);
  try {
    await navigator.clipboard.writeText(papers.code);
    papers.copied = true;
  } catch {
    papers.copied = false;
  }
  store.set({});
}

export function papers(page: Page): TemplateResult | typeof nothing {
  const { papers: held, state } = page.store;
  if (!state.session) return nothing;
  const { busy, trouble, code, copied, told } = held;
  return html`<div class="el-papers" data-test="papers">
    <button type="button" class="el-button" data-test="copy-code" title="A cell of plain dataframe code that gives the same mask, with no elute in it" ?disabled=${busy !== ""} @click=${() => void copy(page)}>Copy as code</button>
    <button type="button" class="el-button" data-test="save-session" title="One page about all rounds, with examples of what went" ?disabled=${busy !== ""} @click=${() => void save(page, "report", true)}>Report of the whole session</button>
    <button type="button" class="el-link" data-test="save-session-plain" title="The same without any text, name or label of the table: to hand on" ?disabled=${busy !== ""} @click=${() => void save(page, "report", false)}>without texts</button>
    <span class="el-export">
      <button type="button" class="el-button" data-test="export-map" title="One page with the map, to look at, lasso and filter with no Python behind it; it loads nothing and sends nothing" ?disabled=${busy !== ""} @click=${() => void exportMap(page)}>Export page</button>
      <label class="el-check"><input type="checkbox" data-test="export-texts" .checked=${held.texts} ?disabled=${busy !== ""} @change=${(event: Event) => held.say((event.target as HTMLInputElement).checked)} /> with texts, labels and names</label>
    </span>
    ${told ? html`<p class="el-soft" role="status" data-test="export-told">${told}</p>` : nothing}
    ${busy ? html`<p class="el-soft" role="status" data-test="papers-busy">Being written…</p>` : nothing}
    ${trouble ? html`<p class="el-trouble" role="status" data-test="papers-trouble">${trouble}</p>` : nothing}
    ${code && !busy
      ? html`<p class="el-soft" role="status" data-test="code-told">${copied ? "Copied. Paste it into a cell:" : "Copy it from here into a cell:"} <code>df</code> is your table.</p>
          <textarea class="el-code" data-test="code" readonly rows="8" spellcheck="false" aria-label="The decisions as code" .value=${code} @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}></textarea>`
      : nothing}
  </div>`;
}
