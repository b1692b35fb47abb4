import { fileURLToPath } from "node:url";
import type { Tool } from "./tool.ts";

/** Debian's Python, by its path: another one on the PATH would not have Debian's h2. */
export const python: Tool = { name: "/usr/bin/python3", debianPackage: "python3-h2" };

/** The path of a program of the suite in scripts/. */
export function script(name: string): string {
  return fileURLToPath(new URL(`scripts/${name}`, import.meta.url));
}
