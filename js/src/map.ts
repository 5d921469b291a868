// Between store and scatter: what changed in one is told to the other, and nothing else.

import { clusterColours } from "./palette";
import type { Hover } from "./panels/hover";
import { clusterName } from "./panels/words";
import { createScatter, type Scatter, type ScatterStyle } from "./scatter/scatter";
import type { State } from "./state";
import type { Store } from "./store";

export interface MapHost {
  /** null where the browser cannot draw it; `message` says why, or that the context was lost. */
  scatter: Scatter | null;
  message: string;
  style(style: ScatterStyle): void;
  sync(): void;
  /** Css px at the map's lower end that lie under the tray. */
  covered(height: number): void;
}

export function mountMap(element: HTMLElement, store: Store, hover: Hover, redraw: () => void): MapHost {
  const made = createScatter(element, {
    select: (taken, final) => store.selection.drag(taken, final),
    cancel: () => store.selection.cancelDrag(),
    hover: (row, x, y) => {
      hover.over(row, x, y);
      if (host.scatter) host.scatter.setHover(row);
    },
    click: (row) => hover.click(row),
    lost: (message) => {
      host.message = message;
      redraw();
    },
  });
  const scatter = "unsupported" in made ? null : made;
  let over: { height: number; selected: State["selected"] } = { height: 0, selected: null };
  let drawn: Partial<Pick<State, "shown" | "frame" | "selected" | "hits" | "clusters" | "counts">> & Partial<State["view"]> & { draft?: boolean } = {};

  const host: MapHost = {
    scatter,
    message: "unsupported" in made ? made.unsupported : "",
    style(style) {
      scatter?.setStyle(style);
      scatter?.setColors(clusterColours(colours(store.state), style.dark));
    },
    sync() {
      if (!scatter) return;
      const { shown, frame, selected, hits, clusters, counts, view, session } = store.state;
      const { tool, op, dim } = view;
      // a draft's places say nothing about those of the round
      const drafted = drawn.draft === true;
      if (frame && shown !== drawn.shown) scatter.setData({ ...frame, labels: shown }, drawn.frame !== undefined, drafted && frame !== drawn.frame);
      if (selected !== drawn.selected || hits !== drawn.hits || shown !== drawn.shown) scatter.setSelection(selected ?? hits?.mask ?? null);
      if (clusters !== drawn.clusters || counts !== drawn.counts) {
        scatter.setNames(
          clusters.filter(({ cluster }) => cluster >= 0).map((cluster) => ({
            cluster: cluster.cluster,
            name: clusterName(cluster),
            ...(counts.has(cluster.cluster) ? { count: counts.get(cluster.cluster)! } : {}),
          })),
        );
      }
      if (tool !== drawn.tool) scatter.setTool(tool);
      if (op !== drawn.op) scatter.setOp(op);
      if (dim !== drawn.dim) scatter.setDim(dim);
      drawn = { draft: session?.draft ?? false, shown, ...(frame ? { frame } : {}), selected, hits, clusters, counts, tool, op, dim };
    },
    covered(height) {
      const { selected } = store.state;
      if (height === over.height && selected === over.selected) return;
      over = { height, selected };
      scatter?.setCovered(height);
    },
  };
  return host;
}

/** One colour a cluster there is, or was named. */
export function colours({ totals, clusters }: Pick<State, "totals" | "clusters">): number {
  return 1 + Math.max(-1, ...totals.keys(), ...clusters.map(({ cluster }) => cluster));
}
