// Where one types, as the page is drawn: a field that opens takes the focus, and what goes gives it back. Letters that were meant for a
// field are no keys, though it went under the hand or the host has the focus.

import { active } from "./focus";
import { isField } from "./keys";
import { type Dispose, listen, together } from "./listen";

/** Ms without a key after which a word is done. */
const PAUSE = 1000;

export class Typing {
  /** The field of the tray's form; it says which button opened it. */
  #field: HTMLElement | null = null;
  /** What was typed is done with: sent, given up, or left. */
  #done = true;
  /** Until then the rest of a word is typed whose field went. */
  #until = 0;

  constructor(readonly root: HTMLElement) {}

  watch(): Dispose {
    const within = (target: EventTarget) => isField(target) && this.root.contains(target as Node);
    const key = (event: KeyboardEvent) => {
      if (within(event.composedPath()[0])) this.#done = ["Enter", "Escape", "Tab"].includes(event.key) && !event.isComposing;
    };
    const press = (event: Event) => {
      this.#done = !within(event.composedPath()[0]);
      this.#until = 0;
    };
    return together(
      listen(this.root, "focusin", ({ target }) => isField(target) && (this.#done = false)),
      listen(window, "keydown", key, { capture: true }),
      listen(window, "pointerdown", press, { capture: true }),
    );
  }

  /** What has the focus before the page is drawn. */
  get held(): HTMLElement | null {
    const element = active(this.root);
    return element instanceof HTMLElement && this.root.contains(element) ? element : null;
  }

  /** After the page is drawn. */
  drawn(held: HTMLElement | null): void {
    const field = this.root.querySelector<HTMLElement>("form[data-from] input");
    const opened = field !== this.#field ? field : null;
    this.#field = field;
    if (held && !held.isConnected) {
      if (isField(held) && !this.#done) this.#until = Date.now() + PAUSE;
      if (!this.held) this.#back(held);
    }
    if (!isField(active(this.root))) opened?.focus({ preventScroll: true });
  }

  /** The focus goes to the button that opened what went, or to the whole: nothing is pressed there by mistake. */
  #back(gone: HTMLElement): void {
    const from = gone.closest<HTMLElement>("[data-from]")?.dataset.from;
    if (from) this.root.querySelector<HTMLElement>(`[data-test="${from}"]`)?.focus({ preventScroll: true });
    if (!this.held) this.root.focus({ preventScroll: true });
  }

  /** Whether a key is a letter that was meant for a field. */
  takes(key: string, event: KeyboardEvent): boolean {
    if (this.#field?.isConnected && key !== "Escape" && !this.root.contains(event.composedPath()[0] as Node)) return true;
    if (Date.now() >= this.#until) return false;
    this.#until = Date.now() + PAUSE;
    return true;
  }
}
