/** The static table (RFC 7541 appendix A) and the look-ups by name, built from it at load. */
import { HeaderField } from "./header-field.ts";

/** In the order of their indexes, from 1 on. */
const ROWS: readonly string[] = [
  ":authority",
  ":method: GET",
  ":method: POST",
  ":path: /",
  ":path: /index.html",
  ":scheme: http",
  ":scheme: https",
  ":status: 200",
  ":status: 204",
  ":status: 206",
  ":status: 304",
  ":status: 400",
  ":status: 404",
  ":status: 500",
  "accept-charset",
  "accept-encoding: gzip, deflate",
  "accept-language",
  "accept-ranges",
  "accept",
  "access-control-allow-origin",
  "age",
  "allow",
  "authorization",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-range",
  "content-type",
  "cookie",
  "date",
  "etag",
  "expect",
  "expires",
  "from",
  "host",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "last-modified",
  "link",
  "location",
  "max-forwards",
  "proxy-authenticate",
  "proxy-authorization",
  "range",
  "referer",
  "refresh",
  "retry-after",
  "server",
  "set-cookie",
  "strict-transport-security",
  "transfer-encoding",
  "user-agent",
  "vary",
  "via",
  "www-authenticate",
];

/** Entries of the static table; the indexes above belong to the dynamic table. */
export const STATIC_ENTRIES: number = ROWS.length;

/** The entries by index. Index 0 stands for no entry; the object there only fills the place. */
export const STATIC_FIELDS: readonly HeaderField[] = ["", ...ROWS].map(fieldOfRow);

/** What the static table has under one name. */
export interface StaticName {
  /** Index of the first entry with the name. */
  readonly index: number;
  /** Index of each value that stands there with the name. */
  readonly values: ReadonlyMap<string, number>;
}

/** The names in the static table. */
export const STATIC_NAMES: ReadonlyMap<string, StaticName> = staticNames();

function fieldOfRow(row: string): HeaderField {
  const [name = "", value = ""] = row.split(": ");
  return new HeaderField(name, value);
}

function staticNames(): Map<string, StaticName> {
  const names = new Map<string, { index: number; values: Map<string, number> }>();
  STATIC_FIELDS.forEach(({ name, value }, index) => {
    if (index === 0) return;
    const known = names.get(name);
    if (known === undefined) names.set(name, { index, values: new Map([[value, index]]) });
    else known.values.set(value, index);
  });
  return names;
}
