/**
 * The head of an HTTP/1.1 request, read more strictly than `node:http` reads it. All that h2c Upgrade needs is to
 * recognise requests that are beyond doubt; whatever is unusual is left to the HTTP/1.1 server.
 */
import { latin1FromOctets } from "../bytes/latin1.ts";
import { flawsOf, isSpaceOrTab, OctetFlaw } from "../fields/octet-class.ts";

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** 1.0 or 1.1. */
  readonly version: "1.0" | "1.1";
  /** Names as they came, values without the white space around them; one character an octet. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DELETE = 0x7f;

const REQUEST_LINE = /^(\S+) (\S+) HTTP\/(1\.[01])$/;

/**
 * Where the head ends: its length with the empty line, 0 while that line has not come, -1 once there is
 * an octet that no well-formed head has: a control character, a lone LF, a CR without LF.
 *
 * @param from - how many octets an earlier call has seen, so that a head in many segments is looked through once.
 */
export function endOfHead(octets: Uint8Array, from: number): number {
  // A CR that was the last octet is judged by the one behind it, so it is looked at again.
  for (let index = Math.max(0, from - 1); index < octets.length; index++) {
    const octet = octets[index] as number;
    if (octet >= SPACE && octet !== DELETE) continue;
    if (octet === LF) {
      if (index === 0 || octets[index - 1] !== CR) return -1;
      if (index >= 3 && octets[index - 2] === LF && octets[index - 3] === CR) return index + 1;
    } else if (octet === CR) {
      if (index + 1 < octets.length && octets[index + 1] !== LF) return -1;
    } else if (octet !== HTAB) {
      return -1;
    }
  }
  return 0;
}

/** Parses a head whose end is known, or says null where it is not well-formed (RFC 9112 sections 3 and 5). */
export function parseRequestHead(octets: Uint8Array, end: number): RequestHead | null {
  const [requestLine = "", ...fieldLines] = latin1FromOctets(octets, 0, end - 4).split("\r\n");
  const [, method = "", target = "", version = ""] = REQUEST_LINE.exec(requestLine) ?? [];
  if (!isToken(method) || !isVisible(target)) return null;
  const fields: [string, string][] = [];
  for (const line of fieldLines) {
    const field = parseFieldLine(line);
    if (field === null) return null;
    fields.push(field);
  }
  return { method, target, version: version as RequestHead["version"], fields };
}

/** The name must be a token up to the colon, which rules out folded lines and space before the colon. */
function parseFieldLine(line: string): [name: string, value: string] | null {
  const colon = line.indexOf(":");
  if (colon < 0) return null;
  const name = line.slice(0, colon);
  return isToken(name) ? [name, trimmed(line.slice(colon + 1))] : null;
}

/** Whether `text` is a token (RFC 9110 section 5.6.2). */
export function isToken(text: string): boolean {
  return text.length > 0 && (flawsOf(text) & OctetFlaw.NOT_TOKEN) === 0;
}

function isVisible(text: string): boolean {
  return text.length > 0 && (flawsOf(text) & (OctetFlaw.NOT_PATH | OctetFlaw.NOT_ASCII)) === 0;
}

/** The values of all lines of a field. @param name - in lower case. */
export function valuesOf(head: RequestHead, name: string): string[] {
  return head.fields.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
}

/**
 * The elements of a list field, all its lines together, in lower case. Empty elements are skipped, as
 * RFC 9110 section 5.6.1 asks of recipients.
 */
export function listElements(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(","))
    .map((element) => trimmed(element).toLowerCase())
    .filter((element) => element !== "");
}

/** Without spaces and tabs at the ends. `trim()` would take octets such as 0xa0 too, a pattern quadratic time. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpaceOrTab(text.charCodeAt(start))) start++;
  while (end > start && isSpaceOrTab(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
