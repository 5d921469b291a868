// The keyboard. A handled key stops here: JupyterLab would cut the cell on X and undo a cell edit on Z.

import { type Dispose, listen, together } from "./listen";

export interface KeyActions {
  /** Does what the key says; false where it has no meaning now, so that it goes on its way. */
  press(key: string, event: KeyboardEvent): boolean;
}

/** Keys that work while the pointer rests on the widget and the focus is elsewhere, but not where one types. */
const BY_POINTER = new Set(["x", "z", "Z", "Delete", "Escape", "t", "l", "p", "b", "r", "i", "g", "f", "/", "?"]);

/** JupyterLab runs no shortcut for a key pressed in an element with this attribute. */
const SUPPRESS = "data-lm-suppress-shortcuts";

/** What moves a handle or a choice that has the focus. */
const MOVES = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", " "]);

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]:not([contenteditable=false]), .cm-editor, .monaco-editor") !== null;
}

/** Nothing is typed into it: it keeps the keys that move it, and no other. */
const isHandle = (target: EventTarget | null): boolean => target instanceof Element && target.matches("input[type=range], input[type=radio]");

/** Letters are typed there. */
export const isField = (target: EventTarget | null): boolean => isTyping(target) && !isHandle(target);

/** X and x are one key; Z is redo, z is undo. */
function nameOf({ key, shiftKey }: KeyboardEvent): string {
  if (key.length !== 1) return key;
  const lower = key.toLowerCase();
  return lower === "z" && shiftKey ? "Z" : lower;
}

export function watchKeys(root: HTMLElement, actions: KeyActions): Dispose {
  let hovering = false;
  const press = (event: KeyboardEvent) => {
    // The true target: VS Code and others render outputs in shadow roots.
    const target = event.composedPath()[0] ?? event.target;
    const inside = target instanceof Node && root.contains(target);
    // the focus says more than the pointer: what is pressed in another widget is that one's
    if (!inside && event.composedPath().some((at) => at instanceof Element && at.classList.contains("elute"))) return;
    const key = nameOf(event);
    const chord = event.ctrlKey || event.metaKey;
    // JupyterLab's selectors end in ":focus", which the target itself fits before any element above it is asked for the attribute.
    // Saving stays the notebook's: else the browser would offer to save the page.
    if (inside && target instanceof Element) for (const element of [root, target]) element.toggleAttribute(SUPPRESS, !(chord && key === "s"));
    if (chord || event.altKey || event.isComposing) return;
    const free = inside && isHandle(target) && !MOVES.has(key);
    if (isTyping(target) && !free ? !(inside && key === "Escape") : !inside && !(hovering && BY_POINTER.has(key))) return;
    if (!actions.press(key, event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  /** JupyterLab leaves the focus where it is when one clicks beside the output in the same cell: keys would still come here. */
  const leave = (event: PointerEvent) => {
    const focus = (root.getRootNode() as Document | ShadowRoot).activeElement;
    if (focus instanceof HTMLElement && root.contains(focus) && !event.composedPath().includes(root)) focus.blur();
  };
  return together(
    listen(window, "pointerdown", leave, { capture: true }),
    listen(root, "pointerenter", () => (hovering = true)),
    listen(root, "pointerleave", () => (hovering = false)),
    // Before the host: its shortcuts listen on the document while the event comes down.
    listen(window, "keydown", press, { capture: true }),
    // What is typed into a field of ours is nobody else's.
    listen(root, "keydown", (event: KeyboardEvent) => isTyping(event.target) && event.stopPropagation()),
  );
}
