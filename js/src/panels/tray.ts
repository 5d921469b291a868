// The tray: what is selected, where from, examples to read, and only then what can be done with it.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Point } from "../protocol";
import { countKept, countSelected, exportedOf, lastDrawn, type State } from "../state";
import { answers } from "./answer";
import { CROSS, MORE, NEXT, PREV } from "./icons";
import type { Page } from "./page";
import { judgeForm, judgeResult } from "./rowwise";
import { tagForm, tagLines } from "./tags";
import { thumbnail } from "./thumbnail";
import { clusterName, count, figure, rows } from "./words";
import { offer } from "./worth";

/** How many are called by name; the rest is a number. */
const NAMED = 2;

interface Part {
  name: string;
  count: number;
  /** It stands for many, and how many of them is not known. */
  others?: boolean;
}

const sum = (parts: Part[]): number => parts.reduce((all, { count: n }) => all + n, 0);

/** "fees 120, refunds 17 and 3 more clusters"; "fees 120, refunds 17, others 40" where these are not known by name. */
function listed(parts: Part[], word: string): TemplateResult {
  const named = parts.filter(({ others }) => !others);
  const first = named.slice(0, named.length === NAMED + 1 ? named.length : NAMED);
  const rest = named.length - first.length;
  const others = parts.find((part) => part.others);
  const last = others ? [{ ...others, count: sum(parts) - sum(first) }] : [];
  return html`${[...first, ...last].map(({ name, count: n }, i) => html`${i > 0 ? ", " : nothing}<bdi>${name}</bdi> <span class="el-figures">${count(n)}</span>`)}${rest > 0 && !others ? ` and ${count(rest)} more ${word}s` : nothing}`;
}

function clustersOf({ counts, clusters }: State): Part[] {
  const names = new Map(clusters.map((cluster) => [cluster.cluster, clusterName(cluster)]));
  return [...counts]
    .filter(([cluster]) => cluster >= -1)
    .map(([cluster, n]) => ({ name: names.get(cluster) ?? clusterName({ cluster, name: "" }), count: n }))
    .sort((a, b) => b.count - a.count);
}

function labelsOf(page: Page): Part[] {
  const { summary } = page.store.state;
  return page.store.colouring.labels() ?? summary?.labels.map(({ key, count: n }) => ({ name: String(key), count: n })) ?? [];
}

/** Where the selection comes from; every figure follows the drag. */
function origin(page: Page): TemplateResult {
  const { state, colouring } = page.store;
  const labels = labelsOf(page);
  const { selected: unseen } = colouring.hiding;
  return html`<p data-test="tray-clusters">${listed(clustersOf(state), "cluster")}</p>
    ${labels.length > 0 ? html`<p data-test="tray-labels">labels: ${listed(labels, "label")}</p>` : nothing}
    ${unseen > 0 ? html`<p class="el-trouble" data-test="tray-unseen">${rows(unseen)} of them hidden by the legend</p>` : nothing}`;
}

/** How many examples are in sight at a time, as the style sheet says: a narrow tray has room for one. */
function inSight(event: Event): number {
  return Number(getComputedStyle(event.currentTarget as Element).getPropertyValue("--el-in-sight")) || 3;
}

function examples(page: Page): TemplateResult {
  const { summary, view } = page.store.state;
  const total = countSelected(page.store.state);
  const shown: Point[] = summary?.examples.slice(view.example, view.example + 3) ?? [];
  const leaf = (by: 1 | -1, off: boolean, label: string) =>
    html`<button type="button" class="el-bare" data-test=${by < 0 ? "tray-earlier" : "tray-more"} aria-label=${label} title=${label} ?disabled=${off} @click=${(event: Event) => void page.store.summing.leaf(by * inSight(event))}>
      ${by < 0 ? PREV : NEXT}
    </button>`;
  page.store.thumbnails.want("tray", shown.map(({ row }) => row));
  const line = ({ row, text, label }: Point) =>
    html`<li title=${text}>${thumbnail(page, row)}<span dir="auto">“${text}”</span>${label === null ? nothing : html`<span class="el-tag" title="label: ${label}">${label}</span>`}</li>`;
  return html`<div class="el-examples" data-test="tray-examples">
    <ol aria-label="Examples">
      ${summary ? shown.map(line) : html`<li>reading…</li>`}
    </ol>
    ${total > 3
      ? html`<div class="el-leaf">
          <span class="el-soft el-figures" data-test="tray-at">${count(view.example + 1)} / ${count(total)}</span>
          ${leaf(-1, view.example === 0, "Earlier examples")} ${leaf(1, view.example + 1 >= total, "More examples")}
        </div>`
      : nothing}
  </div>`;
}

function naming(page: Page, name: string): TemplateResult {
  const { store } = page;
  const replaced = store.state.session?.selections.find((saved) => saved.name === name.trim());
  return html`<form
    class="el-acts"
    data-from="tray-save"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      if (name.trim() && !store.selection.dragging) void store.selection.save(name.trim());
    }}
  >
    <input class="el-input" data-test="save-name" aria-label="Name of the selection" placeholder="name" maxlength="80" .value=${name} @input=${(event: Event) => store.show({ naming: (event.target as HTMLInputElement).value })} />
    <button type="submit" class="el-button el-primary" data-test="save-confirm" ?disabled=${!name.trim() || store.selection.dragging}>${replaced ? "Replace" : "Save"}</button>
    ${replaced ? html`<span class="el-soft" role="status" data-test="save-replaces">${rows(replaced.count)} of that name would be let go</span>` : nothing}
    <button type="button" class="el-button" @click=${() => store.show({ naming: null })}>Back</button>
  </form>`;
}

/** What decides about the selection waits until its outline is closed. */
function actions(page: Page): TemplateResult {
  const { store } = page;
  const { dragging } = store.selection;
  if (exportedOf(store.state)) return html`<div class="el-acts">${more(page)}</div>`;
  const others = store.state.session?.reference ? "all other rows but those of the reference" : `the other ${count(countKept(store.state) - countSelected(store.state))} rows`;
  return html`<div class="el-acts">
    <button type="button" class="el-button el-danger" data-test="tray-drop" title="Drop these rows; Z brings them back" ?disabled=${dragging} @click=${() => void store.drop()}>
      Drop ${count(countSelected(store.state))} <kbd>X</kbd>
    </button>
    <button type="button" class="el-button" data-test="tray-keep-only" title="Drop ${others}, also those that are hidden or not on the map; Z brings them back" ?disabled=${dragging} @click=${() => void store.drop("keep_only")}>Keep only</button>
    <button type="button" class="el-button" data-test="tray-save" title="Keep the selection under a name" ?disabled=${dragging} @click=${() => store.show({ naming: "" })}>Save as…</button>
    ${more(page)}
  </div>`;
}

/** What else can be done with a selection. */
function more(page: Page): TemplateResult {
  const { store } = page;
  const { state, colouring } = store;
  const open = state.view.popover === "more";
  const exported = exportedOf(state);
  const does = (act: () => void) => () => {
    store.show({ popover: "" });
    act();
  };
  // what stands for many labels at once means none of them
  const labels = colouring.labels()?.filter(({ others }) => !others);
  const line = (test: string, title: string, act: () => void, off = false, keys = "") =>
    html`<button type="button" class="el-line-button" data-test=${test} ?disabled=${off} @click=${does(act)}>${title}${keys ? html`<kbd>${keys}</kbd>` : nothing}</button>`;
  return html`<span class="el-opens"
    ><button
      type="button"
      class="el-button"
      data-test="open-more"
      data-opens="more"
      aria-label="More"
      title="Invert, grow, select more"
      aria-haspopup="dialog"
      aria-expanded=${open}
      @click=${() => store.show({ popover: open ? "" : "more" })}
    >
      ${MORE}</button
    >${open
      ? html`<div class="el-popover el-pop-more" role="dialog" aria-label="more" data-test="popover-more" data-from="open-more">
          ${line("more-invert", "Invert", () => store.selection.invert(colouring.filter), false, "I")}
          ${exported ? nothing : line("more-grow", "Grow by neighbours", () => void store.selection.grow(), false, "G")}
          ${line("more-clusters", "Everything in these clusters", () => colouring.take([...state.counts.keys()].filter((cluster) => cluster >= -1), "cluster", "add"))}
          ${labels ? line("more-labels", "Everything with these labels", () => colouring.take(labels.map(({ code }) => code), "label", "add"), labels.length === 0) : nothing}
          ${exported ? nothing : tagLines(page, line)}
          ${line("more-again", "Look at again from where it was drawn", () => page.lookAgain(), lastDrawn(state.steps) === null)}
        </div>`
      : nothing}</span
  >`;
}

export function tray(page: Page): TemplateResult | typeof nothing {
  const { state } = page.store;
  const exported = exportedOf(state);
  if (exported) return state.selected ? inside(page, exported.texts) : nothing;
  const judged = judgeResult(page);
  if (!state.selected) return judged === nothing ? offer(page) : html`<section class="el-tray" data-test="tray-judged" aria-label="Judged rows">${judged}</section>`;
  page.store.analysing.wonder();
  const silhouette = state.summary?.silhouette ?? null;
  const judge = judgeForm(page);
  const form = judge === nothing ? tagForm(page) : judge;
  return html`<section class="el-tray" data-test="tray" aria-label="Selection">
    <div class="el-tray-row">
      <div class="el-origin">
        <div>
          <b data-test="tray-count">${count(countSelected(state))} selected</b>
          ${silhouette === null ? nothing : html`<span class="el-soft el-figures el-silhouetted">silhouette ${figure(silhouette, 2)}</span>`}
        </div>
        <div class="el-soft el-from">${origin(page)}</div>
        ${state.summary?.note ? html`<div class="el-from" data-test="tray-note">With Drop: ${state.summary.note}</div>` : nothing}
      </div>
      ${examples(page)} ${state.view.naming !== null ? naming(page, state.view.naming) : form === nothing ? actions(page) : form}
      <button type="button" class="el-bare el-close" data-test="tray-clear" title="Clear the selection (Esc)" aria-label="Clear the selection" @click=${() => page.store.selection.clear()}>${CROSS}</button>
    </div>
    ${answers(page)} ${judged}
  </section>`;
}

/** What is selected on an exported page: to read, with nothing to decide. */
function inside(page: Page, texts: boolean): TemplateResult {
  return html`<section class="el-tray" data-test="tray" aria-label="Selection">
    <div class="el-tray-row">
      <div class="el-origin">
        <div><b data-test="tray-count">${count(countSelected(page.store.state))} selected</b></div>
        <div class="el-soft el-from">${origin(page)}</div>
      </div>
      ${texts ? examples(page) : nothing} ${actions(page)}
      <button type="button" class="el-bare el-close" data-test="tray-clear" title="Clear the selection (Esc)" aria-label="Clear the selection" @click=${() => page.store.selection.clear()}>${CROSS}</button>
    </div>
  </section>`;
}
