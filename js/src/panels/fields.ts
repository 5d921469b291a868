// Fields of a parameter object, drawn as Python described them: what is refused there is refused here, before any work.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { Choice, Field, Form as Fields } from "../protocol";

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

export const valueOf = (choice: Choice, field: Field): unknown => (field.name in choice ? choice[field.name] : field.default);

function control(id: string, field: Field, value: unknown, why: string, set: (value: unknown) => void): TemplateResult {
  if (field.kind === "bool") {
    return html`<input id=${id} type="checkbox" aria-describedby="${id}-help" .checked=${Boolean(value)} @change=${(e: Event) => set((e.target as HTMLInputElement).checked)} />`;
  }
  if (field.kind === "choice") {
    return html`<select id=${id} class="el-input" aria-describedby="${id}-help" @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}>
      ${field.choices?.map((choice) => html`<option .selected=${live(choice === value)}>${choice}</option>`)}
    </select>`;
  }
  const numeric = field.kind !== "str";
  const read = (e: Event) => {
    const typed = (e.target as HTMLInputElement).value.trim();
    set(typed === "" ? (numeric ? null : "") : numeric && Number.isFinite(Number(typed)) ? Number(typed) : typed);
  };
  return html`<input
    id=${id}
    class="el-input"
    autocomplete="off"
    spellcheck="false"
    aria-describedby="${id}-help"
    aria-invalid=${why ? "true" : "false"}
    inputmode=${numeric ? "decimal" : "text"}
    placeholder=${field.optional ? "automatic" : ""}
    .value=${value === null || value === undefined ? "" : String(value)}
    @input=${read}
  />`;
}

/** All fields of a form, each with its help or what is wrong with it. */
export function fields(section: string, form: Fields, choice: Choice, put: (choice: Choice) => void): unknown {
  return form.fields.map((field) => {
    const id = `el-${section}-${field.name}`;
    const value = valueOf(choice, field);
    const why = misfit(field, value);
    return html`<div class="el-field ${field.kind === "str" ? "el-wide" : ""}">
      <label for=${id}>${field.name.replaceAll("_", " ")}</label>
      ${control(id, field, value, why, (next) => put({ ...choice, [field.name]: next }))}
      ${why ? html`<span id="${id}-help" class="el-trouble" role="alert">${why}</span>` : field.help ? html`<span id="${id}-help" class="el-soft">${field.help}</span>` : nothing}
    </div>`;
  });
}
