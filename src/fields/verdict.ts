/**
 * A field is looked at once. What was found fits into one number, the verdict, and is kept in the field: fields in
 * the HPACK tables are shared, so a table hit costs one test of an integer. The verdict does not depend on
 * the kind of message, on the direction or on options; those are weighed by whoever reads it.
 */
import type { HeaderField } from "../hpack/header-field.ts";
import { authorityDefect } from "./authority.ts";
import { Defect } from "./field-fault.ts";
import { KNOWN_FIELDS, KnownField } from "./known-field.ts";
import { flawsOf, isDigit, isLetter, isSpaceOrTab, OctetFlaw } from "./octet-class.ts";

const KNOWN_BITS = 5;
const KNOWN_MASK = (1 << KNOWN_BITS) - 1;

/** Verdicts above this one name a defect. */
export const LAST_CLEAN_VERDICT: number = KNOWN_MASK;

const COLON = 0x3a;
const SLASH = 0x2f;

/** The verdict on a field, from the field if it was looked at before. */
export function verdictOf(field: HeaderField): number {
  if (field.verdict === 0) field.verdict = classify(field.name, field.value);
  return field.verdict;
}

/**
 * What part a field of this name plays, and the first thing that is wrong with it: a number above 0. Of several
 * defects, those that no option tolerates come first.
 */
export function classify(name: string, value: string): number {
  const known = KNOWN_FIELDS.get(name) ?? 0;
  const flaws = flawsOf(value);
  const defect = fieldDefect(known, name, value, flaws);
  return (known || unknownField(name)) | (defect << KNOWN_BITS);
}

/** The part the field plays: a value of KnownField. */
export function knownField(verdict: number): number {
  return verdict & KNOWN_MASK;
}

/** What is wrong with the field itself. */
export function knownDefect(verdict: number): Defect {
  return (verdict >> KNOWN_BITS) as Defect;
}

function unknownField(name: string): number {
  return name.charCodeAt(0) === COLON ? KnownField.UNKNOWN_PSEUDO : KnownField.PLAIN;
}

function fieldDefect(known: number, name: string, value: string, flaws: number): Defect {
  if ((flaws & OctetFlaw.NOT_OCTET) !== 0) return Defect.NOT_OCTETS;
  const inName = known === 0 ? nameDefect(name) : Defect.NONE;
  if (inName !== Defect.NONE) return inName;
  if ((flaws & OctetFlaw.LINE_BREAKER) !== 0) return Defect.LINE_BREAKER;
  if (isSpaceAtEdge(value)) return Defect.SPACE_AT_EDGE;
  const inValue = valueDefect(known, value, flaws);
  if (inValue !== Defect.NONE) return inValue;
  return (flaws & OctetFlaw.CONTROL) !== 0 ? Defect.CONTROL_CHARACTER : Defect.NONE;
}

function nameDefect(name: string): Defect {
  if (name.length === 0) return Defect.EMPTY_NAME;
  const flaws = flawsOf(name);
  if ((flaws & OctetFlaw.NOT_OCTET) !== 0) return Defect.NOT_OCTETS;
  if (name.charCodeAt(0) === COLON) return Defect.UNKNOWN_PSEUDO;
  if ((flaws & OctetFlaw.NOT_TOKEN) !== 0) return Defect.NAME_NOT_TOKEN;
  return (flaws & OctetFlaw.UPPERCASE) !== 0 ? Defect.UPPERCASE_NAME : Defect.NONE;
}

function isSpaceAtEdge(value: string): boolean {
  if (value.length === 0) return false;
  return isSpaceOrTab(value.charCodeAt(0)) || isSpaceOrTab(value.charCodeAt(value.length - 1));
}

function valueDefect(known: number, value: string, flaws: number): Defect {
  switch (known) {
    case KnownField.METHOD:
      return isTokenLike(value, flaws) ? Defect.NONE : Defect.METHOD;
    case KnownField.SCHEME:
      return isScheme(value, flaws) ? Defect.NONE : Defect.SCHEME;
    case KnownField.AUTHORITY:
      return authorityDefect(value, flaws);
    case KnownField.HOST:
      return value === "" ? Defect.NONE : authorityDefect(value, flaws);
    case KnownField.PATH:
      return pathDefect(value, flaws);
    case KnownField.PROTOCOL:
      return isProtocol(value) ? Defect.NONE : Defect.PROTOCOL;
    case KnownField.STATUS:
      return isStatus(value) ? Defect.NONE : Defect.STATUS;
    case KnownField.CONTENT_LENGTH:
      return parseContentLength(value) < 0 ? Defect.CONTENT_LENGTH : Defect.NONE;
    case KnownField.TE:
      return value === "trailers" ? Defect.NONE : Defect.TE_NOT_TRAILERS;
    case KnownField.CONNECTION_SPECIFIC:
      return Defect.CONNECTION_SPECIFIC;
    default:
      return Defect.NONE;
  }
}

function isTokenLike(value: string, flaws: number): boolean {
  return value.length > 0 && (flaws & OctetFlaw.NOT_TOKEN) === 0;
}

function isScheme(value: string, flaws: number): boolean {
  return value.length > 0 && (flaws & OctetFlaw.NOT_SCHEME) === 0 && isLetter(value.charCodeAt(0));
}

/** A path and query; "*" is let through here, as only the method can say whether it is right. */
function pathDefect(value: string, flaws: number): Defect {
  if (value.length === 0) return Defect.EMPTY_PATH;
  if ((flaws & OctetFlaw.NOT_PATH) !== 0) return Defect.PATH_OCTET;
  if (value.charCodeAt(0) !== SLASH && value !== "*") return Defect.PATH_NOT_ABSOLUTE;
  return (flaws & OctetFlaw.NOT_ASCII) !== 0 ? Defect.PATH_NOT_ASCII : Defect.NONE;
}

/** A protocol as in the Upgrade field of HTTP/1.1: a token, and perhaps a slash and another (RFC 9110 section 7.8). */
function isProtocol(value: string): boolean {
  const parts = value.split("/");
  return parts.length <= 2 && parts.every((part) => isTokenLike(part, flawsOf(part)));
}

/**
 * Three digits, the first of them not 0. RFC 9110 section 15 calls 600 to 999 invalid, yet asks clients to process
 * such a response as a server error, not to refuse it; so it passes, in both directions.
 */
function isStatus(value: string): boolean {
  if (value.length !== 3 || value.charCodeAt(0) === 0x30) return false;
  return isDigit(value.charCodeAt(0)) && isDigit(value.charCodeAt(1)) && isDigit(value.charCodeAt(2));
}

/** The number of octets that a content-length value announces, or -1: digits only, up to 2^53-1, and no list. */
export function parseContentLength(value: string): number {
  let length = 0;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (!isDigit(code)) return -1;
    length = length * 10 + (code - 0x30);
    if (length > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value.length === 0 ? -1 : length;
}
