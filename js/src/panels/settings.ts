// Settings of the next round. Fields, ranges and help come from Python's own parameter objects: what is refused there is refused here.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Choice, Field, Form as Fields } from "../protocol";
import type { Form, State } from "../state";
import type { Page } from "./page";

type Section = keyof Form;

/** Why a value does not fit its field; empty where it does. Left empty, an optional field means "choose for me". */
export function misfit({ kind, low, high, optional }: Field, value: unknown): string {
  if (value === null || value === undefined || value === "") return optional || kind === "str" ? "" : "a value is needed";
  if (kind !== "int" && kind !== "float") return "";
  const number = Number(value);
  if (!Number.isFinite(number)) return "not a number";
  if (kind === "int" && !Number.isInteger(number)) return "a whole number";
  if (low !== null && number < low) return `at least ${low}`;
  if (high !== null && number > high) return `at most ${high}`;
  return "";
}

/** The form a choice is edited in; undefined where the choice is the person's own object, set from Python. */
function fieldsOf({ hello }: State, section: Section, choice: Choice): Fields | undefined {
  if (!hello) return undefined;
  if (section === "prepare") return hello.prepare;
  return (section === "clusterer" ? hello.clusterers : hello.projectors).find(({ name }) => name === choice.name);
}

const valueOf = (choice: Choice, field: Field): unknown => (field.name in choice ? choice[field.name] : field.default);

export function problems(state: State, form: Form): string[] {
  return (Object.keys(form) as Section[]).flatMap((section) =>
    (fieldsOf(state, section, form[section])?.fields ?? []).flatMap((field) => {
      const why = misfit(field, valueOf(form[section], field));
      return why ? [`${field.name}: ${why}`] : [];
    }),
  );
}

/** What was changed, section by section, as Python is told. */
export function changes(before: Form, after: Form): Partial<Form> {
  return Object.fromEntries((Object.keys(after) as Section[]).filter((s) => JSON.stringify(after[s]) !== JSON.stringify(before[s])).map((s) => [s, after[s]]));
}

function control(id: string, field: Field, value: unknown, set: (value: unknown) => void): TemplateResult {
  if (field.kind === "bool") {
    return html`<input id=${id} type="checkbox" aria-describedby="${id}-help" .checked=${Boolean(value)} @change=${(e: Event) => set((e.target as HTMLInputElement).checked)} />`;
  }
  if (field.kind === "choice") {
    return html`<select id=${id} class="el-input" aria-describedby="${id}-help" @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}>
      ${field.choices?.map((choice) => html`<option ?selected=${choice === value}>${choice}</option>`)}
    </select>`;
  }
  const numeric = field.kind !== "str";
  const read = (e: Event) => {
    const typed = (e.target as HTMLInputElement).value.trim();
    set(typed === "" ? (numeric ? null : "") : numeric && Number.isFinite(Number(typed)) ? Number(typed) : typed);
  };
  return html`<input id=${id} class="el-input" aria-describedby="${id}-help" inputmode=${numeric ? "decimal" : "text"} placeholder=${field.optional ? "automatic" : ""} .value=${value === null || value === undefined ? "" : String(value)} @input=${read} />`;
}

function fields(page: Page, section: Section, choice: Choice, put: (choice: Choice) => void): unknown {
  const form = fieldsOf(page.store.state, section, choice);
  if (!form) return html`<p class="el-soft">Your own object, set from Python.</p>`;
  return html`${form.when ? html`<p class="el-soft">${form.when}</p>` : nothing}
  ${form.fields.map((field) => {
    const id = `el-${section}-${field.name}`;
    const value = valueOf(choice, field);
    const why = misfit(field, value);
    return html`<div class="el-field">
      <label for=${id}>${field.name.replaceAll("_", " ")}</label>
      ${control(id, field, value, (next) => put({ ...choice, [field.name]: next }))}
      ${why ? html`<span id="${id}-help" class="el-trouble" role="alert">${why}</span>` : html`<span id="${id}-help" class="el-soft">${field.help}</span>`}
    </div>`;
  })}`;
}

function picker(page: Page, section: "clusterer" | "projector", form: Form, put: (choice: Choice) => void): TemplateResult {
  const { hello } = page.store.state;
  const forms = (section === "clusterer" ? hello?.clusterers : hello?.projectors) ?? [];
  const choice = form[section];
  const own = forms.some(({ name }) => name === choice.name) ? [] : [{ name: choice.name, title: choice.name }];
  return html`<fieldset>
    <legend>${section === "clusterer" ? "Clusters" : "Map"}</legend>
    <select class="el-input" data-test="settings-${section}" aria-label=${section} @change=${(e: Event) => put({ name: (e.target as HTMLSelectElement).value })}>
      ${[...own, ...forms].map(({ name, title }) => html`<option value=${name} ?selected=${name === choice.name}>${title}</option>`)}
    </select>
    ${fields(page, section, choice, put)} ${section === "projector" && choice.name === "umap" ? refine(page) : nothing}
  </fieldset>`;
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
    <span class="el-soft">Points move a little towards their neighbours; nothing jumps.</span>
  </div>`;
}

export function settings(page: Page): TemplateResult {
  const { store } = page;
  const { session, view, hello } = store.state;
  if (!session || !hello) return html`<p class="el-soft">The kernel has not answered yet.</p>`;
  const { embedder, clusterer, projector, prepare, automatic, analyst } = session.settings;
  const current: Form = { embedder, clusterer, projector, prepare };
  const form = view.form ?? current;
  const put = (section: Section) => (choice: Choice) => store.show({ form: { ...form, [section]: choice } });
  const changed = changes(current, form);
  const wrong = problems(store.state, form);
  const apply = async (event: Event) => {
    event.preventDefault();
    if (wrong.length > 0) return;
    store.show({ popover: "", form: null });
    if (Object.keys(changed).length === 0 || (await store.decide("settings", { settings: changed }, "Settings changed."))) await store.ask("run", {});
  };
  const toggle = (event: Event) => {
    const on = (event.target as HTMLInputElement).checked;
    void store.decide("settings", { settings: { automatic: on } }, on ? "Every removal starts the next round." : "Rounds start when you say so.");
  };
  return html`<form class="el-settings" @submit=${apply}>
    ${picker(page, "clusterer", form, put("clusterer"))} ${picker(page, "projector", form, put("projector"))}
    <fieldset>
      <details>
        <summary>Prepare texts</summary>
        ${fields(page, "prepare", form.prepare, put("prepare"))}
      </details>
    </fieldset>
    <fieldset>
      <label class="el-check"><input type="checkbox" data-test="settings-automatic" .checked=${automatic} @change=${toggle} /> Rounds start by themselves after each removal</label>
      <p class="el-soft">Embedder: ${embedder.name}. Analyst: ${analyst}.</p>
    </fieldset>
    <div class="el-acts">
      <button type="submit" class="el-button el-primary" data-test="settings-apply" ?disabled=${wrong.length > 0}>${Object.keys(changed).length > 0 ? "Run a round with these" : "Run a round again"}</button>
      <button type="button" class="el-button" ?disabled=${view.form === null} @click=${() => store.show({ form: null })}>Reset</button>
    </div>
  </form>`;
}
