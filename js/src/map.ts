// Between store and scatter: what changed in one is told to the other, and nothing else.

import { drawable } from "./frame";
import type { Mask } from "./mask";
import type { Hover } from "./panels/hover";
import { createScatter, type Scatter, type ScatterStyle } from "./scatter/scatter";
import type { Dim } from "./scatter/types";
import { ghostly, type State, type Step } from "./state";
import type { Store } from "./store";
import { clusterName } from "./words";

export interface MapHost {
  /** null where the browser cannot draw it; `message` says why, or that the context was lost. */
  scatter: Scatter | null;
  message: string;
  style(style: ScatterStyle): void;
  sync(): void;
  /** Css px at the map's lower end that lie under the tray. */
  covered(height: number): void;
  /** Flies to where a step was drawn, and shows its outline there. */
  revisit(step: Step | null): void;
}

interface Drawn {
  frame: State["frame"];
  shown: Int16Array;
  draft: boolean;
  lit: Mask | null;
  look: State["look"];
  filter: Mask | null;
  css: string[];
  perRow: Uint16Array | undefined;
  dim: Dim;
  clusters: State["clusters"];
  counts: State["counts"];
  op: Step["op"];
  view: State["view"];
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
    stopped: () => store.show({ spin: false }),
    lost: (message) => {
      host.message = message;
      redraw();
    },
  });
  const scatter = "unsupported" in made ? null : made;
  let over: { height: number; selected: State["selected"] } = { height: 0, selected: null };
  let drawn: Partial<Drawn> = {};

  const host: MapHost = {
    scatter,
    message: "unsupported" in made ? made.unsupported : "",
    style(style) {
      store.colouring.dark = style.dark;
      scatter?.setStyle(style);
      this.sync();
    },
    sync() {
      if (!scatter) return;
      const { shown, frame, selected, revisited, clusters, counts, view, session } = store.state;
      const look = view.tab === "review" ? store.state.look : null;
      const { css, perRow, filter } = store.colouring;
      const { op } = store.selection;
      // a map that has no coords yet waits, and what is shown stays
      const dim = frame && drawn.dim && !drawable(frame, view.dim) ? drawn.dim : view.dim;
      const lit = revisited?.rows ?? selected ?? store.searching.found?.mask ?? look?.rows ?? null;
      // a draft's places say nothing about those of the round
      const drafted = drawn.draft === true;
      const regrouped = shown !== drawn.shown;
      // coords that only came late settle from nowhere
      if (frame && (regrouped || frame !== drawn.frame)) scatter.setData({ ...frame, labels: shown }, regrouped && Boolean(drawn.frame), drafted && frame !== drawn.frame);
      if (css !== drawn.css || perRow !== drawn.perRow) scatter.setColors(css, perRow);
      if (view.hidden !== drawn.view?.hidden) scatter.setHidden(new Set(view.hidden));
      if (filter !== drawn.filter) scatter.setFilter(filter);
      if (lit !== drawn.lit || regrouped) scatter.setSelection(lit);
      if (look && look.cluster !== drawn.look?.cluster && lit === look.rows) scatter.flyTo(look.cluster);
      if (clusters !== drawn.clusters || counts !== drawn.counts || view.names !== drawn.view?.names) scatter.setNames(view.names ? names(store.state) : []);
      if (view.tool !== drawn.view?.tool) scatter.setTool(view.tool);
      if (op !== drawn.op) scatter.setOp(op);
      if (view.visible !== drawn.view?.visible) scatter.setVisibleOnly(view.visible);
      if (!drawn.view || ghostly(view) !== ghostly(drawn.view)) scatter.setGhosts(ghostly(view));
      if (view.orthographic !== drawn.view?.orthographic) scatter.setOrthographic(view.orthographic);
      if (view.spin !== drawn.view?.spin) scatter.setSpin(view.spin);
      if (dim !== drawn.dim) scatter.setDim(dim);
      if (revisited === null && drawn.view && outlined) {
        outlined = false;
        scatter.revisit(null);
      }
      drawn = { draft: session?.draft ?? false, shown, frame, lit, look, filter, css, perRow, dim, clusters, counts, op, view };
    },
    covered(height) {
      const { selected } = store.state;
      if (height === over.height && selected === over.selected) return;
      over = { height, selected };
      scatter?.setCovered(height);
    },
    revisit(step) {
      const drawnStep = step as (Step & Parameters<Scatter["revisit"]>[0]) | null;
      if (!drawnStep || !scatter) return;
      const flat = drawnStep.dim === 2;
      const { dim } = store.state.view;
      if (dim !== "both" && (dim === "2d") !== flat) store.show({ dim: flat ? "2d" : "3d" });
      outlined = store.state.revisited !== null;
      scatter.revisit({ polygon: drawnStep.polygon, radius: drawnStep.radius, dim: drawnStep.dim, stand: drawnStep.stand });
    },
  };
  /** The outline of a decision is on the map. */
  let outlined = false;
  return host;
}

function names({ clusters, counts, totals }: State) {
  return clusters
    .filter(({ cluster }) => cluster >= 0)
    .map((cluster) => {
      const count = counts.get(cluster.cluster);
      return { cluster: cluster.cluster, name: clusterName(cluster), ...(count === undefined ? {} : { count, of: totals.get(cluster.cluster) ?? count }) };
    });
}
