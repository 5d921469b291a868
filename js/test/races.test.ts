// What a hand does while an answer is on its way, and rows that are not in sight: neither replaces what a person sees.

import { beforeEach, describe, expect, it } from "vitest";
import { Mask } from "../src/mask";
import type { Suggestion } from "../src/protocol";
import type { Selecting, SetOp } from "../src/scatter/types";
import { IDLE } from "../src/state";
import { Store } from "../src/store";
import { FakePython } from "./fake";

const REVISION = { round: 1, layout: 1, decision: 1, selection: 1, analysis: 1, settings: 1, search: 1, preview: 1, evidence: 1, suggestions: 1, compare: 1, report: 1 };
const STAND = { turn: 0, tilt: 0, target: [0, 0, 0] as [number, number, number], distance: 4, orthographic: false, center: [0, 0] as [number, number], reach: 1, width: 600, height: 400 };
const CAMERA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1];

let python: FakePython;
let store: Store;
const rows = (mask: Mask | null | undefined) => (mask ? [...mask] : null);
const selected = () => rows(store.state.selected);
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const taken = (list: number[], op: SetOp = "new"): Selecting => ({
  rows: Mask.of(python.n, list), polygon: Float32Array.of(0, 0, 10, 0, 5, 5), radius: 0, visible: false, stand: STAND, camera: CAMERA, dim: 3, op,
}); // prettier-ignore
const take = (list: number[], op: SetOp = "new") => store.selection.drag(taken(list, op), true);

beforeEach(async () => {
  python = new FakePython();
  store = new Store(python.kernel());
  await store.start(REVISION, IDLE);
});

describe("while an answer is on its way", () => {
  it("a newer selection stays, whatever else of the answer came first", async () => {
    take([0, 1]);
    await settle();
    python.frame++;
    const release = python.hold("clusters");
    store.revised({ ...REVISION, round: 2 });
    await settle();
    take([4, 5]);
    release();
    await settle();
    expect(selected()).toEqual([4, 5]);
    expect(rows(python.selected)).toEqual([4, 5]);
  });

  it("a search that was cleared stays cleared", async () => {
    store.show({ mode: "meaning" });
    await store.searching.search("cards");
    python.hits = { query: "cards", mode: "meaning", rows: [1], error: "" };
    const release = python.hold("clusters");
    store.revised({ ...REVISION, search: 2, round: 2 });
    await settle();
    store.searching.clear();
    release();
    await settle();
    expect(store.state.hits).toBeNull();
    expect(store.state.search).toBeNull();
  });

  it("an explanation of an older selection says nothing of the new one", async () => {
    take([0, 1]);
    await store.selection.explain();
    python.explanation = { what: "cards" };
    const release = python.hold("clusters");
    store.revised({ ...REVISION, analysis: 2 });
    await settle();
    take([4]);
    release();
    await settle();
    expect(store.state.explanation).toBeNull();
  });

  it("an explanation of an older selection says nothing of a new one that is to be explained", async () => {
    take([0, 1]);
    await store.selection.explain();
    python.explanation = { what: "cards" };
    const release = python.hold("clusters");
    store.revised({ ...REVISION, analysis: 2 });
    await settle();
    take([4]);
    await settle();
    python.explanation = null;
    await store.selection.explain();
    release();
    await settle();
    expect(store.state.explanation).toBeNull();
    expect(store.state.explaining).toBe(true);
    python.explanation = { what: "fees" };
    store.revised({ ...REVISION, analysis: 3 });
    await settle();
    expect(store.state.explanation).toEqual({ what: "fees" });
  });

  const SUGGESTION = { id: "far-1", kind: "far", clusters: [] } as unknown as Suggestion;
  it.each<[string, string, () => Promise<void>]>([
    ["that was saved", "recall", () => store.selection.recall("odd")],
    ["of a suggestion", "suggestion", () => store.suggesting.look(SUGGESTION)],
    ["with a verdict", "judged", () => store.rowwise.take("drop")],
    ["with a label that looks like another", "confused", () => store.evidence.confused({ given: "cards", looks: "fees", codes: [0, 1] }, "new")],
  ])("what was selected since is selected, not the rows %s", async (_, name, ask) => {
    const release = python.hold(name);
    const asked = ask();
    await settle();
    take([0, 1]);
    release();
    await asked;
    expect(selected()).toEqual([0, 1]);
    expect(rows(python.selected)).toEqual([0, 1]);
    await ask();
    expect(selected()).not.toEqual([0, 1]);
  });

  it("examples are of what is selected now", async () => {
    python.selected = Mask.of(python.n, [4, 5]);
    const release = python.hold("points");
    store.revised({ ...REVISION, selection: 2 });
    await settle();
    take([0]);
    await settle();
    release();
    await settle();
    expect(store.state.summary!.examples.map(({ row }) => row)).toEqual([0]);
  });

  it("the depth that is being cut at stays under the hand", async () => {
    const frame = store.state.frame!;
    store.set({ frame: { ...frame, coords3: Uint16Array.from({ length: python.n * 3 }, (_, i) => (i % 3 === 0 ? Math.round((65535 * (i / 3)) / 9) : 0)) } });
    take([0, 1, 2, 3]);
    await settle();
    store.revised({ ...REVISION, selection: 2 });
    store.selection.cut([-1, -0.7], false);
    await settle();
    expect(selected()).toEqual([0, 1]);
    store.selection.settle();
    await settle();
    expect(rows(python.selected)).toEqual([0, 1]);
  });
});

describe("what Python refuses", () => {
  it("leaves the selection as it was", async () => {
    take([4, 5]);
    await settle();
    const { steps, summary } = store.state;
    python.refuse = "drop";
    await store.drop();
    expect(store.state.error).toBe("drop is refused");
    expect(selected()).toEqual([4, 5]);
    expect(store.state.steps).toBe(steps);
    expect(store.state.summary).toBe(summary);
  });
});

describe("what is not there any more", () => {
  it("is not selected, however it was meant", async () => {
    store.selection.drag(taken([0, 1]), false);
    python.kept = Mask.of(python.n, [1, 2, 3, 4, 5, 6, 7, 8]);
    store.revised({ ...REVISION, decision: 2 });
    await settle();
    take([0, 1, 2], "add");
    expect(selected()).toEqual([1, 2]);
    expect([...store.state.counts.keys()]).toEqual([0]);
  });
});

describe("whole clusters", () => {
  it("are those with most of what is shown inside, and what the legend hides is not taken", () => {
    store.show({ whole: true });
    store.set({ view: { ...store.state.view, colourBy: "label" } });
    return settle().then(async () => {
      store.colouring.want("label");
      await settle();
      store.colouring.toggle(0); // rows 0, 1 and 7
      take([2]);
      expect(selected()).toBeNull();
      take([2, 3]);
      expect(selected()).toEqual([2, 3]);
    });
  });
});

describe("a filter", () => {
  it("stays with the categories it was meant for, whatever their codes are now", async () => {
    python.values.set("finding:noise", { codes: [0, 0, 0, 0, 0, 0, 0, 1, 1, 0], categories: [{ name: "no", count: 8 }, { name: "yes", count: 2 }], others: 0, version: 1 });
    const attributes = [...(await import("./fake")).SESSION.attributes, { key: "finding:noise", title: "noise", kind: "flag" as const, group: "finding" as const }];
    python.session = { attributes };
    await store.pull(["state"]);
    store.show({ colourBy: "finding:noise" });
    await settle();
    store.colouring.toggle(0); // "no"
    python.values.set("finding:noise", { codes: [1, 1, 1, 1, 0, 0, 0, 0, 0, 0], categories: [{ name: "yes", count: 6 }, { name: "no", count: 4 }], others: 0, version: 2 });
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(store.colouring.entries().map(({ name, off }) => [name, off])).toEqual([["yes", false], ["no", true]]);
    expect(rows(store.colouring.filter)).toEqual([4, 5, 6, 7, 8, 9]);
  });
});

describe("while other colours are on their way", () => {
  it("the legend filters nothing: its codes are those of the old ones", async () => {
    store.show({ colourBy: "label" });
    await settle();
    expect(store.colouring.key).toBe("label");
    const release = python.hold("values");
    store.show({ colourBy: "score" });
    expect(store.colouring.key).toBe("label");
    store.colouring.toggle(1);
    store.colouring.solo(1);
    release();
    await settle();
    expect(store.colouring.key).toBe("score");
    expect(store.colouring.filter).toBeNull();
    expect(store.state.view.hidden.size).toBe(0);
  });
});

describe("labels that have no colour of their own", () => {
  it("are told apart from those that have: others are no label to select all of", async () => {
    store.selection.select(Mask.of(python.n, [0, 4]), []);
    store.colouring.labels();
    await settle();
    expect(store.colouring.labels()!.map(({ name, others }) => [name, others])).toEqual([["<i>refund</i>", false], ["others", true]]);
  });
});

describe("undo twice at once", () => {
  it("names the first; what the second was is not known yet", async () => {
    python.session = { undo: "drop of 3 rows" };
    python.past = [python.kept, python.kept];
    await store.pull(["state"]);
    const release = python.hold("state");
    await Promise.race([store.undo(), settle()]);
    expect(store.state.notice).toBe("Undone: drop of 3 rows");
    const second = store.undo();
    await settle();
    expect(store.state.notice).toBe("Undone.");
    release();
    await second;
  });
});

describe("a decision that is lit up as it was made", () => {
  it("is put away before the selection under it goes: nothing is dropped that is not lit", async () => {
    take([0, 1]);
    await settle();
    await store.revisit("d1");
    expect(rows(store.state.revisited!.rows)).toEqual([4, 5, 6]);
    await store.drop();
    expect(python.asked.some(({ name }) => name === "drop")).toBe(false);
    expect(store.state.revisited).toBeNull();
    expect(selected()).toEqual([0, 1]);
    await store.drop();
    expect(rows(store.state.kept)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe("going back to where one is", () => {
  it("says so: Z would take something else back", async () => {
    python.answers = { goto: { kept: 10, rows: 0, saved: true, applied: false } };
    await store.goto("r1", "round 1");
    expect(store.state.notice).toBe("Things stand as after round 1 already.");
  });
});

describe("an earlier round", () => {
  it("hides what was not kept then, and gives the selection back whole", async () => {
    take([4, 5, 6]);
    await settle();
    const { kept } = python;
    python.kept = Mask.of(python.n, [0, 1, 2, 3, 4]);
    await store.look("r1");
    expect(selected()).toEqual([4]);
    python.kept = kept;
    await store.look("");
    expect(selected()).toEqual([4, 5, 6]);
  });
});
