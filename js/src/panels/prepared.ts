// What preparing the texts found and changed.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Count } from "../protocol";
import { count } from "./words";

export function prepared(counts: Count[]): TemplateResult | typeof nothing {
  if (counts.length === 0) return nothing;
  const found = counts.filter(({ before, after, changed }) => before > 0 || after > 0 || changed > 0);
  const clean = counts.filter((step) => !found.includes(step)).map(({ title }) => title);
  return html`<section>
    <h3>Prepared texts</h3>
    ${found.length > 0 ? defects(found) : nothing}
    ${clean.length > 0 ? html`<p class="el-soft" data-test="metrics-clean">${found.length > 0 ? "Nothing else was found" : "Nothing was found"}. Looked for: ${clean.join("; ")}.</p>` : nothing}
    <p class="el-soft">On a working copy: your table keeps its texts as they are.</p>
  </section>`;
}

function defects(found: Count[]): TemplateResult {
  return html`<table class="el-table el-plain" data-test="metrics-counts">
    <thead>
      <tr>
        <th scope="col">defect</th>
        <th scope="col">before</th>
        <th scope="col">after</th>
        <th scope="col">rows changed</th>
      </tr>
    </thead>
    <tbody>
      ${found.map(({ title, before, after, changed }) => html`<tr><td>${title}</td><td class="el-figures">${count(before)}</td><td class="el-figures">${count(after)}</td><td class="el-figures">${count(changed)}</td></tr>`)}
    </tbody>
  </table>`;
}
