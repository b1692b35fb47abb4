import type { Duplex } from "node:stream";
import { Deadline } from "./deadline.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { abandon, readOpening } from "./opening.ts";
import { type ProxyHeader, parseProxyHeader } from "./proxy-header.ts";

export interface ReceiveProxyHeaderOptions {
  /** Milliseconds until the header must be there: 10,000 unless given, 0 or Infinity for ever. */
  readonly timeout?: number;
}

/** A header of the PROXY protocol, and the octets that came with it and stand behind it. */
export interface ReceivedProxyHeader {
  readonly header: ProxyHeader;
  readonly octets: Uint8Array;
}

/**
 * Reads the header of the PROXY protocol that a load balancer puts in front of a connection. Use it for connections
 * that a trusted balancer has opened and no other: whoever sends the header says whom it wants to be.
 *
 * Before and while it runs nobody else may read the socket. Afterwards the socket is the caller's, paused and without
 * listeners.
 *
 * @throws NegotiationError `TIMEOUT`, `CLOSED`, or `NO_COMMON_PROTOCOL` for anything but such a header; the socket is
 * destroyed then.
 */
export async function receiveProxyHeader(
  socket: Duplex,
  options: ReceiveProxyHeaderOptions = {},
): Promise<ReceivedProxyHeader> {
  const deadline = new Deadline(options.timeout);
  const { decision, octets } = await readOpening(socket, new Uint8Array(0), deadline, (octets) => {
    const outcome = parseProxyHeader(octets);
    return outcome === "incomplete" ? undefined : outcome;
  });
  if (decision === undefined) {
    abandon(socket);
    throw new NegotiationError("TIMEOUT", "the header of the PROXY protocol did not arrive in time");
  }
  if (decision === "malformed") {
    abandon(socket);
    throw new NegotiationError("NO_COMMON_PROTOCOL", "the connection does not begin with a PROXY header");
  }
  return { header: decision, octets: octets.subarray(decision.length) };
}
