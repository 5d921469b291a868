// Settings of the next round. Forms come from Python's own parameter objects; what one cell set as an object stays choosable.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { Choice, Form as Fields } from "../protocol";
import type { Edited, Form, State } from "../state";
import { fields, misfit, valueOf } from "./fields";
import type { Page } from "./page";
import { sweep } from "./sweep";
import { count } from "./words";

type Section = keyof Form;
type Picked = Exclude<Section, "prepare">;

const TITLES: Record<Picked, string> = { embedder: "Embedding", clusterer: "Clusters", projector: "Map" };

function formsOf({ hello }: State, section: Picked): Fields[] {
  if (!hello) return [];
  return { embedder: hello.embedders, clusterer: hello.clusterers, projector: hello.projectors }[section];
}

/** The form a choice is edited in; undefined where the choice is the person's own object, set from Python. */
function formOf(state: State, section: Section, choice: Choice): Fields | undefined {
  if (section === "prepare") return state.hello?.prepare;
  return formsOf(state, section).find(({ name }) => name === choice.name);
}

export function problems(state: State, form: Form): string[] {
  return (Object.keys(form) as Section[]).flatMap((section) =>
    (formOf(state, section, form[section])?.fields ?? []).flatMap((field) => {
      const why = misfit(field, valueOf(form[section], field));
      return why ? [`${field.name}: ${why}`] : [];
    }),
  );
}

const same = (a: Choice, b: Choice): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What was changed, section by section, as Python is told. */
export function changes(before: Form, after: Form): Partial<Form> {
  return Object.fromEntries((Object.keys(after) as Section[]).filter((s) => !same(after[s], before[s])).map((s) => [s, after[s]]));
}

/** The form as it stands: what was edited, over what the session has. Where that was decided otherwise since, it is what counts. */
function standing(current: Form, edited: Edited | null): { form: Form; overtaken: Set<Section> } {
  const form = { ...current };
  const overtaken = new Set<Section>();
  for (const [name, { choice, from }] of Object.entries(edited ?? {}) as [Section, { choice: Choice; from: Choice }][]) {
    if (same(from, current[name])) form[name] = choice;
    else if (!same(from, choice)) overtaken.add(name);
  }
  return { form, overtaken };
}

/** What was edited after `sent` was: over what the session has now. */
function editedSince({ session, view }: State, sent: Edited | null): Edited | null {
  const since = (Object.entries(view.form ?? {}) as [Section, { choice: Choice; from: Choice }][]).filter(([name, one]) => one !== sent?.[name]);
  return since.length > 0 ? Object.fromEntries(since.map(([name, { choice, from }]) => [name, { choice, from: session?.settings[name] ?? from }])) : null;
}

/** What can be chosen: Python's forms, and an own object that is there by now but in no form. */
export function options(forms: Fields[], now: Choice): { name: string; title: string }[] {
  return forms.some(({ name }) => name === now.name) ? forms : [...forms, { name: now.name, title: ownTitle(now) }];
}

const ownTitle = ({ name, repr }: Choice): string => (typeof repr === "string" && repr ? `Your own: ${repr}` : name === "own" ? "Your own" : name);

function section(page: Page, name: Picked, now: Choice, choice: Choice, put: (choice: Choice) => void, more: unknown = nothing): TemplateResult {
  const { state } = page.store;
  const forms = formsOf(state, name);
  const form = forms.find((one) => one.name === choice.name);
  // what the session has is taken up again as it is, with its values
  const pick = (event: Event) => {
    const picked = (event.target as HTMLSelectElement).value;
    put(picked === now.name ? now : { name: picked });
  };
  return html`<fieldset data-test="settings-section-${name}">
    <legend>${TITLES[name]}</legend>
    <select class="el-input" data-test="settings-${name}" aria-label=${TITLES[name]} @change=${pick}>
      ${options(forms, now).map((one) => html`<option value=${one.name} .selected=${live(one.name === choice.name)}>${one.title}</option>`)}
    </select>
    ${form?.when ? html`<p class="el-soft">${form.when}</p>` : nothing} ${form ? nothing : html`<p class="el-soft">Your own object, set from Python: it stays as it is.</p>`} ${more}
    ${form && choice.name === "communities"
      ? html`<details>
          <summary>By number</summary>
          ${fields(name, form, choice, put)}
        </details>`
      : form
        ? fields(name, form, choice, put)
        : nothing}
  </fieldset>`;
}

/** What another embedder costs: time, and perhaps money; whoever sends texts away asks first. */
function cost({ session }: State, now: Choice, choice: Choice): TemplateResult | typeof nothing {
  if (JSON.stringify(now) === JSON.stringify(choice) || !session) return nothing;
  const dropped = session.n - session.kept;
  return html`<p class="el-cost" role="status" data-test="settings-cost">
    All ${count(session.n + (session.reference ?? 0))} texts are embedded again${dropped > 0 ? `, the ${count(dropped)} dropped ones too` : ""}, but for those it embedded before, and the map is laid out anew. A service elsewhere is asked first: nothing is sent without your yes.
  </p>`;
}

/** After removals points stay where they were; this lets them settle among those that are left. */
function refine({ store }: Page): TemplateResult {
  const { session, status } = store.state;
  return html`<div class="el-field">
    <button
      type="button"
      class="el-button"
      data-test="settings-refine"
      ?disabled=${status.busy || !session?.round || session.stale}
      @click=${() => {
        store.show({ popover: "" });
        void store.ask("refine", {});
      }}
    >
      Refine the map
    </button>
    <span class="el-soft">Now, without a round: points move a little towards their neighbours; nothing jumps.</span>
  </div>`;
}

export function settings(page: Page): TemplateResult {
  const { store } = page;
  const { session, view, hello } = store.state;
  if (!session || !hello) return html`<p class="el-soft">The kernel has not answered yet.</p>`;
  const { embedder, clusterer, projector, prepare, automatic, analyst } = session.settings;
  const current: Form = { embedder, clusterer, projector, prepare };
  const { form, overtaken } = standing(current, view.form);
  const put = (name: Section) => (choice: Choice) => store.show({ form: { ...store.state.view.form, [name]: { choice, from: current[name] } } });
  const why = (name: Section) =>
    overtaken.has(name) ? html`<p class="el-cost" role="status" data-test="settings-overtaken">It was set to this meanwhile: what you had chosen here, and not run, was let go.</p>` : nothing;
  const changed = changes(current, form);
  const dirty = Object.keys(changed).length > 0;
  const wrong = problems(store.state, form);
  const apply = async (event: Event) => {
    event.preventDefault();
    if (wrong.length > 0) return;
    store.show({ popover: "" });
    if (dirty && !(await store.decide("settings", { settings: changed }, "Settings changed."))) return;
    store.show({ form: editedSince(store.state, view.form) });
    await store.ask("run", {});
  };
  const toggle = async (event: Event) => {
    const box = event.target as HTMLInputElement;
    const on = box.checked;
    const done = await store.decide("settings", { settings: { automatic: on } }, on ? "Every removal starts the next round." : "Rounds start when you say so.");
    // refused: it is what it was
    if (!done) box.checked = store.state.session?.settings.automatic ?? !on;
  };
  return html`<form class="el-settings" @submit=${apply}>
    <h3>Settings of the next round</h3>
    <p class="el-soft">What is on the map stays as it is until that round has run.</p>
    ${section(page, "clusterer", clusterer, form.clusterer, put("clusterer"), html`${why("clusterer")} ${sweep(page, form.clusterer, put("clusterer"))}`)}
    ${section(page, "projector", projector, form.projector, put("projector"), html`${why("projector")} ${form.projector.name === "umap" ? refine(page) : nothing}`)}
    ${section(page, "embedder", embedder, form.embedder, put("embedder"), html`${why("embedder")} ${cost(store.state, embedder, form.embedder)}`)}
    <fieldset>
      ${why("prepare")}
      <details>
        <summary>Prepare texts</summary>
        ${hello.prepare ? fields("prepare", hello.prepare, form.prepare, put("prepare")) : nothing}
      </details>
    </fieldset>
    <fieldset>
      <label class="el-check"><input type="checkbox" data-test="settings-automatic" .checked=${automatic} @change=${toggle} /> Rounds start by themselves after each removal</label>
      <p class="el-soft">Analyst: ${analyst}. <button type="button" class="el-link" data-test="settings-analyst" data-opens="analyst" @click=${() => store.analysing.show()}>${session.analyst?.asks ? "Prompts and calls…" : "What it goes by…"}</button></p>
    </fieldset>
    <div class="el-acts">
      <button type="submit" class="el-button el-primary" data-test="settings-apply" ?disabled=${wrong.length > 0}>${dirty ? "Run a round with these" : "Run a round again"}</button>
      <button type="button" class="el-button" data-test="settings-reset" ?disabled=${!dirty && overtaken.size === 0} @click=${() => store.show({ form: null })}>Reset</button>
      ${wrong.length > 0 ? html`<span class="el-trouble">${wrong[0].replaceAll("_", " ")}</span>` : nothing}
    </div>
  </form>`;
}
