// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sure } from "../src/panels/suggestions";
import type { Suggestion } from "../src/protocol";
import { FakePython, point } from "./fake";
import { Hand, settle } from "./page";

let python: FakePython;
let hand: Hand;
const said = (test: string) => hand.find(test).textContent!.replace(/\s+/g, " ").trim();
const key = (name: string, init: KeyboardEventInit = {}) => hand.press(name, hand.find("review"), init);
const shown = () => Number(hand.find("look").dataset.cluster);
const open = async () => {
  hand = new Hand(python);
  await settle();
  await hand.click("tab-review");
};
const suggestion = (how: Partial<Suggestion>): Suggestion => ({
  id: "copies-1", tier: "safe", kind: "copies", action: "drop", other: null, title: "Drop 2 exact copies", why: "One of each stays.", count: 2, cluster: null, clusters: [], confidence: 1,
  meaning: "share that were", effect: "The set is smaller.", overlaps: [], examples: [{ point: point(2), after: null, beside: point(0), why: "" }], settings: null, ...how,
});
const suggested = (suggestions: Suggestion[], looks = {}) => ({ suggestions, looks: { order: [1, 0], done: 0, dropped: 0, kept: 0, nothing: "", ...looks }, checked: ["Copies: none."], dismissed: 0, together: 0, pending: false });

beforeEach(() => (python = new FakePython()));
afterEach(() => {
  vi.useRealTimers();
  hand.dispose();
});

describe("the name of a cluster", () => {
  it.each(["look", "review-card"])("on the card of %s is what it is called, also after a refusal", async (card) => {
    python.refuse = "rename";
    await open();
    const field = () => hand.find(card).querySelector<HTMLInputElement>(".el-rename")!;
    const called = field().value;
    const name = async (typed: string) => {
      field().value = typed;
      field().dispatchEvent(new Event("change", { bubbles: true }));
      await settle();
    };
    await name("Refused");
    expect(hand.find("foot-status").textContent).toContain("is refused");
    expect(field().value).toBe(called);
    await name(" ");
    expect(field().value).toBe(called);
    python.refuse = "";
    await name("Taken");
    await hand.revise("round");
    expect(field().value).toBe("Taken");
    expect(hand.asked("rename")).toHaveLength(2);
  });
});

describe("the quick look", () => {
  it("waits for nothing once the first round was cancelled", async () => {
    python.session = { round: null, rounds: [] };
    python.clusters = [];
    python.suggested = { ...suggested([], { order: [] }), pending: true };
    await open();
    expect(said("look-waits")).toBe("Nothing to look at yet: it comes after the first round.");
  });

  it("shows one cluster, the first of Python's order, with its texts as text, and lights it without selecting", async () => {
    await open();
    expect(shown()).toBe(1);
    expect(said("look-progress")).toBe("1 of 2 · about 12 s left");
    expect(said("look-texts")).toContain("<b>text 4</b>");
    expect(said("look-why")).toBe("It uses <b>other</b> words. Foreign in 90 % of trials with such clusters.");
    expect([...hand.store.state.look!.rows]).toEqual([4, 5, 6]);
    expect(hand.root.dataset.selected).toBe("0");
    expect(hand.asked("select")).toHaveLength(0);
  });

  it("drops by X at once, shows the next, and says in the journal what was seen", async () => {
    await open();
    await key("x");
    expect(hand.root.dataset.kept).toBe("7");
    expect(shown()).toBe(0);
    expect(hand.asked("drop")[0]).toMatchObject({ reason: "looked at: fees", source: { kind: "look", cluster: 1, confidence: 0.9, texts: 3 } });
    expect(said("look-progress")).toMatch(/^2 of 2 · 1 dropped/);
  });

  it("keeps by Enter and is done", async () => {
    await open();
    await key("Enter");
    expect(hand.asked("keep")[0]).toMatchObject({ source: { kind: "look", cluster: 1 } });
    await key("Enter");
    expect(said("look-nothing")).toContain("2 looks done: 0 dropped, 2 kept.");
    expect(hand.root.dataset.kept).toBe("10");
  });

  it("never shows what was decided again, whatever the next order is", async () => {
    await open();
    await key("Enter");
    python.frame++;
    python.suggested = suggested([], { order: [1, 0], done: 0 });
    await hand.revise("round");
    expect(shown()).toBe(0);
    await key("x");
    expect(hand.has("look")).toBe(false);
  });

  it("decides on nothing that was not read yet, and not twice for a key held down", async () => {
    const release = python.hold("suggestion");
    await open();
    await key("x");
    expect(hand.asked("drop")).toHaveLength(0);
    release();
    await settle();
    await key("x", { repeat: true });
    expect(hand.asked("drop")).toHaveLength(0);
    await key("x");
    expect(hand.asked("drop")).toHaveLength(1);
  });

  it.each(["look-drop", "look-keep"])("decides on one by a double click on %s: nobody has read the next", async (test) => {
    await open();
    await hand.click(test, { detail: 1 });
    expect(shown()).toBe(0);
    await hand.click(test, { detail: 2 });
    expect(shown()).toBe(0);
    expect(hand.asked("drop").length + hand.asked("keep").length).toBe(1);
    await hand.click(test, { detail: 0 }); // a key on the button
    expect(hand.asked("drop").length + hand.asked("keep").length).toBe(2);
  });

  it("puts off by the right arrow, and comes back to it at the end", async () => {
    await open();
    await key("ArrowRight");
    expect(shown()).toBe(0);
    await key("Enter");
    expect(shown()).toBe(1);
  });

  it("goes back by the left arrow, and brings back what was dropped", async () => {
    await open();
    await key("x");
    await key("ArrowLeft");
    expect(said("look-progress")).toMatch(/^dropped/);
    await key("x");
    expect(hand.asked("drop")).toHaveLength(1);
    await hand.click("look-restore");
    expect(hand.root.dataset.kept).toBe("10");
    expect(shown()).toBe(1);
    expect(said("look-progress")).toMatch(/^1 of 2/);
  });

  it("is open again where its drop was undone", async () => {
    await open();
    await key("x");
    await key("z");
    expect(hand.root.dataset.kept).toBe("10");
    expect(shown()).toBe(1);
  });

  it("shows a refused drop again", async () => {
    await open();
    python.refuse = "drop";
    await key("x");
    expect(hand.store.state.error).toContain("refused");
    await key("ArrowLeft");
    expect(shown()).toBe(1);
    expect(hand.has("look-drop")).toBe(true);
  });

  it("names rows worth keeping, and leaves them out of the drop where asked to", async () => {
    python.worth = [5];
    await open();
    expect(said("look-worth")).toContain("1 of these looks worth keeping: rare");
    expect(said("look-drop")).toBe("Drop 3 X");
    await hand.click("look-spare");
    (hand.find("look-spare") as HTMLInputElement).checked = true;
    hand.find("look-spare").dispatchEvent(new Event("change"));
    await settle();
    expect(said("look-drop")).toBe("Drop 2 X");
    await key("x");
    expect([...hand.store.state.kept!]).toEqual([0, 1, 2, 3, 5, 7, 8, 9]);
    expect(shown()).toBe(0);
  });

  it.each(["x", "1", "2", "Enter"])("decides nothing by %s while the hits of a search are lit up: they look like what it is about", async (name) => {
    python.first = [4];
    await open();
    await hand.type("search", "text");
    hand.find("search").closest("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    const event = await key(name);
    expect(event.defaultPrevented).toBe(true);
    expect(hand.asked("drop").length + hand.asked("keep").length).toBe(0);
    expect(said("foot-status")).toBe("Nothing was decided: hits of the search are lit up. Esc puts them away.");
    await hand.press("Escape", hand.root);
    await key(name);
    expect(hand.asked("drop").length + hand.asked("keep").length).toBe(1);
  });

  it.each(["x", "Enter"])("decides nothing by the second %s of two at once, of which the first was about the selection", async (name) => {
    await open();
    await hand.lasso([0, 1]);
    if (name === "x") await hand.press("x", hand.root);
    else {
      hand.find("tray-drop").focus();
      await hand.click("tray-drop");
    }
    await hand.press(name);
    await hand.press(name);
    expect(hand.asked("drop")).toHaveLength(1);
    expect(hand.asked("keep")).toHaveLength(0);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600 });
    await hand.press(name);
    expect(hand.asked("drop").length + hand.asked("keep").length).toBe(2);
  });

  it("reads every text that stays, whichever of them went meanwhile", async () => {
    const texts = () => hand.all("look-text").map((text) => text.textContent!.trim());
    python.examples = [4, 5].map((row) => ({ point: point(row), after: null, beside: null, why: "" }));
    await open();
    expect(said("look-more"), "the arrow is no key").toBe("one more");
    python.kept.set(5, false);
    await hand.revise("decision");
    expect(said("look-figures")).toBe("2 rows");
    expect(said("look-drop")).toBe("Drop 2 X");
    expect(said("look-more")).toBe("one more");
    await hand.click("look-more");
    expect(texts()).toEqual(["<b>text 4</b>", "<b>text 5</b>", "<b>text 6</b>"]);
    expect(hand.has("look-more")).toBe(false);
  });

  it("reads others in the place of texts that were read ahead and went since", async () => {
    python.examples = [4, 0].map((row) => ({ point: point(row), after: null, beside: null, why: "" }));
    await open(); // cluster 1, and cluster 0 ahead of it
    python.kept.set(0, false);
    await hand.revise("decision");
    await key("x");
    expect(hand.all("look-text").map((text) => text.textContent!.trim())).toEqual(["<b>text 1</b>", "<b>text 2</b>", "<b>text 3</b>"]);
  });

  it("drops the selection by X while something is selected, and leaves keys of fields alone", async () => {
    await open();
    await hand.click("look-choose");
    expect(hand.root.dataset.selected).toBe("3");
    hand.store.selection.pick([0], "new");
    await settle();
    await key("x");
    expect([...hand.store.state.kept!]).toEqual([4, 5, 6, 7, 8, 9]);
    await hand.press("x", hand.find("look-name"));
    expect(hand.root.dataset.kept).toBe("6");
  });

  it("does nothing on other tabs", async () => {
    await open();
    await hand.click("tab-metrics");
    await hand.press("x", hand.root);
    await hand.press("Enter", hand.root);
    expect(hand.asked("drop").length + hand.asked("keep").length).toBe(0);
  });

  it("rests after ten, and goes on where asked to", async () => {
    python.suggested = suggested([], { done: 10, dropped: 4, kept: 6 });
    await open();
    expect(said("look-rest")).toContain("10 looks done: 4 dropped, 6 kept.");
    await key("x");
    expect(hand.asked("drop")).toHaveLength(0);
    await key("Enter");
    expect(said("look-progress")).toMatch(/^11 of 12/);
  });

  it("says honestly that nothing stands out, and what was checked", async () => {
    python.suggested = suggested([], { order: [], nothing: "Nothing stands out: 24 clusters were compared." });
    await open();
    expect(said("look-nothing")).toContain("Nothing stands out: 24 clusters were compared.");
    expect(said("look-checked")).toContain("Copies: none.");
  });
});

describe("a cluster of two kinds", () => {
  beforeEach(() => (python.first = [5]));
  const texts = (at: number) => said(`look-half-${at}`);

  it("is shown as its halves, and dropped or kept as a whole all the same", async () => {
    await open();
    expect(texts(1)).toContain("text 5");
    expect(texts(2)).toContain("text 4");
    expect(texts(2)).not.toContain("text 5");
    expect(said("look-drop")).toBe("Drop all 3 X");
    expect(said("look-drop-1")).toBe("Drop 1 row like these 1");
    await key("x");
    expect(hand.asked("drop")[0]).toMatchObject({ source: { kind: "look", cluster: 1, texts: 3 } });
    expect(hand.root.dataset.kept).toBe("7");
  });

  it("drops one half by its key, and goes on with the other, which is not counted twice", async () => {
    await open();
    await key("2");
    expect(hand.asked("drop")[0]).toMatchObject({ reason: "looked at: half of fees", source: { kind: "look", half: true, cluster: 1 } });
    expect([...hand.store.state.kept!]).toEqual([0, 1, 2, 3, 5, 7, 8, 9]);
    expect(shown()).toBe(1);
    expect(hand.has("look-halves")).toBe(false);
    expect(said("look-texts")).toContain("text 5");
    expect(said("look-progress")).toMatch(/^1 of 2 · about/);
    expect([...hand.store.state.look!.rows]).toEqual([5]);
    await key("Enter");
    expect(hand.asked("keep")).toHaveLength(1);
    expect(shown()).toBe(0);
  });

  it("leaves what is ticked to stay out of the other half too, and out of the whole where the half came back", async () => {
    python.worth = [4];
    await open();
    (hand.find("look-spare") as HTMLInputElement).checked = true;
    hand.find("look-spare").dispatchEvent(new Event("change"));
    await settle();
    await key("1");
    expect(said("look-worth")).toContain("1 of these looks worth keeping");
    expect((hand.find("look-spare") as HTMLInputElement).checked).toBe(true);
    expect(said("look-drop")).toBe("Drop 1 X");
    const release = python.hold("worth");
    await key("z");
    expect(said("look-drop")).toBe("Drop all 2 X");
    release();
    await settle();
    await key("1");
    await key("x");
    expect([...hand.store.state.kept!]).toEqual([0, 1, 2, 3, 4, 7, 8, 9]);
  });

  it("names in the other half only what is in it", async () => {
    python.worth = [5];
    await open();
    await key("1");
    expect(hand.has("look-worth")).toBe(false);
  });

  it("lists no text twice for two fast presses", async () => {
    await open();
    const item = hand.store.quick.item!;
    item.halves![1].examples = item.halves![1].examples.slice(0, 1);
    void hand.store.quick.more();
    void hand.store.quick.more();
    await settle();
    expect(item.halves!.map(({ examples }) => examples.map((one) => one.point.row))).toEqual([[5], [4, 6]]);
  });

  it("comes back whole where the drop of a half was undone, or refused", async () => {
    await open();
    await key("1");
    expect(hand.has("look-halves")).toBe(false);
    await key("z");
    expect(hand.root.dataset.kept).toBe("10");
    expect(texts(1)).toContain("text 5");
    expect(said("look-drop")).toBe("Drop all 3 X");
    python.refuse = "drop";
    await key("1");
    expect(texts(1)).toContain("text 5");
    expect(said("look-drop")).toBe("Drop all 3 X");
  });

  it("drops no half twice for a key held down, nor one that is not there", async () => {
    await open();
    await key("1", { repeat: true });
    expect(hand.asked("drop")).toHaveLength(0);
    await key("1");
    await key("1");
    expect(hand.asked("drop")).toHaveLength(1);
  });

  it("is read whole where Python can't tell its halves", async () => {
    python.refuse = "halves";
    await open();
    expect(said("look-texts")).toContain("text 5");
    expect(hand.has("look-halves")).toBe(false);
  });
});

describe("suggestions", () => {
  const labels = suggestion({ id: "labels-1", kind: "labels", action: "relabel", other: "drop", title: "Look at 2 labels", examples: [] });
  const near = suggestion({ id: "near-1", kind: "near_copies", title: "Drop 1 near copy", count: 1 });
  const far = suggestion({ id: "far-1", tier: "look", kind: "far", title: "2 rows far from everything", confidence: 0.75, meaning: "of such rows in trials" });

  it("accepts the safe ones together as one decision, but not labels, which are proposals", async () => {
    python.suggested = { ...suggested([suggestion({}), near, labels]), together: 2 };
    await open();
    expect(said("accept-all"), "a row that both are about is one").toBe("Accept both · 2 rows");
    await hand.click("accept-all");
    expect(hand.asked("accept")).toMatchObject([{ ids: ["copies-1", "near-1"] }]);
    expect(hand.root.dataset.kept).toBe("8");
    await hand.press("z", hand.find("review"));
    expect(hand.root.dataset.kept).toBe("10");
  });

  it("shows before it drops: of what is for a person's eyes there is only Look at first", async () => {
    python.suggested = suggested([far]);
    await open();
    expect(hand.has("suggestion-accept")).toBe(false);
    await hand.click("suggestion-look");
    expect([...hand.store.state.selected!]).toEqual([2, 3]);
    expect(said("suggestion")).toContain("Likely (75 %: of such rows in trials).");
    expect(said("suggestion-accept")).toBe("Drop 2");
    await hand.click("suggestion-accept");
    expect(hand.asked("accept")).toMatchObject([{ ids: ["far-1"], action: "drop" }]);
  });

  it("lists no row twice where a suggestion is about others by now, in another order", async () => {
    python.suggested = suggested([suggestion({})]);
    python.suggestedRows = [0, 1, 2, 3];
    python.examples = [2, 3].map((row) => ({ point: point(row), after: null, beside: null, why: "" }));
    await open();
    await hand.click("suggestion-look");
    await hand.click("suggestion-more");
    expect(hand.find("suggestion-examples").children).toHaveLength(2);
    expect(hand.asked("suggestion").at(-1)).toMatchObject({ offset: 2 });
    expect(hand.has("suggestion-more")).toBe(false);
  });

  it("marks what differs from the copy that stays", async () => {
    python.suggested = suggested([suggestion({})]);
    await open();
    python.examples = [{ point: { ...point(2), text: "my card was lost" }, after: null, beside: { ...point(0), text: "the card was lost" }, why: "" }];
    await hand.click("suggestion-look");
    expect([...hand.root.querySelectorAll("mark")].map(({ textContent }) => textContent)).toEqual(["my", "the"]);
  });

  it("offers labels as a proposal once they were looked at, and dropping as the other choice", async () => {
    python.suggested = suggested([labels]);
    await open();
    expect(hand.has("accept-all")).toBe(false);
    await hand.click("suggestion-look");
    expect(said("suggestion-accept")).toBe("Propose labels");
    await hand.click("suggestion-other");
    expect(hand.asked("accept")).toMatchObject([{ ids: ["labels-1"], action: "drop" }]);
  });

  it("accepts and dismisses one by a double click: another card stands there by then", async () => {
    python.suggested = suggested([suggestion({}), near, far]);
    await open();
    await hand.click("suggestion-accept", { detail: 2 });
    await hand.click("accept-all", { detail: 2 });
    await hand.click("suggestion-dismiss", { detail: 2 });
    expect(hand.asked("accept").length + hand.asked("dismiss").length).toBe(0);
  });

  it("drops one uncertain row by a double click", async () => {
    await open();
    hand.store.learning.learned = { name: "odd", precision: 0.8, precision_error: 0.02, recall: 0.9, recall_error: 0.02, examples: 40, needed: 0, note: "", more: 2, uncertain: [point(2), point(3)] };
    hand.store.set({});
    await settle();
    await hand.click("uncertain-drop", { detail: 1 });
    await hand.click("uncertain-drop", { detail: 2 });
    expect(hand.asked("drop")).toHaveLength(1);
  });

  it("dismisses", async () => {
    python.suggested = suggested([far]);
    await open();
    await hand.click("suggestion-dismiss");
    expect(hand.asked("dismiss")).toMatchObject([{ id: "far-1" }]);
  });

  it("counts on the tab what there is to do", async () => {
    python.suggested = suggested([suggestion({}), far]);
    await open();
    expect(said("tab-review")).toBe("Review 4");
  });

  it.each([
    [0.95, "Very likely (95 %: of such rows)."],
    [0.5, "Hard to say (50 %: of such rows)."],
    [null, ""],
  ])("says %s in words", (confidence, words) => expect(sure({ confidence, meaning: "of such rows" })).toBe(words));
});

describe("the tray", () => {
  const calm = () => new Promise((resolve) => setTimeout(resolve, 320));

  it("names rows of the selection that look worth keeping, before they are dropped", async () => {
    python.worth = [5];
    await open();
    hand.store.selection.pick([1], "new");
    await calm();
    await settle();
    expect(said("tray-worth")).toContain("1 of these looks worth keeping: rare");
    await hand.click("tray-worth-keep");
    expect([...hand.store.state.selected!]).toEqual([4, 6]);
    expect(hand.has("tray-worth")).toBe(false);
    await hand.click("tray-drop");
    expect(hand.store.state.kept!.has(5)).toBe(true);
  });

  it("says nothing where most of the selection is", async () => {
    python.worth = [4, 5, 6];
    await open();
    hand.store.selection.pick([1], "new");
    await calm();
    await settle();
    expect(hand.asked("worth").length).toBeGreaterThan(0);
    expect(hand.has("tray-worth")).toBe(false);
  });

  it("learns again from what went by the filter, and only from that", async () => {
    const filter = { name: "odd", precision: 0.8, precision_error: 0.02, recall: 0.9, recall_error: 0.02, examples: 40, needed: 0, note: "", more: 2, uncertain: [] };
    python.suggested = suggested([suggestion({ id: "far-1", tier: "look", kind: "far", action: "look", other: "drop", title: "The 2 rows farthest from all others" }), suggestion({ id: "learned-1", tier: "look", kind: "learned", action: "look", other: "drop", title: "2 rows more like those you dropped" })]);
    await open();
    hand.store.learning.learned = filter;
    const [first, second] = python.suggested.suggestions;
    await hand.store.suggesting.accept([first], "drop");
    expect(hand.asked("learn")).toEqual([]);
    await hand.store.suggesting.accept([second], "drop");
    expect(hand.asked("learn")).toMatchObject([{ name: "odd" }]);
  });

  it("offers likely good rows back after a drop: read first, and put away for good", async () => {
    python.kept.set(2, false);
    python.kept.set(3, false);
    python.suggested = suggested([suggestion({ id: "back-1", tier: "look", kind: "good_back", action: "restore", title: "2 dropped rows that may be good", clusters: [0] })]);
    await open();
    expect(said("offer")).toContain("2 dropped rows that may be good");
    expect(hand.has("suggestion-accept")).toBe(false);
    await hand.click("offer-read");
    expect(hand.has("offer")).toBe(false);
    expect(said("suggestion-accept")).toBe("Bring 2 back");
    // the rows that would come back are not those of the cluster they would come back to
    expect(hand.store.state.selected).toBeNull();
    hand.store.suggesting.close("back-1");
    await settle();
    await hand.click("offer-away");
    expect(hand.has("offer")).toBe(false);
  });
});
