import { beforeEach, describe, expect, it } from "vitest";
import { Drawing, type Drawn } from "../src/scatter/drawing";
import type { Tool } from "../src/scatter/types";
import type { View } from "../src/scatter/views";

const NONE = { shift: false, alt: false };
const LEFT: View = { dim: 3, pane: { x: 0, y: 0, width: 400, height: 300 } };
const RIGHT: View = { dim: 2, pane: { x: 400, y: 0, width: 400, height: 300 } };

let done: Drawn[];
let cancelled: number;
let drawing: Drawing;
const use = (tool: Tool) => drawing.setTool(tool);
const click = (x: number, y: number, keys = NONE) => drawing.place(x, y, keys);
const keys = (...names: string[]) => names.map((name) => (name.startsWith("Shift+") ? drawing.key(name.slice(6), { shift: true, alt: false }) : drawing.key(name, NONE)));
const points = (drawn: Drawn | null | undefined) => drawn && [...drawn.outline.points];

beforeEach(() => {
  done = [];
  cancelled = 0;
  drawing = new Drawing({
    view: (x = 0) => (x < 400 ? LEFT : RIGHT),
    changed: () => undefined,
    done: (drawn) => void done.push(drawn),
    cancelled: () => void cancelled++,
  });
});

describe("a polygon by clicks", () => {
  beforeEach(() => use("polygon"));

  it("follows the pointer, and closes on its first corner", () => {
    for (const [x, y] of [[10, 10], [100, 10], [100, 80]]) click(x, y);
    drawing.hover(20, 90, NONE);
    expect(points(drawing.now)).toEqual([10, 10, 100, 10, 100, 80, 20, 90]);
    expect(drawing.now?.outline.corners).toBe(3);
    click(20, 90);
    drawing.hover(13, 12, NONE);
    expect(points(drawing.now)).toEqual([10, 10, 100, 10, 100, 80, 20, 90]); // as it would close
    click(13, 12);
    expect(points(done[0])).toEqual([10, 10, 100, 10, 100, 80, 20, 90]);
    expect([done[0].outline.corners, drawing.running, drawing.now]).toEqual([0, false, null]);
  });

  it("closes by a double click, which sets no corner twice, and not before it has three", () => {
    for (const [x, y] of [[10, 10], [10, 10], [100, 10], [100, 10]]) click(x, y);
    expect(drawing.now?.outline.corners).toBe(2);
    click(100, 80);
    expect(done).toHaveLength(0);
    click(101, 80);
    expect(points(done[0])).toEqual([10, 10, 100, 10, 100, 80]);
  });

  it("takes corners back one by one, and is given up by Esc, by its last corner, and by another tool", () => {
    for (const [x, y] of [[10, 10], [100, 10], [100, 80]]) click(x, y);
    expect(keys("Backspace", "Backspace")).toEqual([true, true]);
    expect(drawing.now?.outline.corners).toBe(1);
    keys("Backspace");
    expect([drawing.running, cancelled]).toEqual([false, 1]);
    expect(keys("Backspace", "Escape")).toEqual([false, false]);
    click(10, 10);
    expect(keys("Escape")).toEqual([true]);
    click(10, 10);
    use("turn");
    expect([drawing.running, cancelled, done]).toEqual([false, 3, []]);
  });

  it("ends from outside, given up where it is no polygon yet", () => {
    expect(drawing.finish()).toBe(false);
    click(10, 10);
    expect(drawing.finish()).toBe(true);
    expect([cancelled, done]).toEqual([1, []]);
    for (const [x, y] of [[10, 10], [100, 10], [100, 80]]) click(x, y);
    drawing.hover(50, 200, NONE);
    expect(drawing.finish()).toBe(true);
    expect(points(done[0])).toEqual([10, 10, 100, 10, 100, 80]); // no corner where the pointer only was
  });

  it("reads Shift and Alt again at any time, and the bar's own way where neither is held", () => {
    drawing.op = "intersect";
    click(10, 10);
    expect(drawing.now?.op).toBe("intersect");
    expect(drawing.modifiers({ shift: true, alt: false })).toBe(true);
    expect(drawing.now?.op).toBe("add");
    drawing.hover(50, 50, { shift: false, alt: true });
    expect(drawing.now?.op).toBe("subtract");
    for (const [x, y] of [[100, 10], [100, 80], [10, 10]]) click(x, y, { shift: true, alt: true });
    expect(done[0].op).toBe("intersect");
    expect(drawing.modifiers({ shift: true, alt: false })).toBe(false);
  });

  it("stays in the view in which it began", () => {
    click(390, 10);
    click(700, 50);
    expect(drawing.now?.view).toBe(LEFT);
    expect(points(drawing.now)).toEqual([390, 10, 400, 50]);
  });
});

describe("a polygon by keys", () => {
  beforeEach(() => use("polygon"));

  it("is placed with a cross that arrows move, and closes by a second Enter", () => {
    expect(keys("ArrowRight", "Shift+ArrowUp", " ", "Shift+ArrowRight", "Enter", "Shift+ArrowDown", "Enter", "Enter")).toEqual(Array(8).fill(true));
    expect(points(done[0])).toEqual([206, 114, 242, 114, 242, 150]);
    expect(done[0].view).toBe(LEFT);
  });

  it("closes on its first corner, and shows where the next would be", () => {
    drawing.showCross();
    keys(" ", "Shift+ArrowRight", " ", "Shift+ArrowDown", " ", "Shift+ArrowLeft");
    expect(points(drawing.now)).toEqual([200, 150, 236, 150, 236, 186, 200, 186]);
    keys(" ", "Shift+ArrowUp", "ArrowLeft", "Enter");
    expect(points(done[0])).toEqual([200, 150, 236, 150, 236, 186, 200, 186]);
  });

  it("shows the cross first, sets nothing unseen, stays in the map, and goes when a pointer comes", () => {
    keys("Enter");
    expect([drawing.cross, drawing.running]).toEqual([{ x: 200, y: 150 }, false]);
    keys(...Array<string>(20).fill("Shift+ArrowUp"));
    expect(drawing.cross).toEqual({ x: 200, y: 0 });
    drawing.hover(50, 60, NONE);
    expect(drawing.cross).toBeNull();
    keys("ArrowRight");
    expect(drawing.cross).toEqual({ x: 56, y: 60 });
  });

  it("leaves arrows to the map with every other tool", () => {
    use("lasso");
    expect(keys("ArrowRight", "Enter", " ", "Escape", "[")).toEqual([false, false, false, false, false]);
    drawing.showCross();
    expect(drawing.cross).toBeNull();
  });
});

describe("drags", () => {
  const drag = (...places: [number, number][]) => {
    drawing.draw("start", ...places[0], NONE);
    for (const place of places.slice(1)) drawing.draw("move", ...place, NONE);
    drawing.draw("end", ...places.at(-1)!, NONE);
  };

  it("draw with the tool: a line, a box, a brush of a width", () => {
    use("lasso");
    drag([10, 10], [50, 10], [50, 50]);
    use("box");
    drag([10, 10], [50, 10], [50, 50]);
    use("brush");
    expect(keys("]")).toEqual([true]);
    drag([10, 10], [50, 10], [50, 50]);
    expect(done.map((drawn) => points(drawn)?.length)).toEqual([6, 8, 6]);
    expect(done.map(({ outline }) => outline.radius)).toEqual([0, 0, drawing.radius]);
    expect(drawing.hold).toBe("dab");
  });

  it("keep the brush within what one can see and hold", () => {
    use("brush");
    for (let i = 0; i < 60; i++) drawing.widen(1);
    const widest = drawing.radius;
    for (let i = 0; i < 60; i++) drawing.widen(-1);
    expect([widest, drawing.radius]).toEqual([160, 4]);
  });

  it("are given up by Esc, once", () => {
    use("lasso");
    drawing.draw("start", 10, 10, NONE);
    drawing.draw("cancel", 20, 20, NONE);
    drawing.draw("move", 30, 30, NONE);
    drawing.draw("end", 30, 30, NONE);
    expect([cancelled, done]).toEqual([1, []]);
  });
});
