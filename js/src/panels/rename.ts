// The name of a cluster, in a field that stands open: a name that comes meanwhile is not written over what is typed, and one that was
// refused is not shown as if the cluster bore it.

import { html, noChange, nothing, type TemplateResult } from "lit-html";
import { Directive, directive, type PropertyPart } from "lit-html/directive.js";
import { active } from "../focus";
import type { Page } from "./page";

class Untyped extends Directive {
  #cluster: number | null = null;
  #name = "";

  override render(_cluster: number, name: string): unknown {
    return name;
  }

  override update({ element }: PropertyPart, [cluster, name]: [number, string]): typeof noChange {
    const field = element as HTMLInputElement;
    const same = cluster === this.#cluster;
    const typing = same && active(field) === field && field.value !== this.#name;
    if (typing || (same && name === this.#name)) return noChange;
    this.#cluster = cluster;
    this.#name = field.value = name;
    return noChange;
  }
}

/** What the field holds, but for a name that is being typed. */
const untyped = directive(Untyped);

/** Esc says the name again that the cluster has, which is the field's default. */
export const nameField = (page: Page, cluster: number, name: string, test = "", off = false): TemplateResult =>
  html`<input
    class="el-rename"
    data-test=${test || nothing}
    aria-label="Name of the cluster"
    title="Click to rename"
    maxlength="80"
    value=${name}
    .value=${untyped(cluster, name)}
    ?disabled=${off}
    @change=${rename(page, cluster, name)}
  />`;

const rename =
  ({ store }: Page, cluster: number, name: string) =>
  (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const typed = field.value.trim();
    if (!typed || typed === name) return void (field.value = name);
    void store.decide("rename", { cluster, name: typed }, `Named “${typed}”.`).then((done) => {
      // the field may meanwhile hold what was typed next, or be another cluster's
      if (!done && field.value.trim() === typed) field.value = name;
    });
  };
