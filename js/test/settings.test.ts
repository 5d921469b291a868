// @vitest-environment happy-dom
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Mask } from "../src/mask";
import { changes, options } from "../src/panels/settings";
import { nearest, readOff } from "../src/previewing";
import { FakePython, FORMS, SESSION } from "./fake";
import { Hand, settle } from "./page";

const SWEEP = { clusterer: "dbscan", parameter: "eps", values: [0.1, 0.2, 0.4], clusters: [9, 12, 4], noise: [0.6, 0.08, 0.02], chosen: 0.2 };

describe("what is read off a sweep", () => {
  it.each([
    [0.2, { clusters: 12, noise: 0.08, exact: true }],
    [0.25, { clusters: 12, noise: 0.08, exact: false }],
    [0.05, null],
    [0.5, null],
  ])("at %d", (value, read) => expect(readOff(SWEEP, value)).toEqual(read));

  it("takes a value with few digits for the one it was cut from", () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(0.001), max: 2, noNaN: true }), (value) => {
        const sweep = { ...SWEEP, values: [value / 2, value, value * 2] };
        expect(readOff(sweep, Number(value.toPrecision(4)))).toMatchObject({ clusters: 12, exact: true });
      }),
    );
  });

  it("has nothing to say where nothing was tried", () => expect(readOff({ ...SWEEP, values: [] }, 1)).toBeNull());
  it("finds the nearest", () => expect(nearest([1, 5, 9], 6)).toBe(1));
});

describe("choices", () => {
  it("keep the person's own object among them", () => {
    expect(options(FORMS, { name: "own", repr: "MeanShift()" }).at(-1)).toEqual({ name: "own", title: "Your own: MeanShift()" });
    expect(options(FORMS, { name: "kmeans" })).toHaveLength(FORMS.length);
  });

  it("reach Python only where they changed", () => {
    const before = { embedder: { name: "tfidf" }, clusterer: { name: "kmeans", k: 3 }, projector: { name: "pca" }, prepare: { name: "prepare" } };
    expect(changes(before, { ...before, embedder: { name: "sbert" } })).toEqual({ embedder: { name: "sbert" } });
  });
});

describe("the form", () => {
  let python: FakePython;
  let hand: Hand;
  const choose = async (test: string, value: string) => {
    const select = hand.find(test) as HTMLSelectElement;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
  };
  const slide = async (at: number) => {
    const slider = hand.find("sweep-slider") as HTMLInputElement;
    slider.value = String(at);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
  };
  const calm = () => new Promise((resolve) => setTimeout(resolve, 400)).then(settle);

  beforeEach(async () => {
    python = new FakePython();
    hand = new Hand(python);
    await settle();
    await hand.click("open-settings");
  });
  afterEach(() => hand.dispose());

  it("asks once what eps would do, and the slider reads it off", async () => {
    await choose("settings-clusterer", "dbscan");
    expect(hand.find("sweep").textContent).toContain("Working out");
    expect(hand.asked("preview")).toEqual([{ clusterer: { name: "dbscan" } }]);
    await hand.revise("preview");
    expect(hand.find("sweep-says").textContent).toBe("12 clusters, 8 % noise"); // automatic is 0.2
    await slide(2);
    expect(hand.find("sweep-says").textContent).toBe("4 clusters, 2 % noise");
    expect(hand.root.querySelector<HTMLInputElement>("#el-clusterer-eps")!.value).toBe("0.4");
    await calm();
    expect(hand.asked("preview")).toHaveLength(1);
    await hand.click("settings-apply");
    expect(hand.asked("settings")[0]).toMatchObject({ settings: { clusterer: { name: "dbscan", eps: 0.4 } } });
  });

  it("asks again where the rows changed, once things are calm", async () => {
    await choose("settings-clusterer", "dbscan");
    await hand.revise("preview");
    python.kept.set(0, false);
    await hand.revise("decision");
    expect(hand.asked("preview")).toHaveLength(1);
    await calm();
    expect(hand.asked("preview")).toHaveLength(2);
  });

  it("says calmly why there is no preview, and tries again when asked to", async () => {
    python.refuse = "preview";
    await choose("settings-clusterer", "dbscan");
    expect(hand.find("sweep").textContent).toContain("preview is refused");
    await calm();
    expect(hand.asked("preview")).toHaveLength(1);
    python.refuse = "";
    await hand.click("sweep-again");
    expect(hand.asked("preview")).toHaveLength(2);
    python.sweep = null;
    await hand.revise("preview");
    expect(hand.find("sweep").textContent).toContain("too few different texts");
  });

  describe("of communities", () => {
    const GRAIN = { clusterer: "communities", parameter: "resolution", values: [0.2, 1, 3, 5, 10], clusters: [12, 40, 90, 120, 210], noise: [0, 0, 0, 0, 0], chosen: 3 };
    const told = (choice: Record<string, unknown>) => ({ settings: { ...SESSION.settings, clusterer: { name: "communities", ...choice } } }) as Partial<typeof SESSION>;

    beforeEach(async () => {
      python.sweep = GRAIN;
      python.session = told({ level: "default", resolution: null });
      await hand.revise("settings");
      await hand.revise("preview");
    });

    it("is one slider with three stops and live counts, and no word of noise", async () => {
      expect(hand.asked("preview")).toHaveLength(1);
      expect(hand.find("sweep-says").textContent).toBe("90 clusters");
      expect(hand.find("sweep-default").getAttribute("aria-pressed")).toBe("true");
      expect(["coarse", "default", "fine"].map((stop) => hand.find(`sweep-${stop}`).textContent!.trim().split(/\s+/))).toEqual([["coarse", "12"], ["default", "90"], ["fine", "210"]]);
      expect((hand.find("sweep-slider") as HTMLInputElement).value).toBe("2");
      await slide(1);
      expect(hand.find("sweep-says").textContent).toBe("40 clusters");
      expect(hand.store.state.view.form?.clusterer?.choice).toEqual({ name: "communities", level: "default", resolution: 1 });
      await slide(4);
      expect(hand.store.state.view.form?.clusterer?.choice).toEqual({ name: "communities", level: "fine", resolution: null });
      await hand.click("sweep-coarse");
      expect(hand.find("sweep-says").textContent).toBe("12 clusters");
      await calm();
      expect(hand.asked("preview")).toHaveLength(1); // a level is but a name for a resolution
      await hand.click("settings-apply");
      expect(hand.asked("settings")[0]).toMatchObject({ settings: { clusterer: { name: "communities", level: "coarse", resolution: null } } });
      expect(hand.asked("run")).toHaveLength(1);
    });

    it("can be changed beside the clusters at once", async () => {
      hand.store.show({ popover: "", tab: "clusters" });
      await settle();
      expect(hand.find("grain-default").getAttribute("aria-pressed")).toBe("true");
      await hand.click("grain-fine");
      expect(hand.asked("settings")[0]).toMatchObject({ settings: { clusterer: { name: "communities", level: "fine", resolution: null } } });
      expect(hand.asked("run")).toHaveLength(1);
      python.session = told({ level: "default", resolution: 5 });
      await hand.revise("settings");
      expect(hand.root.querySelector(".el-grain-line [aria-pressed=true]")).toBeNull();
      await hand.click("grain-between");
      expect(hand.find("sweep-says").textContent).toBe("120 clusters");
    });
  });

  it("has no preview for what clusters anew for each value", () => expect(hand.has("sweep")).toBe(false));

  it("says what another embedder costs", async () => {
    expect(hand.has("settings-cost")).toBe(false);
    await choose("settings-embedder", "sbert");
    expect(hand.find("settings-cost").textContent).toContain("All 10 texts are embedded again, but for");
    python.kept = Mask.of(10, [0, 1, 2]);
    await hand.revise("decision");
    expect(hand.find("settings-cost").textContent, "dropped rows are embedded with the others").toContain("All 10 texts are embedded again, the 7 dropped ones too, but for");
    await hand.click("settings-apply");
    expect(hand.asked("settings")[0]).toMatchObject({ settings: { embedder: { name: "sbert" } } });
    expect(hand.asked("run")).toHaveLength(1);
  });

  it("keeps what was edited, and shows what is so, where a change was refused", async () => {
    await choose("settings-embedder", "sbert");
    python.refuse = "settings";
    const box = () => hand.find("settings-automatic") as HTMLInputElement;
    const was = box().checked;
    box().click();
    await settle();
    expect(hand.find("foot-status").textContent).toContain("is refused");
    expect(box().checked).toBe(was);
    const release = python.hold("settings");
    python.refuse = "";
    box().click();
    await settle();
    expect(box().checked).toBe(!was); // what is on its way is not taken back
    release();
    await settle();
    python.refuse = "settings";
    await hand.click("settings-apply");
    expect(hand.store.state.view.form?.embedder?.choice).toEqual({ name: "sbert" });
    expect(hand.asked("run")).toEqual([]);
    python.refuse = "";
    await hand.click("open-settings");
    await hand.click("settings-apply");
    expect(hand.store.state.view.form).toBeNull();
    expect(hand.asked("run")).toHaveLength(1);
  });

  describe("that was edited, while something else was decided", () => {
    const sent = async () => {
      await hand.click("settings-apply");
      return hand.asked("settings").at(-1)?.settings;
    };
    const decided = async (settings: Record<string, unknown>) => {
      await hand.press("Escape", hand.root);
      python.session = { settings: { ...SESSION.settings, ...settings } };
      await hand.revise("settings");
      await hand.click("open-settings");
    };

    it("sends what was edited, and takes nothing else back", async () => {
      await choose("settings-projector", "dbscan");
      await decided({ clusterer: { name: "kmeans", k: 25 } });
      expect(hand.root.querySelector<HTMLInputElement>("#el-clusterer-k")!.value).toBe("25");
      expect(hand.has("settings-overtaken")).toBe(false);
      expect(await sent()).toEqual({ projector: { name: "dbscan" } });
      expect(hand.store.state.view.form).toBeNull();
    });

    it("lets go of what was decided otherwise meanwhile, and says so", async () => {
      await choose("settings-embedder", "sbert");
      await choose("settings-clusterer", "dbscan");
      await decided({ clusterer: { name: "kmeans", k: 25 } });
      expect((hand.find("settings-clusterer") as HTMLSelectElement).value).toBe("kmeans");
      expect(hand.all("settings-overtaken")).toHaveLength(1);
      expect(hand.find("settings-section-clusterer").textContent).toContain("set to this meanwhile");
      await choose("settings-clusterer", "communities");
      expect(hand.has("settings-overtaken")).toBe(false);
      expect(await sent()).toEqual({ clusterer: { name: "communities" }, embedder: { name: "sbert" } });
    });

    it("says nothing of what stood there as it was", async () => {
      for (const name of ["dbscan", "kmeans"]) await choose("settings-clusterer", name);
      await decided({ clusterer: { name: "kmeans", k: 25 } });
      expect(hand.has("settings-overtaken")).toBe(false);
      expect(hand.root.querySelector<HTMLInputElement>("#el-clusterer-k")!.value).toBe("25");
    });

    it("keeps what is edited while a change is on its way", async () => {
      await choose("settings-clusterer", "dbscan");
      const release = python.hold("settings");
      await hand.click("settings-apply");
      await hand.click("open-settings");
      await choose("settings-clusterer", "communities");
      python.session = { settings: { ...SESSION.settings, clusterer: { name: "dbscan", eps: 0.5 } } };
      release();
      await settle();
      expect((hand.find("settings-clusterer") as HTMLSelectElement).value).toBe("communities");
      expect(hand.has("settings-overtaken")).toBe(false);
    });
  });

  it("shows after Reset what the session has, where another was chosen before", async () => {
    python.session = { settings: { ...SESSION.settings, clusterer: { name: "communities", level: "default", resolution: null } } };
    await hand.revise("settings");
    const level = () => hand.root.querySelector<HTMLSelectElement>("#el-clusterer-level")!;
    for (const name of ["dbscan", "communities"]) await choose("settings-clusterer", name);
    level().value = "fine";
    level().dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    await hand.click("settings-reset");
    expect(level().value).toBe("default");
    await choose("settings-clusterer", "dbscan");
    await hand.click("settings-reset");
    expect((hand.find("settings-clusterer") as HTMLSelectElement).value).toBe("communities");
  });

  it("takes up the person's own object again, as it is", async () => {
    const own = { name: "own", repr: "MeanShift(<b>)" };
    python.session = { settings: { ...SESSION.settings, clusterer: own } };
    await hand.revise("settings");
    expect(hand.find("settings-clusterer").textContent).toContain("MeanShift(<b>)");
    await choose("settings-clusterer", "kmeans");
    expect(hand.store.state.view.form?.clusterer?.choice).toEqual({ name: "kmeans" });
    await choose("settings-clusterer", "own");
    expect(hand.store.state.view.form?.clusterer?.choice).toEqual(own);
    expect((hand.find("settings-reset") as HTMLButtonElement).disabled).toBe(true);
  });
});
