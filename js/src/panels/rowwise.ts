// "Judge these rows": the line that asks, how far it is, and what came of it. A verdict drops nothing.

import { html, nothing, type TemplateResult } from "lit-html";
import type { RowsJudged } from "../protocol";
import type { RowWord } from "../rowwise";
import { countSelected } from "../state";
import { folds, unfold } from "./fold";
import { CROSS } from "./icons";
import type { Page } from "./page";
import { count, rows } from "./words";

const TINTS: Record<RowWord, string> = { keep: "el-keep", drop: "el-drop", unsure: "el-unsure" };

/** Opens the form. */
export function judgeLink({ store }: Page): TemplateResult {
  const { rowwise } = store;
  return html`<button type="button" class="el-link" data-test="tray-judge" title="The analyst says of each row whether it should stay; nothing is dropped" ?disabled=${rowwise.asking || store.selection.dragging} @click=${() => rowwise.open()}>
    ${rowwise.asking ? "Judging…" : "Judge these rows…"}
  </button>`;
}

/** The form in place of the tray's buttons; nothing where it is closed. */
export function judgeForm({ store }: Page): TemplateResult | typeof nothing {
  const { rowwise, state } = store;
  if (!rowwise.opened || !state.selected) return nothing;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void rowwise.ask();
  };
  return html`<form class="el-acts el-tagging" data-test="tray-judge-form" data-from="tray-judge" @submit=${submit}>
    <input
      class="el-input el-criterion"
      dir="auto"
      data-test="tray-criterion"
      maxlength="2000"
      autocomplete="off"
      aria-label="What should stay"
      placeholder="what should stay; off-topic is …"
      title="What should stay, and after “off-topic is”, “drop” or “no” what should go. Empty: the task."
      .value=${rowwise.criterion}
      @input=${(event: Event) => rowwise.type((event.target as HTMLInputElement).value)}
    />
    <button type="submit" class="el-button el-primary" data-test="tray-judge-confirm" ?disabled=${store.selection.dragging}>Judge ${count(countSelected(state))}</button>
    <button type="button" class="el-button" data-test="tray-judge-back" @click=${() => rowwise.close()}>Back</button>
  </form>`;
}

/** How far it is, or what came of it; it stands whatever is selected meanwhile. */
export function judgeResult(page: Page): TemplateResult | typeof nothing {
  const { rowwise } = page.store;
  const { told, asking } = rowwise;
  if (asking) {
    const { done = 0, of = 0 } = told ?? {};
    return html`<p class="el-answer" data-test="judge-progress" role="status">
      Judging rows: <span class="el-figures">${count(done)} of ${count(of)}</span> <button type="button" class="el-link" data-test="judge-stop" @click=${() => rowwise.stop()}>Stop</button>
    </p>`;
  }
  if (!told || (!told.result && !told.error)) return nothing;
  return html`<div class="el-answer ${folds(page, told)}" data-test="judge-result" role="status">
    <button type="button" class="el-bare el-close" data-test="judge-close" title="Put this away" aria-label="Put this away" @click=${() => rowwise.forget()}>${CROSS}</button>
    ${told.error ? html`<p class="el-trouble" data-test="judge-trouble">${told.error}</p>` : nothing} ${told.result ? result(page, told, told.result) : nothing}
  </div>`;
}

function result(page: Page, told: RowsJudged, { counts, criterion, source, failed, known, left, error, read }: NonNullable<RowsJudged["result"]>): TemplateResult {
  const { store } = page;
  const judged = counts.keep + counts.drop + counts.unsure;
  const take = (verdict: RowWord) =>
    html`<button type="button" class="el-link" data-test="judge-take-${verdict}" title="Select these rows" ?disabled=${counts[verdict] === 0} @click=${() => void store.rowwise.take(verdict)}>
      <span class="el-pill ${TINTS[verdict]}">${verdict}</span> <span class="el-figures">${count(counts[verdict])}</span>
    </button>`;
  const rest = [
    known > 0 ? `${rows(known)} known from before` : "",
    left > 0 ? `${rows(left)} more were not asked about: a filter that is learned from these reaches them` : "",
    `says the analyst (${source})`,
  ].filter(Boolean);
  return html`<div class="el-answer-head">
      <p><b>${rows(judged)} judged:</b> ${take("drop")} ${take("unsure")} ${take("keep")}</p>
      ${unfold(page, told, "judge-more")}
    </div>
    <p class="el-answer-rest">
      by “<bdi>${criterion}</bdi>”
      <button type="button" class="el-link" data-test="judge-cut" title="Keep only rows of some quality: the rows below are counted and shown, none is dropped" @click=${() => store.quality.show("rows")}>Cut by quality…</button>
      <button type="button" class="el-link" data-test="judge-colours" title="Colours by the quality of the row" @click=${() => store.show({ colourBy: "judged_quality" })}>Colour by quality</button>
      <button type="button" class="el-link" data-test="judge-learn" title="A filter over all rows from these verdicts; it drops nothing" ?disabled=${store.learning.asking} @click=${() => void learn(store)}>Learn from these</button>
    </p>
    ${read ? html`<p class="el-soft el-answer-rest" data-test="judge-read">Read as: <bdi>${read}</bdi>.</p>` : nothing}
    ${failed > 0 ? html`<p class="el-trouble" data-test="judge-failed">${rows(failed)} got no verdict: ${error}</p>` : nothing}
    <p class="el-soft el-answer-rest">${rest.join(" · ")}</p>`;
}

/** What is learned stands on the Review tab. */
async function learn(store: Page["store"]): Promise<void> {
  store.show({ tab: "review" });
  await store.learning.learn(store.learning.learned?.name ?? "");
}
