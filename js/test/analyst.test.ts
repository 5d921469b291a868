// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ready } from "../src/analyst";
import widget from "../src/index";
import { estimate, money, whereTo } from "../src/panels/analyst";
import type { Analyst } from "../src/protocol";
import { cluster, FakePython, SESSION } from "./fake";
import { Hand, settle } from "./page";

const MODEL: Analyst = { name: "small (127.0.0.1)", model: "small", provider: "127.0.0.1", asks: true, remote: false, consented: true, spent: 0.0012, limit: 1 };
const FAR: Analyst = { ...MODEL, name: "gpt (far.example)", provider: "far.example", remote: true, consented: false, spent: 0, limit: null };
const STANDARD = { system: "Judge. {task}", user: "{examples}", task: "" };
const EARLIER = { system: "Be strict.", user: "{figures} {examples}", task: "a bank" };
const PROMPT = { cluster: 1, messages: [{ role: "system", content: "Judge. <b>bank</b>" }, { role: "user", content: "1. <img src=x onerror=alert(1)>" }], texts: 12, calls: 3, tokens: 1240, cost: 0.004 };
const call = (id: string, kind = "cluster") => ({ id, time: "2026-11-28T10:00:00Z", kind, cluster: 1, model: "small", provider: "127.0.0.1", messages: PROMPT.messages, answer: "{<i>}", status: id === "bad" ? "failed" : "answered", error: id === "bad" ? "no answer" : "", sent: 100, answered: 20, cost: 0.0001, seconds: 0.3 });

const calm = (ms = 800) => new Promise((resolve) => setTimeout(resolve, ms)).then(settle);

describe("in words", () => {
  it.each([
    [0, "0 USD"],
    [0.00001, "less than 0.0001 USD"],
    [0.0123, "0.0123 USD"],
    [2, "2.00 USD"],
  ])("money %d", (usd, said) => expect(money(usd)).toBe(said));

  it("says where texts go", () => {
    expect(whereTo(SESSION.analyst)).toContain("no text leaves it");
    expect(whereTo(MODEL)).toContain("on this machine (127.0.0.1)");
    expect(whereTo(FAR)).toContain("Nothing is sent until you agree");
    expect(whereTo({ ...FAR, consented: true })).toContain("You agreed");
  });

  it("says what judging takes", () => expect(estimate({ calls: 3, tokens: 1240, cost: null })).toContain("3 requests, about 1,240 tokens, cost unknown"));

  it("asks only where no text leaves, or the person agreed", () => {
    const is = (analyst: Analyst | undefined) => ready({ session: { ...SESSION, analyst } as never });
    expect([is(MODEL), is(FAR), is({ ...FAR, consented: true }), is(undefined)]).toEqual([true, false, true, false]);
  });
});

describe("the panel", () => {
  let python: FakePython;
  let hand: Hand;
  const type = async (name: string, text: string) => {
    const area = hand.find(name) as HTMLTextAreaElement;
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
  };
  const start = async (analyst: Analyst, more: Record<string, unknown> = {}) => {
    python = new FakePython();
    python.session = { analyst, ...more };
    python.answers = {
      prompts: { now: STANDARD, standard: STANDARD, changed: [], earlier: [{ round: 1, ...EARLIER }], placeholders: [{ name: "task", means: "your line" }], goes_by: analyst.asks ? [] : ["Names: words."] },
      check_prompts: { problems: { system: "", user: "", task: "" } },
      prompted: { asked: 1, prompt: PROMPT, error: "" },
      calls: { total: 2, calls: [call("bad"), call("two", "overview")] },
      calls_file: { chunks: 1 },
      set_prompts: { kept: 10, rows: 1, saved: true, applied: true, note: "" },
    };
    hand = new Hand(python);
    await settle();
  };
  const open = async () => {
    hand.store.show({ tab: "review" });
    await settle();
    await hand.click("open-analyst");
  };
  afterEach(() => hand.dispose());

  describe("of a model", () => {
    beforeEach(async () => {
      await start(MODEL);
      await open();
    });

    it("shows the exact prompt as text, with what it takes", async () => {
      expect(hand.asked("prompt")).toEqual([{ cluster: 1 }]);
      await hand.revise("analysis");
      expect(hand.find("prompt-messages").textContent).toContain("<img src=x onerror=alert(1)>");
      expect(hand.root.querySelector(".el-messages img")).toBeNull();
      expect(hand.find("prompt-size").textContent).toContain("12 texts of it. All clusters: 3 requests");
      expect(hand.find("analyst-where").textContent).toContain("0.0012 USD of 1.00 USD so far");
    });

    it("waits for the prompt of the cluster that was asked for last", async () => {
      const select = hand.find("prompt-cluster") as HTMLSelectElement;
      select.value = "0";
      select.dispatchEvent(new Event("change", { bubbles: true }));
      await settle();
      await hand.revise("analysis"); // still about cluster 1
      expect(hand.has("prompt-messages")).toBe(false);
      python.answers.prompted = { asked: 0, prompt: { ...PROMPT, cluster: 0 }, error: "" };
      await hand.revise("analysis");
      expect(hand.has("prompt-messages")).toBe(true);
    });

    it("checks what is typed, says what is wrong beside the field, and tells nothing until then", async () => {
      expect((hand.find("prompts-save") as HTMLButtonElement).disabled).toBe(true);
      python.answers.check_prompts = { problems: { system: "", user: "the user prompt has no {examples}", task: "" } };
      await type("prompt-user", "no texts");
      await calm(300);
      expect(hand.find("prompt-user-wrong").textContent).toContain("no {examples}");
      expect(hand.find("prompt-user").getAttribute("aria-invalid")).toBe("true");
      expect((hand.find("prompts-save") as HTMLButtonElement).disabled).toBe(true);
      hand.find("prompts").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
      await settle();
      expect(hand.asked("set_prompts")).toEqual([]);
      expect(hand.asked("prompt")).toHaveLength(1);
      python.answers.check_prompts = { problems: { system: "", user: "", task: "" } };
      await type("prompt-user", "Texts: {examples}");
      await calm(300);
      expect(hand.has("prompt-user-wrong")).toBe(false);
      expect(hand.asked("prompt").at(-1)).toEqual({ cluster: 1, ...STANDARD, user: "Texts: {examples}" });
      hand.find("prompts").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
      await settle();
      expect(hand.asked("set_prompts")).toMatchObject([{ ...STANDARD, user: "Texts: {examples}" }]);
      expect(hand.store.analysing.draft).toBeNull();
      expect(hand.store.state.notice).toContain("told this from now on");
    });

    it("puts back the words of a round, for the person to tell", async () => {
      const select = hand.find("prompt-restore") as HTMLSelectElement;
      expect(select.textContent).toContain("of round 1");
      expect(select.textContent).not.toContain("as it comes"); // it is
      select.value = "0";
      select.dispatchEvent(new Event("change", { bubbles: true }));
      await settle();
      expect((hand.find("prompt-system") as HTMLTextAreaElement).value).toBe("Be strict.");
      expect(hand.asked("set_prompts")).toEqual([]);
      expect(hand.find("prompt-restore").textContent).toContain("as it comes");
      await hand.click("prompts-forget");
      expect((hand.find("prompt-system") as HTMLTextAreaElement).value).toBe(STANDARD.system);
    });

    it("lists calls and answers, and saves them as a file", async () => {
      expect(hand.all("call")).toHaveLength(2);
      expect(hand.find("call", '[data-id="bad"]').textContent).toContain("failed");
      expect(hand.find("call", '[data-id="two"]').textContent).toContain("the whole round");
      expect(hand.find("call").textContent).toContain("{<i>}");
      const made: string[] = [];
      vi.spyOn(URL, "createObjectURL").mockImplementation(() => "blob:made");
      vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
        made.push(this.download);
      });
      await hand.click("audit-export");
      expect(made).toEqual(["elute-audit.jsonl"]);
      expect(hand.asked("calls_file")).toEqual([{ chunk: 0 }]);
      vi.restoreAllMocks();
    });
  });

  it("says what the offline analyst goes by, and has only a task to tell", async () => {
    await start(SESSION.analyst);
    await open();
    expect(hand.find("analyst-goes").textContent).toContain("Names: words.");
    expect([hand.has("prompt-task"), hand.has("prompt-system"), hand.has("audit")]).toEqual([true, false, false]);
  });

  it("is read before anything is sent", async () => {
    await start(FAR, { consent: { provider: FAR.name, purpose: "analyse", texts: 24, tokens: 900, cost: 0.004, examples: ["a"] } });
    expect(hand.find("consent").textContent).toContain("Send texts to gpt (far.example)?");
    await hand.click("consent-prompts");
    expect(hand.has("popover-analyst")).toBe(true);
    expect(hand.asked("consent")).toEqual([]);
    expect(hand.find("analyst-where").textContent).toContain("Nothing is sent until you agree");
  });

  it("is where consent is withdrawn, once it was given", async () => {
    await start(FAR);
    await open();
    expect(hand.has("consent-withdraw")).toBe(false);
    hand.dispose();
    await start({ ...FAR, consented: true });
    await open();
    await hand.click("consent-withdraw");
    expect(hand.asked("withdraw_consent")).toEqual([{ provider: FAR.name }]);
  });

  describe("on the Review tab", () => {
    const failed = (id: number) => ({ ...cluster(id, `c${id}`), status: "failed" as const, verdict: null, error: "no answer" });

    it("counts what is judged, retries what failed, and can be cancelled", async () => {
      await start(MODEL);
      python.clusters = [failed(1), { ...cluster(0, "a"), status: "pending", verdict: null }, cluster(-1, "")];
      await hand.revise("analysis");
      hand.store.show({ tab: "review" });
      hand.model.set("status", { stage: "analyse", done: 2, total: 3, seconds_left: null, message: "", busy: true, error: "" });
      await settle();
      const line = hand.find("analyst-line").textContent!;
      expect(line).toContain("small (127.0.0.1)");
      expect(line).toContain("2 of 3 clusters judged");
      expect(line).toContain("0.0012 USD of 1.00 USD so far");
      await hand.click("analyst-retry");
      expect(hand.asked("analyze")).toEqual([{ clusters: [1] }]);
      await hand.click("analyst-cancel");
      expect(hand.asked("cancel")).toHaveLength(1);
    });

    it("lights up the rows to trim, and drops none", async () => {
      await start(MODEL);
      python.clusters = [{ ...cluster(1, "fees"), verdict: "trim", trim: [4, 6] }, cluster(0, "a")];
      await hand.revise("analysis");
      hand.store.show({ tab: "review" });
      await settle();
      expect(hand.find("look").textContent).toContain("2 rows in it first");
      await hand.click("trim-light");
      expect([...hand.store.state.selected!]).toEqual([4, 6]);
      expect(hand.asked("drop")).toEqual([]);
    });
  });

  describe("a selection that stands still", () => {
    const select = async () => {
      hand.store.selection.pick([1], "new");
      await settle();
    };

    it("is asked about once", async () => {
      await start(MODEL);
      python.explanation = { what: "rows about <b>fees</b>", belongs: "no", reasons: ["other words"], source: MODEL.name, rows: 3 };
      await select();
      expect(hand.asked("explain")).toEqual([]);
      await calm();
      expect(hand.asked("explain")).toHaveLength(1);
      await hand.revise("analysis");
      expect(hand.find("tray-explanation").textContent).toContain("does not belong");
      expect(hand.find("tray-explanation").textContent).toContain("rows about <b>fees</b>");
      await calm();
      expect(hand.asked("explain")).toHaveLength(1);
    });

    it("is asked about by the view that selected, and by no other", async () => {
      await start(MODEL);
      const el = document.createElement("div");
      document.body.append(el);
      const away = widget.render({ model: hand.model, el });
      await settle();
      await select();
      await hand.revise("selection");
      await calm();
      expect(el.querySelector("[data-test=tray-count]")!.textContent).toBe("3 selected");
      expect(hand.asked("explain")).toHaveLength(1);
      await hand.revise("decision");
      await calm();
      expect(hand.asked("explain")).toHaveLength(1);
      away();
    });

    it("is not, before the person agreed", async () => {
      await start(FAR);
      await select();
      await calm();
      expect(hand.asked("explain")).toEqual([]);
    });

    it("is not, where they said not to", async () => {
      await start(MODEL);
      hand.store.analysing.wonders = false;
      await select();
      await calm();
      expect(hand.asked("explain")).toEqual([]);
    });

    it("waits for a round that runs", async () => {
      await start(MODEL);
      hand.model.set("status", { stage: "cluster", done: 0, total: 0, seconds_left: null, message: "", busy: true, error: "" });
      await select();
      await calm();
      expect(hand.asked("explain")).toEqual([]);
      hand.model.set("status", { stage: "", done: 0, total: 0, seconds_left: null, message: "", busy: false, error: "" });
      await calm();
      expect(hand.asked("explain")).toHaveLength(1);
    });

    it("is not, where another one came meanwhile", async () => {
      await start(MODEL);
      await select();
      hand.store.selection.clear();
      await calm();
      expect(hand.asked("explain")).toEqual([]);
    });
  });
});
