// The quick look: one cluster, why it may not belong, five whole texts, and three keys.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Cluster, Example, Signal } from "../protocol";
import type { Gone } from "../going";
import { type Half, type Item, unread } from "../looked";
import type { Quick } from "../quick";
import { leftOf } from "../worth";
import type { Page } from "./page";
import { nameField } from "./rename";
import { trims } from "./analyst";
import { once } from "./once";
import { clusterName, count, duration, percent, pill, rows, swatch } from "./words";

/** After a click the keys belong to the panel again: Enter would press the same button once more, on the next cluster. */
const settled = (act: () => void) => (event: Event) => {
  act();
  (event.currentTarget as Element).closest<HTMLElement>(".el-review")?.focus({ preventScroll: true });
};

/** A decision on what is shown, and on nothing that comes in its place. */
const decides = (act: () => void) => once(settled(act));

export function look(page: Page): TemplateResult {
  const { quick } = page.store;
  const { suggested } = page.store.state;
  const { item } = quick;
  return html`<section class="el-part" aria-label="Quick look">
    <div class="el-part-head">
      <h3>${item ? "Look: does this belong?" : "Look"}</h3>
      <span class="el-soft el-figures" data-test="look-progress" role="status">${progress(quick)}</span>
    </div>
    ${item && !item.decided && suggested?.looks.nothing ? html`<p class="el-note" data-test="look-anyway">${suggested.looks.nothing} Here are the clusters most unlike the others, to be sure.</p>` : nothing}
    ${item ? card(page, item) : rest(page)}
  </section>`;
}

/** "3 of 10 · 2 dropped · about 40 s left". */
export function progress(quick: Quick): string {
  const { done, dropped, of, seconds } = quick.progress;
  const { item } = quick;
  if (of === 0) return "";
  const at = item?.decided ? item.decided : item ? `${count(done + 1)} of ${count(Math.max(of, done + 1))}` : `${count(done)} looked at`;
  return [at, ...(dropped > 0 ? [`${count(dropped)} dropped`] : []), ...(item && !item.decided && of > done ? [`about ${seconds < 100 ? `${Math.max(1, Math.round(seconds))} s` : duration(seconds)} left`] : [])].join(" · ");
}

function rest(page: Page): TemplateResult {
  const { quick, state } = page.store;
  const { suggested, status } = state;
  const { done, dropped, kept } = quick.progress;
  const sums = `${count(dropped)} dropped, ${count(kept)} kept.`;
  if (quick.resting) {
    return html`<div class="el-look el-rest" data-test="look-rest">
      <p><b>${count(done)} looks done:</b> ${sums}</p>
      <p class="el-soft">Clusters are ranked by how little they belong, so what comes next stands out less.</p>
      <div class="el-acts">
        <button type="button" class="el-button el-primary" data-test="look-on" @click=${settled(() => quick.goOn())}>Look at ${count(Math.min(10, quick.remaining))} more <kbd>↵</kbd></button>
        ${back(quick)}
      </div>
    </div>`;
  }
  const waits = !suggested || (suggested.pending && done === 0 && quick.remaining === 0);
  // without a round they were to come after the one that was cancelled
  const coming = status.busy || (suggested?.pending && state.session?.round);
  if (waits) return html`<p class="el-empty" data-test="look-waits">${coming ? "Looking for what stands out…" : "Nothing to look at yet: it comes after the first round."}</p>`;
  return html`<div class="el-look el-rest" data-test="look-nothing">
    <p>${done > 0 ? html`<b>${count(done)} looks done:</b> ${sums} ` : nothing}${suggested.looks.nothing || "Nothing else stands out."}</p>
    ${suggested.checked.length > 0
      ? html`<details data-test="look-checked">
          <summary>What was checked</summary>
          <ul class="el-soft">${suggested.checked.map((line) => html`<li>${line}</li>`)}</ul>
        </details>`
      : nothing}
    ${done > 0 && !quick.first ? html`<div class="el-acts">${back(quick)}</div>` : nothing}
  </div>`;
}

const back = (quick: Quick): TemplateResult =>
  html`<button type="button" class="el-walk" data-test="look-back" ?disabled=${quick.first} title="The one before (arrow left)" aria-label="back" @click=${settled(() => void quick.back())}><span class="el-word">back </span><kbd>←</kbd></button>`;

function card(page: Page, item: Item): TemplateResult {
  const { store } = page;
  const id = item.cluster.cluster;
  // names and verdicts may have come since
  const cluster = store.state.clusters.find((one) => one.cluster === id && !item.decided) ?? item.cluster;
  const name = clusterName(cluster);
  return html`<article class="el-look ${item.decided ? "el-decided" : ""}" data-test="look" data-cluster=${id} aria-label="Cluster ${name}">
    <div class="el-look-head">
      <div class="el-card-head">
        ${swatch(page, id)}
        ${nameField(page, id, name, "look-name", item.decided === "dropped")}
        <span class="el-soft el-figures" data-test="look-figures">${facts(page, item, cluster)}</span>
        ${said(cluster)}
      </div>
      ${cluster.why || cluster.summary ? html`<p class="el-why" data-test="look-why">${cluster.why || cluster.summary}${chance(page, cluster)}</p>` : nothing}
      ${cluster.verdict && cluster.verdict !== "keep" && cluster.reasons.length > 0 ? html`<p class="el-soft el-why">The analyst: ${cluster.reasons.map((reason) => reason.replace(/\.$/, "")).join("; ").replace(/[^?!]$/, "$&.")}</p>` : nothing}
      ${item.decided ? nothing : trims(page, cluster)}
      ${cluster.signals.length > 0 ? html`<div class="el-signals">${cluster.signals.slice(0, 4).map(signal)}</div>` : nothing}
      ${cluster.status === "failed" ? html`<p class="el-trouble">${cluster.error || "The analyst gave no answer."} <button type="button" class="el-link" data-test="look-again" @click=${() => void store.ask("analyze", { clusters: [id] })}>Retry</button></p>` : nothing}
    </div>
    ${texts(page, item, cluster)} ${worth(page, item)} ${actions(page, item)}
  </article>`;
}

function facts({ store }: Page, item: Item, { outliers }: Cluster): string {
  const { kept } = store.state;
  // of one that was dropped, what it had
  const there = kept && item.decided !== "dropped" ? item.rows.and(kept) : item.rows;
  return [rows(there.count()), ...(outliers !== null && outliers >= 0.005 ? [`${percent(outliers)} outliers`] : [])].join(" · ");
}

/** What the confidence means, where there is one. */
function chance(page: Page, { cluster, confidence }: Cluster): TemplateResult | typeof nothing {
  if (confidence === null) return nothing;
  const meaning = page.store.state.suggested?.suggestions.find((one) => one.kind === "foreign" && one.cluster === cluster)?.meaning;
  return html` <span class="el-soft" title=${meaning ?? ""}>Foreign in ${percent(confidence)} of trials with such clusters.</span>`;
}

/** The analyst's verdict, as a word of theirs. */
function said(cluster: Cluster): TemplateResult | typeof nothing {
  if (!cluster.verdict || cluster.status !== "ok") return pill(cluster);
  return html`<span class="el-pill el-${cluster.verdict}" title="by ${cluster.source}">${cluster.verdict}, says the analyst</span>`;
}

const signal = ({ title, value }: Signal): TemplateResult =>
  html`<span class="el-signal" title="${title}: ${percent(value)}"><span>${title}</span><span class="el-bar" aria-hidden="true"><span style="width:${Math.round(100 * Math.min(1, Math.max(0, value)))}%"></span></span><span class="el-hidden">${percent(value)}</span></span>`;

/** Beyond that a text is folded. */
const LONG = 700;

function texts(page: Page, item: Item, { label }: Cluster): TemplateResult {
  const { quick, state } = page.store;
  const { halves } = item;
  if (!item.examples) return html`<p class="el-texts el-soft" aria-busy="true">reading…</p>`;
  const more = state.kept ? (halves ?? [item]).reduce((sum, part) => sum + unread(part, state.kept!).count(), 0) : 0;
  const told = halves ? "more of each" : more === 1 ? "one more" : more < 5 ? `${more} more` : "five more";
  return html`<div class="el-texts">
    ${halves ? html`<div class="el-halves" data-test="look-halves">${halves.map((part, at) => half(page, item, part, at as 0 | 1, label))}</div>` : list(item.examples, "Texts of the cluster", "look-texts", label)}
    ${more > 0 && item.decided !== "dropped" ? html`<button type="button" class="el-link" data-test="look-more" @click=${settled(() => void quick.more())}>${told}</button>` : nothing}
  </div>`;
}

const list = (examples: Example[], told: string, test: string, usual: string | null): TemplateResult =>
  html`<ol data-test=${test} aria-label=${told}>${repeat(examples, ({ point }) => point.row, (example) => text(example, usual))}</ol>`;

/** One of the two kinds of texts that the cluster holds, to be dropped by itself. */
function half(page: Page, item: Item, part: Half, at: 0 | 1, usual: string | null): TemplateResult {
  const { quick } = page.store;
  const gone = quick.takes(item, part);
  return html`<section class="el-half" aria-label="${at === 0 ? "One" : "The other"} kind of texts in it">
    ${list(part.examples, `Texts of ${at === 0 ? "one" : "the other"} kind`, `look-half-${at + 1}`, usual)}
    ${item.decided
      ? nothing
      : html`<button type="button" class="el-link el-half-drop" data-test="look-drop-${at + 1}" title="Drop this half of the cluster and go on with the other; Z brings it back" ?disabled=${!gone?.count} @click=${decides(() => void quick.dropHalf(at))}>Drop ${gone ? rows(gone.count) : "…"}${gone?.note ? nothing : " like these"} <kbd>${at + 1}</kbd></button>${beside(gone, `look-note-${at + 1}`)}`}
  </section>`;
}

function text({ point }: Example, usual: string | null): TemplateResult {
  const { label, text: words, clipped } = point;
  const long = words.length > LONG || clipped;
  const unfold = (event: Event) => {
    const button = event.currentTarget as HTMLElement;
    const open = button.parentElement!.classList.toggle("el-unfolded");
    button.textContent = open ? "less" : "whole text";
  };
  return html`<li dir="auto" data-test="look-text"><span>${words.trim()}${clipped ? "…" : ""}</span>${label !== null && label !== usual ? html` <span class="el-pill el-keep el-other" title=${usual === null ? `label: ${label}` : `its label; most rows here bear “${usual}”`}>${label}</span>` : nothing}${long ? html`<button type="button" class="el-link" @click=${unfold}>whole text</button>` : nothing}</li>`;
}

/** Rows in it that look valuable, named before they go. */
function worth(page: Page, item: Item): TemplateResult | typeof nothing {
  const { spared } = item;
  const found = leftOf(item.worth, item.rows);
  if (!found || item.decided === "dropped") return nothing;
  const one = found.count === 1;
  return html`<div class="el-worth" data-test="look-worth">
    <p><b>${count(found.count)}</b> of these ${one ? "looks" : "look"} worth keeping${found.why[0] ? html`<span class="el-soft">: ${found.why[0]}</span>` : nothing}</p>
    ${found.points.slice(0, 2).map(({ text: words }) => html`<p class="el-quote" dir="auto">“${words}”</p>`)}
    <label class="el-check"><input type="checkbox" data-test="look-spare" .checked=${spared} @change=${(event: Event) => page.store.quick.spare(item, (event.target as HTMLInputElement).checked)} /> Keep ${one ? "it" : "them"} when the rest is dropped</label>
  </div>`;
}

function actions(page: Page, item: Item): TemplateResult {
  const { store } = page;
  const { quick } = store;
  const reading = item.examples === null;
  const walk = html`<span class="el-walks">${back(quick)}<button type="button" class="el-walk" data-test="look-later" title="Leave it for later (arrow right)" aria-label="later" @click=${settled(() => void quick.later())}><span class="el-word">later </span><kbd>→</kbd></button></span>`;
  if (item.decided === "dropped") {
    const restore = () => void store.decideRows("restore", item.taken ?? item.rows, `Brought “${clusterName(item.cluster)}” back.`);
    return html`<div class="el-acts"><span class="el-pill el-drop">dropped</span> <button type="button" class="el-button" data-test="look-restore" @click=${decides(restore)}>Bring back</button>${walk}</div>`;
  }
  // which rows it is about is certain once they can be read
  const gone = reading ? null : quick.takes(item);
  return html`<div class="el-acts">
    <button type="button" class="el-button el-danger" data-test="look-drop" title="Drop these rows; Z brings them back" ?disabled=${reading || !gone?.count} @click=${decides(() => void quick.drop())}>Drop ${item.halves && !item.decided ? "all " : ""}${gone ? count(gone.count) : "…"} <kbd>X</kbd></button>
    ${item.decided === "kept"
      ? html`<span class="el-pill el-keep">kept</span>`
      : html`<button type="button" class="el-button" data-test="look-keep" title="Looked at: it stays, and is not shown again" ?disabled=${reading} @click=${decides(() => void quick.keep())}>Keep <kbd>↵</kbd></button>`}
    <button type="button" class="el-button" data-test="look-choose" title="Select its rows and choose among them in the tray" @click=${settled(() => quick.choose())}>Drop most, keep some…</button>
    ${walk}${beside(gone, "look-note")}
  </div>`;
}

/** What goes or stays with what the button says: under it, so that nothing moves as it comes. */
const beside = (gone: Gone | null, test: string): TemplateResult | typeof nothing => (gone?.note ? html`<p class="el-soft el-beside-drop" data-test=${test} role="status">With Drop: ${gone.note}</p>` : nothing);
