import { latin1FromOctets } from "../../../bytes/latin1.ts";
import { isToken, listElements } from "../../../node/request-head.ts";

/** The head of a response of HTTP/1.1. */
export interface ResponseHead {
  readonly status: number;
  /** Names in lower case; one character an octet. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: .*)?$/;

/** Fields that mean one connection (RFC 9110 section 7.6.1, RFC 9113 section 8.2.2). */
const OF_CONNECTION = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

/**
 * Parses a head, or says null where it is not well-formed (RFC 9112 sections 4 and 5).
 *
 * @param end - its length with the empty line.
 */
export function parseResponseHead(octets: Uint8Array, end: number): ResponseHead | null {
  const [statusLine = "", ...fieldLines] = latin1FromOctets(octets, 0, end - 4).split("\r\n");
  const status = STATUS_LINE.exec(statusLine)?.[1];
  if (status === undefined) return null;
  const fields: [string, string][] = [];
  for (const line of fieldLines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    // A folded line is none either: it begins with a space.
    if (!isToken(name)) return null;
    fields.push([name.toLowerCase(), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")]);
  }
  return { status: Number(status), fields };
}

/** The values of all lines of a field. */
export function fieldValues({ fields }: ResponseHead, name: string): string[] {
  return fields.filter(([given]) => given === name).map(([, value]) => value);
}

/** The fields that mean the message, not the connection that it would travel on, without those `leftOut` too. */
export function endToEndFields(
  head: ResponseHead,
  leftOut: readonly string[],
): [name: string, value: string][] {
  const dropped = [...OF_CONNECTION, ...listElements(fieldValues(head, "connection")), ...leftOut];
  return head.fields
    .filter(([name]) => !dropped.includes(name))
    .map(([name, value]): [string, string] => [name, value]);
}
