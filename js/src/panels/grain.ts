// The three named granularities of communities, where their clusters are read; any value between is a slider in the settings.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "./page";

const LEVELS = ["coarse", "default", "fine"];

export function grain({ store }: Page): TemplateResult | typeof nothing {
  const { session, status } = store.state;
  const choice = session?.settings.clusterer;
  if (choice?.name !== "communities") return nothing;
  const now = typeof choice.resolution === "number" ? "" : (choice.level ?? "default");
  const go = async (level: string) => {
    if (await store.decide("settings", { settings: { clusterer: { name: "communities", level, resolution: null } } }, `Granularity: ${level}.`)) await store.ask("run", {});
  };
  return html`<span class="el-grain-line" role="group" aria-label="Granularity">
    ${LEVELS.map(
      (level) => html`<button
        type="button"
        class="el-link"
        data-test="grain-${level}"
        aria-pressed=${level === now}
        ?disabled=${status.busy}
        @click=${() => (level === now ? undefined : void go(level))}
      >
        ${level}
      </button>`,
    )}
    <button type="button" class="el-link" data-test="grain-between" title="Any granularity between, with live counts" aria-label="Any granularity between" @click=${() => store.show({ popover: "settings" })}>…</button>
  </span>`;
}
