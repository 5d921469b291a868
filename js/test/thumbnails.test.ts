// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Kernel } from "../src/kernel";
import { RequestError } from "../src/message";
import { initialState, type State } from "../src/state";
import { kindOf, Thumbnails } from "../src/thumbnails";
import { FakePython } from "./fake";
import { Hand, settle } from "./page";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);

const made: string[] = [];
const revoked: string[] = [];
beforeEach(() => {
  made.length = revoked.length = 0;
  URL.createObjectURL = vi.fn(() => {
    made.push(`blob:${made.length}`);
    return made.at(-1)!;
  });
  URL.revokeObjectURL = vi.fn((url: string) => void revoked.push(url));
});
afterEach(() => vi.restoreAllMocks());

/** Every row has a PNG but those divisible by ten. */
function one(images = true) {
  const asked: number[][] = [];
  const gate = { open: Promise.resolve() };
  let fails = false;
  const kernel = {
    request: async (_name: string, { rows }: { rows: number[] }) => {
      asked.push(rows);
      await gate.open;
      if (fails) throw new RequestError("failed", "no");
      const sizes = rows.map((row) => (row % 10 === 0 ? 0 : PNG.length));
      return { result: { sizes }, bytes: Uint8Array.from(sizes.flatMap((size) => (size ? [...PNG] : []))) };
    },
  } as unknown as Kernel;
  const store = { state: { ...initialState(), hello: { images } } as unknown as State, set: vi.fn() };
  return { asked, gate, store, fail: () => (fails = true), thumbnails: new Thumbnails(store, kernel) };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe("thumbnails", () => {
  it("asks for rows in sight, once, a few at a time", async () => {
    const { asked, thumbnails } = one();
    thumbnails.want("list", range(1, 31));
    thumbnails.want("list", range(1, 31));
    await settle();
    expect(asked).toEqual([range(1, 25), range(25, 31)]);
    expect(thumbnails.at(5)).toMatch(/^blob:/);
    expect(thumbnails.at(10)).toBeNull();
    expect(thumbnails.at(99)).toBeUndefined();
    thumbnails.want("list", range(1, 31));
    await settle();
    expect(asked.length).toBe(2);
  });

  it("does not ask for what was scrolled past meanwhile", async () => {
    const { asked, gate, thumbnails } = one();
    let go: () => void = () => undefined;
    gate.open = new Promise((done) => (go = done));
    thumbnails.want("list", range(0, 20));
    for (let at = 20; at < 400; at += 20) thumbnails.want("list", range(at, at + 20));
    go();
    await settle();
    expect(asked).toEqual([range(0, 20), range(380, 400)]);
  });

  it("asks nothing where there are no images", async () => {
    const { asked, thumbnails } = one(false);
    thumbnails.want("list", [1, 2]);
    await settle();
    expect(asked).toEqual([]);
  });

  it("revokes what it lets go, and all at the end; what is in sight stays", async () => {
    const { thumbnails } = one();
    thumbnails.want("hover", [1]);
    for (let at = 0; at < 600; at += 20) {
      thumbnails.want("list", range(at, at + 20));
      await settle();
    }
    expect(thumbnails.at(1)).toMatch(/^blob:/);
    expect(thumbnails.at(3)).toBeUndefined();
    expect(thumbnails.at(599)).toMatch(/^blob:/);
    expect(made.length - revoked.length).toBeLessThanOrEqual(300);
    thumbnails.destroy();
    expect(new Set(revoked)).toEqual(new Set(made));
    expect(revoked.length).toBe(made.length);
  });

  it("takes a refusal, and what the browser can't show, for no image", async () => {
    const { asked, fail, store, thumbnails } = one();
    thumbnails.want("list", [1]);
    await settle();
    thumbnails.broken(1);
    expect(revoked).toEqual(made);
    expect(thumbnails.at(1)).toBeNull();
    fail();
    thumbnails.want("list", [2]);
    await settle();
    expect(thumbnails.at(2)).toBeNull();
    expect(asked.length).toBe(2);
    expect(store.set).toHaveBeenCalled();
  });

  it("makes nothing of an answer that comes after the page is gone", async () => {
    const { thumbnails } = one();
    thumbnails.want("list", [1]);
    thumbnails.destroy();
    await settle();
    expect(made).toEqual([]);
  });

  it("knows three kinds by their first bytes, and no others", () => {
    const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(kindOf(PNG)).toBe("image/png");
    expect(kindOf(bytes("\xff\xd8\xff\xe0"))).toBe("image/jpeg");
    expect(kindOf(bytes("RIFF\0\0\0\0WEBPVP8 "))).toBe("image/webp");
    for (const text of ["", "<svg xmlns=", "GIF89a", "RIFF\0\0\0\0WAVE", "<html>"]) expect(kindOf(bytes(text))).toBe("");
  });
});

describe("the list of points", () => {
  it("shows the images of rows, and a word where there is none", async () => {
    const python = new FakePython();
    python.images = true;
    python.answers.thumbnails = { sizes: [] };
    const hand = new Hand(python);
    await settle();
    hand.store.show({ tab: "points" });
    await settle();
    await settle();
    const asked = hand.asked("thumbnails") as { rows: number[] }[];
    expect(asked.map(({ rows }) => [...rows].sort((a, b) => a - b))).toEqual([range(0, python.n)]);
    const cells = hand.all("thumbnail");
    expect(cells.length).toBe(python.n);
    expect(cells[0].textContent).toContain("no image");
    hand.dispose();
  });

  it("shows none where the table has none", async () => {
    const hand = new Hand(new FakePython());
    await settle();
    hand.store.show({ tab: "points" });
    await settle();
    expect(hand.all("point").length).toBeGreaterThan(0);
    expect(hand.has("thumbnail")).toBe(false);
    expect(hand.asked("thumbnails")).toEqual([]);
    hand.dispose();
  });
});
