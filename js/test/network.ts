// A comm that loses, doubles and disorders what goes over it, and behind it Python's side of the wire: an act is done once by its id,
// none before the one that was sent before it.

import type { Listener, Model } from "../src/message";
import { RequestError } from "../src/message";
import type { Mask } from "../src/mask";
import { READINGS } from "../src/protocol";
import { FakePython } from "./fake";

interface Message {
  id: string;
  name: string;
  params: Record<string, unknown>;
  after?: string;
}

interface Answer {
  content: Record<string, unknown>;
  buffers: ArrayBuffer[];
}

export type Where = "in" | "out";

export class Network implements Model {
  readonly python = new FakePython();
  readonly listeners = new Map<string, Set<Listener>>();
  /** On their way to Python, and to the page. */
  readonly in: { message: Message; bytes: Uint8Array }[] = [];
  readonly out: Answer[] = [];
  /** Acts that Python did, in the order in which it did them. */
  readonly done: string[] = [];
  readonly saved = new Map<string, number[]>();
  readonly #answers = new Map<string, Answer>();
  readonly #decided = new Set<string>();
  readonly #ask: (name: string, params: Record<string, unknown>, bytes?: Uint8Array) => Promise<{ result: unknown; bytes: Uint8Array }>;

  constructor() {
    const kernel = this.python.kernel();
    this.#ask = kernel.request.bind(kernel) as never;
  }

  get(): never {
    throw new Error("not asked for here");
  }

  set(): void {}

  save_changes(): void {}

  on(event: string, listener: Listener): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener);
  }

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] = []): void {
    this.in.push({ message: content as Message, bytes: new Uint8Array(buffers[0] ?? new ArrayBuffer()) });
  }

  fire(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) (listener as (...args: unknown[]) => void)(...args);
  }

  lose(where: Where, at: number): void {
    this[where].splice(at % Math.max(1, this[where].length), 1);
  }

  double(where: Where, at: number): void {
    const queue = this[where] as unknown[];
    if (queue.length > 0) queue.push(queue[at % queue.length]);
  }

  /** Hands over one message, whichever place it has in the queue. */
  async deliver(where: Where, at: number): Promise<void> {
    if (where === "in") {
      const [one] = this.in.splice(at % Math.max(1, this.in.length), 1);
      if (one) await this.#receive(one.message, one.bytes);
    } else {
      const [one] = this.out.splice(at % Math.max(1, this.out.length), 1);
      if (one) this.fire("msg:custom", one.content, one.buffers);
    }
  }

  async #receive(message: Message, bytes: Uint8Array): Promise<void> {
    const { id, name, after } = message;
    if (READINGS.has(name)) return void this.out.push(await this.#answer(message, bytes));
    if (after && !this.#answers.has(after)) return void this.out.push(error(id, "early", "not yet"));
    const answer = this.#answers.get(id) ?? (await this.#answer(message, bytes));
    this.#answers.set(id, answer);
    this.out.push(answer);
  }

  async #answer({ id, name, params }: Message, bytes: Uint8Array): Promise<Answer> {
    const { python } = this;
    if (name === "hello") return { content: { id, ok: true, result: { ...(await python.kernel().hello()), echoed: true, journal: "" } }, buffers: [bytes.slice().buffer] };
    const decision = params.decision as string | undefined;
    if (decision && this.#decided.has(decision)) return { content: { id, ok: true, result: { kept: python.kept.count(), rows: 0, saved: true, applied: false } }, buffers: [] };
    try {
      const { result, bytes: out } = await this.#ask(name, params, bytes);
      if (!READINGS.has(name)) this.done.push(name);
      if (decision) {
        this.#decided.add(decision);
        python.selected = python.selected.and(python.kept);
      }
      if (name === "save") this.saved.set(params.name as string, [...python.selected]);
      return { content: { id, ok: true, result }, buffers: out.length > 0 ? [out.slice().buffer] : [] };
    } catch (problem) {
      return problem instanceof RequestError ? error(id, problem.kind, problem.message) : error(id, "failed", String(problem));
    }
  }

  rows(mask: Mask | null | undefined): number[] {
    return mask ? [...mask] : [];
  }
}

function error(id: string, kind: string, message: string): Answer {
  return { content: { id, ok: false, error: { kind, message } }, buffers: [] };
}
