/**
 * What each octet spoils. A text is looked through once, the flaws of its octets are put together, and every
 * question about the text ("is it a token?", "may it be a path?") is then a test of one bit.
 */
export const OctetFlaw = {
  /** A letter A to Z, which no field name in HTTP/2 may have. */
  UPPERCASE: 0x01,
  /** Outside the characters of a token (RFC 9110 section 5.6.2). */
  NOT_TOKEN: 0x02,
  /** CR, LF or NUL: what ends a line or a string in other protocols. */
  LINE_BREAKER: 0x04,
  /** Any other control character but HTAB. */
  CONTROL: 0x08,
  /** White space, a control character or "#", none of which a path and query can hold. */
  NOT_PATH: 0x10,
  /** 0x80 to 0xff. */
  NOT_ASCII: 0x20,
  /** Outside the characters of a host and port, "@" excepted: that one has a rule of its own. */
  NOT_AUTHORITY: 0x40,
  /** Outside the characters of a URI scheme. */
  NOT_SCHEME: 0x80,
  /** Above U+00FF, so not an octet at all. */
  NOT_OCTET: 0x100,
} as const;

const TOKEN_MARKS = "!#$%&'*+-.^_`|~";
const AUTHORITY_MARKS = "-._~%!$&'()*+,;=:[]@";
const SCHEME_MARKS = "+-.";

const OCTET_FLAWS: Uint8Array = octetFlaws();

/** The flaws of all characters of `text` together. */
export function flawsOf(text: string): number {
  let flaws = 0;
  let codes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    codes |= code;
    flaws |= OCTET_FLAWS[code & 0xff] as number;
  }
  return codes > 0xff ? flaws | OctetFlaw.NOT_OCTET : flaws;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

export function isSpaceOrTab(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function octetFlaws(): Uint8Array {
  const flaws = new Uint8Array(256);
  for (let octet = 0; octet < 256; octet++) flaws[octet] = flawsOfOctet(octet);
  return flaws;
}

function flawsOfOctet(octet: number): number {
  const mark = String.fromCharCode(octet);
  const alphanumeric = isDigit(octet) || isLetter(octet);
  const control = octet < 0x20 || octet === 0x7f;
  const breaker = mark === "\r" || mark === "\n" || mark === "\0";
  let flaws = 0;
  if (octet >= 0x41 && octet <= 0x5a) flaws |= OctetFlaw.UPPERCASE;
  if (!alphanumeric && !TOKEN_MARKS.includes(mark)) flaws |= OctetFlaw.NOT_TOKEN;
  if (breaker) flaws |= OctetFlaw.LINE_BREAKER;
  if (control && !breaker && mark !== "\t") flaws |= OctetFlaw.CONTROL;
  if (control || mark === " " || mark === "#") flaws |= OctetFlaw.NOT_PATH;
  if (octet >= 0x80) flaws |= OctetFlaw.NOT_ASCII;
  if (!alphanumeric && !AUTHORITY_MARKS.includes(mark)) flaws |= OctetFlaw.NOT_AUTHORITY;
  if (!alphanumeric && !SCHEME_MARKS.includes(mark)) flaws |= OctetFlaw.NOT_SCHEME;
  return flaws;
}
