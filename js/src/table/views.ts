// What the Points tab shows: the list of rows, duplicates side by side, or labels that look like others.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "../panels/page";
import type { PointsView } from "../state";

const VIEWS: { view: PointsView; title: string; help: string }[] = [
  { view: "rows", title: "Rows", help: "Every row, to read, sort and filter" },
  { view: "duplicates", title: "Duplicates", help: "Rows that say the same, side by side" },
  { view: "labels", title: "Labels", help: "Rows that look like another label than theirs" },
];

export function views({ store }: Page): TemplateResult | typeof nothing {
  const { hello, view, session } = store.state;
  if (!session?.round || hello?.exported) return nothing;
  const shown = VIEWS.filter((one) => one.view !== "labels" || hello?.label_name);
  return html`<div class="el-line el-views">
    <span class="el-segments" role="group" aria-label="What to show">
      ${shown.map(({ view: name, title, help }) => html`<button type="button" data-test="points-${name}" aria-pressed=${view.points === name} title=${help} @click=${() => store.show({ points: name })}>${title}</button>`)}
    </span>
  </div>`;
}
