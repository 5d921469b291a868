// Light or dark as the host is: styles.css decides by the host's own marks; here is how a canvas learns of it.

import { type Dispose, listen, together } from "./listen";
import type { ScatterStyle } from "./scatter/types";

/** The tokens as the browser resolves them now, as rgb(...). */
export function readStyle(root: HTMLElement): ScatterStyle {
  const probe = document.createElement("span");
  root.append(probe);
  const token = (name: string): string => {
    probe.style.color = `var(--el-${name})`;
    return getComputedStyle(probe).color;
  };
  const style = { ground: token("ground"), ink: token("ink"), soft: token("soft"), accent: token("accent"), dark: getComputedStyle(root).colorScheme === "dark" };
  probe.remove();
  return style;
}

const DARK = 'body[data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast, html[theme="dark"], html.dark, body.dark';
const LIGHT = "body[data-jp-theme-light], .vscode-light, body.light";

/** No rule of ours sees the host's marks out of a shadow root, where marimo shows widgets: the root bears what they say. */
function mark(root: HTMLElement): void {
  if (!(root.getRootNode() instanceof ShadowRoot)) return;
  const dark = document.querySelector(DARK) !== null || (document.querySelector(LIGHT) === null && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.host = dark ? "dark" : "light";
}

/** Calls `tell` when the host's theme may have changed, and once `root` is in the page: before, it has no colours at all. */
export function watchTheme(root: HTMLElement, tell: () => void): Dispose {
  const changed = () => {
    mark(root);
    tell();
  };
  const entered = new ResizeObserver(() => {
    entered.disconnect();
    changed();
  });
  entered.observe(root);
  const marks = new MutationObserver(changed);
  for (const element of [document.documentElement, document.body]) {
    marks.observe(element, { attributes: true, attributeFilter: ["class", "data-jp-theme-light", "data-jp-theme-name", "theme", "data-theme"] });
  }
  return together(
    () => entered.disconnect(),
    () => marks.disconnect(),
    listen(matchMedia("(prefers-color-scheme: dark)"), "change", changed),
  );
}
