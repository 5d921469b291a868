// @vitest-environment happy-dom
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { opOf } from "../src/panels/saved";
import { chapters, clock, did, ended, how } from "../src/past";
import type { Decision, Round } from "../src/protocol";
import { FakePython, SESSION } from "./fake";
import { Hand, settle } from "./page";

const round = (number: number): Round => ({ ...SESSION.rounds[0], id: `r${number}`, number }) as Round;
const decision = (number: number, at: number, patch: Partial<Decision> = {}): Decision => ({ id: `d${number}`, number, kind: "drop", rows: 3, reason: "", source: "lasso", round: at, time: `2026-11-24T12:${String(number).padStart(2, "0")}:00Z`, undone: false, drawn: true, ...patch });

const told = (rounds: Round[], history: Decision[]) => chapters(rounds, history).map(({ number, round: begun, decisions }) => `${number}${begun ? "" : " again"}: ${decisions.map(({ id }) => id).join(" ")}`);

describe("the story", () => {
  it("puts decisions under the round they were made in, the newest first", () => {
    expect(told([round(1), round(2), round(3)], [decision(1, 1), decision(2, 2), decision(3, 2)])).toEqual(["3: ", "2: d3 d2", "1: d1"]);
  });

  it("goes on in a chapter of its own where the session went back", () => {
    const history = [decision(1, 1), decision(2, 2), decision(3, 3, { kind: "goto", rows: 0, drawn: false }), decision(4, 1)];
    expect(told([round(1), round(2), round(3), round(4)], history)).toEqual(["4: ", "1 again: d4", "3: d3", "2: d2", "1: d1"]);
  });

  it("knows what was decided before there was a round", () => expect(told([], [decision(1, 0)])).toEqual(["0 again: d1"]));

  it("tells every round and decision exactly once", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 40 }), fc.integer({ min: 0, max: 6 }), (at, n) => {
        const rounds = Array.from({ length: n }, (_, i) => round(i + 1));
        const history = at.map((r, i) => decision(i + 1, r));
        const story = chapters(rounds, history);
        expect(story.flatMap(({ decisions }) => decisions.map(({ id }) => id)).sort()).toEqual(history.map(({ id }) => id).sort());
        expect(story.flatMap(({ round: begun }) => (begun ? [begun.number] : [])).reverse()).toEqual(rounds.map(({ number }) => number));
        expect(story.flatMap(({ decisions }) => decisions).map(({ number }) => number)).toEqual(history.map(({ number }) => number).reverse());
      }),
    );
  });
});

describe("words", () => {
  it.each<[Partial<Decision>, string, string]>([
    [{ rows: 137 }, "Dropped 137 rows", "by lasso"],
    [{ rows: 1, source: "code", reason: "noise" }, "Dropped 1 row", "from Python · noise"],
    [{ kind: "restore", rows: 1200, source: "page" }, "Brought 1,200 rows back", ""],
    [{ kind: "keep", source: "cluster" }, "Looked at 3 rows: they stay", "by cluster"],
    [{ kind: "rename", rows: 0, reason: "name “fees”", source: "page" }, "Named a cluster “fees”", ""],
    [{ kind: "settings", rows: 0, reason: "settings", source: "page" }, "Changed the settings", ""],
    [{ kind: "goto", rows: 0, reason: "went back to round 1", source: "page" }, "Went back to round 1", ""],
    [{ kind: "some_thing", source: "page" }, "Some thing", ""],
  ])("say what %o did, how and why", (patch, what, more) => {
    expect(did(decision(1, 1, patch))).toBe(what);
    expect(how(decision(1, 1, patch))).toBe(more);
  });

  it("say why a decision counts no more", () => {
    const undone = decision(1, 1, { undone: true });
    expect(ended(undone, [undone])).toBe("undone");
    expect(ended(undone, [undone, decision(2, 1, { kind: "goto" })])).toBe("not in force");
    expect(ended(undone, [undone, decision(2, 1, { kind: "goto", undone: true })])).toBe("undone");
    expect(ended(decision(1, 1), [])).toBe("");
  });

  it("give the day where it is another", () => {
    const now = new Date("2026-11-24T20:00:00");
    expect(clock("2026-11-24T12:19:05", now)).toMatch(/^\d\d:19/);
    expect(clock("2026-11-20T12:19:05", now)).toContain("20");
    expect(clock("long ago", now)).toBe("long ago");
  });
});

describe("how a saved selection combines", () => {
  it.each([
    [false, false, "new", "new"],
    [false, false, "subtract", "subtract"],
    [true, false, "new", "add"],
    [false, true, "new", "subtract"],
    [true, true, "add", "intersect"],
  ] as const)("Shift %s, Alt %s, button %s: %s", (shiftKey, altKey, op, what) => expect(opOf({ shiftKey, altKey }, op)).toBe(what));
});

describe("the popover", () => {
  let python: FakePython;
  let hand: Hand;
  const rounds = [round(1), round(2), round(3)];
  const history = [decision(1, 1), decision(2, 2, { reason: "<b>odd</b>", source: "code", drawn: false })];

  beforeEach(async () => {
    python = new FakePython();
    python.session = { rounds, round: rounds[2], history, selections: [{ name: 'a "b"', count: 3 }] };
    hand = new Hand(python);
    await settle();
    await hand.click("open-history");
  });
  afterEach(() => hand.dispose());

  it("looks at a round, and goes back to one", async () => {
    expect(hand.find("history-round").textContent).toContain("now");
    await hand.click(hand.find("history-round", '[data-number="1"]').querySelector<HTMLElement>('[data-test="history-look"]')!);
    expect(hand.asked("look")).toEqual([{ round: "r1" }]);
    expect(hand.has("popover-history")).toBe(false);
    await hand.click("open-history");
    await hand.click(hand.find("history-round", '[data-number="2"]').querySelector<HTMLElement>('[data-test="history-goto"]')!);
    expect(hand.asked("goto")[0]).toMatchObject({ to: "r2" });
    expect(hand.find("foot-status").textContent).toContain("Z");
  });

  it("goes back to after a decision, and to the beginning", async () => {
    const one = hand.find("history-decision", '[data-id="d1"]');
    await hand.click(one.querySelector<HTMLElement>('[data-test="history-goto"]')!);
    expect(hand.asked("goto")[0]).toMatchObject({ to: "d1" });
    const all = hand.all("history-goto");
    await hand.click(all[all.length - 1]);
    expect(hand.asked("goto")[1]).toMatchObject({ to: "" });
    // after the last decision is where one stands
    expect(hand.find("history-decision", '[data-id="d2"]').querySelector('[data-test="history-goto"]')).toBeNull();
  });

  it("shows a decision in its round, with its rows lit", async () => {
    await hand.click(hand.find("history-decision", '[data-id="d1"]').querySelector<HTMLElement>('[data-test="history-show"]')!);
    expect(hand.asked("look")).toEqual([{ round: "r1" }]);
    expect(hand.asked("revisit")).toEqual([{ id: "d1" }]);
    expect([...hand.store.state.revisited!.rows]).toEqual([4, 5, 6]);
    expect(hand.has("popover-history")).toBe(false);
  });

  it("keeps reasons text, and marks in words what is not in force", async () => {
    expect(hand.find("popover-history").textContent).toContain("<b>odd</b>");
    python.session = { ...python.session, history: [history[0], { ...history[1], undone: true }] };
    await hand.revise("decision");
    expect(hand.find("history-decision", '[data-id="d2"]').textContent).toContain("undone");
  });

  it("draws 300 decisions quickly", async () => {
    const many = Array.from({ length: 300 }, (_, i) => decision(i + 1, 1 + Math.floor(i / 3)));
    python.session = { ...python.session, rounds: Array.from({ length: 101 }, (_, i) => round(i + 1)), history: many };
    const before = performance.now();
    await hand.revise("decision");
    expect(hand.all("history-decision")).toHaveLength(300);
    expect(performance.now() - before).toBeLessThan(3000);
  });

  it("selects what was saved, or combines it with what is selected, and names the mask", async () => {
    hand.store.selection.pick([1], "new"); // 4, 5, 6
    await settle();
    await hand.click("open-saved");
    expect(hand.find("saved").textContent).toContain('w.selections["a \\"b\\""]');
    await hand.click("saved-recall", { altKey: true }); // without 4, 5, 7
    expect([...hand.store.state.selected!]).toEqual([6]);
    await hand.click("open-saved");
    await hand.click("saved-recall", { shiftKey: true });
    expect([...hand.store.state.selected!]).toEqual([4, 5, 6, 7]);
    await hand.click("open-saved");
    await hand.click("saved-recall");
    expect([...hand.store.state.selected!]).toEqual([4, 5, 7]);
    expect(hand.store.state.steps).toEqual([{ kind: "saved", op: "new", name: 'a "b"' }]);
  });
});
