// Requests to Python and their replies, over anywidget's model. Knows the wire, not what is asked.
//
// A request never fails for want of time: a kernel that runs a cell answers when the cell ends, and the page says so meanwhile.
// What stays unanswered is sent again, and at once when the link comes back. Python does an act once, however often it comes, and never
// before the act that was sent before it; decisions carry an id of their own besides, which the journal knows for ever.

import { asBytes, toBase64 } from "./bytes";
import { type Answer, type DecisionName, type Model, type Name, type Params, read, type Reply, RequestError, type Result } from "./message";
import { PROTOCOL, READINGS } from "./protocol";
import { leave, type Waiting } from "./waiting";

/** `waiting`: something is unanswered for a while, the kernel runs a cell. `lost`: nobody answers on this comm any more. */
export type Link = "connecting" | "ready" | "waiting" | "lost";

interface Asker {
  resolve(reply: Reply<Name>): void;
  reject(error: RequestError): void;
}

interface Pending {
  content: { id: string; name: Name; params: unknown; data?: string };
  buffers: ArrayBuffer[];
  since: number;
  /** How long after `since` it is sent again. */
  patience: number;
  decision: boolean;
  /** Who waits for the answer: selections that were overtaken wait for that of the newest. */
  askers: Asker[];
}

const PROBE = Uint8Array.of(0, 127, 128, 255);
const BUSY_AFTER = 1500;
const LOST_AFTER = 3000;
const RESEND_AFTER = 8000;
/** The longest wait between two sendings of an act: a decision does not wait for minutes once a socket is back. Readings are larger. */
const ACT_AGAIN = 10_000;
const TICK = 250;

export class Kernel {
  readonly #model: Model;
  readonly #onLink: (link: Link) => void;
  readonly #page = random();
  readonly #pending = new Map<string, Pending>();
  /** The newest selection, while the one before it is on its way. */
  #held: Pending | null = null;
  #count = 0;
  #link: Link = "connecting";
  #base64 = false;
  /** Since when it is in doubt that anybody answers; 0 while it is not. */
  #doubted = 0;
  #answered = false;
  /** When all that waited was sent again last. */
  #revived = 0;
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
      const askers = [{ resolve: resolve as Asker["resolve"], reject }];
      this.#put({ content, buffers, since: Date.now(), patience: RESEND_AFTER, decision, askers });
      this.#timer ??= setInterval(this.#tick, TICK);
    });
  }

  /** Of selections that are made faster than they are answered, only the last goes out; whatever else is asked comes after it. */
  #put(pending: Pending): void {
    const { id, name } = pending.content;
    if (name !== "select") this.#release();
    else if (this.#held) {
      const { content, askers } = this.#held;
      this.#pending.delete(content.id);
      askers.push(...pending.askers);
      pending.askers = askers;
      this.#held = pending;
    } else if ([...this.#pending.values()].some(({ content }) => content.name === name)) this.#held = pending;
    this.#pending.set(id, pending);
    if (pending !== this.#held) this.#send(pending);
  }

  #release(): void {
    const held = this.#held;
    this.#held = null;
    if (held) this.#send(held);
  }

  #send(pending: Pending): void {
    if (pending === this.#held) return;
    const after = this.#before(pending);
    try {
      this.#model.send({ ...pending.content, ...(after ? { after } : {}) }, undefined, pending.buffers);
    } catch {
      this.#doubted = 1; // a disposed comm throws: the request waits with the others
      this.#setLink("lost");
    }
  }

  /** The last act without an answer that came before this one: Python does none before it. Cancel waits for nothing. */
  #before(pending: Pending): string | undefined {
    let before: string | undefined;
    if (!act(pending) || pending.content.name === "cancel") return before;
    for (const other of this.#pending.values()) {
      if (other === pending) break;
      if (act(other)) before = other.content.id;
    }
    return before;
  }

  #setLink(link: Link): void {
    if (link === this.#link) return;
    this.#link = link;
    this.#onLink(link);
  }

  readonly #receive = (answer: Answer | null, buffers: readonly unknown[] | null = []): void => {
    const pending = typeof answer?.id === "string" ? this.#pending.get(answer.id) : undefined;
    if (!answer || !pending) return; // another view's, or the second answer to a request sent twice
    const revived = this.#link === "lost" || this.#cameLate(pending);
    this.#doubted = 0;
    this.#answered = true;
    if (answer.ok !== true && answer.error?.kind === "early") return this.#early();
    this.#pending.delete(pending.content.id);
    if (revived) for (const other of this.#pending.values()) this.#send(other);
    if (pending.content.name === "select") this.#release();
    const said = read(answer, buffers ?? []); // some hosts say null where there are none
    for (const { resolve, reject } of pending.askers) {
      if (said instanceof RequestError) reject(said);
      else resolve(said);
    }
    this.#tick();
  };

  /** An act that was sent again is answered, for the first time in a while: the wire is whole again, and other messages may have gone missing. */
  #cameLate(pending: Pending): boolean {
    const now = Date.now();
    if (!act(pending) || pending.patience === RESEND_AFTER || now - this.#revived < RESEND_AFTER) return false;
    this.#revived = now;
    return true;
  }

  /** What had to come first went missing: all acts go out again at the next tick, in their order. */
  #early(): void {
    const now = Date.now();
    for (const pending of this.#pending.values()) if (act(pending)) pending.patience = Math.max(TICK, Math.min(pending.patience, now - pending.since));
    this.#tick();
  }

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
      // a message can go missing with a socket; the wait doubles
      if (pending === this.#held || now - pending.since < pending.patience) continue;
      pending.patience += act(pending) ? Math.min(pending.patience, ACT_AGAIN) : pending.patience;
      this.#send(pending);
    }
  };
}

function act({ content }: Pending): boolean {
  return !READINGS.has(content.name);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function random(): string {
  return crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), "");
}
