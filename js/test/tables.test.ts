// @vitest-environment happy-dom
import fc from "fast-check";
import { render } from "lit-html";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Mask } from "../src/mask";
import type { Attribute } from "../src/protocol";
import type { Sort } from "../src/state";
import { written } from "../src/table/attributes";
import { Ruler } from "../src/table/ruler";
import { turned } from "../src/table/sorting";
import { LongList } from "../src/table/sight";
import { Stretch } from "../src/table/stretch";
import { Trail } from "../src/table/trail";
import { beginning } from "../src/table/whole";
import { cluster, FakePython, point } from "./fake";
import { Hand, settle } from "./page";

const PRICE: Attribute = { key: "price", title: "price", kind: "number", group: "column" };
const RANK: Attribute = { key: "rank", title: "rank", kind: "number", group: "column" };

describe("columns that sort", () => {
  const up = { key: "a", down: false };
  const down = { key: "a", down: true };
  const b = { key: "b", down: true };

  it.each<[string, Sort<string>[], string, boolean, Sort<string>[]]>([
    ["alone, the first time", [b], "a", false, [up]],
    ["alone, again", [up], "a", false, [down]],
    ["alone, a third time", [down], "a", false, [up]],
    ["alone, where several sorted", [up, b], "a", false, [up]],
    ["joining", [b], "a", true, [b, up]],
    ["turning round", [b, up], "a", true, [b, down]],
    ["leaving", [b, down], "a", true, [b]],
    ["leaving as the last", [down], "a", true, []],
  ])("%s", (_, sorts, key, several, wanted) => expect(turned(sorts, key, false, several)).toEqual(wanted));
});

describe("a list that rests", () => {
  it("takes no move back whose event is still on its way", async () => {
    const element = document.createElement("div");
    document.body.append(element);
    const list = new LongList(33, () => undefined);
    list.watch(element);
    list.sight(1_000_000);
    element.scrollTop = 1;
    element.dispatchEvent(new Event("scroll"));
    element.scrollTop = 7_999_000; // by a hand on the bar, within the frame before the hand before it is taken to rest
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(element.scrollTop).toBe(7_999_000);
    list.destroy();
  });
});

describe("a list that gets less high", () => {
  afterEach(() => void vi.unstubAllGlobals());

  const resized = (scrolled: number): { list: LongList; element: HTMLElement; to: (height: number) => void } => {
    let said: () => void = () => undefined;
    vi.stubGlobal("ResizeObserver", function (this: object, callback: () => void) {
      said = callback;
      return { observe: () => undefined, disconnect: () => undefined };
    });
    const element = document.createElement("div");
    document.body.append(element);
    let height = 330;
    Object.defineProperty(element, "clientHeight", { get: () => height });
    const list = new LongList(33, () => undefined);
    list.watch(element);
    list.sight(100);
    element.scrollTop = scrolled;
    element.dispatchEvent(new Event("scroll"));
    return { list, element, to: (now) => ((height = now), said()) };
  };

  it("stays at its end, which a person was reading", () => {
    const { list, element, to } = resized(3300 - 330);
    to(132);
    expect([element.scrollTop, list.seen()[1]]).toEqual([3300 - 132, 99]);
    list.destroy();
  });

  it("stays where it is elsewhere", () => {
    const { list, element, to } = resized(1000);
    to(132);
    expect(element.scrollTop).toBe(1000);
    list.destroy();
  });
});

describe("where rows stand", () => {
  const opened = fc.uniqueArray(fc.tuple(fc.nat(39), fc.integer({ min: 40, max: 900 })), { selector: ([index]) => index, maxLength: 6 });

  it("is what adding up heights says", () => {
    fc.assert(
      fc.property(opened, fc.nat(6000), (open, px) => {
        const ruler = new Ruler(33);
        ruler.count = 40;
        const heights = Array<number>(40).fill(33);
        for (const [index, height] of open) {
          heights[index] = height;
          ruler.measured(index, height);
        }
        let top = 0;
        let at = 39;
        let right = true;
        for (let i = 0; i < 40; i++) {
          right &&= ruler.top(i) === top;
          if (px >= top && px < top + heights[i]) at = i;
          top += heights[i];
        }
        return right && ruler.height === top && ruler.at(px) === at;
      }),
    );
  });

  it("forgets a height that is usual again", () => {
    const ruler = new Ruler(33);
    ruler.count = 2;
    expect(ruler.measured(0, 100)).toBe(true);
    expect(ruler.measured(0, 100)).toBe(false);
    expect(ruler.measured(0, 33)).toBe(true);
    expect(ruler.height).toBe(66);
  });
});

describe("a list higher than an element may be", () => {
  const LIST = 33_000_000;
  const SIGHT = 500;
  const made = () => {
    const stretch = new Stretch(8_000_000);
    stretch.resize(LIST, SIGHT);
    return stretch;
  };

  it("reaches its first and its last px", () => {
    const stretch = made();
    expect(stretch.height).toBe(8_000_000);
    stretch.scrolled(8_000_000 - SIGHT);
    expect(stretch.top).toBe(LIST - SIGHT);
    stretch.scrolled(0);
    expect(stretch.top).toBe(0);
  });

  it("is left where it is by going there and coming back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LIST - SIGHT }), (top) => {
        const stretch = made();
        expect(stretch.toList(stretch.toBar(top))).toBeCloseTo(top, 3);
        stretch.go(top);
        expect(stretch.top).toBe(top);
      }),
    );
  });

  it("moves px by px under the wheel, anywhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: LIST - SIGHT - 500 }), fc.integer({ min: -300, max: 300 }), (top, by) => {
        const stretch = made();
        const bar = stretch.go(top);
        stretch.scrolled(bar + by);
        expect(stretch.top).toBeCloseTo(top + by, 3);
      }),
    );
  });

  it("is any other list while it fits", () => {
    const stretch = new Stretch(8_000_000);
    stretch.resize(3300, SIGHT);
    stretch.scrolled(1234);
    expect([stretch.top, stretch.shift, stretch.height]).toEqual([1234, 0, 3300]);
    stretch.resize(600, SIGHT);
    expect(stretch.top).toBe(100);
  });
});

describe("the beginning of a text", () => {
  it.each([
    ["abc", 5, "abc"],
    ["abcdef", 3, "abc"],
    ["ab\u{1f600}c", 3, "ab"],
    ["ae\u0301\u0302x", 2, "a"],
    ["a\u{1f469}\u200d\u{1f52c}b", 4, "a"],
    ["a\u{1f44d}\u{1f3fd}b", 3, "a"],
  ])("%s", (text, characters, wanted) => expect(beginning(text, characters)).toBe(wanted));

  it("is never empty, and never longer", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\u0301", "\u{1f600}", "\u200d", "\ufe0f", "\u{1f3fd}", "\ud83d", "\udc00"), minLength: 1 }), fc.integer({ min: 1, max: 50 }), (text, characters) => {
        const some = beginning(text, characters);
        return some.length > 0 && some.length <= Math.max(1, characters) && text.startsWith(some);
      }),
    );
  });
});

it.each<[Parameters<typeof written>[0], Attribute["kind"], string]>([
  [1234567.891, "number", "1,234,567.891"],
  [1234568, "number", "1,234,568"],
  [-20240115, "number", "-20,240,115"],
  [2 ** 53 - 1, "number", "9,007,199,254,740,991"],
  [1e300, "number", "1e+300"],
  [1.5e-9, "number", "1.5e-9"],
  [0.12345678, "number", "0.123457"],
  [null, "number", ""],
  [undefined, "text", "…"],
  [1, "flag", "yes"],
  [0, "flag", ""],
  ["no", "flag", ""],
  ["x".repeat(500), "text", "x".repeat(200)],
])("a value %s of kind %s is written %s", (value, kind, wanted) => expect(written(value, { ...PRICE, kind })).toBe(wanted));

let python: FakePython;
let hand: Hand;
const open = async () => {
  hand?.dispose();
  hand = new Hand(python);
  await settle();
};

beforeEach(async () => {
  python = new FakePython();
  python.session = { attributes: [PRICE, RANK] };
  await open();
});

afterEach(() => hand.dispose());

const order = () => hand.all("cluster-row").map((row) => Number(row.dataset.cluster));
const row = (id: number) => hand.find("cluster-row", `[data-cluster="${id}"]`);
const inRow = (id: number, test: string) => row(id).querySelector<HTMLElement>(`[data-test="${test}"]`)!;
const wholly = () => hand.all("cluster-row", '[aria-selected="true"]').map((one) => Number(one.dataset.cluster));

describe("clusters", () => {
  it("stand by the order of a look, marked", () => {
    expect(order()).toEqual([1, 0, -1]);
    expect(hand.root.querySelector("th[aria-sort=descending]")?.textContent).toContain("foreign ▾");
  });

  it("stand by silhouette, marked, until there is that order", async () => {
    python.clusters = [1, 0, -1].map((id) => ({ ...cluster(id, ""), foreign: null }));
    await hand.revise("round");
    expect(order()).toEqual([0, 1, -1]);
    expect(hand.root.querySelector("th.el-sorting")?.textContent).toContain("silhouette ▴");
    expect(hand.has("sort-foreign")).toBe(false);
  });

  it("are sorted by several columns with Shift, whose places are marked", async () => {
    python.clusters = [["b", 5], ["a", 5], ["c", 7]].map(([name, size], id) => ({ ...cluster(id, name as string), size: size as number }));
    await hand.revise("round");
    await hand.click("sort-size");
    await hand.click("sort-name", { shiftKey: true });
    expect(order()).toEqual([2, 1, 0]);
    expect(hand.find("sort-size").textContent).toContain("▾1");
    expect(hand.find("sort-name").textContent).toContain("▴2");
    await hand.click("sort-name", { shiftKey: true });
    expect(order()).toEqual([2, 0, 1]);
    await hand.click("sort-name", { shiftKey: true });
    expect(hand.store.state.view.sort).toEqual([{ key: "size", down: true }]);
    await hand.click("sort-size", { shiftKey: true });
    await hand.click("sort-size", { shiftKey: true });
    expect(order()).toEqual([0, 1, 2]);
  });

  it("show a column only where it says something", async () => {
    const heads = () => [...hand.root.querySelectorAll<HTMLElement>("[data-test^=sort-]")].map((button) => button.dataset.test);
    expect(heads()).toEqual(["sort-name", "sort-foreign", "sort-size", "sort-silhouette", "sort-verdict"]);
    python.clusters = [1, 0].map((id) => ({ ...cluster(id, ""), kept: 0.5, outliers: 0.1, duplicates: 0.2, label: "<i>x</i>", label_share: 0.75 }));
    await hand.revise("round");
    expect(heads()).toEqual(["sort-name", "sort-foreign", "sort-size", "sort-kept", "sort-silhouette", "sort-outliers", "sort-duplicates", "sort-label_share", "sort-verdict"]);
    expect(inRow(1, "cluster-label_share").title).toBe("75 % labelled “<i>x</i>”");
    expect(inRow(1, "cluster-kept").textContent).toBe("50 %");
  });

  it("have no rows, and are none to look at, once they went whole, until there is another round", async () => {
    python.clusters = [1, 0].map((id) => ({ ...cluster(id, ""), verdict: "drop" as const }));
    await hand.revise("round");
    const rows = () => [1, 0].map((id) => inRow(id, "cluster-rows").textContent);
    expect(rows()).toEqual(["3", "4"]);
    await hand.store.dropRows(Mask.of(python.n, [0, 1, 2, 3]), {}, "");
    expect(rows()).toEqual(["3", "0"]);
    expect(hand.root.textContent).toContain("1 to look at");
  });

  it("are renamed in place: Enter saves, Escape leaves, nothing else is decided", async () => {
    await hand.click(inRow(1, "cluster-name"), {}, "dblclick");
    const field = hand.find("cluster-name-field") as HTMLInputElement;
    expect(document.activeElement).toBe(field);
    field.value = "  <b>new</b> ";
    await hand.press("Enter", field);
    expect(hand.asked("rename")).toMatchObject([{ cluster: 1, name: "<b>new</b>" }]);
    expect(inRow(1, "cluster-name").textContent).toBe("<b>new</b>");
    expect(document.activeElement).toBe(row(1));

    await hand.press("F2");
    (hand.find("cluster-name-field") as HTMLInputElement).value = "other";
    await hand.press("Escape", hand.find("cluster-name-field"));
    expect(hand.has("cluster-name-field")).toBe(false);
    await hand.click(inRow(1, "cluster-rename"));
    await hand.press("Enter", hand.find("cluster-name-field"));
    expect(hand.asked("rename")).toHaveLength(1);
  });

  it("say the old name again where Python refuses", async () => {
    python.refuse = "rename";
    await hand.click(inRow(0, "cluster-rename"));
    await hand.type("cluster-name-field", "x");
    await hand.press("Enter", hand.find("cluster-name-field"));
    expect(inRow(0, "cluster-name").textContent).toBe("cards");
    expect(hand.store.state.error).toBe("rename is refused");
  });

  it("stay where they are while a name is typed", async () => {
    await hand.click(inRow(1, "cluster-rename"));
    python.clusters = [-1, 0, 1].map((id) => cluster(id, ""));
    await hand.revise("round");
    expect(order()).toEqual([1, 0, -1]);
    await hand.press("Escape", hand.find("cluster-name-field"));
    expect(order()).toEqual([-1, 0, 1]);
  });

  it("are not picked by Enter that is held down: it was pressed on something else", async () => {
    await hand.press("ArrowDown", hand.root);
    await hand.press("Enter", hand.root, { repeat: true });
    expect(wholly()).toEqual([]);
    await hand.press("Enter", hand.root);
    expect(wholly()).toEqual([1]);
  });

  it("are picked from where one is with Shift, where the one picked last is gone", async () => {
    python.clusters = [5, 3, 4, 0, 1, 2, -1].map((id) => cluster(id, `c${id}`));
    await hand.revise("round");
    await hand.click(row(4));
    python.clusters = [5, 3, 0, 1, 2, -1].map((id) => cluster(id, `c${id}`));
    await hand.revise("round");
    await hand.click(row(1), { shiftKey: true });
    expect(hand.store.state.steps.at(-1)).toMatchObject({ kind: "cluster", clusters: [1] });
    await hand.click(row(2), { shiftKey: true });
    expect(hand.store.state.steps.at(-1)).toMatchObject({ clusters: [1, 2] });
    hand.store.show({ anchor: 4, cursor: 1 });
    row(1).focus();
    await settle();
    await hand.press("ArrowDown", row(1), { shiftKey: true });
    expect(hand.store.state.steps.at(-1)).toMatchObject({ clusters: [1, 2] });
  });

  it("are picked by keys: Space, Shift with arrows, all", async () => {
    await hand.press("ArrowDown", hand.root);
    expect(document.activeElement).toBe(row(1));
    await hand.press(" ");
    expect(wholly()).toEqual([1]);
    await hand.press("ArrowDown", undefined, { shiftKey: true });
    expect(wholly()).toEqual([1, 0]);
    await hand.press("ArrowDown", undefined, { shiftKey: true });
    expect(wholly()).toEqual([1, 0, -1]);
    await hand.press("ArrowUp", undefined, { shiftKey: true });
    expect(wholly()).toEqual([1, 0]);
    await hand.press(" ");
    expect(wholly()).toEqual([1]);
    const event = await hand.press("a", undefined, { ctrlKey: true });
    expect(event.defaultPrevented).toBe(true);
    expect(wholly()).toEqual([1, 0, -1]);
    await hand.press("Home");
    expect(document.activeElement).toBe(row(1));
    await hand.press("End");
    expect(document.activeElement).toBe(row(-1));
  });

  it("are added with Ctrl as they were selected, not as an open outline would have them", async () => {
    await hand.lasso([7, 8]);
    await hand.lasso([4, 5, 6], "add", false);
    await hand.click(row(1), { ctrlKey: true });
    expect(hand.store.state.steps.at(-1)).toMatchObject({ kind: "cluster", op: "add", clusters: [1] });
    expect([...hand.store.state.selected!.rows()]).toEqual([4, 5, 6, 7, 8]);
  });

  it("combine as the bar says", async () => {
    await hand.click(row(1));
    hand.store.show({ op: "add" });
    await hand.click(row(0));
    expect(wholly()).toEqual([1, 0]);
    hand.store.show({ op: "subtract" });
    await hand.click(row(1));
    expect(wholly()).toEqual([0]);
  });

  it("are selected anew where nothing is left to combine with, whatever the bar said", async () => {
    hand.store.show({ op: "subtract" });
    await hand.click(row(1));
    expect(wholly()).toEqual([1]);
    hand.store.selection.clear();
    hand.store.show({ op: "intersect" });
    hand.store.colouring.take([0]);
    await settle();
    expect(wholly()).toEqual([0]);
  });

  it("hide, show alone, and show again; a span leaves hidden ones out", async () => {
    const hidden = () => [...hand.store.state.view.hidden];
    await hand.click(inRow(0, "cluster-hide"));
    expect(hidden()).toEqual([0]);
    expect(hand.find("clusters-total").textContent).toBe("2 clusters, 2 noise, 1 hidden");
    expect(inRow(0, "cluster-hide").getAttribute("aria-pressed")).toBe("true");
    await hand.click(row(1));
    await hand.click(row(-1), { shiftKey: true });
    expect(wholly()).toEqual([1, -1]);
    await hand.click(row(0));
    expect(hidden()).toEqual([]);
    await hand.click(inRow(1, "cluster-hide"), { altKey: true });
    expect(hidden().sort()).toEqual([-1, 0]);
    await hand.click(inRow(1, "cluster-hide"), { altKey: true });
    expect(hidden()).toEqual([]);
    await hand.click(inRow(1, "cluster-hide"));
    await hand.click("clusters-show-all");
    expect(hidden()).toEqual([]);
  });

  it("draw only those in sight of 500, and tell how many there are", async () => {
    python.clusters = Array.from({ length: 500 }, (_, id) => cluster(id, `c${id}`));
    await hand.revise("round");
    expect(order().length).toBeLessThan(60);
    const grid = hand.root.querySelector("[role=grid]")!;
    expect(grid.getAttribute("aria-rowcount")).toBe("501");
    await hand.press("ArrowDown", hand.root);
    await hand.press("End");
    expect(row(499).getAttribute("aria-rowindex")).toBe("501");
    expect(document.activeElement).toBe(row(499));
  });
});

describe("points", () => {
  const listed = () => hand.all("point").map((one) => Number(one.dataset.row));
  const at = (id: number, test: string) => hand.find("point", `[data-row="${id}"]`).querySelector<HTMLElement>(`[data-test="${test}"]`)!;
  const last = () => hand.asked("points").at(-1)!;
  const selected = () => [...(hand.store.state.selected ?? [])];
  beforeEach(async () => hand.click("tab-points"));

  it("are filtered by text, then by a pattern", async () => {
    await hand.type("points-filter", "text 3");
    await new Promise((resolve) => setTimeout(resolve, 260));
    await settle();
    expect(listed()).toEqual([3]);
    await hand.type("points-filter", "text [35]");
    await hand.click("points-regex");
    await new Promise((resolve) => setTimeout(resolve, 260));
    await settle();
    expect(last()).toMatchObject({ query: "text [35]", regex: true });
    expect(listed()).toEqual([3, 5]);
  });

  it("say calmly that a pattern is none, and offer to take it as it stands", async () => {
    hand.store.list({ filter: "(", regex: true });
    await settle();
    expect(hand.find("points-trouble").textContent).toContain("not a regular expression");
    expect(hand.find("points-filter").getAttribute("aria-invalid")).toBe("true");
    expect(hand.store.state.error).toBe("");
    await hand.click(hand.find("points-trouble").querySelector("button")!);
    expect(hand.has("points-trouble")).toBe(false);
    expect(hand.find("points-total").textContent).toBe("0 rows");
    await hand.press("Escape", hand.find("points-filter"));
    expect(listed()).toHaveLength(10);
  });

  it("show columns of the table, and are sorted by several", async () => {
    await hand.click("points-columns");
    const tick = hand.find("column-price") as HTMLInputElement;
    tick.checked = true;
    tick.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    expect(last()).toMatchObject({ keys: ["price"] });
    expect(at(4, "point-value-price").textContent).toBe("1");
    await hand.click("order-price");
    await hand.click("order-rank");
    await hand.click("order-rank");
    expect(last()).toMatchObject({ sort: ["-price", "rank"] });
    expect(listed()).toEqual([8, 5, 2, 7, 4, 1, 9, 6, 3, 0]);
    expect(hand.find("points-sort-price").textContent).toContain("▾1");
    expect(hand.find("points-sort-price").closest("[aria-sort]")?.getAttribute("aria-sort")).toBe("descending");
    await hand.click("order-none");
    expect(listed()[0]).toBe(0);
    hand.store.list({ columns: ["price", "gone"], order: [{ key: "gone", down: false }] });
    await settle();
    expect(last()).not.toHaveProperty("sort");
    expect(last()).toMatchObject({ keys: ["price"] });
  });

  it("lead to neighbours, on to theirs, and back", async () => {
    hand.store.list({ filter: "text", order: [{ key: "rank", down: false }] });
    await settle();
    await hand.click(at(5, "point-near"));
    expect(last()).toMatchObject({ within: "near", row: 5 });
    expect(last()).not.toHaveProperty("sort");
    expect(listed().slice(0, 2).sort()).toEqual([4, 6]);
    expect(at(4, "point-similarity").textContent).toBe("0.99");
    expect(hand.find("points-trail").textContent).toContain("<b>text 5</b>");
    await hand.click(at(4, "point-near"));
    expect(hand.find("points-back").textContent).toContain("(2)");
    await hand.click("points-back");
    expect(hand.store.state.view.near).toBe(5);
    await hand.click("points-back");
    expect(hand.store.state.view).toMatchObject({ within: "all", filter: "text", order: [{ key: "rank", down: false }] });
    expect(hand.has("points-back")).toBe(false);
  });

  it("lead to the neighbours of any row under its own name, nearest first, from the list or from its card", async () => {
    const place = document.createElement("div");
    const trail = new Trail({ store: hand.store } as never);
    const says = () => (render(trail.render(() => undefined), place), place.textContent);
    trail.near(0, "the first", 0);
    expect(says()).toContain("Nearest to the first");
    hand.store.list({ order: [{ key: "price", down: true }] });
    trail.near(7, " ", 0);
    trail.near(7, " ", 0);
    expect(hand.store.state.view).toMatchObject({ within: "near", near: 7, order: [] });
    expect(says()).toContain("Nearest to row 7");
    place.querySelector("button")!.click();
    expect(hand.store.state.view).toMatchObject({ within: "near", near: 0, order: [{ key: "price", down: true }] });
    expect(says()).toContain("Nearest to the first");
    await settle();
  });

  it("open their whole text in steps, with what was found", async () => {
    python.long = "y".repeat(45_000);
    await hand.click(at(2, "point-text"));
    const shown = () => hand.find("point-whole").textContent!.length;
    expect(shown()).toBe(20_000);
    expect(hand.root.textContent).toContain("It is <b>short</b>.");
    await hand.click("point-more");
    expect(shown()).toBe(40_000);
    await hand.click("point-more");
    expect(shown()).toBe(45_000);
    expect(hand.has("point-more")).toBe(false);
    await hand.click(at(2, "point-text"));
    expect(hand.has("point-whole")).toBe(false);
  });

  it("are ticked into the selection, one step however many", async () => {
    await hand.click(at(1, "point-pick"));
    await hand.click(at(4, "point-pick"));
    await hand.click(at(5, "point-pick"));
    expect(selected()).toEqual([1, 4, 5]);
    expect(hand.store.state.steps).toMatchObject([{ op: "new", rows: [1] }, { op: "add", rows: [4, 5] }]);
    await hand.click(at(4, "point-pick"));
    expect(selected()).toEqual([1, 5]);
    hand.store.show({ op: "subtract" });
    await hand.click(at(6, "point-pick"));
    expect(selected()).toEqual([1, 5]);
    expect((at(6, "point-pick") as HTMLInputElement).checked).toBe(false);
    hand.store.show({ op: "intersect" });
    await hand.click(at(5, "point-pick"));
    expect(selected()).toEqual([5]);
    hand.store.selection.clear();
    await hand.click(at(6, "point-pick"));
    expect(selected()).toEqual([6]);
  });

  it("are walked by keys: Enter opens, Space selects", async () => {
    hand.find("point", '[data-row="0"]').focus();
    await hand.press("ArrowDown");
    await hand.press("ArrowDown");
    expect((document.activeElement as HTMLElement).dataset.row).toBe("2");
    await hand.press(" ");
    expect(selected()).toEqual([2]);
    await hand.press("Enter");
    expect(hand.find("point-whole").textContent).toBe("the whole text of 2");
    await hand.press("End");
    expect((document.activeElement as HTMLElement).dataset.row).toBe("9");
  });

  it("bring a dropped row back, which cannot be ticked", async () => {
    python.kept.set(3, false);
    await hand.revise("decision");
    hand.store.list({ within: "dropped" });
    await settle();
    expect((at(3, "point-pick") as HTMLInputElement).disabled).toBe(true);
    await hand.click(at(3, "point-restore"));
    expect(python.kept.has(3)).toBe(true);
  });

  it("stay to be read while a decision asks for them again", async () => {
    const release = python.hold("points");
    await hand.revise("decision");
    expect(listed()).toHaveLength(10);
    expect(hand.find("points-total").textContent).toBe("10 rows");
    release();
    await settle();
    expect(listed()).toHaveLength(10);
  });
});

describe("which rows are listed", () => {
  it("is said of a cluster and a tag that are gone, so that all rows can be chosen", async () => {
    const python = new FakePython();
    const hand = new Hand(python);
    await settle();
    const within = () => hand.find("points-within") as HTMLSelectElement;
    hand.store.show({ tab: "points" });
    hand.store.list({ within: "cluster", listed: 1 });
    python.clusters = [cluster(0, "c0"), cluster(-1, "")];
    await hand.revise("round");
    expect(within().value).toBe("cluster 1");
    hand.store.list({ within: "tag", tagged: "odd" });
    await settle();
    expect([within().value, within().selectedOptions[0].textContent]).toEqual(["tag odd", "odd"]);
    within().value = "all";
    within().dispatchEvent(new Event("change"));
    await settle();
    expect([within().value, hand.store.state.view.within]).toEqual(["all", "all"]);
    hand.dispose();
  });
});

describe("a list of a million", () => {
  const MILLION = 1_000_000;
  beforeEach(async () => {
    python.points = ({ offset, limit }) => ({ total: MILLION, points: Array.from({ length: Math.min(limit, MILLION - offset) }, (_, i) => ({ ...point(0), row: offset + i, cluster: -2, text: `row ${offset + i}` })) });
    await hand.click("tab-points");
    await hand.revise("decision");
  });

  it("reaches its last row, and asks for two pages", async () => {
    hand.find("point").focus();
    python.asked.length = 0;
    await hand.press("End");
    const rows = hand.all("point");
    expect(rows.at(-1)!.textContent).toContain("row 999999");
    expect(rows.at(-1)!.getAttribute("aria-rowindex")).toBe("1000001");
    expect(document.activeElement).toBe(rows.at(-1));
    expect(hand.asked("points").length).toBeLessThanOrEqual(2);
    expect(rows.length).toBeLessThan(60);
    await hand.press("Home");
    expect((document.activeElement as HTMLElement).dataset.row).toBe("0");
  });

  it("has at most two requests on their way, and never asks for what was scrolled past", async () => {
    const { reading } = hand.store;
    const release = python.hold("points");
    python.asked.length = 0;
    for (let from = 10_000; from < 60_000; from += 1000) reading.want(from, from + 250);
    expect(hand.asked("points").map(({ offset }) => offset)).toEqual([10_000, 10_100]);
    release();
    await settle();
    expect(hand.asked("points").every(({ offset }) => offset === 0 || offset === 10_000 || offset === 10_100 || Number(offset) >= 59_000)).toBe(true);
    expect(reading.at(59_000)?.row).toBe(59_000);
  });

  it("lets go of what is long out of sight", async () => {
    const { reading } = hand.store;
    for (let page = 1; page < 80; page++) {
      reading.want(page * 100, page * 100);
      await Promise.resolve();
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(reading.at(500)).toBeUndefined();
    expect(reading.at(7900)?.row).toBe(7900);
  });
});
