// Labels against what their rows look like: the pairs most often taken for each other, and a matrix of the labels that take part.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "../panels/page";
import { count, rows } from "../panels/words";
import type { Result } from "../message";

/** More would be no matrix that one reads. */
const MATRIX = 12;
const LISTED = 12;

type Confusion = Pick<Result<"confusion">, "labels" | "codes" | "given" | "looks" | "counts">;

export interface Cell {
  given: string;
  looks: string;
  /** Of both labels. */
  codes: [number, number];
  count: number;
}

export const cellsOf = ({ labels, codes, given, looks, counts }: Confusion): Cell[] =>
  counts.map((n, i) => ({ given: labels[given[i]], looks: labels[looks[i]], codes: [codes[given[i]], codes[looks[i]]], count: n }));

/** The labels that most of these rows bear or look like, most first. */
export function mostConfused(cells: Cell[], most = MATRIX): string[] {
  const rowsOf = new Map<string, number>();
  for (const { given, looks, count: n } of cells) for (const label of [given, looks]) rowsOf.set(label, (rowsOf.get(label) ?? 0) + n);
  return [...rowsOf].sort(([, a], [, b]) => b - a).slice(0, most).map(([label]) => label);
}

export function confusion(page: Page): TemplateResult {
  const { value, trouble, asking } = page.store.evidence.want("confusion");
  const cells = value ? cellsOf(value) : [];
  const body = trouble
    ? html`<p class="el-empty" role="status">${trouble}</p>`
    : !value || (value.pending && cells.length === 0)
      ? html`<p class="el-empty">Comparing labels with what rows look like…</p>`
      : cells.length === 0
        ? html`<p class="el-empty" data-test="confusion-none">No row stands out: none looks more like another label than like its own.</p>`
        : html`${list(page, cells)} ${matrix(page, cells)}`;
  return html`<div class="el-scroll el-confusion" tabindex="0" data-test="confusion" aria-busy=${asking} aria-label="Labels">${body}</div>`;
}

const take =
  (page: Page, cell: Cell) =>
  (event: MouseEvent) =>
    void page.store.evidence.confused(cell, event.ctrlKey || event.metaKey ? "add" : "new");

function list(page: Page, cells: Cell[]): TemplateResult {
  const { evidence } = page.store;
  const { whole } = evidence;
  const shown = whole ? cells : cells.slice(0, LISTED);
  const most = Math.max(...cells.map(({ count: n }) => n));
  const total = cells.reduce((sum, { count: n }) => sum + n, 0);
  return html`<section>
    <h3>Rows that look like another label</h3>
    <p class="el-soft">${rows(total)} among those that stay. By the rows around them they would bear the other one. A click selects them to be read: some labels simply lie close.</p>
    <ol class="el-givens">
      ${shown.map(
        (cell) => html`<li>
          <button type="button" class="el-given" data-test="confusion-pair" title="Select ${rows(cell.count)} labelled ${cell.given} that look like ${cell.looks}; Ctrl adds them" @click=${take(page, cell)}>
            <span class="el-name" dir="auto">${cell.given}</span><span class="el-soft" aria-label="looks like">→</span><span class="el-name" dir="auto">${cell.looks}</span>
            <span class="el-length" aria-hidden="true"><span style="width:${(100 * cell.count) / most}%"></span></span>
            <span class="el-figures">${count(cell.count)}</span>
          </button>
        </li>`,
      )}
    </ol>
    ${cells.length > LISTED
      ? html`<button
          type="button"
          class="el-link"
          data-test="confusion-whole"
          aria-expanded=${whole}
          @click=${() => {
            evidence.whole = !whole;
            page.redraw();
          }}
        >
          ${whole ? "Show fewer" : `Show all ${count(cells.length)} pairs`}
        </button>`
      : nothing}
  </section>`;
}

function matrix(page: Page, cells: Cell[]): TemplateResult | typeof nothing {
  const labels = mostConfused(cells);
  if (labels.length < 3) return nothing;
  const found = new Map(cells.map((cell) => [JSON.stringify([cell.given, cell.looks]), cell]));
  const most = Math.max(...cells.map(({ count: n }) => n));
  const square = (given: string, looks: string) => {
    const cell = found.get(JSON.stringify([given, looks]));
    if (!cell) return html`<td class=${given === looks ? "el-self" : ""}></td>`;
    const share = Math.round(12 + 58 * (cell.count / most));
    return html`<td>
      <button type="button" data-test="confusion-cell" style="--el-share:${share}%" title="${rows(cell.count)} labelled ${given} that look like ${looks}" aria-label="${given}, looks like ${looks}: ${rows(cell.count)}" @click=${take(page, cell)}>
        ${count(cell.count)}
      </button>
    </td>`;
  };
  return html`<section class="el-matrix">
    <h3>Given label against the one it looks like</h3>
    <div>
      <table>
        <thead>
          <tr><th scope="col" class="el-soft">given, looks like →</th>${labels.map((label, i) => html`<th scope="col" title=${label} aria-label=${label}>${i + 1}</th>`)}</tr>
        </thead>
        <tbody>
          ${labels.map((given, i) => html`<tr><th scope="row" title=${given}><span class="el-name" dir="auto">${i + 1} ${given}</span></th>${labels.map((looks) => square(given, looks))}</tr>`)}
        </tbody>
      </table>
    </div>
  </section>`;
}
