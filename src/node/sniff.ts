/**
 * HTTP/2 with prior knowledge, the server's side: the first octets tell (RFC 9113 sections 3.3 and 3.4).
 */
import type { Duplex } from "node:stream";
import { matchPreface } from "../frames/preface.ts";
import { Deadline } from "./deadline.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { abandon, readOpening } from "./opening.ts";

export type SniffedProtocol = "h2" | "http/1.1";

/**
 * `PRI * HTTP/2.0` and the end of the line. From here on the peer has said that it speaks HTTP/2, and a GOAWAY
 * is an answer that it can read, should the rest of its preface be broken. One octet earlier the line might
 * still go on, and then it is a bad HTTP/1.1 request, best answered by an HTTP/1.1 server.
 */
const DECISIVE_LENGTH = 16;

/**
 * Tells HTTP/2 from HTTP/1.1 by the first octets of a connection, whole or in part. A method that shares its
 * beginning with the preface, such as `PROPFIND`, is undecided only as long as that beginning lasts.
 */
export function sniffProtocol(octets: Uint8Array): SniffedProtocol | "undecided" {
  const length = Math.min(octets.length, DECISIVE_LENGTH);
  if (matchPreface(octets, 0, length) === "mismatch") return "http/1.1";
  return length === DECISIVE_LENGTH ? "h2" : "undecided";
}

export interface SniffOptions {
  /** Milliseconds until the peer must have shown what it speaks: 10,000 unless given, 0 or Infinity for ever. */
  readonly timeout?: number;
}

export interface Sniffed {
  readonly protocol: SniffedProtocol;
  /** The octets that were read, the preface included: they go first into whatever reads the socket. */
  readonly octets: Uint8Array;
}

/**
 * Waits for the first octets of a cleartext connection and tells which protocol they belong to.
 *
 * Before and while it runs nobody else may read the socket. Afterwards the socket is the caller's, paused and
 * without listeners; what arrives later waits in it until `socket.resume()`.
 *
 * @throws NegotiationError `TIMEOUT` when the octets do not decide in time, `CLOSED` when the connection ends
 * before; the socket is destroyed then.
 */
export async function sniffSocket(socket: Duplex, options: SniffOptions = {}): Promise<Sniffed> {
  return sniffUntil(socket, new Deadline(options.timeout));
}

/** `sniffSocket` under a deadline that other steps share. */
export async function sniffUntil(socket: Duplex, deadline: Deadline): Promise<Sniffed> {
  const { decision, octets } = await readOpening(socket, new Uint8Array(0), deadline, (octets) => {
    const protocol = sniffProtocol(octets);
    return protocol === "undecided" ? undefined : protocol;
  });
  if (decision !== undefined) return { protocol: decision, octets };
  abandon(socket);
  throw new NegotiationError("TIMEOUT", `${octets.length} octets in time, too few to tell the protocol`);
}
