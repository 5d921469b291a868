// @vitest-environment happy-dom
// What hosts do to bytes, state and styles, with stand-ins for hosts that can't be started here (VS Code, Colab, marimo).

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toBase64 } from "../src/bytes";
import { Kernel } from "../src/kernel";
import type { Listener, Model } from "../src/message";
import { Mask } from "../src/mask";
import { watchTheme } from "../src/theme";

interface Host {
  name: string;
  /** Buffers as they arrive at Python. */
  up(buffers: ArrayBuffer[]): ArrayBuffer[];
  /** Buffers as they arrive at the page. */
  down(bytes: Uint8Array): unknown[];
  /** Whether the host knows `callbacks` and events beyond those of the specification. */
  text: boolean;
}

const same = (buffers: ArrayBuffer[]) => buffers;
/** In the middle of a larger buffer, as a message that was read off a socket is. */
const within = (bytes: Uint8Array) => {
  const larger = new Uint8Array(bytes.length + 8);
  larger.set(bytes, 5);
  return larger;
};

const HOSTS: Host[] = [
  { name: "JupyterLab: DataViews", up: same, down: (bytes) => [new DataView(within(bytes).buffer, 5, bytes.length)], text: false },
  { name: "Colab: Uint8Arrays into the whole message", up: same, down: (bytes) => [within(bytes).subarray(5, 5 + bytes.length)], text: false },
  { name: "marimo: base64 in place of buffers", up: same, down: (bytes) => [toBase64(bytes)], text: false },
  { name: "VS Code: ArrayBuffers", up: same, down: (bytes) => [bytes.slice().buffer], text: false },
  { name: "a host that loses what the page sends", up: () => [], down: (bytes) => [new DataView(bytes.slice().buffer)], text: true },
  { name: "a host that loses what Python sends", up: same, down: () => [], text: true },
  { name: "a host that sends null for buffers", up: same, down: () => null as unknown as unknown[], text: true },
];

/** A model that behaves as a host does, over a Python that keeps one mask. */
class HostModel implements Model {
  readonly listeners = new Map<string, Set<Listener>>();
  readonly got: { text: boolean; bytes: Uint8Array }[] = [];
  mask = new Uint8Array();
  /** What Python has learned: text went in, text comes out. */
  text = false;

  constructor(readonly host: Host) {}

  get(): never {
    return undefined as never; // VS Code: a reopened notebook has no widget state
  }

  set(): void {}

  save_changes(): void {}

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] = []): void {
    // what a host passes on is JSON
    const { id, name, data } = JSON.parse(JSON.stringify(content)) as { id: string; name: string; data?: string };
    const arrived = this.host.up(buffers);
    this.text ||= data !== undefined;
    const bytes = data === undefined ? new Uint8Array(arrived[0] ?? new ArrayBuffer()) : Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    if (name !== "hello") this.got.push({ text: data !== undefined, bytes });
    if (name === "select") this.mask = bytes;
    const back = name === "hello" ? bytes : this.mask;
    const result = name === "hello" ? { echoed: bytes.length === 4 } : {};
    const answer = { id, ok: true, result, ...(this.text ? { data: toBase64(back) } : {}) };
    queueMicrotask(() => {
      for (const listener of this.listeners.get("msg:custom") ?? []) (listener as (...args: unknown[]) => void)(JSON.parse(JSON.stringify(answer)), this.text ? [] : this.host.down(back));
    });
  }

  on(event: string, listener: Listener): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener);
  }
}

describe("a mask goes there and back", () => {
  it.each(HOSTS.map((host) => [host.name, host] as const))("%s", async (_, host) => {
    const model = new HostModel(host);
    const kernel = new Kernel(model, () => undefined);
    await kernel.hello();
    const chosen = Mask.of(1003, [0, 7, 8, 500, 1002]);
    await kernel.request("select", {}, chosen.toBytes());
    const { bytes } = await kernel.request("selection", {});
    expect(model.got[0].text).toBe(host.text);
    expect([...Mask.from(1003, bytes)]).toEqual([0, 7, 8, 500, 1002]);
    kernel.dispose();
  });
});

describe("a widget in a shadow root", () => {
  let root: HTMLElement;
  let enter: () => void = () => undefined;
  let dark = false;

  beforeEach(() => {
    vi.stubGlobal("ResizeObserver", function (this: object, callback: () => void) {
      enter = callback;
      Object.assign(this, { observe: () => undefined, disconnect: () => undefined });
    });
    vi.stubGlobal("matchMedia", () => ({ matches: dark, addEventListener: () => undefined, removeEventListener: () => undefined }));
    const outer = document.createElement("div");
    document.body.append(outer);
    root = document.createElement("div");
    outer.attachShadow({ mode: "open" }).append(root);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    dark = false;
    document.body.className = "";
    document.body.replaceChildren();
  });

  it.each([
    ["vscode-dark", false, "dark"],
    ["vscode-high-contrast", false, "dark"],
    ["vscode-light", true, "light"],
    ["dark dark-theme", false, "dark"],
    ["light light-theme", true, "light"],
    ["", true, "dark"],
    ["", false, "light"],
  ])("is told of the host's theme %j (system dark: %s)", (marks, system, wanted) => {
    dark = system;
    document.body.className = marks;
    const dispose = watchTheme(root, () => undefined);
    enter();
    expect(root.dataset.host).toBe(wanted);
    dispose();
  });

  it("follows the host, and bears no mark where the host's own reach it", async () => {
    const dispose = watchTheme(root, () => undefined);
    enter();
    document.body.className = "dark";
    await new Promise((resolve) => setTimeout(resolve));
    expect(root.dataset.host).toBe("dark");
    dispose();
    const open = document.createElement("div");
    document.body.append(open);
    watchTheme(open, () => undefined)();
    enter();
    expect(open.dataset.host).toBeUndefined();
  });
});
