import { accessSync, constants, realpathSync, type Stats, statSync } from "node:fs";
import { join, sep } from "node:path";

/** What a path of a request stands for in a folder. */
export type FoundFile =
  /** A file that may be read; `path` is its URL path in the one form that all its spellings have. */
  | { readonly kind: "file"; readonly path: string }
  /** A folder that was asked for without the slash at its end. */
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "refused"; readonly status: 400 | 403 | 404; readonly sentence: string };

const NOT_FOUND: FoundFile = { kind: "refused", status: 404, sentence: "There is no such file." };
const OUTSIDE: FoundFile = {
  kind: "refused",
  status: 403,
  sentence: "The path leads out of the folder that is served.",
};
const MALFORMED: FoundFile = { kind: "refused", status: 400, sentence: "The path is malformed." };

/**
 * Finds the file for the target of a request.
 *
 * Refused are `..` however it is written, links that lead out of the folder, and names that begin with a dot, but for
 * `.well-known` (RFC 8615). A folder stands for its `index.html`.
 *
 * @param root - the real path of the folder.
 */
export function findFile(root: string, target: string): FoundFile {
  const path = decodePath(target);
  if (path === null) return MALFORMED;
  const segments = path.split(/[/\\]/).filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) return OUTSIDE;
  if (segments.some(isHidden)) return NOT_FOUND;
  try {
    return findExisting(root, segments, path.endsWith("/"));
  } catch {
    // It is not there, or not for us.
    return NOT_FOUND;
  }
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

/** Also those that no URL path of the file server can be made of. */
function isHidden(segment: string): boolean {
  return (segment.startsWith(".") && segment !== ".well-known") || /[?#]/.test(segment);
}

/** @throws what the file system says. */
function findExisting(root: string, segments: readonly string[], hasSlash: boolean): FoundFile {
  const real = realpathSync(join(root, ...segments));
  if (!isInside(root, real)) return OUTSIDE;
  const stats = statSync(real);
  if (stats.isDirectory()) return findIndex(root, segments, hasSlash);
  return hasSlash ? NOT_FOUND : readable(real, stats, segments);
}

function findIndex(root: string, segments: readonly string[], hasSlash: boolean): FoundFile {
  const index = [...segments, "index.html"];
  const real = realpathSync(join(root, ...index));
  if (!isInside(root, real)) return OUTSIDE;
  // Built anew, since "//host" at the beginning would lead to another server.
  if (!hasSlash) return { kind: "redirect", location: `/${segments.map(encodeURIComponent).join("/")}/` };
  return readable(real, statSync(real), index);
}

function readable(real: string, stats: Stats, segments: readonly string[]): FoundFile {
  if (!stats.isFile()) return NOT_FOUND;
  accessSync(real, constants.R_OK);
  return { kind: "file", path: encodeURI(`/${segments.join("/")}`) };
}

function isInside(root: string, real: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}
