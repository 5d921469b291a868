// The analyst's panel: who it is, what it is told, the exact prompt of a cluster before it leaves, and every call so far.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { type Analysing, type Field, FIELDS } from "../analyst";
import type { Analyst, Call, Cluster, Prompt, Prompts } from "../protocol";
import { clock } from "../past";
import { Mask } from "../mask";
import type { Page } from "./page";
import { reportOfThis } from "./report";
import { clusterName, count, rows } from "./words";

const TITLES: Record<Field, string> = { task: "What is this set for?", system: "System prompt", user: "User prompt, once a cluster" };
const ASKED: Record<string, string> = { cluster: "cluster", overview: "the whole round", selection: "a selection", rows: "rows", report: "a report" };

/** "0.0042 USD"; small amounts with the digits that say something. */
export const money = (usd: number): string => `${usd === 0 ? "0" : usd < 0.0001 ? "less than 0.0001" : usd < 1 ? usd.toFixed(4) : usd.toFixed(2)} USD`;

/** Where texts go, in one sentence. */
export function whereTo({ asks, remote, provider, consented }: Analyst): string {
  if (!asks) return remote ? "It is not on this machine: texts are sent to it." : "Rules on this machine: no text leaves it, and it costs nothing.";
  if (!remote) return `A model on this machine (${provider}): no text leaves it.`;
  return `A model at ${provider}: texts are sent there. ${consented ? "You agreed to that." : "Nothing is sent until you agree."}`;
}

const spent = ({ spent: usd, limit }: Analyst): string => (usd === null ? "" : `${money(usd)}${limit === null ? "" : ` of ${money(limit)}`} so far`);

/** One line on the Review tab: how far it is, what it cost, what failed. */
export function analystLine(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const { session, clusters, status } = store.state;
  const analyst = session?.analyst;
  if (!analyst || !session.round) return nothing;
  const failed = clusters.filter((one) => one.status === "failed").map(({ cluster }) => cluster);
  const open = clusters.filter((one) => one.status === "pending").length;
  const judging = status.busy && status.stage === "analyse";
  const parts = [
    open > 0 ? `${count(clusters.length - open)} of ${count(clusters.length)} clusters judged` : "",
    analyst.remote && !analyst.consented ? "nothing sent yet" : "",
    spent(analyst),
  ].filter(Boolean);
  return html`<div class="el-analyst-line" data-test="analyst-line" role="status">
    <span class="el-grow"><span class="el-soft">Analyst:</span> <bdi>${analyst.name}</bdi></span>
    ${parts.length > 0 ? html`<span class="el-soft el-figures">${parts.join(" · ")}</span>` : nothing}
    ${failed.length > 0
      ? html`<button type="button" class="el-link" data-test="analyst-retry" title="Ask about these clusters again; the others stay as they are" @click=${() => void store.ask("analyze", { clusters: failed })}>Retry ${count(failed.length)} failed</button>`
      : nothing}
    ${judging ? html`<button type="button" class="el-link" data-test="analyst-cancel" @click=${() => void store.ask("cancel", {})}>Cancel</button>` : nothing}
    <button type="button" class="el-link" data-test="open-analyst" data-opens="analyst" aria-haspopup="dialog" @click=${() => store.analysing.show()}>${analyst.asks ? "Prompts…" : "What it goes by…"}</button>
    ${reportOfThis(page)}
  </div>`;
}

/** Rows of a cluster that the analyst would look at first: lit up and selected, so that the tray shows them before anything goes. */
export function trims(page: Page, { cluster, trim }: Cluster): TemplateResult | typeof nothing {
  const { store } = page;
  if (!trim || trim.length === 0) return nothing;
  const light = () => store.selection.all(Mask.of(store.state.shown.length, trim), { kind: "trim", op: "new", clusters: [cluster] });
  return html`<p class="el-why"><span class="el-soft">The analyst would look at ${rows(trim.length)} in it first.</span> <button type="button" class="el-link" data-test="trim-light" title="Select them: the map lights them up, and the tray shows their texts" @click=${light}>Light ${trim.length === 1 ? "it" : "them"} up</button></p>`;
}

function field(held: Analysing, name: Field, means: string): TemplateResult {
  const why = held.problems[name];
  const id = `el-prompt-${name}`;
  return html`<div class="el-prompt-field">
    <label for=${id}>${TITLES[name]}</label>
    <textarea
      id=${id}
      class="el-input"
      data-test="prompt-${name}"
      rows=${name === "task" ? 2 : name === "system" ? 4 : 7}
      dir="auto"
      spellcheck="false"
      aria-invalid=${why ? "true" : "false"}
      aria-describedby="${id}-help"
      placeholder=${name === "task" ? "these are support questions for a bank; off-topic is …" : ""}
      .value=${held.fields[name]}
      @input=${(event: Event) => held.edit(name, (event.target as HTMLTextAreaElement).value)}
    ></textarea>
    ${why ? html`<span id="${id}-help" class="el-trouble" role="alert" data-test="prompt-${name}-wrong">${why}</span>` : html`<span id="${id}-help" class="el-soft el-fine">${means}</span>`}
  </div>`;
}

/** The words as they come, and those that earlier rounds were judged by. */
function restores(held: Analysing): TemplateResult | typeof nothing {
  if (!held.known) return nothing;
  const { standard, earlier, now } = held.known;
  const same = (a: Prompts, b: Prompts) => FIELDS.every((name) => a[name] === b[name]);
  const offered: [string, Prompts][] = [["as it comes", standard], ...earlier.filter((one) => !same(one, now)).map((one): [string, Prompts] => [`of round ${one.round}`, one])];
  const other = offered.filter(([, prompts]) => !same(prompts, held.fields));
  if (other.length === 0) return nothing;
  const pick = (event: Event) => {
    const select = event.target as HTMLSelectElement;
    const chosen = other[Number(select.value)];
    select.value = "";
    if (chosen) held.restore(chosen[1]);
  };
  return html`<select class="el-input" data-test="prompt-restore" aria-label="Put back" @change=${pick}>
    <option value="" selected>Put back…</option>
    ${other.map(([title], at) => html`<option value=${at}>${title}</option>`)}
  </select>`;
}

function words(page: Page, analyst: Analyst): TemplateResult {
  const held = page.store.analysing;
  const { known } = held;
  if (!known) return html`<p class="el-soft" aria-busy="true">reading…</p>`;
  const submit = (event: Event) => {
    event.preventDefault();
    void held.save();
  };
  const task = analyst.asks ? "In your own words: it stands where {task} is." : "In your own words: what lies far from it in meaning is more likely not to belong.";
  return html`<form class="el-prompts" data-test="prompts" @submit=${submit}>
    ${field(held, "task", task)}
    ${analyst.asks
      ? html`${field(held, "system", "How to judge. That texts are data and what an answer looks like is added to it, always.")} ${field(held, "user", "What is told of one cluster. It must hold {examples}.")}
          <details class="el-fine">
            <summary>Placeholders</summary>
            <dl class="el-keys">${known.placeholders.map(({ name, means }) => html`<dt><code>{${name}}</code></dt><dd>${means}</dd>`)}</dl>
            <p class="el-soft">Each is replaced once; there is no logic. {{task}} stands for the word itself.</p>
          </details>`
      : nothing}
    <div class="el-acts">
      <button type="submit" class="el-button el-primary" data-test="prompts-save" ?disabled=${!held.changed || held.wrong}>Judge by these words</button>
      ${held.changed ? html`<button type="button" class="el-button" data-test="prompts-forget" @click=${() => held.forget()}>Back to what is told</button>` : nothing} ${restores(held)}
    </div>
  </form>`;
}

/** What judging all clusters would take; those judged already by these words are not asked about again. */
export function estimate({ calls, tokens, cost }: Pick<Prompt, "calls" | "tokens" | "cost">): string {
  if (calls === 0) return "All clusters are judged by these words: nothing would be sent.";
  return `All clusters: ${calls === 1 ? "one request" : `${count(calls)} requests`}, about ${count(tokens)} tokens, ${cost === null ? "cost unknown" : cost < 0.01 ? "less than 0.01 USD" : `about ${cost.toFixed(2)} USD`}. Those judged already are not asked about again.`;
}

function exact(page: Page, analyst: Analyst): TemplateResult {
  const { store } = page;
  const held = store.analysing;
  const { clusters } = store.state;
  const { prompt, error, asking } = held;
  const pick = (event: Event) => void held.ask(Number((event.target as HTMLSelectElement).value));
  const here = prompt && prompt.cluster === held.cluster ? prompt : null;
  return html`<section class="el-exact" aria-label="What is read of a cluster">
    <h3>${analyst.asks ? "Exactly what is sent" : "Exactly what it reads"}</h3>
    <select class="el-input" data-test="prompt-cluster" aria-label="Cluster" @change=${pick}>
      ${clusters.map((one) => html`<option value=${one.cluster} .selected=${live(one.cluster === held.cluster)}>${clusterName(one)}</option>`)}
    </select>
    ${error ? html`<p class="el-trouble" role="alert">${error}</p>` : nothing}
    ${here
      ? html`<p class="el-soft el-fine" data-test="prompt-size">${count(here.texts)} texts of it.${analyst.asks ? ` ${estimate(here)}` : ""}${held.changed && !held.wrong && !asking ? " By the words above, not told yet." : ""}</p>
          <div class="el-messages" data-test="prompt-messages" tabindex="0" role="group" aria-label="Prompt" aria-busy=${asking}>
            ${here.messages.map(({ role, content }) => html`<h4>${role}</h4><pre dir="auto">${content}</pre>`)}
          </div>`
      : asking
        ? html`<p class="el-soft" aria-busy="true">picking texts…</p>`
        : nothing}
  </section>`;
}

function call(page: Page, { id, time, kind, cluster, model, status, error, sent, answered, cost, seconds, messages, answer }: Call): TemplateResult {
  const { clusters } = page.store.state;
  const about = clusters.find((one) => one.cluster === cluster);
  const figures = [...(sent + answered > 0 ? [`${count(sent)} + ${count(answered)} tokens`] : []), ...(cost === null ? [] : [money(cost)]), `${seconds.toFixed(1)} s`];
  return html`<li data-test="call" data-id=${id}>
    <details>
      <summary>
        <span>${clock(time)} · ${kind === "cluster" && about ? clusterName(about) : (ASKED[kind] ?? kind)}</span>
        ${status === "failed" ? html`<span class="el-pill el-drop">failed</span>` : nothing} <span class="el-soft el-figures">${figures.join(" · ")}</span>
      </summary>
      ${error ? html`<p class="el-trouble">${error}</p>` : nothing}
      <div class="el-messages" tabindex="0" role="group" aria-label="Prompt and answer">
        ${messages.map(({ role, content }) => html`<h4>${role}</h4><pre dir="auto">${content}</pre>`)}
        <h4>answer of ${model}</h4>
        <pre dir="auto">${answer || "(none)"}</pre>
      </div>
    </details>
  </li>`;
}

function audit(page: Page): TemplateResult {
  const { store } = page;
  const held = store.analysing;
  const save = () =>
    void store.attempt(async () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await held.file());
      link.download = "elute-audit.jsonl";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  return html`<section aria-label="Calls so far" data-test="audit">
    <div class="el-part-head">
      <h3>${held.total === 0 ? "No calls so far" : held.total === 1 ? "One call so far" : `${count(held.total)} calls so far`}</h3>
      ${held.total > 0 ? html`<button type="button" class="el-link" data-test="audit-export" title="Every call and answer, a JSON line each" @click=${save}>Export</button>` : nothing}
    </div>
    <ul class="el-calls">${held.calls.map((one) => call(page, one))}</ul>
    ${held.calls.length < held.total ? html`<button type="button" class="el-link" data-test="audit-more" @click=${() => void held.moreCalls()}>Earlier ones</button>` : nothing}
  </section>`;
}

export function analyst(page: Page): TemplateResult {
  const { store } = page;
  const { session } = store.state;
  const held = store.analysing;
  if (!session?.analyst) return html`<p class="el-soft">The kernel has not answered yet.</p>`;
  const { analyst: one } = session;
  const money = spent(one);
  const wonder = (event: Event) => {
    held.wonders = (event.target as HTMLInputElement).checked;
    store.set({});
  };
  return html`<div class="el-analyst">
    <h3>Analyst: <bdi>${one.name}</bdi></h3>
    <p class="el-soft" data-test="analyst-where">${whereTo(one)}${money ? ` ${money}.` : ""} It advises; only you remove rows. Another one is set in the cell: <code>analyst=</code>.
      ${one.remote && one.consented
        ? html`<button type="button" class="el-link" data-test="consent-withdraw" title="Nothing more is sent there until you agree again" @click=${() => void store.ask("withdraw_consent", { provider: one.name })}>Withdraw consent</button>`
        : nothing}</p>
    ${words(page, one)}
    <label class="el-check"><input type="checkbox" data-test="analyst-wonders" .checked=${held.wonders} @change=${wonder} /> Say of each selection what it is${one.remote && !one.consented ? ", once you agreed" : ""}</label>
    ${held.known && held.known.goes_by.length > 0 ? html`<h3>What it goes by</h3><ul class="el-goes" data-test="analyst-goes">${held.known.goes_by.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}
    ${exact(page, one)} ${one.asks ? audit(page) : nothing}
  </div>`;
}
