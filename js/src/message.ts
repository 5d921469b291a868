// Requests and answers as anywidget's model carries them. Knows the wire's words, not when they are sent.

import { asBytes } from "./bytes";
import type { ErrorKind, Requests, Traits } from "./protocol";

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

/** An error reply: `message` was written for the person. */
export class RequestError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
  ) {
    super(message);
  }
}

export interface Answer {
  id?: string;
  ok?: boolean;
  result?: unknown;
  data?: string;
  error?: { kind?: ErrorKind; message?: string } | null;
}

/** What an answer says; one that can't be read is an error like others. */
export function read(answer: Answer, buffers: readonly unknown[]): Reply<Name> | RequestError {
  try {
    if (answer.ok === true) {
      const bytes = typeof answer.data === "string" ? asBytes(answer.data) : buffers.length > 0 ? asBytes(buffers[0]) : new Uint8Array();
      return { result: (answer.result ?? {}) as Result<Name>, bytes };
    }
  } catch {
    return new RequestError("failed", "The kernel's answer came damaged. Try again, or reload the page.");
  }
  const { kind, message } = answer.error ?? {};
  return new RequestError(kind ?? "failed", typeof message === "string" ? message : "The kernel sent an answer without a reason.");
}
