/**
 * What a field section may be (RFC 9113 sections 8.2 and 8.3): one pass over the fields, most of which cost one
 * test of an integer, and then a look at what was gathered.
 */
import type { HeaderField } from "../hpack/header-field.ts";
import { hasUsablePort, isSameAuthority } from "./authority.ts";
import { Defect, type FieldFault, fieldFault, quote } from "./field-fault.ts";
import { FIRST_PSEUDO_FIELD, KnownField } from "./known-field.ts";
import type { MessageFacts } from "./message-facts.ts";
import { MessageKind } from "./message-kind.ts";
import {
  ALL_PSEUDO_FIELDS,
  pseudoFieldBit,
  pseudoFieldNames,
  pseudoFieldRule,
  sectionOfExcess,
} from "./pseudo-fields.ts";
import { knownDefect, knownField, LAST_CLEAN_VERDICT, parseContentLength, verdictOf } from "./verdict.ts";

/** What may be let through although RFC 9110 advises against it. */
export interface FieldRules {
  /** Control characters other than CR, LF and NUL in values of regular fields. */
  readonly allowControlCharacters: boolean;
  /** Octets above 0x7f in :path. */
  readonly allowNonAsciiPath: boolean;
  /** Several content-length fields, if they are equal (RFC 9110 section 8.6 leaves it open). */
  readonly allowRepeatedContentLength: boolean;
}

export const DEFAULT_FIELD_RULES: FieldRules = {
  allowControlCharacters: false,
  allowNonAsciiPath: false,
  allowRepeatedContentLength: true,
};

const ASTERISK = 0x2a;

/** Stands above the pseudo-header fields in the set of what was seen. */
const REGULAR_FIELD = 0x100;

/** Checks what a peer sent. Null if all is well; then `facts` are filled. With a fault their content is undefined. */
export function checkFields(
  fields: readonly HeaderField[],
  kind: MessageKind,
  facts: MessageFacts,
  rules: FieldRules = DEFAULT_FIELD_RULES,
): FieldFault | null {
  facts.reset();
  if (kind === MessageKind.TRAILERS) return checkTrailers(fields, rules);
  let seen = 0;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as HeaderField;
    const verdict = verdictOf(field);
    if (verdict === KnownField.PLAIN) {
      seen |= REGULAR_FIELD;
      continue;
    }
    if (verdict > LAST_CLEAN_VERDICT) {
      const fault = judgeDefect(field, verdict, rules);
      if (fault !== null) return fault;
    }
    const known = knownField(verdict);
    if (known >= FIRST_PSEUDO_FIELD) {
      const bit = pseudoFieldBit(known);
      if ((seen & (REGULAR_FIELD | bit)) !== 0) return misplacedPseudo(field, seen);
      seen |= bit;
      storePseudo(field.value, known, facts);
    } else {
      seen |= REGULAR_FIELD;
      const fault = takeRegular(field, known, facts, rules);
      if (fault !== null) return fault;
    }
  }
  return checkControlData(kind, facts, seen & ALL_PSEUDO_FIELDS);
}

/**
 * Checks what the application wants sent. The rules are those for receiving; on top of them come fields that a
 * receiver can live with but a sender must not produce.
 */
export function checkOutboundFields(
  fields: readonly HeaderField[],
  kind: MessageKind,
  facts: MessageFacts,
  rules: FieldRules = DEFAULT_FIELD_RULES,
): FieldFault | null {
  const fault = checkFields(fields, kind, facts, rules);
  if (fault !== null) return fault;
  if (facts.http2SettingsFields > 0) return fieldFault(Defect.CONNECTION_SPECIFIC, "http2-settings", "");
  if (facts.status === 204 && facts.contentLength >= 0) return lengthWithoutContent(facts);
  return null;
}

/**
 * Fills `facts` without judging, for a connection whose validation is off. Only content-length is checked even
 * then, because the length of the content is checked against it.
 */
export function readFacts(
  fields: readonly HeaderField[],
  facts: MessageFacts,
  rules: FieldRules = DEFAULT_FIELD_RULES,
): FieldFault | null {
  facts.reset();
  for (const field of fields) {
    const verdict = verdictOf(field);
    const known = knownField(verdict);
    if (known === KnownField.CONTENT_LENGTH) {
      const fault = judgeDefect(field, verdict, rules) ?? takeContentLength(field, facts, rules);
      if (fault !== null) return fault;
    } else if (known >= FIRST_PSEUDO_FIELD) {
      if (known !== KnownField.STATUS || verdict <= LAST_CLEAN_VERDICT)
        storePseudo(field.value, known, facts);
    } else takeRegular(field, known, facts, rules);
  }
  return null;
}

/** The fault for the defect that a verdict names, unless there is none or the rules tolerate it. */
function judgeDefect(field: HeaderField, verdict: number, rules: FieldRules): FieldFault | null {
  const defect = knownDefect(verdict);
  if (defect === Defect.NONE) return null;
  if (defect === Defect.CONTROL_CHARACTER && rules.allowControlCharacters) return null;
  if (defect === Defect.PATH_NOT_ASCII && rules.allowNonAsciiPath) return null;
  return faultOf(defect, field);
}

/** Trailers carry no pseudo-header field, nothing that frames or routes, and no priority to store. */
function checkTrailers(fields: readonly HeaderField[], rules: FieldRules): FieldFault | null {
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as HeaderField;
    const verdict = verdictOf(field);
    const known = knownField(verdict);
    if (known >= FIRST_PSEUDO_FIELD) return faultOf(Defect.PSEUDO_IN_TRAILERS, field);
    const fault = verdict > LAST_CLEAN_VERDICT ? judgeDefect(field, verdict, rules) : null;
    if (fault !== null) return fault;
    if (known !== KnownField.PLAIN && known !== KnownField.PRIORITY) {
      return faultOf(Defect.HEAD_FIELD_IN_TRAILERS, field);
    }
  }
  return null;
}

function misplacedPseudo(field: HeaderField, seen: number): FieldFault {
  const isLate = (seen & REGULAR_FIELD) !== 0;
  return faultOf(isLate ? Defect.PSEUDO_AFTER_FIELD : Defect.REPEATED_PSEUDO, field);
}

function storePseudo(value: string, known: number, facts: MessageFacts): void {
  switch (known) {
    case KnownField.METHOD:
      facts.method = value;
      facts.isConnect = value === "CONNECT";
      break;
    case KnownField.SCHEME:
      facts.scheme = value;
      break;
    case KnownField.AUTHORITY:
      facts.authority = value;
      break;
    case KnownField.PATH:
      facts.path = value;
      break;
    case KnownField.PROTOCOL:
      facts.protocol = value;
      break;
    case KnownField.STATUS:
      facts.status = statusOf(value);
      break;
  }
}

/** The number that three digits make; three characters of another kind never come here. */
function statusOf(value: string): number {
  return value.charCodeAt(0) * 100 + value.charCodeAt(1) * 10 + value.charCodeAt(2) - 0x30 * 111;
}

function takeRegular(
  field: HeaderField,
  known: number,
  facts: MessageFacts,
  rules: FieldRules,
): FieldFault | null {
  switch (known) {
    case KnownField.CONTENT_LENGTH:
      return takeContentLength(field, facts, rules);
    case KnownField.HOST:
      return takeHost(field, facts);
    case KnownField.TE:
      if (facts.hasTe) return faultOf(Defect.SECOND_TE, field);
      facts.hasTe = true;
      return null;
    case KnownField.COOKIE:
      facts.cookieCrumbs++;
      return null;
    case KnownField.PRIORITY:
      facts.priority = facts.priority === "" ? field.value : `${facts.priority}, ${field.value}`;
      return null;
    case KnownField.HTTP2_SETTINGS:
      facts.http2SettingsFields++;
      return null;
    default:
      return null;
  }
}

function takeHost(field: HeaderField, facts: MessageFacts): FieldFault | null {
  if (facts.hasHost) return faultOf(Defect.SECOND_HOST, field);
  facts.hasHost = true;
  facts.host = field.value;
  return null;
}

function takeContentLength(field: HeaderField, facts: MessageFacts, rules: FieldRules): FieldFault | null {
  const length = parseContentLength(field.value);
  const earlier = facts.contentLength;
  facts.contentLength = length;
  if (earlier < 0) return null;
  if (earlier !== length) {
    const reason = `Conflicting content-length headers: ${earlier} and ${length}`;
    return { reason, section: "RFC 9110 section 8.6" };
  }
  return rules.allowRepeatedContentLength ? null : faultOf(Defect.REPEATED_LENGTH, field);
}

/** What all pseudo-header fields together must be, once each is known to be well formed. */
function checkControlData(kind: MessageKind, facts: MessageFacts, seen: number): FieldFault | null {
  const rule = pseudoFieldRule(kind, facts.isConnect, facts.protocol !== "");
  const missing = rule.required & ~seen;
  if (missing !== 0) {
    return { reason: `${rule.what} must have ${pseudoFieldNames(missing)}`, section: rule.section };
  }
  const excess = seen & ~rule.allowed;
  if (excess !== 0) {
    const reason = `${rule.what} may not have ${pseudoFieldNames(excess)}`;
    return { reason, section: sectionOfExcess(rule, excess) };
  }
  return facts.status > 0 ? checkResponse(kind, facts) : checkRequest(kind, facts);
}

function checkResponse(kind: MessageKind, facts: MessageFacts): FieldFault | null {
  const { status } = facts;
  if (status === 101)
    return { reason: "101 (Switching Protocols) does not exist in HTTP/2", section: "RFC 9113 section 8.6" };
  if (status >= 200 && kind === MessageKind.INTERIM_RESPONSE) {
    return {
      reason: `an interim response has a status of 100 to 199, not ${status}`,
      section: "RFC 9110 section 15.2",
    };
  }
  if (facts.contentLength < 0) return null;
  // A 204 with a length of 0 is against the rule too, but says nothing wrong, and servers send it.
  if (status < 200 || (status === 204 && facts.contentLength > 0)) return lengthWithoutContent(facts);
  return null;
}

function lengthWithoutContent(facts: MessageFacts): FieldFault {
  const reason = `Invalid content-length header: a response with status ${facts.status} has none`;
  return { reason, section: "RFC 9110 section 8.6" };
}

function checkRequest(kind: MessageKind, facts: MessageFacts): FieldFault | null {
  if (kind === MessageKind.PUSHED_REQUEST) {
    const fault = checkPromise(facts);
    if (fault !== null) return fault;
  }
  if (facts.path.charCodeAt(0) === ASTERISK && facts.method !== "OPTIONS") {
    return { reason: `:path is "*", which is only for OPTIONS`, section: "RFC 9113 section 8.3.1" };
  }
  if (facts.isConnect && facts.protocol === "" && !hasUsablePort(facts.authority)) {
    return {
      reason: ":authority of a CONNECT request must name a port, 1 to 65535",
      section: "RFC 9110 section 9.3.6",
    };
  }
  return checkAuthority(facts);
}

/** A promised request is safe, cacheable and without content: of the methods we know, GET or HEAD. */
function checkPromise(facts: MessageFacts): FieldFault | null {
  const section = "RFC 9113 section 8.4";
  if (facts.method !== "GET" && facts.method !== "HEAD") {
    return { reason: `a promised request is a GET or HEAD, not ${quote(facts.method)}`, section };
  }
  return facts.contentLength > 0 ? { reason: "a promised request has no content", section } : null;
}

/** http and https name a host, in :authority or host, and if in both, the same (RFC 9113 section 8.3.1). */
function checkAuthority(facts: MessageFacts): FieldFault | null {
  if (facts.authority === "") {
    if (facts.host !== "" || !isWebScheme(facts.scheme)) return null;
    return { reason: "a request has neither :authority nor host", section: "RFC 9113 section 8.3.1" };
  }
  if (!facts.hasHost || isSameAuthority(facts.authority, facts.host, facts.scheme)) return null;
  const reason = `host ${quote(facts.host)} differs from :authority ${quote(facts.authority)}`;
  return { reason, section: "RFC 9113 section 8.3.1" };
}

function isWebScheme(scheme: string): boolean {
  if (scheme === "https" || scheme === "http") return true;
  const name = scheme.toLowerCase();
  return name === "https" || name === "http";
}

function faultOf(defect: Defect, field: HeaderField): FieldFault {
  return fieldFault(defect, field.name, field.value);
}
