// Bundles the page into the package: one ES module for anywidget and one style sheet.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../src/elute/widget/static");

await build({
  entryPoints: { widget: here("src/index.ts") },
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  legalComments: "inline",
  logLevel: "warning",
});
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
