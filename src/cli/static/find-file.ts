import { accessSync, constants, realpathSync, type Stats, statSync } from "node:fs";
import { join, sep } from "node:path";

/** What a path of a request stands for in a folder. */
export type Found = FoundFile | FoundFolder | FoundElsewhere | NotFound;

/** A file that may be read. */
export interface FoundFile {
  readonly kind: "file";
  /** Its path from the folder on, in the one form that all spellings have: a slash before each name. */
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}

/** A folder that has no `index.html`. */
interface FoundFolder {
  readonly kind: "folder";
  /** The names that lead to it. */
  readonly segments: readonly string[];
}

/** A folder that was asked for without the slash at its end. */
interface FoundElsewhere {
  readonly kind: "redirect";
  readonly location: string;
}

export interface NotFound {
  readonly kind: "refused";
  readonly status: 400 | 403 | 404;
  readonly sentence: string;
}

export const NO_SUCH_FILE: NotFound = { kind: "refused", status: 404, sentence: "There is no such file." };
const OUTSIDE: NotFound = {
  kind: "refused",
  status: 403,
  sentence: "The path leads out of the folder that is served.",
};
const MALFORMED: NotFound = { kind: "refused", status: 400, sentence: "The path is malformed." };

/**
 * Finds what the target of a request stands for.
 *
 * Refused are `..` however it is written, links that lead out of the folder, and names that begin with a dot, but for
 * `.well-known` (RFC 8615). A folder stands for its `index.html` if it has one.
 *
 * @param root - the real path of the folder.
 */
export function find(root: string, target: string): Found {
  const path = decodePath(target);
  if (path === null) return MALFORMED;
  const segments = path.split(/[/\\]/).filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) return OUTSIDE;
  if (segments.some(isHidden)) return NO_SUCH_FILE;
  try {
    return findExisting(root, segments, target);
  } catch {
    // It is not there, or not for us.
    return NO_SUCH_FILE;
  }
}

/** The file that stands beside another one with something behind its name; null if there is none that may be read. */
export function findBeside(root: string, { path }: FoundFile, suffix: string): FoundFile | null {
  try {
    const found = findReadable(root, `${path}${suffix}`);
    return found.kind === "file" ? found : null;
  } catch {
    return null;
  }
}

/** Whether nobody is told about a name. */
export function isHidden(name: string): boolean {
  return name.startsWith(".") && name !== ".well-known";
}

/** Whether a real path is the folder or in it. */
export function isInside(root: string, real: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** The path without the query, decoded; null if it is none. */
function decodePath(target: string): string | null {
  if (!target.startsWith("/")) return null;
  try {
    const path = decodeURIComponent(target.replace(/[?#].*$/s, ""));
    return path.includes("\0") ? null : path;
  } catch {
    return null;
  }
}

/** @throws what the file system says. */
function findExisting(root: string, segments: readonly string[], target: string): Found {
  const [path = "", query = ""] = target.split(/(?=\?)/s, 2);
  const hasSlash = /(\/|\\|%2f|%5c)$/i.test(path);
  const real = realpathSync(join(root, ...segments));
  if (!isInside(root, real)) return OUTSIDE;
  if (!statSync(real).isDirectory()) {
    return hasSlash ? NO_SUCH_FILE : findReadable(root, pathOf(segments));
  }
  if (hasSlash) return findIndex(root, segments);
  // Built anew, since "//host" at the beginning would lead to another server.
  return { kind: "redirect", location: `${pathOf(segments.map(encodeURIComponent))}/${query}` };
}

function findIndex(root: string, segments: readonly string[]): Found {
  try {
    return findReadable(root, pathOf([...segments, "index.html"]));
  } catch {
    return { kind: "folder", segments };
  }
}

/** @throws what the file system says. */
function findReadable(root: string, path: string): FoundFile | NotFound {
  const real = realpathSync(join(root, path));
  if (!isInside(root, real)) return OUTSIDE;
  const stats: Stats = statSync(real);
  if (!stats.isFile()) return NO_SUCH_FILE;
  accessSync(real, constants.R_OK);
  return { kind: "file", path, size: stats.size, modified: stats.mtime };
}

function pathOf(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment}`).join("");
}
