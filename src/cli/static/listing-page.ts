import type { FolderContent, FolderEntry, SortKey, SortOrder } from "./folder-entries.ts";
import { LISTING_STYLE } from "./listing-style.ts";

/** The page that lists a folder, in one piece: it loads nothing and runs nothing. */
export function renderListing(segments: readonly string[], content: FolderContent, order: SortOrder): string {
  const rows = content.entries.map(renderEntry);
  const path = escapeHtml(`/${segments.map((segment) => `${segment}/`).join("")}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${path}</title>
<style>${LISTING_STYLE}</style>
</head>
<body>
${SYMBOLS}
<main>
<h1><nav aria-label="Path">${renderPath(segments)}</nav></h1>
<table>
<thead><tr>${HEADINGS.map((heading) => renderHeading(heading, order)).join("")}</tr></thead>
<tbody>
${segments.length === 0 ? "" : PARENT}${rows.join("")}</tbody>
</table>
<p>${renderSummary(content)}</p>
</main>
</body>
</html>
`;
}

const SYMBOLS = `<svg class="symbols" aria-hidden="true"><defs>
<symbol id="folder" viewBox="0 0 16 16"><path fill="currentColor" d="M1 3.5A1.5 1.5 0 0 1 2.5 2h3.2l1.6 2h6.2A1.5 1.5 0 0 1 15 5.5v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 1 12.5z"/></symbol>
<symbol id="file" viewBox="0 0 16 16"><path fill="none" stroke="currentColor" d="M3.5 1.5h6l3 3v10h-9z M9.5 1.5v3h3"/></symbol>
</defs></svg>`;

const PARENT = `<tr class="folder"><td><a href="../">${icon("folder")}..</a></td><td></td><td></td></tr>\n`;

const HEADINGS: readonly (readonly [SortKey, string])[] = [
  ["name", "Name"],
  ["size", "Size"],
  ["modified", "Modified (UTC)"],
];

/** Links to the folders on the way, relative ones, which also lead there behind a proxy that has put something before. */
function renderPath(segments: readonly string[]): string {
  const way = ["", ...segments];
  const links = way.map((segment, index) => {
    const up = "../".repeat(way.length - 1 - index) || "./";
    const isLast = index === way.length - 1;
    return `<a href="${up}"${isLast ? ' aria-current="page"' : ""}>${renderName(segment)}/</a>`;
  });
  return links.join("<wbr>");
}

/** A heading that sorts, and turns the order around when it is the one that sorts already. */
function renderHeading([key, label]: readonly [SortKey, string], order: SortOrder): string {
  const isSorting = key === order.key;
  const sorted = isSorting ? ` aria-sort="${order.isDescending ? "descending" : "ascending"}"` : "";
  const minus = isSorting && !order.isDescending ? "-" : "";
  return `<th scope="col"${sorted}><a href="?sort=${minus}${key}">${label}</a></th>`;
}

function renderEntry({ name, isFolder, size, modified }: FolderEntry): string {
  const slash = isFolder ? "/" : "";
  // Not to be taken for a scheme, nor for a host.
  const link = `<a href="./${hrefOf(name)}${slash}">${icon(isFolder ? "folder" : "file")}${renderName(name)}${slash}</a>`;
  const octets = isFolder ? "" : `<span title="${size} octets">${renderSize(size)}</span>`;
  const row = `<td>${link}</td><td>${octets}</td><td>${renderTime(modified)}</td>`;
  return `<tr${isFolder ? ' class="folder"' : ""}>${row}</tr>\n`;
}

function renderTime(time: Date): string {
  // Some file systems have times that no calendar has.
  if (Number.isNaN(time.getTime())) return "";
  const iso = time.toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")}</time>`;
}

function icon(name: string): string {
  return `<svg aria-hidden="true"><use href="#${name}"/></svg>`;
}

function renderSummary({ entries, isComplete }: FolderContent): string {
  if (entries.length === 0) return "Nothing is here.";
  const files = entries.filter(({ isFolder }) => !isFolder);
  const octets = files.reduce((sum, { size }) => sum + size, 0);
  const folders = counted(entries.length - files.length, "folder");
  const rest = isComplete ? "" : "; more are there than are shown";
  return `${folders}, ${counted(files.length, "file")}, ${renderSize(octets)}${rest}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const UNITS: readonly string[] = ["KiB", "MiB", "GiB", "TiB", "PiB"];

/** Octets in words: `512 B`, `1.5 KiB`. */
export function renderSize(octets: number): string {
  if (octets < 1024) return `${octets} B`;
  let value = octets / 1024;
  let unit = 0;
  // What would be rounded up to 1024 belongs to the next one.
  for (; value >= 1023.95 && unit < UNITS.length - 1; unit += 1) value /= 1024;
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** A name that turns around the text behind it stays alone with that, and one that controls something shows so. */
function renderName(name: string): string {
  const visible = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
  return `<bdi>${escapeHtml(visible)}</bdi>`;
}

function hrefOf(name: string): string {
  return encodeURIComponent(name).replaceAll("'", "%27");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
