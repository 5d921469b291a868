// Requests to Python and their replies, over anywidget's model. Knows the wire, not what is asked.
//
// A request never fails for want of time: a kernel that runs a cell answers when the cell ends, and the page says so meanwhile.
// What is unanswered when the link comes back is sent again; decisions carry an id of their own, so none applies twice.

import { asBytes, toBase64 } from "./bytes";
import { type ErrorKind, PROTOCOL, type Requests, type Traits } from "./protocol";
import { leave, type Waiting } from "./waiting";

export type Listener = (...args: never[]) => void;

/** What the page uses of anywidget's model. */
export interface Model {
  get<K extends keyof Traits>(name: K): Traits[K];
  set<K extends keyof Traits>(name: K, value: Traits[K]): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}

export type Name = keyof Requests;
export type Params<K extends Name> = Requests[K]["params"];
export type Result<K extends Name> = Requests[K]["result"];
export type DecisionName = { [K in Name]: Params<K> extends { decision: string } ? K : never }[Name];

export interface Reply<K extends Name> {
  result: Result<K>;
  /** The buffer that came with the reply; empty where none is due. */
  bytes: Uint8Array;
}

/** `waiting`: something is unanswered for a while, the kernel runs a cell. `lost`: nobody answers on this comm any more. */
export type Link = "connecting" | "ready" | "waiting" | "lost";

/** An error reply: `message` was written for the person. */
export class RequestError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
  ) {
    super(message);
  }
}

interface Pending {
  content: { id: string; name: Name; params: unknown; data?: string };
  buffers: ArrayBuffer[];
  since: number;
  /** How long after `since` it is sent again. */
  patience: number;
  decision: boolean;
  resolve(reply: Reply<Name>): void;
  reject(error: RequestError): void;
}

interface Answer {
  id?: string;
  ok?: boolean;
  result?: unknown;
  data?: string;
  error?: { kind: ErrorKind; message: string };
}

const PROBE = Uint8Array.of(0, 127, 128, 255);
const BUSY_AFTER = 1500;
const LOST_AFTER = 3000;
const RESEND_AFTER = 8000;
const TICK = 250;

export class Kernel {
  readonly #model: Model;
  readonly #onLink: (link: Link) => void;
  readonly #page = random();
  readonly #pending = new Map<string, Pending>();
  #count = 0;
  #link: Link = "connecting";
  #base64 = false;
  /** Since when it is in doubt that anybody answers; 0 while it is not. */
  #doubted = 0;
  #answered = false;
  /** The journal that Python writes to. */
  #journal = "";
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(model: Model, onLink: (link: Link) => void) {
    this.#model = model;
    this.#onLink = onLink;
    model.on("msg:custom", this.#receive);
    model.on("comm_live_update", this.#doubt);
  }

  dispose(): void {
    this.#model.off("msg:custom", this.#receive);
    this.#model.off("comm_live_update", this.#doubt);
    clearInterval(this.#timer);
    leave(this.#journal, this.#waiting());
    this.#pending.clear();
  }

  /** How many decisions Python has not acknowledged yet. */
  get undecided(): number {
    let count = 0;
    for (const { decision } of this.#pending.values()) count += Number(decision);
    return count;
  }

  /** Decisions without an answer, in the order they were made. */
  #waiting(): Waiting[] {
    return [...this.#pending.values()]
      .filter(({ decision }) => decision)
      .map(({ content, buffers }) => ({
        name: content.name,
        params: content.params as Record<string, unknown>,
        bytes: content.data === undefined ? new Uint8Array(buffers[0] ?? new ArrayBuffer()) : asBytes(content.data),
      }));
  }

  /** Finds out whether buffers survive both ways; where they do not, everything travels as base64 text from here on. */
  async hello(): Promise<Result<"hello">> {
    const first = await this.request("hello", { protocol: PROTOCOL }, PROBE);
    this.#journal = first.result.journal;
    if (first.result.echoed && same(first.bytes, PROBE)) return first.result;
    this.#base64 = true;
    const second = await this.request("hello", { protocol: PROTOCOL }, PROBE);
    if (second.result.echoed && same(second.bytes, PROBE)) return second.result;
    throw new RequestError("failed", "This host changes bytes on their way to Python and back: elute cannot draw here.");
  }

  request<K extends Name>(name: K, params: Params<K>, bytes?: Uint8Array): Promise<Reply<K>> {
    return this.#ask(name, params, bytes, false);
  }

  /** A request that changes something: its id makes sending it twice the same as once. */
  decide<K extends DecisionName>(name: K, params: Omit<Params<K>, "decision">, bytes?: Uint8Array): Promise<Reply<K>> {
    return this.#ask(name, { ...params, decision: `${this.#page}-${random()}` } as unknown as Params<K>, bytes, true);
  }

  /** A decision that another page made and nobody acknowledged, under the id it was given there. */
  again({ name, params, bytes }: Waiting): Promise<Reply<DecisionName>> {
    return this.#ask(name as DecisionName, params as Params<DecisionName>, bytes.length > 0 ? bytes : undefined, true);
  }

  #ask<K extends Name>(name: K, params: Params<K>, bytes: Uint8Array | undefined, decision: boolean): Promise<Reply<K>> {
    const id = `${this.#page}.${++this.#count}`;
    return new Promise<Reply<K>>((resolve, reject) => {
      // `data` is there in every request of a host without buffers, if empty: it asks for the answer in the same way.
      const content = { id, name, params, ...(this.#base64 ? { data: toBase64(bytes ?? new Uint8Array()) } : {}) };
      const buffers = bytes && !this.#base64 ? [bytes.slice().buffer] : [];
      const pending: Pending = { content, buffers, since: Date.now(), patience: RESEND_AFTER, decision, resolve: resolve as Pending["resolve"], reject };
      this.#pending.set(id, pending);
      this.#send(pending);
      this.#timer ??= setInterval(this.#tick, TICK);
    });
  }

  #send(pending: Pending): void {
    try {
      this.#model.send(pending.content, undefined, pending.buffers);
    } catch {
      this.#doubted = 1; // a disposed comm throws: the request waits with the others
      this.#setLink("lost");
    }
  }

  #setLink(link: Link): void {
    if (link === this.#link) return;
    this.#link = link;
    this.#onLink(link);
  }

  readonly #receive = (answer: Answer, buffers: readonly unknown[] = []): void => {
    const pending = answer.id === undefined ? undefined : this.#pending.get(answer.id);
    if (!answer.id || !pending) return; // another view's, or the second answer to a request sent twice
    this.#pending.delete(answer.id);
    const revived = this.#link === "lost";
    this.#doubted = 0;
    this.#answered = true;
    if (revived) for (const other of this.#pending.values()) this.#send(other);
    if (answer.ok) {
      const bytes = typeof answer.data === "string" ? asBytes(answer.data) : buffers.length > 0 ? asBytes(buffers[0]) : new Uint8Array();
      pending.resolve({ result: answer.result as Result<Name>, bytes });
    } else {
      const { kind, message } = answer.error ?? { kind: "failed" as const, message: "The kernel sent an answer without a reason." };
      pending.reject(new RequestError(kind, message));
    }
    this.#tick();
  };

  /** The host says the comm changed: live or dead, the event does not tell. An answer to one small question does. */
  readonly #doubt = (): void => {
    if (this.#doubted) return;
    this.#doubted = Date.now();
    void this.request("hello", { protocol: PROTOCOL }, PROBE).catch(() => undefined);
  };

  readonly #tick = (): void => {
    const now = Date.now();
    let oldest = now;
    for (const pending of this.#pending.values()) oldest = Math.min(oldest, pending.since);
    if (this.#pending.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const lost = this.#doubted > 0 && now - this.#doubted > LOST_AFTER;
    if (lost) this.#setLink("lost");
    else if (this.#doubted === 0 && now - oldest > BUSY_AFTER) this.#setLink("waiting");
    else if (this.#doubted === 0 && this.#answered) this.#setLink("ready");
    for (const pending of this.#pending.values()) {
      // A message can go missing with a socket. Only decisions are worth asking twice; the wait doubles.
      if (!pending.decision || now - pending.since < pending.patience) continue;
      pending.patience *= 2;
      this.#send(pending);
    }
  };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function random(): string {
  return crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), "");
}
