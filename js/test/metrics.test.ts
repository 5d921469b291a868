// @vitest-environment happy-dom
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chosenAt } from "../src/panels/curve";
import { sizes } from "../src/panels/sizes";
import { honest, niceStep, scale, ticks } from "../src/plot";
import type { Round } from "../src/protocol";
import { cluster, FakePython, SESSION } from "./fake";
import { Hand, settle } from "./page";

describe("ranges of a plot", () => {
  it("hold every value, are wide enough, and stay where values can be", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (values) => {
        const [bottom, top] = honest(values, 0.1, -1, 1);
        expect(bottom).toBeLessThanOrEqual(Math.min(...values) + 1e-9);
        expect(top).toBeGreaterThanOrEqual(Math.max(...values) - 1e-9);
        expect(top - bottom).toBeGreaterThanOrEqual(0.1 - 1e-9);
        expect([bottom >= -1, top <= 1]).toEqual([true, true]);
      }),
    );
  });

  it("let a small change look small: a hundredth of a silhouette is at most a tenth of the height", () => {
    const [bottom, top] = honest([0.2, 0.21], 0.1);
    expect(0.01 / (top - bottom)).toBeLessThanOrEqual(0.1 + 1e-9);
  });

  it.each([
    [10, 4, 5],
    [1, 4, 0.5],
    [0.1, 4, 0.05],
    [7, 4, 2],
  ])("%d in about %d steps are steps of %d", (span, most, step) => expect(niceStep(span, most)).toBeCloseTo(step));

  it("lead one range to another, one value to the middle", () => {
    expect(scale([0, 10], [0, 100])(5)).toBe(50);
    expect(scale([3, 3], [0, 100])(3)).toBe(50);
  });

  it("write the current round out, and the ends, and never two on each other", () => {
    const places = Array.from({ length: 50 }, (_, i) => i * 3.5);
    const chosen = ticks(places, 30, 15);
    expect(chosen).toContain(30);
    expect(chosen[0]).toBe(0);
    expect(chosen.every((i, at) => at === 0 || places[i] - places[chosen[at - 1]] >= 15)).toBe(true);
    expect(ticks([0, 40, 80], 2, 15)).toEqual([0, 1, 2]);
  });
});

describe("what was chosen on a curve", () => {
  it("is k among the x values, and eps a distance on the y axis", () => {
    expect(chosenAt({ x: [2, 4, 8], y: [0.1, 0.3, 0.2], chosen: 4 })).toBe(1);
    expect(chosenAt({ x: [1, 2, 3], y: [0.1, 0.21, 0.5], chosen: 0.2 })).toBe(1);
  });
});

describe("cluster sizes", () => {
  it("are of the rows on the map, the largest first, noise last", () => {
    const clusters = [cluster(0, "cards"), cluster(1, "")];
    const totals = new Map([[-1, 90], [0, 5], [1, 7], [2, 7]]);
    expect(sizes({ clusters, totals })).toEqual([
      { cluster: 1, name: "cluster 1", rows: 7 },
      { cluster: 2, name: "cluster 2", rows: 7 },
      { cluster: 0, name: "cards", rows: 5 },
      { cluster: -1, name: "noise", rows: 90 },
    ]);
  });
});

describe("the tab", () => {
  let python: FakePython;
  let hand: Hand;
  const metric = (key: string) => hand.find("metric", `[data-metric="${key}"]`);
  const round = (number: number, silhouette: number): Round => ({ ...SESSION.rounds[0], id: `r${number}`, number, before: number > 1 ? number - 1 : null, metrics: { ...SESSION.rounds[0].metrics, silhouette } }) as Round;
  const open = async (session: Record<string, unknown>) => {
    python.session = session;
    await hand.revise("settings");
    await hand.click("tab-metrics");
  };

  beforeEach(async () => {
    python = new FakePython();
    hand = new Hand(python);
    await settle();
  });
  afterEach(() => hand.dispose());

  it("shows value and change, the course with round numbers, and says what a dot is", async () => {
    await open({});
    expect(metric("silhouette").textContent).toContain("0.200");
    expect(metric("silhouette").textContent).toContain("▲ 0.100");
    const plot = metric("silhouette").querySelector("svg")!;
    expect(plot.getAttribute("aria-label")).toBe("2 rounds, from 0.10 to 0.20; round 2: 0.20");
    expect([...plot.querySelectorAll("title")].map((title) => title.textContent)).toEqual(["round 1: 0.10 · 10 rows", "round 2: 0.20 · 10 rows"]);
    expect([...plot.querySelectorAll("text[text-anchor]")].map((text) => text.textContent)).toEqual(["1", "2"]);
  });

  it("shows the figures of the round one looks at", async () => {
    const rounds = [round(1, 0.1), round(2, 0.5), round(3, 0.3)];
    await open({ rounds, round: rounds[2], looking: 2 });
    expect(hand.find("metrics-looking").textContent).toContain("round 2");
    expect(metric("silhouette").textContent).toContain("0.500");
    expect(metric("silhouette").textContent).toContain("▲ 0.400");
    expect(metric("silhouette").querySelector("text.el-now")?.textContent).toBe("2");
  });

  it("compares with the round it came from, and draws one that was undone beside the line", async () => {
    const rounds = [round(1, 0.4), { ...round(2, 0.1), undone: true }, { ...round(3, 0.3), before: 1 }];
    await open({ rounds, round: rounds[2] });
    expect(metric("silhouette").textContent).toContain("▼ 0.100");
    expect(metric("silhouette").querySelector(".el-worse")!.getAttribute("title")).toBe("worse than in round 1");
    expect(metric("silhouette").querySelector("polyline")!.getAttribute("points")!.split(" ").length).toBe(2);
    expect(metric("silhouette").querySelectorAll(".el-undone").length).toBe(1);
    expect(metric("silhouette").querySelectorAll("title")[1].textContent).toBe("round 2: 0.10 · 10 rows · undone");
  });

  it("draws a hundred rounds as a line, without a dot on each", async () => {
    const rounds = Array.from({ length: 100 }, (_, i) => round(i + 1, Math.sin(i)));
    await open({ rounds, round: rounds[99] });
    expect(metric("silhouette").querySelectorAll("circle")).toHaveLength(1);
    expect(metric("silhouette").querySelectorAll("title")).toHaveLength(100);
  });

  it("selects a cluster by its bar, and adds one with Ctrl", async () => {
    await open({});
    const bar = (id: number) => hand.find("metrics-size", `[data-cluster="${id}"]`);
    await hand.click(bar(1));
    expect(hand.root.dataset.selected).toBe("3");
    expect(bar(1).getAttribute("aria-pressed")).toBe("true");
    await hand.click(bar(-1), { ctrlKey: true });
    expect(hand.root.dataset.selected).toBe("5");
  });

  it("draws bars of thousands of clusters for nobody: the first alone, and some hundreds once they are unfolded", async () => {
    await open({});
    hand.store.set({ totals: new Map(Array.from({ length: 3000 }, (_, i) => [i, 3])) });
    await settle();
    const bars = () => hand.all("metrics-size").length;
    expect(bars()).toBe(12);
    const rest = hand.find("metrics-sizes").querySelector("details")!;
    rest.open = true;
    rest.dispatchEvent(new Event("toggle"));
    await settle();
    expect(bars()).toBe(312);
    expect(rest.textContent).toContain("2,688 more are in the Clusters tab");
  });

  it("has nothing to show before the first round, and says what will come", async () => {
    await open({ round: null, rounds: [], counts: [] });
    expect(hand.find("panel-metrics").textContent).toContain("No figures yet");
  });

  it("counts rows of a reference nowhere among those that are kept", async () => {
    await open({ n: 6, kept: 6, reference: 4 });
    const kept = hand.find("toolbar-kept");
    expect(kept.textContent!.replace(/\s+/g, " ").trim()).toBe("6 of 6 kept");
    expect(kept.title).toContain("4 rows of the reference");
    expect(hand.root.dataset.kept).toBe("6");
    await hand.click(hand.find("metrics-size", '[data-cluster="1"]'));
    expect(hand.find("tray-keep-only").title).toContain("Drop all other rows but those of the reference, also those that are hidden");
  });
});
