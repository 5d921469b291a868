// Groups of rows that say the same, side by side, with what differs and what lacks marked; and a way to select all of them but one each.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { against, type Piece } from "../diff";
import type { Duplicates, Kind } from "../evidence";
import { Mask } from "../mask";
import { once } from "../panels/pairs";
import { count, figure, rows } from "../panels/words";
import type { Page } from "../panels/page";
import type { DuplicateGroup, Point } from "../protocol";
import type { SetOp } from "../scatter/types";

const KINDS: { kind: Kind; title: string; help: string; none: string }[] = [
  { kind: "near", title: "Near copies", help: "The same words in another writing, checked: same numbers, same negations", none: "No near copies were found among the rows that stay." },
  { kind: "conflict", title: "Labels differ", help: "Copies that bear different labels: at most one of them is right", none: "No copies with different labels were found." },
  { kind: "meaning", title: "Near in meaning", help: "Rows whose vectors point the same way. Nothing checks what they say: look before you drop", none: "No rows are as near in meaning as that." },
];
const LEAST = 0.75;
const HIGHEST = 0.99;
/** Characters that are read of what a text lacks. */
const LACKS = 60;

export function duplicates(page: Page): TemplateResult {
  const { store } = page;
  const { evidence } = store;
  const { value, trouble, asking } = evidence.duplicates();
  const kinds = KINDS.filter(({ kind }) => kind !== "conflict" || store.state.hello?.label_name);
  const now = KINDS.find(({ kind }) => kind === evidence.kind)!;
  const { moved } = evidence;
  const waits = value === null || value.pending;
  return html`<div class="el-line el-kinds">
      <span class="el-segments" role="group" aria-label="Kind of duplicates">
        ${kinds.map(({ kind, title, help }) => html`<button type="button" data-test="duplicates-${kind}" aria-pressed=${kind === evidence.kind} title=${help} @click=${() => evidence.choose(kind)}>${title}</button>`)}
      </span>
      ${evidence.kind === "meaning" ? slider(page) : nothing}
    </div>
    <div class="el-scroll el-groups ${moved ? "el-old" : ""}" tabindex="0" data-test="duplicates" aria-busy=${waits || asking || moved} aria-label=${now.title}>
      ${trouble || value?.error
        ? html`<p class="el-empty" role="status">${trouble || value?.error} ${trouble ? nothing : once(page, "duplicates")}</p>`
        : waits && !value?.groups.length
          ? html`<p class="el-empty">Looking for duplicates…</p>`
          : value.total === 0
            ? html`<p class="el-empty" data-test="duplicates-none">${now.none}</p>`
            : html`${summary(page, value)}
                ${repeat(
                  value.groups,
                  ({ survivor }) => survivor,
                  (group) => card(page, group),
                )}
                ${value.groups.length < value.total
                  ? html`<button type="button" class="el-button" data-test="duplicates-more" ?disabled=${asking || moved} @click=${() => evidence.more()}>Show more of ${count(value.total - value.groups.length)} groups</button>`
                  : nothing}`}
    </div>`;
}

function slider({ store: { evidence } }: Page): TemplateResult {
  const { threshold } = evidence;
  return html`<label class="el-nearness" title="Cosine of two rows' vectors, from which on they count as near in meaning">
    <input
      type="range"
      min=${LEAST}
      max=${HIGHEST}
      step="0.01"
      data-test="duplicates-threshold"
      aria-label="Least similarity"
      aria-valuetext="cosine of at least ${figure(threshold, 2)}"
      .value=${String(threshold)}
      @input=${(event: Event) => evidence.choose("meaning", Number((event.target as HTMLInputElement).value))}
    />
    <span class="el-figures">≥ ${figure(threshold, 2)}</span>
  </label>`;
}

function summary(page: Page, { kind, threshold, total, rows: all, left, spare }: Duplicates): TemplateResult {
  const { store } = page;
  const { kept } = store.state;
  const there = kept ? spare.and(kept) : spare;
  const n = there.count();
  const take = () => store.selection.all(there, { kind: "duplicates", op: "new", of: kind, ...(threshold === null ? {} : { threshold }) });
  return html`<p class="el-summary">
    <span><b>${count(total)}</b> ${total === 1 ? "group" : "groups"} of ${rows(all)}</span>
    ${n > 0 && kind !== "conflict"
      ? html`<button type="button" class="el-link" data-test="duplicates-all" title="Selects them; the first row of each group stays. Nothing is dropped yet" ?disabled=${store.evidence.moved} @click=${take}>Select ${kind === "meaning" && store.state.hello?.label_name ? "those with its label" : "all"} but the first of each: ${count(n)}</button>`
      : nothing}
    ${left > 0 && kind !== "conflict" ? html`<span class="el-soft" data-test="duplicates-left" title="Read and kept, tagged, edited or pinned; or in a group with rows that stay">${rows(left)} left out: decided on, or tied to rows that stay</span>` : nothing}
  </p>`;
}

function card(page: Page, { survivor, count: size, conflict, similarity, points }: DuplicateGroup): TemplateResult {
  const first = points.find(({ row }) => row === survivor) ?? points[0];
  const others = points.filter((point) => point !== first);
  const unseen = size - points.length;
  return html`<article class="el-group" data-test="duplicate-group">
    <header>
      <span class="el-soft">${rows(size)}${similarity === null ? nothing : html` · <span class="el-figures" title="The least cosine to the first">${figure(similarity, 2)}</span>`}</span>
      ${conflict ? html`<span class="el-pill el-trim" data-test="duplicate-conflict">labels differ</span>` : nothing}
    </header>
    <ul>
      ${first ? one(page, first, first) : nothing} ${others.map((point) => one(page, point, first))}
    </ul>
    ${unseen > 0 ? html`<p class="el-soft">and ${count(unseen)} more</p>` : nothing}
  </article>`;
}

/** A row against the one that would stay. */
function one(page: Page, point: Point, first: Point): TemplateResult {
  const { selected } = page.store.state;
  const { row, text, label, kept, clipped } = point;
  const stays = point === first;
  const lit = selected?.has(row) ?? false;
  const differs = label !== first.label;
  const said = stays ? [text] : against(text, first.text, { text: clipped, other: first.clipped }).map(marked);
  return html`<li class="${lit ? "el-lit" : ""} ${kept ? "" : "el-gone"}" data-test="duplicate" data-row=${row} @pointerenter=${() => page.scatter?.setHover(row)} @pointerleave=${() => page.scatter?.setHover(-1)}>
    <label>
      <input type="checkbox" data-test="duplicate-pick" aria-label="Select row ${row}" .checked=${lit} ?disabled=${!kept} @change=${() => toggle(page, row)} />
      <span class="el-twin" dir="auto">${said}${clipped ? "…" : nothing}</span>
    </label>
    ${stays ? html`<span class="el-soft" title="The others of the group are compared with this one">first</span>` : nothing}
    ${label === null ? nothing : html`<span class="el-tag ${differs ? "el-other" : ""}" dir="auto" title="label: ${label}">${label}</span>`}
  </li>`;
}

/** What the text has more than the first, and, struck through, what it lacks. */
const marked = ({ text, differs, lacks }: Piece): unknown =>
  lacks ? html`<del title="The first has this here">${text.length > LACKS ? `${text.slice(0, LACKS)}… ` : text}</del>` : differs ? html`<mark>${text}</mark>` : text;

function toggle({ store }: Page, row: number): void {
  const { selected } = store.selection.settled; // not what an open outline would take
  const op: SetOp = selected?.has(row) ? "subtract" : selected ? "add" : "new";
  store.selection.take(Mask.of(store.state.shown.length, [row]), { kind: "rows", op, rows: [row] });
}
