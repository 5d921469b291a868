// The search box, and what it found. Under the box, while one searches: how to search, how many hits, what to do with them.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { SetOp } from "../scatter/types";
import type { Found } from "../searching";
import { exportedOf, type Hits, type Search, type SearchMode, type State } from "../state";
import type { Page } from "./page";
import { opOf } from "./saved";
import { count, rows } from "./words";

const MODES: { mode: SearchMode; word: string; help: string }[] = [
  { mode: "text", word: "Words", help: "Rows that hold these letters, upper or lower case" },
  { mode: "regex", word: "Pattern", help: "Rows that match a regular expression, as Python reads it" },
  { mode: "meaning", word: "Meaning", help: "Rows nearest in meaning, as the embedder sees it" },
];

const HINTS: Record<SearchMode, string> = {
  text: "Enter finds rows that hold what you type.",
  regex: "Enter finds rows that match, as in \\b(refund|money back)\\b.",
  meaning: "Describe it in your own words; Enter finds the nearest rows.",
};

const VERBS: Record<SetOp, string> = { new: "Select", add: "Add", subtract: "Take away", intersect: "Intersect" };

/** What the last search found, in one sentence. */
export function outcome({ query, mode }: Pick<Search, "query" | "mode">, found: number, dropped = 0): string {
  const verb = mode === "regex" ? (found > 1 ? "match" : "matches") : found > 1 ? "hold" : "holds";
  const said = mode === "meaning" ? (found === 0 ? "Nothing is near in meaning" : `The ${rows(found)} nearest in meaning`) : `${found === 0 ? "No row" : rows(found)} ${verb} “${query}”`;
  if (dropped > 0) return `${said}, ${found === 0 ? "but" : "and"} ${count(dropped)} that ${dropped === 1 ? "was" : "were"} dropped`;
  return found === 0 ? `${said}.` : said;
}

/** What to try where nothing was found. */
function next({ mode }: Search, exported: boolean): string {
  if (mode === "regex") return "Try it without its rarest part, or by Words.";
  return mode === "meaning" ? "Say it in other words." : `Try fewer letters${exported ? "" : ", or Meaning, which needs no letter of it"}.`;
}

function found(page: Page, hits: Hits, search: Search, { count: there, dropped }: Found): TemplateResult {
  const { store } = page;
  const { session } = store.state;
  const { op } = store.selection;
  const all = session ? session.kept + (session.reference ?? 0) : hits.mask.n;
  return html`<p role="status" data-test="search-says">${outcome(search, there, dropped)}${search.pending ? "; looking for more…" : nothing}</p>
    ${there === 0 ? html`<p class="el-soft" data-test="search-next">${next(search, exportedOf(store.state) !== null)}</p>` : nothing}
    ${there > 0
      ? html`<div class="el-acts">
          <button type="button" class="el-button el-primary" data-test="search-select" title="Enter. Shift adds to what is selected, Alt takes away, both intersect" @click=${(event: MouseEvent) => store.searching.select(hits, opOf(event, op))}>
            ${VERBS[op]} ${count(there)}
          </button>
          <button type="button" class="el-button" data-test="search-list" title="Read them in the Points tab" @click=${() => store.searching.list()}>List</button>
          ${search.mode === "meaning" && search.limit < all
            ? html`<button type="button" class="el-button" data-test="search-more" title="Twice as many of the nearest" ?disabled=${search.pending} @click=${() => void store.searching.more()}>More</button>`
            : nothing}
        </div>`
      : nothing}`;
}

function below(page: Page, { hits, search, view }: State): TemplateResult {
  const { store } = page;
  return html`<div class="el-segments" role="group" aria-label="How to search">
      ${MODES.filter(({ mode }) => mode !== "meaning" || !exportedOf(store.state)).map(
        ({ mode, word, help }) =>
          html`<button type="button" data-test="search-${mode}" title=${exportedOf(store.state) ? help.replace("Python", "your browser") : help} aria-pressed=${mode === view.mode} @click=${() => void store.searching.turn(mode)}>${word}</button>`,
      )}
    </div>
    ${search?.error
      ? html`<p class="el-trouble" role="alert" data-test="search-error">${search.error}</p>`
      : hits && search
        ? found(page, hits, search, store.searching.found!)
        : html`<p class="el-soft" role="status" data-test="search-says">${search?.pending ? "Searching…" : HINTS[view.mode]}</p>`}`;
}

export function search(page: Page): TemplateResult {
  const { store } = page;
  const { hits, view, search: asked } = store.state;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (hits && asked && !asked.pending && hits.query.trim() === view.query.trim() && asked.mode === view.mode && store.searching.found!.count > 0) {
      // the keys that decide work where nobody types
      (event.target as Element).closest<HTMLElement>(".elute")?.focus({ preventScroll: true });
      store.searching.select(hits);
    } else void store.searching.search(view.query);
  };
  return html`<form class="el-search ${asked ? "el-asked" : ""}" role="search" @submit=${submit}>
    <input
      class="el-input"
      type="search"
      data-test="search"
      placeholder="Search  /"
      aria-label="Search texts"
      autocomplete="off"
      spellcheck="false"
      .value=${live(view.query)}
      @input=${(event: Event) => store.searching.type((event.target as HTMLInputElement).value)}
    />
    <div class="el-found" tabindex="-1" data-test="search-found">${below(page, store.state)}</div>
  </form>`;
}
