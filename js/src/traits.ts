// The view that all views of a widget share, and Python knows: a trait is written only where a hand here made it differ.

import type { Model } from "./message";
import { type Dispose, together } from "./listen";
import type { View } from "./state";
import type { Store } from "./store";

type Shared = Pick<View, "dim" | "colourBy" | "hidden">;

function read(model: Model): Partial<Shared> {
  const dim = model.get("dim");
  const colourBy = model.get("colour_by");
  const hidden = model.get("hidden");
  // a widget of an older Python has none of them
  return { ...(dim ? { dim } : {}), ...(colourBy ? { colourBy } : {}), ...(Array.isArray(hidden) ? { hidden: new Set(hidden) } : {}) };
}

const same = (a: ReadonlySet<number>, b: ReadonlySet<number>) => a.size === b.size && [...a].every((item) => b.has(item));

export function shareView(model: Model, store: Store): Dispose {
  let told: Shared;
  const take = () => {
    const { dim, colourBy, hidden } = { ...store.state.view, ...read(model) };
    const { view } = store.state;
    told = { dim, colourBy, hidden };
    if (view.dim !== dim || view.colourBy !== colourBy || !same(view.hidden, hidden)) store.show({ dim, colourBy, hidden });
  };
  const tell = () => {
    const { dim, colourBy, hidden } = store.state.view;
    const differs = { dim: dim !== told.dim, colourBy: colourBy !== told.colourBy, hidden: hidden !== told.hidden && !same(hidden, told.hidden) };
    told = { dim, colourBy, hidden };
    if (differs.dim) model.set("dim", dim);
    if (differs.colourBy) model.set("colour_by", colourBy);
    if (differs.hidden) model.set("hidden", [...hidden].sort((a, b) => a - b));
    if (differs.dim || differs.colourBy || differs.hidden) model.save_changes();
  };
  take();
  const events = ["change:dim", "change:colour_by", "change:hidden"];
  for (const event of events) model.on(event, take);
  return together(store.subscribe(tell), ...events.map((event) => () => model.off(event, take)));
}
