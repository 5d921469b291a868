// The bar on top: how far one is, what the pointer does, what is shown, search, undo.

import { html, nothing, type TemplateResult } from "lit-html";
import type { SetOp, Tool, Dim } from "../scatter/types";
import { countKept, exportedOf, type Popover } from "../state";
import { BOX, BRUSH, DOWN, EYE, GEAR, LASSO, MARK, POLYGON, REDO, TURN, UNDO } from "./icons";
import { attributeOptions, colourBy } from "./legend";
import type { Page } from "./page";
import { search } from "./search";
import { count, rows } from "./words";

interface Option<T> {
  value: T;
  word: string;
  sign?: TemplateResult | string;
  help: string;
}

const TOOLS: Option<Tool>[] = [
  { value: "turn", word: "Turn", sign: TURN, help: "Drag turns the map (T)" },
  { value: "lasso", word: "Lasso", sign: LASSO, help: "Drag around rows to select them (L)" },
  { value: "polygon", word: "Polygon", sign: POLYGON, help: "Click corner by corner around rows; double click or Enter ends it (P)" },
  { value: "box", word: "Box", sign: BOX, help: "Drag a box over rows to select them (B)" },
  { value: "brush", word: "Brush", sign: BRUSH, help: "Drag over rows to select them; [ and ] change its size (R)" },
];
const OPS: Option<SetOp>[] = [
  { value: "new", word: "New", sign: "=", help: "The next lasso replaces the selection" },
  { value: "add", word: "Add", sign: "+", help: "The next lasso adds to the selection (Shift)" },
  { value: "subtract", word: "Subtract", sign: "\u2212", help: "The next lasso takes away from the selection (Alt)" },
  { value: "intersect", word: "Intersect", sign: "∩", help: "The next lasso keeps what is in both (Shift and Alt)" },
];
const DIMS: Option<Dim>[] = [
  { value: "2d", word: "2D", help: "Flat map" },
  { value: "3d", word: "3D", help: "Map to turn" },
  { value: "both", word: "Both", help: "Both maps, linked" },
];

function segments<T extends string>(name: string, label: string, options: Option<T>[], chosen: T, choose: (value: T) => void): TemplateResult {
  return html`<div class="el-segments el-${name}s" role="group" aria-label=${label}>
    ${options.map(
      ({ value, word, sign, help }) =>
        html`<button
          type="button"
          data-test="${name}-${value}"
          title=${help}
          aria-label=${word}
          aria-pressed=${value === chosen}
          @click=${() => choose(value)}
        >
          ${sign ? html`<span class="el-sign" aria-hidden="true">${sign}</span><span class="el-word">${word}</span>` : word}
        </button>`,
    )}
  </div>`;
}

/** A button that opens a popover under itself. */
function opener(page: Page, name: Popover, label: string, body: unknown): TemplateResult {
  const { view } = page.store.state;
  return html`<button
    type="button"
    class="el-button"
    data-test="open-${name}"
    data-opens=${name}
    title=${label}
    aria-haspopup="dialog"
    aria-expanded=${view.popover === name}
    @click=${() => page.store.show({ popover: view.popover === name ? "" : name })}
  >
    ${body}
  </button>`;
}

function progress(page: Page): TemplateResult | typeof nothing {
  const { session, hello } = page.store.state;
  const n = session?.n ?? hello?.n ?? 0;
  const kept = session ? countKept(page.store.state) : n;
  const beside = session?.reference ?? 0;
  if (n === 0) return nothing;
  return html`<div class="el-kept" data-test="toolbar-kept" title=${beside > 0 ? `Beside them ${rows(beside)} of the reference are compared with, and never dropped.` : nothing}>
    <span><b>${count(kept)}</b> <span class="el-soft">of ${count(n)} kept</span></span>
    <span class="el-meter" role="meter" aria-label="rows kept" aria-valuemin="0" aria-valuemax=${n} aria-valuenow=${kept}
      ><span style="width:${(100 * kept) / n}%"></span
    ></span>
  </div>`;
}

function step(page: Page, name: "undo" | "redo"): TemplateResult {
  const what = page.store.state.session?.[name];
  const title = what ? `${name === "undo" ? "Undo (Z)" : "Redo (Shift+Z)"}: ${what}` : `Nothing to ${name}`;
  return html`<button type="button" class="el-button" data-test="toolbar-${name}" title=${title} aria-label=${title} ?disabled=${!what} @click=${() => void page.store[name]()}>
    ${name === "undo" ? html`${UNDO}<span class="el-word">Undo</span>` : REDO}
  </button>`;
}

/** What a selecting tool takes: all that is inside, or less. */
function takes(page: Page): TemplateResult | typeof nothing {
  const { store } = page;
  const { view } = store.state;
  if (view.tool === "turn") return nothing;
  const other = view.whole ? "points" : "whole clusters, those with most of their shown points inside";
  return html`<button type="button" class="el-button el-takes" data-test="takes" aria-pressed=${view.whole} title="Click: take ${other}" @click=${() => store.show({ whole: !view.whole })}>
      <span class="el-word el-soft">takes</span> <b>${view.whole ? "clusters" : "points"}</b>
    </button>
    ${view.dim === "2d"
      ? nothing
      : html`<button
          type="button"
          class="el-button"
          data-test="visible"
          aria-pressed=${view.visible}
          aria-label="Visible only"
          title=${view.visible ? "Takes only what nothing nearer covers; click to take what lies behind, too" : "Takes what lies behind, too; click to take only what nothing nearer covers"}
          @click=${() => store.selection.setVisible(!view.visible)}
        >
          ${EYE}<span class="el-word">Visible only</span>
        </button>`}`;
}

/** The legend has the same select. Nothing to choose, no select. */
function colour(page: Page): TemplateResult | typeof nothing {
  if ((page.store.state.session?.attributes.length ?? 0) < 2) return nothing;
  return html`<label class="el-colour"
    ><span class="el-word el-soft">Colour</span
    ><select class="el-input" data-test="colour-by" aria-label="Colour by" title="What colours the points" @change=${colourBy(page)}>${attributeOptions(page)}</select></label
  >`;
}

export function toolbar(page: Page): TemplateResult {
  const { store } = page;
  const { view, session, selected } = store.state;
  const older = session?.round && session.stale;
  const exported = exportedOf(store.state);
  return html`<div class="el-toolbar" role="group" aria-label="Map and selection">
    ${progress(page)}
    ${exported
      ? html`<span class="el-soft">Round ${session?.round?.number ?? "\u2013"}</span>`
      : opener(
          page,
          "history",
          older ? "Rounds and decisions; the map is older than the last decision" : "Rounds and decisions",
          html`Round <b>${session?.round?.number ?? "\u2013"}</b>${older ? html`<span class="el-dot" aria-hidden="true"></span>` : nothing}${DOWN}`,
        )}
    ${segments("tool", "What the pointer does", TOOLS, view.tool, (tool) => store.show({ tool }))} ${takes(page)}
    ${selected ? segments("op", "What the next selection does", OPS, view.op, (op) => store.show({ op })) : nothing}
    ${segments("dim", "Dimensions", DIMS, view.dim, (dim) => store.show({ dim }))} ${colour(page)} ${exported && !exported.texts ? nothing : search(page)}
    <div class="el-right">${exported ? nothing : deciding(page)} ${helping(page)}</div>
  </div>`;
}

/** What leads to other rows or another round: not on an exported page. */
function deciding(page: Page): TemplateResult {
  const { store } = page;
  const { session, status } = store.state;
  return html`${session && !session.settings.automatic
        ? html`<button type="button" class="el-button ${session.stale ? "el-primary" : ""}" data-test="toolbar-run" ?disabled=${status.busy} @click=${() => void store.ask("run", {})}>
            Run round
          </button>`
        : nothing}
      ${session && session.selections.length > 0 ? opener(page, "saved", "Saved selections", html`${MARK}<span class="el-word">Saved</span><b>${session.selections.length}</b>${DOWN}`) : nothing}
      ${opener(page, "settings", "Settings of the next round", html`${GEAR}<span class="el-hidden">Settings</span>`)} ${step(page, "undo")} ${step(page, "redo")}`;
}

/** The keys and the tour; a dot until somebody took it. */
function helping(page: Page): TemplateResult {
  return opener(page, "keys", "Keys (?), and a tour in four steps", html`?${page.tour.seen ? nothing : html`<span class="el-dot" aria-hidden="true"></span>`}`);
}
