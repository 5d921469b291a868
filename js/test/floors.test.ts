// The page's tree in docs/architecture.md is true: every file stands in it on a floor and imports nothing from above it, types included;
// what is imported to run goes in no circle.

import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const FILES = readdirSync(new URL("../src", import.meta.url), { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/")).filter((file) => file.endsWith(".ts"));

/** File or room -> floor, from the lines of the tree: a floor, what stands there, and after two blanks what it is for. */
const tree = read("../../docs/architecture.md").split("js/src/\n")[1].split("\n\n")[0];
const stands = [...tree.matchAll(/^ {5}(\d) ((?:\S+\.ts|\S+\/)(?: (?:\S+\.ts|\S+\/))*)(?: {2}|$)/gm)].flatMap(([, floor, names]) => names.split(" ").map((name) => [name.replace("/", ""), Number(floor)] as const));
const floors = new Map(stands);
const floor = (file: string): number => floors.get(file.split("/")[0]) ?? NaN;

const imports = (file: string): { there: string; type: boolean }[] =>
  [...read(`../src/${file}`).matchAll(/^(?:import|export) (type )?[^;"]*"(\.[^"]+)"/gm)].map(([, type, to]) => ({ there: `${posix.join(posix.dirname(file), to)}.ts`, type: type !== undefined }));

it("names every file or its room once", () => {
  expect(tree.split("\n").filter((line) => !/^ {5}\d /.test(line))).toEqual([]);
  expect(stands.map(([name]) => name).sort()).toEqual([...new Set(FILES.map((file) => file.split("/")[0]))].sort());
});

it("lets no file import from a floor above its own", () => {
  const all = FILES.flatMap((file) => imports(file).map(({ there }) => ({ file, there })));
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(({ file, there }) => !(floor(there) <= floor(file)))).toEqual([]);
});

it("has no circle of what runs", () => {
  const done = new Set<string>();
  const follow = (file: string, path: string[]): void => {
    expect(path, "imports itself").not.toContain(file);
    if (!done.has(file)) for (const { there, type } of imports(file)) if (!type) follow(there, [...path, file]);
    done.add(file);
  };
  for (const file of FILES) follow(file, []);
  expect(done.size).toBe(FILES.length);
});
