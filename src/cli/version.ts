import { readFileSync } from "node:fs";

/** The version of the package. */
export const VERSION: string = readVersion();

/** It is said in one place, and that is outside of the sources. */
function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
