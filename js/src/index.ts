// The page, wired: kernel to store, store to panels and map, keys to actions. Nothing here awaits the kernel, so a busy one
// never keeps the widget from showing.

import { html, nothing, render as draw, type TemplateResult } from "lit-html";
import { createRef, ref } from "lit-html/directives/ref.js";
import { Kernel, type Model } from "./kernel";
import { watchKeys } from "./keys";
import { type Dispose, listen, together } from "./listen";
import { colours, mountMap } from "./map";
import { clusterColours } from "./palette";
import { consent } from "./panels/consent";
import { foot } from "./panels/foot";
import { history, keys, saved } from "./panels/history";
import { Hover } from "./panels/hover";
import { metrics } from "./panels/metrics";
import type { Page } from "./panels/page";
import { review } from "./panels/review";
import { settings } from "./panels/settings";
import { strip } from "./panels/strip";
import { tabs } from "./panels/tabs";
import { toolbar } from "./panels/toolbar";
import { tray } from "./panels/tray";
import { countSelected, type Popover, type State } from "./state";
import { Store } from "./store";
import { clustersTable, walk } from "./table/clusters";
import { PointsList } from "./table/points";
import { readStyle, watchTheme } from "./theme";

const POPOVERS: Partial<Record<Popover, (page: Page) => TemplateResult>> = { history, settings, saved, keys };

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
  let dark = false;
  let waiting = 0;
  let stale = false;
  let gone = false;
  const page: Page = {
    store,
    get scatter() {
      return map.scatter;
    },
    colour: (cluster) => clusterColours(Math.max(cluster + 1, colours(store.state)), dark)[cluster],
    fly: (cluster) => map.scatter?.flyTo(cluster),
    redraw: () => (waiting ||= requestAnimationFrame(paint)),
  };
  const points = new PointsList(page);
  const hover = new Hover(page);
  const mapElement = createRef<HTMLElement>();

  const panel = (): TemplateResult => {
    const { tab } = store.state.view;
    return tab === "clusters" ? clustersTable(page) : tab === "points" ? points.render() : tab === "metrics" ? metrics(page) : review(page);
  };
  const whole = (message: string): TemplateResult => {
    const { view, session, frame, status } = store.state;
    const empty = status.busy || !session ? "The map appears here as soon as the first round has something to show." : "There is no map yet: run a round.";
    return html`<div class="el-frame">
      ${toolbar(page)}
      ${view.popover
        ? html`<div class="el-popover el-pop-${view.popover}" role="dialog" aria-label=${view.popover} data-test="popover-${view.popover}">${POPOVERS[view.popover]?.(page)}</div>`
        : nothing}
      <div class="el-main">
        <div class="el-stage">
          <div class="el-map" data-test="map" ${ref(mapElement)}></div>
          ${message ? html`<p class="el-over" role="status" data-test="map-message">${message}</p>` : frame ? nothing : html`<p class="el-over el-soft">${empty}</p>`}
          ${session?.draft && frame ? html`<p class="el-draft" data-test="map-draft">A first sketch: the round is still running.</p>` : nothing}
          ${strip(page)} ${hover.render()} ${consent(page)} ${tray(page)}
        </div>
        ${tabs(page, panel())}
      </div>
      ${foot(page)}
    </div>`;
  };
  const paint = () => {
    waiting = 0;
    stale = false;
    if (gone) return;
    draw(whole(map.message), root);
    points.drawn();
    mark(root, store.state);
    if (!store.selection.dragging) map.covered(under(mapElement.value!, root.querySelector(".el-tray")));
  };

  draw(whole(""), root);
  const map = mountMap(mapElement.value!, store, hover, page.redraw);
  const restyle = () => {
    if (!root.isConnected) return;
    const style = readStyle(root);
    dark = style.dark;
    map.style(style);
    page.redraw();
  };
  Object.defineProperty(root, "__elute", { value: { scatter: map.scatter, store } });

  let coloured = -1;
  const unsubscribe = store.subscribe(() => {
    map.sync();
    if (colours(store.state) !== coloured) {
      coloured = colours(store.state);
      restyle();
    }
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
    () => model.off("change:revision", revised),
    () => model.off("change:status", status),
    () => model.off("change:height", height),
    watchTheme(root, restyle),
    watchKeys(root, { press: (key, event) => press(page, root, hover, key, event) }),
    listen(root, "pointerdown", (event: PointerEvent) => dismiss(page, event)),
    () => hover.destroy(),
    () => points.destroy(),
    () => map.scatter?.destroy(),
    () => kernel.dispose(),
    () => root.remove(),
  );
}

/** How much of the map's lower end the tray covers, in css px. */
function under(map: HTMLElement, tray: HTMLElement | null): number {
  return tray ? map.clientHeight - tray.offsetTop : 0;
}

/** What tests and scripts read off the root. */
function mark(root: HTMLElement, state: State): void {
  root.dataset.ready = String(state.frame !== null && !state.session?.draft);
  root.dataset.round = String(state.session?.round?.number ?? 0);
  root.dataset.kept = String(state.kept?.count() ?? state.session?.kept ?? 0);
  root.dataset.selected = String(countSelected(state));
  root.dataset.busy = String(state.status.busy);
}

/** A click beside an open popover closes it. */
function dismiss({ store }: Page, event: PointerEvent): void {
  const { popover } = store.state.view;
  if (popover && !(event.target as Element).closest(`.el-popover, [data-opens="${popover}"]`)) store.show({ popover: "" });
}

function press(page: Page, root: HTMLElement, hover: Hover, key: string, event: KeyboardEvent): boolean {
  const { store } = page;
  const { view, selected, hits, session } = store.state;
  const onButton = event.target instanceof Element && event.target.closest("button, summary, [role=tab]") !== null;
  switch (key) {
    case "x":
    case "Delete":
      if (selected) void store.drop();
      return true;
    case "z":
      if (session?.undo) void store.undo();
      return true;
    case "Z":
      if (session?.redo) void store.redo();
      return true;
    case "l":
    case "t":
    case "b":
      store.show({ tool: key === "l" ? "lasso" : key === "t" ? "turn" : "box" });
      return true;
    case "/":
      root.querySelector<HTMLElement>('[data-test="search"]')?.focus();
      return true;
    case "?":
      store.show({ popover: view.popover === "keys" ? "" : "keys" });
      return true;
    case "Escape":
      if (store.selection.dragging) return false; // the map restores what was selected before the drag
      if (view.popover) store.show({ popover: "" });
      else if (view.naming !== null) store.show({ naming: null });
      else if (hover.close()) return true;
      else if (hits) store.searching.clear();
      else if (selected) store.selection.clear();
      root.focus({ preventScroll: true });
      return true;
    case "ArrowDown":
    case "ArrowUp":
      // the list of points scrolls by them, and the map turns
      return !(event.target as Element).closest(".el-scroll[data-test=points], .elute-map") && walk(page, root, key, event);
    case "Enter":
      return !onButton && walk(page, root, key, event);
    default:
      return false;
  }
}

export default { render };
