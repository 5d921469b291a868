// What each key does. The list that ? shows stands in panels/keys.ts.

import { isField } from "./keys";
import type { Hover } from "./panels/hover";
import type { Page } from "./panels/page";
import type { Tool } from "./scatter/types";
import { exportedOf } from "./state";
import type { Store } from "./store";

interface Place {
  page: Page;
  root: HTMLElement;
  hover: Hover;
}

const TOOLS: Record<string, Tool> = { t: "turn", l: "lasso", p: "polygon", b: "box", r: "brush" };

/** Keys that mean nothing on an exported page. */
const DECIDES = new Set(["x", "Delete", "z", "Z", "g"]);

/** False where a key has no meaning now. */
export function press(place: Place, key: string, event: KeyboardEvent): boolean {
  const { page, root } = place;
  const { store, scatter } = page;
  const { view, selected, session } = store.state;
  const target = event.target as Element;
  if (key in TOOLS) {
    store.show({ tool: TOOLS[key] });
    return true;
  }
  if (DECIDES.has(key) && exportedOf(store.state)) return true;
  switch (key) {
    case "x":
    case "Delete":
      if (selected) void store.drop();
      return true;
    case "z":
      // a decision that is on its way, or was just acknowledged, is taken back as well: requests are answered in their order
      if (session?.undo || store.behind) void store.undo();
      return true;
    case "Z":
      if (session?.redo || store.behind) void store.redo();
      return true;
    case "i":
      // of nothing it would be everything, and X comes next
      if (selected) store.selection.invert(store.colouring.filter);
      return true;
    case "g":
      if (selected) void store.selection.grow();
      return true;
    case "f":
      page.flyToSelection();
      return true;
    case "/":
      root.querySelector<HTMLElement>('[data-test="search"]')?.focus();
      return true;
    case "?":
      // from its button the next Tab leads into the list, and the focus is not lost with it
      root.querySelector<HTMLElement>('[data-opens="keys"]')?.focus({ preventScroll: true });
      store.show({ popover: view.popover === "keys" ? "" : "keys" });
      return true;
    case "Escape":
      return escape(place, event.composedPath()[0]);
    case "Enter":
      return target.closest(".elute-map") !== null && (scatter?.finish() ?? false);
    default:
      return false;
  }
}

/** Puts away one thing, the one that came last: what is being typed before anything else, and from a field never the selection. */
function escape({ page: { store }, root, hover }: Place, at: EventTarget): boolean {
  if (store.selection.dragging) return false; // the map restores what was selected before the drag
  const { view, hits, search } = store.state;
  const target = at instanceof Element ? at : root;
  const typing = isField(target);
  if (view.popover) store.show({ popover: "" });
  else if (target.matches(".el-rename")) (target as HTMLInputElement).value = (target as HTMLInputElement).defaultValue;
  else if (target.matches("[data-test=search]") && (hits || search || view.query)) store.searching.clear();
  else if ((!typing || target.closest(".el-tray")) && putAway(store)) return true; // the focus goes back to where the form was opened
  else if (hover.close()) return true;
  else if (!typing) clear(store);
  root.focus({ preventScroll: true });
  return true;
}

/** Closes the form in the tray; false where none is open. */
function putAway(store: Store): boolean {
  const { rowwise, evidence } = store;
  const { selected, view } = store.state;
  if (!selected) return false;
  if (view.naming !== null) store.show({ naming: null });
  else if (rowwise.opened) rowwise.close();
  else if (evidence.typed) evidence.type(null);
  else return false;
  return true;
}

/** What is lit up on the map goes dark. */
function clear(store: Store): void {
  const { hits, search, selected, revisited } = store.state;
  if (hits || search) store.searching.clear();
  else if (revisited) store.set({ revisited: null });
  else if (selected) store.selection.clear();
}
