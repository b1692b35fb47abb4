import { createHash } from "node:crypto";

/** The looks of the page that lists a folder: by the reader's colours, on any width, and with what has the focus shown. */
export const LISTING_STYLE: string = `
:root {
  color-scheme: light dark;
  --ink: #1c2024; --faint: #60646c; --paper: #fff; --line: #e4e6ea; --accent: #0b62c4; --row: #f3f7fd;
  font: 16px/1.5 system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --faint: #9ba1a8; --paper: #14171a; --line: #2b3036; --accent: #79b8ff; --row: #1c232c; }
}
body { margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
table { border-collapse: collapse; width: 100%; }
th { font-size: .8125rem; font-weight: 600; border-bottom: 1px solid var(--line); }
th a { color: var(--faint); }
th[aria-sort=ascending] a::after { content: " \\2191"; }
th[aria-sort=descending] a::after { content: " \\2193"; }
th, td { padding: .4rem .5rem; text-align: start; white-space: nowrap; }
td:first-child { width: 100%; white-space: normal; overflow-wrap: anywhere; }
th:nth-child(2), td:nth-child(2) { text-align: end; }
td + td { color: var(--faint); font-variant-numeric: tabular-nums; font-size: .875rem; }
tbody tr { border-bottom: 1px solid var(--line); }
tbody tr:hover, tbody tr:focus-within { background: var(--row); }
svg { width: 1.1em; height: 1.1em; margin-inline-end: .5em; vertical-align: -.15em; color: var(--faint); }
.folder svg { color: var(--accent); }
.folder a { font-weight: 600; }
p { color: var(--faint); font-size: .875rem; margin: 1rem .5rem; }
.symbols { position: absolute; width: 0; height: 0; }
@media (max-width: 36rem) { th:nth-child(3), td:nth-child(3) { display: none; } }
`;

/** What a content security policy says to let this style pass, and no other. */
export const STYLE_HASH: string = `sha256-${createHash("sha256").update(LISTING_STYLE).digest("base64")}`;
