// An exported page, opened: the widget over what the page holds, as high as the window.

import type { Model } from "../message";
import type { Dispose } from "../listen";
import { SealedModel } from "./model";
import { type Sealed, unseal } from "./sealed";

/** Px beside the widget's own frame. */
const MARGIN = 24;
/** Px below which it is not squeezed. */
const LEAST = 480;
/** Where the frame is narrow, the style sheet makes it higher by this. */
const TALL = 1.3;
const NARROW = 900;

type Render = (given: { model: Model; el: HTMLElement }) => Dispose;

export function openExported(render: Render, { document, innerHeight, innerWidth }: Pick<Window, "document" | "innerHeight" | "innerWidth">): void {
  const place = document.getElementById("elute")!;
  const sealed = JSON.parse(document.getElementById("elute-held")!.textContent) as Sealed;
  const fit = (height: number, width: number) => Math.max(LEAST, Math.floor((height - MARGIN) / (width <= NARROW + MARGIN ? TALL : 1)));
  const model = new SealedModel(unseal(sealed), fit(innerHeight, innerWidth));
  place.replaceChildren();
  render({ model, el: place });
  document.defaultView?.addEventListener("resize", () => model.set("height", fit(document.defaultView!.innerHeight, document.defaultView!.innerWidth)));
}
