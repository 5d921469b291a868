import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asBytes, join, toBase64 } from "../src/bytes";
import { Kernel, type Link } from "../src/kernel";
import { type Listener, type Model, RequestError } from "../src/message";

interface Sent {
  content: { id: string; name: string; params: Record<string, unknown>; data?: string; after?: string };
  buffers: ArrayBuffer[];
}

/** A comm that answers only when a test says so. */
class FakeModel implements Model {
  readonly sent: Sent[] = [];
  readonly listeners = new Map<string, Set<Listener>>();
  throws = false;

  get(): never {
    throw new Error("the kernel link reads no trait");
  }

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] = []): void {
    if (this.throws) throw new Error("Cannot send");
    this.sent.push({ content: content as Sent["content"], buffers });
  }

  set(): void {}

  save_changes(): void {}

  on(event: string, listener: Listener): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener);
  }

  fire(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) (listener as (...args: unknown[]) => void)(...args);
  }

  answer(sent: Sent, result: unknown, buffers: unknown[] = [], data?: string): void {
    this.fire("msg:custom", { id: sent.content.id, ok: true, result, ...(data === undefined ? {} : { data }) }, buffers);
  }
}

let model: FakeModel;
let links: Link[];
let kernel: Kernel;

beforeEach(() => {
  vi.useFakeTimers();
  model = new FakeModel();
  links = [];
  kernel = new Kernel(model, (link) => links.push(link));
});

afterEach(() => {
  kernel.dispose();
  vi.useRealTimers();
});

describe("asBytes", () => {
  const all = Uint8Array.of(9, 9, 0, 127, 128, 255, 9);
  const wanted = [0, 127, 128, 255];

  it.each<[string, unknown]>([
    ["a DataView into a larger buffer", new DataView(all.buffer, 2, 4)],
    ["a typed array with an offset", all.subarray(2, 6)],
    ["an ArrayBuffer", Uint8Array.from(wanted).buffer],
    ["base64", toBase64(Uint8Array.from(wanted))],
  ])("reads %s", (_, buffer) => expect([...asBytes(buffer)]).toEqual(wanted));

  it("refuses what is no buffer", () => expect(() => asBytes({})).toThrow(TypeError));

  it("survives base64 beyond one call's arguments", () => {
    const long = Uint8Array.from({ length: 100_003 }, (_, i) => i * 31);
    expect(asBytes(toBase64(long))).toEqual(long);
  });

  it("joins chunks that cut a number in two, and refuses a wrong length", () => {
    const words = Int16Array.of(-1, -2, 300);
    const bytes = new Uint8Array(words.buffer);
    expect([...join([bytes.slice(0, 3), bytes.slice(3)], 3, Int16Array)]).toEqual([-1, -2, 300]);
    expect([...join([bytes.slice(0, 3), bytes.slice(3)], 6, Int8Array)]).toEqual([-1, -1, -2, -1, 44, 1]);
    expect(() => join([bytes], 4, Int16Array)).toThrow("8");
  });
});

describe("requests", () => {
  it("matches replies by id in any order and ignores other views' replies", async () => {
    const a = kernel.request("text", { row: 1 });
    const b = kernel.request("text", { row: 2 });
    model.fire("msg:custom", { id: "someone.1", ok: true, result: {} }, []);
    model.answer(model.sent[1], { row: 2, text: "b" });
    model.answer(model.sent[0], { row: 1, text: "a" });
    expect((await a).result.text).toBe("a");
    expect((await b).result.text).toBe("b");
  });

  it("rejects with the kind and the message of an error reply", async () => {
    const asked = kernel.request("run", {});
    model.fire("msg:custom", { id: model.sent[0].content.id, ok: false, error: { kind: "refused", message: "A round runs." } }, []);
    await expect(asked).rejects.toThrow(new RequestError("refused", "A round runs."));
  });

  it("sends a copy, so that a mask may change while it is on the way", () => {
    const bytes = Uint8Array.of(1, 2, 3).subarray(1);
    void kernel.request("select", {}, bytes);
    bytes[0] = 9;
    expect([...new Uint8Array(model.sent[0].buffers[0])]).toEqual([2, 3]);
  });

  it("never fails for want of time, but says that the kernel is busy", async () => {
    const asked = kernel.request("text", { row: 0 });
    model.answer(model.sent[0], { row: 0, text: "" });
    await asked;
    const slow = kernel.request("text", { row: 1 });
    vi.advanceTimersByTime(1000);
    expect(links).toEqual(["ready"]);
    vi.advanceTimersByTime(60_000);
    expect(links).toEqual(["ready", "waiting"]);
    model.answer(model.sent[1], { row: 1, text: "late" });
    expect((await slow).result.text).toBe("late");
    expect(links).toEqual(["ready", "waiting", "ready"]);
  });

  it("stops its clock when nothing is unanswered", async () => {
    const asked = kernel.request("text", { row: 0 });
    expect(vi.getTimerCount()).toBe(1);
    model.answer(model.sent[0], { row: 0, text: "" });
    await asked;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("hello", () => {
  it("uses buffers where they survive both ways", async () => {
    const hello = kernel.hello();
    model.answer(model.sent[0], { echoed: true }, [new DataView(model.sent[0].buffers[0])]);
    await hello;
    void kernel.request("select", {}, Uint8Array.of(7));
    expect(model.sent).toHaveLength(2);
    expect(model.sent[1].content.data).toBeUndefined();
    expect(model.sent[1].buffers).toHaveLength(1);
  });

  it.each<[string, boolean, boolean]>([
    ["to Python", false, true],
    ["from Python", true, false],
  ])("turns to base64 where buffers go missing %s", async (_, echoed, returned) => {
    const hello = kernel.hello();
    model.answer(model.sent[0], { echoed }, returned ? [model.sent[0].buffers[0]] : []);
    await vi.advanceTimersByTimeAsync(0);
    expect(model.sent[1].buffers).toHaveLength(0);
    expect([...asBytes(model.sent[1].content.data)]).toEqual([0, 127, 128, 255]);
    model.answer(model.sent[1], { echoed: true, n: 4 }, [], model.sent[1].content.data);
    expect((await hello).n).toBe(4);
    const asked = kernel.request("kept", {});
    expect(model.sent[2].content.data).toBe("");
    model.answer(model.sent[2], { count: 1 }, [], "AQ==");
    expect([...(await asked).bytes]).toEqual([1]);
  });

  it("gives up where base64 is changed too", async () => {
    const hello = kernel.hello();
    const refused = expect(hello).rejects.toThrow("changes bytes");
    model.answer(model.sent[0], { echoed: false });
    await vi.advanceTimersByTimeAsync(0);
    model.answer(model.sent[1], { echoed: false });
    await refused;
  });
});

describe("decisions", () => {
  it("carry distinct ids", () => {
    void kernel.decide("undo", {});
    void kernel.decide("undo", {});
    const ids = model.sent.map(({ content }) => content.params.decision);
    expect(new Set(ids).size).toBe(2);
    expect(kernel.undecided).toBe(2);
  });

  it("are sent again by the same id, more and more rarely, while nobody answers", async () => {
    const decided = kernel.decide("drop", {}, Uint8Array.of(1));
    void kernel.request("text", { row: 1 });
    vi.advanceTimersByTime(40_000);
    const drops = model.sent.filter(({ content }) => content.name === "drop");
    expect(drops).toHaveLength(5); // at once, and after 8, 16, 26 and 36 s
    expect(new Set(drops.map(({ content }) => content.params.decision)).size).toBe(1);
    expect(model.sent.filter(({ content }) => content.name === "text")).toHaveLength(4); // its answer may be what went missing
    model.answer(drops[3], { kept: 1 });
    model.answer(drops[0], { kept: 2 });
    expect((await decided).result.kept).toBe(1);
    expect(kernel.undecided).toBe(0);
  });

  it("an act goes out within ten seconds of a long outage, and what it finds waiting goes with it, once", () => {
    void kernel.decide("drop", {}, Uint8Array.of(1));
    void kernel.request("text", { row: 1 });
    vi.advanceTimersByTime(300_000);
    const of = (name: string) => model.sent.filter(({ content }) => content.name === name);
    const before = of("drop").length;
    vi.advanceTimersByTime(10_250);
    expect(of("drop").length).toBe(before + 1);
    const readings = of("text").length;
    model.answer(of("drop").at(-1)!, { kept: 1 });
    expect(of("text").length).toBe(readings + 1);
  });

  it("wait where the comm is gone, and go out when somebody answers again", async () => {
    model.fire("comm_live_update");
    vi.advanceTimersByTime(4000);
    expect(links.at(-1)).toBe("lost");
    const decided = kernel.decide("drop", {}, Uint8Array.of(1));
    const before = model.sent.length;
    const probe = model.sent.find(({ content }) => content.name === "hello")!;
    model.answer(probe, { echoed: true });
    expect(links.at(-1)).toBe("ready");
    const again = model.sent.slice(before);
    expect(again.map(({ content }) => content.name)).toEqual(["drop"]);
    model.answer(again[0], { kept: 3 });
    expect((await decided).result.kept).toBe(3);
  });

  it("are kept when sending throws", async () => {
    model.throws = true;
    const decided = kernel.decide("undo", {});
    expect(links).toEqual(["lost"]);
    model.throws = false;
    vi.advanceTimersByTime(9000);
    model.answer(model.sent[0], { kept: 4 });
    expect((await decided).result.kept).toBe(4);
    expect(links.at(-1)).toBe("ready");
  });
});

describe("a flood of selections", () => {
  const selects = () => model.sent.filter(({ content }) => content.name === "select");

  it("sends the first and the last, and answers all", async () => {
    const asked = Array.from({ length: 6000 }, (_, i) => kernel.request("select", {}, Uint8Array.of(i % 251)));
    expect(selects()).toHaveLength(1);
    model.answer(model.sent[0], { count: 1 });
    expect(selects()).toHaveLength(2);
    expect([...new Uint8Array(selects()[1].buffers[0])]).toEqual([5999 % 251]);
    model.answer(selects()[1], { count: 7 });
    const counts = (await Promise.all(asked)).map(({ result }) => result.count);
    expect(counts[0]).toBe(1);
    expect(new Set(counts.slice(1))).toEqual(new Set([7]));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("goes out before whatever is asked next", () => {
    void kernel.request("select", {}, Uint8Array.of(1));
    void kernel.request("select", {}, Uint8Array.of(2));
    void kernel.request("save", { name: "x" });
    expect(model.sent.map(({ content }) => content.name)).toEqual(["select", "select", "save"]);
    expect(model.sent[2].content.after).toBe(model.sent[1].content.id);
  });
});

describe("the order of acts", () => {
  it("is told with each, and readings and cancel wait for none", () => {
    void kernel.decide("drop", {}, Uint8Array.of(1));
    void kernel.request("text", { row: 1 });
    void kernel.decide("undo", {});
    void kernel.request("cancel", {});
    const [drop, text, undo, cancel] = model.sent.map(({ content }) => content);
    expect([drop.after, text.after, undo.after, cancel.after]).toEqual([undefined, undefined, drop.id, undefined]);
    model.answer(model.sent[0], {});
    model.answer(model.sent[2], {});
    model.answer(model.sent[3], {});
    void kernel.decide("redo", {});
    expect(model.sent.at(-1)!.content.after).toBeUndefined();
  });

  it("is kept where the first went missing: both go out again", async () => {
    void kernel.decide("drop", {}, Uint8Array.of(1));
    const undone = kernel.decide("undo", {});
    model.fire("msg:custom", { id: model.sent[1].content.id, ok: false, error: { kind: "early", message: "not yet" } });
    vi.advanceTimersByTime(300);
    expect(model.sent.map(({ content }) => content.name)).toEqual(["drop", "undo", "drop", "undo"]);
    expect(model.sent[3].content.params.decision).toBe(model.sent[1].content.params.decision);
    model.answer(model.sent[2], { kept: 1 });
    model.answer(model.sent[3], { kept: 2 });
    expect((await undone).result.kept).toBe(2);
  });
});

describe("an answer that can't be read", () => {
  it.each<[string, Record<string, unknown>, unknown[]]>([
    ["text that is no base64", { ok: true, result: {}, data: "*" }, []],
    ["a buffer that is none", { ok: true, result: {} }, [{}]],
    ["neither yes nor no", {}, []],
    ["an error without a reason", { ok: false, error: null }, []],
  ])("is an error: %s", async (_, answer, buffers) => {
    const asked = kernel.request("kept", {});
    model.fire("msg:custom", { id: model.sent[0].content.id, ...answer }, buffers);
    await expect(asked).rejects.toBeInstanceOf(RequestError);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([null, undefined, {}, { id: 7 }, { id: "x" }, { id: "__proto__" }])("is nobody's: %s", (answer) => {
    void kernel.request("kept", {});
    model.fire("msg:custom", answer, []);
    expect(kernel.undecided).toBe(0);
    expect(vi.getTimerCount()).toBe(1);
  });
});

it("lets go of the model", () => {
  void kernel.request("run", {});
  kernel.dispose();
  expect([...model.listeners.values()].every((set) => set.size === 0)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
