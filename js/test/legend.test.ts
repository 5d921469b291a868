// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Mask } from "../src/mask";
import { ghostly } from "../src/state";
import { Hover } from "../src/panels/hover";
import { SESSION, FakePython } from "./fake";
import { Hand, PageModel, settle } from "./page";
import widget from "../src/index";

let python: FakePython;
let hand: Hand;
const text = (test: string, extra = "") => hand.find(test, extra).textContent!.replace(/\s+/g, " ").trim();
const entry = (code: number) => hand.find("legend-entry", `[data-code="${code}"]`).querySelector<HTMLElement>(".el-entry")!;
const choose = async (test: string, value: string) => {
  const select = hand.find(test) as HTMLSelectElement;
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
};

beforeEach(async () => {
  python = new FakePython();
  hand = new Hand(python);
  await settle();
  await hand.click("legend-open");
});

afterEach(() => hand.dispose());

describe("the legend", () => {
  it("names what the colours mean, as text, and counts what is selected", async () => {
    await choose("legend-by", "label");
    expect(hand.all("legend-entry").map((line) => line.querySelector(".el-name")!.textContent)).toEqual(["<i>refund</i>", "fees", "7 others", "no value"]);
    expect(hand.root.querySelector(".el-entries i")).toBeNull();
    await hand.click(hand.find("legend-entry", '[data-code="0"]').querySelector<HTMLElement>("[data-test=legend-select]")!);
    expect(text("tray-count")).toBe("3 selected");
    expect(text("legend-entry", '[data-code="0"]')).toContain("3 / 3");
    expect(text("legend-entry", '[data-code="1"]')).not.toContain("/");
  });

  it("filters by a click, shows one alone by two or by Alt, and all again by one", async () => {
    await hand.click(entry(1));
    expect(entry(1).getAttribute("aria-pressed")).toBe("false");
    expect(text("legend-hiding")).toContain("3 rows hidden");
    await hand.click("legend-all");
    expect(hand.has("legend-hiding")).toBe(false);
    await hand.click(entry(0), { altKey: true });
    expect(text("legend-hiding")).toContain("5 rows hidden");
    await hand.click(entry(0), { altKey: true });
    expect(hand.has("legend-hiding")).toBe(false);
    await hand.click(entry(0));
    await hand.click(entry(0));
    await hand.click(entry(0), {}, "dblclick");
    expect([...hand.store.state.view.hidden].sort()).toEqual([-1, 1]);
  });

  it("of a number is a ramp whose handles filter", async () => {
    await choose("legend-by", "score");
    expect(text("legend-scale")).toContain("1 row without a value, drawn in ink");
    const from = hand.find("legend-from") as HTMLInputElement;
    from.value = "32767";
    from.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
    expect(hand.store.state.view.range?.[0]).toBeCloseTo(5, 2);
    expect(text("legend-hiding")).toContain("6 rows hidden");
    expect(text("legend-scale")).toContain("1 row without a value, hidden");
    from.value = "0";
    from.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
    expect(hand.store.state.view.range).toBeNull();
  });

  it("of moments writes the day, and not a year with a comma and a fraction", async () => {
    const score = python.values.get("score")!;
    const grid = { unit: 86_400e6, per: 1, time: true, beyond: [false, false] as [boolean, boolean] };
    python.values.set("score", { ...score, lo: 2024.0014, hi: 2025.5, grid });
    await choose("legend-by", "score");
    expect([...hand.find("legend-scale").querySelectorAll(".el-axis span")].map((one) => one.textContent)).toEqual(["2024-01-01", "2025-07-01"]);
    expect(hand.find("legend-from").getAttribute("aria-valuetext")).toBe("2024-01-01");
  });

  it("of a number lets the upper handle go back to its end, and then shows all", async () => {
    const score = python.values.get("score")!;
    python.values.set("score", Object.assign({ ...score, hi: 0.7 }, { lo: 0.1 }));
    await choose("legend-by", "score");
    const to = hand.find("legend-to") as HTMLInputElement;
    const [max, step] = [Number(to.max), Number(to.step)];
    const slide = async (value: number) => {
      to.value = String(step * Math.floor(value / step)); // a browser moves by steps from the lower end
      to.dispatchEvent(new Event("input", { bubbles: true }));
      await settle();
    };
    await slide(0.8 * max);
    expect(text("legend-hiding")).toContain("3 rows hidden"); // two at the end, and the one without a value
    await slide(max);
    expect(hand.store.state.view.range).toBeNull();
    expect(hand.has("legend-hiding")).toBe(false);
  });

  it.each([
    ["lower", "legend-from", 0, 20, ["5", "20"], "6 rows hidden"],
    ["upper", "legend-to", -10, 10, ["-10", "5"], "3 rows hidden"],
  ])("of a number whose %s handle alone was moved hides nothing at the other end, whatever the numbers come to be", async (_, test, lo, hi, ends, said) => {
    await choose("legend-by", "score");
    const handle = hand.find(test) as HTMLInputElement;
    handle.value = "32767";
    handle.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
    const score = python.values.get("score")!;
    python.values.set("score", { ...score, version: 2, lo, hi });
    await hand.revise("round");
    expect(text("legend-hiding")).toContain(said);
    expect([...hand.find("legend-scale").querySelectorAll(".el-axis span")].map((one) => one.textContent)).toEqual(ends);
  });

  it("folds away, and still says what it hides", async () => {
    await hand.click(entry(1));
    await hand.click("legend-fold");
    expect(hand.has("legend-entry")).toBe(false);
    expect(text("legend-hiding")).toContain("3 rows hidden");
    await hand.click("legend-open");
    expect(hand.all("legend-entry")).toHaveLength(3);
  });

  it("lists the first of many, and the rest when asked", async () => {
    const categories = Array.from({ length: 200 }, (_, i) => ({ name: `label ${i}`, count: 1 }));
    python.values.set("label", { codes: [...Array(10).keys()], categories, others: 4800, version: 1 });
    await choose("legend-by", "label");
    expect(hand.all("legend-entry").length).toBeLessThanOrEqual(61);
    expect(text("legend-more")).toBe("and 140 more");
    await hand.click("legend-more");
    expect(hand.all("legend-entry")).toHaveLength(200);
    expect(hand.root.textContent).toContain("4,800 others");
  });

  it("says what the map has where it was chosen elsewhere, and so does the toolbar", async () => {
    const says = () => ["colour-by", "legend-by"].map((test) => (hand.find(test) as HTMLSelectElement).value);
    for (const key of ["label", "cluster"]) await choose("colour-by", key);
    await choose("legend-by", "label");
    expect(says()).toEqual(["label", "label"]);
    await choose("legend-by", "cluster");
    hand.model.set("colour_by", "score");
    await settle();
    expect(says()).toEqual(["score", "score"]);
  });

  it("offers no attribute that has no colours", async () => {
    python.session = { attributes: [...SESSION.attributes, { key: "column:note", title: "note", kind: "text", group: "column" }] };
    await hand.revise("settings");
    expect([...(hand.find("legend-by") as HTMLSelectElement).options].map(({ value }) => value)).toEqual(["cluster", "label", "score"]);
  });
});

describe("colours by round of removal", () => {
  it("show what went, count it, and select none of it", async () => {
    python.kept = Mask.of(python.n, [0, 1, 2, 3, 4, 5, 6]);
    python.values.set("dropped", { codes: [65535, 65535, 65535, 65535, 65535, 65535, 65535, 0, 1, 1], categories: [{ name: "1", count: 1 }, { name: "2", count: 2 }], others: 0, version: 1 });
    python.session = { attributes: [...hand.store.state.session!.attributes, { key: "dropped", title: "round of removal", kind: "category", group: "" }] };
    await hand.revise("decision");
    await choose("legend-by", "dropped");
    const says = (code: number) => text("legend-entry", `[data-code="${code}"]`);
    expect([says(0), says(1)].map((line) => line.replace("Select", "").trim())).toEqual(["1 1", "2 2"]);
    expect((hand.find("legend-entry", '[data-code="1"]').querySelector("[data-test=legend-select]") as HTMLButtonElement).disabled).toBe(true);
    expect(ghostly(hand.store.state.view)).toBe(true);
    await choose("legend-by", "cluster");
    expect(ghostly(hand.store.state.view)).toBe(false);
  });
});

describe("views of one widget", () => {
  it("agree on dimension, colour and hidden clusters, and write a trait once a hand did something", async () => {
    const other = document.createElement("div");
    document.body.append(other);
    const dispose = widget.render({ model: hand.model, el: other });
    const second = (other.querySelector(".elute") as HTMLElement & { __elute: { store: typeof hand.store } }).__elute.store;
    await settle();
    expect(hand.model.saved).toBe(0);
    await hand.click("dim-2d");
    expect(hand.model.traits.dim).toBe("2d");
    await choose("legend-by", "label");
    await choose("legend-by", "cluster");
    await hand.click(entry(1));
    expect(hand.model.traits).toMatchObject({ dim: "2d", colour_by: "cluster", hidden: [1] });
    expect(hand.model.saved).toBe(4);
    expect(second.state.view).toMatchObject({ dim: "2d", colourBy: "cluster", hidden: new Set([1]) });
    dispose();
  });

  it("follow Python, and do not answer", async () => {
    hand.model.set("dim", "both");
    hand.model.set("hidden", [0]);
    await settle();
    expect(hand.find("dim-both").getAttribute("aria-pressed")).toBe("true");
    expect(entry(0).getAttribute("aria-pressed")).toBe("false");
    expect(hand.model.saved).toBe(0);
  });

  it("begin as the widget stands", async () => {
    hand.dispose();
    python.asked.length = 0;
    const model = new PageModel(python);
    Object.assign(model.traits, { dim: "2d", colour_by: "label", hidden: [1] });
    document.body.replaceChildren();
    const dispose = widget.render({ model, el: document.body });
    await settle();
    const { store } = (document.body.querySelector(".elute") as HTMLElement & { __elute: { store: typeof hand.store } }).__elute;
    expect(store.state.view).toMatchObject({ dim: "2d", colourBy: "label" });
    expect(store.colouring.key).toBe("label");
    expect(python.asked.filter(({ name }) => name === "column").map(({ params }) => params.name)).not.toContain("coords3");
    expect(model.saved).toBe(0);
    dispose();
  });
});

describe("the tray", () => {
  it("says where rows come from, by name, and offers what else to do", async () => {
    hand.store.selection.pick([1, -1], "new");
    await settle();
    expect(text("tray-clusters")).toContain("fees 3, noise 2");
    expect(text("tray-labels")).toContain("<i>refund</i> 1, others 3");
    await hand.click("open-more");
    await hand.click("more-grow");
    expect(hand.store.state.selected?.count()).toBe(6);
    await hand.press("i", hand.root);
    expect([...hand.store.state.selected!]).toEqual([0, 1, 2, 3]);
    await hand.click("open-more");
    await hand.click("more-labels");
    expect([...hand.store.state.selected!]).toEqual([0, 1, 2, 3, 7]);
    await hand.click("open-more");
    expect(hand.find("more-again").hasAttribute("disabled")).toBe(true);
    await hand.click("more-clusters");
    expect(hand.store.state.selected?.count()).toBe(6);
  });

  it.each([
    [[0, 1, 2, 3, 4, 4, 4, 4, 4], 0, "labels: d 5, a 1 and 3 more labels"],
    [[0, 1, 2, 3, 4, 4, 4, 4, 4], 150, "labels: a 1, b 1, others 7"], // how many labels these are is not known
    [[0, 0, 1, 4, 4, 4, 4, 4, 4], 150, "labels: a 2, b 1, others 6"],
    [[0, 1, 1, 2, 4, 4, 4, 4, 4], 150, "labels: b 2, a 1, c 1, others 5"],
    [[4, 4, 4, 4, 4, 4, 4, 4, 4], 150, "labels: others 9"],
  ])("counts labels that are known by name alone: %j, %d others", async (codes, others, said) => {
    python.values.set("label", { codes: [...codes, 0], categories: [..."abced"].map((name) => ({ name, count: 1 })), others, version: 2 });
    await hand.revise("round");
    await hand.lasso([...codes.keys()]);
    await settle();
    expect(text("tray-labels")).toBe(said);
  });

  it("says how many of the selected the legend hides", async () => {
    hand.store.selection.pick([1], "new");
    await hand.click(entry(1));
    expect(text("tray-unseen")).toBe("3 rows of them hidden by the legend");
  });
});

describe("looking back", () => {
  const rounds = SESSION.rounds.map((round, i) => ({ ...round, id: `r${i + 1}` }));

  it("says which round one looks at, goes back to it, or returns", async () => {
    python.session = { rounds, looking: 1 };
    await hand.revise("round");
    expect(text("looking")).toContain("Looking at round 1 as it was");
    await hand.click("looking-goto");
    expect(hand.asked("goto")[0]).toMatchObject({ to: "r1" });
    expect(text("foot-status")).toContain("Went back to round 1. Z leads here again.");
    await hand.click("looking-now");
    expect(hand.asked("look")).toEqual([{ round: "" }]);
  });

  it("lights a decision up without selecting it, until it is put away", async () => {
    await hand.store.revisit("d1");
    await settle();
    expect(text("looking")).toContain("As it was decided: dropped");
    expect(hand.store.state.selected).toBeNull();
    await hand.click("looking-away");
    expect(hand.has("looking")).toBe(false);
  });
});

describe("the card of a row", () => {
  it("shows the text, what was found about it, and leads on once it is pinned", async () => {
    const near: [number, string][] = [];
    const hover = new Hover({ store: hand.store, colour: () => "red", redraw: () => undefined } as never, (...of) => void near.push(of));
    const { render } = await import("lit-html");
    const place = document.createElement("div");
    hover.over(4, 10, 20);
    hover.click(4);
    await settle();
    render(hover.render(), place);
    const say = (test: string) => place.querySelector(`[data-test="${test}"]`)!;
    expect(say("hover-text").textContent).toBe("the whole text of 4");
    expect(say("hover-text").getAttribute("dir")).toBe("auto");
    expect(say("hover-flags").textContent).toContain("It is <b>short</b>.");
    (say("hover-near") as HTMLElement).click();
    await settle();
    expect(hand.store.state.view.tab).toBe("points");
    expect(near).toEqual([[4, "the whole text of 4"]]);
    (say("hover-select") as HTMLElement).click();
    await settle();
    expect([...hand.store.state.selected!]).toEqual([4]);
    await hand.revise("round");
    expect(hand.asked("text")).toEqual([{ row: 4 }, { row: 4 }]);
    expect(hover.close()).toBe(true);
    await hand.revise("round");
    expect(hand.asked("text")).toHaveLength(2);
    hover.destroy();
  });
});

describe("keys of the instrument", () => {
  it.each([["t", "turn"], ["l", "lasso"], ["p", "polygon"], ["b", "box"], ["r", "brush"]])("%s is the %s", async (key, tool) => {
    await hand.press(key, hand.root);
    expect(hand.find(`tool-${tool}`).getAttribute("aria-pressed")).toBe("true");
  });

  it("grow and invert what is selected, and nothing where nothing is: I and X would drop everything", async () => {
    for (const key of ["g", "i", "x"]) await hand.press(key, hand.root);
    for (const name of ["grow", "select", "drop"]) expect(hand.asked(name)).toHaveLength(0);
    await hand.click(entry(1));
    hand.store.selection.pick([0], "new");
    await hand.press("i", hand.root);
    expect([...hand.store.state.selected!]).toEqual([7, 8]);
  });
});

describe("quiet", () => {
  it("offers a round only where none starts by itself", async () => {
    python.session = { stale: true };
    await hand.revise("settings");
    expect(hand.has("toolbar-run")).toBe(false);
    await hand.click("foot-run");
    expect(hand.asked("run")).toHaveLength(1);
  });
});
