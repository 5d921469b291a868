// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { leave, settled, take, type Waiting } from "../src/waiting";
import { FakePython } from "./fake";
import { Hand, settle } from "./page";

const NASTY = '<img src=x onerror="alert(1)">';

describe("the line under the toolbar", () => {
  let python: FakePython;
  let hand: Hand;
  const open = async (session: Record<string, unknown>, answers: Record<string, unknown> = {}) => {
    python = new FakePython();
    python.session = session;
    python.answers = answers;
    hand = new Hand(python);
    await settle();
  };
  afterEach(() => {
    hand.dispose();
    vi.useRealTimers();
  });

  it("says what came back, keeps it text, and goes when it is put away", async () => {
    await open({ resumed: `2 decisions came back. ${NASTY}` });
    expect(hand.find("returned").textContent).toContain(NASTY);
    expect(hand.root.querySelector("img")).toBeNull();
    await hand.click("returned-away");
    expect(hand.has("returned")).toBe(false);
    await hand.revise("decision");
    expect(hand.has("returned")).toBe(false);
    await hand.click("tab-review");
    expect(hand.find("review-resumed").textContent).toContain("2 decisions came back");
  });

  it("is not there where nothing came back", async () => {
    await open({});
    for (const line of ["returned", "offered", "read-only", "unsaved"]) expect(hand.has(line)).toBe(false);
  });

  it("starts afresh only after a second press, once", async () => {
    await open({ resumed: "2 decisions came back." }, { afresh: { kept: 10, rows: 1, saved: true, applied: true, note: "What was decided before is in journal.1.jsonl." } });
    await hand.click("afresh");
    expect(hand.asked("afresh")).toEqual([]);
    await hand.click("afresh-no");
    expect(hand.find("returned").textContent).toContain("came back");
    await hand.click("afresh");
    python.session = {};
    await hand.click("afresh-yes");
    expect(hand.asked("afresh")).toHaveLength(1);
    expect(hand.has("returned")).toBe(false);
    expect(hand.find("foot-status").textContent).toBe("Started afresh. What was decided before is in journal.1.jsonl.");
  });

  it("offers what was decided about nearly the same rows", async () => {
    await open({ offered: "9 of these rows are also in another table." }, { bring_along: { decisions: 3 } });
    python.session = { resumed: "3 decisions came back." };
    await hand.click("offered-bring");
    expect(hand.asked("bring_along")).toHaveLength(1);
    expect(hand.has("offered")).toBe(false);
    expect(hand.find("returned").textContent).toContain("3 decisions");
  });

  it.each([
    ["take", "read-only-take", "Decisions are made here now"],
    ["copy", "read-only-copy", 'path="/there"'],
  ])("of two kernels the second may %s", async (how, button, told) => {
    await open({ read_only: "Another kernel decides.", resumed: "2 decisions came back." }, { hold: { folder: "/there" } });
    expect(hand.has("returned")).toBe(false); // one line, the one that matters most
    python.session = {};
    await hand.click(button);
    expect(hand.asked("hold")).toEqual([{ how }]);
    expect(hand.has("read-only")).toBe(false);
    expect(hand.find("foot-status").textContent).toContain(told);
  });

  it("says what is not saved while the kernel is gone too: whoever restarts it loses that", async () => {
    await open({ saved: false, problem: "Decisions are not saved yet (No space left)." });
    hand.store.linked("lost");
    await settle();
    expect(hand.find("unsaved").textContent).toContain("No space left");
    expect(hand.find("foot-status").textContent).toContain("don't restart the kernel");
    expect(hand.find("foot-status").textContent).not.toContain("Everything decided is saved");
  });

  it("says what is not saved until it is, and has it tried again meanwhile", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 20 });
    await open({ saved: false, problem: "Decisions are not saved yet (No space left)." }, { save_again: { saved: false, problem: "x" } });
    expect(hand.find("unsaved").textContent).toContain("No space left");
    expect(hand.find("foot-status").textContent).not.toContain("is saved");
    await vi.advanceTimersByTimeAsync(5100);
    await vi.advanceTimersByTimeAsync(5100);
    expect(hand.asked("save_again")).toHaveLength(2);
    expect(hand.has("unsaved")).toBe(true);
    python.answers = { save_again: { saved: true, problem: "" } };
    python.session = {};
    await vi.advanceTimersByTimeAsync(5200);
    expect(hand.has("unsaved")).toBe(false);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(hand.asked("save_again")).toHaveLength(3);
  });
});

describe("decisions made while the kernel was gone", () => {
  const waiting = (name: string, decision: string, extra: Record<string, unknown> = {}): Waiting => ({ name, params: { decision, ...extra }, bytes: new Uint8Array([decision.length, 0]) });

  beforeEach(() => void take("j"));

  it("are taken once, by the journal they were for, each id once", () => {
    leave("j", [waiting("drop", "a"), waiting("drop", "b")]);
    leave("j", [waiting("drop", "b"), waiting("keep", "c")]);
    leave("", [waiting("drop", "d")]);
    expect(take("another").send).toEqual([]);
    expect(take("j").send.map(({ params }) => params.decision)).toEqual(["a", "b", "c"]);
    expect(take("j").send).toEqual([]);
  });

  it.each<[string, string[], string[], number]>([
    ["undo takes back what waits", ["drop:a", "undo:u"], [], 0],
    ["only the last", ["drop:a", "tag:b", "undo:u"], ["a"], 0],
    ["redo does it again", ["drop:a", "undo:u", "redo:r"], ["a"], 0],
    ["another decision ends what could be done again", ["drop:a", "undo:u", "pin:b", "redo:r"], ["b"], 1],
    ["an undo that would reach further is not sent", ["undo:u", "drop:a"], ["a"], 1],
    ["undo takes back what is not sent, and nothing before it", ["drop:a", "rename:n", "undo:u"], ["a"], 0],
    ["also of several", ["drop:a", "accept:s", "undo:u", "undo:v", "redo:r"], ["a"], 0],
    ["what was done again is not sent either", ["drop:a", "rename:n", "undo:u", "redo:r"], ["a"], 1],
    ["what was about the clusters of then is not sent", ["rename:n", "accept:s", "keep_only:a"], ["a"], 2],
  ])("%s", (_, made, sent, left) => {
    const queue = made.map((one) => waiting(one.split(":")[0], one.split(":")[1]));
    const found = settled(queue);
    expect(found.send.map(({ params }) => params.decision)).toEqual(sent);
    expect(found.left).toBe(left);
  });

  it("are sent by the next page, which says so", async () => {
    leave("j", [waiting("drop", "a"), waiting("rename", "n")]);
    const python = new FakePython();
    const hand = new Hand(python);
    await settle();
    expect(hand.asked("drop")).toEqual([{ decision: "a" }]);
    expect(hand.asked("rename")).toEqual([]);
    expect(hand.find("foot-status").textContent).toBe(
      "One decision made while the kernel was gone is saved now. One decision made while the kernel was gone could not be sent: look, and decide again.",
    );
    hand.dispose();
  });

  it("that were taken back are sent by nobody, and the page says that they may stand: Python may have saved them before", async () => {
    leave("j", [waiting("drop", "a"), waiting("undo", "u"), waiting("tag", "b"), waiting("undo", "v"), waiting("redo", "r")]);
    const python = new FakePython();
    const hand = new Hand(python);
    await settle();
    expect(hand.asked("drop")).toEqual([]);
    expect(hand.asked("tag")).toHaveLength(1);
    expect(hand.find("foot-status").textContent).toBe(
      "One decision made while the kernel was gone is saved now. One decision you took back while the kernel was gone may have been saved before: look in the history, and undo what stands.",
    );
    hand.dispose();
  });

  it("outlive the page that made them, with bytes and ids", async () => {
    const python = new FakePython();
    const first = new Hand(python);
    await settle();
    first.model.send = () => undefined; // the kernel is gone: nobody answers
    void first.store.decide("drop", {}, "Dropped.", new Uint8Array([6, 0]));
    void first.store.decide("tag", { name: "x" } as never, "Tagged.", new Uint8Array([1, 0]));
    await settle();
    expect(first.store.state.undecided).toBe(2);
    first.dispose();

    const second = new Hand(python);
    await settle();
    const sent = python.asked.filter(({ name }) => name === "drop" || name === "tag");
    expect(sent.map(({ name, bytes }) => [name, [...bytes!]])).toEqual([["drop", [6, 0]], ["tag", [1, 0]]]);
    expect(new Set(sent.map(({ params }) => params.decision)).size).toBe(2);
    expect(second.find("foot-status").textContent).toContain("2 decisions made while the kernel was gone are saved now.");
    second.dispose();
    expect(take("j").send).toEqual([]);
  });
});
