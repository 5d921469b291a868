// anywidget's model where there is no Python: requests are answered from what the page holds.

import { type Listener, type Model, type Name, type Params, RequestError } from "../message";
import type { Part, Traits } from "../protocol";
import { IDLE } from "../state";
import { Answers } from "./answers";
import type { Unsealed } from "./sealed";

export class SealedModel implements Model {
  readonly #answers: Answers;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #traits: Traits;

  constructor(page: Unsealed, height: number) {
    this.#answers = new Answers(page);
    this.#traits = { revision: {} as Record<Part, number>, status: IDLE, ...page.traits, height, counts: { kept: page.state.kept, selected: 0 } };
  }

  get<K extends keyof Traits>(name: K): Traits[K] {
    return this.#traits[name];
  }

  set<K extends keyof Traits>(name: K, value: Traits[K]): void {
    this.#traits[name] = value;
    this.#fire(`change:${name}`);
  }

  save_changes(): void {
    // there is nobody to save them for
  }

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] = []): void {
    const { id, name, params } = content as { id: string; name: Name; params: Params<Name> };
    queueMicrotask(() => {
      try {
        const { result, bytes } = this.#answers.answer(name, params, new Uint8Array(buffers[0] ?? new ArrayBuffer()));
        this.#fire("msg:custom", { id, ok: true, result }, [bytes]);
      } catch (error) {
        const told = error instanceof RequestError ? error : new RequestError("failed", "This page could not do that.");
        this.#fire("msg:custom", { id, ok: false, error: { kind: told.kind, message: told.message } }, []);
      }
    });
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener);
  }

  #fire(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) (listener as (...args: unknown[]) => void)(...args);
  }
}
