// Suggestions as cards: the safe ones, which may be accepted together, and those for a person's eyes, which are looked at first.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { type Cut, difference } from "../diff";
import type { Example, Suggestion } from "../protocol";
import { together } from "../suggesting";
import { CROSS } from "./icons";
import { once } from "./once";
import type { Page } from "./page";
import { count, percent, rows } from "./words";

const WORDS: Record<string, (n: number) => string> = {
  drop: (n) => `Drop ${count(n)}`,
  relabel: () => "Propose labels",
  edit: (n) => `Clean ${count(n)}`,
  restore: (n) => `Bring ${count(n)} back`,
  thin: (n) => `Drop ${count(n)}`,
  weights: () => "Weigh them down",
  collect: () => "Tag for collecting",
  merge: () => "Use these settings",
  split: () => "Use these settings",
  settings: () => "Use these settings",
};

/** What accepting does, on a button; "" where it only shows. */
export const does = (action: string | null, n: number): string => (action === null ? "" : (WORDS[action]?.(n) ?? ""));

export const forEyes = (suggestions: Suggestion[]): Suggestion[] => suggestions.filter(({ tier, kind }) => tier === "look" && kind !== "foreign");

export function safe(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const found = (store.state.suggested?.suggestions ?? []).filter(({ tier }) => tier === "safe");
  if (found.length === 0) return nothing;
  const all = together(found);
  return html`<section class="el-part" aria-label="Safe suggestions">
    <div class="el-part-head">
      <h3>Safe: may be accepted together</h3>
      ${all.length > 1
        ? html`<button type="button" class="el-button" data-test="accept-all" title="As one decision: one undo takes all of it back" @click=${once(() => void store.suggesting.accept(all))}>Accept ${all.length === 2 ? "both" : `all ${count(all.length)}`} · ${rows(store.state.suggested?.together ?? 0)}</button>`
        : nothing}
    </div>
    <div class="el-cards">${repeat(found, ({ id }) => id, (one) => card(page, one))}</div>
  </section>`;
}

export function more(page: Page): TemplateResult | typeof nothing {
  const { suggested } = page.store.state;
  const found = forEyes(suggested?.suggestions ?? []);
  const gone = suggested?.dismissed ?? 0;
  if (found.length === 0 && gone === 0) return nothing;
  return html`<section class="el-part" aria-label="More to look at">
    <div class="el-part-head">
      <h3>More to look at</h3>
      ${gone > 0 ? html`<span class="el-soft" data-test="dismissed">${count(gone)} dismissed</span>` : nothing}
    </div>
    ${found.length > 0 ? html`<div class="el-cards">${repeat(found, ({ id }) => id, (one) => card(page, one))}</div>` : nothing}
  </section>`;
}

function card(page: Page, one: Suggestion): TemplateResult {
  const { suggesting } = page.store;
  const { id, tier, kind, title, why, effect, overlaps } = one;
  const opened = suggesting.opened.get(id);
  const examples = opened?.examples ?? one.examples;
  return html`<article class="el-suggestion ${opened ? "el-lit" : ""}" data-test="suggestion" data-kind=${kind} data-tier=${tier}>
    <div class="el-suggestion-head">
      <div>
        <h4>${title}</h4>
        <p class="el-soft">${why}</p>
      </div>
      ${actions(page, one)}
    </div>
    ${opened || tier === "look"
      ? html`<p class="el-soft el-fine">${[sure(one), effect].filter(Boolean).join(" ")}</p>
          ${overlaps.map((shared) => html`<p class="el-soft el-fine">${shared}</p>`)}`
      : nothing}
    ${examples.length > 0
      ? html`<ol class="el-shown ${opened ? "el-open" : ""}" data-test="suggestion-examples" aria-label="Examples">
          ${examples.slice(0, opened ? undefined : 3).map((example) => (opened ? beside(example, kind) : line(example, kind)))}
        </ol>`
      : nothing}
    ${opened
      ? html`<div class="el-acts">
          ${opened.still ? nothing : html`<button type="button" class="el-link" data-test="suggestion-more" @click=${() => void suggesting.more(id)}>five more</button>`}
          <button type="button" class="el-link" @click=${() => suggesting.close(id)}>fold up</button>
        </div>`
      : nothing}
  </article>`;
}

/** Nothing goes from a card before its rows were shown: of what is for a person's eyes there is only Look at first. */
function actions(page: Page, one: Suggestion): TemplateResult {
  const { suggesting } = page.store;
  const shown = suggesting.opened.has(one.id);
  const may = one.tier === "safe" || shown;
  const first = does(one.action, one.count);
  const other = does(one.other, one.count);
  const bulk = one.tier === "safe" && one.kind !== "labels";
  const accept = (action: string) => once(() => void suggesting.accept([one], action));
  return html`<div class="el-acts">
    ${shown ? nothing : html`<button type="button" class="el-button" data-test="suggestion-look" title="Select its rows and read them" @click=${() => void suggesting.look(one)}>Look</button>`}
    ${may && first && (bulk || shown) ? html`<button type="button" class="el-button ${shown && one.action === "drop" ? "el-danger" : ""}" data-test="suggestion-accept" title="${first}; Z takes it back" @click=${accept(one.action)}>${bulk && !shown ? "Accept" : first}</button>` : nothing}
    ${may && shown && other ? html`<button type="button" class="el-button" data-test="suggestion-other" @click=${accept(one.other!)}>${one.other === "drop" ? `${other} instead` : other}</button>` : nothing}
    <button type="button" class="el-bare" data-test="suggestion-dismiss" aria-label="Dismiss: ${one.title}" title="Never suggest this again; Z takes it back" @click=${once(() => void suggesting.dismiss(one))}>${CROSS}</button>
  </div>`;
}

/** "Likely (83 %): how often ... in trials." */
export function sure({ confidence, meaning }: Pick<Suggestion, "confidence" | "meaning">): string {
  if (confidence === null) return "";
  const word = confidence >= 0.9 ? "Very likely" : confidence >= 0.7 ? "Likely" : confidence >= 0.4 ? "Hard to say" : "Less likely";
  return `${word} (${percent(confidence)}${meaning ? `: ${meaning}` : ""}).`;
}

/** One line of a folded card. */
function line({ point, after, why }: Example, kind: string): TemplateResult {
  const label = kind === "labels";
  return html`<li class=${label ? "el-two" : ""} title=${why || point.text}><span dir="auto">${point.text}</span>${label && after ? html`<span class="el-soft el-figures">${point.label} → <b>${after}</b></span>` : nothing}</li>`;
}

/** What is read before deciding: the text, and beside it what it would be, or the copy that stays, with what differs marked. */
function beside({ point, after, beside: other, why }: Example, kind: string): TemplateResult {
  const changed = kind !== "labels" && after !== null ? after : (other?.text ?? null);
  const cut = (after === null ? other?.clipped : point.clipped) ?? false;
  const tag = (label: string | null) => (label === null ? nothing : html` <span class="el-tag">${label}</span>`);
  return html`<li>
    <div class="el-pair">
      <p dir="auto">${changed === null ? point.text : marked(point.text, changed, { text: point.clipped, other: cut })}${kind === "labels" && after ? html` <span class="el-tag el-was">${point.label}</span> → <span class="el-pill el-keep">${after}</span>` : tag(point.label)}</p>
      ${changed === null ? nothing : html`<p dir="auto" class="el-beside"><span class="el-soft">${other && after === null ? "stays" : "becomes"}</span> ${marked(changed, point.text, { text: cut, other: point.clipped })}${other && after === null ? tag(other.label) : nothing}</p>`}
    </div>
    ${why ? html`<p class="el-soft el-fine">${why}</p>` : nothing}
  </li>`;
}

const marked = (text: string, other: string, cut: Cut): unknown[] => difference(text, other, cut).map(({ text: piece, differs }) => (differs ? html`<mark>${piece}</mark>` : piece));
