// Tags, notes, pins and other labels for what is selected: lines of the tray's menu, and the form that one of them opens.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Typed } from "../evidence";
import { countSelected } from "../state";
import type { Page } from "./page";
import { count, rows } from "./words";

type Line = (test: string, title: string, act: () => void, off?: boolean) => TemplateResult;

/** What the menu offers. Tagging and pinning remove nothing. */
export function tagLines(page: Page, line: Line): TemplateResult {
  const { store } = page;
  const { selected, hello } = store.state;
  const { evidence } = store;
  const { dragging } = store.selection;
  const tags = evidence.want("tags").value;
  const open = (what: Typed["what"]) => {
    if (selected) evidence.type({ what, of: store.selection.made, name: "", note: "" });
  };
  return html`${line("more-tag", "Tag…", () => open("tag"), dragging)} ${line("more-pin", "Pin: never dropped", () => void pin(page, true), dragging)}
  ${tags?.pinned ? line("more-unpin", "Let go of pins", () => void pin(page, false), dragging) : nothing} ${tags?.tags.length ? line("more-untag", "Take tags off", () => void tag(page, "", ""), dragging) : nothing}
  ${hello?.label_name ? line("more-relabel", "Propose a label…", () => open("label"), dragging) : nothing}`;
}

async function pin({ store }: Page, on: boolean): Promise<void> {
  const { selected } = store.state;
  if (!selected) return;
  const n = rows(countSelected(store.state));
  await store.decide("pin", { on }, on ? `Pinned ${n}: no decision drops them. Z lets go.` : `Let go of ${n}.`, selected.toBytes(), "Nothing changed.");
}

async function tag({ store }: Page, name: string, note: string): Promise<boolean> {
  const { selected } = store.state;
  if (!selected) return false;
  const n = rows(countSelected(store.state));
  return store.decide("tag", { name, ...(note ? { note } : {}) }, name ? `Tagged ${n} “${name}”.` : `Took the tags off ${n}.`, selected.toBytes(), "Nothing changed.");
}

async function relabel({ store }: Page, label: string): Promise<boolean> {
  const { selected } = store.state;
  if (!selected) return false;
  const n = rows(countSelected(store.state));
  return store.decide("relabel", { label }, `Proposed “${label}” for ${n}, in a column of its own. Z takes it back.`, selected.toBytes(), "Nothing changed.");
}

/** The form in place of the tray's buttons; nothing where none is open. */
export function tagForm(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const { evidence } = store;
  const { typed } = evidence;
  const { selected } = store.state;
  if (!typed || !selected) return nothing;
  const { what, name, note } = typed;
  const put = (patch: Partial<Typed>) => evidence.type({ ...typed, ...patch });
  const close = () => evidence.type(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = name.trim();
    if (!said || store.selection.dragging) return;
    const { made } = store.selection;
    close();
    const done = await (what === "tag" ? tag(page, said, note.trim()) : relabel(page, said));
    // refused: what was typed is there again
    if (!done && made === store.selection.made && !evidence.typed) put({});
  };
  const known = what === "tag" ? (evidence.want("tags").value?.tags.map((one) => one.name) ?? []) : labelsOf(page);
  const value = (event: Event) => (event.target as HTMLInputElement).value;
  return html`<form class="el-acts el-tagging" data-test="tray-${what}-form" data-from="open-more" @submit=${submit}>
    <input
      class="el-input"
      dir="auto"
      data-test="tray-${what}"
      list="el-known-${what}"
      autocomplete="off"
      maxlength=${what === "tag" ? 80 : 1000}
      aria-label=${what === "tag" ? "Tag" : "Label to propose"}
      placeholder=${what === "tag" ? "tag" : "label"}
      .value=${name}
      @input=${(event: Event) => put({ name: value(event) })}
    />
    <datalist id="el-known-${what}">${known.map((one) => html`<option value=${one}></option>`)}</datalist>
    ${what === "tag" ? html`<input class="el-input" dir="auto" data-test="tray-note" autocomplete="off" maxlength="300" aria-label="Note" placeholder="note, if any" .value=${note} @input=${(event: Event) => put({ note: value(event) })} />` : nothing}
    <button type="submit" class="el-button el-primary" data-test="tray-${what}-confirm" ?disabled=${!name.trim() || store.selection.dragging}>${what === "tag" ? "Tag" : "Propose"} ${count(countSelected(store.state))}</button>
    <button type="button" class="el-button" data-test="tray-${what}-back" @click=${close}>Back</button>
  </form>`;
}

/** Labels there are, to choose from. */
function labelsOf({ store }: Page): string[] {
  const values = store.colouring.valuesOf("label");
  return (values?.categories ?? []).filter((_, code, all) => !values?.others || code < all.length - 1).map(({ name }) => name);
}
