// Any order of acts, over a wire that loses, doubles and disorders messages both ways: in the end the page and Python stand where a
// plain list of what a person did stands, and Python did each act once, in the order it was meant.

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Kernel } from "../src/kernel";
import { Mask } from "../src/mask";
import { IDLE } from "../src/state";
import { Store } from "../src/store";
import { Network, type Where } from "./network";

const FULL = process.env.ELUTE_TORTURE === "1";
const RUNS = FULL ? 5000 : 60;
const REVISION = { round: 1, layout: 1, decision: 1, selection: 1, analysis: 1, settings: 1, search: 1, preview: 1, evidence: 1, suggestions: 1, compare: 1, report: 1 };

type Act =
  | { do: "select" | "restore"; rows: number[] }
  | { do: "drop" | "keep_only" | "undo" | "clear" | "invert" | "revision" }
  | { do: "save"; name: string }
  | { do: "deliver" | "lose" | "double"; where: Where; at: number }
  | { do: "wait"; ms: number }
  | { do: "doubt" };

const rows = fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 });
const where = fc.constantFrom<Where>("in", "out");
const acts = fc.array(
  fc.oneof<fc.WeightedArbitrary<Act>[]>(
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("select" as const, "restore" as const), rows }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("drop" as const, "keep_only" as const, "undo" as const, "clear" as const, "invert" as const, "revision" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("save" as const), name: fc.constantFrom("x", "y") }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("deliver" as const, "deliver" as const, "deliver" as const, "lose" as const, "double" as const), where, at: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(10, 300, 4000, 9000) }) },
    { weight: 1, arbitrary: fc.constant({ do: "doubt" } as const) },
  ),
  { maxLength: 40, size: "max" },
);

/** What a person did, on a plain list. */
class Model {
  kept = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  selected = new Set<number>();
  readonly past: Set<number>[] = [];
  readonly saved = new Map<string, number[]>();

  decide(kept: Iterable<number>): void {
    this.past.push(this.kept);
    this.kept = new Set(kept);
    this.#there();
  }

  undo(): void {
    this.kept = this.past.pop() ?? this.kept;
    this.#there();
  }

  #there(): void {
    this.selected = new Set([...this.selected].filter((row) => this.kept.has(row)));
  }
}

const sorted = (set: Iterable<number>) => [...set].sort((a, b) => a - b);

class Table {
  readonly net = new Network();
  readonly model = new Model();
  readonly store: Store;
  readonly kernel: Kernel;
  #revision = 1;

  constructor() {
    this.kernel = new Kernel(this.net, (link) => this.store.linked(link));
    this.store = new Store(this.kernel);
  }

  async start(): Promise<void> {
    const started = this.store.start(REVISION, IDLE);
    await this.quiet();
    await started;
  }

  revise(): void {
    this.#revision++;
    this.store.revised(Object.fromEntries(Object.keys(REVISION).map((part) => [part, this.#revision])) as typeof REVISION);
  }

  /** Nothing is lost any more, until nothing is unanswered. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 200; round++) {
      while (this.net.in.length + this.net.out.length > 0) await this.net.deliver(this.net.in.length > 0 ? "in" : "out", 0);
      await vi.advanceTimersByTimeAsync(round < 40 ? 5 : 70_000);
      if (round > 2 && this.net.in.length + this.net.out.length === 0 && vi.getTimerCount() === 0) return;
    }
    throw new Error("something stays unanswered for ever");
  }

  /** Does what a person would, and notes on the plain list what they meant by what they saw. */
  async act(act: Act): Promise<void> {
    const { net, store, model } = this;
    const { kept, selected, frame } = store.state;
    if (!frame || !kept) throw new Error("the page has no rows");
    switch (act.do) {
      case "select": {
        const mask = Mask.of(net.python.n, act.rows).and(kept);
        model.selected = new Set(mask);
        store.selection.select(mask, []);
        break;
      }
      case "clear":
        if (selected) model.selected = new Set();
        store.selection.clear();
        break;
      case "invert":
        store.selection.invert();
        model.selected = new Set(store.state.selected ?? []);
        break;
      case "drop":
      case "keep_only":
        if (!selected) break;
        void store.drop(act.do);
        model.decide([...model.kept].filter((row) => selected.has(row) === (act.do === "keep_only")));
        model.selected = act.do === "drop" ? model.selected : new Set([...model.selected].filter((row) => model.kept.has(row)));
        break;
      case "restore":
        void store.decideRows("restore", Mask.of(net.python.n, act.rows), "");
        model.decide([...model.kept, ...act.rows]);
        break;
      case "undo":
        void store.undo();
        model.undo();
        break;
      case "save":
        void store.selection.save(act.name);
        model.saved.set(act.name, sorted(model.selected));
        break;
      case "revision":
        this.revise();
        break;
      case "deliver":
        await net.deliver(act.where, act.at);
        break;
      case "lose":
      case "double":
        net[act.do](act.where, act.at);
        break;
      case "wait":
        await vi.advanceTimersByTimeAsync(act.ms);
        break;
      case "doubt":
        net.fire("comm_live_update");
    }
    await vi.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("whatever happens to the wire", () => {
  it("the page and Python end where the person meant them to", async () => {
    const seen = vi.spyOn(console, "error");
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        vi.clearAllTimers();
        const table = new Table();
        await table.start();
        for (const act of list) await table.act(act);
        await table.quiet();
        table.revise();
        await table.quiet();
        const { net, model, store } = table;
        const { python } = net;
        expect({ kept: [...python.kept] }).toEqual({ kept: sorted(model.kept) });
        expect({ shown: net.rows(store.state.kept) }).toEqual({ shown: sorted(model.kept) });
        expect({ saved: [...net.saved].sort() }).toEqual({ saved: [...model.saved].sort() });
        expect({ lit: net.rows(store.state.selected) }).toEqual({ lit: [...python.selected] });
        expect(store.state.undecided).toBe(0);
        expect(table.kernel.undecided).toBe(0);
        table.kernel.dispose();
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: FULL ? 600_000 : 60_000 },
    );
    expect(seen).not.toHaveBeenCalled();
  }, 700_000);
});
