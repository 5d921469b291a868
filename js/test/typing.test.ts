// @vitest-environment happy-dom
// What a person types: a field that opens has the focus, keeps what it holds while rows stay selected, and no letter of it is ever a key.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Mask } from "../src/mask";
import { cluster, FakePython } from "./fake";
import { Hand, settle } from "./page";

let python: FakePython;
let hand: Hand;
const dropped = () => python.asked.filter(({ name }) => name === "drop").map(({ bytes }) => [...Mask.from(python.n, bytes!)]);
const selected = () => [...(hand.store.state.selected ?? [])];
const focus = () => (document.activeElement as HTMLElement).dataset.test ?? document.activeElement!.tagName;
const value = (test: string) => (hand.find(test) as HTMLInputElement).value;
/** As a person does: the button has the focus then. */
const push = async (test: string) => {
  hand.find(test).focus();
  await hand.click(test);
};
const open = async (button: string) => {
  if (button.startsWith("more")) await push("open-more");
  await push(button);
};
/** Letters go where the focus is. */
const write = async (word: string) => {
  for (const letter of word) {
    const at = document.activeElement!;
    await hand.press(letter, at);
    if (at.matches("input")) await hand.type((at as HTMLElement).dataset.test!, (at as HTMLInputElement).value + letter);
  }
};
const round = async () => {
  python.frame++; // labels have another version
  await hand.revise("round");
};

/** Button, field, and the button that has the focus once the field is put away. */
const FORMS = [
  ["tray-save", "save-name", "tray-save"],
  ["more-tag", "tray-tag", "open-more"],
  ["more-relabel", "tray-label", "open-more"],
  ["tray-judge", "tray-criterion", "tray-judge"],
] as const;

beforeEach(async () => {
  python = new FakePython();
  hand = new Hand(python);
  await settle();
  hand.root.dispatchEvent(new PointerEvent("pointerenter"));
});
afterEach(() => {
  vi.useRealTimers();
  hand.dispose();
});

describe.each(FORMS)("%s", (button, field, opener) => {
  beforeEach(async () => {
    await hand.lasso([0, 1]);
    await hand.lasso([4], "add");
    await open(button);
  });

  it("opens a field that has the focus: what is typed at once is its text", async () => {
    expect(focus()).toBe(field);
    await write("index");
    expect(value(field)).toBe("index");
    expect(dropped()).toEqual([]);
    expect(selected()).toEqual([0, 1, 4]);
  });

  it("takes letters for no keys where the host took the focus", async () => {
    (document.activeElement as HTMLElement).blur();
    await write("index");
    expect(dropped()).toEqual([]);
    expect(selected()).toEqual([0, 1, 4]);
    expect(hand.has(field)).toBe(true);
  });

  it("keeps field, words and focus while a round ends, and while a cell drops some of the rows", async () => {
    await write("in");
    await round();
    await write("de");
    python.kept = Mask.of(python.n, [0]).not();
    await hand.revise("decision");
    await write("x");
    expect(value(field)).toBe("index");
    expect(focus()).toBe(field);
    expect(selected()).toEqual([1, 4]);
    expect(dropped()).toEqual([]);
  });

  it("is put away by Esc, and the selection stays; the focus is in the tray again", async () => {
    await write("wrong");
    await hand.press("Escape");
    expect(hand.has(field)).toBe(false);
    expect(selected()).toEqual([0, 1, 4]);
    expect(focus()).toBe(opener);
    await hand.press("Escape");
    expect(selected()).toEqual([]);
  });

  it("decides nothing while an outline is drawn, and is about no other selection", async () => {
    await write("word");
    await hand.lasso([7], "add", false);
    hand.find(field).closest("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    expect(["save", "tag", "relabel", "judge_rows"].flatMap((name) => hand.asked(name))).toEqual([]);
    await hand.lasso([7], "add");
    expect(hand.has(field)).toBe(false);
  });
});

describe("a field that goes while one types", () => {
  it("leaves no key behind: the rest of the word drops nothing, until a pause or a press", async () => {
    await hand.lasso([0, 1]);
    await open("more-tag");
    await write("in");
    python.selected = Mask.of(python.n, [4, 5]); // a cell selects others
    await hand.revise("selection");
    expect(hand.has("tray-tag")).toBe(false);
    expect(selected()).toEqual([4, 5]);
    await write("dex");
    expect(dropped()).toEqual([]);
    expect(selected()).toEqual([4, 5]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1100 });
    await write("x");
    expect(dropped()).toEqual([[4, 5]]);
  });

  it("in the table of clusters too", async () => {
    await hand.click(hand.find("cluster-row", "[data-cluster='1']").querySelector<HTMLElement>(".el-name")!);
    await hand.click(hand.find("cluster-row", "[data-cluster='1']").querySelector<HTMLElement>(".el-name")!, {}, "dblclick");
    expect(selected()).toEqual([4, 5, 6]);
    python.clusters = [0, -1].map((id) => cluster(id, ""));
    await round();
    expect(hand.has("cluster-name-field")).toBe(false);
    await write("tax");
    expect(dropped()).toEqual([]);
    document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    await hand.press("x", hand.root);
    expect(dropped()).toEqual([[4, 5, 6]]);
  });

  it("but where a press beside it put it away", async () => {
    await hand.lasso([0, 1]);
    await push("open-settings");
    const field = hand.root.querySelector<HTMLInputElement>("#el-clusterer-k")!;
    field.focus();
    await hand.press("2", field);
    hand.find("map").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
    await settle();
    expect(hand.has("popover-settings")).toBe(false);
    await hand.press("x");
    expect(dropped()).toEqual([[0, 1]]);
  });

  it("but for what was done with it: after Enter and Esc keys are keys", async () => {
    await hand.lasso([0, 1]);
    await open("tray-save");
    await write("odd");
    await hand.press("Enter");
    hand.find("save-name").closest("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    expect(hand.asked("save")).toEqual([{ name: "odd" }]);
    expect(focus()).toBe("tray-save");
    await write("x");
    expect(dropped()).toEqual([[0, 1]]);
  });
});

describe("the focus", () => {
  it.each(["tray-drop", "tray-keep-only", "tray-clear"])("stays in the widget after %s: the next key is its own", async (button) => {
    hand.root.dispatchEvent(new PointerEvent("pointerleave"));
    await hand.lasso([0, 1]);
    await push(button);
    expect(document.activeElement).toBe(hand.root);
    await hand.press("z");
    expect(hand.asked("undo")).toHaveLength(button === "tray-clear" ? 0 : 1);
  });

  it("is not taken from where one types", async () => {
    await hand.lasso([0, 1]);
    await open("more-tag");
    await hand.type("tray-tag", "odd");
    python.refuse = "tag";
    const go = python.hold("tag");
    hand.find("tray-tag-form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    hand.find("search").focus();
    go();
    await settle();
    expect(focus()).toBe("search");
  });
});

describe("Esc in a field", () => {
  beforeEach(async () => {
    await hand.lasso([0, 1]);
    await hand.lasso([4], "add");
  });

  it("of the search empties it, and the selection stays until the next", async () => {
    hand.find("search").focus();
    await hand.type("search", "refnd");
    await hand.press("Escape");
    expect(value("search")).toBe("");
    expect(document.activeElement).toBe(hand.root);
    expect(selected()).toEqual([0, 1, 4]);
    await hand.press("Escape");
    expect(selected()).toEqual([]);
  });

  it("of a name says the old one again", async () => {
    await hand.click("tab-review");
    await settle();
    hand.find("look-name").focus();
    await hand.type("look-name", "oops");
    await hand.press("Escape");
    expect(value("look-name")).toBe("fees");
    expect(selected()).toEqual([0, 1, 4]);
    expect(hand.asked("rename")).toEqual([]);
  });

  it("of another leaves it", async () => {
    hand.store.show({ tab: "points" });
    await settle();
    hand.find("points-filter").focus();
    await hand.press("Escape");
    expect(document.activeElement).toBe(hand.root);
    expect(selected()).toEqual([0, 1, 4]);
  });
});

describe("a name that is being typed", () => {
  it.each([["the look", "look-name"], ["the analyst", ""]])("on the card of %s is not written over by one that comes", async (_, test) => {
    await hand.click("tab-review");
    const field = () => hand.root.querySelector<HTMLInputElement>(test ? `[data-test=${test}]` : '[data-test=review-card][data-cluster="1"] .el-rename')!;
    field().focus();
    field().value = "My na";
    python.names.set(1, "fees and charges");
    await hand.revise("analysis");
    expect(field().value).toBe("My na");
    field().value = "My name";
    field().dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    expect(hand.asked("rename")).toMatchObject([{ cluster: 1, name: "My name" }]);
    python.names.set(1, "Hers");
    field().blur();
    await hand.revise("analysis");
    expect(field().value).toBe("Hers");
  });

  it("does not go with the card that comes next", async () => {
    await hand.click("tab-review");
    hand.find("look-name").focus();
    await hand.type("look-name", "My na");
    hand.store.quick.later();
    await settle();
    expect(value("look-name")).toBe("cards");
  });
});
