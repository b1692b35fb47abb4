/** From what an application writes to what is sent, and from what came in to what an application reads. */
import { HeaderField } from "../hpack/header-field.ts";
import { Defect, quote } from "./field-fault.ts";
import { KNOWN_FIELDS, KnownField } from "./known-field.ts";
import { isSpaceOrTab } from "./octet-class.ts";
import { classify, knownDefect, LAST_CLEAN_VERDICT, verdictOf } from "./verdict.ts";

/** A list of fields as applications may write it: a Map of strings and the Headers of fetch are such lists too. */
export type HeaderInput = Iterable<HeaderField | readonly [name: string, value: string]>;

export interface OutboundOptions {
  /**
   * Lower-case names, trim names and values, drop what belongs to an HTTP/1.1 connection, and keep credentials and
   * short cookies out of the compression tables.
   */
  readonly normalize: boolean;
  /** With `normalize`: one field for each cookie, which compresses better (RFC 9113 section 8.2.3). */
  readonly splitCookies: boolean;
}

/** A name that applications send, and the last field that went out under it. */
interface SentName {
  readonly name: string;
  recent: HeaderField;
}

/**
 * By frequent names in lower case and In-Capitals. Messages are much alike: where a value is the same as last
 * time, its field is used again and needs neither a look nor an object. 12 fields of a response take 475 ns so,
 * against 1250 ns without (bench/micro/fields.mjs).
 */
const SENT_NAMES: ReadonlyMap<string, SentName> = sentNames();
const LONGEST_REMEMBERED = 128;

/** Shorter cookies can be guessed octet by octet through the size of compressed blocks (RFC 7541 section 7.1.3). */
const SHORTEST_INDEXED_COOKIE = 20;
const COOKIE_SEPARATOR = "; ";

/**
 * The fields to send, each with its verdict. A HeaderField that needs no change is used as it is.
 *
 * @throws TypeError if an entry is no field, or has a character above U+00FF.
 */
export function prepareOutbound(headers: HeaderInput, options: OutboundOptions): HeaderField[] {
  const prepared: HeaderField[] = [];
  for (const entry of headers) {
    if (entry instanceof HeaderField) addField(prepared, entry, options);
    else addPair(prepared, entry, options);
  }
  return prepared;
}

/**
 * Joins all cookie fields into one, moved to the end and never indexed, as a reader outside HTTP/2 has to see them
 * (RFC 9113 section 8.2.3). Gives `fields` themselves if there is no cookie.
 */
export function joinCookies(fields: HeaderField[]): HeaderField[] {
  let cookies = "";
  const others: HeaderField[] = [];
  for (const field of fields) {
    if (field.name !== "cookie") others.push(field);
    else cookies = cookies === "" ? field.value : cookies + COOKIE_SEPARATOR + field.value;
  }
  if (others.length === fields.length) return fields;
  others.push(new HeaderField("cookie", cookies, true));
  return others;
}

/** `fields` without those of this name. */
export function withoutField(fields: HeaderField[], name: string): HeaderField[] {
  return fields.filter((field) => field.name !== name);
}

function addField(prepared: HeaderField[], field: HeaderField, options: OutboundOptions): void {
  const verdict = octetVerdict(field);
  if (!options.normalize || isNormal(verdict)) prepared.push(field);
  else addNormalized(prepared, field, options.splitCookies);
}

function addPair(
  prepared: HeaderField[],
  pair: readonly [name: string, value: string],
  options: OutboundOptions,
): void {
  if (!Array.isArray(pair) || typeof pair[0] !== "string" || typeof pair[1] !== "string") {
    throw new TypeError("a header field must be a HeaderField or a pair of strings, [name, value]");
  }
  const value = pair[1];
  const sent = options.normalize ? SENT_NAMES.get(pair[0]) : undefined;
  if (sent === undefined) {
    addField(prepared, new HeaderField(pair[0], value), options);
    return;
  }
  if (sent.recent.value !== value) {
    const field = new HeaderField(sent.name, value);
    if (!isNormal(octetVerdict(field)) || value.length > LONGEST_REMEMBERED) {
      addField(prepared, field, options);
      return;
    }
    sent.recent = field;
  }
  prepared.push(sent.recent);
}

/** The verdict on a field of the application, which must consist of octets to be sent at all. */
function octetVerdict(field: HeaderField): number {
  const verdict = verdictOf(field);
  if (verdict > LAST_CLEAN_VERDICT && knownDefect(verdict) === Defect.NOT_OCTETS) {
    throw new TypeError(
      `header field ${quote(field.name)} has a character above U+00FF; encode its text first`,
    );
  }
  return verdict;
}

/** Whether a field of this verdict needs no change: nothing is wrong with it, and it is no secret. */
function isNormal(verdict: number): boolean {
  if (verdict > LAST_CLEAN_VERDICT) return false;
  return (
    verdict !== KnownField.COOKIE &&
    verdict !== KnownField.CREDENTIALS &&
    verdict !== KnownField.HTTP2_SETTINGS
  );
}

function addNormalized(prepared: HeaderField[], field: HeaderField, splitCookies: boolean): void {
  const name = trimmed(field.name).toLowerCase();
  const value = trimmed(field.value);
  switch (KNOWN_FIELDS.get(name)) {
    case KnownField.CONNECTION_SPECIFIC:
    case KnownField.HTTP2_SETTINGS:
      return;
    case KnownField.COOKIE:
      if (splitCookies && field.value.includes(COOKIE_SEPARATOR)) addCrumbs(prepared, field);
      else prepared.push(cookieField(field, value));
      return;
    case KnownField.CREDENTIALS:
      prepared.push(changed(field, name, value, true));
      return;
    default:
      prepared.push(changed(field, name, value, field.sensitive));
  }
}

/** One field a cookie; empty ones between separators are left out. */
function addCrumbs(prepared: HeaderField[], field: HeaderField): void {
  for (const part of field.value.split(COOKIE_SEPARATOR)) {
    const crumb = trimmed(part);
    if (crumb !== "") prepared.push(cookieField(field, crumb));
  }
}

function cookieField(field: HeaderField, value: string): HeaderField {
  return changed(field, "cookie", value, field.sensitive || value.length < SHORTEST_INDEXED_COOKIE);
}

/** The field itself if these are its parts already, else one made of them. */
function changed(field: HeaderField, name: string, value: string, sensitive: boolean): HeaderField {
  if (field.name === name && field.value === value && field.sensitive === sensitive) return field;
  const made = new HeaderField(name, value, sensitive);
  made.verdict = classify(name, value);
  return made;
}

/** Without spaces and tabs at both ends. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpaceOrTab(text.charCodeAt(start))) start++;
  while (end > start && isSpaceOrTab(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Secrets are not remembered, and so are not listed; nor are fields that are dropped. */
function sentNames(): Map<string, SentName> {
  const names = new Map<string, SentName>();
  for (const [name, known] of KNOWN_FIELDS) {
    if (!isNormal(known) || known === KnownField.CONNECTION_SPECIFIC || name === "set-cookie") continue;
    const sent = { name, recent: new HeaderField(name, "") };
    names.set(name, sent);
    names.set(
      name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
      sent,
    );
  }
  return names;
}
