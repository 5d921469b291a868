// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cluster, FakePython } from "./fake";
import { Hand, settle } from "./page";

let python: FakePython;
let hand: Hand;
const find = (test: string) => hand.all(test)[0];
const asked = (name: string) => python.asked.filter((one) => one.name === name);
const open = async () => {
  hand.store.quality.open = true;
  hand.store.show({ tab: "review" });
  await settle();
};
const slide = async (to: number, kind: "input" | "change") => {
  const handle = find("quality-at") as HTMLInputElement;
  handle.value = String(to);
  handle.dispatchEvent(new Event(kind));
  await settle();
};
/** Codes of qualities 0 to 1. */
const codes = (...values: (number | null)[]) => values.map((value) => (value === null ? 65535 : Math.round(value * 65534)));

async function begin(judged: boolean): Promise<void> {
  python = new FakePython();
  python.clusters = [
    { ...cluster(0, "<b>good</b>"), quality: 0.9, status: "ok" },
    { ...cluster(1, "poor"), quality: 0.3, status: "ok" },
    { ...cluster(-1, ""), quality: 0.1, status: "ok" },
  ];
  if (judged) {
    python.session = { attributes: [{ key: "judged_quality", title: "quality of the row", kind: "number" }] };
    python.values.set("judged_quality", { codes: codes(0.1, 0.5, 0.49, 0.9, 0.2, null, null, 0.9, 0.9, 0), categories: null, others: 0, version: 1, hi: 1 });
  }
  hand = new Hand(python);
  await settle();
  await open();
}

afterEach(() => hand.dispose());

describe("a cut through the qualities of clusters", () => {
  beforeEach(() => begin(false));

  it("counts what lies below while it moves, names it as text, and selects nothing yet", async () => {
    expect(find("quality-below").textContent).toContain("3 rows below, in 1 of 2 clusters");
    await slide(0.2, "input");
    expect(find("quality-below").textContent).toContain("0 rows below");
    expect((find("quality-look") as HTMLButtonElement).disabled).toBe(true);
    await slide(1, "input");
    expect(find("quality-below").textContent).toContain("7 rows below, in 2 of 2 clusters");
    expect(find("quality").querySelector("bdi b")).toBeNull();
    expect(find("quality").textContent).toContain("<b>good</b>");
    expect(hand.store.state.selected).toBeNull();
  });

  it("with the focus on its handle X drops what it lit up, and never the cluster of the look", async () => {
    await hand.press("x", find("quality-at"));
    await hand.press("1", find("quality-at"));
    expect(asked("drop")).toHaveLength(0);
    await slide(0.6, "input");
    await slide(0.6, "change");
    await hand.press("x", find("quality-at"));
    expect([...python.kept.not()]).toEqual([4, 5, 6]);
  });

  it("lights up what lies below when it is let go, and drops nothing", async () => {
    await slide(0.6, "input");
    await slide(0.6, "change");
    expect([...hand.store.state.selected!.rows()]).toEqual([4, 5, 6]);
    expect(hand.store.state.steps.at(-1)).toMatchObject({ kind: "quality", of: "clusters", least: 0.6 });
    expect(asked("drop")).toEqual([]);
    await slide(0, "change");
    expect(hand.store.state.selected).toBeNull();
  });
});

describe("a cut through the qualities of judged rows", () => {
  beforeEach(() => begin(true));

  it("takes those below, not those at the cut, not those without a word, and none that is not here", async () => {
    (find("quality-rows") as HTMLInputElement).dispatchEvent(new Event("change"));
    await settle();
    expect(find("quality-below").textContent).toContain("3 rows below of 7 judged");
    await slide(0.5, "change");
    expect([...hand.store.state.selected!.rows()]).toEqual([0, 2, 4]);
    expect(asked("drop")).toEqual([]);
  });
});
