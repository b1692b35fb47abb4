import ts from "typescript";
import { describe, expect, it } from "vitest";
import { importedPath, type SourceModule, sourceModules } from "./support/source-modules.ts";

/** The level of each folder of src/. An import points to a lower level or stays in its folder. */
const LEVELS: Readonly<Record<string, number>> = {
  bytes: 0,
  frames: 1,
  hpack: 1,
  fields: 2,
  streams: 3,
  connection: 4,
  node: 5,
  testing: 5,
  trace: 5,
  web: 5,
  http: 6,
  cli: 7,
};

/** Folders that run in any JavaScript runtime: no import of a platform or a package, no global of one. */
const PORTABLE = ["bytes", "frames", "hpack", "fields", "streams", "connection", "testing", "trace", "web"];

/** What no portable module may mention: globals of platforms, timers, and clocks. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  "Buffer",
  "process",
  "require",
  "console",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "Date",
  "performance",
  "navigator",
  "globalThis",
]);

const MODULES = sourceModules();

/** The folder of a path from src/; the entry of the engine, src/index.ts, belongs to connection/. */
function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "connection";
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith(".");
}

/** The identifiers in a module that mean something by themselves: no names of properties. */
function mentions(module: SourceModule): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isPropertyName(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(module.tree);
  return names;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent)) {
    return parent.name === node;
  }
  return (ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent)) && parent.name === node;
}

describe("the levels of src/", () => {
  it("have a place for every folder", () => {
    const folders = new Set(MODULES.map(({ path }) => folderOf(path)));
    expect(Array.from(folders).filter((folder) => !(folder in LEVELS))).toEqual([]);
  });

  it("are only ever descended: an import points to a lower level or stays in its folder", () => {
    const wrong: string[] = [];
    for (const { path, imports } of MODULES) {
      for (const { specifier } of imports.filter((each) => isRelative(each.specifier))) {
        const [from, to] = [folderOf(path), folderOf(importedPath(path, specifier))];
        if (from !== to && !((LEVELS[to] as number) < (LEVELS[from] as number)))
          wrong.push(`${path} -> ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("know their files by full names", () => {
    const paths = new Set(MODULES.map(({ path }) => path));
    const lost = MODULES.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => isRelative(specifier) && !paths.has(importedPath(path, specifier)))
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(lost).toEqual([]);
  });

  it("have no import that leads back to where it came from, types aside", () => {
    const graph = new Map(
      MODULES.map(({ path, imports }) => [
        path,
        imports
          .filter(({ specifier, isTypeOnly }) => isRelative(specifier) && !isTypeOnly)
          .map(({ specifier }) => importedPath(path, specifier)),
      ]),
    );
    expect(firstCycle(graph)).toEqual([]);
  });
});

describe("the portable folders of src/", () => {
  const portable = MODULES.filter(({ path }) => PORTABLE.includes(folderOf(path)));

  it("are not empty", () => {
    expect(portable.length).toBeGreaterThan(50);
  });

  it("import nothing of a platform and depend on no package", () => {
    const foreign = portable.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => !isRelative(specifier))
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(foreign).toEqual([]);
  });

  it("mention no global of a platform, no timer and no clock", () => {
    const mentioned = portable.flatMap((module) =>
      Array.from(mentions(module))
        .filter((name) => FORBIDDEN.has(name))
        .map((name) => `${module.path}: ${name}`),
    );
    expect(mentioned).toEqual([]);
  });
});

describe("the rules of this test", () => {
  const module = (text: string): SourceModule => ({
    path: "bytes/example.ts",
    tree: ts.createSourceFile("example.ts", text, ts.ScriptTarget.Latest, true),
    imports: [],
  });

  it("see a global where one is used, and none in comments, strings and names of properties", () => {
    expect(mentions(module("const now = Date.now();")).has("Date")).toBe(true);
    expect(mentions(module("export type Chunk = Buffer;")).has("Buffer")).toBe(true);
    const innocent = mentions(module('/* Date */ const text = "Date"; record.Date = { Date: text };'));
    expect(innocent.has("Date")).toBe(false);
  });

  it("see a circle", () => {
    const circle = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    expect(firstCycle(circle)).toEqual(["b", "c", "b"]);
  });
});

/** A way through the graph that comes back to its beginning, or nothing. */
function firstCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of graph.get(path) ?? []) {
      const cycle = walk(next, [...way, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  for (const path of graph.keys()) {
    const cycle = walk(path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
