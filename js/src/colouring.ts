// What colours the points: clusters, or one attribute of every row, fetched where it is looked at. Knows no DOM.

import { countCodes, MISSING, paintedBy, passing, recoded, sizeOf, STEPS, stepsOf, unpacked, type Values, withCode } from "./codes";
import type { Kernel } from "./kernel";
import { Mask } from "./mask";
import { clusterColours, ramp } from "./palette";
import { inView, rowsOf, rowsWhere } from "./rows";
import { ghostly, REMOVED, type State } from "./state";
import type { Store } from "./store";
import { clusterName, count } from "./words";

export const CLUSTER = "cluster";
const LABEL = "label";

/** One line of the legend. */
export interface Entry {
  code: number;
  name: string;
  /** null where the map draws it in ink: noise as a ring, and rows without a value. */
  colour: string | null;
  /** Rows that are kept, and those of them that are selected. */
  count: number;
  selected: number;
  off: boolean;
}

/** What stands for many categories at once, or is not flagged, is grey. */
const OTHERS = { light: "#9197a0", dark: "#727a84" };
const FLAGGED = "#d55e00";

export class Colouring {
  dark = false;
  readonly #values = new Map<string, Values>();
  readonly #asked = new Set<string>();
  /** What was asked for: where it could not be had, it is not asked for again until something happened. */
  readonly #tried = new Set<string>();
  /** What is drawn until the values of another attribute have come. */
  #shown: Values | null = null;
  readonly #passing = remembered((values: Values | null, off: State["view"]["off"], range: State["view"]["range"], shown: Int16Array, hidden: State["view"]["hidden"]) =>
    this.#passes(values, off, range, shown, hidden),
  );
  readonly #filter = remembered((values: Values | null, off: State["view"]["off"], range: State["view"]["range"]) => (values && (off.size > 0 || range) ? passing(values, off, range) : null));
  readonly #hidden = remembered((mask: Mask, shown: Int16Array) => rowsWhere(shown.length, (row) => shown[row] > -2).andNot(mask).count());
  /** Of the rows that are drawn, ghosts among them where they are. */
  readonly #drawn = remembered((values: Values, shown: Int16Array, ghosts: boolean) => countCodes(values, rowsWhere(shown.length, (row) => shown[row] > (ghosts ? -3 : -2))));
  readonly #chosen = remembered((values: Values, selected: Mask) => countCodes(values, selected));
  readonly #labelled = remembered((values: Values, selected: Mask) => countCodes(values, selected));
  readonly #css = remembered((values: Values | null, flag: boolean, clusters: number, dark: boolean) => colours(values, flag, clusters, dark));

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  get #state(): Readonly<State> {
    return this.store.state;
  }

  /** The attribute that the map shows now; null while that is the clusters. */
  get values(): Values | null {
    const { colourBy } = this.#state.view;
    const wanted = colourBy === CLUSTER ? null : this.#values.get(colourBy);
    if (wanted !== undefined && this.#fits(wanted)) this.#shown = wanted;
    return this.#fits(this.#shown) ? this.#shown : null;
  }

  #fits(values: Values | null): boolean {
    return values === null || values.codes.length === this.#state.shown.length;
  }

  get key(): string {
    return this.values?.key ?? CLUSTER;
  }

  /** CSS colours by code; the last is of rows without a value. */
  get css(): string[] {
    const { key } = this;
    const flag = this.#state.session?.attributes.some((one) => one.key === key && one.kind === "flag") ?? false;
    return this.#css(this.values, flag, clusterCount(this.#state), this.dark);
  }

  /** Which of the colours each row has; undefined where the cluster says it. */
  get perRow(): Uint16Array | undefined {
    return this.values?.painted;
  }

  /** Rows that the legend's filter lets through; null where it lets all. Of clusters the map itself knows which are hidden. */
  get filter(): Mask | null {
    const { off, range } = this.#state.view;
    return this.#filter(this.values, off, range);
  }

  /** Rows that are shown: neither in a hidden cluster nor filtered out. null: all that are kept. */
  get passing(): Mask | null {
    const { shown, view } = this.#state;
    return this.#passing(this.values, view.off, view.range, shown, view.hidden);
  }

  /** How many rows of the map the legend hides, and how many of the selection. */
  get hiding(): { rows: number; selected: number } {
    const { passing: mask } = this;
    const { shown, selected } = this.#state;
    return mask ? { rows: this.#hidden(mask, shown), selected: selected ? selected.andNot(mask).count() : 0 } : { rows: 0, selected: 0 };
  }

  #passes(values: Values | null, off: State["view"]["off"], range: State["view"]["range"], shown: Int16Array, hidden: State["view"]["hidden"]): Mask | null {
    const filter = this.#filter(values, off, range);
    if (hidden.size === 0) return filter;
    const mask = rowsOf(shown, hidden).not();
    return filter ? mask.and(filter) : mask;
  }

  entries(): Entry[] {
    const { values } = this;
    return values ? this.#categories(values) : this.#clusters();
  }

  /** Rows of each step of a number's ramp, and those selected. */
  bars(): { rows: Int32Array; selected: Int32Array | null } | null {
    const { values } = this;
    const { shown, selected, view } = this.#state;
    if (!values || values.categories) return null;
    return { rows: this.#drawn(values, shown, ghostly(view)), selected: selected && this.#chosen(values, selected) };
  }

  #clusters(): Entry[] {
    const { totals, counts, clusters, view } = this.#state;
    const names = new Map(clusters.map(({ cluster, name }) => [cluster, name]));
    const { css } = this;
    const entries = [...totals].map(([code, count]) => ({
      code,
      name: clusterName({ cluster: code, name: names.get(code) ?? "" }),
      colour: code < 0 ? null : css[code],
      count,
      selected: counts.get(code) ?? 0,
      off: view.hidden.has(code),
    }));
    return entries.sort((a, b) => Number(b.code < 0) - Number(a.code < 0) || b.count - a.count || a.code - b.code);
  }

  #categories(values: Values): Entry[] {
    const { shown, selected, view } = this.#state;
    const { categories, others } = values;
    const drawn = this.#drawn(values, shown, ghostly(view));
    const chosen = selected && this.#chosen(values, selected);
    const { css } = this;
    const entry = (code: number, at: number, name: string): Entry => ({ code, name, colour: css[at], count: drawn[at], selected: chosen?.[at] ?? 0, off: view.off.has(code) });
    const list = (categories ?? []).map(({ name }, code) => entry(code, code, others > 0 && code === categories!.length - 1 ? `${count(others)} others` : name));
    const missing = entry(MISSING, sizeOf(values), values.key === REMOVED ? "kept" : "no value");
    return missing.count > 0 || missing.off ? [...list, missing] : list;
  }

  /** Selected rows of each label, most first; null until the labels have come, for which this asks. */
  labels(): { name: string; count: number; code: number; others: boolean }[] | null {
    const { selected, session } = this.#state;
    if (!selected || !session?.attributes.some(({ key }) => key === LABEL)) return null;
    const values = this.valuesOf(LABEL);
    if (!values) return null;
    const counts = this.#labelled(values, selected);
    return (values.categories ?? [])
      .map(({ name }, code, all) => ({ name, others: values.others > 0 && code === all.length - 1, count: counts[code], code }))
      .map((label) => (label.others ? { ...label, name: "others" } : label))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count);
  }

  /** Every row of a code that the map shows. */
  rows(code: number, key = this.key): Mask {
    const { shown, view } = this.#state;
    const values = key === CLUSTER ? null : (this.#values.get(key) ?? null);
    const rows = values ? withCode(values.drawn, code) : rowsOf(shown, new Set([code]));
    const there = rows.and(inView(shown, view.hidden));
    return this.filter ? there.and(this.filter) : there;
  }

  /** Adds them to the selection, or what the op says. */
  take(codes: number[], key = this.key, op = this.store.selection.op): void {
    if (key === CLUSTER) return this.store.selection.pick(codes, op);
    const rows = codes.reduce((mask, code) => mask.or(this.rows(code, key)), new Mask(this.#state.shown.length));
    const categories = this.#values.get(key)?.categories;
    this.store.selection.take(rows, { kind: "values", op, key, values: codes.map((code) => (code === MISSING ? null : (categories?.[code]?.name ?? code))) });
  }

  /** Filters an entry out, or in again. Not while the legend still shows another attribute: its codes mean something else. */
  toggle(code: number): void {
    const { view } = this.#state;
    if (this.key !== view.colourBy) return;
    const flipped = (set: ReadonlySet<number>) => new Set(set.has(code) ? [...set].filter((other) => other !== code) : [...set, code]);
    this.store.show(this.values ? { off: flipped(view.off) } : { hidden: flipped(view.hidden) });
  }

  /** Shows this one alone; all again where it is alone already. */
  solo(code: number): void {
    if (this.key !== this.#state.view.colourBy) return;
    const entries = this.entries();
    const alone = entries.every((entry) => entry.off === (entry.code !== code));
    const out = new Set(alone ? [] : entries.map((entry) => entry.code).filter((other) => other !== code));
    this.store.show(this.values ? { off: out } : { hidden: out });
  }

  showAll(): void {
    this.store.show({ off: new Set(), range: null, hidden: new Set() });
  }

  /** The values of an attribute of the rows as they are; null until they have come, for which this asks. */
  valuesOf(key: string): Values | null {
    const values = this.#values.get(key);
    if (!values && !this.#tried.has(key)) this.want(key);
    return values && this.#fits(values) ? values : null;
  }

  /** The values of an attribute, where they are not here or on their way. */
  want(key: string): void {
    if (key === CLUSTER || this.#values.has(key) || this.#asked.has(key) || !this.#state.session) return;
    this.#tried.add(key);
    void this.store.attempt(() => this.#fetch(key)).then((came) => {
      // An attribute that is gone, or can't be had, colours nothing.
      if (!came && this.#state.view.colourBy === key) this.store.show({ colourBy: CLUSTER });
    });
  }

  /** A round ended or something was decided: what may have changed by that is asked for again, and travels only where it did. */
  async renew(): Promise<void> {
    this.#tried.clear();
    const known = new Set(this.#state.session?.attributes.map(({ key }) => key));
    for (const key of this.#values.keys()) if (!known.has(key)) this.#values.delete(key);
    await Promise.all([...this.#values.keys()].map((key) => this.#fetch(key)));
    this.want(this.#state.view.colourBy);
  }

  async #fetch(key: string): Promise<void> {
    this.#asked.add(key);
    try {
      const held = this.#values.get(key);
      const { result, bytes } = await this.kernel.request("values", { key, ...(held ? { version: held.version } : {}) });
      if (held?.version === result.version) return;
      const rest = await Promise.all(Array.from({ length: Math.max(0, result.chunks - 1) }, async (_, i) => (await this.kernel.request("values", { key, chunk: i + 1 })).bytes));
      const { n } = this.#state.hello!; // all rows that the map shows, those of a reference too
      const { version, categories, others, lo, hi, grid } = result;
      const { codes, under } = unpacked([bytes, ...rest], n, categories);
      const drawn = categories ? codes : stepsOf(codes);
      const now = { key, version, codes, categories, others, lo, hi, grid, under, drawn, painted: paintedBy({ drawn, categories }) };
      this.#values.set(key, now);
      const { view } = this.#state;
      // codes go by how many rows there are of each: what was filtered out stays so by its name
      const off = held && key === view.colourBy && view.off.size > 0 ? recoded(view.off, held, now) : view.off;
      this.store.set({ view: { ...view, off } });
    } finally {
      this.#asked.delete(key);
    }
  }
}

/** One colour a cluster there is, or was named. */
export function clusterCount({ totals, clusters }: Pick<State, "totals" | "clusters">): number {
  return 1 + Math.max(-1, ...totals.keys(), ...clusters.map(({ cluster }) => cluster));
}

function colours(values: Values | null, flag: boolean, clusters: number, dark: boolean): string[] {
  if (!values) return clusterColours(clusters, dark);
  const { categories, others } = values;
  const grey = dark ? OTHERS.dark : OTHERS.light;
  if (!categories) return [...ramp(STEPS, dark), grey];
  if (flag) return [...categories.map(({ name }) => (name === "yes" ? FLAGGED : grey)), grey];
  const css = clusterColours(categories.length, dark);
  if (others > 0) css[css.length - 1] = grey;
  return [...css, grey];
}

/** Keeps the last answer, as long as what it followed from is the same. */
export function remembered<A extends unknown[], R>(compute: (...from: A) => R): (...from: A) => R {
  let last: { from: A; answer: R } | null = null;
  return (...from) => {
    if (!last || last.from.some((part, i) => part !== from[i])) last = { from, answer: compute(...from) };
    return last.answer;
  };
}
