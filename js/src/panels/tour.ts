// A step of the tour: a card beside what it is about, and a ring about that. The arrows lead on and back, Esc ends it.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "./page";

const EDGE = 12;
/** Px that the ring keeps from what it is about. */
const RING = 3;

export function tour(page: Page): TemplateResult | typeof nothing {
  const { tour: way } = page;
  const { step, at, steps } = way;
  if (!step || at === null) return nothing;
  const last = at === steps.length - 1;
  return html`<div class="el-tour-ring" aria-hidden="true"></div>
    <div class="el-tour" role="dialog" aria-label="Tour, step ${at + 1} of ${steps.length}: ${step.title}" aria-describedby="el-tour-says" tabindex="-1" data-test="tour">
      <p class="el-soft el-figures" data-test="tour-at">${at + 1} of ${steps.length}</p>
      <h3 data-test="tour-title">${step.title}</h3>
      <p id="el-tour-says" aria-live="polite">${step.says}</p>
      <p class="el-soft">${step.key}</p>
      <div class="el-acts">
        <button type="button" class="el-button el-primary" data-test="tour-next" @click=${() => way.go(1)}>${last ? "Done" : "Next"}</button>
        ${at > 0 ? html`<button type="button" class="el-button" data-test="tour-back" @click=${() => way.go(-1)}>Back</button>` : nothing}
        ${last ? nothing : html`<button type="button" class="el-link" data-test="tour-skip" @click=${() => way.end()}>Skip</button>`}
      </div>
    </div>`;
}

/** What a key does while the tour is on; false where it means nothing to it. */
export function pressTour({ tour: way }: Page, key: string, event: KeyboardEvent): boolean {
  if (way.at === null) return false;
  const target = event.composedPath()[0];
  const within = target instanceof Element && target.closest(".el-tour") !== null;
  if (key === "Escape") way.end();
  else if (within && key === "ArrowRight") way.go(1);
  else if (within && key === "ArrowLeft") way.go(-1);
  else return false;
  return true;
}

/** After the page is drawn: the ring about what the step points at, and the card where it hides least of that. */
export class TourPlace {
  #shown: number | null = null;

  constructor(
    readonly page: Page,
    readonly root: HTMLElement,
  ) {}

  drawn(): void {
    const { step, at } = this.page.tour;
    const moved = at !== this.#shown;
    const ended = at === null && this.#shown !== null;
    this.#shown = at;
    if (ended) return this.root.querySelector<HTMLElement>('[data-test="open-keys"]')?.focus({ preventScroll: true });
    const card = this.root.querySelector<HTMLElement>(".el-tour");
    const ring = this.root.querySelector<HTMLElement>(".el-tour-ring");
    const target = step?.at.map((selector) => this.root.querySelector<HTMLElement>(selector)).find(Boolean);
    const frame = this.root.querySelector<HTMLElement>(".el-frame");
    if (!card || !ring || !target || !frame) return;
    const ground = frame.getBoundingClientRect();
    const about = target.getBoundingClientRect();
    const [left, top] = [about.left - ground.left, about.top - ground.top];
    put(ring, left - RING, top - RING, about.width + 2 * RING, about.height + 2 * RING);
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = top + about.height + EDGE;
    // under what is small, inside what is large
    const y = below + height < ground.height - EDGE ? below : top + about.height - height - EDGE;
    const x = left + Math.max(EDGE, (about.width - width) / 2);
    put(card, within(x, ground.width - width), within(y, ground.height - height));
    if (moved) (card.querySelector<HTMLElement>('[data-test="tour-next"]') ?? card).focus({ preventScroll: true });
  }
}

const within = (place: number, most: number): number => Math.max(EDGE, Math.min(place, most - EDGE));

function put({ style }: HTMLElement, left: number, top: number, width?: number, height?: number): void {
  style.left = `${left}px`;
  style.top = `${top}px`;
  if (width !== undefined) style.width = `${width}px`;
  if (height !== undefined) style.height = `${height}px`;
}
