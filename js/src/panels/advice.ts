// All advice of the analyst as one list that is read before it is accepted, and what was accepted did to the numbers.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Effect, Suggestion } from "../protocol";
import type { Page } from "./page";
import { does, sure } from "./suggestions";
import { arrow, count, figure, rows } from "./words";

/** Opens the list; it accepts nothing. */
export function opener(page: Page): TemplateResult | typeof nothing {
  const { advising } = page.store;
  const n = advising.able.length;
  if (n === 0 || advising.open) return nothing;
  return html`<button type="button" class="el-button" data-test="advice-open" title="Shows all of it first; nothing is accepted yet" @click=${() => void advising.show()}>${n === 1 ? "Read the advice…" : `Accept all advice (${count(n)})…`}</button>`;
}

export function list(page: Page): TemplateResult | typeof nothing {
  const { advising } = page.store;
  if (!advising.open || advising.able.length === 0) return nothing;
  const { chosen, foretold } = advising;
  // the list goes: what it did is told where it began, and the keys belong to the panel again
  const accept = (event: Event) => {
    const panel = (event.currentTarget as Element).closest<HTMLElement>(".el-review");
    void advising.accept();
    panel?.scrollTo({ top: 0 });
    panel?.focus({ preventScroll: true });
  };
  const removes = foretold !== null && foretold.rows > 0;
  return html`<div class="el-cards el-advice" data-test="advice-list" role="group" aria-label="All advice of the analyst">
    ${repeat(advising.able, ({ id }) => id, (one) => line(page, one))}
    <div class="el-advice-foot">
      <p class="el-soft" data-test="advice-sum" role="status">${chosen.length === 0 ? "Nothing is ticked." : foretold ? [foretold.effect, foretold.next].filter(Boolean).join(" ") : "adding up…"}</p>
      <div class="el-acts">
        <button type="button" class="el-button ${removes ? "el-danger" : ""}" data-test="advice-accept" title="As one decision: one undo takes all of it back" ?disabled=${foretold === null || chosen.length === 0} @click=${accept}>
          Accept ${chosen.length === 1 ? "this one" : `these ${count(chosen.length)}`}${removes ? ` · ${rows(foretold.rows)}` : ""}
        </button>
        <button type="button" class="el-button" data-test="advice-close" @click=${() => advising.hide()}>Not now</button>
      </div>
    </div>
  </div>`;
}

function line(page: Page, one: Suggestion): TemplateResult {
  const { advising, suggesting } = page.store;
  const tick = (event: Event) => void advising.tick(one, (event.target as HTMLInputElement).checked);
  return html`<div class="el-suggestion" data-test="advice-line" data-kind=${one.kind}>
    <div class="el-suggestion-head">
      <div>
        <label class="el-check"><input type="checkbox" data-test="advice-tick" .checked=${advising.has(one)} @change=${tick} /> <b>${one.title}</b></label>
        <p class="el-soft">${one.why}</p>
      </div>
      <div class="el-acts">
        <span class="el-soft el-fine">${does(one.advised ?? null, one.count)}</span>
        <button type="button" class="el-button" data-test="advice-look" title="Select its rows and read them" @click=${() => void suggesting.look(one)}>Look</button>
      </div>
    </div>
    <p class="el-soft el-fine">${[sure(one), one.effect].filter(Boolean).join(" ")}</p>
    ${one.examples.length > 0
      ? html`<ol class="el-shown" aria-label="Examples">
          ${one.examples.slice(0, 3).map(({ point }) => html`<li title=${point.text}><span dir="auto">${point.text}</span></li>`)}
        </ol>`
      : nothing}
  </div>`;
}

/** What was accepted last did; what was accepted before it, folded. */
export function effects(page: Page): TemplateResult | typeof nothing {
  const [last, ...earlier] = page.store.state.session?.effects ?? [];
  if (!last) return nothing;
  return html`<div class="el-effects" data-test="effects">
    ${effect(last)}
    ${earlier.length > 0 ? html`<details><summary class="el-soft">accepted before it</summary>${earlier.map(effect)}</details>` : nothing}
  </div>`;
}

function effect({ title, analyst, rows: n, before_round: from, after_round: to, beside, figures }: Effect): TemplateResult {
  const others = beside === 0 ? "" : beside === 1 ? "One more decision lies between these rounds: the change is of both." : `${count(beside)} more decisions lie between these rounds: the change is of all together.`;
  const when = to === 0 ? "The next round will show what it did." : figures.length === 0 ? "No figure moved." : `Round ${count(from)} to ${count(to)}:`;
  return html`<div class="el-effect" data-test="effect">
    <p><span class="el-soft">Accepted${analyst ? " as advised" : ""}:</span> ${title}${n > 0 ? html` <span class="el-soft">· ${rows(n)}</span>` : nothing}</p>
    <p class="el-fine el-figures"><span class="el-soft">${when}</span> ${figures.map(({ name, title: what, digits, before, after, better }) => {
      const change = after - before;
      return html`<span class="el-moved" data-figure=${name}>${what} ${digits === 0 ? count(before) : figure(before, digits)} → <b>${digits === 0 ? count(after) : figure(after, digits)}</b>${better === null ? nothing : html` ${arrow(change, change > 0 === better, digits, from)}`}</span> `;
    })}</p>
    ${others ? html`<p class="el-soft el-fine">${others}</p>` : nothing}
  </div>`;
}
