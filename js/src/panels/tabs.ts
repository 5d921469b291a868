// The four tabs and the panel that is open.

import { html, nothing, type TemplateResult } from "lit-html";
import type { State, Tab } from "../state";
import type { Page } from "./page";
import { count } from "./words";

/** Clusters that a person should look at: judged as anything but "keep". */
export const toLookAt = ({ clusters }: State) => clusters.filter(({ verdict }) => verdict !== null && verdict !== "keep");

const TABS: { tab: Tab; title: string; badge(state: State): number }[] = [
  { tab: "review", title: "Review", badge: (state) => toLookAt(state).length },
  { tab: "clusters", title: "Clusters", badge: (state) => state.clusters.length },
  { tab: "points", title: "Points", badge: () => 0 },
  { tab: "metrics", title: "Metrics", badge: () => 0 },
];

export function tabs(page: Page, panel: unknown): TemplateResult {
  const { state } = page.store;
  const open = (tab: Tab) => page.store.show({ tab });
  const walk = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const at = TABS.findIndex(({ tab }) => tab === state.view.tab);
    const next = TABS[(at + by + TABS.length) % TABS.length].tab;
    open(next);
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-test="tab-${next}"]`)?.focus();
  };
  return html`<div class="el-panel">
    <div class="el-tabs" role="tablist" aria-label="Panels" @keydown=${walk}>
      ${TABS.map(({ tab, title, badge }) => {
        const chosen = state.view.tab === tab;
        const number = badge(state);
        return html`<button type="button" role="tab" data-test="tab-${tab}" aria-selected=${chosen} tabindex=${chosen ? 0 : -1} @click=${() => open(tab)}>
          ${title}${number > 0 ? html` <span class="el-badge">${count(number)}</span>` : nothing}
        </button>`;
      })}
    </div>
    <div class="el-body" role="tabpanel" aria-label=${state.view.tab} data-test="panel-${state.view.tab}">${panel}</div>
  </div>`;
}
