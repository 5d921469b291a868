// An answer in the tray is one line, and whole where the person asks for it: the map is what the tray is about.

import { html, type TemplateResult } from "lit-html";
import type { Page } from "./page";

/** The class of an answer, by what it answers. */
export const folds = ({ store }: Page, answer: object): string => (store.analysing.unfolded === answer ? "" : "el-folded");

/** Unfolds it, and folds it again. */
export function unfold({ store }: Page, answer: object, test: string): TemplateResult {
  const open = store.analysing.unfolded === answer;
  const turn = () => {
    store.analysing.unfolded = open ? null : answer;
    store.set({});
  };
  return html`<button type="button" class="el-link el-unfold" data-test=${test} aria-expanded=${open} @click=${turn}>${open ? "less" : "more"}</button>`;
}
