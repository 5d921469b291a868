// Before a drop: what in the selection looks worth keeping. After one: what may have been good, offered back.

import { html, nothing, type TemplateResult } from "lit-html";
import { countSelected } from "../state";
import { CROSS } from "./icons";
import type { Page } from "./page";
import { count } from "./words";

/** Named before anything is dropped; `fold` is the class that keeps it to one line. */
export function hint(page: Page, fold: string): TemplateResult | typeof nothing {
  const { worth, state } = page.store;
  const found = worth.want();
  // where nearly all of it is, it is no exception that anybody needs to hear of
  if (!found || 2 * found.count > countSelected(state)) return nothing;
  const one = found.count === 1;
  return html`<div class="el-hint ${fold}" data-test="tray-worth" role="status">
    <p><b>${count(found.count)}</b> of these ${one ? "looks" : "look"} worth keeping${found.why[0] ? html`<span class="el-soft">: ${found.why[0]}</span>` : nothing}</p>
    <button type="button" class="el-link" data-test="tray-worth-keep" title="Take ${one ? "it" : "them"} out of the selection" @click=${() => void worth.keep(found)}>Keep ${one ? "it" : "these"}</button>
    ${found.points.slice(0, 1).map(({ text }) => html`<p class="el-quote" dir="auto" title=${text}>“${text}”</p>`)}
  </div>`;
}

/** Offers that were put away, by id. */
const away = new WeakMap<object, Set<string>>();

export function offer(page: Page): TemplateResult | typeof nothing {
  const { suggested, selected, revisited, session } = page.store.state;
  const put = away.get(page) ?? new Set<string>();
  away.set(page, put);
  const back = suggested?.suggestions.find(({ kind, id }) => kind === "good_back" && !put.has(id));
  if (!back || selected || revisited || session?.looking != null || page.store.suggesting.opened.has(back.id)) return nothing;
  const read = () => {
    page.store.show({ tab: "review" });
    void page.store.suggesting.look(back);
  };
  return html`<p class="el-offer" role="status" data-test="offer">
    <span>${back.title}</span>
    <button type="button" class="el-link" data-test="offer-read" title="Read them in the Review tab, before any comes back" @click=${read}>Read ${back.count === 1 ? "it" : "them"}</button>
    <button type="button" class="el-bare" data-test="offer-away" aria-label="Put away" title="Put away; it stays in the Review tab" @click=${() => (put.add(back.id), page.redraw())}>${CROSS}</button>
  </p>`;
}
