// Clusterings side by side in the same space: which ones is chosen here, rows come as they are done, and one of them may become the
// setting of the next round. No row is called the best.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { Result } from "../message";
import type { Choice, Compared, Form } from "../protocol";
import { fields, misfit, valueOf } from "./fields";
import type { Page } from "./page";
import { count, duration, figure, percent, rows as rowsOf } from "./words";

/** Clusterings of one comparison. */
const MOST = 12;
/** Sizes that a plot has room for. */
const BARS = 28;
const [WIDTH, HEIGHT] = [52, 20];

/** What a first comparison is of: the setting as it is, and each of the others as it comes. */
export function suggested(forms: Form[], now: Choice): Choice[] {
  const others = forms.filter(({ name }) => name !== now.name).map(({ name }): Choice => ({ name }));
  return [...(forms.some(({ name }) => name === now.name) ? [now] : []), ...others].slice(0, 4);
}

/** A clusterer and what differs from its defaults, in a few words. */
export function titleOf(forms: Form[], choice: Choice): string {
  const form = forms.find(({ name }) => name === choice.name);
  const changed = (form?.fields ?? []).filter((field) => field.name in choice && choice[field.name] !== field.default && choice[field.name] !== null);
  return `${form?.title ?? choice.name}${changed.length > 0 ? `, ${changed.map(({ name }) => `${name.replaceAll("_", " ")} ${String(choice[name])}`).join(", ")}` : ""}`;
}

/** Whether two say the same: what comes back from a journal has its fields in another order. */
const same = (a: Choice, b: Choice): boolean => Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);

export function compare(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const { hello, session } = store.state;
  if (!hello || !session) return nothing;
  const { evidence } = store;
  const { value } = evidence.want("compared");
  const open = evidence.candidates !== null || (value?.rows.length ?? 0) > 0 || value?.running;
  const start = () => {
    evidence.candidates = suggested(hello.clusterers, session.settings.clusterer);
    page.redraw();
  };
  return html`<section class="el-compare" data-test="metrics-compare">
    <h3>Compare clusterings</h3>
    <p class="el-soft">Each is scored on the rows that stay, in the full space. Nothing changes until you use one.</p>
    ${open ? html`${candidates(page, evidence.candidates ?? suggested(hello.clusterers, session.settings.clusterer))} ${value ? results(page, value) : nothing}` : html`<button type="button" class="el-button" data-test="compare-open" @click=${start}>Choose which…</button>`}
  </section>`;
}

function candidates(page: Page, chosen: Choice[]): TemplateResult {
  const { store } = page;
  const { evidence } = store;
  const forms = store.state.hello!.clusterers;
  const running = evidence.want("compared").value?.running ?? false;
  const put = (next: Choice[]) => {
    evidence.candidates = next;
    page.redraw();
  };
  const replace = (at: number, choice: Choice) => put(chosen.map((one, i) => (i === at ? choice : one)));
  const wrong = chosen.some((choice) => (forms.find(({ name }) => name === choice.name)?.fields ?? []).some((field) => misfit(field, valueOf(choice, field)) !== ""));
  const line = (choice: Choice, at: number) => {
    const form = forms.find(({ name }) => name === choice.name);
    return html`<li>
      <details>
        <summary><span class="el-name">${titleOf(forms, choice)}</span></summary>
        <select class="el-input" data-test="compare-clusterer" aria-label="Clusterer ${at + 1}" @change=${(event: Event) => replace(at, { name: (event.target as HTMLSelectElement).value })}>
          ${forms.map(({ name, title }) => html`<option value=${name} .selected=${live(name === choice.name)}>${title}</option>`)}
        </select>
        ${form ? fields(`compare-${at}`, form, choice, (next) => replace(at, next)) : nothing}
      </details>
      <button type="button" class="el-link el-soft" data-test="compare-remove" aria-label="Leave out ${titleOf(forms, choice)}" @click=${() => put(chosen.filter((_, i) => i !== at))}>Leave out</button>
    </li>`;
  };
  return html`<ol class="el-candidates">
      ${chosen.map(line)}
    </ol>
    <div class="el-acts">
      <button type="button" class="el-button el-primary" data-test="compare-run" ?disabled=${chosen.length === 0 || wrong || running} @click=${() => void evidence.compare(chosen)}>${running ? "Comparing…" : `Compare ${count(chosen.length)}`}</button>
      <button type="button" class="el-button" data-test="compare-add" ?disabled=${chosen.length >= MOST || forms.length === 0} @click=${() => put([...chosen, chosen.at(-1) ?? { name: forms[0].name }])}>Add one</button>
    </div>`;
}

function results(page: Page, { rows, running, error, note, round, kept }: Result<"compared">): TemplateResult | typeof nothing {
  if (rows.length === 0) return error ? html`<p class="el-trouble" role="status">${error}</p>` : nothing;
  const known = rows.flatMap(({ silhouette, spread }) => (silhouette === null ? [] : [silhouette - (spread ?? 0), silhouette + (spread ?? 0)]));
  const reach: [number, number] = [Math.min(0, ...known), Math.max(0.05, ...known)];
  const labelled = rows.some(({ label }) => label !== null);
  const { session } = page.store.state;
  const old = !running && (session!.stale || session!.round?.number !== round);
  return html`${old
      ? html`<p class="el-note" data-test="compare-old">
          These are figures of round ${round}, over ${rowsOf(kept)}.
          <button type="button" class="el-link" data-test="compare-again" @click=${() => void page.store.evidence.compare(rows.map(({ clusterer }) => clusterer))}>Compare again</button>
        </p>`
      : nothing}
    <div class="el-compared ${old ? "el-old" : ""}">
      <table class="el-table el-plain" data-test="compared" aria-busy=${running}>
        <thead>
          <tr>
            <th scope="col">clustering</th>
            <th scope="col">clusters</th>
            <th scope="col" title="Mean and what chance moves it by: over halves of the rows, and over seeds">silhouette</th>
            <th scope="col" title="Rows of each cluster, the largest first">sizes</th>
            <th scope="col">noise</th>
            <th scope="col" title="Adjusted Rand index with the round as it is: 1 is the same clusters">same</th>
            ${labelled ? html`<th scope="col" title="Adjusted Rand index with your labels">label</th>` : nothing}
            <th scope="col">time</th>
            <th scope="col"><span class="el-hidden">use</span></th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => one(page, row, reach, labelled))}
        </tbody>
      </table>
    </div>
    ${note ? html`<p class="el-soft" data-test="compare-note">${note}</p>` : nothing} ${error ? html`<p class="el-trouble" role="status">${error}</p>` : nothing}`;
}

function one(page: Page, row: Compared, reach: [number, number], labelled: boolean): TemplateResult {
  const { store } = page;
  const { title, clusters, silhouette, davies_bouldin, calinski_harabasz, largest, smallest, sizes, noise, agreement, label, seconds, note, error } = row;
  if (error) return html`<tr><td><span class="el-name" title=${title}>${title}</span></td><td colspan=${labelled ? 8 : 7} class="el-trouble el-because">${error}</td></tr>`;
  const now = same(store.state.session!.settings.clusterer, row.clusterer);
  const use = async () => {
    if (await store.decide("settings", { settings: { clusterer: row.clusterer } }, `${title} is the setting of the next round.`)) await store.ask("run", {});
  };
  const more = `${title}. Davies-Bouldin ${figure(davies_bouldin, 2)}, Calinski-Harabasz ${figure(calinski_harabasz, 1)}; largest ${count(largest)}, smallest ${count(smallest)}${note ? `. ${note}` : ""}`;
  return html`<tr data-test="compared-row">
    <td title=${more}><span class="el-name">${title}</span></td>
    <td class="el-figures">${count(clusters)}</td>
    <td class="el-figures">${figure(silhouette, 3)} ${whisker(row, reach)}</td>
    <td>${bars(sizes)}</td>
    <td class="el-figures">${percent(noise)}</td>
    <td class="el-figures">${figure(agreement, 2)}</td>
    ${labelled ? html`<td class="el-figures">${figure(label, 2)}</td>` : nothing}
    <td class="el-figures">${seconds < 1 ? "<1 s" : duration(seconds)}</td>
    <td>${now ? html`<span class="el-soft">in use</span>` : html`<button type="button" class="el-link" data-test="compared-use" title="The next round clusters like this; Z goes back" @click=${() => void use()}>Use</button>`}</td>
  </tr>`;
}

/** Where the silhouette lies among all of them, and how far chance moves it. */
function whisker({ silhouette, spread }: Compared, [low, high]: [number, number]): TemplateResult {
  const at = (value: number) => 4 + ((WIDTH - 8) * (value - low)) / (high - low);
  const around = spread ?? 0;
  return html`<svg class="el-mini" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true">
    <line class="el-grid" x1="2" x2=${WIDTH - 2} y1=${HEIGHT / 2} y2=${HEIGHT / 2} />
    ${silhouette === null ? nothing : svg`<line class="el-reach" x1=${at(silhouette - around)} x2=${at(silhouette + around)} y1=${HEIGHT / 2} y2=${HEIGHT / 2} /><circle cx=${at(silhouette)} cy=${HEIGHT / 2} r="3" />`}
  </svg>`;
}

function bars(sizes: number[]): TemplateResult {
  const some = sizes.length <= BARS ? sizes : Array.from({ length: BARS }, (_, i) => sizes[Math.floor((i * sizes.length) / BARS)]);
  const most = Math.max(1, ...some);
  const width = WIDTH / Math.max(some.length, 8);
  return html`<svg class="el-mini" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} role="img" aria-label="${sizes.length} sizes, ${count(sizes[0] ?? 0)} to ${count(sizes.at(-1) ?? 0)} rows">
    ${some.map((size, i) => svg`<rect x=${i * width} width=${Math.max(0.6, width - 0.7)} y=${HEIGHT - Math.max(1, (HEIGHT * size) / most)} height=${Math.max(1, (HEIGHT * size) / most)} />`)}
  </svg>`;
}
