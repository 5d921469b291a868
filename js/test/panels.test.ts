// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import widget from "../src/index";
import { sentence } from "../src/panels/foot";
import { misfit } from "../src/panels/fields";
import { changes } from "../src/panels/settings";
import { duration, percent } from "../src/panels/words";
import type { Field } from "../src/protocol";
import { initialState, type State } from "../src/state";
import type { Store } from "../src/store";
import { FakePython, SESSION } from "./fake";
import { PageModel } from "./page";

const settle = async () => {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setTimeout(resolve, 8));
};

let python: FakePython;
let model: PageModel;
let root: HTMLElement;
let dispose: () => void;

const find = (test: string, extra = ""): HTMLElement => {
  const element = root.querySelector<HTMLElement>(`[data-test="${test}"]${extra}`);
  if (!element) throw new Error(`no ${test}${extra} on the page`);
  return element;
};
const has = (test: string) => root.querySelector(`[data-test="${test}"]`) !== null;
const click = async (test: string, extra = "", init: MouseEventInit = {}) => {
  find(test, extra).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, ...init }));
  await settle();
};
const press = async (key: string, target: EventTarget = root, init: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true, ...init });
  target.dispatchEvent(event);
  await settle();
  return event;
};
const asked = (name: string) => python.asked.filter((request) => request.name === name).length;

beforeEach(async () => {
  python = new FakePython();
  python.names.set(1, '<img src=x onerror="alert(1)">');
  model = new PageModel(python);
  document.body.replaceChildren();
  dispose = widget.render({ model, el: document.body });
  root = document.body.querySelector<HTMLElement>(".elute")!;
  await settle();
});

afterEach(() => dispose());

describe("the page", () => {
  it("works without WebGL2: says so where the map would be, lists clusters, reads and decides", async () => {
    expect(find("map-message").textContent).toContain("work without it");
    expect(root.dataset.ready).toBe("true");
    await click("cluster-row", '[data-cluster="1"]');
    expect(root.dataset.selected).toBe("3");
    expect(find("tray-count").textContent).toBe("3 selected");
    await click("tray-drop");
    expect(root.dataset.kept).toBe("7");
    expect(has("tray")).toBe(false);
    await click("toolbar-undo");
    expect(root.dataset.kept).toBe("10");
  });

  it("keeps names, reasons and texts text, whatever they hold", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    expect(find("tray-examples").textContent).toContain("<b>text 4</b>");
    await click("tab-review");
    expect(root.textContent).toContain("<img src=x onerror=alert(1)>");
    await click("tab-points");
    expect(root.querySelector("img, b b, script")).toBeNull();
  });

  it("never drops by a row's cross: it selects, and the tray shows what", async () => {
    find("cluster-row", '[data-cluster="1"]').querySelector<HTMLElement>('[data-test="cluster-select"]')!.click();
    await settle();
    expect(asked("drop")).toBe(0);
    expect(root.dataset.selected).toBe("3");
    expect(has("tray")).toBe(true);
  });

  it("picks several clusters with Ctrl, a span with Shift", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    await click("cluster-row", '[data-cluster="-1"]', { ctrlKey: true });
    expect(root.dataset.selected).toBe("5");
    await click("cluster-row", '[data-cluster="-1"]', { ctrlKey: true });
    expect(root.dataset.selected).toBe("3");
    await click("cluster-row", '[data-cluster="1"]');
    await click("cluster-row", '[data-cluster="-1"]', { shiftKey: true });
    expect(root.dataset.selected).toBe("9");
    expect(find("cluster-row", '[data-cluster="0"]').getAttribute("aria-selected")).toBe("true");
  });

  it("shows how selections combine only once something is selected, and Run only while rounds do not start by themselves", async () => {
    expect(has("op-add")).toBe(false);
    expect(has("toolbar-run")).toBe(false);
    python.session = { settings: { ...SESSION.settings, automatic: false }, stale: true };
    model.set("revision", { ...(model.get("revision") as object), settings: 2 });
    await click("cluster-row", '[data-cluster="1"]');
    expect(has("op-add")).toBe(true);
    await click("toolbar-run");
    expect(asked("run")).toBe(1);
  });

  it("saves a selection under a name", async () => {
    await click("cluster-row", '[data-cluster="-1"]');
    await click("tray-save");
    const field = find("save-name") as HTMLInputElement;
    field.value = "noise";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
    await click("save-confirm");
    expect(python.asked.find(({ name }) => name === "save")?.params).toEqual({ name: "noise" });
    expect(find("foot-status").textContent).toContain('w.selections["noise"]');
  });

  it("says before it replaces a selection of that name", async () => {
    python.session = { selections: [{ name: "noise", count: 2 }] };
    model.set("revision", { ...(model.get("revision") as object), settings: 2 });
    await click("cluster-row", '[data-cluster="-1"]');
    await click("tray-save");
    const field = find("save-name") as HTMLInputElement;
    const type = async (name: string) => {
      field.value = name;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      await settle();
    };
    await type("nois");
    expect([find("save-confirm").textContent, has("save-replaces")]).toEqual(["Save", false]);
    await type("noise ");
    expect(find("save-confirm").textContent).toBe("Replace");
    expect(find("save-replaces").textContent).toBe("2 rows of that name would be let go");
  });

  it("searches what was typed a moment ago; Enter again selects the hits", async () => {
    const field = find("search") as HTMLInputElement;
    field.value = "card";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await Promise.resolve();
    field.form!.requestSubmit();
    await settle();
    expect(python.asked.find(({ name }) => name === "search")?.params).toEqual({ query: "card", mode: "text" });
    expect(find("search-select").textContent).toContain("2");
    expect(root.dataset.selected).toBe("0");
    field.form!.requestSubmit();
    await settle();
    expect(root.dataset.selected).toBe("2");
    expect(field.value).toBe("");
  });

  it("sorts by a column and marks it", async () => {
    await click("sort-size");
    expect([...root.querySelectorAll("[data-test=cluster-row]")].map((row) => row.getAttribute("data-cluster"))).toEqual(["0", "1", "-1"]);
    expect(root.querySelector("th[aria-sort=descending]")?.textContent).toContain("rows");
  });

  it("lists dropped rows", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    await click("tray-drop");
    const store = (root as HTMLElement & { __elute: { store: Store } }).__elute.store;
    store.show({ tab: "points" });
    store.list({ within: "dropped" });
    await settle();
    expect(find("points-total").textContent).toBe("3 rows");
  });

  it("asks before anything is sent, and passes the answer on", async () => {
    python.session = { consent: { provider: "OpenAI", purpose: "To name clusters.", texts: 12, tokens: 900, cost: 0.004, examples: ["<i>a</i>"] } };
    model.set("revision", { ...(model.get("revision") as object), settings: 2 });
    await settle();
    expect(find("consent").textContent).toContain("900 tokens");
    await click("consent-no");
    expect(python.asked.find(({ name }) => name === "consent")?.params).toEqual({ granted: false, provider: "OpenAI", purpose: "To name clusters." });
    // what is asked may be another question by now: then it is shown
    python.refuse = "consent";
    python.session = { consent: { provider: "Far", purpose: "embed", texts: 900, tokens: null, cost: null, examples: [] } };
    await click("consent-yes");
    expect(find("consent").textContent).toContain("Send texts to Far?");
  });

  it("leaves nothing behind", () => {
    dispose();
    expect(document.body.querySelector(".elute")).toBeNull();
    expect([...model.listeners.values()].every((set) => set.size === 0)).toBe(true);
  });
});

describe("keys", () => {
  const leaked: string[] = [];
  const host = (event: Event) => leaked.push((event as KeyboardEvent).key);
  beforeEach(() => {
    leaked.length = 0;
    document.addEventListener("keydown", host, true); // as JupyterLab listens
  });
  afterEach(() => document.removeEventListener("keydown", host, true));

  it("never reach the host when they were handled", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    const event = await press("x");
    expect(event.defaultPrevented).toBe(true);
    expect(root.dataset.kept).toBe("7");
    await press("z");
    expect(root.dataset.kept).toBe("10");
    await press("X", root, { shiftKey: true });
    expect(leaked).toEqual([]);
    expect(root.dataset.lmSuppressShortcuts).toBe("true");
  });

  it("take back what was acknowledged, before it is known what can be taken back", async () => {
    python.session = { undo: null };
    model.set("revision", { ...(model.get("revision") as object), decision: 2 });
    await settle();
    await press("z");
    expect(asked("undo")).toBe(0); // nothing is there to undo, and nothing is on its way
    await click("cluster-row", '[data-cluster="1"]');
    const release = python.hold("state");
    await press("x");
    expect(asked("drop")).toBe(1);
    await press("z");
    release();
    await settle();
    expect(asked("undo")).toBe(1);
    expect(root.dataset.kept).toBe("10");
  });

  it("do again what was taken back, before it is known that it was", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    await press("x");
    const release = python.hold("undo");
    await press("z");
    await press("Z", root, { shiftKey: true });
    release();
    await settle();
    expect(python.asked.map(({ name }) => name).filter((name) => ["drop", "undo", "redo"].includes(name))).toEqual(["drop", "undo", "redo"]);
  });

  it.each([["undo", "z", "Nothing to undo."], ["redo", "Z", "Nothing to do again."]])("say so where there was nothing to %s", async (name, key, says) => {
    python.answers[name] = { kept: 10, rows: 0, saved: true, applied: false, note: "" };
    const release = python.hold("clusters");
    model.set("revision", { ...(model.get("revision") as object), analysis: 2 });
    await settle();
    await press(key, root, { shiftKey: key === "Z" });
    release();
    await settle();
    expect(asked(name)).toBe(1);
    expect(find("foot-status").textContent).toContain(says);
  });

  it("leave the host's alone while neither focus nor pointer is in the widget", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    const event = await press("x", document.body);
    expect(event.defaultPrevented).toBe(false);
    expect(leaked).toEqual(["x"]);
    root.dispatchEvent(new Event("pointerenter"));
    await press("x", document.body);
    expect(asked("drop")).toBe(1);
  });

  it("go to the widget with the focus, not to the one that the pointer rests on", async () => {
    const el = document.createElement("div");
    document.body.append(el);
    const second = new FakePython();
    const away = widget.render({ model: new PageModel(second), el });
    const other = el.querySelector<HTMLElement & { __elute: { store: Store } }>(".elute")!;
    await settle();
    await click("cluster-row", '[data-cluster="1"]');
    other.__elute.store.selection.pick([0], "new");
    root.dispatchEvent(new Event("pointerenter"));
    await press("x", other);
    expect(asked("drop")).toBe(0);
    expect(second.asked.filter(({ name }) => name === "drop")).toHaveLength(1);
    away();
  });

  it("mean what they mean after a handle was moved, which keeps those that move it", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    await click("legend-open");
    const select = find("legend-by") as HTMLSelectElement;
    select.value = "score";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    const heard: string[] = [];
    const hear = ({ key }: KeyboardEvent) => heard.push(key);
    document.addEventListener("keydown", hear);
    for (const key of ["ArrowDown", "Home", "PageUp", "q"]) expect((await press(key, find("legend-to"))).defaultPrevented, key).toBe(false);
    expect(heard, "nobody else's either").toEqual([]);
    document.removeEventListener("keydown", hear);
    await press("x", find("legend-to"));
    expect(asked("drop")).toBe(1);
  });

  it("are letters where one types, in the widget and beside it", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    const field = document.createElement("textarea");
    document.body.append(field);
    root.dispatchEvent(new Event("pointerenter"));
    await press("x", field);
    await press("x", find("search"));
    expect(asked("drop")).toBe(0);
  });

  it("with Ctrl, Alt or Meta are the browser's", async () => {
    await click("cluster-row", '[data-cluster="1"]');
    expect((await press("x", root, { ctrlKey: true })).defaultPrevented).toBe(false);
    expect(asked("drop")).toBe(0);
  });

  it("walk the table, select, choose tools, search and clear", async () => {
    await press("ArrowDown");
    await press("ArrowDown");
    await press("Enter");
    expect(root.dataset.selected).toBe("4"); // the second row is cluster 0
    await press("l");
    expect(find("tool-lasso").getAttribute("aria-pressed")).toBe("true");
    await press("/");
    expect(document.activeElement).toBe(find("search"));
    await press("Escape", find("search"));
    expect(document.activeElement).toBe(root);
    expect(root.dataset.selected).toBe("4"); // a field was left, and no more
    await press("Escape");
    expect(root.dataset.selected).toBe("0");
    await press("?");
    expect(has("popover-keys")).toBe(true);
    await press("Escape");
    expect(has("popover-keys")).toBe(false);
  });
});

describe("figures in words", () => {
  it("are rounded before they are split, and never to all or none of what is neither", () => {
    expect([0.2, 59.4, 59.7, 119.7, 3599.4, 3599.8, 5400].map(duration)).toEqual(["1 s", "59 s", "1 min 0 s", "2 min 0 s", "59 min 59 s", "1.0 h", "1.5 h"]);
    expect([0, 0.004, 0.006, 0.5, 0.994, 0.996, 1].map(percent)).toEqual(["0 %", "<1 %", "1 %", "50 %", "99 %", ">99 %", "100 %"]);
  });
});

describe("the foot says one thing, the one that matters most", () => {
  const say = (patch: Partial<State>) => sentence({ ...initialState(), ...patch });
  const told = (session: Partial<State["session"]>) => ({ ...SESSION, n: 10, kept: 10, problem: "", ...session }) as unknown as State["session"];
  const busy = { stage: "embedding", done: 1, total: 2, seconds_left: 3, message: "", busy: true, error: "" };

  it.each<[string, Partial<State>, string]>([
    ["a lost link before all else", { link: "lost", error: "x", undecided: 2, session: told({ saved: true }) }, "Disconnected: run the cell again. Everything decided is saved, but for 2 decisions: sent once the kernel is back or the cell has run again, as long as this tab is open."],
    ["a lost link where something could not be saved", { link: "lost", session: told({ saved: false, problem: "No space left." }) }, "Disconnected: run the cell again, but don't restart the kernel: what is not saved yet is in its memory alone."],
    ["a lost link where nothing is kept on disk", { link: "lost", undecided: 1, session: told({ saved: false, problem: "" }) }, "Disconnected: run the cell again, but don't restart the kernel: what is not saved yet is in its memory alone. Waiting: one decision, sent once the kernel is back or the cell has run again, as long as this tab is open."],
    ["a lost link where nothing is known yet", { link: "lost" }, "Disconnected: run the cell again."],
    ["a failed request", { link: "ready", error: "No such row." }, "No such row."],
    ["a failed round", { link: "ready", status: { ...busy, busy: false, error: "The round failed." } }, "The round failed."],
    ["nobody who ever answered", { link: "waiting" }, "No answer yet: queued behind the running cell, or, if no cell is running, run the cell that made this."],
    ["a busy kernel", { link: "waiting", hello: {} as State["hello"], status: busy, undecided: 1 }, "The kernel is busy: queued behind the running cell. Waiting: one decision."],
    ["what runs, in words", { link: "ready", status: { ...busy, stage: "cluster", message: "K-means, k = 60" } }, "Clustering: K-means, k = 60"],
    ["what was done, while the round it began runs", { link: "ready", status: busy, notice: "Dropped." }, "Dropped. embedding"],
    ["what was done", { link: "ready", notice: "Dropped." }, "Dropped."],
  ])("%s", (_, patch, text) => expect(say(patch).text).toBe(text));

  it("has progress and Cancel beside what went wrong", async () => {
    model.set("status", { ...busy, stage: "embed", done: 10, total: 100 });
    (root as HTMLElement & { __elute: { store: Store } }).__elute.store.set({ error: "grow is refused" });
    await settle();
    expect(find("foot-status").textContent).toBe("grow is refused");
    expect(document.querySelector(".el-foot [role=progressbar]")).not.toBeNull();
    await click("foot-cancel");
    expect(asked("cancel")).toBe(1);
  });

  it("counts rows, but no bytes of a model, which are told in MB", async () => {
    model.set("status", { ...busy, stage: "embed", done: 1000, total: 2000 });
    await settle();
    expect(document.querySelector(".el-foot")!.textContent).toContain("1,000 / 2,000");
    model.set("status", { ...busy, stage: "Downloading a-model", done: 31_000_000, total: 91_000_000, message: "31 of 91 MB" });
    await settle();
    const said = document.querySelector(".el-foot")!.textContent!;
    expect(said).toContain("Downloading a-model: 31 of 91 MB");
    expect(said).not.toContain("31,000,000");
    expect(said).toContain("3 s left");
  });
});

describe("the tray", () => {
  it("leafs on by as many examples as it shows, and says where one is", async () => {
    await click("cluster-row", '[data-cluster="0"]');
    expect(find("tray-at").textContent).toBe("1 / 4");
    await click("tray-more");
    expect(find("tray-at").textContent).toBe("4 / 4");
    expect(find("tray-examples").querySelectorAll("li")).toHaveLength(1);
    await click("tray-earlier");
    expect(find("tray-at").textContent).toBe("1 / 4");
    find("tray-more").style.setProperty("--el-in-sight", "1");
    await click("tray-more");
    expect(find("tray-at").textContent).toBe("2 / 4");
  });
});

describe("metrics", () => {
  const open = async (session: Record<string, unknown>) => {
    python.session = session;
    model.set("revision", { ...(model.get("revision") as object), settings: 2 });
    await click("tab-metrics");
  };

  it("say once that courses come with the second round", async () => {
    await open({ rounds: SESSION.rounds.slice(1) });
    expect(root.textContent?.match(/second round/g)).toHaveLength(1);
    expect(root.querySelector("[data-test=metric] .el-plot")).toBeNull();
  });

  it("list what preparing found, and name the rest in one line", async () => {
    const counts = [
      { step: "html", title: "HTML tags", before: 442, after: 8, changed: 442 },
      { step: "missing", title: "Missing", before: 0, after: 0, changed: 0 },
    ];
    await open({ counts });
    expect(find("metrics-counts").querySelectorAll("tbody tr")).toHaveLength(1);
    expect(find("metrics-clean").textContent).toBe("Nothing else was found. Looked for: Missing.");
  });
});

describe("settings", () => {
  const field = (patch: Partial<Field>): Field => ({ name: "k", kind: "int", default: 3, low: 2, high: 50, choices: null, help: "", optional: false, ...patch });

  it.each<[string, Partial<Field>, unknown, string]>([
    ["inside", {}, 2, ""],
    ["below", {}, 1, "at least 2"],
    ["above", {}, 51, "at most 50"],
    ["a fraction", {}, 2.5, "a whole number"],
    ["a word", { kind: "float" }, "abc", "not a number"],
    ["nothing", {}, null, "a value is needed"],
    ["nothing, chosen by Python", { optional: true }, null, ""],
    ["a switch", { kind: "bool" }, false, ""],
  ])("%s is checked as Python checks it", (_, patch, value, why) => expect(misfit(field(patch), value)).toBe(why));

  it("tells Python only what changed", () => {
    const before = { embedder: { name: "tfidf" }, clusterer: { name: "kmeans", k: 3 }, projector: { name: "pca" }, prepare: { name: "prepare" } };
    expect(changes(before, { ...before, clusterer: { name: "kmeans", k: 4 } })).toEqual({ clusterer: { name: "kmeans", k: 4 } });
  });

  it("refuses a value out of range before any work, and runs a round with what fits", async () => {
    await click("open-settings");
    const k = root.querySelector<HTMLInputElement>("#el-clusterer-k")!;
    const type = async (text: string) => {
      k.value = text;
      k.dispatchEvent(new Event("input", { bubbles: true }));
      await settle();
    };
    await type("99");
    expect(find("settings-apply").hasAttribute("disabled")).toBe(true);
    expect(find("popover-settings").textContent).toContain("at most 50");
    await type("7");
    await click("settings-apply");
    expect(python.asked.find(({ name }) => name === "settings")?.params).toMatchObject({ settings: { clusterer: { name: "kmeans", k: 7 } } });
    expect(asked("run")).toBe(1);
  });
});
