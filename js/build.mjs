// Bundles the page into the package: one ES module for anywidget and one style sheet.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../src/elute/widget/static");

/** Lines begin at their first sign: the indent of a template is as good as none, and would stay in the bundle. */
const flush = {
  name: "flush",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({ loader: "ts", contents: (await readFile(path, "utf8")).replace(/\n[ \t]+/g, "\n") })),
};

const page = await build({
  entryPoints: { widget: here("src/index.ts") },
  plugins: [flush],
  outdir: out,
  bundle: true,
  format: "iife",
  globalName: "page",
  target: ["es2022"],
  minify: true,
  legalComments: "inline",
  logLevel: "warning",
  write: false,
});
await mkdir(out, { recursive: true });
await writeFile(`${out}/widget.js`, once(page.outputFiles[0].text));
await build({
  entryPoints: { widget: here("src/widget.css") },
  outdir: out,
  bundle: true,
  minify: true,
  logLevel: "warning",
});

for (const name of ["widget.js", "widget.css"]) {
  const bytes = await readFile(`${out}/${name}`);
  console.log(`${name}: ${(bytes.length / 1024).toFixed(1)} KB, ${(gzipSync(bytes, { level: 9 }).length / 1024).toFixed(1)} KB gzipped`);
}

/**
 * The code as an ES module that runs once in a document. A document keeps each module that it ever loaded, and anywidget loads one a
 * cell run: templates and compiled code would pile up. In ASCII, since one other sign doubles the memory of the whole text.
 */
function once(code) {
  const plain = code.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const key = createHash("sha256").update(plain).digest("hex").slice(0, 16);
  // a function in parentheses would be compiled at once
  // an exported page has this in a script element, and calls what is made here
  if (/<\/?script/i.test(plain)) throw new Error("the bundle holds a script tag: no page could have it in a script element");
  return `const run = () => {\n${plain}\nreturn page.default;\n};\nconst widget = (globalThis[Symbol.for("elute ${key}")] ??= run());\nexport default widget;\n`;
}
