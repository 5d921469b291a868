import { beforeEach, describe, expect, it } from "vitest";
import { countWithin, depthsOf, profile, rowsWithin } from "../src/depth";
import { Mask } from "../src/mask";
import type { Selecting, SetOp } from "../src/scatter/types";
import { IDLE, type Step } from "../src/state";
import { Store } from "../src/store";
import { FakePython } from "./fake";

const REVISION = { round: 1, layout: 1, decision: 1, selection: 1, analysis: 1, settings: 1, search: 1, preview: 1, evidence: 1, suggestions: 1, compare: 1, report: 1 };
const STAND = { turn: 0, tilt: 0, target: [0, 0, 0] as [number, number, number], distance: 4, orthographic: false, center: [0, 0] as [number, number], reach: 1, width: 600, height: 400 };
/** Depth is x, from -1 to 1; the fake's rows all lie at -1, so each test that cuts spreads them. */
const CAMERA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1];

let python: FakePython;
let store: Store;
const rows = (mask: Mask | null | undefined) => (mask ? [...mask] : null);
const selected = () => rows(store.state.selected);
const sent = () => python.asked.filter(({ name }) => name === "select");
const settle = () => new Promise((resolve) => setTimeout(resolve));
const depth = (row: number) => -1 + (2 * row) / 9;

const taken = (list: number[], op: SetOp, more: Partial<Selecting> = {}): Selecting => ({
  rows: Mask.of(python.n, list), polygon: Float32Array.of(0, 0, 10, 0, 5, 5), radius: 0, visible: false, stand: STAND, camera: CAMERA, dim: 3, op, ...more,
}); // prettier-ignore
const take = (list: number[], op: SetOp = "new", more: Partial<Selecting> = {}) => store.selection.drag(taken(list, op, more), true);

beforeEach(async () => {
  python = new FakePython();
  store = new Store(python.kernel());
  await store.start(REVISION, IDLE);
  const frame = store.state.frame!;
  const coords3 = Uint16Array.from({ length: python.n * 3 }, (_, i) => (i % 3 === 0 ? Math.round((65535 * (i / 3)) / 9) : 0));
  store.set({ frame: { ...frame, coords3 } });
});

describe("depths", () => {
  const places = { n: 4, lo: -1, hi: 1, coords3: Uint16Array.of(0, 0, 0, 65535, 0, 0, 32768, 9, 9, 0, 0, 0) };

  it("are the third number that the camera gives", () => {
    const depths = depthsOf(places, [...CAMERA.slice(0, 8), 2, 0, 0, 5, ...CAMERA.slice(12)], Mask.of(4, [0, 1, 2]));
    expect([...depths.rows]).toEqual([0, 1, 2]);
    expect([...depths.at].map((at) => Math.round(at * 100) / 100)).toEqual([3, 7, 5]);
    expect(depths.range).toEqual([3, 7]);
    expect(rows(rowsWithin(depths, [3, 6]))).toEqual([0, 2]);
    expect(countWithin(depths, [3, 3])).toBe(1);
  });

  it("make bars by cluster, the largest first, the small ones as one, none lost at the ends", () => {
    const depths = depthsOf(places, CAMERA, Mask.of(4, [0, 1, 2, 3]));
    const layers = profile(depths, Int16Array.of(7, -1, 3, 7), 4, 2);
    expect(layers.map(({ cluster, counts }) => [cluster, [...counts]])).toEqual([[7, [2, 0, 0, 0]], [-1, [0, 0, 0, 1]], [null, [0, 0, 1, 0]]]);
    expect(profile(depthsOf(places, CAMERA, Mask.of(4, [0, 3])), Int16Array.of(7, 7, 7, 7), 3, 2).map(({ counts }) => [...counts])).toEqual([[2, 0, 0]]);
    expect(profile(depthsOf(places, CAMERA, new Mask(4)), new Int16Array(4), 3, 2)).toEqual([]);
  });
});

describe("a cut", () => {
  it("leaves what lies between two depths, at once, and tells Python when it is final", async () => {
    take([0, 1, 2, 3]);
    await settle();
    const before = sent().length;
    store.selection.cut([depth(1) - 0.01, depth(2) + 0.01], false);
    expect(selected()).toEqual([1, 2]);
    expect(sent()).toHaveLength(before);
    store.selection.settle();
    expect(sent()).toHaveLength(before + 1);
    expect(rows(Mask.from(python.n, sent().at(-1)!.bytes!))).toEqual([1, 2]);
    const { steps } = sent().at(-1)!.params.source as { steps: Step[] };
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ dim: 3, op: "new", depth: [expect.closeTo(depth(1) - 0.01, 9), expect.closeTo(depth(2) + 0.01, 9)], camera: CAMERA, stand: STAND });
    store.selection.settle();
    expect(sent()).toHaveLength(before + 1);
  });

  it("is taken back, and may be made again, also where it had left nothing", () => {
    take([0, 1, 2]);
    store.selection.cut([5, 6]);
    expect(selected()).toBeNull();
    expect(store.selection.cutting?.range).toEqual([5, 6]);
    store.selection.cut(null);
    expect(selected()).toEqual([0, 1, 2]);
    expect(store.state.steps[0].depth).toBeNull();
  });

  it.each<[SetOp, number[], number[]]>([
    ["add", [0, 1, 2, 5, 6], [0, 1, 5]],
    ["subtract", [0], [0, 2]],
    ["intersect", [1, 2], [1]],
  ])("counts from what was selected before: %s", (op, whole, cut) => {
    take(op === "add" ? [0, 1] : [0, 1, 2]);
    take(op === "add" ? [2, 5, 6] : [1, 2, 3], op);
    expect(selected()).toEqual(whole);
    store.selection.cut(op === "add" ? [depth(5) - 0.01, depth(5) + 0.01] : [depth(1) - 0.01, depth(1) + 0.01]);
    expect(selected()).toEqual(cut);
    expect(store.state.steps).toHaveLength(2);
    store.selection.cut(null);
    expect(selected()).toEqual(whole);
  });

  it("ends with the next selection, a decision, another map, and there is none in a flat one", async () => {
    take([0, 1]);
    expect(store.selection.cutting).not.toBeNull();
    store.selection.pick([1], "add");
    expect(store.selection.cutting).toBeNull();
    take([0, 1], "new", { dim: 2 });
    expect(store.selection.cutting).toBeNull();
    take([0, 1]);
    store.set({ frame: { ...store.state.frame!, coords3: store.state.frame!.coords3.slice() } });
    expect(store.selection.cutting).toBeNull();
    take([0, 1]);
    await store.drop();
    expect(store.selection.cutting).toBeNull();
    store.selection.cut([0, 1]);
    expect(selected()).toBeNull();
  });

  it("is of the rows that are still there, whatever dropped the others", async () => {
    take([0, 1, 2, 3]);
    store.selection.cut([depth(0), depth(2) + 0.01]);
    expect(store.selection.cutting!.depths.rows).toHaveLength(4);
    python.kept = Mask.of(python.n, [0, 1, 4, 5]);
    store.revised({ ...REVISION, decision: 2 });
    await settle();
    expect([...store.selection.cutting!.depths.rows]).toEqual([0, 1]);
    expect(selected()).toEqual([0, 1]);
    store.selection.cut([depth(1) - 0.01, depth(3)]);
    expect(selected()).toEqual([1]);
    store.selection.cut(null);
    expect(selected()).toEqual([0, 1]);
  });

  it("rests while something else is drawn, and comes back with Esc", () => {
    take([0, 1, 2]);
    store.selection.cut([-1, depth(1) + 0.01]);
    store.selection.drag(taken([5], "add"), false);
    expect(store.selection.cutting).toBeNull();
    store.selection.cancelDrag();
    expect(selected()).toEqual([0, 1]);
    expect(store.selection.cutting?.range?.[0]).toBe(-1);
  });

  it("of whole clusters cuts the clusters", () => {
    store.show({ whole: true });
    take([0, 1, 2]);
    expect(selected()).toEqual([0, 1, 2, 3]);
    store.selection.cut([-1, depth(2) + 0.01]);
    expect(selected()).toEqual([0, 1, 2]);
  });
});

describe("what is in sight", () => {
  it("is taken of the last outline, the cut stays, and the other way round", () => {
    const again = (visible: boolean) => Mask.of(python.n, visible ? [0, 2] : [0, 1, 2]);
    take([0, 1, 2], "new", { again });
    store.selection.cut([depth(1) - 0.01, 1]);
    expect(selected()).toEqual([1, 2]);
    store.selection.setVisible(true);
    expect(selected()).toEqual([2]);
    expect(store.state.view.visible).toBe(true);
    expect(store.state.steps[0].visible).toBe(true);
    store.selection.setVisible(false);
    expect(selected()).toEqual([1, 2]);
  });

  it("is only a setting where nothing was drawn", () => {
    store.selection.pick([0], "new");
    store.selection.setVisible(true);
    expect(selected()).toEqual([0, 1, 2, 3]);
    expect(store.state.view.visible).toBe(true);
  });
});

describe("a selection that was made elsewhere", () => {
  it("is what the list of it shows, too", async () => {
    take([0, 1]);
    await settle();
    store.list({ within: "selection" });
    store.reading.want(0, 0);
    await settle();
    expect(store.reading.total).toBe(2);
    python.selected = Mask.of(python.n, [4, 5, 6]);
    store.revised({ ...REVISION, selection: 2 });
    await settle();
    expect(selected()).toEqual([4, 5, 6]);
    store.reading.want(0, 0);
    await settle();
    expect(store.reading.total).toBe(3);
  });
});

describe("an outline that comes to nothing", () => {
  it("leaves what a cell or another view selected meanwhile: what is saved is what is lit up", async () => {
    take([0, 1]);
    await settle();
    store.selection.drag(taken([0, 1, 2], "add"), false);
    python.selected = Mask.of(python.n, [4, 5, 6]);
    store.revised({ ...REVISION, selection: 2 });
    await settle();
    expect(selected()).toEqual([0, 1, 2]);
    store.selection.cancelDrag();
    expect(selected()).toEqual([0, 1]);
    await settle();
    expect(selected()).toEqual([4, 5, 6]);
  });
});

describe("the rest of what a hand may ask for", () => {
  it("inverts what is shown: neither what is hidden nor what is dropped", () => {
    take([0, 1, 4]);
    store.show({ hidden: new Set([-1]) });
    store.selection.invert();
    expect(selected()).toEqual([2, 3, 5, 6]);
    store.selection.invert(Mask.of(python.n, [0, 1, 2]));
    expect(selected()).toEqual([0, 1]);
    expect(store.state.steps.map(({ kind }) => kind)).toEqual(["turn", "invert", "invert"]);
    store.selection.clear();
    store.selection.invert();
    expect(selected()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("grows by what Python says, unless something else was selected meanwhile", async () => {
    take([0]);
    await store.selection.grow();
    expect(selected()).toEqual([0, 1]); // the fake's neighbours are the rows that follow
    expect(store.state.steps.map(({ kind }) => kind)).toEqual(["turn", "grow"]);
    const release = python.hold("grow");
    const growing = store.selection.grow();
    store.selection.pick([1], "new");
    release();
    await growing;
    expect(selected()).toEqual([4, 5, 6]);
  });

  it("takes all of a kind that is kept, as its step says", async () => {
    take([0]);
    await store.drop();
    store.selection.all(Mask.of(python.n, [0, 1, 9]), { kind: "label", op: "add", label: "x" });
    expect(selected()).toEqual([1, 9]);
  });

  it("combines as the buttons say only with what there is, and a drag as it began", () => {
    store.show({ op: "subtract" });
    expect(store.selection.op).toBe("new");
    store.selection.drag(taken([5, 6], "new"), false);
    expect(store.selection.op).toBe("new");
    store.selection.drag(taken([5, 6], "new"), true);
    expect(store.selection.op).toBe("subtract");
    store.selection.drag(taken([5, 6], "subtract"), false);
    expect(selected()).toBeNull();
    expect(store.selection.op).toBe("subtract");
  });

  it("in mid-drag picks from what was selected before it", () => {
    take([0]);
    store.selection.drag(taken([5, 6], "new"), false);
    store.selection.pick([1], "add");
    expect(selected()).toEqual([0, 4, 5, 6]);
    expect(store.selection.dragging).toBe(false);
  });
});
