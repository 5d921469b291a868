// Attributes of rows as columns of the list: which are shown, which sort, and how a value is written.

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "../panels/page";
import type { Attribute } from "../protocol";
import type { State } from "../state";
import { beginning } from "./whole";
import { mark, turned } from "./sorting";

const LONGEST = 200;
/** Columns that one answer holds. */
const MOST = 20;
const GROUPS: { group: Attribute["group"]; title: string }[] = [
  { group: "", title: "The round" },
  { group: "column", title: "Your table" },
  { group: "finding", title: "Findings" },
];
const WIDTH: Record<Attribute["kind"], number> = { number: 92, flag: 76, category: 120, text: 180 };
/** Of numbers of 1 and more Python sends four decimals, of smaller ones four digits. */
const large = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });
const small = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

/** The attributes shown as columns, of those there are. */
export function shownColumns({ session, view }: State): Attribute[] {
  return view.columns.flatMap((key) => session?.attributes.find((attribute) => attribute.key === key) ?? []);
}

export const widthOf = ({ kind, title }: Attribute): number => Math.max(WIDTH[kind], Math.min(160, 30 + 6.5 * title.length));

/** Numbers and flags are looked at from the top. */
const fallsFirst = ({ kind }: Attribute): boolean => kind === "number" || kind === "flag";

export function written(value: string | number | null | undefined, { kind }: Attribute): string {
  if (value === undefined) return "…";
  if (value === null || value === "") return "";
  if (kind === "flag") return value === 0 || value === "no" ? "" : "yes";
  return typeof value === "number" ? numeral(value) : beginning(value, LONGEST);
}

/** No digit is lost: two ids stay two. */
function numeral(value: number): string {
  const size = Math.abs(value);
  if (size >= 2 ** 53 || (size > 0 && size < 1e-6)) return String(value);
  return (size < 1 ? small : large).format(value);
}

/** The title of a column, which sorts the list. */
export function sortButton(page: Page, attribute: Attribute): TemplateResult {
  const { store } = page;
  const { order } = store.state.view;
  const sort = order.find(({ key }) => key === attribute.key);
  const turn = (event: MouseEvent) => store.list({ order: turned(order, attribute.key, fallsFirst(attribute), event.shiftKey) });
  return html`<button type="button" class=${sort ? "el-sorts" : ""} title="Sort by ${attribute.title}. Shift+click: by this too" data-test="points-sort-${attribute.key}" @click=${turn}>
    <span class="el-name" dir="auto">${attribute.title}</span>${sort ? mark(order, attribute.key, sort.down) : nothing}
  </button>`;
}

function line(page: Page, attribute: Attribute): TemplateResult {
  const { store } = page;
  const { columns, order } = store.state.view;
  const { key, title } = attribute;
  const shown = columns.includes(key);
  const sort = order.find((one) => one.key === key);
  const toggle = () => store.list({ columns: shown ? columns.filter((one) => one !== key) : [...columns, key] });
  const turn = () => store.list({ order: turned(order, key, fallsFirst(attribute), true) });
  const says = sort ? `${mark(order, key, sort.down)} ${sort.down ? "falling" : "rising"}` : "sort";
  return html`<div class="el-check">
    <label class="el-check el-grow"><input type="checkbox" .checked=${shown} ?disabled=${!shown && columns.length >= MOST} data-test="column-${key}" @change=${toggle} /><span class="el-name" dir="auto">${title}</span></label>
    <button type="button" class="el-link ${sort ? "" : "el-soft"}" aria-label="Sort by ${title}: ${sort ? (sort.down ? "falling" : "rising") : "no"}" data-test="order-${key}" @click=${turn}>${says}</button>
  </div>`;
}

/** The popover that says what the list shows of each row, and by what it is sorted. */
export function columns(page: Page): TemplateResult {
  const { store } = page;
  const { session, view } = store.state;
  const all = session?.attributes ?? [];
  return html`<div data-test="columns">
    <h3>Columns</h3>
    <p class="el-soft">Tick what the list shows. Sort by one or by several: the first counts most.</p>
    ${all.length === 0 ? html`<p class="el-empty">There is nothing to show yet. The columns of your table appear here with the first round.</p>` : nothing}
    ${GROUPS.map(({ group, title }) => {
      const some = all.filter((attribute) => attribute.group === group);
      return some.length > 0 ? html`<h3 class="el-soft">${title}</h3>${some.map((attribute) => line(page, attribute))}` : nothing;
    })}
    ${view.order.length > 0 ? html`<button type="button" class="el-link" data-test="order-none" @click=${() => store.list({ order: [] })}>In the table's order again</button>` : nothing}
  </div>`;
}
