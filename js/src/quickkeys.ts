// The keys of the quick look, while the Review tab is open: X drops, 1 and 2 drop a half, Enter keeps, arrows lead back and on.

import type { Page } from "./panels/page";

/** Ms in which a second press is one of a double press. */
const DOUBLE = 500;

/** False where a key means something else: something is selected, the focus is on a control, or elsewhere. */
export function pressLook({ store, scatter }: Page, root: HTMLElement, key: string, event: KeyboardEvent): boolean {
  const { view, selected, revisited } = store.state;
  const { quick } = store;
  const target = event.composedPath()[0];
  if (view.tab !== "review" || selected || revisited || view.popover || event.shiftKey || !(target instanceof Element) || !root.contains(target)) return false;
  const onMap = target.closest(".elute-map") !== null;
  if (target !== root && !onMap && !target.closest(".el-body")) return false;
  if (onMap && view.tool === "polygon") return false;
  // a handle was moved: what comes next is about its rows, not about the look's
  if (target.matches("input[type=range], input[type=radio]")) return false;
  const control = target.closest("button, summary, a, input, select, [role=slider]") !== null;
  const done = act(key);
  // a new cluster begins at its beginning
  if (done) root.querySelector(".el-review")?.scrollTo?.({ top: 0 });
  return done;

  function act(pressed: string): boolean {
    switch (pressed) {
      case "x":
        return idle() || quick.drop() || quick.item !== null;
      case "1":
      case "2":
        return idle() || quick.dropHalf(pressed === "1" ? 0 : 1);
      case "Enter":
        if (control || (onMap && (scatter?.finish() ?? false))) return false;
        if (idle()) return true;
        if (quick.resting) quick.goOn();
        else return quick.keep() || quick.item !== null;
        return true;
      case "ArrowLeft":
        return quick.back();
      case "ArrowRight":
        return quick.later();
      default:
        return false;
    }
  }

  /** Whether a press decides nothing, since it is not about what is on the card. */
  function idle(): boolean {
    // held down it would drop what nobody has read
    if (event.repeat) return true;
    if (Date.now() - store.dropped < DOUBLE) {
      store.dropped = Date.now();
      return true;
    }
    if (!quick.item || !store.searching.found?.count) return false;
    store.set({ notice: "Nothing was decided: hits of the search are lit up. Esc puts them away." });
    return true;
  }
}
