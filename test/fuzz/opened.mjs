/**
 * The engine with its private members open to the eye: a copy of levels 0 to 4 with `_name` in the place of `#name`.
 * It is the same code, so what holds of it holds of the engine; but here all of a connection's state can be read,
 * tables and queues included.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FOLDERS = ["bytes", "frames", "hpack", "fields", "streams", "connection"];

/** The engine's module, with those of `hpack/` and `frames/`, from a folder of sources or of built files. */
export async function openedEngine(folder, load = (url) => import(url)) {
  const copy = mkdtempSync(join(tmpdir(), "h2wire-opened-"));
  try {
    writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
    for (const name of ["", ...FOLDERS]) copyFolder(join(folder, name), join(copy, name));
    const extension = readdirSync(folder).includes("index.ts") ? "ts" : "js";
    const modules = ["index", "hpack/index", "frames/index"].map((name) =>
      load(pathToFileURL(join(copy, `${name}.${extension}`)).href),
    );
    const [engine, hpack, frames] = await Promise.all(modules);
    return { ...engine, hpack, frames };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function copyFolder(from, to) {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from).filter((name) => /(?<!\.d)\.[jt]s$/.test(name))) {
    const text = readFileSync(join(from, file), "utf8");
    writeFileSync(join(to, file), text.replace(/#(?=[a-zA-Z])/g, "_"));
  }
}
