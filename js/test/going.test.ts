// @vitest-environment happy-dom
// What a drop would take is said before it is decided, counted on its button, and nothing goes before it is known.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Mask } from "../src/mask";
import { FakePython, point } from "./fake";
import { Hand, settle } from "./page";

let python: FakePython;
let hand: Hand;
const said = (test: string) => hand.find(test).textContent!.replace(/\s+/g, " ").trim();
const key = (name: string) => hand.press(name, hand.find("review"));
const kept = () => [...hand.store.state.kept!];
const review = async () => {
  hand = new Hand(python);
  await settle();
  await hand.click("tab-review");
};
const spare = async () => {
  (hand.find("look-spare") as HTMLInputElement).checked = true;
  hand.find("look-spare").dispatchEvent(new Event("change"));
  await settle();
};

beforeEach(() => {
  python = new FakePython();
  python.groups = [[0, 4], [1, 5], [7, 6]]; // the first card is of 4, 5 and 6
});
afterEach(() => hand.dispose());

describe("a card of the quick look", () => {
  it("counts on its button what goes with its groups, says so, and takes just that", async () => {
    await review();
    expect(said("look-figures")).toBe("3 rows");
    expect(said("look-drop")).toBe("Drop 6 X");
    expect(said("look-note")).toBe("With Drop: 3 more go with their group.");
    const release = python.hold("drop");
    await key("x");
    expect(kept(), "all of them leave the map at once").toEqual([2, 3, 8, 9]);
    release();
    await settle();
    expect([...Mask.from(10, python.asked.find(({ name }) => name === "drop")!.bytes!)]).toEqual([4, 5, 6]);
    expect(kept()).toEqual([2, 3, 8, 9]);
    expect(said("foot-status")).toBe("Dropped 6 rows. 3 more go with their group. Z brings them back.");
    expect(said("look-drop"), "of the next card, by now").toBe("Drop 2 X");
    expect(hand.has("look-note")).toBe(false);
    await key("z");
    expect(said("look-drop")).toBe("Drop 6 X");
  });

  it("drops nothing before that is known", async () => {
    const release = python.hold("going");
    await review();
    expect(said("look-drop")).toBe("Drop … X");
    expect((hand.find("look-drop") as HTMLButtonElement).disabled).toBe(true);
    await key("x");
    expect(hand.asked("drop")).toHaveLength(0);
    release();
    await settle();
    expect(said("look-drop")).toBe("Drop 6 X");
    expect(hand.asked("drop"), "the key is not kept for later").toHaveLength(0);
  });

  it("asks again where it could not be said", async () => {
    python.refuse = "going";
    await review();
    expect(said("foot-status")).toContain("going is refused");
    const asked = hand.asked("going").length;
    expect(asked).toBeLessThan(4);
    python.refuse = "";
    await key("x");
    expect(hand.asked("drop")).toHaveLength(0);
    expect(said("look-drop")).toBe("Drop 6 X");
    await key("x");
    expect(hand.asked("drop")).toHaveLength(1);
  });

  it("is counted anew where other rows went, and where something else was decided", async () => {
    await review();
    python.kept.set(0, false);
    await hand.revise("decision");
    expect(said("look-drop")).toBe("Drop 5 X");
    python.groups = [];
    await hand.revise("decision");
    expect(said("look-drop")).toBe("Drop 3 X");
    expect(hand.has("look-note")).toBe(false);
  });

  it("says what goes with each half, and takes it", async () => {
    python.first = [5];
    await review();
    expect(said("look-drop-1")).toBe("Drop 2 rows 1");
    expect(said("look-note-1")).toBe("With Drop: 1 more go with their group.");
    expect(said("look-drop-2")).toBe("Drop 4 rows 2");
    expect(said("look-drop")).toBe("Drop all 6 X");
    await key("1");
    expect(kept()).toEqual([0, 2, 3, 4, 6, 7, 8, 9]);
    expect(said("look-drop")).toBe("Drop 4 X");
    await key("z");
    expect([...hand.store.quick.item!.rows], "no more than the card had").toEqual([4, 5, 6]);
  });

  it("lets what is ticked to stay stay: the others of its group are not dropped either", async () => {
    python.groups = [[4, 5], [6, 7]];
    python.worth = [5];
    await review();
    expect(said("look-drop")).toBe("Drop 4 X");
    await spare();
    expect(said("look-drop")).toBe("Drop 2 X");
    expect(said("look-note")).toBe("With Drop: 1 row of the same groups stays with those kept. 1 more go with their group.");
    await key("x");
    expect(kept()).toEqual([0, 1, 2, 3, 4, 5, 8, 9]);
  });

  it("drops nothing where all of it stays with what is kept", async () => {
    python.groups = [[4, 5, 6]];
    python.worth = [5];
    await review();
    await spare();
    expect(said("look-drop")).toBe("Drop 0 X");
    expect(said("look-note")).toBe("With Drop: 2 rows of the same groups stay with those kept.");
    await key("x");
    expect(hand.asked("drop")).toHaveLength(0);
    await key("Enter");
    expect(hand.asked("keep")).toHaveLength(1);
  });
});

describe("the tray", () => {
  it("says it of rows that a cell or another view selected", async () => {
    hand = new Hand(python);
    await settle();
    python.selected = Mask.of(10, [0, 1]);
    await hand.revise("selection");
    expect(said("tray-note")).toBe("With Drop: 2 more go with their group.");
  });

  it("takes what looks worth keeping out with its groups, which would go all the same", async () => {
    python.groups = [[4, 5]];
    python.worth = [5];
    await review();
    hand.store.selection.pick([0, 1], "new");
    await new Promise((resolve) => setTimeout(resolve, 320));
    await settle();
    await hand.click("tray-worth-keep");
    expect([...hand.store.state.selected!]).toEqual([0, 1, 2, 3, 6]);
  });
});

describe("an uncertain row", () => {
  const drop = (at: number) => hand.click(hand.all("uncertain-drop")[at]);

  it("goes at once alone, and with others once that was said", async () => {
    await review();
    hand.store.learning.learned = { name: "odd", precision: 0.8, precision_error: 0.02, recall: 0.9, recall_error: 0.02, examples: 40, needed: 0, note: "", more: 2, uncertain: [point(2), point(0), point(4)] };
    hand.store.set({});
    await settle();
    await drop(0);
    expect(hand.asked("drop")).toHaveLength(1);
    await drop(0);
    expect(hand.asked("drop")).toHaveLength(1);
    expect(hand.all("uncertain-drop").map(({ textContent }) => textContent)).toEqual(["Drop 2", "Drop"]);
    expect(said("uncertain-note")).toBe("With Drop: 1 more go with their group.");
    await drop(0);
    expect(hand.asked("drop")).toHaveLength(2);
    expect(kept()).toEqual([1, 3, 5, 6, 7, 8, 9]);
    expect(hand.all("uncertain-drop")).toHaveLength(0);
  });
});
