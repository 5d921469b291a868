import { describe, expect, it, vi } from "vitest";
import { Mask } from "../src/mask";
import type { Backend } from "../src/scatter/backend";
import { opacities } from "../src/scatter/looks";
import { Picture } from "../src/scatter/picture";
import type { Points } from "../src/scatter/points";
import { discSize } from "../src/scatter/size";
import { GHOST, OFF, RING, rowState, SELECTED, shownRows } from "../src/scatter/state";
import { NOWHERE, type ScatterData } from "../src/scatter/types";

const LABELS = Int16Array.of(0, 1, -1, -2, NOWHERE);

describe("rows that are out of the round", () => {
  it("are ghosts where they have a place and ghosts are wanted, never shown and never selected", () => {
    const shown = shownRows(LABELS, new Set());
    expect([...shown]).toEqual([1, 1, 1, 0, 0]);
    const all = Mask.of(5, [0, 1, 2, 3, 4]);
    expect([...rowState(LABELS, shown, all)]).toEqual([SELECTED, SELECTED, RING | SELECTED, OFF, OFF]);
    expect([...rowState(LABELS, shown, all, true)]).toEqual([SELECTED, SELECTED, RING | SELECTED, GHOST, OFF]);
  });

  it("are not even ghosts outside a filter", () => {
    const filter = Mask.of(5, [1, 2]);
    const shown = shownRows(LABELS, new Set(), filter);
    expect([...shown]).toEqual([0, 1, 1, 0, 0]);
    expect([...rowState(LABELS, shown, Mask.of(5, [0, 1]), true, filter)]).toEqual([OFF, SELECTED, RING, OFF, OFF]);
    expect([...rowState(LABELS, shown, null, true, Mask.of(5, [3, 4]))][3]).toBe(GHOST);
  });
});

describe("a picture", () => {
  function made(): { picture: Picture; last: { coords?: Uint16Array | null; state?: Uint8Array; drawers: number } } {
    const last: { coords?: Uint16Array | null; state?: Uint8Array; drawers: number } = { drawers: 0 };
    const points: Points = {
      setCoords: (dim, _, before) => {
        if (dim === 2) last.coords = before;
      },
      setColourOf: () => undefined,
      setPalette: () => undefined,
      setState: (state) => (last.state = state),
      draw: () => undefined,
    };
    const backend: Backend = { kind: "software", points: () => (last.drawers++, points), finish: () => undefined, free: () => undefined };
    return { picture: new Picture(backend), last };
  }
  const data = (labels: Int16Array, place: number): ScatterData => ({
    n: labels.length,
    lo: -1,
    hi: 1,
    labels,
    coords3: new Uint16Array(labels.length * 3).fill(place),
    coords2: new Uint16Array(labels.length * 2).fill(place),
  });

  it("filters what may be selected, until there are other rows", () => {
    const { picture, last } = made();
    picture.setData(data(LABELS, 1), null);
    picture.setFilter(Mask.of(5, [0]));
    expect([[...picture.shown], picture.shownCount]).toEqual([[1, 0, 0, 0, 0], 1]);
    picture.setData(data(LABELS, 2), null);
    expect(picture.shownCount).toBe(1);
    picture.setFilter(null);
    expect(picture.shownCount).toBe(3);
    picture.setFilter(Mask.of(5, []));
    picture.setData(data(LABELS.slice(0, 3), 2), null);
    expect(picture.shownCount).toBe(3);
    expect(last.state).toHaveLength(3);
    expect(() => picture.setFilter(Mask.of(5, []))).toThrow(RangeError);
  });

  it("shows ghosts without counting them", () => {
    const { picture, last } = made();
    picture.setData(data(LABELS, 1), null);
    picture.setGhosts(true);
    expect([...last.state!]).toEqual([0, 0, RING, GHOST, OFF]);
    expect([[...picture.shown], picture.shownCount]).toEqual([[1, 1, 1, 0, 0], 3]);
    picture.setGhosts(false);
    expect([...last.state!]).toEqual([0, 0, RING, OFF, OFF]);
  });

  it("moves rows from where they stood: a ghost from its place, what was not seen from where it comes to stand", () => {
    const { picture, last } = made();
    const [before, now] = [data(LABELS, 1), data(Int16Array.of(0, 0, 0, 0, 0), 9)];
    picture.setData(before, null);
    picture.setData(now, before);
    expect([...last.coords!]).toEqual([1, 1, 1, 1, 1, 1, 9, 9, 9, 9]);
    picture.setData(before, null);
    picture.setGhosts(true);
    picture.setData(now, before);
    expect([...last.coords!]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 9, 9]);
  });

  it("tells a new drawer all after a lost context", () => {
    const { picture, last } = made();
    picture.setData(data(LABELS, 1), null);
    picture.setSelection(Mask.of(5, [1]));
    delete last.state;
    picture.lose();
    picture.setGhosts(true);
    expect(last.state).toBeUndefined();
    picture.restore();
    expect(last.drawers).toBe(2);
    expect([...last.state!]).toEqual([0, SELECTED, RING, GHOST, OFF]);
  });
});

describe("how solid points are", () => {
  it("falls with how crowded they are, never so far that one is lost, and comes back as one goes closer", () => {
    const solid = [10, 2000, 20_000, 200_000, 2_000_000].map((n) => discSize(n, 1, 600).opacity);
    expect([...solid].sort((a, b) => b - a)).toEqual(solid);
    expect(solid[0]).toBe(1);
    expect(solid[4]).toBeGreaterThanOrEqual(0.4);
    expect(discSize(200_000, 20, 600).opacity).toBeGreaterThan(solid[3]);
  });

  it("leaves noise no fainter than clusters, and what is chosen whole", () => {
    const [plain, chosen, noise, chosenNoise] = opacities(discSize(1_000_000, 1, 600));
    expect(noise).toBeGreaterThan(plain);
    expect([chosen, chosenNoise]).toEqual([1, 1]);
  });
});

describe("a canvas without WebGL2", () => {
  it("is drawn on by typed arrays, and frees what it holds", async () => {
    const { openBackend } = await import("../src/scatter/backend");
    const g = { putImageData: vi.fn() };
    const canvas = { width: 300, height: 200, closest: () => null, getContext: (kind: string) => (kind === "2d" ? g : null) } as unknown as HTMLCanvasElement;
    const backend = openBackend(canvas, "webgl");
    expect(backend?.kind).toBe("software");
    backend?.points();
    backend?.free();
    expect([canvas.width, canvas.height]).toEqual([0, 0]);
    expect(openBackend({ closest: () => null, getContext: () => null } as unknown as HTMLCanvasElement, "software")).toBeNull();
  });
});
