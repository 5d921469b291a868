// The page, wired: kernel to store, store to panels and map, keys to actions. Nothing here awaits the kernel, so a busy one
// never keeps the widget from showing.

import { html, nothing, render as draw, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { createRef, ref } from "lit-html/directives/ref.js";
import { openExported } from "./exported/open";
import { Kernel } from "./kernel";
import type { Model } from "./message";
import { watchKeys } from "./keys";
import { type Dispose, listen, together } from "./listen";
import { mountMap } from "./map";
import { clusterColour } from "./palette";
import { analyst } from "./panels/analyst";
import { consent } from "./panels/consent";
import { emptyMap } from "./panels/empty";
import { foot } from "./panels/foot";
import { history } from "./panels/history";
import { Hover } from "./panels/hover";
import { keys } from "./panels/keys";
import { legend } from "./panels/legend";
import { mapMenu } from "./panels/mapmenu";
import { looking } from "./panels/looking";
import { metrics } from "./panels/metrics";
import type { Page } from "./panels/page";
import { report } from "./panels/report";
import { returning } from "./panels/returning";
import { review } from "./panels/review";
import { saved } from "./panels/saved";
import { settings } from "./panels/settings";
import { strip } from "./panels/strip";
import { tabs } from "./panels/tabs";
import { toolbar } from "./panels/toolbar";
import { pressTour, tour, TourPlace } from "./panels/tour";
import { tray } from "./panels/tray";
import { press } from "./press";
import { pressLook } from "./quickkeys";
import { countKept, countSelected, lastDrawn, type Popover, type State } from "./state";
import { Store } from "./store";
import { columns } from "./table/attributes";
import { ClusterTable } from "./table/clusters";
import { PointsList } from "./table/points";
import { readStyle, watchTheme } from "./theme";
import { Tour } from "./tour";
import { shareView } from "./traits";
import { Typing } from "./typing";

const POPOVERS: Partial<Record<Popover, (page: Page) => TemplateResult>> = { history, settings, saved, keys, columns, analyst, report };

function render({ model, el }: { model: Model; el: HTMLElement }): Dispose {
  const root = document.createElement("div");
  root.className = "elute";
  root.tabIndex = 0;
  root.dataset.lmSuppressShortcuts = "true";
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", "elute: map and tables of texts");
  el.append(root);

  const kernel = new Kernel(model, (link) => store.linked(link));
  const store = new Store(kernel);
  let waiting = 0;
  let stale = false;
  let gone = false;
  const page: Page = {
    store,
    tour: new Tour(store, () => page.redraw()),
    get scatter() {
      return map.scatter;
    },
    colour: (cluster) => clusterColour(cluster, store.colouring.dark),
    fly: (cluster) => map.scatter?.flyTo(cluster),
    flyToSelection: () => map.scatter?.flyToRows(store.state.selected),
    revisit: async (id) => map.revisit(await store.revisit(id)),
    lookAgain: () => map.revisit(lastDrawn(store.state.steps)),
    redraw: () => {
      epoch++;
      waiting ||= requestAnimationFrame(paint);
    },
  };
  const clusters = new ClusterTable(page);
  const points = new PointsList(page);
  const hover = new Hover(page, points.near);
  const place = new TourPlace(page, root);
  const typing = new Typing(root);
  const mapElement = createRef<HTMLElement>();
  /** Moves with everything but what is being dragged over: while one drags, only what counts rows is drawn again. */
  let epoch = 0;
  let last: State = store.state;
  const still = (make: () => unknown) => guard([epoch], make);

  const panel = (): unknown => {
    const { tab } = store.state.view;
    return tab === "clusters" ? clusters.render() : still(() => (tab === "points" ? points.render() : tab === "metrics" ? metrics(page) : review(page)));
  };
  const popover = (): TemplateResult | typeof nothing => {
    const name = store.state.view.popover;
    const body = POPOVERS[name];
    return body ? html`<div class="el-popover el-pop-${name}" role="dialog" aria-label=${name} tabindex=${name === "keys" ? "0" : nothing} data-test="popover-${name}">${body(page)}</div>` : nothing;
  };
  const whole = (message: string): TemplateResult => {
    const { frame } = store.state;
    return html`<div class="el-frame">
      ${still(() => toolbar(page))} ${still(() => returning(page))} ${still(popover)}
      <div class="el-main">
        <div class="el-stage">
          <div class="el-map" data-test="map" ${ref(mapElement)}></div>
          ${emptyMap(page, message)}
          ${looking(page)} ${frame ? html`${strip(page)} ${mapMenu(page)} ${legend(page)}` : nothing} ${hover.render()} ${consent(page)} ${tray(page)}
        </div>
        ${tabs(page, panel())}
      </div>
      ${still(() => foot(page))} ${still(() => tour(page))}
    </div>`;
  };
  const paint = () => {
    waiting = 0;
    stale = false;
    if (gone) return;
    const { state } = store;
    if (!store.selection.dragging || differs(last, state)) epoch++;
    last = state;
    const { held } = typing;
    draw(whole(map.message), root);
    clusters.drawn();
    points.drawn();
    place.drawn();
    typing.drawn(held);
    mark(root, state);
    if (store.selection.dragging) return;
    const height = under(mapElement.value!, root.querySelector(".el-tray"));
    mapElement.value!.parentElement!.style.setProperty("--el-covered", `${height}px`);
    map.covered(height);
  };

  draw(whole(""), root);
  const map = mountMap(mapElement.value!, store, hover, page.redraw);
  const restyle = () => {
    if (!root.isConnected) return;
    const style = readStyle(root);
    map.style(style);
    page.redraw();
  };
  Object.defineProperty(root, "__elute", { value: { scatter: map.scatter, store } });

  const unshare = shareView(model, store);
  const unsubscribe = store.subscribe(() => {
    map.sync();
    // Before the next event, so that no handler ever sees what was; once, however much changed.
    if (!stale) queueMicrotask(paint);
    stale = true;
  });
  const height = () => root.style.setProperty("--el-height", `${model.get("height") || 720}px`);
  const revised = () => store.revised(model.get("revision"));
  const status = () => store.status(model.get("status"));
  model.on("change:revision", revised);
  model.on("change:status", status);
  model.on("change:height", height);
  height();
  map.sync();
  restyle();
  void store.start(model.get("revision"), model.get("status"));

  return together(
    () => {
      gone = true;
      cancelAnimationFrame(waiting);
    },
    unsubscribe,
    unshare,
    () => model.off("change:revision", revised),
    () => model.off("change:status", status),
    () => model.off("change:height", height),
    watchTheme(root, restyle),
    typing.watch(),
    watchKeys(root, { press: (key, event) => typing.takes(key, event) || pressTour(page, key, event) || clusters.press(key, event) || points.press(key, event) || pressLook(page, root, key, event) || press({ page, root, hover }, key, event) }),
    listen(root, "pointerdown", (event: PointerEvent) => dismiss(page, event)),
    () => hover.destroy(),
    () => clusters.destroy(),
    () => points.destroy(),
    () => map.scatter?.destroy(),
    () => store.previewing.forget(),
    () => store.evidence.destroy(),
    () => store.thumbnails.destroy(),
    () => store.worth.destroy(),
    () => store.analysing.destroy(),
    () => store.returning.destroy(),
    () => kernel.dispose(),
    () => root.remove(),
  );
}

/** Something changed beside the rows that a drag takes. */
function differs(before: State, after: State): boolean {
  const dragged = new Set<keyof State>(["selected", "counts"]);
  const keys = Object.keys(after) as (keyof State)[];
  return (before.selected === null) !== (after.selected === null) || keys.some((key) => !dragged.has(key) && before[key] !== after[key]);
}

/** How much of the map's lower end the tray covers, in css px. */
function under(map: HTMLElement, tray: HTMLElement | null): number {
  return tray ? map.clientHeight - tray.offsetTop : 0;
}

/** What tests and scripts read off the root. */
function mark(root: HTMLElement, state: State): void {
  root.dataset.ready = String(state.frame !== null && !state.session?.draft);
  root.dataset.round = String(state.session?.round?.number ?? 0);
  root.dataset.kept = String(countKept(state));
  root.dataset.selected = String(countSelected(state));
  root.dataset.busy = String(state.status.busy);
  root.dataset.undecided = String(state.undecided);
}

/** A click beside an open popover closes it. */
function dismiss({ store }: Page, event: PointerEvent): void {
  const { popover } = store.state.view;
  if (popover && !(event.target as Element).closest(`.el-popover, [data-opens="${popover}"]`)) store.show({ popover: "" });
}

/** `exported` opens a page that has no Python behind it, with what it holds. */
export default { render, exported: (window: Window) => openExported(render, window) };
