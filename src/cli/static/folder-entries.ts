import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { isHidden, isInside } from "./find-file.ts";

/** A file or a folder that may be had. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** In octets. */
  readonly size: number;
  readonly modified: Date;
}

export interface FolderContent {
  readonly entries: readonly FolderEntry[];
  /** Whether none was left out for want of room. */
  readonly isComplete: boolean;
}

export type SortKey = "name" | "size" | "modified";

export interface SortOrder {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** How many files are asked about at once. */
const AT_ONCE = 64;
/** Entries beyond these are left out. A page of more helps nobody, and each of them costs a call of the system. */
const MOST_ENTRIES = 5000;

/**
 * Reads what is in a folder. What would be refused is left out: names that begin with a dot, links that lead out of
 * what is served or nowhere, and what is neither a file nor a folder.
 *
 * @param root - the real path of what is served.
 * @throws what the file system says about the folder.
 */
export async function readFolder(root: string, segments: readonly string[]): Promise<FolderContent> {
  const folder = join(root, ...segments);
  const found = await readdir(folder, { withFileTypes: true });
  const shown = found.filter(({ name }) => !isHidden(name) && !name.includes("\\")).sort(compareNames);
  const entries: (FolderEntry | null)[] = [];
  for (let first = 0; first < Math.min(shown.length, MOST_ENTRIES); first += AT_ONCE) {
    const some = shown.slice(first, first + AT_ONCE);
    entries.push(...(await Promise.all(some.map((each) => readEntry(root, folder, each)))));
  }
  return { entries: entries.filter((entry) => entry !== null), isComplete: shown.length <= entries.length };
}

async function readEntry(root: string, folder: string, dirent: Dirent): Promise<FolderEntry | null> {
  const { name } = dirent;
  const path = join(folder, name);
  try {
    if (dirent.isSymbolicLink() && !isInside(root, await realpath(path))) return null;
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isDirectory()) return null;
    return { name, isFolder: stats.isDirectory(), size: stats.size, modified: stats.mtime };
  } catch {
    // It leads nowhere, has gone in between, or is not for us.
    return null;
  }
}

/** Folders first, and among equals the order of names, in which file10 comes behind file9. */
export function sortEntries(entries: readonly FolderEntry[], order: SortOrder): FolderEntry[] {
  const direction = order.isDescending ? -1 : 1;
  return entries.toSorted(
    (one, other) =>
      Number(other.isFolder) - Number(one.isFolder) ||
      direction * compareBy(order.key, one, other) ||
      compareNames(one, other),
  );
}

function compareBy(key: SortKey, one: FolderEntry, other: FolderEntry): number {
  if (key === "name") return compareNames(one, other);
  if (key === "modified") return one.modified.getTime() - other.modified.getTime();
  return one.isFolder ? 0 : one.size - other.size;
}

const collator = new Intl.Collator("en", { numeric: true });

function compareNames(one: { readonly name: string }, other: { readonly name: string }): number {
  return collator.compare(one.name, other.name);
}
