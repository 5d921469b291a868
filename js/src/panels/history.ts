// The history under the round's chip: rounds and decisions as one story, the newest first. Each can be looked at, or gone back to.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { type Chapter, chapters, clock, did, ended, how } from "../past";
import type { Decision, Form, Round } from "../protocol";
import type { Page } from "./page";
import { papers } from "./papers";
import { reportOf } from "./report";
import { count, duration, figure, rows } from "./words";

const titled = (forms: Form[] | undefined, name: string): string => forms?.find((form) => form.name === name)?.title ?? name;

function act(test: string, word: string, title: string, label: string, run: (event: Event) => void, quiet = false): TemplateResult {
  return html`<button type="button" class="el-link ${quiet ? "el-late" : ""}" data-test=${test} title=${title} aria-label=${label} @click=${run}>${word}</button>`;
}

/** How long a round may take to come from disk before its decision is shown without it. */
const PATIENCE = 3000;

const BACK = "Everything is as it was then. Nothing is lost: Z returns";

/** The map is what one wants to see now, and the keys work on. */
function away({ store }: Page, event: Event): void {
  (event.currentTarget as Element).closest<HTMLElement>(".elute")?.focus({ preventScroll: true });
  store.show({ popover: "" });
}

/** Back to a round or decision. The list stays open: one sees where one stands now. */
const back = ({ store }: Page, id: string, what: string, quiet = false): TemplateResult =>
  act("history-goto", "Go back here", BACK, `Go back to ${what}`, () => void store.goto(id, what), quiet);

function look(page: Page, { id, number }: Round, seen: boolean): TemplateResult {
  const { store } = page;
  if (seen) return act("history-now", "Return to now", "Show the map as it is now", "Return to now", () => void store.look(""));
  const open = (event: Event) => {
    away(page, event);
    void store.look(id);
  };
  return act("history-look", "Look", "Show this round as it was. Nothing changes", `Look at round ${number}`, open);
}

function round(page: Page, told: Round): TemplateResult {
  const { hello, session } = page.store.state;
  const { number, kept, clusterer, projector, seconds, metrics, notes } = told;
  const seen = session?.looking === number;
  const current = session?.looking === null ? session.round?.number === number : false;
  const facts = [rows(kept), `${count(metrics.clusters)} clusters`, `silhouette ${figure(metrics.silhouette, 3)}`, ...(metrics.noise > 0 ? [`${Math.round(metrics.noise * 100)} % noise`] : [])];
  return html`<div class="el-round ${current || seen ? "el-current" : ""}" data-test="history-round" data-number=${number} title=${notes.join(" ")}>
    <h4>Round ${number}${seen ? html` <span class="el-pill">on the map</span>` : current ? html` <span class="el-pill">now</span>` : nothing}</h4>
    <span class="el-acts">${reportOf(page, told)} ${current ? nothing : look(page, told, seen)} ${current && !session?.stale ? nothing : back(page, told.id, `round ${number}`)}</span>
    <p>${facts.join(" · ")}</p>
    <p class="el-soft">${titled(hello?.clusterers, clusterer)}, ${titled(hello?.projectors, projector)}, ${duration(seconds)}</p>
  </div>`;
}

/** Once a round is on the map: one that is not in memory is read from disk first. */
async function seen({ store }: Page, number: number): Promise<void> {
  const shown = () => store.state.session?.looking === number;
  for (const end = Date.now() + PATIENCE; !shown() && Date.now() < end; ) await new Promise((later) => setTimeout(later, 30));
}

/** Turns to the round a decision was made in, and shows it there as it was made. */
async function show(page: Page, { id, round: number }: Decision): Promise<void> {
  const { store } = page;
  const { session } = store.state;
  const there = session?.rounds.find((one) => one.number === number);
  if (there && session?.round?.number !== number) {
    await store.look(there.id);
    await seen(page, number);
  }
  else if (session?.looking != null && session.looking !== number) await store.look("");
  await page.revisit(id);
}

function decision(page: Page, told: Decision, history: Decision[], last: boolean): TemplateResult {
  const over = ended(told, history);
  const what = did(told);
  const more = how(told);
  const shows = told.drawn || (told.rows > 0 && told.kind !== "rename");
  return html`<li class="el-did ${over ? "el-over-with" : ""}" data-test="history-decision" data-id=${told.id}>
    <span><span class="el-what">${what}</span>${more ? html` <span class="el-soft">${more}</span>` : nothing}${over ? html` <span class="el-soft el-ended" title=${over === "undone" ? "" : "The session went back to before it"}>${over}</span>` : nothing}</span>
    <span class="el-acts">
      ${last ? nothing : back(page, told.id, `after “${what}”`, true)}
      ${shows ? act("history-show", "Show", told.drawn ? "Turn the map to where it was drawn, with its outline" : "Light up the rows it was about", `Show “${what}”`, (event) => (away(page, event), void show(page, told)), !told.drawn) : nothing}
    </span>
    <time class="el-soft el-figures" datetime=${told.time}>${clock(told.time)}</time>
  </li>`;
}

function chapter(page: Page, { number, round: begun, decisions }: Chapter, history: Decision[], last: string | undefined): TemplateResult {
  const head = begun
    ? round(page, begun)
    : html`<div class="el-round"><h4>${number === 0 ? "Before the first round" : html`Round ${number}, again`}</h4></div>`;
  return html`<li>
    ${head}
    ${decisions.length > 0
      ? html`<ol class="el-dids">
          ${repeat(
            decisions,
            ({ id }) => id,
            (told) => decision(page, told, history, told.id === last),
          )}
        </ol>`
      : nothing}
  </li>`;
}

export function history(page: Page): TemplateResult {
  const { session } = page.store.state;
  const rounds = session?.rounds ?? [];
  const decisions = session?.history ?? [];
  const story = chapters(rounds, decisions);
  // after the last decision is where the session stands, unless it was taken back since
  const newest = decisions.reduce<Decision | undefined>((a, b) => (!a || b.number > a.number ? b : a), undefined);
  const last = newest && !newest.undone ? newest.id : undefined;
  return html`<h3>History</h3>
    ${story.length === 0
      ? html`<p class="el-soft">The first round has not ended yet.</p>`
      : html`<ol class="el-story" data-test="history-story">
          ${repeat(
            story,
            ({ number, round: begun, decisions: [first] }) => `${number} ${begun?.id ?? ""} ${begun ? "" : (first?.id ?? "")}`,
            (one) => chapter(page, one, decisions, last),
          )}
        </ol>`}
    ${decisions.length > 0
      ? html`<div class="el-origin-row"><span>The table as it came in${session ? `: ${rows(session.n)}` : ""}</span>${back(page, "", "the beginning")}</div>`
      : html`<p class="el-soft">Nothing is decided yet. Everything you decide is kept on disk, and can be undone or gone back to.</p>`}
    ${papers(page)}`;
}
