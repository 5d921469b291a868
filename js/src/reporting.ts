// The report of a round: asked for where it is read, and again once a revision moved while it is open. Knows no DOM.

import type { Kernel } from "./kernel";
import { RequestError } from "./message";
import type { Part, Report } from "./protocol";
import type { Store } from "./store";

export type Kind = "html" | "md";

const AGAIN = new Set<Part>(["report", "round", "decision", "analysis"]);
const TYPES: Record<Kind, string> = { html: "text/html;charset=utf-8", md: "text/markdown;charset=utf-8" };

export class Reporting {
  /** Id of the round it is about; "" is the one that is shown. */
  round = "";
  /** In the words of the model rather than by rules. */
  written = false;
  /** Those words are of before what was decided or named since. */
  moved = false;
  report: Report | null = null;
  /** One calm sentence on why there is none. */
  trouble = "";
  pending = false;
  /** Whether there is a model that could write it. */
  writes = false;
  #asked = 0;

  constructor(
    readonly store: Store,
    readonly kernel: Pick<Kernel, "request">,
  ) {}

  get open(): boolean {
    return this.store.state.view.popover === "report";
  }

  /** Opens the report of a round, by rules, unless words that were pressed for are still on their way. */
  show(round = ""): void {
    const coming = round === this.round && this.written && this.pending;
    if (round !== this.round) Object.assign(this, { round, report: null });
    this.store.show({ popover: "report" });
    void this.pull(coming ? undefined : false);
  }

  /** By rules, or in the words of the model: that is asked for by the person each time, since it may cost. */
  say(written: boolean): void {
    void this.pull(written);
  }

  revised(parts: Part[]): void {
    if (this.open && parts.some((part) => AGAIN.has(part))) void this.pull();
  }

  /** With no `write` what was asked for last is followed, which costs nothing. The newest question counts: what comes late for an older one is nobody's. */
  async pull(write?: boolean): Promise<void> {
    const asked = ++this.#asked;
    this.pending = true;
    if (write !== undefined) this.written = write;
    this.store.set({});
    try {
      const { report, pending, error, writes, written, moved } = (await this.kernel.request("report", { round: this.round, ...(write === undefined ? {} : { write }) })).result;
      if (asked !== this.#asked) return;
      // what was read stays to be read while the next is on its way
      if (report || !pending) this.report = report;
      Object.assign(this, { pending, writes, written, moved, trouble: pending ? "" : error });
    } catch (error) {
      if (asked !== this.#asked) return;
      Object.assign(this, { pending: false, written: false, trouble: error instanceof RequestError ? error.message : "The report could not be asked for." });
    }
    this.store.set({});
  }

  /** The report that is read as a file, and its name: another view may read that of another round. */
  async file(kind: Kind): Promise<{ name: string; blob: Blob }> {
    const { result, bytes } = await this.kernel.request("report_file", { kind, ...(this.report ? { round: this.report.round } : {}) });
    return { name: result.name, blob: new Blob([bytes.slice()], { type: TYPES[kind] }) };
  }
}
