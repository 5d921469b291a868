// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RowsJudged } from "../src/protocol";
import { FakePython } from "./fake";
import { Hand, settle } from "./page";

const RESULT = { criterion: "<b>no</b> cats", source: "a <i>model</i>", counts: { keep: 2, drop: 1, unsure: 0 }, failed: 0, known: 0, left: 0, error: "", read: "" };
const told = (patch: Partial<RowsJudged> = {}): RowsJudged => ({ running: false, done: 3, of: 3, error: "", result: RESULT, ...patch });

let python: FakePython;
let hand: Hand;
const has = (test: string) => hand.all(test).length > 0;
const find = (test: string) => hand.all(test)[0];
const click = async (test: string) => {
  find(test).click();
  await settle();
};
const asked = (name: string) => python.asked.filter((one) => one.name === name);
/** Python says how far it is. */
const says = async (judged: RowsJudged) => {
  python.answers.judged = judged;
  hand.model.set("revision", { ...hand.model.traits.revision as object, analysis: Math.random() });
  await settle();
};

beforeEach(async () => {
  python = new FakePython();
  hand = new Hand(python);
  await settle();
  hand.store.selection.pick([1], "new");
  await settle();
});

afterEach(() => hand.dispose());

async function judge(criterion = "no cats"): Promise<void> {
  await click("tray-judge");
  const field = find("tray-criterion") as HTMLInputElement;
  field.value = criterion;
  field.dispatchEvent(new Event("input"));
  await settle();
  python.answers.judged = told({ running: true, done: 0, result: null });
  await click("tray-judge-confirm");
}

describe("judging the rows of a selection", () => {
  it("asks by a criterion, follows it, and says what came of it as text", async () => {
    await judge();
    expect(asked("judge_rows")[0].params).toEqual({ criterion: "no cats" });
    expect([...asked("judge_rows")[0].bytes!]).toEqual([...hand.store.state.selected!.toBytes()]);
    expect(find("judge-progress").textContent).toContain("0 of 3");
    await says(told({ running: true, done: 2, result: null }));
    expect(find("judge-progress").textContent).toContain("2 of 3");
    await says(told());
    expect(has("judge-progress") || has("judge-read")).toBe(false);
    expect(find("judge-result").textContent).toContain("3 rows judged");
    expect(find("judge-result").textContent).toContain("<b>no</b> cats");
    expect(find("judge-result").querySelector("i")).toBeNull();
    expect(asked("drop")).toEqual([]);
    const pulled = asked("judged").length;
    await says(told());
    expect(asked("judged")).toHaveLength(pulled); // it is done: nobody asks again
  });

  it("says how the line was read where no model read it", async () => {
    await judge();
    await says(told({ result: { ...RESULT, read: "“<b>cats</b>” should go" } }));
    expect(find("judge-read").textContent).toContain("Read as: “<b>cats</b>” should go");
    expect(find("judge-read").querySelector("b")).toBeNull();
  });

  it("is one line until it is unfolded, and the next answer is folded again", async () => {
    await judge();
    await says(told());
    expect(find("judge-result").classList.contains("el-folded")).toBe(true);
    await click("judge-more");
    expect(find("judge-result").classList.contains("el-folded")).toBe(false);
    expect(find("judge-more").getAttribute("aria-expanded")).toBe("true");
    await click("judge-more");
    expect(find("judge-result").classList.contains("el-folded")).toBe(true);
    await click("judge-more");
    await judge();
    await says(told({ done: 2 }));
    expect(find("judge-result").classList.contains("el-folded")).toBe(true);
  });

  it("leads to the cut by quality of rows", async () => {
    await judge();
    await says(told());
    await click("judge-cut");
    expect(hand.store.state.view.tab).toBe("review");
    expect([hand.store.quality.open, hand.asked("drop").length]).toEqual([true, 0]);
  });

  it("takes the rows with a verdict as a selection, and no other", async () => {
    await judge();
    await says(told());
    python.answers.judged = told();
    await click("judge-take-drop");
    expect(asked("judged").at(-1)!.params).toEqual({ verdict: "drop" });
    expect(hand.store.state.steps.at(-1)).toMatchObject({ kind: "judged", verdict: "drop" });
    expect((find("judge-take-unsure") as HTMLButtonElement).disabled).toBe(true);
    expect(asked("drop")).toEqual([]);
  });

  it("is stopped, and says so; what was said before stays", async () => {
    await judge();
    await click("judge-stop");
    expect(asked("cancel")).toHaveLength(1);
    await says(told({ result: null, error: "It was stopped." }));
    expect(find("judge-trouble").textContent).toBe("It was stopped.");
    await click("judge-close");
    expect(has("judge-result")).toBe(false);
  });

  it("hears of work that was stopped before it began", async () => {
    await judge();
    python.answers.judged = told({ result: null, done: 0 });
    hand.model.set("status", { stage: "judge", done: 0, total: 0, seconds_left: null, message: "", busy: true, error: "" });
    hand.model.set("status", { stage: "", done: 0, total: 0, seconds_left: null, message: "", busy: false, error: "" });
    await settle();
    expect(has("judge-progress")).toBe(false);
    expect((find("tray-judge") as HTMLButtonElement).disabled).toBe(false);
  });

  it("that is refused leaves a sentence, and the form can be opened again", async () => {
    python.refuse = "judge_rows";
    await judge();
    expect(hand.store.state.error).toContain("refused");
    expect(has("judge-progress")).toBe(false);
    python.refuse = "";
    await click("tray-judge");
    expect((find("tray-criterion") as HTMLInputElement).value).toBe("no cats");
    await click("tray-judge-back");
    expect(has("tray-judge-form")).toBe(false);
    expect(has("tray-drop")).toBe(true);
  });

  it("tells of rows without a verdict, learns, and stays in sight when nothing is selected", async () => {
    await judge();
    await says(told({ result: { ...RESULT, failed: 4, left: 9, error: "the model <u>refused</u>" } }));
    expect(find("judge-failed").textContent).toContain("4 rows got no verdict: the model <u>refused</u>");
    expect(find("judge-result").textContent).toContain("9 rows more were not asked about");
    hand.store.selection.clear();
    await settle();
    expect(has("tray-judged")).toBe(true);
    await click("judge-learn");
    expect(asked("learn")).toHaveLength(1);
    expect(hand.store.state.view.tab).toBe("review");
  });
});
