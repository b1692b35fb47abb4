/**
 * A client, over HTTP/2 and HTTP/1.1: `Client` for any number of origins, `connect` for a session that is held by hand.
 *
 * @module
 */
import { type CommonOptions, resolveOptions } from "./client/client-options.ts";
import { openSession } from "./client/opening/open-session.ts";
import { parseOrigin } from "./client/opening/origin.ts";
import type { ClientSession } from "./client/session/client-session.ts";

export { ClientError, type ClientErrorCode, type ClientErrorDetails } from "./client/client-error.ts";
export type { CommonOptions } from "./client/client-options.ts";
export type { Negotiation } from "./client/opening/negotiation.ts";
export { Client, type ClientOptions, type ClientStats } from "./client/pool/client.ts";
export type { ClientRequestOptions, RequestBody } from "./client/pool/client-request.ts";
export type { RetryOptions } from "./client/pool/retry.ts";
export type {
  BodyOctets,
  ClientResponse,
  ClientSession,
  FieldList,
  InformationalResponse,
  Negotiated,
  RequestOptions,
  RequestTimeouts,
  ServerSettings,
} from "./client/session/client-session.ts";
export type { ClientTimeouts, KeepAlive, ReceiveMemory } from "./client/session/session-options.ts";
export type { TlsInfo } from "./tls-info.ts";

/** Options of `connect`. */
export type ConnectOptions = CommonOptions;

/**
 * Connects to an origin.
 *
 * With the negotiation "upgrade" only the TCP connection is there afterwards: the first request asks for HTTP/2, and
 * `protocol` tells when it was answered.
 *
 * @param origin - a URL of http or https; its path does not matter.
 * @throws ClientError; TypeError for an origin or a negotiation that cannot be.
 */
export async function connect(origin: string | URL, options: ConnectOptions = {}): Promise<ClientSession> {
  return openSession(parseOrigin(origin), resolveOptions(options));
}
