// @vitest-environment happy-dom
// Evidence views on the page: duplicates, labels, the histogram, tags, and the Metrics tab's comparisons.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { codeOf, MISSING } from "../src/codes";
import { Mask } from "../src/mask";
import type { Grid } from "../src/protocol";
import { cellsOf, mostConfused } from "../src/table/confusion";
import { suggested, titleOf } from "../src/panels/compare";
import { FakePython, FORMS, SESSION } from "./fake";
import { COMPARED, CONFUSION, COURSE, GROUPS } from "./evidence";
import { Hand, settle } from "./page";

let python: FakePython;
let page: Hand;

const rows = () => [...(page.store.state.selected ?? [])];
const text = (test: string) => (page.has(test) ? page.find(test).textContent!.replace(/\s+/g, " ").trim() : "");

const DAYS = ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-04", "2024-01-04"];
const yearOf = (day: string) => 1970 + Date.parse(day) / 86_400e3 / 365.2425;
type Coded = Grid & { hi: number };

/** Numbers as Python would send them. */
function coded(numbers: number[], { hi = Math.max(...numbers), unit = 1, per = 1, time = false, beyond = [false, false] }: Partial<Coded>) {
  const lo = Math.min(...numbers);
  const nearest = (value: number) => (time ? value : (Math.round((value / unit) * per) * unit) / per);
  const under = numbers.map((_, row) => row).filter((row) => numbers[row] < nearest(numbers[row]) && codeOf(numbers[row], lo, hi) === codeOf(nearest(numbers[row]), lo, hi));
  return { codes: [...numbers.map((value) => codeOf(value, lo, hi)), MISSING], under, categories: null, others: 0, lo, hi, grid: { unit, per, time, beyond } };
}

beforeEach(async () => {
  python = new FakePython();
  page = new Hand(python);
  await settle();
});
afterEach(() => page.dispose());

async function points(view: string): Promise<void> {
  await page.click("tab-points");
  await page.click(`points-${view}`);
  await settle();
}

describe("duplicates", () => {
  beforeEach(() => points("duplicates"));

  it("stand side by side with the first, their differences marked, as text", () => {
    const [group, conflict] = page.all("duplicate-group");
    expect(group.querySelectorAll("[data-test=duplicate]")).toHaveLength(3);
    const marks = [...group.querySelectorAll("mark")].map((mark) => mark.textContent);
    expect(marks).toEqual(["please", "!"]);
    expect([...group.querySelectorAll("del")].map((gap) => gap.textContent)).toEqual(["<b>", "</b> "]);
    expect(group.textContent).toContain("<b>card</b>");
    expect(group.querySelector("b b, .el-twin b")).toBeNull();
    expect(group.querySelector("[data-test=duplicate-conflict]")).toBeNull();
    expect(conflict.querySelector("[data-test=duplicate-conflict]")).not.toBeNull();
    expect(conflict.querySelector(".el-other")!.textContent).toBe("refund");
  });

  it("are selected all but the first of each, and nothing is dropped by that", async () => {
    await page.click("duplicates-all");
    expect(rows()).toEqual([1, 2, 5]);
    expect(page.has("tray")).toBe(true);
    expect(page.asked("drop")).toHaveLength(0);
    expect(page.store.state.steps.at(-1)).toMatchObject({ kind: "duplicates", of: "near" });
  });

  it("are ticked as they were selected, not as an open outline would have them", async () => {
    await page.lasso([7, 8]);
    await page.lasso([1], "add", false);
    const tick = page.find("duplicate", '[data-row="1"]').querySelector<HTMLInputElement>("input")!;
    tick.dispatchEvent(new Event("change"));
    await settle();
    expect(rows()).toEqual([1, 7, 8]);
  });

  it("say how many are left out, since a person decided on them", async () => {
    expect(page.has("duplicates-left")).toBe(false);
    python.answers.duplicates = { total: 2, rows: 5, left: 1200, groups: GROUPS, pending: false };
    await page.revise("decision");
    expect(text("duplicates-left")).toBe("1,200 rows left out: decided on, or tied to rows that stay");
  });

  it("that were not found out are not told as none, and are looked for again when one says so", async () => {
    python.answers.duplicates = { total: 0, rows: 0, left: 0, groups: [], pending: true, error: "" };
    await page.click("duplicates-meaning");
    expect(text("duplicates")).toBe("Looking for duplicates…");
    python.answers.duplicates = { total: 0, rows: 0, left: 0, groups: [], pending: false, error: "Comparing was stopped." };
    await page.revise("evidence");
    expect(text("duplicates")).toBe("Comparing was stopped. Look again");
    expect(page.find("duplicates").getAttribute("aria-busy")).toBe("false");
    delete python.answers.duplicates;
    await page.click("duplicates-again");
    expect(page.asked("duplicates").at(-1)).toMatchObject({ kind: "meaning", again: true });
    expect(page.all("duplicate-group")).toHaveLength(2);
  });

  it("are ticked one by one", async () => {
    const tick = page.find("duplicate", "[data-row='2']").querySelector("input")!;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    expect(rows()).toEqual([2]);
  });

  it("of other kinds are asked for when chosen; labels that differ are never selected in bulk", async () => {
    await page.click("duplicates-conflict");
    expect(page.asked("duplicates").at(-1)).toMatchObject({ kind: "conflict" });
    expect(page.has("duplicates-all")).toBe(false);
    await page.click("duplicates-meaning");
    expect(page.asked("duplicates").at(-1)).toMatchObject({ kind: "meaning", threshold: 0.9 });
    expect(page.has("duplicates-threshold")).toBe(true);
  });

  it("wait for the slider: what is selected is of the nearness that it says", async () => {
    await page.click("duplicates-meaning");
    const wait = python.hold("duplicates");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const slider = page.find("duplicates-threshold") as HTMLInputElement;
    slider.value = "0.97";
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    vi.advanceTimersByTime(500);
    vi.useRealTimers();
    await settle();
    expect(page.asked("duplicates").at(-1)).toMatchObject({ threshold: 0.97 });
    expect(page.find("duplicates-all")).toHaveProperty("disabled", true);
    expect(page.find("duplicates").getAttribute("aria-busy")).toBe("true");
    wait();
    await settle();
    await page.click("duplicates-all");
    expect(page.store.state.steps.at(-1)).toMatchObject({ of: "meaning", threshold: 0.97 });
    expect(page.find("duplicates").getAttribute("aria-busy")).toBe("false");
  });

  it("are asked for again once something was decided, and more on demand", async () => {
    const before = page.asked("duplicates").length;
    await page.revise("decision");
    expect(page.asked("duplicates").length).toBeGreaterThan(before);
    python.answers.duplicates = { total: 40, rows: 90, groups: GROUPS, pending: false };
    await page.revise("evidence");
    await page.click("duplicates-more");
    expect(page.asked("duplicates").at(-1)).toMatchObject({ offset: 2 });
  });

  it("say so where there are none", async () => {
    python.answers.duplicates = { total: 0, rows: 0, groups: [], pending: false };
    await page.revise("evidence");
    expect(page.find("duplicates-none").textContent).toContain("No near copies");
  });
});

describe("labels", () => {
  it("that are taken for each other are a list and a matrix; a click selects the rows", async () => {
    await points("labels");
    expect(page.all("confusion-pair")).toHaveLength(3);
    expect(page.all("confusion-cell")).toHaveLength(3);
    expect(page.find("confusion").querySelector("i")).toBeNull();
    await page.click(page.find("confusion-cell", "[aria-label^='cards, looks like fees']"));
    expect(rows()).toEqual([4, 5]);
    expect(page.has("tray")).toBe(true);
    expect(page.asked("confused").at(-1)).toEqual({ given: 7, looks: 8 });
  });

  it("have no view where the table has none", async () => {
    page.dispose();
    python.label = null;
    page = new Hand(python);
    await settle();
    await page.click("tab-points");
    expect(page.has("points-labels")).toBe(false);
  });

  it("of a matrix are those that most rows are about", () => {
    expect(mostConfused(cellsOf(CONFUSION))).toEqual(["fees", "cards", "<i>refund</i>"]);
    expect(mostConfused(cellsOf(CONFUSION), 1)).toEqual(["fees"]);
  });
});

describe("the histogram", () => {
  beforeEach(async () => {
    await page.click("tab-points");
    page.store.list({ order: [{ key: "score", down: true }] });
    await settle();
  });

  const press = (key: string, times = 1) => {
    const handle = page.find("histogram-handle");
    for (let i = 0; i < times; i++) handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  };

  it("counts what lies beyond its handle while that moves, and selects it when it is let go", async () => {
    expect(page.has("histogram-count")).toBe(false);
    press("PageDown");
    await new Promise(requestAnimationFrame);
    await settle();
    expect(page.find("histogram-count").textContent).toContain("2 rows");
    expect(rows()).toEqual([]);
    page.find("histogram-handle").dispatchEvent(new KeyboardEvent("keyup", { key: "PageDown", bubbles: true }));
    await settle();
    expect(rows()).toEqual([1, 7]);
    expect(page.store.state.steps.at(-1)).toMatchObject({ kind: "threshold", key: "score", least: expect.closeTo(9.5, 1) });
    expect(page.asked("drop")).toHaveLength(0);
  });

  it("takes the lower end where the list rises", async () => {
    page.store.list({ order: [{ key: "score", down: false }] });
    await settle();
    press("PageUp");
    page.find("histogram-handle").dispatchEvent(new FocusEvent("blur"));
    await settle();
    expect(rows()).toEqual([0, 3, 4, 5, 6]); // row 9 is on no map, 8 has no value
    expect(page.store.state.steps.at(-1)).toMatchObject({ below: expect.closeTo(0.5, 1) });
    expect(page.find("histogram-count").textContent).toContain("below 0.51: 5 rows");
  });

  it.each<[string, number[], Partial<Coded>, boolean, number, string, number[]]>([
    ["years", [1990, 2000, 2005, 2010, 2011, 2012, 2014, 2015, 2024], {}, false, (2014.3 - 1990) / 34, "below 2015: 7 rows", [0, 1, 2, 3, 4, 5, 6]],
    ["a rating", [1, 2, 3, 3, 3, 4, 5, 5, 5], {}, true, 0.501, "at least 4: 4 rows", [5, 6, 7, 8]],
    ["lengths", [10, 100, 1000, 1230, 1239, 1240, 1250, 1400, 9000], { unit: 10 }, false, (1234.4 - 10) / 8990, "below 1240: 5 rows", [0, 1, 2, 3, 4]],
    ["days", DAYS.map(yearOf), { unit: 86_400e6, time: true }, true, 0.5, "from 2024-01-03: 4 rows", [5, 6, 7, 8]],
    ["prices, cut", [1, 5, 20, 50, 70, 90, 98, 250_000, 1_000_000], { hi: 98, beyond: [false, true] }, false, 1, "every value: 9 rows", [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["prices, cut, from above", [1, 5, 20, 50, 70, 90, 98, 250_000, 1_000_000], { hi: 98, beyond: [false, true] }, true, 0.99, "at least 98: 3 rows", [6, 7, 8]],
    ["numbers as near as codes", [0, 0.4999999, 0.5, 0.5000001, 1, 1, 1, 1, 1], { per: 1000 }, true, 0.4999, "at least 0.5: 7 rows", [2, 3, 4, 5, 6, 7, 8]],
    ["the same from below", [0, 0.4999999, 0.5, 0.5000001, 1, 1, 1, 1, 1], { per: 1000 }, false, 0.4999, "below 0.5: 2 rows", [0, 1]],
  ])("takes exactly the rows that it says: %s", async (_, numbers, how, down, share, said, wanted) => {
    python.kept = new Mask(python.n).not();
    python.values.set("score", { ...coded(numbers, how), version: 2 });
    page.store.list({ order: [{ key: "score", down }] });
    await page.revise("decision");
    const box = page.find("histogram-box");
    box.getBoundingClientRect = () => ({ left: 0, width: 1000, top: 0, height: 40 }) as DOMRect;
    for (const type of ["pointerdown", "pointerup"]) box.dispatchEvent(Object.assign(new MouseEvent(type, { bubbles: true, clientX: 1000 * share, button: 0 }), { pointerId: 1 }));
    await settle();
    expect(text("histogram-count")).toContain(said);
    expect(page.find("histogram-handle").getAttribute("aria-valuetext")).toBe(said);
    expect(rows()).toEqual(wanted);
    if (how.beyond) expect(page.find("histogram").querySelector(".el-axis")!.textContent).toBe("198 and more");
  });

  it("is about the rows of the list", async () => {
    page.store.list({ within: "cluster", listed: 1, order: [{ key: "score", down: false }] });
    await settle();
    press("PageUp", 3);
    expect(text("histogram-count")).toBe("");
    await settle();
    expect(text("histogram-count")).toContain("below 1.51: 3 rows of 3");
    page.find("histogram-handle").dispatchEvent(new FocusEvent("blur"));
    await settle();
    expect(rows()).toEqual([4, 5, 6]);
    page.store.list({ within: "selection" });
    await settle();
    expect(text("histogram-count")).toBe(""); // another list, and the handle stands at its end again
    for (const more of [{ within: "dropped" as const }, { within: "tag" as const }, { within: "all" as const, filter: "text" }]) {
      page.store.list(more);
      await settle();
      expect(page.has("histogram")).toBe(false); // which rows these are is not known on the page
    }
  });

  describe("over the selection", () => {
    const go = async (key: string, times: number) => {
      press(key, times);
      page.find("histogram-handle").dispatchEvent(new FocusEvent("blur"));
      await settle();
    };

    beforeEach(async () => {
      python.values.set("score", { ...coded([0, 1, 2, 3, 4, 5, 7, 10, 9], {}), version: 2 });
      page.store.list({ within: "selection", order: [{ key: "score", down: true }] });
      await page.lasso([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      await page.revise("round");
      await go("PageDown", 4);
    });

    it("cuts what was selected as it was first moved, however often it is moved, and at its end gives it back", async () => {
      expect(rows()).toEqual([7, 8]);
      expect(text("histogram-count")).toContain("2 rows of 9");
      await go("PageDown", 8);
      expect(rows()).toEqual([4, 5, 6, 7, 8]);
      expect(text("histogram-count")).toContain("5 rows of 9");
      await go("End", 1);
      expect(rows()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(page.store.state.steps.map(({ kind }) => kind)).toEqual(["turn"]);
      expect(text("histogram-count")).toBe("");
    });

    it("gives back no row that went meanwhile", async () => {
      python.kept = Mask.of(python.n, [0, 1, 7]).not();
      await page.revise("decision");
      expect(text("histogram-count")).toContain("1 row of 6");
      await go("End", 1);
      expect(rows()).toEqual([2, 3, 4, 5, 6, 8]);
    });

    it("is about what is selected once that is anything else, or the handle was put back", async () => {
      await page.click("histogram-clear");
      await go("PageDown", 1);
      expect(text("histogram-count")).toContain("1 row of 2");
      await page.lasso([0, 1, 2, 3]);
      expect(text("histogram-count")).toBe("");
      await go("PageDown", 14);
      expect(text("histogram-count")).toContain("1 row of 4");
    });
  });

  it("does not take what the legend hides", async () => {
    page.store.show({ hidden: new Set([-1]) });
    press("PageDown");
    page.find("histogram-handle").dispatchEvent(new FocusEvent("blur"));
    await settle();
    expect(rows()).toEqual([1]);
  });

  it("is there for numbers alone", async () => {
    page.store.list({ order: [{ key: "label", down: true }] });
    await settle();
    expect(page.has("histogram")).toBe(false);
  });
});

describe("what is selected", () => {
  beforeEach(async () => {
    page.store.selection.pick([0], "new");
    await settle();
  });

  const more = async (test: string) => {
    await page.click("open-more");
    await page.click(test);
  };

  it("is tagged, with a note", async () => {
    await more("more-tag");
    await page.type("tray-tag", "odd ");
    await page.type("tray-note", "ask Ann");
    page.find("tray-tag-form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    expect(page.asked("tag")).toMatchObject([{ name: "odd", note: "ask Ann" }]);
    expect(page.has("tray-drop")).toBe(true);
  });

  it.each(["tag", "label"])("has a %s that was refused still there to be sent again", async (what) => {
    await more(what === "tag" ? "more-tag" : "more-relabel");
    await page.type(`tray-${what}`, "odd");
    const submit = async () => {
      page.find(`tray-${what}-form`).dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
      await settle();
    };
    python.refuse = what === "tag" ? "tag" : "relabel";
    await submit();
    expect(page.find("foot-status").textContent).toContain("is refused");
    expect((page.find(`tray-${what}`) as HTMLInputElement).value).toBe("odd");
    python.refuse = "";
    await submit();
    expect(page.has(`tray-${what}`)).toBe(false);
  });

  it("is pinned, and given another label", async () => {
    await more("more-pin");
    expect(page.asked("pin")).toMatchObject([{ on: true }]);
    await more("more-relabel");
    await page.type("tray-label", "fees");
    page.find("tray-label-form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settle();
    expect(page.asked("relabel")).toMatchObject([{ label: "fees" }]);
    await more("more-relabel");
    expect(page.find("tray-label")).toHaveProperty("maxLength", 1000);
  });

  it("is neither dropped nor marked by an outline that is still open", async () => {
    await page.lasso([0, 1]);
    await page.click("open-more");
    await page.lasso([4, 5, 6], "new", false);
    for (const button of ["tray-drop", "tray-keep-only", "tray-save", "more-tag", "more-pin"]) expect(page.find(button)).toHaveProperty("disabled", true);
    await page.store.drop();
    await page.store.drop("keep_only");
    expect(page.asked("drop")).toEqual([]);
    expect(page.asked("keep_only")).toEqual([]);
    await page.lasso([4, 5]);
    expect(page.find("tray-drop")).toHaveProperty("disabled", false);
    await page.click("tray-drop");
    expect(page.asked("drop")).toHaveLength(1);
  });

  it("takes nothing of an open outline where another row is ticked in the list", async () => {
    page.store.selection.clear();
    await page.click("tab-points");
    await page.lasso([4, 5, 6], "new", false);
    const tick = async (row: number) => page.click(page.find("point", `[data-row="${row}"]`).querySelector<HTMLElement>('[data-test="point-pick"]')!);
    await tick(0);
    expect([...page.store.state.selected!]).toEqual([0]);
    await page.lasso([4, 5, 6], "new", false);
    await tick(5);
    expect([...page.store.state.selected!], "unticked: not taken, and the rest is as it was").toEqual([0]);
    await page.lasso([4, 5, 6], "new", false);
    page.store.selection.cancelDrag();
    expect([...page.store.state.selected!]).toEqual([0]);
    expect([...python.selected]).toEqual([0]);
    await page.press("x", page.root);
    expect([...python.kept.not()]).toEqual([0]);
  });

  it("takes a half typed tag with it", async () => {
    await more("more-tag");
    page.store.selection.pick([1], "new");
    await settle();
    expect(page.has("tray-tag-form")).toBe(false);
  });
});

describe("tagged rows", () => {
  it("are a list of their own", async () => {
    python.answers.tags = { tags: [{ name: "odd ones", count: 2, note: "" }], pinned: 1 };
    await page.click("tab-points");
    await settle();
    const select = page.find("points-within") as HTMLSelectElement;
    expect([...select.options].map(({ value }) => value)).toEqual(expect.arrayContaining(["tag odd ones", "pinned"]));
    select.value = "tag odd ones";
    select.dispatchEvent(new Event("change"));
    await settle();
    expect(page.asked("points").at(-1)).toMatchObject({ within: "tag", tag: "odd ones" });
  });
});

describe("the Metrics tab", () => {
  beforeEach(async () => {
    await page.click("tab-metrics");
    await settle();
  });

  it("has accuracy by round with its error, the best, and random removal beside it", () => {
    const section = page.find("metrics-accuracy");
    expect(section.textContent).toContain("86.0 %");
    expect(section.querySelector("svg")!.getAttribute("aria-label")).toContain(`with as many removed at random ${(100 * COURSE[1].random!).toFixed(1)} %`);
    expect(section.querySelectorAll("polyline")).toHaveLength(2);
    expect(section.querySelector(".el-best")).not.toBeNull();
  });

  it("tells the accuracy of the round that is shown, not of one behind it", async () => {
    python.answers.accuracy = { course: [...COURSE, { ...COURSE.at(-1)!, round: 9, accuracy: 0.5 }], best: 2, why: "", pending: false };
    await page.revise("evidence");
    expect(text("metrics-accuracy")).toContain("86.0 %");
    expect(page.find("metrics-accuracy").querySelector("h3")!.textContent).not.toContain("50.0 %");
  });

  it("lists clusters that mix, and selects both", async () => {
    expect(page.find("metrics-pair").textContent).toContain("They overlap in 2D");
    await page.click("metrics-pair");
    expect(rows()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("does not say that no clusters mix where nobody looked", async () => {
    python.answers.pairs = { pairs: [], pending: false, error: "Comparing was stopped." };
    await page.revise("evidence");
    expect(text("metrics-pairs")).toBe("Clusters that mix Comparing was stopped. Look again");
    python.answers.pairs = { pairs: [], pending: false, error: "" };
    await page.click("pairs-again");
    expect(page.asked("pairs").at(-1)).toEqual({ again: true });
    expect(text("metrics-pairs")).toContain("No two clusters mix");
  });

  it("compares clusterings, rows as they come, and one becomes the setting", async () => {
    await page.click("compare-open");
    expect(page.find("compare-run").textContent).toContain(`Compare ${FORMS.length}`);
    while (page.all("compare-remove").length > 1) await page.click(page.all("compare-remove")[1]);
    await page.click("compare-run");
    expect(page.asked("compare")).toEqual([{ clusterers: [{ name: "kmeans", k: null }] }]);
    python.answers.compared = { rows: COMPARED, running: false, error: "", note: "No clear lead.", round: 2, kept: 10 };
    await page.revise("compare");
    expect(page.all("compared-row")).toHaveLength(1);
    expect(page.find("compared").textContent).toContain("All rows are noise.");
    expect(page.find("compare-note").textContent).toContain("No clear lead.");
    await page.click("compared-use");
    expect(page.asked("settings")).toMatchObject([{ settings: { clusterer: { name: "kmeans", k: 3 } } }]);
    expect(page.asked("run")).toHaveLength(1);
  });

  it("says of which round the figures are once it is not the one that is shown, and knows the setting in use by its fields", async () => {
    python.answers.compared = { rows: [{ ...COMPARED[0], clusterer: { k: null, name: "kmeans" } }], running: false, error: "", note: "", round: 2, kept: 10 };
    await page.revise("compare");
    expect(page.find("compared-row").textContent).toContain("in use");
    expect(page.all("compare-old")).toHaveLength(0);
    python.session = { round: { ...SESSION.round, number: 3 } };
    await page.revise("round");
    expect(page.find("compare-old").textContent).toContain("of round 2, over 10 rows");
    expect(page.find("metrics-compare").querySelector(".el-old [data-test=compared]")).not.toBeNull();
    await page.click("compare-again");
    expect(page.asked("compare")).toEqual([{ clusterers: [{ k: null, name: "kmeans" }] }]);
  });

  it("proposes the setting as it is and the others, and names them by what was changed", () => {
    const forms = FORMS.filter(({ name }) => name === "kmeans" || name === "dbscan");
    expect(suggested(forms, SESSION.settings.clusterer)).toEqual([{ name: "kmeans", k: null }, { name: "dbscan" }]);
    expect(titleOf(FORMS, { name: "kmeans", k: 7 })).toBe("K-means, k 7");
    expect(titleOf(FORMS, { name: "own" })).toBe("own");
  });
});
