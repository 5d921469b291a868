// The four tabs and the panel that is open.

import { html, nothing, type TemplateResult } from "lit-html";
import { exportedOf, type State, type Tab } from "../state";
import type { Page } from "./page";
import { forEyes } from "./suggestions";
import { count } from "./words";

/** Clusters that a person should look at: judged as anything but "keep". */
export const toLookAt = ({ clusters, frame, totals }: State) => clusters.filter(({ cluster, verdict }) => verdict !== null && verdict !== "keep" && (!frame || totals.has(cluster)));

/** What there is to do in the Review tab; before elute has said anything, what the analyst would not keep. */
function toReview({ store }: Page): number {
  const { suggested } = store.state;
  if (!suggested) return toLookAt(store.state).length;
  const { done, of } = store.quick.progress;
  return of - done + suggested.suggestions.filter(({ tier }) => tier === "safe").length + forEyes(suggested.suggestions).length;
}

const TABS: { tab: Tab; title: string; badge(page: Page): number }[] = [
  { tab: "review", title: "Review", badge: toReview },
  { tab: "clusters", title: "Clusters", badge: ({ store }) => store.state.clusters.length },
  { tab: "points", title: "Points", badge: () => 0 },
  { tab: "metrics", title: "Metrics", badge: () => 0 },
];

/** Those that there are: an exported page decides nothing, and lists rows only where it has their texts. */
function tabsOf({ store }: Page): typeof TABS {
  const exported = exportedOf(store.state);
  return exported ? TABS.filter(({ tab }) => tab !== "review" && (tab !== "points" || exported.texts)) : TABS;
}

export function tabs(page: Page, panel: unknown): TemplateResult {
  const { state } = page.store;
  const there = tabsOf(page);
  const open = (tab: Tab) => page.store.show({ tab });
  /** The keys of the quick look belong to its panel: there a click leads, and arrows from tab to tab stay in the list. */
  const click = (tab: Tab, event: Event) => {
    open(tab);
    const panel = (event.currentTarget as Element).closest(".el-panel");
    if (tab === "review") queueMicrotask(() => panel?.querySelector<HTMLElement>(".el-review")?.focus({ preventScroll: true }));
  };
  const walk = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const at = there.findIndex(({ tab }) => tab === state.view.tab);
    const next = there[(at + by + there.length) % there.length].tab;
    open(next);
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-test="tab-${next}"]`)?.focus();
  };
  return html`<div class="el-panel">
    <div class="el-tabs" role="tablist" aria-label="Panels" @keydown=${walk}>
      ${there.map(({ tab, title, badge }) => {
        const chosen = state.view.tab === tab;
        const number = badge(page);
        return html`<button type="button" role="tab" data-test="tab-${tab}" aria-selected=${chosen} tabindex=${chosen ? 0 : -1} @click=${(event: Event) => click(tab, event)}>
          ${title}${number > 0 ? html` <span class="el-badge">${count(number)}</span>` : nothing}
        </button>`;
      })}
    </div>
    <div class="el-body" role="tabpanel" aria-label=${state.view.tab} data-test="panel-${state.view.tab}">${panel}</div>
  </div>`;
}
