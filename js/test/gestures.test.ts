// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gestures, type GestureHandlers, type Hold } from "../src/scatter/gestures";

type Said = [string, ...unknown[]];

let element: HTMLElement;
let said: Said[];
let tool: Hold;
/** Whether the tool says that keys mean something. */
let takes: boolean;
let dispose: () => void;
/** Listeners that gestures added and did not remove, on whatever they can reach. */
let standing = 0;

function count(target: EventTarget): void {
  const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
  vi.spyOn(target, "addEventListener").mockImplementation((...args) => void (standing++, add(...args)));
  vi.spyOn(target, "removeEventListener").mockImplementation((...args) => void (standing--, remove(...args)));
}

const say = (name: string) => (...args: unknown[]) => void said.push([name, ...args]);
const names = () => said.map(([name, step]) => (name === "draw" ? `draw ${String(step)}` : name));
const pointer = (type: string, x: number, y: number, more: PointerEventInit = {}) =>
  element.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, bubbles: true, cancelable: true, ...more }));
const key = (type: string, name: string, more: KeyboardEventInit = {}, target: EventTarget = element) => {
  const event = new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
};
const drag = (...places: [number, number][]) => {
  pointer("pointerdown", ...places[0]);
  for (const place of places.slice(1)) pointer("pointermove", ...place);
};

beforeEach(() => {
  element = document.createElement("div");
  element.tabIndex = 0;
  element.setPointerCapture = vi.fn();
  document.body.append(element);
  said = [];
  tool = "draw";
  takes = false;
  const heard = (name: string) => (...args: unknown[]) => {
    if (takes) said.push([name, ...args]);
    return takes;
  };
  const on: GestureHandlers = {
    begin: () => tool,
    turn: say("turn"), pan: say("pan"), zoom: say("zoom"), draw: say("draw"),
    place: say("place"), widen: heard("widen"), key: heard("key"), modifiers: heard("modifiers"), focus: say("focus"),
    hover: say("hover"), leave: say("leave"), click: say("click"), doubleClick: say("doubleClick"),
  }; // prettier-ignore
  standing = 0;
  for (const target of [element, window]) count(target);
  dispose = gestures(element, on);
});

afterEach(() => {
  dispose();
  element.remove();
  vi.restoreAllMocks();
});

describe("gestures", () => {
  it("remove every listener they added, in mid-drag too", () => {
    const idle = standing;
    expect(idle).toBeGreaterThan(5);
    drag([10, 10], [50, 50]);
    expect(standing).toBeGreaterThan(idle);
    pointer("pointerup", 50, 50);
    expect(standing).toBe(idle);
    drag([10, 10], [50, 50]);
    dispose();
    expect(standing).toBe(0);
    expect(names().at(-1)).toBe("draw cancel");
    said = [];
    drag([10, 10], [90, 90]);
    expect(said).toEqual([]);
  });

  it("draw from where the press began, capturing the pointer", () => {
    drag([10, 10], [30, 10], [30, 40]);
    pointer("pointerup", 31, 41);
    expect(said.filter(([name]) => name === "draw").map((s) => s.slice(1, 4))).toEqual([
      ["start", 10, 10], ["move", 30, 10], ["move", 30, 40], ["end", 31, 41],
    ]); // prettier-ignore
    expect(element.setPointerCapture).toHaveBeenCalledWith(1);
  });

  it("take a press that hardly moves for a click", () => {
    drag([10, 10], [12, 11]);
    pointer("pointerup", 12, 11);
    expect(said).toEqual([["click", 12, 11]]);
  });

  it("draws through every place that a slow frame brings at once", () => {
    const places = [[12, 30], [40, 44], [60, 20], [11, 10]] as const; // prettier-ignore
    pointer("pointerdown", 10, 10);
    const event = new PointerEvent("pointermove", { clientX: 11, clientY: 10, pointerId: 1, bubbles: true });
    event.getCoalescedEvents = () => places.map(([clientX, clientY]) => new PointerEvent("pointermove", { clientX, clientY, pointerId: 1 }));
    element.dispatchEvent(event);
    pointer("pointerup", 10, 10);
    const drawn = said.filter(([name, step]) => name === "draw" && step === "move").map(([, , x, y]) => [x, y]);
    expect(drawn).toEqual(places);
    expect(names().at(-1)).toBe("draw end");
  });

  it("read Shift and Alt again in mid-drag, without a move too", () => {
    drag([10, 10], [50, 50]);
    key("keydown", "Shift", { shiftKey: true }, document.body);
    key("keydown", "Alt", { shiftKey: true, altKey: true }, document.body);
    pointer("pointermove", 60, 60, { altKey: true });
    expect(said.filter(([name]) => name === "draw").slice(-3).map((s) => s[4])).toEqual([
      { shift: true, alt: false }, { shift: true, alt: true }, { shift: false, alt: true },
    ]); // prettier-ignore
  });

  it("cancel on Esc wherever the focus is, keep the key from the notebook, and hear nothing until the next press", () => {
    const notebook = vi.fn();
    document.addEventListener("keydown", notebook);
    drag([10, 10], [50, 50]);
    expect(key("keydown", "Escape", {}, document.body).defaultPrevented).toBe(true);
    pointer("pointermove", 60, 60);
    pointer("pointerup", 60, 60);
    expect(names().filter((name) => name.startsWith("draw"))).toEqual(["draw start", "draw move", "draw cancel"]);
    expect(notebook).not.toHaveBeenCalled();
    key("keydown", "Escape", {}, document.body);
    expect(notebook).toHaveBeenCalledTimes(1);
    document.removeEventListener("keydown", notebook);
  });

  it("turn the map while Space is held, and draw on after it", () => {
    drag([10, 10], [50, 50]);
    key("keydown", " ", {}, document.body);
    pointer("pointermove", 55, 53);
    key("keyup", " ", {}, document.body);
    pointer("pointermove", 70, 70);
    expect(said.slice(-2).map((s) => s.slice(0, 3))).toEqual([["turn", 5, 3], ["draw", "move", 70]]);
  });

  it("turn with the tool for it, and pan with the right button or Ctrl", () => {
    tool = "turn";
    drag([10, 10], [20, 15]);
    pointer("pointerup", 20, 15);
    expect(said.at(-1)).toEqual(["turn", 10, 5]);
    for (const more of [{ button: 2 }, { ctrlKey: true }]) {
      pointer("pointerdown", 10, 10, more);
      pointer("pointermove", 20, 15, more);
      pointer("pointerup", 20, 15, more);
      expect(said.at(-1)).toEqual(["pan", 10, 5]);
    }
  });

  it("neither pick nor show a menu for a right click", () => {
    pointer("pointerdown", 10, 10, { button: 2 });
    pointer("pointerup", 10, 10, { button: 2 });
    const menu = new MouseEvent("contextmenu", { cancelable: true });
    element.dispatchEvent(menu);
    expect([said, menu.defaultPrevented]).toEqual([[], true]);
  });

  it("zoom by the wheel, in steps that are bounded, and leave the page where it is", () => {
    const wheel = (deltaY: number, more: WheelEventInit = {}) => {
      const event = Object.assign(new WheelEvent("wheel", { deltaY, cancelable: true, ...more }), { clientX: 5, clientY: 6 });
      element.dispatchEvent(event);
      expect(event.defaultPrevented).toBe(true);
      return said.at(-1) as [string, number, number, number];
    };
    expect(wheel(-100)[1]).toBeLessThan(1);
    expect(wheel(100)).toEqual(["zoom", expect.closeTo(1 / (said.at(-2)?.[1] as number), 9), 5, 6]);
    expect(wheel(1e9)[1]).toBeLessThan(1.6);
    expect(wheel(3, { deltaMode: 1 })[1]).toBeCloseTo(wheel(48)[1], 9);
  });

  it("pinch with two fingers, which ends a drawing that the first began", () => {
    drag([100, 100], [120, 100]);
    pointer("pointerdown", 220, 100, { pointerId: 2 });
    expect(names().at(-1)).toBe("draw cancel");
    pointer("pointermove", 320, 100, { pointerId: 2 });
    expect(said.at(-2)).toEqual(["pan", 50, 0]);
    expect(said.at(-1)).toEqual(["zoom", 0.5, 220, 100]);
    pointer("pointerup", 320, 100, { pointerId: 2 });
    pointer("pointermove", 130, 100);
    pointer("pointerup", 130, 100);
    expect(names().filter((name) => name.startsWith("draw"))).toHaveLength(3);
    pointer("pointermove", 140, 100);
    expect(names().at(-1)).toBe("hover");
  });

  it("cancel when the browser takes the pointer away", () => {
    drag([10, 10], [50, 50]);
    pointer("pointercancel", 50, 50);
    expect(names().at(-1)).toBe("draw cancel");
  });

  it("turn, move and zoom by keys, and leave every other key to the notebook", () => {
    expect(key("keydown", "ArrowLeft").defaultPrevented).toBe(true);
    key("keydown", "ArrowUp", { shiftKey: true });
    key("keydown", "+");
    expect(said).toEqual([["turn", -24, 0], ["pan", 0, -24], ["zoom", 0.8]]);
    for (const name of ["x", "z", "Enter", "Escape"]) expect(key("keydown", name).defaultPrevented).toBe(false);
    expect(key("keydown", "+", { ctrlKey: true }).defaultPrevented).toBe(false);
  });

  it("hover without a button, and say when the pointer is gone", () => {
    pointer("pointermove", 7, 8);
    pointer("pointerleave", 7, 8);
    expect(said).toEqual([["hover", 7, 8, { shift: false, alt: false }], ["leave"]]);
  });

  it("draw from the press on with a brush, so that a click is a dab", () => {
    tool = "dab";
    drag([10, 10]);
    pointer("pointerup", 10, 10);
    expect(names()).toEqual(["leave", "draw start", "draw end"]);
  });

  it("set a corner where a press ends, and turn while Space is held, before the press or in it", () => {
    tool = "place";
    drag([10, 10], [14, 30]);
    pointer("pointerup", 14, 30, { shiftKey: true });
    expect(names()).toEqual(["hover", "hover", "place"]);
    expect(said.at(-1)?.slice(1, 3)).toEqual([14, 30]);
    for (const before of [true, false]) {
      said = [];
      if (before) key("keydown", " ");
      drag([10, 10]);
      if (!before) key("keydown", " ");
      pointer("pointermove", 20, 15);
      pointer("pointermove", 30, 15);
      pointer("pointerup", 30, 15);
      key("keyup", " ");
      expect(names().filter((name) => name !== "hover" && name !== "leave")).toEqual(["turn", "turn"]);
    }
    said = [];
    drag([10, 10]);
    pointer("pointerup", 10, 10);
    expect(names()).toEqual(["hover", "place"]);
  });

  it("give keys to the tool first, Space once it is let go, and to nobody else then", () => {
    const notebook = vi.fn();
    window.addEventListener("keydown", notebook);
    takes = true;
    for (const name of ["ArrowLeft", "Enter", "Backspace", "["]) expect(key("keydown", name).defaultPrevented).toBe(true);
    key("keydown", " ");
    key("keydown", " ");
    expect(said.map(([, name]) => name)).toEqual(["ArrowLeft", "Enter", "Backspace", "["]);
    key("keyup", " ");
    expect(said.at(-1)?.[1]).toBe(" ");
    key("keydown", "Escape", {}, document.body);
    expect(said.at(-1)?.[1]).toBe("Escape");
    expect(notebook).not.toHaveBeenCalled();
    for (const [name, target, more] of [["Enter", document.body, {}], ["Enter", element, { ctrlKey: true }]] as const) {
      said = [];
      key("keydown", name, more, target);
      expect(said).toEqual([]);
    }
    window.removeEventListener("keydown", notebook);
  });

  it("read Shift and Alt between clicks too, wherever the focus is", () => {
    takes = true;
    key("keydown", "Shift", { shiftKey: true }, document.body);
    key("keyup", "Shift", {}, document.body);
    expect(said).toEqual([["modifiers", { shift: true, alt: false }], ["modifiers", { shift: false, alt: false }]]);
  });

  it("make the brush wider by the wheel with Alt, and zoom where nothing has a width", () => {
    const wheel = () => element.dispatchEvent(Object.assign(new WheelEvent("wheel", { deltaY: -100, cancelable: true }), { altKey: true }));
    wheel();
    expect(names()).toEqual(["zoom"]);
    takes = true;
    wheel();
    expect(said.at(-1)).toEqual(["widen", 1]);
  });
});
