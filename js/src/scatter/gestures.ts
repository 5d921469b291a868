/**
 * Pointer, wheel and keys to intentions. Knows an element and no scene. One state a gesture: pressed (nothing moved yet),
 * turning, panning, drawing, placing a corner, pinching.
 */
import { listen, together, type Dispose } from "../listen";

export interface Keys {
  shift: boolean;
  alt: boolean;
}

export type DrawStep = "start" | "move" | "end" | "cancel";

/** What a press does: turns, draws once it has moved, draws at once, or sets a corner where it ends. */
export type Hold = "turn" | "draw" | "dab" | "place";

/** All places in css px from the element's top left. */
export interface GestureHandlers {
  /** A press at (x, y), or another hold on the map there. */
  begin(x: number, y: number): Hold;
  turn(dx: number, dy: number): void;
  pan(dx: number, dy: number): void;
  /** `factor` below 1: closer; about (x, y) where the pointer says so. */
  zoom(factor: number, x?: number, y?: number): void;
  draw(step: DrawStep, x: number, y: number, keys: Keys): void;
  /** A corner. */
  place(x: number, y: number, keys: Keys): void;
  /** The wheel with Alt, by notches: wider above 0. False where nothing has a width. */
  widen(notches: number): boolean;
  /** A key on the element while no gesture runs. True where it means something: nobody else hears it then. */
  key(name: string, keys: Keys): boolean;
  /** Shift or Alt changed while no gesture runs, wherever the focus is. True where that means something. */
  modifiers(keys: Keys): boolean;
  /** The element is reached by keys. */
  focus(): void;
  hover(x: number, y: number, keys: Keys): void;
  leave(): void;
  click(x: number, y: number): void;
  doubleClick(x: number, y: number): void;
}

type State = "idle" | "pressed" | "turn" | "pan" | "draw" | "place" | "pinch";
interface Place {
  x: number;
  y: number;
}

/** Css px that a press may shake and still be a click. */
const SHAKE = 4;
/** Css px that an arrow key turns or moves the map by, as if dragged. */
const STEP = 24;

export function gestures(element: HTMLElement, on: GestureHandlers): Dispose {
  let state: State = "idle";
  let intent: "turn" | "pan" | "draw" = "turn";
  let at: Place = { x: 0, y: 0 };
  /** Space is down: what is dragged turns the map. */
  let space = false;
  /** Something was dragged with it, so it is no key press of its own. */
  let spaceTurned = false;
  /** The focus comes by a press. */
  let byHand = false;
  let keys: Keys = { shift: false, alt: false };
  const pointers = new Map<number, Place>();
  let dropKeys: Dispose = () => undefined;

  const place = (event: MouseEvent): Place => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const readKeys = (event: MouseEvent | KeyboardEvent) => {
    keys = { shift: event.shiftKey, alt: event.altKey };
  };
  const rest = () => {
    state = "idle";
    dropKeys();
  };
  const cancelDrawing = () => {
    if (state === "draw") on.draw("cancel", at.x, at.y, keys);
  };

  const down = (event: PointerEvent) => {
    if (event.button === 1) return;
    byHand = true;
    element.focus({ preventScroll: true });
    byHand = false;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    if (pointers.size === 2) {
      cancelDrawing();
      rest();
      state = "pinch";
    }
    if (pointers.size > 1) return;
    at = place(event);
    readKeys(event);
    state = "pressed";
    const hold = on.begin(at.x, at.y);
    intent = hold === "turn" || space ? "turn" : "draw";
    if (event.button === 2 || event.ctrlKey || event.metaKey) intent = "pan";
    if (space) spaceTurned = true;
    // While a gesture runs its keys are heard wherever the focus is, and by nobody else.
    dropKeys = together(
      listen<KeyboardEvent>(window, "keydown", keyInGesture, { capture: true }),
      listen<KeyboardEvent>(window, "keyup", keyInGesture, { capture: true }),
    );
    if (intent !== "draw") return;
    if (hold === "place") {
      state = "place";
      on.hover(at.x, at.y, keys);
    } else if (hold === "dab") {
      state = "draw";
      on.leave();
      on.draw("start", at.x, at.y, keys);
    }
  };

  /** A browser tells of a pointer once a frame; where frames are slow, an outline needs all places in between. */
  const moves = (event: PointerEvent) => {
    const between = intent === "draw" && pointers.size === 1 ? (event.getCoalescedEvents?.() ?? []) : [];
    for (const each of between.length > 0 ? between : [event]) move(each);
  };

  const move = (event: PointerEvent) => {
    const to = place(event);
    if (state === "idle") {
      readKeys(event);
      on.hover(to.x, to.y, keys);
      return;
    }
    if (!pointers.has(event.pointerId)) return;
    if (state === "pinch") {
      pinch(event.pointerId, to);
      return;
    }
    pointers.set(event.pointerId, to);
    if (state === "pressed") {
      if (Math.hypot(to.x - at.x, to.y - at.y) < SHAKE) return;
      state = intent;
      on.leave();
      if (state === "draw") on.draw("start", at.x, at.y, keys);
    }
    const [dx, dy] = [to.x - at.x, to.y - at.y];
    at = to;
    readKeys(event);
    if (state === "turn" || space) {
      spaceTurned = space;
      on.turn(dx, dy);
    } else if (state === "pan") on.pan(dx, dy);
    else if (state === "place") on.hover(to.x, to.y, keys);
    else on.draw("move", to.x, to.y, keys);
  };

  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    if (state === "pinch") {
      if (pointers.size === 0) rest();
      return;
    }
    const was = state;
    rest();
    at = place(event);
    if (was === "pressed" && event.button === 0 && intent !== "pan" && !space) on.click(at.x, at.y);
    if (was === "draw") on.draw("end", at.x, at.y, keys);
    if (was === "place" && !space) on.place(at.x, at.y, keys);
  };

  const abort = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    cancelDrawing();
    if (pointers.size === 0) rest();
  };

  const pinch = (id: number, to: Place) => {
    const from = pointers.get(id)!;
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    pointers.set(id, to);
    if (other === undefined) return;
    const [was, is] = [Math.hypot(from.x - other.x, from.y - other.y), Math.hypot(to.x - other.x, to.y - other.y)];
    on.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    if (was > 0 && is > 0) on.zoom(was / is, (to.x + other.x) / 2, (to.y + other.y) / 2);
  };

  const keyInGesture = (event: KeyboardEvent) => {
    const ours = ["Escape", " ", "Shift", "Alt"].includes(event.key);
    if (!ours || state === "pinch") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === " ") {
      space = event.type === "keydown";
      spaceTurned = true;
    } else if (event.key !== "Escape") {
      readKeys(event);
      if (state === "draw") on.draw("move", at.x, at.y, keys);
      else on.modifiers(keys);
    } else if (event.type === "keydown") {
      cancelDrawing();
      if (state === "place") on.key("Escape", keys);
      pointers.clear();
      rest();
    }
  };

  /** Between gestures; before all others, since what the tool takes is nobody else's. */
  const keyBetween = (event: KeyboardEvent) => {
    if (state !== "idle" || event.isComposing) return;
    readKeys(event);
    const [target] = event.composedPath();
    const down = event.type === "keydown";
    const chord = event.metaKey || (event.ctrlKey && !event.altKey); // both at once are AltGr, which types [ and ]
    const away = target !== element && !(event.key === "Escape" && !isTyping(target));
    let ours = false;
    if (event.key === "Shift" || event.key === "Alt") ours = on.modifiers(keys);
    else if (event.key === " ") ours = target === element ? spaceAlone(down) : (space = false);
    else if (down && !away && !chord) ours = on.key(event.key, keys);
    if (!ours) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  /** Held it turns the map, and only by itself it is a key. */
  const spaceAlone = (down: boolean): boolean => {
    if (down && !space) spaceTurned = false;
    const pressed = !down && space && !spaceTurned;
    space = down;
    if (pressed) on.key(" ", keys);
    return true;
  };

  const isTyping = (target: EventTarget | undefined) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;

  const wheel = (event: WheelEvent) => {
    event.preventDefault(); // the notebook stays where it is
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    // with Shift some systems turn the wheel sideways
    if (event.altKey && on.widen(-Math.sign(event.deltaY || event.deltaX))) return;
    // A trackpad's pinch arrives as a wheel with Ctrl and small steps.
    const delta = event.deltaY * lines * (event.ctrlKey ? 6 : 1);
    const to = place(event);
    if (state === "idle") on.begin(to.x, to.y);
    on.zoom(Math.exp(Math.max(-240, Math.min(240, delta)) * 0.0016), to.x, to.y);
  };

  const key = (event: KeyboardEvent) => {
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey || state !== "idle") return;
    const arrow = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    const zoom = { "+": 0.8, "=": 0.8, "-": 1.25 }[event.key];
    if (arrow === undefined && zoom === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (zoom !== undefined) on.zoom(zoom);
    else if (arrow !== undefined) (event.shiftKey ? on.pan : on.turn)(arrow[0], arrow[1]);
  };

  const off = together(
    listen<PointerEvent>(element, "pointerdown", down),
    listen<PointerEvent>(element, "pointermove", moves),
    listen<PointerEvent>(element, "pointerup", up),
    listen<PointerEvent>(element, "pointercancel", abort),
    listen<PointerEvent>(element, "pointerleave", () => on.leave()),
    listen<WheelEvent>(element, "wheel", wheel, { passive: false }),
    listen<MouseEvent>(element, "contextmenu", (event) => event.preventDefault()),
    listen<MouseEvent>(element, "dblclick", (event) => on.doubleClick(place(event).x, place(event).y)),
    listen<KeyboardEvent>(window, "keydown", keyBetween, { capture: true }),
    listen<KeyboardEvent>(window, "keyup", keyBetween, { capture: true }),
    listen<KeyboardEvent>(element, "keydown", key),
    listen(element, "focus", () => !byHand && element.matches(":focus-visible") && on.focus()),
    listen(element, "blur", () => (space = false)),
  );
  return () => {
    cancelDrawing();
    rest();
    off();
  };
}
