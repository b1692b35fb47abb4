/** Why a field section is refused: one sentence, and where the rule stands. */
export interface FieldFault {
  /** In plain words, with the field's name escaped. Values are shown only where they can be no secret. */
  readonly reason: string;
  /** For example "RFC 9113 section 8.2.1". */
  readonly section: string;
}

/** What can be wrong with a single field: the first group by itself, the second at the place where it stands. */
export const Defect = {
  NONE: 0,

  NOT_OCTETS: 1,
  EMPTY_NAME: 2,
  UPPERCASE_NAME: 3,
  NAME_NOT_TOKEN: 4,
  UNKNOWN_PSEUDO: 5,
  LINE_BREAKER: 6,
  SPACE_AT_EDGE: 7,
  CONTROL_CHARACTER: 8,
  CONNECTION_SPECIFIC: 9,
  TE_NOT_TRAILERS: 10,
  CONTENT_LENGTH: 11,
  METHOD: 12,
  SCHEME: 13,
  EMPTY_AUTHORITY: 14,
  USERINFO: 15,
  AUTHORITY: 16,
  EMPTY_PATH: 17,
  PATH_NOT_ABSOLUTE: 18,
  PATH_OCTET: 19,
  PATH_NOT_ASCII: 20,
  PROTOCOL: 21,
  STATUS: 22,

  PSEUDO_IN_TRAILERS: 23,
  HEAD_FIELD_IN_TRAILERS: 24,
  PSEUDO_AFTER_FIELD: 25,
  REPEATED_PSEUDO: 26,
  SECOND_HOST: 27,
  SECOND_TE: 28,
  REPEATED_LENGTH: 29,
} as const;

export type Defect = (typeof Defect)[keyof typeof Defect];

const VALIDITY = "RFC 9113 section 8.2.1";
const CONNECTION_FIELDS = "RFC 9113 section 8.2.2";
const CONTROL_DATA = "RFC 9113 section 8.3";
const IN_REQUESTS = "RFC 9113 section 8.3.1";
const IN_RESPONSES = "RFC 9113 section 8.3.2";
const CONTENT_LENGTH = "RFC 9110 section 8.6";

/** The sentence and the section for each defect. `{name}` and `{value}` stand for those of the field. */
// biome-ignore format: one line a defect
const REASONS: Readonly<Record<Defect, readonly [reason: string, section: string]>> = {
  [Defect.NONE]: ["", ""],
  [Defect.NOT_OCTETS]:             ["field {name} has a character above U+00FF, which is no octet", VALIDITY],
  [Defect.EMPTY_NAME]:             ["Received header name with zero length.", VALIDITY],
  [Defect.UPPERCASE_NAME]:         ["the name of field {name} has an uppercase letter", VALIDITY],
  [Defect.NAME_NOT_TOKEN]:         ["the name of field {name} has an octet that no field name may have", VALIDITY],
  [Defect.UNKNOWN_PSEUDO]:         ["{name} is no pseudo-header field that HTTP/2 knows", CONTROL_DATA],
  [Defect.LINE_BREAKER]:           ["the value of field {name} has a CR, LF or NUL", VALIDITY],
  [Defect.SPACE_AT_EDGE]:          ["the value of field {name} begins or ends with a space or tab", VALIDITY],
  [Defect.CONTROL_CHARACTER]:      ["the value of field {name} has a control character", "RFC 9110 section 5.5"],
  [Defect.CONNECTION_SPECIFIC]:    ["field {name} belongs to an HTTP/1.1 connection and has no place in HTTP/2", CONNECTION_FIELDS],
  [Defect.TE_NOT_TRAILERS]:        ['field {name} may have no value but "trailers"', CONNECTION_FIELDS],
  [Defect.CONTENT_LENGTH]:         ["Invalid content-length header: {value} is no number of octets up to 2^53-1", CONTENT_LENGTH],
  [Defect.METHOD]:                 ["{name} is no token: {value}", "RFC 9110 section 9.1"],
  [Defect.SCHEME]:                 ["{name} is no URI scheme: {value}", IN_REQUESTS],
  [Defect.EMPTY_AUTHORITY]:        ["{name} is empty", IN_REQUESTS],
  [Defect.USERINFO]:               ["{name} has user information before the host", IN_REQUESTS],
  [Defect.AUTHORITY]:              ["{name} is no host with an optional port", IN_REQUESTS],
  [Defect.EMPTY_PATH]:             ["{name} is empty", IN_REQUESTS],
  [Defect.PATH_NOT_ABSOLUTE]:      ['{name} neither begins with "/" nor is "*"', IN_REQUESTS],
  [Defect.PATH_OCTET]:             ['{name} has white space, a control character or "#"', IN_REQUESTS],
  [Defect.PATH_NOT_ASCII]:         ["{name} has an octet above 0x7f", IN_REQUESTS],
  [Defect.PROTOCOL]:               ["{name} is no name of a protocol: {value}", "RFC 8441 section 4"],
  [Defect.STATUS]:                 ["{name} is no status of three digits from 100 on: {value}", IN_RESPONSES],
  [Defect.PSEUDO_IN_TRAILERS]:     ["Received pseudo-header in trailer: {name}", "RFC 9113 section 8.1"],
  [Defect.HEAD_FIELD_IN_TRAILERS]: ["field {name} may not come behind the content", "RFC 9110 section 6.5.1"],
  [Defect.PSEUDO_AFTER_FIELD]:     ["{name} comes after a regular field", CONTROL_DATA],
  [Defect.REPEATED_PSEUDO]:        ["{name} comes more than once", CONTROL_DATA],
  [Defect.SECOND_HOST]:            ["field {name} comes more than once", "RFC 9112 section 3.2"],
  [Defect.SECOND_TE]:              ['field {name} comes more than once, and may be no list', CONNECTION_FIELDS],
  [Defect.REPEATED_LENGTH]:        ["Invalid content-length header: it comes more than once", CONTENT_LENGTH],
};

/** The fault of one field. */
export function fieldFault(defect: Defect, name: string, value: string): FieldFault {
  const [sentence, section] = REASONS[defect];
  const reason = sentence.replace(/\{(name|value)\}/g, (mark) => quote(mark === "{name}" ? name : value));
  return { reason, section };
}

/** Text of a peer made fit for a log: in quotes, one line, ASCII only, cut where it is long. */
export function quote(text: string): string {
  const shown = text.slice(0, 60).replace(/[^ !#-[\]-~]/g, escapeCharacter);
  return text.length > 60 ? `"${shown}..."` : `"${shown}"`;
}

function escapeCharacter(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
