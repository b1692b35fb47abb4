/**
 * h2c by Upgrade, the server's side (RFC 7540 section 3.2).
 */
import type { Duplex } from "node:stream";
import { Deadline } from "./deadline.ts";
import { http1Answer } from "./http1-answer.ts";
import { readOpening } from "./opening.ts";
import type { Refusal } from "./refusal.ts";
import { isTlsSocket } from "./tls-socket.ts";
import {
  examineUpgrade,
  type UpgradeExamination,
  type UpgradeLimits,
  type UpgradeRequest,
} from "./upgrade-head.ts";

export interface ReceiveUpgradeOptions extends UpgradeLimits {
  /** Milliseconds for head and body together: 10,000 unless given, 0 or Infinity for ever. */
  readonly timeout?: number;
}

/** The connection is HTTP/2 from here on, and 101 has been written. */
export interface ReceivedUpgrade {
  readonly protocol: "h2";
  readonly how: "upgrade";
  /** For the server's `initiateUpgradeConnection(settings, { requestMethod: method })`. */
  readonly settings: string;
  readonly method: string;
  /**
   * The request, which is stream 1, as HTTP/2 has it: pseudo-header fields first, names in lower case, nothing that
   * belonged to the HTTP/1.1 connection.
   */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The whole body of stream 1. */
  readonly body: Uint8Array;
  /**
   * What was read behind the request: the first octets for the engine. They may begin the client's preface. Whatever
   * else they are, they are never to be read as HTTP/1.1.
   */
  readonly octets: Uint8Array;
}

/** No upgrade: the connection goes on in HTTP/1.1, and nothing was written. */
export interface DeclinedUpgrade {
  readonly protocol: "http/1.1";
  /** All octets that were read, the request included. */
  readonly octets: Uint8Array;
  /** Why a request for h2c was declined; null where there was none. */
  readonly declined: Refusal | null;
}

const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/**
 * Fields of the HTTP/1.1 connection, which stream 1 must not have (RFC 9113 section 8.2.2), and Host, which becomes
 * `:authority`.
 */
const CONNECTION_FIELDS = new Set([
  "connection",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Reads the first request of a cleartext connection, and if it asks for h2c by Upgrade and may have it, takes the whole
 * body and answers 101. The caller then starts the engine: `initiateUpgradeConnection(settings, { requestMethod:
 * method })`, SETTINGS out, `octets` in, and the answer to the request on stream 1.
 *
 * Whoever is slow loses the upgrade, not the connection: at the deadline the request is left to HTTP/1.1.
 * Over TLS the upgrade is always declined.
 *
 * Before and while it runs nobody else may read or write the socket. Afterwards it is the caller's, paused and
 * without listeners; what arrives later waits in it until `socket.resume()`.
 *
 * @param octets - what was read from the socket before.
 * @throws NegotiationError `CLOSED` when the connection ends before; the socket is destroyed then, or ended with status 400
 * where the client has ended only its half (RFC 9112 section 8).
 */
export async function receiveUpgrade(
  socket: Duplex,
  octets: Uint8Array,
  options: ReceiveUpgradeOptions = {},
): Promise<ReceivedUpgrade | DeclinedUpgrade> {
  return receiveUpgradeUntil(socket, octets, new Deadline(options.timeout), options);
}

/** `receiveUpgrade` under a deadline that other steps share. */
export async function receiveUpgradeUntil(
  socket: Duplex,
  octets: Uint8Array,
  deadline: Deadline,
  limits: UpgradeLimits,
): Promise<ReceivedUpgrade | DeclinedUpgrade> {
  if (isTlsSocket(socket)) return declined(octets, OVER_TLS);
  const head = await readUpgradeHead(socket, octets, deadline, limits);
  const request = head.examination;
  if (request.state === "declined") return declined(head.octets, request);
  if (request.state !== "upgrade") return declined(head.octets, null);
  const end = request.headLength + request.contentLength;
  const isWhole = (octets: Uint8Array): true | undefined => (octets.length >= end ? true : undefined);
  const whole = await readOpening(socket, head.octets, deadline, isWhole, BROKEN_OFF);
  if (whole.decision === undefined) return declined(whole.octets, TOO_SLOW);
  socket.write(SWITCHING, "latin1");
  return {
    protocol: "h2",
    how: "upgrade",
    settings: request.settings,
    method: request.method,
    fields: streamOneFields(request),
    body: whole.octets.subarray(request.headLength, end),
    octets: whole.octets.subarray(end),
  };
}

/** The examination of the first request's head, once it is over; "incomplete" only at the deadline. */
export async function readUpgradeHead(
  socket: Duplex,
  octets: Uint8Array,
  deadline: Deadline,
  limits: UpgradeLimits,
): Promise<{ readonly examination: UpgradeExamination; readonly octets: Uint8Array }> {
  let seen = 0;
  const examine = (octets: Uint8Array): UpgradeExamination | undefined => {
    const examination = examineUpgrade(octets, seen, limits);
    seen = octets.length;
    return examination.state === "incomplete" ? undefined : examination;
  };
  const opening = await readOpening(socket, octets, deadline, examine, BROKEN_OFF);
  return { examination: opening.decision ?? { state: "incomplete" }, octets: opening.octets };
}

/** To a client that ends before its request has. */
const BROKEN_OFF: Uint8Array = http1Answer("400 Bad Request", "The request breaks off.");

const OVER_TLS: Refusal = { reason: "h2c is not for TLS", section: "RFC 7540 section 3.2" };
const TOO_SLOW: Refusal = {
  reason: "the request's body did not arrive in time",
  section: "RFC 7540 section 3.2",
};

function declined(octets: Uint8Array, refused: Refusal | null): DeclinedUpgrade {
  const reasons = refused === null ? null : { reason: refused.reason, section: refused.section };
  return { protocol: "http/1.1", octets, declined: reasons };
}

function streamOneFields(request: UpgradeRequest): (readonly [name: string, value: string])[] {
  const fields: (readonly [string, string])[] = [
    [":method", request.method],
    [":scheme", "http"],
    [":path", request.target],
    [":authority", request.host],
  ];
  for (const [given, value] of request.fields) {
    const name = given.toLowerCase();
    if (!CONNECTION_FIELDS.has(name) && (name !== "te" || isTrailers(value))) fields.push([name, value]);
  }
  return fields;
}

/** The one value of TE that HTTP/2 has kept. */
function isTrailers(value: string): boolean {
  return value.toLowerCase() === "trailers";
}
