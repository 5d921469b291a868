// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Mask } from "../src/mask";
import { outcome } from "../src/panels/search";
import { FakePython, point } from "./fake";
import { Hand, settle } from "./page";

let python: FakePython;
let hand: Hand;
const says = () => hand.find("search-says").textContent!.trim();
const enter = async () => {
  (hand.find("search") as HTMLInputElement).form!.requestSubmit();
  await settle();
};
const find = async (query: string) => {
  await hand.type("search", query);
  await enter();
};

beforeEach(async () => {
  python = new FakePython();
  hand = new Hand(python);
  await settle();
});
afterEach(() => hand.dispose());

describe("what was found, in words", () => {
  it.each([
    ["text", 2, "2 rows hold “fee”"],
    ["text", 1, "1 row holds “fee”"],
    ["text", 0, "No row holds “fee”."],
    ["regex", 2, "2 rows match “fee”"],
    ["meaning", 100, "The 100 rows nearest in meaning"],
  ] as const)("%s, %d", (mode, n, said) => expect(outcome({ query: "fee", mode }, n)).toBe(said));
});

describe("searching", () => {
  it("lights hits up, selects nothing until asked, and Enter selects them", async () => {
    await find("card");
    expect(hand.asked("search")).toEqual([{ query: "card", mode: "text" }]);
    expect(says()).toBe("2 rows hold “card”");
    expect(hand.root.dataset.selected).toBe("0");
    await enter();
    expect([...hand.store.state.selected!]).toEqual([1, 4]);
    expect(hand.store.state.steps).toEqual([{ kind: "search", op: "new", query: "card", mode: "text" }]);
    expect((hand.find("search") as HTMLInputElement).value).toBe("");
    expect(document.activeElement).toBe(hand.root);
  });

  it("combines with what is selected, as the keys say", async () => {
    hand.store.selection.pick([1], "new"); // 4, 5, 6
    await find("card"); // 1, 4
    await hand.click("search-select", { altKey: true });
    expect([...hand.store.state.selected!]).toEqual([5, 6]);
  });

  it("leaves dropped rows out", async () => {
    python.kept.set(4, false);
    await hand.revise("decision");
    await find("card");
    expect(says()).toBe("1 row holds “card”, and 1 that was dropped");
  });

  it("counts hits as rows come and go, whatever dropped them and brought them back", async () => {
    await find("card"); // 1, 4
    await hand.store.dropRows(Mask.of(python.n, [4]), {}, "Dropped.");
    await settle();
    expect(says()).toBe("1 row holds “card”, and 1 that was dropped");
    expect(hand.find("search-select").textContent).toContain("Select 1");
    await hand.store.dropRows(Mask.of(python.n, [1]), {}, "Dropped.");
    await settle();
    expect(says()).toBe("No row holds “card”, but 2 that were dropped");
    expect(hand.has("search-select")).toBe(false);
    await hand.store.undo();
    await hand.store.undo();
    await settle();
    expect(says()).toBe("2 rows hold “card”");
    await enter();
    expect([...hand.store.state.selected!]).toEqual([1, 4]);
  });

  it("says a bad pattern beside the box, not in the foot", async () => {
    await hand.click("search-regex");
    await find("(");
    expect(hand.find("search-error").textContent).toContain("not a regular expression");
    expect(hand.store.state.error).toBe("");
    await hand.type("search", "(a)");
    expect(hand.has("search-error")).toBe(false);
  });

  it("waits for what is near in meaning, shows it, and doubles it on demand", async () => {
    await hand.click("search-meaning");
    await find("lost money");
    expect(hand.asked("search")).toEqual([{ query: "lost money", mode: "meaning", limit: 100 }]);
    expect(says()).toBe("Searching…");
    await hand.revise("search");
    expect(says()).toBe("The 4 rows nearest in meaning");
    python.session = { kept: 5000 };
    await hand.revise("settings");
    await hand.click("search-more");
    expect(hand.asked("search")[1]).toMatchObject({ limit: 200 });
    expect(says()).toContain("looking for more");
    expect(hand.store.searching.found?.count).toBe(4);
  });

  it("says why nothing can be found by meaning", async () => {
    await hand.click("search-meaning");
    await find("x");
    python.hits = { query: "x", mode: "meaning", rows: [], error: "The vectors came from you: there is no embedder to ask." };
    await hand.revise("search");
    expect(hand.find("search-error").textContent).toContain("no embedder");
  });

  it("never shows what an older search found", async () => {
    const release = python.hold("search");
    await find("first");
    await hand.type("search", "second");
    python.held.delete("search");
    await enter();
    expect(hand.store.state.hits?.query).toBe("second");
    release();
    await settle();
    expect(hand.store.state.hits?.query).toBe("second");
    await hand.click("search-meaning");
    await settle();
    python.hits = { query: "first", mode: "meaning", rows: [0], error: "" };
    await hand.revise("search");
    expect(hand.store.state.hits).toBeNull();
  });

  it("says that another view searched meanwhile, and searches again by Enter", async () => {
    await hand.click("search-meaning");
    await find("lost money");
    python.hits = { query: "cards", mode: "text", rows: [0], error: "" };
    await hand.revise("search");
    expect(hand.find("search-error").textContent).toBe("Another view searched meanwhile: Enter searches again.");
    await enter();
    expect(hand.asked("search")).toHaveLength(2);
    await hand.revise("search");
    expect(says()).toBe("The 4 rows nearest in meaning");
  });

  it("waits for its own hits: an older search may end before Python has heard of this one, or while it searches", async () => {
    await hand.click("search-meaning");
    const release = python.hold("search");
    await find("lost money");
    python.hits = { query: "cards", mode: "meaning", rows: [0], error: "" };
    await hand.revise("search");
    expect(says()).toBe("Searching…");
    release();
    await settle();
    python.hits = { query: "lost money", mode: "meaning", rows: [], error: "", pending: true };
    await hand.revise("search");
    expect(says()).toBe("Searching…");
    python.hits = { query: "lost money", mode: "meaning", rows: [4], error: "", pending: false };
    hand.store.linked("lost");
    hand.store.linked("ready"); // the revision went missing with the socket
    await settle();
    expect(says()).toBe("The 1 row nearest in meaning");
  });

  it("searches again in the mode that is chosen", async () => {
    await find("card");
    await hand.click("search-regex");
    expect(hand.asked("search")[1]).toEqual({ query: "card", mode: "regex" });
  });

  it("lists hits among the points; Esc puts them away", async () => {
    await find("card");
    await hand.click("search-list");
    expect(hand.store.state.view).toMatchObject({ tab: "points", within: "hits" });
    await hand.press("Escape", hand.root);
    expect(hand.store.state).toMatchObject({ hits: null, search: null });
    expect(hand.store.state.view.query).toBe("");
  });

  describe("where another view searches: of one widget there is one search", () => {
    const listed = () => hand.find("points-total").textContent;
    const searched = async (query: string, rows: number[]) => {
      python.hits = { query, mode: "text", rows, error: "" };
      await hand.revise("search");
    };
    beforeEach(async () => {
      python.points = () => ({ total: python.hits.rows.length, points: python.hits.rows.map(point) });
      await find("card");
      await searched("card", [1, 4]); // its own
      await hand.click("search-list");
    });

    it("lists no other's hits as its own", async () => {
      expect([says(), listed()]).toEqual(["2 rows hold “card”", "2 rows"]);
      await searched("fees", [0, 2, 3]);
      expect(hand.find("search-error").textContent).toBe("Another view searched meanwhile: Enter searches again.");
      expect(listed()).toBe("0 rows");
      python.hits = { query: "card", mode: "text", rows: [1, 4], error: "" };
      await enter();
      expect([says(), listed()]).toEqual(["2 rows hold “card”", "2 rows"]);
      await enter(); // selects them: they can be read on
      expect(listed()).toBe("2 rows");
    });

    it("has its own still to list once rows of them went", async () => {
      await hand.lasso([1]);
      await hand.click("tray-drop");
      expect(listed()).toBe("2 rows");
      await searched("fees", [0, 2, 3]);
      expect(listed()).toBe("0 rows");
    });
  });

  it("finds nothing, and says so", async () => {
    await find("nowhere");
    expect(says()).toBe("No row holds “nowhere”.");
    expect(hand.has("search-select")).toBe(false);
  });
});
