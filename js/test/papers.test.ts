// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakePython, SESSION } from "./fake";
import { Hand, settle } from "./page";

const made = (patch: object = {}) => ({ pending: false, error: "", name: "elute-session.html", chunks: 2, key: "k", ...patch });

describe("papers of the whole session", () => {
  let python: FakePython;
  let hand: Hand;

  beforeEach(async () => {
    python = new FakePython();
    python.session = { rounds: SESSION.rounds };
    python.answers = { paper: made(), paper_file: { chunks: 2 } };
    hand = new Hand(python);
    await settle();
    await hand.click("open-history");
  });
  afterEach(() => {
    hand.dispose();
    vi.restoreAllMocks();
  });

  it("saves the report as one file, put together from its chunks", async () => {
    const names: string[] = [];
    const blobs: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => (blobs.push(blob as Blob), "blob:x"));
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    await hand.click("save-session");
    expect(hand.asked("paper")).toEqual([{ kind: "report", texts: true }]);
    expect(hand.asked("paper_file")).toEqual([{ key: "k", chunk: 0 }, { key: "k", chunk: 1 }]);
    expect(names).toEqual(["elute-session.html"]);
    expect(blobs[0].type).toBe("text/html;charset=utf-8");
    await hand.click("save-session-plain");
    expect(hand.asked("paper").at(-1)).toEqual({ kind: "report", texts: false });
  });

  it("waits for the revision that says it is there, and asks no second time meanwhile", async () => {
    vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
    const saved = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    python.answers.paper = made({ pending: true, chunks: 0 });
    await hand.click("save-session");
    expect(hand.has("papers-busy")).toBe(true);
    expect((hand.find("copy-code") as HTMLButtonElement).disabled).toBe(true);
    await hand.revise("search");
    expect(hand.asked("paper")).toHaveLength(1);
    python.answers.paper = made();
    await hand.revise("report");
    expect(saved).toHaveBeenCalledOnce();
    expect(hand.has("papers-busy")).toBe(false);
  });

  it("copies the code, and shows it", async () => {
    const written = vi.fn(async () => {});
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator) as Navigator, {}));
    Object.defineProperty(navigator, "clipboard", { value: { writeText: written }, configurable: true });
    await hand.click("copy-code");
    expect(hand.asked("paper")).toEqual([{ kind: "code", texts: false }]);
    expect(written).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });

  it("leaves it to be copied by hand where the browser refuses", async () => {
    hand.store.papers.make = async () => ({ name: "c.py", bytes: new TextEncoder().encode("keep = <b>1</b>") as Uint8Array<ArrayBuffer> });
    Object.defineProperty(navigator, "clipboard", { value: { writeText: async () => Promise.reject(new Error("no")) }, configurable: true });
    await hand.click("copy-code");
    expect((hand.find("code") as HTMLTextAreaElement).value).toBe("keep = <b>1</b>");
    expect(hand.find("code-told").textContent).toContain("Copy it from here");
    expect(hand.find("papers").querySelector("b")).toBeNull();
  });

  it("exports the map without texts, with them only where that is ticked, and says what was saved", async () => {
    const saved: string[] = [];
    vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    python.answers.paper = made({ name: "elute-map.html" });
    await hand.click("export-map");
    expect(hand.find("export-told").textContent).toMatch(/^elute-map.html, 0\.0 MB: no text, label or name/);
    const tick = hand.find("export-texts") as HTMLInputElement;
    expect(tick.checked).toBe(false);
    tick.click();
    await settle();
    expect(tick.checked).toBe(true);
    await hand.click("export-map");
    expect(hand.asked("paper")).toEqual([{ kind: "map", texts: false }, { kind: "map", texts: true }]);
    expect(hand.find("export-told").textContent).toContain("it holds every text");
    expect(tick.checked).toBe(false);
    expect(saved).toEqual(["elute-map.html", "elute-map.html"]);
  });

  it("says why there is none, and can be asked again", async () => {
    python.answers.paper = made({ error: "There is no disk left.", chunks: 0 });
    await hand.click("save-session");
    expect(hand.find("papers-trouble").textContent).toBe("There is no disk left.");
    python.refuse = "paper";
    await hand.click("copy-code");
    expect(hand.find("papers-trouble").textContent).toContain("refused");
    expect((hand.find("copy-code") as HTMLButtonElement).disabled).toBe(false);
  });
});
