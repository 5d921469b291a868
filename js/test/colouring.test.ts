import { beforeEach, describe, expect, it } from "vitest";
import { codeOf, countCodes, MISSING, passing, STEPS, stepsOf, valueOf, type Values } from "../src/codes";
import { Mask } from "../src/mask";
import { clusterColours, ramp } from "../src/palette";
import { IDLE } from "../src/state";
import { Store } from "../src/store";
import { judged } from "../src/verdicts";
import { cluster, FakePython } from "./fake";
import { generator } from "./random";

const REVISION = { round: 1, layout: 1, decision: 1, selection: 1, analysis: 1, settings: 1, search: 1, preview: 1, evidence: 1, suggestions: 1, compare: 1, report: 1 };
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

let python: FakePython;
let store: Store;
const asked = (name: string) => python.asked.filter((request) => request.name === name);
const entries = () => store.colouring.entries().map(({ code, name, count, selected, off }) => [code, name, count, selected, off]);
const rows = (mask: Mask | null) => mask && [...mask];
const colour = async (colourBy: string) => {
  store.show({ colourBy });
  await settle();
};

beforeEach(async () => {
  python = new FakePython();
  store = new Store(python.kernel());
  await store.start(REVISION, IDLE);
});

describe("what colours", () => {
  it("is the cluster at first, noise on top and without a colour", () => {
    expect(entries()).toEqual([[-1, "noise", 2, 0, false], [0, "cards", 4, 0, false], [1, "fees", 3, 0, false]]);
    expect(store.colouring.entries().map((entry) => entry.colour)).toEqual([null, ...clusterColours(2, false)]);
    expect(store.colouring.perRow).toBeUndefined();
  });

  it("is fetched once it is looked at, and what was shown stays until then", async () => {
    expect(asked("values")).toHaveLength(0);
    const release = python.hold("values");
    await colour("label");
    expect(store.colouring.key).toBe("cluster");
    release();
    await settle();
    expect(store.colouring.key).toBe("label");
    expect([...store.colouring.perRow!]).toEqual(python.values.get("label")!.codes.map((code) => (code === MISSING ? 3 : code)));
    // rows 8 and 9: one without a value, one that is not on the map
    expect(entries()).toEqual([[0, "<i>refund</i>", 3, 0, false], [1, "fees", 2, 0, false], [2, "7 others", 3, 0, false], [MISSING, "no value", 1, 0, false]]);
    await colour("cluster");
    await colour("label");
    expect(asked("values")).toHaveLength(2); // two chunks
  });

  it("of a number is 32 steps of a ramp, and those without a value lie beyond it", async () => {
    await colour("score");
    expect(store.colouring.css).toEqual([...ramp(STEPS, false), expect.stringMatching(/^#/)]);
    expect([...store.colouring.perRow!]).toEqual([0, 31, 15, 0, 0, 0, 0, 31, STEPS, 0]);
    const { rows: bars } = store.colouring.bars()!;
    expect([bars[0], bars[15], bars[31], bars[STEPS]]).toEqual([5, 1, 2, 1]);
  });

  it("is known of the rows of a reference too, which are not among the person's own", async () => {
    python.session = { n: 6, kept: 6, reference: 4 };
    store.revised({ ...REVISION, decision: 2 });
    await settle();
    await colour("label");
    expect(store.state.error).toBe("");
    expect(store.colouring.values!.codes).toHaveLength(10);
  });

  it("follows a round, and travels again only where it changed", async () => {
    await colour("label");
    python.asked.length = 0;
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(asked("values").map(({ params }) => params)).toEqual([{ key: "label", version: 1 }]);
    python.values.set("label", { ...python.values.get("label")!, codes: Array<number>(10).fill(1), version: 2 });
    store.revised({ ...REVISION, round: 3 });
    await settle();
    expect(entries()[1]).toEqual([1, "fees", 9, 0, false]);
  });

  it("is the cluster again where the attribute can't be had", async () => {
    await colour("nothing");
    expect(store.state.view.colourBy).toBe("cluster");
    expect(store.state.error).toContain("no attribute");
  });

  it("counts what is selected, and where it comes from, while one drags", async () => {
    await colour("label");
    store.selection.drag({ rows: Mask.of(10, [0, 1, 4]), polygon: new Float32Array(), camera: [], dim: 3, op: "new", radius: 0, visible: false } as never, false);
    expect(entries().map((entry) => entry[3])).toEqual([2, 0, 1, 0]);
    expect(store.colouring.labels()).toEqual([{ name: "<i>refund</i>", count: 2, code: 0, others: false }, { name: "others", count: 1, code: 2, others: true }]);
  });

  it("asks for labels once something is selected, not before", async () => {
    store.selection.pick([1], "new");
    expect(store.colouring.labels()).toBeNull();
    await settle();
    expect(store.colouring.labels()).toEqual([{ name: "others", count: 3, code: 2, others: true }]);
  });
});

describe("an attribute that can't be had", () => {
  it.each<[string, () => unknown]>([
    ["labels of the selection", () => store.colouring.labels()],
    ["values", () => store.colouring.valuesOf("label")],
  ])("is asked for once by whatever draws: %s", async (_, draw) => {
    store.selection.pick([0], "new");
    python.refuse = "values";
    store.subscribe(() => queueMicrotask(draw));
    draw();
    await settle();
    expect(asked("values")).toHaveLength(1);
    python.refuse = "";
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(store.colouring.valuesOf("label")).not.toBeNull();
  });
});

describe("the filter", () => {
  it("hides clusters and codes, says how many rows, and shows all again", async () => {
    store.colouring.toggle(1);
    expect([...store.state.view.hidden]).toEqual([1]);
    expect(store.colouring.hiding).toEqual({ rows: 3, selected: 0 });
    expect(store.colouring.filter).toBeNull(); // the map hides clusters itself
    await colour("label");
    store.colouring.toggle(0);
    expect(rows(store.colouring.filter)).toEqual([2, 3, 4, 5, 6, 8]);
    expect(store.colouring.hiding).toEqual({ rows: 6, selected: 0 });
    store.colouring.showAll();
    expect(store.colouring.hiding.rows).toBe(0);
  });

  it("shows one alone, and all again", async () => {
    store.colouring.solo(0);
    expect([...store.state.view.hidden].sort()).toEqual([-1, 1]);
    store.colouring.solo(0);
    expect(store.state.view.hidden.size).toBe(0);
  });

  it("of a number leaves what lies in the range, nothing without a value", async () => {
    await colour("score");
    store.show({ range: [4, 10] });
    expect(rows(store.colouring.filter)).toEqual([1, 2, 7]);
    await colour("label");
    expect(store.state.view.range).toBeNull();
    expect(store.colouring.filter).toBeNull();
  });

  it("selects every shown row of an entry, by the op", async () => {
    await colour("label");
    store.colouring.take([0]);
    expect(rows(store.state.selected)).toEqual([0, 1, 7]); // row 9 is on no map, but kept
    store.show({ op: "add", hidden: new Set([0]) });
    store.colouring.take([1]);
    expect(rows(store.state.selected)).toEqual([0, 1, 7]);
    expect(store.state.steps.at(-1)).toMatchObject({ kind: "values", key: "label", values: ["fees"], op: "add" });
    expect(store.colouring.hiding.selected).toBe(2);
  });

  it("agrees with a plain test of each row", () => {
    const next = generator(7);
    const codes = Uint16Array.from({ length: 500 }, () => (next() < 0.1 ? MISSING : Math.floor(next() * MISSING)));
    const values: Values = { key: "x", version: 1, codes, categories: null, others: 0, lo: -3, hi: 9, grid: null, under: null, drawn: stepsOf(codes), painted: stepsOf(codes) };
    const within = [...passing(values, new Set([MISSING]), [0, 5])];
    const [from, to] = [codeOf(0, -3, 9), codeOf(5, -3, 9)];
    expect(within).toEqual([...codes.keys()].filter((row) => codes[row] !== MISSING && codes[row] >= from && codes[row] <= to));
    expect(valueOf(codeOf(5, -3, 9), -3, 9)).toBeCloseTo(5, 3);
    const counts = countCodes(values, new Mask(500).not());
    expect(counts.reduce((a, b) => a + b)).toBe(500);
    expect(counts[STEPS]).toBe(codes.filter((code) => code === MISSING).length);
  });

  it("of one value for all rows is that value", () => {
    expect(codeOf(4, 4, 4)).toBe(0);
    expect(valueOf(0, 4, 4)).toBe(4);
  });
});

describe("verdicts", () => {
  it("stay until the next ones are there", () => {
    const before = [cluster(1, "fees"), cluster(0, "cards")];
    const now = [{ ...cluster(1, "fees"), verdict: null, status: "pending" as const }, { ...cluster(2, "new"), verdict: null, status: "pending" as const }];
    expect(judged(now, before).map(({ verdict, status }) => [verdict, status])).toEqual([["drop", "pending"], [null, "pending"]]);
  });
});

describe("coords", () => {
  it("of a map that is not shown are asked for when it is", async () => {
    const columns = () => asked("column").map(({ params }) => params.name);
    expect(columns()).toEqual(["coords3", "coords3", "labels"]);
    const before = store.state.shown;
    store.show({ dim: "both" });
    await settle();
    expect(columns()).toEqual(["coords3", "coords3", "labels", "coords2"]);
    expect(store.state.shown).toBe(before);
    store.show({ dim: "2d" });
    await settle();
    expect(columns()).toHaveLength(4);
    python.frame = python.placed = 2;
    store.revised({ ...REVISION, round: 2 });
    await settle();
    expect(columns().slice(4)).toEqual(["coords2", "labels"]);
  });
});
