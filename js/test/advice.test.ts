// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Suggestion } from "../src/protocol";
import { FakePython, point } from "./fake";
import { Hand, settle } from "./page";

let python: FakePython;
let hand: Hand;
const said = (test: string) => hand.find(test).textContent!.replace(/\s+/g, " ").trim();
const OVERVIEW = { more_or_fewer: "fewer", suggested: 3, reason: "the <b>curve</b> says so", imbalance: "even", next: "look at fees", merge: [[0, 1]], split: [], source: "a-model" };
const SUM = { rows: 3, ids: ["advised-1"], effect: "3 go, 7 stay.", next: "The next round would look for 3 clusters." };

const advice = (how: Partial<Suggestion>): Suggestion => ({
  id: "advised-1", tier: "look", kind: "advised", action: "look", other: "drop", title: "Does “fees” belong? 3 rows", why: "The analyst (a-model) would drop it: <i>odd</i>.", count: 3, cluster: 1,
  clusters: [1], confidence: 0.9, meaning: "of such clusters in trials", effect: "3 could go.", overlaps: [], examples: [{ point: point(4), after: null, beside: null, why: "" }], settings: null, analyst: "a-model", advised: "drop", ...how,
});
const NUMBER = advice({ id: "clusters-1", kind: "clusters", other: "settings", advised: "settings", title: "About 3 clusters instead of 2?", examples: [], count: 0 });
const SAFE = advice({ id: "copies-1", tier: "safe", kind: "copies", action: "drop", other: null, title: "Drop 2 exact copies", analyst: "", advised: null });
const EYES = advice({ id: "split-1", kind: "split", other: null, advised: null, title: "“cards”: more than one topic?" });

const open = async (...suggestions: Suggestion[]) => {
  python.session = { overview: OVERVIEW, ...python.session };
  python.suggested = { suggestions, looks: { order: [1, 0], done: 0, dropped: 0, kept: 0, nothing: "" }, checked: [], dismissed: 0, together: 0, pending: false };
  python.answers = { advice: SUM, accept: { kept: 7, rows: 3, saved: true, applied: true, note: "" } };
  hand = new Hand(python);
  await settle();
  await hand.click("tab-review");
};

beforeEach(() => (python = new FakePython()));
afterEach(() => hand.dispose());

describe("all advice", () => {
  it("stands above the look, and what a model says is text", async () => {
    await open(SAFE, advice({}), NUMBER, EYES);
    const top = hand.find("review-overview");
    expect(top.compareDocumentPosition(hand.find("look")) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(said("review-overview")).toContain("Fewer clusters would do: about 3");
    expect(said("review-overview")).toContain("the <b>curve</b> says so");
    expect(top.querySelector("details b")).toBeNull();
  });

  it("is shown before anything is asked of Python, only what the analyst advises, with examples", async () => {
    await open(SAFE, advice({}), NUMBER, EYES);
    expect(hand.has("advice-list")).toBe(false);
    expect(said("advice-open")).toBe("Accept all advice (2)…");
    await hand.click("advice-open");
    expect(hand.asked("accept")).toHaveLength(0);
    expect([...hand.root.querySelectorAll<HTMLElement>("[data-test=advice-line]")].map((one) => one.dataset.kind)).toEqual(["advised", "clusters"]);
    expect(said("advice-list")).toContain("<b>text 4</b>");
    expect(said("advice-list")).toContain("would drop it: <i>odd</i>.");
    expect(hand.asked("advice")).toEqual([{ ids: ["advised-1", "clusters-1"] }]);
    expect(said("advice-sum")).toBe("3 go, 7 stay. The next round would look for 3 clusters.");
    expect(said("advice-accept")).toBe("Accept these 2 · 3 rows");
  });

  it("ticks nothing that removes rows on an analyst's word alone", async () => {
    await open(advice({ confidence: null }), advice({ id: "advised-2", confidence: 0.1 }), NUMBER);
    await hand.click("advice-open");
    expect([...hand.root.querySelectorAll<HTMLInputElement>("[data-test=advice-tick]")].map((one) => one.checked)).toEqual([false, false, true]);
    expect(hand.asked("advice")).toEqual([{ ids: ["clusters-1"] }]);
  });

  it("is accepted as one decision", async () => {
    await open(advice({}), NUMBER);
    await hand.click("advice-open");
    await hand.click("advice-accept");
    expect(hand.asked("accept")).toHaveLength(1);
    expect(hand.asked("accept")[0]).toMatchObject({ ids: ["advised-1", "clusters-1"], action: "advised" });
    expect(hand.has("advice-list")).toBe(false);
    expect(said("foot-status")).toContain("Accepted 2 suggestions. Z takes it back.");
  });

  it("leaves out what is not ticked, and adds up again", async () => {
    await open(advice({}), NUMBER);
    await hand.click("advice-open");
    const tick = hand.root.querySelectorAll<HTMLInputElement>("[data-test=advice-tick]")[0];
    tick.checked = false;
    tick.dispatchEvent(new Event("change"));
    await settle();
    expect(hand.asked("advice").at(-1)).toEqual({ ids: ["clusters-1"] });
    await hand.click("advice-accept");
    expect(hand.asked("accept")[0]).toMatchObject({ ids: ["clusters-1"], action: "advised" });
  });

  it("ticks nothing that comes while it is open: the person has not read it", async () => {
    await open(NUMBER, advice({}));
    await hand.click("advice-open");
    python.suggested = { ...python.suggested!, suggestions: [NUMBER, advice({ id: "advised-9" }), advice({ id: "advised-2", confidence: null })] };
    await hand.revise("suggestions");
    expect([...hand.root.querySelectorAll<HTMLInputElement>("[data-test=advice-tick]")].map((one) => one.checked)).toEqual([true, false, false]);
    expect(hand.asked("advice").at(-1)).toEqual({ ids: ["clusters-1"] });
    await hand.click("advice-accept");
    expect(hand.asked("accept")).toMatchObject([{ ids: ["clusters-1"] }]);
  });

  it("accepts nothing before its sum is known", async () => {
    await open(advice({}), NUMBER);
    const release = python.hold("advice");
    await hand.click("advice-open");
    expect((hand.find("advice-accept") as HTMLButtonElement).disabled).toBe(true);
    await hand.store.advising.accept();
    expect(hand.asked("accept")).toHaveLength(0);
    release();
    await settle();
    expect((hand.find("advice-accept") as HTMLButtonElement).disabled).toBe(false);
  });

  it("adds up again where the list became another, and says nothing where Python knows it no more", async () => {
    await open(advice({}), NUMBER);
    await hand.click("advice-open");
    python.suggested = { ...python.suggested!, suggestions: [NUMBER] };
    await hand.revise("suggestions");
    await settle();
    expect(hand.asked("advice").at(-1)).toEqual({ ids: ["clusters-1"] });
    python.refuse = "advice";
    await hand.revise("suggestions");
    await settle();
    expect((hand.find("advice-accept") as HTMLButtonElement).disabled).toBe(true);
    expect(hand.store.state.error).toBe("");
  });

  it("stands until the next round was judged: what is read below it does not jump", async () => {
    await open(advice({}));
    python.session = { overview: null };
    await hand.revise("analysis");
    expect(said("review-overview")).toContain("look at fees");
    python.session = { overview: { ...OVERVIEW, next: "stop here" } };
    await hand.revise("analysis");
    expect(said("review-overview")).toContain("stop here");
  });

  it("can be put away, and is not offered where there is none", async () => {
    await open(advice({}));
    await hand.click("advice-open");
    await hand.click("advice-close");
    expect(hand.has("advice-list")).toBe(false);
    hand.dispose();
    await open(SAFE, EYES);
    expect(hand.has("advice-open")).toBe(false);
  });
});

describe("effects", () => {
  const FIGURES = [
    { name: "kept", title: "rows", digits: 0, before: 1010, after: 1000, better: null },
    { name: "davies_bouldin", title: "Davies-Bouldin", digits: 2, before: 2.3, after: 2.1, better: true },
    { name: "balance", title: "balance", digits: 2, before: 0.95, after: 0.9, better: false },
  ];
  const EFFECT = { id: "d", title: "Does “<b>fees</b>” belong?", analyst: "a-model", rows: 10, before_round: 1, after_round: 2, beside: 0, figures: FIGURES };

  it("says what the last accepted advice did, and which way is better", async () => {
    python.session = { effects: [EFFECT, { ...EFFECT, id: "e", title: "Earlier", after_round: 0, figures: [], beside: 2 }] };
    await open();
    const [last, earlier] = [...hand.root.querySelectorAll("[data-test=effect]")].map((one) => one.textContent!.replace(/\s+/g, " ").trim());
    expect(last).toContain("Accepted as advised: Does “<b>fees</b>” belong? · 10 rows");
    expect(last).toContain("Round 1 to 2: rows 1,010 → 1,000");
    expect(last).toMatch(/Davies-Bouldin 2\.30 → 2\.10 ▼ 0\.20 better/);
    expect(last).toMatch(/balance 0\.95 → 0\.90 ▼ 0\.05 worse/);
    expect(earlier).toContain("The next round will show what it did.");
    expect(earlier).toContain("2 more decisions lie between these rounds");
  });

  it("says nothing where nothing was accepted", async () => {
    await open();
    expect(hand.has("effects")).toBe(false);
  });
});
