import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { Mask } from "../src/mask";
import { rowsOf, tally, wholeClusters } from "../src/rows";
import type { SetOp } from "../src/scatter/types";
import { change, IDLE, sortedClusters } from "../src/state";
import { Store } from "../src/store";
import { FakePython, LABELS } from "./fake";

const REVISION = { round: 1, layout: 1, decision: 1, selection: 1, analysis: 1, settings: 1, search: 1, preview: 1, evidence: 1, suggestions: 1, compare: 1, report: 1 };
const STAND = { turn: 0, tilt: 0, target: [0, 0, 0] as [number, number, number], distance: 4, orthographic: false, center: [0, 0] as [number, number], reach: 1, width: 600, height: 400 };
const settle = () => new Promise((resolve) => setTimeout(resolve));

let python: FakePython;
let store: Store;
const asked = (name: string) => python.asked.filter((request) => request.name === name);
const rows = (mask: Mask | null) => (mask ? [...mask] : null);
const take = (list: number[], op: SetOp = "new", final = true) =>
  store.selection.drag({ rows: Mask.of(python.n, list), polygon: Float32Array.of(0, 0, 10.04, 0, 5, 5), camera: [1], dim: 3, op, radius: 0, visible: false, stand: STAND }, final);

beforeEach(async () => {
  python = new FakePython();
  store = new Store(python.kernel());
  await store.start(REVISION, IDLE);
});

describe("pulling", () => {
  it("has everything after the start", () => {
    const { frame, totals, clusters, session, error } = store.state;
    expect(error).toBe("");
    expect(frame?.coords3).toHaveLength(30);
    expect([...totals]).toEqual([[0, 4], [1, 3], [-1, 2]]);
    expect(clusters.map(({ cluster }) => cluster)).toEqual([1, 0, -1]);
    expect(session?.round?.number).toBe(2);
  });

  it("asks for a part when its number moves, and for nothing else", async () => {
    python.asked.length = 0;
    store.revised({ ...REVISION, settings: 2 });
    await settle();
    expect(python.asked.map(({ name }) => name)).toEqual(["state"]);
    store.revised({ ...REVISION, settings: 2 });
    await settle();
    expect(python.asked).toHaveLength(1);
  });

  it("asks for the columns of a new frame only", async () => {
    python.asked.length = 0;
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(asked("column")).toHaveLength(0);
    python.frame = python.placed = 2;
    store.revised({ ...REVISION, round: 3 });
    await settle();
    expect(asked("column")).toHaveLength(3);
    expect(store.state.frame?.id).toBe(2);
  });

  it("asks for no coords that stayed where they were", async () => {
    const before = store.state.frame!.coords3;
    python.asked.length = 0;
    python.frame = 2;
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(asked("column").map(({ params }) => params.name)).toEqual(["labels"]);
    expect(store.state.frame?.id).toBe(2);
    expect(store.state.frame?.coords3).toBe(before);
  });

  it("asks for the frame alone while the map settles", async () => {
    python.asked.length = 0;
    python.frame = python.placed = 2;
    store.revised({ ...REVISION, layout: 2 });
    await settle();
    expect(new Set(python.asked.map(({ name }) => name))).toEqual(new Set(["frame", "column", "kept"]));
  });

  it("asks again where a frame grew old on its way", async () => {
    const release = python.hold("frame");
    python.frame = 2;
    store.revised({ ...REVISION, round: 2 });
    await settle();
    python.frame = 3;
    release();
    await settle();
    expect(store.state.frame?.id).toBe(3);
    expect(store.state.error).toBe("");
  });

  it("runs one pass at a time", async () => {
    const release = python.hold("state");
    python.asked.length = 0;
    for (let i = 2; i < 12; i++) store.revised({ ...REVISION, settings: i });
    await settle();
    expect(asked("state")).toHaveLength(1);
    release();
    await settle();
    expect(asked("state")).toHaveLength(2);
  });

  it("takes a frame that is not there yet for no error", async () => {
    python = new FakePython();
    python.refuse = "frame";
    store = new Store(python.kernel());
    await store.start(REVISION, IDLE);
    expect(store.state.frame).toBeNull();
    expect(store.state.error).toBe("");
    expect(store.state.session?.n).toBe(10);
  });

  it("makes one calm sentence of an error", async () => {
    python.refuse = "state";
    store.revised({ ...REVISION, settings: 2 });
    await settle();
    expect(store.state.error).toBe("state is refused");
  });

  it("asks for everything when the link comes back", async () => {
    store.linked("lost");
    python.kept = Mask.of(python.n, [0, 1]);
    store.linked("ready");
    await settle();
    expect(rows(store.state.kept)).toEqual([0, 1]);
  });

  it("knows then that what is listed, found and compared may be old too", async () => {
    const read = async () => {
      store.reading.want(0, 9);
      for (const what of ["tags", "compared"] as const) store.evidence.want(what);
      await settle();
      return store.reading.total;
    };
    store.list({ within: "dropped" });
    expect(await read()).toBe(0);
    store.linked("lost");
    python.kept = Mask.of(python.n, [0, 1]);
    store.linked("ready");
    expect(await read()).toBe(8);
    expect([asked("tags").length, asked("compared").length]).toEqual([2, 2]);
  });
});

describe("selecting", () => {
  it("combines with what was selected when the drag began, not with its last step", () => {
    take([0, 1]);
    take([1, 2, 3], "add", false);
    take([4], "add", false);
    expect(rows(store.state.selected)).toEqual([0, 1, 4]);
    take([4], "add");
    expect(rows(store.state.selected)).toEqual([0, 1, 4]);
    take([1], "subtract");
    expect(rows(store.state.selected)).toEqual([0, 4]);
    take([4, 5], "intersect");
    expect(rows(store.state.selected)).toEqual([4]);
  });

  it("tells Python once a drag, with the bits and how they came about", async () => {
    take([0], "new", false);
    take([0, 1], "new", false);
    expect(asked("select")).toHaveLength(0);
    take([0, 1, 4]);
    take([7], "add");
    await settle();
    expect(asked("select").map(({ bytes }) => [...(bytes ?? [])])).toEqual([[0b10011, 0], [0b10010011, 0]]);
    const { steps } = asked("select")[1].params.source as { steps: { op: string; polygon: number[] }[] };
    expect(steps.map(({ op }) => op)).toEqual(["new", "add"]);
    expect(steps[0].polygon).toEqual([0, 0, 10, 0, 5, 5]);
    expect(store.state.summary?.examples.map(({ row }) => row)).toEqual([0, 1, 4]);
  });

  it("keeps counts by cluster while dragging", () => {
    take([0, 1, 4, 7], "new", false);
    expect([...store.state.counts]).toEqual([[0, 2], [1, 1], [-1, 1]]);
  });

  it("takes whole clusters, those with most of their rows inside", () => {
    store.show({ whole: true });
    take([0, 1, 4, 5, 7]); // 2 of 4, 2 of 3, 1 of 2
    expect(rows(store.state.selected)).toEqual([4, 5, 6]);
  });

  it("restores what was selected when a drag is cancelled", () => {
    take([0, 1]);
    take([5], "new", false);
    expect(store.selection.dragging).toBe(true);
    store.selection.cancelDrag();
    expect(store.selection.dragging).toBe(false);
    expect(rows(store.state.selected)).toEqual([0, 1]);
    expect([...store.state.counts]).toEqual([[0, 2]]);
  });

  it("has no selection where nothing is in it", async () => {
    take([0]);
    take([]);
    await settle();
    expect(store.state.selected).toBeNull();
    expect(python.selected.count()).toBe(0);
  });

  it("takes a selection that Python set, and does not answer with its own", async () => {
    python.selected = Mask.of(python.n, [4, 5]);
    python.asked.length = 0;
    store.revised({ ...REVISION, selection: 2 });
    await settle();
    expect(rows(store.state.selected)).toEqual([4, 5]);
    expect(store.state.summary?.examples.map(({ row }) => row)).toEqual([4, 5]);
    expect(asked("select")).toHaveLength(0);
  });

  it("never replaces a newer selection by an older answer", async () => {
    python.selected = Mask.of(python.n, [4, 5]);
    const release = python.hold("selection");
    store.revised({ ...REVISION, selection: 2 });
    await settle();
    take([0]);
    release();
    await settle();
    expect(rows(store.state.selected)).toEqual([0]);
  });

  it("never shows the summary of an older selection", async () => {
    const release = python.hold("select");
    take([0]);
    take([4]);
    release();
    await settle();
    expect(store.state.summary?.examples.map(({ row }) => row)).toEqual([4]);
  });

  it("picks clusters and lights hits before they are selected", async () => {
    store.selection.pick([1], "new");
    store.selection.pick([-1], "add");
    expect(rows(store.state.selected)).toEqual([4, 5, 6, 7, 8]);
    store.selection.clear();
    await store.searching.search("card");
    expect(store.state.selected).toBeNull();
    expect(rows(store.state.hits!.mask)).toEqual([1, 4]);
    store.searching.select(store.state.hits!);
    expect(rows(store.state.selected)).toEqual([1, 4]);
    expect(store.state.hits).toBeNull();
  });

  it("leafs through all examples and no farther", async () => {
    take([0, 1, 2, 3, 4, 5, 6]);
    await settle();
    await store.summing.leaf(3);
    await store.summing.leaf(1);
    await store.summing.leaf(1);
    expect(store.state.view.example).toBe(5);
    await store.summing.leaf(3);
    const { view, summary } = store.state;
    expect(view.example).toBe(6);
    expect(summary?.examples.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  describe("while it stands, has what is said of it renewed", () => {
    const said = () => {
      const { examples, silhouette, note } = store.state.summary!;
      return [examples.map(({ row }) => row), silhouette, note ?? ""];
    };
    const moved = async (part: "decision" | "round") => {
      python.asked.length = 0;
      store.revised({ ...REVISION, [part]: 2 });
      await settle();
    };

    beforeEach(async () => {
      take([0, 1, 2, 3]);
      await settle();
      await store.summing.leaf(1);
      expect(said()).toEqual([[0, 1, 2, 3], 0.1, ""]);
    });

    it("where a cell dropped rows of it", async () => {
      [python.kept, python.selected, python.groups] = [Mask.of(python.n, [0, 1, 2]).not(), Mask.of(python.n, [3]), [[3, 8]]];
      await moved("decision");
      expect(said()).toEqual([[3], null, "1 more go with their group."]);
      expect(store.state.view.example).toBe(0);
    });

    it("where something was decided that leaves it whole", async () => {
      python.groups = [[3, 8]];
      await moved("decision");
      expect(said()).toEqual([[0, 1, 2, 3], 0.1, "1 more go with their group."]);
      expect(store.state.view.example).toBe(1);
      expect(asked("points")).toEqual([]);
    });

    it("where a round ended, whose silhouette is another", async () => {
      python.session = { round: { ...store.state.session!.round, id: "r3" } };
      await moved("round");
      expect(said()).toEqual([[0, 1, 2, 3], null, ""]);
    });

    it("but not while other rows are drawn around, nor where nothing is selected", async () => {
      take([5], "new", false);
      await moved("decision");
      store.selection.cancelDrag();
      store.selection.clear();
      await settle();
      await moved("round");
      expect(asked("going")).toEqual([]);
    });
  });

  it("is the same after a round with other clusters: what was said of it stays unfolded, and nobody is asked again", async () => {
    take([0, 4]);
    await settle();
    const { selected, shown } = store.state;
    python.frame++;
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(store.state.shown).not.toBe(shown);
    expect(store.state.selected).toBe(selected);
  });
});

describe("deciding", () => {
  it("hides dropped rows at once and tells Python which", async () => {
    take([0, 4]);
    const done = store.drop();
    expect(store.state.selected).toBeNull();
    expect([...store.state.shown]).toEqual([-2, 0, 0, 0, -2, 1, 1, -1, -1, -2]);
    await done;
    expect(rows(python.kept)).toEqual([1, 2, 3, 5, 6, 7, 8, 9]);
    expect(store.state.notice).toContain("Dropped 2 rows");
    const { source } = asked("drop")[0].params as { source: { steps: unknown[] } };
    expect(source.steps).toHaveLength(1);
  });

  it("keeps only what is selected", async () => {
    take([0, 4]);
    await store.drop("keep_only");
    expect(rows(store.state.kept)).toEqual([0, 4]);
    expect(store.state.notice).toContain("Dropped 8 rows");
  });

  it("says what went and what stayed beside what was asked for", async () => {
    const held = "1 pinned row stays.";
    python.answers = { drop: { kept: 9, rows: 1, saved: true, applied: true, note: held } };
    take([0, 4]);
    await store.drop();
    expect(store.state.notice).toBe(`Dropped 1 row. ${held} Z brings them back.`);
    python.answers = { drop: { kept: 9, rows: 0, saved: true, applied: false, note: held } };
    take([4]);
    await store.drop();
    expect(store.state.notice).toBe(`Nothing was dropped. ${held}`);
    expect(rows(store.state.kept)).toContain(4);
  });

  it("brings rows back to the map when Python refuses", async () => {
    python.refuse = "drop";
    take([0, 4]);
    await store.drop();
    expect(store.state.error).toBe("drop is refused");
    expect(store.state.notice).toBe("");
    expect(store.state.kept?.count()).toBe(10);
  });

  it("undoes", async () => {
    take([0, 4]);
    await store.drop();
    await store.undo();
    expect(store.state.kept?.count()).toBe(10);
    expect(store.state.notice).toBe("Undone: drop");
  });

  it("drops nothing where nothing is selected", async () => {
    await store.drop();
    expect(asked("drop")).toHaveLength(0);
  });

  it("loses from the selection what somebody else dropped", async () => {
    take([0, 4]);
    python.kept = Mask.of(python.n, [4, 5]);
    store.revised({ ...REVISION, decision: 2 });
    await settle();
    expect(rows(store.state.selected)).toEqual([4]);
  });

  it("shows an explanation only while one is awaited", async () => {
    python.explanation = { what: "old", belongs: "no", reasons: [], source: "", rows: 1 };
    store.revised({ ...REVISION, analysis: 2 });
    await settle();
    expect(store.state.explanation).toBeNull();
    take([0]);
    await store.selection.explain();
    store.revised({ ...REVISION, analysis: 3 });
    await settle();
    expect(store.state.explanation?.what).toBe("old");
    expect(store.state.explaining).toBe(false);
  });

  it("stops asking when the analyst ended without an answer", async () => {
    store.status({ ...IDLE, busy: true });
    await store.selection.explain();
    expect(store.state.explaining).toBe(true);
    store.status(IDLE);
    await settle();
    expect(store.state.explaining).toBe(false);
  });

  it("agrees with a plain set of rows after any gestures and decisions", async () => {
    const gesture = fc.record({ list: fc.uniqueArray(fc.integer({ min: 0, max: 9 })), op: fc.constantFrom<SetOp>("new", "add", "subtract", "intersect") });
    const action = fc.oneof(gesture, fc.constantFrom("drop" as const, "keep_only" as const, "undo" as const, "clear" as const));
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        python = new FakePython();
        store = new Store(python.kernel());
        await store.start(REVISION, IDLE);
        let kept = new Set(Array(10).keys());
        let chosen = new Set<number>();
        const past: Set<number>[] = [];
        for (const step of actions) {
          if (typeof step === "object") {
            const taken = step.list.filter((row) => kept.has(row)); // what is gone is not drawn, so no lasso takes it
            take(taken, step.op);
            const others = new Set(taken);
            if (step.op === "new") chosen = others;
            else if (step.op === "add") chosen = new Set([...chosen, ...others]);
            else chosen = new Set([...chosen].filter((row) => others.has(row) === (step.op === "intersect")));
          } else if (step === "undo") {
            await store.undo();
            kept = past.pop() ?? kept;
          } else if (step === "clear") {
            store.selection.clear();
            chosen = new Set();
          } else if (chosen.size > 0) {
            await store.drop(step);
            past.push(kept);
            kept = new Set([...kept].filter((row) => chosen.has(row) === (step === "keep_only")));
            chosen = new Set();
          }
          const sorted = (set: Set<number>) => [...set].sort((a, b) => a - b);
          expect(rows(python.kept)).toEqual(sorted(kept));
          expect(rows(store.state.kept)).toEqual(sorted(kept));
          expect(rows(store.state.selected) ?? []).toEqual(sorted(chosen));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("what follows", () => {
  it("counts shown rows, takes clusters by their rows", () => {
    expect([...tally(LABELS)]).toEqual([[0, 4], [1, 3], [-1, 2]]);
    expect([...rowsOf(LABELS, new Set([1]))]).toEqual([4, 5, 6]);
    expect([...wholeClusters(LABELS, tally(LABELS), Mask.of(10, [0, 1, 4]))]).toEqual([]);
  });

  it("says how an index moved since the round before", () => {
    expect(change(store.state.session, "silhouette")).toBeCloseTo(0.1);
    expect(change(store.state.session, "noise")).toBe(0);
    expect(change({ ...store.state.session!, rounds: [] }, "noise")).toBeNull();
    const [first, undone] = store.state.session!.rounds;
    const round = { ...undone, number: 3, before: 1, metrics: { ...undone.metrics, silhouette: 0.05 } };
    expect(change({ ...store.state.session!, round, rounds: [first, undone, round] }, "silhouette"), "not since a round that was undone").toBeCloseTo(-0.05);
  });

  it("sorts clusters, those without a figure last either way", () => {
    const order = (key: "silhouette" | "size" | "foreign", down: boolean) => sortedClusters({ ...store.state, view: { ...store.state.view, sort: [{ key, down }] } }).map(({ cluster }) => cluster);
    expect(order("foreign", false)).toEqual([1, 0, -1]);
    expect(order("silhouette", false)).toEqual([0, 1, -1]);
    expect(order("silhouette", true)).toEqual([1, 0, -1]);
    expect(order("size", true)).toEqual([0, 1, -1]);
  });

  it("reads pages of the list once, and the whole text on demand", async () => {
    const { reading } = store;
    reading.want(0, 0);
    reading.want(0, 9);
    await settle();
    expect(asked("points")).toHaveLength(1);
    expect(reading.total).toBe(10);
    store.list({ within: "dropped" });
    expect(reading.total).toBeNull();
    await reading.toggle(3);
    expect(reading.texts.get(3)).toBe("the whole text of 3");
    await reading.toggle(3);
    expect(reading.open.has(3)).toBe(false);
  });

  it("asks again what was found about a row once a round ended, at once where it is read", async () => {
    const { reading } = store;
    const texts = () => asked("text").map(({ params }) => params.row);
    await reading.toggle(3);
    await reading.whole(4);
    await reading.whole(4);
    reading.card = 5;
    await reading.whole(5);
    expect(texts()).toEqual([3, 4, 5]);
    const release = python.hold("text");
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(texts()).toEqual([3, 4, 5, 3, 5]);
    expect(reading.wholes.has(3)).toBe(true); // what was found before stays until the new is there
    store.revised({ ...REVISION, round: 3 });
    release();
    await settle();
    expect(texts()).toEqual([3, 4, 5, 3, 5, 3, 5]);
    await reading.whole(3);
    await reading.whole(4);
    expect(texts().slice(7)).toEqual([4]);
  });

  it("leaves a text open that can't be asked for again", async () => {
    const { reading } = store;
    await reading.toggle(3);
    python.refuse = "text";
    store.revised({ ...REVISION, decision: 2 });
    await settle();
    expect(reading.open.has(3)).toBe(true);
    expect(reading.texts.has(3)).toBe(true);
  });
});
