// Line icons on a 16 px grid, drawn in the colour of the text.

import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit-html";

const icon = (body: SVGTemplateResult): TemplateResult =>
  html`<svg class="el-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`;

export const TURN = icon(svg`<path d="M13.5 8A5.5 5.5 0 1 1 11 3.4"/><path d="M11.4 1.2v2.6H8.8"/>`);
export const LASSO = icon(svg`<ellipse cx="8" cy="6.2" rx="5.8" ry="3.9" stroke-dasharray="2.4 1.6"/><path d="M4.6 9.4c-.9 1.2.1 2.2 1.2 2 .9-.2.9-1.5-.2-1.8M5.2 11.4c.2 1.2-.4 2.2-1.4 3"/>`);
export const BOX = icon(svg`<rect x="2.2" y="3.2" width="11.6" height="9.6" stroke-dasharray="2.4 1.6"/>`);
export const GEAR = icon(svg`<path d="M2 4.5h6.5M12 4.5h2M2 11.5h2M7.5 11.5H14"/><circle cx="10.2" cy="4.5" r="1.7"/><circle cx="5.8" cy="11.5" r="1.7"/>`);
export const UNDO = icon(svg`<path d="M5.6 3 2.6 6l3 3"/><path d="M2.8 6h6.4a4 4 0 0 1 0 8H6"/>`);
export const REDO = icon(svg`<path d="m10.4 3 3 3-3 3"/><path d="M13.2 6H6.8a4 4 0 0 0 0 8H10"/>`);
export const CROSS = icon(svg`<path d="m4.5 4.5 7 7M11.5 4.5l-7 7"/>`);
export const DOWN = icon(svg`<path d="m4.5 6.2 3.5 3.6 3.5-3.6"/>`);
export const PREV = icon(svg`<path d="M9.8 4.2 6.2 8l3.6 3.8"/>`);
export const NEXT = icon(svg`<path d="M6.2 4.2 9.8 8l-3.6 3.8"/>`);
