/** Whatever adds something returns what removes it. */
export type Dispose = () => void;

export function listen<E extends Event>(target: EventTarget, type: string, handle: (event: E) => void, options?: AddEventListenerOptions): Dispose {
  const listener = handle as EventListener;
  target.addEventListener(type, listener, options);
  return () => target.removeEventListener(type, listener, options);
}

export function together(...disposers: Dispose[]): Dispose {
  return () => disposers.splice(0).forEach((dispose) => dispose());
}
