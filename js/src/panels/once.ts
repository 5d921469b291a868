// A double click decides once: its second click lands on what took the first one's place, which nobody has read yet.

/** Leaves the second click of a double click out. A press of a key on a button counts no clicks, and is always meant. */
export const once = (act: (event: Event) => void) => (event: Event) => {
  if ((event as UIEvent).detail <= 1) act(event);
};
