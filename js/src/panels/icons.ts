// Line icons on a 16 px grid, drawn in the colour of the text.

import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit-html";

const icon = (body: SVGTemplateResult): TemplateResult =>
  html`<svg class="el-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`;

export const TURN = icon(svg`<path d="M13.5 8A5.5 5.5 0 1 1 11 3.4"/><path d="M11.4 1.2v2.6H8.8"/>`);
export const LASSO = icon(svg`<ellipse cx="8" cy="6.2" rx="5.8" ry="3.9" stroke-dasharray="2.4 1.6"/><path d="M4.6 9.4c-.9 1.2.1 2.2 1.2 2 .9-.2.9-1.5-.2-1.8M5.2 11.4c.2 1.2-.4 2.2-1.4 3"/>`);
export const POLYGON = icon(svg`<path d="m3 5.5 6-3 4.5 4.8-2.6 6-7 .2z" stroke-dasharray="2.4 1.6"/><circle cx="3" cy="5.5" r="1"/><circle cx="9" cy="2.5" r="1"/><circle cx="13.5" cy="7.3" r="1"/><circle cx="10.9" cy="13.3" r="1"/><circle cx="3.9" cy="13.5" r="1"/>`);
export const BRUSH = icon(svg`<path d="M13.8 2.2 7.6 8.4M6.6 8.6c1.2.3 1.9 1 2.1 2.2-.6 2.2-2.6 3-6.2 2.6 1.2-.8 1.3-1.6 1.5-2.9.2-1.1 1.3-2.1 2.6-1.9z"/>`);
export const BOX = icon(svg`<rect x="2.2" y="3.2" width="11.6" height="9.6" stroke-dasharray="2.4 1.6"/>`);
export const GEAR = icon(svg`<path d="M2 4.5h6.5M12 4.5h2M2 11.5h2M7.5 11.5H14"/><circle cx="10.2" cy="4.5" r="1.7"/><circle cx="5.8" cy="11.5" r="1.7"/>`);
export const UNDO = icon(svg`<path d="M5.6 3 2.6 6l3 3"/><path d="M2.8 6h6.4a4 4 0 0 1 0 8H6"/>`);
export const REDO = icon(svg`<path d="m10.4 3 3 3-3 3"/><path d="M13.2 6H6.8a4 4 0 0 0 0 8H10"/>`);
export const CROSS = icon(svg`<path d="m4.5 4.5 7 7M11.5 4.5l-7 7"/>`);
export const DOWN = icon(svg`<path d="m4.5 6.2 3.5 3.6 3.5-3.6"/>`);
export const PREV = icon(svg`<path d="M9.8 4.2 6.2 8l3.6 3.8"/>`);
export const NEXT = icon(svg`<path d="M6.2 4.2 9.8 8l-3.6 3.8"/>`);
export const EYE = icon(svg`<path d="M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8Z"/><circle cx="8" cy="8" r="1.9"/>`);
export const EYE_SHUT = icon(svg`<path d="M1.6 7.2S4 11 8 11s6.4-3.8 6.4-3.8M3.6 9.6 2.4 11.4M8 11v2.2M12.4 9.6l1.2 1.8"/>`);
export const PENCIL = icon(svg`<path d="m3 13 .6-2.8L10.9 3l2.1 2.1-7.2 7.3Z"/>`);
export const TABLE = icon(svg`<rect x="2.2" y="3" width="11.6" height="10" rx="1.2"/><path d="M2.2 6.2h11.6M6.4 6.2V13M10.2 6.2V13"/>`);
export const NEAR = icon(svg`<circle cx="8" cy="8" r="1.7"/><circle cx="8" cy="8" r="5.8" stroke-dasharray="1.2 2.6"/>`);
export const LOOK = icon(svg`<path d="M1.6 8s2.3-4.2 6.4-4.2S14.4 8 14.4 8s-2.3 4.2-6.4 4.2S1.6 8 1.6 8z"/><circle cx="8" cy="8" r="1.9"/>`);
export const FIT = icon(svg`<path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3"/><circle cx="8" cy="8" r="1.6"/>`);
export const LIST = icon(svg`<path d="M6.5 4h7M6.5 8h7M6.5 12h7"/><circle cx="3" cy="4" r="1"/><circle cx="3" cy="8" r="1"/><circle cx="3" cy="12" r="1"/>`);
export const MORE = icon(svg`<circle cx="3.5" cy="8" r=".8"/><circle cx="8" cy="8" r=".8"/><circle cx="12.5" cy="8" r=".8"/>`);
export const FOLD = icon(svg`<path d="M4 8h8"/>`);
export const MARK = icon(svg`<path d="M4.5 2.5h7v11L8 10.6l-3.5 2.9z"/>`);
