/**
 * The header by which a load balancer tells whose connection it hands on: the PROXY protocol of HAProxy, versions 1 and 2.
 * It stands in front of everything else, TLS included.
 */
import { isIPv4, isIPv6 } from "node:net";

/** One end of a connection. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface ProxyHeader {
  /** Who opened the connection to the load balancer; null where that is the balancer itself, or of another kind. */
  readonly source: Endpoint | null;
  /** Where that connection went. */
  readonly destination: Endpoint | null;
  /** Octets of the header. */
  readonly length: number;
}

/** "incomplete" needs more octets; "malformed" is no such header, whatever comes. */
export type ProxyHeaderOutcome = ProxyHeader | "incomplete" | "malformed";

/** "\r\n\r\n\0\r\nQUIT\n" */
const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a] as const;
const FIXED_LENGTH = 16;
/** Octets behind the fixed part of version 2 at most: addresses, and what balancers add of TLS. */
const MOST_ADDED = 4_096;
/** Octets of the line of version 1 at most, its end included. */
const LONGEST_LINE = 107;
const LINE_START = "PROXY ";
const LF = 0x0a;

const Command = { LOCAL: 0x20, PROXY: 0x21 } as const;
/** Family and transport of version 2, and the octets of an address. */
const TCP4 = 0x11;
const TCP6 = 0x21;

/** Reads the header at the beginning of `octets`. */
export function parseProxyHeader(octets: Uint8Array): ProxyHeaderOutcome {
  return octets[0] === SIGNATURE[0] ? parseBinary(octets) : parseLine(octets);
}

function parseLine(octets: Uint8Array): ProxyHeaderOutcome {
  const start = Math.min(octets.length, LINE_START.length);
  if (textOf(octets, 0, start) !== LINE_START.slice(0, start)) return "malformed";
  const end = octets.subarray(0, LONGEST_LINE).indexOf(LF);
  if (end < 0) return octets.length < LONGEST_LINE ? "incomplete" : "malformed";
  const line = textOf(octets, 0, end);
  if (!line.endsWith("\r")) return "malformed";
  const [, family, from, to, fromPort, toPort, ...others] = line.slice(0, -1).split(" ");
  const length = end + 1;
  if (family === "UNKNOWN") return { source: null, destination: null, length };
  const isAddress = family === "TCP4" ? isIPv4 : family === "TCP6" ? isIPv6 : null;
  if (isAddress === null || others.length > 0) return "malformed";
  const source = endpointOf(from, fromPort, isAddress);
  const destination = endpointOf(to, toPort, isAddress);
  return source === null || destination === null ? "malformed" : { source, destination, length };
}

function endpointOf(
  address: string | undefined,
  port: string | undefined,
  isAddress: (text: string) => boolean,
): Endpoint | null {
  if (address === undefined || port === undefined || !isAddress(address)) return null;
  if (!/^(0|[1-9]\d{0,4})$/.test(port) || Number(port) > 65_535) return null;
  return { address, port: Number(port) };
}

function parseBinary(octets: Uint8Array): ProxyHeaderOutcome {
  const known = Math.min(octets.length, SIGNATURE.length);
  for (let index = 0; index < known; index++) if (octets[index] !== SIGNATURE[index]) return "malformed";
  if (octets.length < FIXED_LENGTH) return "incomplete";
  const command = octets[12] as number;
  const family = octets[13] as number;
  const added = uint16(octets, 14);
  if ((command !== Command.LOCAL && command !== Command.PROXY) || added > MOST_ADDED) return "malformed";
  const length = FIXED_LENGTH + added;
  if (octets.length < length) return "incomplete";
  if (command === Command.LOCAL || (family !== TCP4 && family !== TCP6)) {
    return { source: null, destination: null, length };
  }
  return parseAddresses(octets, family === TCP4 ? 4 : 16, added, length);
}

/** Both addresses, then both ports; what follows are additions that are not for us. */
function parseAddresses(octets: Uint8Array, size: 4 | 16, added: number, length: number): ProxyHeaderOutcome {
  if (added < 2 * size + 4) return "malformed";
  const from = FIXED_LENGTH;
  const to = from + size;
  const ports = to + size;
  const addressAt = size === 4 ? address4 : address6;
  return {
    source: { address: addressAt(octets, from), port: uint16(octets, ports) },
    destination: { address: addressAt(octets, to), port: uint16(octets, ports + 2) },
    length,
  };
}

function address4(octets: Uint8Array, offset: number): string {
  return octets.subarray(offset, offset + 4).join(".");
}

/** In the form that Node gives addresses in. */
function address6(octets: Uint8Array, offset: number): string {
  const groups: string[] = [];
  for (let index = 0; index < 16; index += 2) groups.push(uint16(octets, offset + index).toString(16));
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}

function uint16(octets: Uint8Array, offset: number): number {
  return ((octets[offset] as number) << 8) | (octets[offset + 1] as number);
}

function textOf(octets: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...octets.subarray(start, end));
}
