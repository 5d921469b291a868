/** Where each view would have each cluster's name. */
import { project } from "../geometry";
import type { Centre } from "./centres";
import type { NamesView } from "./nameplates";
import type { Views } from "./views";

export function nameViews(views: Views, centres: ReadonlyMap<number, Centre>, isHidden: (cluster: number) => boolean): NamesView[] {
  return views.list().map((view) => {
    const pixels = views.pixels(view);
    return {
      pane: view.pane,
      far: (at) => views.far(view.dim, at),
      size: (cluster) => centres.get(cluster)?.size ?? 0,
      place: (cluster) => {
        const centre = centres.get(cluster);
        if (centre === undefined || isHidden(cluster)) return null;
        return view.dim === 3 ? project(pixels, ...centre.at3) : project(pixels, ...centre.at2, 0);
      },
    };
  });
}
