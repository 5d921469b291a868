// The quick look: one cluster at a time, in Python's order. What was decided is not shown again, however the order changes under it;
// back leads to it all the same. A decision is about the rows that were shown, whatever the next round calls them. Knows no DOM.

import type { Kernel } from "./kernel";
import type { Result } from "./message";
import { Mask } from "./mask";
import { Pace } from "./pace";
import type { Gone } from "./going";
import { further, Leafing, of, split } from "./leafing";
import { alike, counted, type Half, type Item, most, type Progress, read, spares, unread } from "./looked";
import { rowsOf, tally } from "./rows";
import type { Store } from "./store";
import { clusterName, many } from "./words";
import { worthOf } from "./worth";

/** Clusters of one sitting. */
const TEN = 10;

export class Quick {
  readonly #trail: Item[] = [];
  #at = 0;
  #labels: Int16Array | null = null;
  #answer: Result<"suggestions"> | null = null;
  /** Sittings that the person went on from. */
  #more = 0;
  readonly #pace = new Pace();
  readonly #texts: Leafing;

  constructor(
    readonly store: Store,
    readonly kernel: Kernel,
  ) {
    this.#texts = new Leafing(kernel, () => store.state.shown.length);
  }

  get item(): Item | null {
    return this.resting ? null : (this.#trail[this.#at] ?? null);
  }

  /** Ten are done: a place to stop. */
  get resting(): boolean {
    const { done, of } = this.progress;
    const here = this.#trail[this.#at];
    return done > 0 && done % TEN === 0 && of === done && this.#more < done && (!here || !here.decided) && this.remaining > 0;
  }

  get first(): boolean {
    return this.#at === 0;
  }

  get remaining(): number {
    return this.#open().length;
  }

  get progress(): Progress {
    const looks = this.store.state.suggested?.looks ?? { done: 0, dropped: 0, kept: 0 };
    const fresh = this.#trail.filter((item) => item.decided && !counted(item, looks.done));
    const dropped = looks.dropped + fresh.filter(({ decided }) => decided === "dropped").length;
    const kept = looks.kept + fresh.filter(({ decided }) => decided === "kept").length;
    const done = dropped + kept;
    const sitting = TEN * (Math.floor(done / TEN) + (done % TEN === 0 && this.#more < done ? 0 : 1));
    const of = Math.min(Math.max(TEN, sitting), done + this.remaining);
    return { done, dropped, kept, of, seconds: this.#pace.left(of - done) };
  }

  /** What Drop would take, of the whole or of a half; null until it is known, and nothing is dropped before. */
  takes(item: Item, { rows }: { rows: Mask } = item): Gone | null {
    return this.store.going.of(rows, spares(item));
  }

  /** Something moved: what was taken back is open again, what went elsewhere is decided, and there is something to look at. */
  renew(): void {
    const { frame, kept, suggested, view, undecided } = this.store.state;
    if (!frame || !kept || !suggested) return;
    if (suggested !== this.#answer && !suggested.pending) {
      for (const item of this.#trail) item.answers++;
      // halves are told from what suggestions were made of: what was read ahead of them has none
      this.#texts.clear();
    }
    this.#answer = suggested;
    const regrouped = this.#labels !== frame.labels;
    this.#labels = frame.labels;
    if (regrouped) this.#texts.clear();
    if (undecided === 0) this.#compare(kept, suggested, regrouped);
    if (view.tab !== "review") return;
    if (!this.#trail[this.#at]) this.#next();
    this.#show();
  }

  #compare(kept: Mask, suggested: Result<"suggestions">, regrouped: boolean): void {
    const { shown, totals, clusters } = this.store.state;
    const { order, done } = suggested.looks;
    this.#trail.forEach((item, at) => {
      const left = item.rows.and(kept);
      const now = most(left, shown);
      if (!item.decided) {
        const { halved } = item;
        // a half that came back is read again, beside the other
        if (halved && 2 * halved.and(kept).count() > halved.count()) return Object.assign(item, { rows: item.rows.or(halved), halved: null, examples: null, halves: null });
        if (2 * left.count() <= item.rows.count()) Object.assign(item, { decided: "dropped", taken: item.rows, due: 0 });
        else if (regrouped) item.cluster = clusters.find(({ cluster }) => cluster === now) ?? item.cluster;
        return;
      }
      const back = item.taken ? 2 * item.taken.and(kept).count() > item.taken.count() : !suggested.pending && counted(item, done) && order.includes(now) && 2 * (tally(shown, left).get(now) ?? 0) > (totals.get(now) ?? 0);
      if (!back) return;
      Object.assign(item, { decided: "", taken: null, later: false });
      this.#at = at;
    });
    const here = this.#trail[this.#at];
    // what a new round split up is no cluster to decide on any more
    if (here && !here.decided && regrouped && !alike(here.rows.and(kept), shown)) this.#trail.splice(this.#at, 1);
    // what is decided is only shown to who went back to it
    if (this.#trail[this.#at]?.decided && !this.#stay) this.#next();
  }

  /** The person went back to what is decided. */
  #stay = false;

  /** Clusters not decided yet, the next one first; what was put off comes last. */
  #open(): number[] {
    const { suggested, shown, totals, frame } = this.store.state;
    if (!suggested || !frame) return [];
    const none = new Mask(shown.length);
    const of = (items: Item[]) => tally(shown, items.reduce((all, { rows }) => all.or(rows), none));
    const seen = of(this.#trail.filter(({ decided }) => decided));
    const off = of(this.#trail.filter(({ decided, later }) => !decided && later));
    const half = (counts: Map<number, number>, cluster: number) => 2 * (counts.get(cluster) ?? 0) > totals.get(cluster)!;
    const open = suggested.looks.order.filter((cluster) => (totals.get(cluster) ?? 0) > 0 && !half(seen, cluster));
    return [...open.filter((cluster) => !half(off, cluster)), ...open.filter((cluster) => half(off, cluster))];
  }

  /** Goes on to what is open: a cluster that was walked past first, then the next of the order. */
  #next(): void {
    this.#stay = false;
    const ahead = this.#trail.findIndex(({ decided, later }, at) => at > this.#at && !decided && !later);
    if (ahead >= 0) return void (this.#at = ahead);
    const { shown, clusters } = this.store.state;
    const id = this.#open()[0];
    const cluster = clusters.find((one) => one.cluster === id);
    if (!cluster) return void (this.#at = this.#trail.length);
    const rows = rowsOf(shown, new Set([id]));
    const again = this.#trail.findIndex((item) => !item.decided && 2 * item.rows.and(rows).count() > rows.count());
    const old = again >= 0 ? this.#trail.splice(again, 1)[0] : null;
    this.#trail.push(old ? { ...old, later: false } : { cluster, rows, decided: "", taken: null, due: 0, answers: 0, later: false, examples: null, halves: null, halved: null, worth: null, spared: false });
    this.#at = this.#trail.length - 1;
  }

  /** Lights what is looked at up, reads its texts, and those of the next ahead of time. */
  #show(): void {
    const item = this.item;
    const { look } = this.store.state;
    const lit = item && item.decided !== "dropped" ? item : null;
    if (look?.rows !== lit?.rows) this.store.set({ look: lit && { cluster: lit.cluster.cluster, rows: lit.rows } });
    if (!item) return;
    if (item.examples) this.takes(item);
    else void this.#fill(item);
    const ahead = this.#open().find((cluster) => cluster !== item.cluster.cluster);
    if (ahead !== undefined) void this.#texts.read(ahead);
  }

  async #fill(item: Item): Promise<void> {
    const id = item.cluster.cluster;
    const found = await this.#texts.read(id);
    const { kept } = this.store.state;
    if (!found || !kept) return;
    // those rows that Python took the texts from: the round may be a newer one than the map shows
    const rows = found.rows.and(kept);
    const whole = { rows, examples: of(rows, found.examples) };
    const halves = found.halves && split(rows, found.halves);
    // read ahead, and some of them went since: others are read in their place
    if ([...found.examples, ...(found.halves?.examples.flat() ?? [])].some(({ point }) => !rows.has(point.row))) await Promise.all((halves ?? [whole]).map((part) => this.#further(part)));
    if (item.examples) return;
    Object.assign(item, whole, { halves });
    this.#pace.begin();
    this.#show();
    this.store.set({});
    const worth = await worthOf(this.kernel, item.rows);
    if (!worth) return;
    item.worth = worth;
    this.store.set({});
  }

  async more(): Promise<void> {
    const item = this.item;
    if (!item?.examples) return;
    await Promise.all((item.halves ?? [item]).map((part) => this.#further(part)));
    this.store.set({});
  }

  /** Texts that are not shown yet: of these rows, whatever they are called by now and whichever of them went. */
  async #further(part: Half | Item): Promise<void> {
    const { kept } = this.store.state;
    const found = kept ? await this.#texts.some(unread(part, kept)) : [];
    part.examples = further(part.examples ?? [], part.rows, found);
  }

  spare(item: Item, spared: boolean): void {
    item.spared = spared;
    this.store.set({});
  }

  // Deciding. False: there is nothing to decide on, or nobody has seen it yet.

  drop = (): boolean => this.#decide("dropped");
  keep = (): boolean => this.#decide("kept");

  /** Drops one half, and goes on with the other: it stays on the card until it is kept or dropped itself. */
  dropHalf(at: 0 | 1): boolean {
    const item = this.item;
    if (!item?.halves || item.decided) return false;
    const gone = this.store.going.known(item.halves[at].rows, spares(item));
    if (!gone) return false;
    const before = { ...item };
    const { source, said } = this.#told(item);
    const left = item.halves[1 - at]!;
    Object.assign(item, { rows: left.rows, halved: gone.rows.and(item.halves[at].rows), halves: null, examples: left.examples });
    const sent = this.store.dropRows(gone.asked, { reason: `looked at: half of ${item.cluster.name}`, source: { ...source, half: true } }, `Dropped ${many(gone.count, "row")} of ${said}. Z brings them back.`, gone.rows);
    return this.#sent(sent, item, before);
  }

  /** What goes into the journal with a decision, and what is said of it. */
  #told(item: Item) {
    const { cluster, name, foreign, confidence, why } = item.cluster;
    const seconds = Math.round(this.#pace.end() * 10) / 10;
    return {
      source: { kind: "look", cluster, name, foreign, confidence, why, seconds, texts: read(item) },
      said: `“${clusterName(item.cluster)}”`,
    };
  }

  #decide(as: "dropped" | "kept"): boolean {
    const item = this.item;
    if (!item?.examples || item.decided === "dropped" || item.decided === as) return false;
    const gone = as === "dropped" ? this.store.going.known(item.rows, spares(item)) : null;
    const rows = this.store.state.kept!.and(item.rows);
    if (as === "dropped" ? !gone : rows.count() === 0) return false;
    const before = { ...item };
    const { source, said } = this.#told(item);
    Object.assign(item, { decided: as, taken: gone?.rows ?? null, due: this.progress.done + 1, answers: 0, later: false });
    const how = { reason: `looked at: ${item.cluster.name}`, source };
    const sent = gone
      ? this.store.dropRows(gone.asked, how, `Dropped ${said}, ${many(gone.count, "row")}. Z brings them back.`, gone.rows)
      : this.store.decide("keep", how, `Kept ${said}. Z takes it back.`, rows.toBytes());
    this.#next();
    return this.#sent(sent, item, before);
  }

  /** Shown as decided at once; where Python refuses, it is as it was before. */
  #sent(sent: Promise<boolean>, item: Item, before: Item): true {
    this.#show();
    this.store.set({});
    void sent.then((done) => {
      if (!done) Object.assign(item, before);
      this.renew();
    });
    return true;
  }

  /** Rows to choose among by hand: selected, so that the tray shows them. */
  choose(): void {
    const item = this.item;
    const rows = item && (this.takes(item)?.asked ?? item.rows.andNot(spares(item) ?? new Mask(item.rows.n)));
    if (item && rows && item.decided !== "dropped") this.store.selection.all(rows, { kind: "look", op: "new", clusters: [item.cluster.cluster] });
  }

  back(): boolean {
    if (this.#at === 0) return false;
    this.#more = this.progress.done;
    this.#at = Math.min(this.#at, this.#trail.length) - 1;
    this.#stay = true;
    this.#show();
    this.store.set({});
    return true;
  }

  later(): boolean {
    const item = this.item;
    if (!item) return false;
    if (this.#at < this.#trail.length - 1) this.#at++;
    else {
      if (!item.decided) item.later = true;
      this.#next();
    }
    this.#stay = true;
    this.#pace.begin();
    this.#show();
    this.store.set({});
    return true;
  }

  /** Ten more. */
  goOn(): void {
    this.#more = this.progress.done + 1;
    this.renew();
    this.store.set({});
  }
}
