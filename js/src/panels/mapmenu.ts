// Over the map: everything in sight, and the menu of how it is drawn.

import { html, nothing, type TemplateResult } from "lit-html";
import { ghostly, type View } from "../state";
import { FIT, LOOK } from "./icons";
import type { Page } from "./page";

type Switch = "names" | "ghosts" | "orthographic" | "spin";

const SWITCHES: { key: Switch; title: string; help: string; deep: boolean }[] = [
  { key: "names", title: "Cluster names", help: "They float at the clusters' centres", deep: false },
  { key: "ghosts", title: "Ghosts of removed rows", help: "Faint, and never selected", deep: false },
  { key: "orthographic", title: "Without perspective", help: "Far rows are drawn as large as near ones", deep: true },
  { key: "spin", title: "Turn by itself", help: "Until you take hold of it", deep: true },
];

/** The picture as a file: the browser asks where it may go, or puts it where downloads are. */
async function save(page: Page): Promise<void> {
  const { store, scatter } = page;
  await store.attempt(async () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await scatter!.png());
    link.download = `elute-round-${store.state.session?.round?.number ?? 0}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    store.show({ popover: "" });
  });
}

export function mapMenu(page: Page): TemplateResult | typeof nothing {
  const { store, scatter } = page;
  const { view } = store.state;
  if (!scatter) return nothing;
  const open = view.popover === "map";
  const line = ({ key, title, help }: (typeof SWITCHES)[number]) =>
    html`<label class="el-check"
      title=${help}
      ><input type="checkbox" data-test="map-${key}" .checked=${key === "ghosts" ? ghostly(view) : view[key]} ?disabled=${key === "ghosts" && ghostly(view) && !view.ghosts} @change=${(event: Event) => store.show({ [key]: (event.target as HTMLInputElement).checked } as Partial<View>)} />${title}</label
    >`;
  return html`<div class="el-mapbar">
    <button type="button" class="el-button" data-test="map-fit" title="Everything in sight (F)" aria-label="Everything in sight" @click=${() => page.fly(null)}>${FIT}</button>
    <button
      type="button"
      class="el-button"
      data-test="open-map"
      data-opens="map"
      title="How the map is drawn"
      aria-label="How the map is drawn"
      aria-haspopup="dialog"
      aria-expanded=${open}
      @click=${() => store.show({ popover: open ? "" : "map" })}
    >
      ${LOOK}
    </button>
    ${open
      ? html`<div class="el-popover el-pop-map" role="dialog" aria-label="map" data-test="popover-map">
          ${SWITCHES.filter(({ deep }) => !deep || view.dim !== "2d").map(line)}
          <div class="el-acts">
            <button type="button" class="el-button" data-test="map-reset" @click=${() => scatter.reset()}>Turn back</button>
            <button type="button" class="el-button" data-test="map-png" @click=${() => void save(page)}>Save as PNG</button>
          </div>
        </div>`
      : nothing}
  </div>`;
}
