// @vitest-environment happy-dom
// An exported page: what it holds answers, what would decide is refused and not offered; and the tour.

import { beforeEach, describe, expect, it } from "vitest";
import widget from "../src/index";
import { toBase64 } from "../src/bytes";
import { Answers } from "../src/exported/answers";
import { SealedModel } from "../src/exported/model";
import { type Sealed, unseal } from "../src/exported/sealed";
import { Mask } from "../src/mask";
import { FakePython, LABELS } from "./fake";
import { Hand, settle } from "./page";

const N = LABELS.length;
const bytes = (numbers: ArrayBufferView) => toBase64(new Uint8Array(numbers.buffer));

/** As widget/sealing.py seals them. */
const told = () => ({
  "finding:odd": { values: null, which: null, ranks: bytes(Int32Array.of(1, 0)) },
  "column:id": { values: [1234503, 1234504, null, "2021-05-01", ...Array<number>(N - 4).fill(7)], which: null, ranks: bytes(Int32Array.of(3, 4, -1, 2, ...Array<number>(N - 4).fill(0))) },
  "column:source": { values: ["Zeta", "alpha"], which: bytes(Int32Array.of(0, 1, -1, ...Array<number>(N - 3).fill(0))), ranks: bytes(Int32Array.of(1, 0)) },
});

async function sealed(texts: boolean): Promise<Sealed> {
  const kernel = new FakePython().kernel();
  const hello = await kernel.hello();
  const { result: state } = await kernel.request("state", {});
  const { result: clusters } = await kernel.request("clusters", {});
  const column = (name: string, items: number) => ({ name, dtype: "uint16", items, chunks: 1, version: 1 });
  const frame = { frame: 1, n: N, lo: -1.2, hi: 1.2, columns: [column("coords3", 3), column("coords2", 2), { ...column("labels", 1), dtype: "int16" }] };
  const flag = { key: "finding:odd", title: "odd", kind: "flag", group: "finding" };
  return {
    hello: { ...hello, label_name: null, exported: { texts, said: "Exported, to look at." } },
    state: { ...state, kept: N - 1, attributes: [{ key: "cluster", title: "cluster", kind: "category", group: "" }, flag] },
    frame,
    columns: { coords3: bytes(new Uint16Array(3 * N)), coords2: bytes(new Uint16Array(2 * N)), labels: bytes(LABELS.slice()) },
    kept: toBase64(Mask.of(N, [...Array(N - 1).keys()]).toBytes()),
    clusters: clusters.clusters,
    values: { "finding:odd": { categories: [{ name: "yes", count: 1 }, { name: "no", count: N - 1 }], others: 0, lo: 0, hi: 0, grid: null, codes: bytes(Uint16Array.from({ length: N }, (_, row) => Number(row !== 3))) } },
    told: texts ? told() : {},
    texts: texts ? Array.from({ length: N }, (_, row) => `<b>row ${row}</b>`) : null,
    labels: null,
    traits: { dim: "3d", colour_by: "cluster", hidden: [] },
  } as unknown as Sealed;
}

async function opened(texts: boolean): Promise<{ root: HTMLElement; has(test: string): boolean }> {
  document.body.replaceChildren();
  widget.render({ model: new SealedModel(unseal(await sealed(texts)), 600), el: document.body });
  await settle();
  const root = document.body.querySelector<HTMLElement>(".elute")!;
  return { root, has: (test) => root.querySelector(`[data-test="${test}"]`) !== null };
}

describe("the answers of an exported page", () => {
  it("list, filter and sort as Python does, and refuse what decides", async () => {
    const answers = new Answers(unseal(await sealed(true)));
    const points = (more: object) => answers.answer("points", { within: "all", offset: 0, limit: 3, ...more }, new Uint8Array()).result;
    expect(points({}).points.map(({ row, text }) => [row, text])).toEqual([[0, "<b>row 0</b>"], [1, "<b>row 1</b>"], [2, "<b>row 2</b>"]]);
    expect(points({ query: "ROW 3" }).points[0]).toMatchObject({ row: 3, flags: ["odd"], kept: true });
    expect(points({ query: "^<b>row [45]", regex: true }).total).toBe(2);
    expect(() => points({ query: "(", regex: true })).toThrow(/regular expression/);
    expect(points({ within: "dropped" }).points.map(({ row }) => row)).toEqual([N - 1]);
    expect(points({ sort: ["-finding:odd"], keys: ["finding:odd"] }).points[0]).toMatchObject({ row: 3, values: ["yes"] });
    expect(answers.answer("select", {}, Mask.of(N, [1, N - 1]).toBytes()).result).toMatchObject({ count: 1, examples: [{ row: 1 }] });
    for (const name of ["drop", "undo", "rename", "run", "settings", "toString"] as const) expect(() => answers.answer(name as "run", {}, new Uint8Array())).toThrow(/looked at/);
  });
});

describe("what an exported page lists", () => {
  const list = async (texts: string[], more: object) => {
    const held = { ...(await sealed(true)), texts };
    return new Answers(unseal(held)).answer("points", { within: "all", offset: 0, limit: N, ...more }, new Uint8Array()).result;
  };
  const filler = Array<string>(N - 4).fill("");

  it("is what Python told, in the order of its ranks, rows without a value last either way", async () => {
    const keys = ["column:id", "column:source", "cluster"];
    const up = await list(Array<string>(N).fill(""), { sort: ["column:id"], keys });
    expect(up.points.map(({ row }) => row)).toEqual([4, 5, 6, 7, 8, 9, 3, 0, 1, 2]);
    expect(up.points.slice(-4).map(({ values }) => values.slice(0, 2))).toEqual([["2021-05-01", "Zeta"], [1234503, "Zeta"], [1234504, "alpha"], [null, null]]);
    const down = await list(Array<string>(N).fill(""), { sort: ["-column:source", "-column:id"] });
    expect(down.points.map(({ row }) => row)).toEqual([0, 3, 4, 5, 6, 7, 8, 9, 1, 2]);
  });

  it.each<[string, boolean, string[], number[]]>([
    ["strasse", false, ["Straße", "STRASSE", "strase", "straSSe"], [0, 1, 3]],
    ["straße", false, ["Straße", "STRASSE", "strase", "STRAẞE"], [0, 1, 3]],
    ["ΣΑΣ", false, ["σας", "σα", "σασσ", "x"], [0, 2]],
    ["TITLE", false, ["tıtle", "title", "Title", "TİTLE"], [1, 2]],
    ["ﬁn", false, ["FIN", "fin", "ﬁn", "fn"], [0, 1, 2]],
    ["m\\wller", true, ["müller", "Müller", "m-ller", "m ller"], [0, 1]],
    ["\\bé\\b", true, ["é", "un é!", "écru", "caféé"], [0, 1]],
    ["(?i)(?P<x>CARD).(?P=x)", true, ["card-Card", "card", "card card", "cardcard"], [0, 2]],
    ["^[\\w\\-]+\\Z", true, ["wört-1", "a b", "a\n", "٣"], [0, 3]],
    ["a\\-b\\ c", true, ["a-b c", "a b", "", "A-B C"], [0, 3]],
  ])("is found by %s (a pattern: %s)", async (query, regex, texts, wanted) => {
    const { points } = await list([...texts, ...filler], { query, regex });
    expect(points.map(({ row }) => row).filter((row) => row < 4)).toEqual(wanted);
  });

  it("has no label where the table has none, and whole characters", async () => {
    const texts = ["😀".repeat(401), "😀".repeat(400), "", "", ...filler];
    const held = { ...(await sealed(true)), texts, labels: { names: ["a"], which: bytes(Int32Array.of(0, -1, ...Array<number>(N - 2).fill(0))) } };
    const { points } = new Answers(unseal(held)).answer("points", { within: "all", offset: 0, limit: 2 }, new Uint8Array()).result;
    expect(points.map(({ label, clipped, text }) => [label, clipped, text])).toEqual([["a", true, texts[1]], [null, false, texts[1]]]);
  });
});

describe("an exported page", () => {
  it("says what it holds and offers nothing that decides", async () => {
    const { root, has } = await opened(true);
    expect(root.dataset.ready).toBe("true");
    expect(root.querySelector('[data-test="exported"]')!.textContent).toBe("Exported, to look at.");
    for (const test of ["toolbar-undo", "open-settings", "open-history", "tab-review", "cluster-rename", "cluster-select", "tray-drop"]) expect(has(test)).toBe(false);
    root.querySelector<HTMLElement>('[data-test="cluster-row"]')!.click();
    await settle();
    expect(has("tray-count") && !has("tray-drop") && has("tray-examples")).toBe(true);
    for (const key of ["x", "z", "g"]) root.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
    await settle();
    expect(root.dataset.kept).toBe(String(N - 1));
    expect(root.querySelector('[data-test="foot-status"]')!.textContent).toBe("");
  });

  it("has no list of rows and no search where texts were left out", async () => {
    const { has } = await opened(false);
    expect([has("tab-points"), has("search"), has("tab-metrics")]).toEqual([false, false, true]);
  });
});

describe("the tour", () => {
  beforeEach(() => localStorage.clear());

  it("leads through four steps by key, can be left, and is remembered", async () => {
    const hand = new Hand(new FakePython());
    await settle();
    expect(hand.find("open-keys").querySelector(".el-dot")).not.toBeNull();
    await hand.click("open-keys");
    await hand.click("tour-start");
    const at = () => hand.find("tour-at").textContent;
    expect(at()).toBe("1 of 4");
    await hand.press("ArrowRight", hand.find("tour-next"));
    await hand.press("ArrowRight", hand.find("tour-next"));
    await hand.press("ArrowLeft", hand.find("tour-next"));
    expect(at()).toBe("2 of 4");
    await hand.press("Escape", hand.find("tour-next"));
    expect(hand.has("tour")).toBe(false);
    expect(localStorage.length).toBe(1);
    expect(hand.find("open-keys").querySelector(".el-dot")).toBeNull();
  });
});

describe("a map of nothing", () => {
  it("leads back where every row was dropped", async () => {
    const python = new FakePython();
    python.kept = new Mask(N);
    python.past = [new Mask(N).not()];
    const hand = new Hand(python);
    await settle();
    expect(hand.find("all-dropped").textContent).toContain("Every row was dropped.");
    await hand.click("empty-undo");
    expect(python.asked.some(({ name }) => name === "undo")).toBe(true);
    hand.dispose();
  });

  it("lists what was dropped, also where the list was read before and was empty, and offers no round of no rows", async () => {
    const python = new FakePython();
    const hand = new Hand(python);
    await settle();
    await hand.click("tab-points");
    hand.store.list({ within: "dropped" });
    await settle();
    expect(hand.store.reading.total).toBe(0);
    python.kept = new Mask(N);
    python.session = { kept: 0, stale: true };
    await hand.revise("decision");
    await settle();
    expect(hand.store.reading.total).toBe(N);
    await hand.click("empty-dropped");
    expect(hand.store.reading.total).toBe(N);
    expect(hand.has("foot-run")).toBe(false);
    hand.dispose();
  });
});
