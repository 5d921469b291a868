// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Report } from "../src/protocol";
import { FakePython } from "./fake";
import { Hand, settle } from "./page";

const NASTY = '<img src=x onerror="alert(1)">';
const REPORT: Report = {
  round: 2,
  title: "Round 2",
  sections: [
    { title: "In short", lines: [`8 of 10 rows are kept, says ${NASTY}`], head: [], rows: [], bars: [], items: [] },
    { title: "Distribution", lines: [], head: ["Cluster", "Rows"], rows: [[NASTY, "5"], ["fees", "3"]], bars: [1, 0.6], items: [] },
    { title: "What to do next", lines: [], head: [], rows: [], bars: [], items: [`Look at ${NASTY}`] },
  ],
  source: "offline",
  note: "",
};
const answer = (patch: object = {}) => ({ report: REPORT, pending: false, error: "", writes: false, written: false, moved: false, ...patch });

describe("the report", () => {
  let python: FakePython;
  let hand: Hand;

  beforeEach(async () => {
    python = new FakePython();
    python.answers = { report: answer() };
    hand = new Hand(python);
    await settle();
  });
  afterEach(() => {
    hand.dispose();
    vi.restoreAllMocks();
  });

  it("opens from the Review tab as one page, and keeps every string text", async () => {
    await hand.click("tab-review");
    expect(hand.asked("report")).toEqual([]);
    await hand.click("open-report");
    expect(hand.asked("report")).toEqual([{ round: "", write: false }]);
    const page = hand.find("report");
    expect([...page.querySelectorAll("h4")].map((title) => title.textContent)).toEqual(["In short", "Distribution", "What to do next"]);
    expect(page.textContent).toContain(NASTY);
    expect(page.querySelector("img")).toBeNull();
    expect(page.querySelectorAll("tbody tr")).toHaveLength(2);
    expect([...page.querySelectorAll("rect")].map((bar) => Number(bar.getAttribute("width")))).toEqual([56, 33.6]);
    expect(hand.find("report-foot").textContent).toContain("by rules");
    expect(hand.has("report-write")).toBe(false);
    await hand.click("report-close");
    expect(hand.has("report")).toBe(false);
  });

  it("opens from the history for that round", async () => {
    await hand.click("open-history");
    await hand.click(hand.find("history-round", '[data-number="1"]').querySelector<HTMLElement>('[data-test="open-report"]')!);
    expect(hand.asked("report")).toEqual([{ round: "r1", write: false }]);
    expect(hand.has("popover-history")).toBe(false);
    expect(hand.has("popover-report")).toBe(true);
  });

  it("is asked for again when something moved while it is open, and only then", async () => {
    await hand.click("tab-review");
    await hand.click("open-report");
    await hand.revise("decision");
    expect(hand.asked("report")).toHaveLength(2);
    await hand.revise("search");
    expect(hand.asked("report")).toHaveLength(2);
    await hand.press("Escape", hand.root);
    await hand.revise("report");
    expect(hand.asked("report")).toHaveLength(2);
  });

  it("says that it is on its way, and then shows it", async () => {
    python.answers.report = answer({ report: null, pending: true });
    await hand.click("tab-review");
    await hand.click("open-report");
    expect(hand.has("report")).toBe(false);
    expect(hand.find("report-pending").textContent).toContain("Being written");
    expect((hand.find("report-save-html") as HTMLButtonElement).disabled).toBe(true);
    python.answers.report = answer();
    await hand.revise("report");
    expect(hand.has("report")).toBe(true);
    expect(hand.has("report-pending")).toBe(false);
  });

  it("does not take an answer about another round for this one's", async () => {
    await hand.click("tab-review");
    const release = python.hold("report");
    hand.store.reporting.show("r1");
    await settle();
    python.answers.report = answer({ report: { ...REPORT, title: "Round 1" } });
    hand.store.reporting.show("r2");
    await settle();
    release();
    await settle();
    expect(hand.find("popover-report").textContent).toContain("Round 1");
    expect(hand.store.reporting.pending).toBe(false);
  });

  it("is put into a model's words only where the person presses for it and agreed", async () => {
    const analyst = { name: "far (far.example)", model: "far", provider: "far.example", asks: true, remote: true, consented: false, spent: 0, limit: null };
    python.session = { analyst };
    python.answers.report = answer({ writes: true });
    await hand.revise("round");
    await hand.click("tab-review");
    await hand.click("open-report");
    expect((hand.find("report-write") as HTMLButtonElement).disabled).toBe(true);
    expect(hand.find("report-write").title).toContain("until you agree");
    python.session = { analyst: { ...analyst, consented: true } };
    await hand.revise("decision");
    python.answers.report = answer({ writes: true, written: true, report: { ...REPORT, source: "far (far.example)" } });
    await hand.click("report-write");
    expect(hand.asked("report").at(-1)).toEqual({ round: "", write: true });
    expect(hand.find("report-foot").textContent).toContain("Words by far (far.example), figures by elute.");
    expect(hand.find("report-write").getAttribute("aria-pressed")).toBe("true");
  });

  it("asks for a model's words once for each press, whatever moves or is opened after it", async () => {
    python.session = { analyst: { name: "m", model: "m", provider: "127.0.0.1", asks: true, remote: false, consented: false, spent: null, limit: null } };
    python.answers.report = answer({ writes: true });
    await hand.revise("round");
    await hand.click("tab-review");
    await hand.click("open-report");
    const paid = () => hand.asked("report").filter(({ write }) => write).length;
    python.answers.report = answer({ writes: true, written: true, pending: true });
    await hand.click("report-write");
    await hand.click("report-close");
    hand.store.reporting.show("");
    await settle();
    expect(hand.asked("report").at(-1), "it is on its way still: that is what one waits for").toEqual({ round: "" });
    python.answers.report = answer({ writes: true, written: true });
    await hand.revise("report");
    expect(hand.asked("report").at(-1)).toEqual({ round: "" });
    expect(hand.find("report-write").getAttribute("aria-pressed")).toBe("true");
    python.answers.report = answer({ writes: true, written: true, moved: true });
    await hand.revise("decision");
    expect(hand.find("report-foot").textContent).toContain("Something has changed since");
    expect(hand.find("report-write").getAttribute("aria-pressed"), "one may press for new ones").toBe("false");
    hand.store.reporting.show("r1");
    hand.store.reporting.show("");
    await settle();
    expect(hand.asked("report").at(-1)).toEqual({ round: "", write: false });
    expect(paid()).toBe(1);
    python.answers.report = answer({ writes: true, moved: true, written: true });
    await hand.revise("decision");
    await hand.click("report-write");
    expect(paid()).toBe(2);
  });

  it("goes back to the rules where the words are refused", async () => {
    python.answers.report = answer({ writes: true });
    python.session = { analyst: { name: "m", model: "m", provider: "127.0.0.1", asks: true, remote: false, consented: false, spent: null, limit: null } };
    await hand.revise("round");
    await hand.click("tab-review");
    await hand.click("open-report");
    python.refuse = "report";
    await hand.click("report-write");
    expect(hand.find("report-trouble").textContent).toContain("refused");
    expect(hand.store.reporting.written).toBe(false);
  });

  it.each([
    ["html", "text/html;charset=utf-8"],
    ["md", "text/markdown;charset=utf-8"],
  ])("is downloaded as %s", async (kind, type) => {
    python.answers.report_file = { name: `elute-round-2.${kind}` };
    const blobs: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => (blobs.push(blob as Blob), "blob:x"));
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    await hand.click("tab-review");
    await hand.click("open-report");
    await hand.click(`report-save-${kind}`);
    expect(hand.asked("report_file")).toEqual([{ kind, round: 2 }]);
    expect(names).toEqual([`elute-round-2.${kind}`]);
    expect(blobs.map((blob) => blob.type)).toEqual([type]);
  });
});
