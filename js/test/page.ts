// The whole page on a fake Python, with the hands of a person.

import widget from "../src/index";
import { Mask } from "../src/mask";
import type { Listener, Model } from "../src/message";
import type { SetOp } from "../src/scatter/types";
import type { Store } from "../src/store";
import type { FakePython } from "./fake";

/** anywidget's model over a FakePython: the page's own kernel link runs, with real buffers. */
export class PageModel implements Model {
  readonly listeners = new Map<string, Set<Listener>>();
  readonly traits: Record<string, unknown> = {
    revision: { round: 1, decision: 1, selection: 1, analysis: 1, settings: 1 },
    status: { stage: "", done: 0, total: 0, seconds_left: null, message: "", busy: false, error: "" },
    height: 600,
  };

  saved = 0;

  constructor(readonly python: FakePython) {}

  get(name: string): never {
    return this.traits[name] as never;
  }

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] = []): void {
    const { id, name, params } = content as { id: string; name: string; params: never };
    const kernel = this.python.kernel();
    const bytes = buffers[0] && new Uint8Array(buffers[0]);
    const answer = name === "hello" ? kernel.hello().then((result) => ({ result: { ...result, echoed: true }, bytes: bytes! })) : kernel.request(name as never, params, bytes);
    answer.then(
      (reply) => this.fire("msg:custom", { id, ok: true, result: reply.result }, [new DataView(reply.bytes.slice().buffer)]),
      (error: Error & { kind: string }) => this.fire("msg:custom", { id, ok: false, error: { kind: error.kind, message: error.message } }, []),
    );
  }

  set(name: string, value: unknown): void {
    this.traits[name] = value;
    this.fire(`change:${name}`);
  }

  /** As anywidget does: a trait reaches Python with save_changes. */
  save_changes(): void {
    this.saved++;
  }

  on(event: string, listener: Listener): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener);
  }

  fire(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) (listener as (...args: unknown[]) => void)(...args);
  }
}

export const settle = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setTimeout(resolve, 8));
};

export class Hand {
  readonly model: PageModel;
  readonly root: HTMLElement;
  readonly dispose: () => void;

  constructor(readonly python: FakePython) {
    this.model = new PageModel(python);
    document.body.replaceChildren();
    this.dispose = widget.render({ model: this.model, el: document.body });
    this.root = document.body.querySelector<HTMLElement>(".elute")!;
  }

  get store(): Store {
    return (this.root as HTMLElement & { __elute: { store: Store } }).__elute.store;
  }

  /** Draws on the map; not `final` is an outline that is still open. */
  async lasso(list: number[], op: SetOp = "new", final = true): Promise<void> {
    const stand = { turn: 0, tilt: 0, target: [0, 0, 0] as [number, number, number], distance: 4, orthographic: false, center: [0, 0] as [number, number], reach: 1, width: 600, height: 400 };
    this.store.selection.drag({ rows: Mask.of(this.python.n, list), polygon: Float32Array.of(0, 0, 10, 0, 5, 5), camera: [1], dim: 3, op, radius: 0, visible: false, stand }, final);
    await settle();
  }

  all(test: string, extra = ""): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`[data-test="${test}"]${extra}`)];
  }

  find(test: string, extra = ""): HTMLElement {
    const [element] = this.all(test, extra);
    if (!element) throw new Error(`no ${test}${extra} on the page`);
    return element;
  }

  has(test: string, extra = ""): boolean {
    return this.all(test, extra).length > 0;
  }

  async click(target: string | HTMLElement, init: MouseEventInit = {}, type = "click"): Promise<void> {
    const element = typeof target === "string" ? this.find(target) : target;
    element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, composed: true, ...init }));
    await settle();
  }

  async press(key: string, target: EventTarget = document.activeElement ?? this.root, init: KeyboardEventInit = {}): Promise<KeyboardEvent> {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true, ...init });
    target.dispatchEvent(event);
    await settle();
    return event;
  }

  async type(target: string, text: string): Promise<void> {
    const field = this.find(target) as HTMLInputElement;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
  }

  /** A new number of a part, as Python sends it. */
  async revise(part: string): Promise<void> {
    const revision = this.model.get("revision") as unknown as Record<string, number>;
    this.model.set("revision", { ...revision, [part]: (revision[part] ?? 0) + 1 });
    await settle();
  }

  asked(name: string): Record<string, unknown>[] {
    return this.python.asked.filter((request) => request.name === name).map(({ params }) => params);
  }
}
