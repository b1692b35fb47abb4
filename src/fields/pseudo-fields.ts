import { FIRST_PSEUDO_FIELD, KnownField } from "./known-field.ts";
import { MessageKind } from "./message-kind.ts";

/** Which pseudo-header fields a head has to carry and which it may; the others are forbidden. Bits: see below. */
export interface PseudoFieldRule {
  /** For messages: "a request". */
  readonly what: string;
  readonly required: number;
  readonly allowed: number;
  readonly section: string;
}

type Presence = "must" | "may" | "-";

/** In the order of their numbers in KnownField; the first one is bit 0 of a set. */
const PSEUDO_FIELD_NAMES = [":method", ":scheme", ":authority", ":path", ":protocol", ":status"] as const;

export const ALL_PSEUDO_FIELDS: number = (1 << PSEUDO_FIELD_NAMES.length) - 1;

const IN_REQUESTS = "RFC 9113 section 8.3.1";
const IN_RESPONSES = "RFC 9113 section 8.3.2";
const IN_CONNECT = "RFC 9113 section 8.5";
const IN_EXTENDED_CONNECT = "RFC 8441 section 4";
const IN_PROMISES = "RFC 9113 section 8.4.1";

// A request for an http or https URI without :authority needs a host field instead: checked beside this table.
// biome-ignore format: one row a kind of head, one column a field
const RULES = {
  //                                                            :method :scheme :authority :path  :protocol :status
  request:         rule("a request",           IN_REQUESTS,         ["must", "must", "may",  "must", "-",    "-"]),
  connect:         rule("a CONNECT request",   IN_CONNECT,          ["must", "-",    "must", "-",    "-",    "-"]),
  extendedConnect: rule("an extended CONNECT", IN_EXTENDED_CONNECT, ["must", "must", "may",  "must", "must", "-"]),
  pushedRequest:   rule("a promised request",  IN_PROMISES,         ["must", "must", "must", "must", "-",    "-"]),
  response:        rule("a response",          IN_RESPONSES,        ["-",    "-",    "-",    "-",    "-",    "must"]),
} as const;

/** The row for a head of this kind. Trailers have none: they carry no pseudo-header field at all. */
export function pseudoFieldRule(
  kind: MessageKind,
  isConnect: boolean,
  hasProtocol: boolean,
): PseudoFieldRule {
  if (kind === MessageKind.PUSHED_REQUEST) return RULES.pushedRequest;
  if (kind !== MessageKind.REQUEST) return RULES.response;
  if (!isConnect) return RULES.request;
  return hasProtocol ? RULES.extendedConnect : RULES.connect;
}

/** Where it stands that a head of this row may not have these fields. */
export function sectionOfExcess(rule: PseudoFieldRule, excess: number): string {
  return (excess & pseudoFieldBit(KnownField.PROTOCOL)) !== 0 ? IN_EXTENDED_CONNECT : rule.section;
}

/** The place of a pseudo-header field, given by its number in KnownField, in a set of them. */
export function pseudoFieldBit(known: number): number {
  return 1 << (known - FIRST_PSEUDO_FIELD);
}

/** The names in a set, for messages. */
export function pseudoFieldNames(bits: number): string {
  return PSEUDO_FIELD_NAMES.filter((_, index) => bits & (1 << index)).join(", ");
}

function rule(what: string, section: string, presences: readonly Presence[]): PseudoFieldRule {
  let required = 0;
  let allowed = 0;
  for (const [index, presence] of presences.entries()) {
    if (presence === "must") required |= 1 << index;
    if (presence !== "-") allowed |= 1 << index;
  }
  return { what, required, allowed, section };
}
