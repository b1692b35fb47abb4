/**
 * h2c by Upgrade, the client's side (RFC 7540 section 3.2).
 */
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { quote } from "../fields/field-fault.ts";
import { Deadline } from "./deadline.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { whileOwned } from "./opening.ts";
import { listElements } from "./request-head.ts";
import { isTlsSocket } from "./tls-socket.ts";

export interface UpgradeRequestOptions {
  /** `GET` unless given. */
  readonly method?: string;
  /** Path and query: `/` unless given. */
  readonly path?: string;
  /** The value of Host. */
  readonly host: string;
  /** The value of HTTP2-Settings: what the client's `initiateUpgradeConnection()` returned. */
  readonly settings: string;
  /** Further fields of the request, one character an octet. */
  readonly headers?: Iterable<readonly [name: string, value: string]>;
  /** A body, which is sent whole before anything of HTTP/2 may be. Servers may decline the upgrade because of it. */
  readonly body?: Uint8Array;
  /** Milliseconds until the head of an answer must be there: 10,000 unless given, 0 or Infinity for ever. */
  readonly timeout?: number;
}

export type UpgradeOutcome =
  | {
      readonly protocol: "h2";
      readonly how: "upgrade";
      /** What came behind 101: the first octets for the engine. The request is stream 1. */
      readonly octets: Uint8Array;
    }
  | {
      readonly protocol: "http/1.1";
      /** The answer to the request. The socket stays with `node:http` until the answer is read. */
      readonly response: IncomingMessage;
    };

const METHODS_WITHOUT_BODY = ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"];

/** What only this function says in the request. */
const OWN_FIELDS = [
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "transfer-encoding",
  "upgrade",
];

/**
 * Sends a request of HTTP/1.1 that offers h2c, and tells what the server made of it. Any answer but 101 is the
 * answer to the request, in HTTP/1.1. No octet of HTTP/2 is sent: what the engine has to say, it may say when the
 * outcome is "h2".
 *
 * Before, the socket is the caller's, connected or connecting, and nothing has been read or written. While the
 * promise is pending it belongs to the function. After "h2" it is the caller's again, without listeners; later
 * octets wait in it until `socket.resume()`.
 *
 * @throws TypeError for a TLS socket, and for fields that only this function may set.
 * @throws NegotiationError WRONG_UPGRADE for a 101 that is not about h2c, CLOSED, TIMEOUT; the socket is destroyed
 * then.
 */
export async function requestUpgrade(
  socket: Duplex,
  options: UpgradeRequestOptions,
): Promise<UpgradeOutcome> {
  if (isTlsSocket(socket)) {
    throw new TypeError("h2c is not for TLS (RFC 7540 section 3.2)");
  }
  // It throws for what cannot be sent, before anything happens to the socket.
  const request = httpRequest({
    createConnection: () => socket,
    method: options.method ?? "GET",
    path: options.path ?? "/",
    headers: requestHeaders(options),
    setHost: false,
  });
  // It stays: node reports errors of the socket here too, long after the answer has begun.
  request.on("error", () => {});
  // Only now does somebody listen for what a paused socket has to say.
  request.on("socket", () => socket.resume());
  return whileOwned<UpgradeOutcome>(socket, new Deadline(options.timeout), (_listeners, settle, fail) => {
    request.on("error", (error) => fail(new NegotiationError("NO_COMMON_PROTOCOL", NOT_HTTP1, error)));
    request.on("upgrade", (response, _socket, octets) => {
      socket.pause();
      if (isH2c(response)) settle({ protocol: "h2", how: "upgrade", octets });
      else fail(wrongUpgrade(response));
    });
    request.on("response", (response) => {
      // A 101 comes here if it lacks the fields that it must have.
      if (response.statusCode === 101) fail(wrongUpgrade(response));
      else settle({ protocol: "http/1.1", response });
    });
    request.end(options.body);
    return () => fail(new NegotiationError("TIMEOUT", "the server did not answer in time"));
  });
}

const NOT_HTTP1 = "the server's answer is not HTTP/1.1";

/** Exactly h2c, and nothing on top of it (RFC 9110 section 7.8). */
function isH2c(response: IncomingMessage): boolean {
  const [protocol, ...others] = listElements([response.headers.upgrade ?? ""]);
  return protocol === "h2c" && others.length === 0;
}

function wrongUpgrade(response: IncomingMessage): NegotiationError {
  const answer = quote(response.headers.upgrade ?? "");
  return new NegotiationError("WRONG_UPGRADE", `the server switched to ${answer}, not to "h2c"`);
}

/** Names and values by turns, which node sends as they are. */
function requestHeaders(options: UpgradeRequestOptions): string[] {
  const headers = ["Host", options.host, "Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c"];
  headers.push("HTTP2-Settings", options.settings);
  for (const [name, value] of options.headers ?? []) {
    if (OWN_FIELDS.includes(name.toLowerCase())) {
      throw new TypeError(`the field ${quote(name)} is not the caller's to set in a request for h2c`);
    }
    headers.push(name, value);
  }
  // Where the length is missing node sends chunks, which rule an upgrade out.
  if (options.body !== undefined || !METHODS_WITHOUT_BODY.includes(options.method?.toUpperCase() ?? "GET")) {
    headers.push("Content-Length", String(options.body?.length ?? 0));
  }
  return headers;
}
