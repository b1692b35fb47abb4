/**
 * The seam between the suite and what it tests. The tests know our server and our client by this
 * file alone.
 *
 * STAND-IN: the server and the client behind it are node:http2 and node:http for now (stand-in-server.ts
 * and stand-in-client.ts, which know neither Upgrade nor INADEQUATE_SECURITY). To switch, give
 * `startSubjectServer` and `connectSubject` bodies that use h2wire, adapt `readAccount` and `sizedBody`
 * to what our echo answers, and delete the two stand-in files.
 */
import type { Certificate } from "./certificate.ts";
import { patternOctets } from "./octets.ts";
import { connectStandIn } from "./stand-in-client.ts";
import { startStandInServer } from "./stand-in-server.ts";

/** How two programs come to speak HTTP/2, or that they do not. */
export type Way = "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";

type Protocol = "HTTP/2" | "HTTP/1.1";

export interface SubjectServerOptions {
  /** With a certificate the port speaks TLS, without one cleartext. */
  readonly tls?: Certificate;
  /** What a request for Upgrade to h2c gets; "accept" where nothing is said. */
  readonly upgrade?: "accept" | "ignore" | "reject";
  /** An OpenSSL cipher list in place of the profile's own. */
  readonly ciphers?: string;
  /** HTML pages by path. Every other path is answered by the echo. */
  readonly pages?: ReadonlyMap<string, string>;
}

/** A running server of ours that answers with an account of each request (`readAccount`). */
export interface SubjectServer {
  /** The origin, as in http://127.0.0.1:8080; a TLS port's host is localhost. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** What the echo says about a request. It understands ?size=N (see `sizedBody`), ?status=N and ?delay=MS. */
export interface Account {
  readonly protocol: Protocol;
  readonly negotiated: Way;
  readonly method: string;
  readonly path: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly bodyLength: number;
  readonly sha256: string;
}

export interface SubjectClientOptions {
  readonly origin: string;
  readonly way: Way;
  /** The PEM certificate to trust. */
  readonly ca?: string;
}

export interface SubjectRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes out with a content-length, without which some servers refuse it. */
  readonly body?: Uint8Array;
}

export interface SubjectResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** The version the response came in, which an Upgrade that was not granted leaves at HTTP/1.1. */
  readonly protocol: Protocol;
}

/** A client of ours with one connection. With the way "upgrade" its first request is the one that asks. */
export interface SubjectClient {
  request(request: SubjectRequest): Promise<SubjectResponse>;
  close(): Promise<void>;
}

export function startSubjectServer(options: SubjectServerOptions = {}): Promise<SubjectServer> {
  return startStandInServer(options);
}

export function connectSubject(options: SubjectClientOptions): SubjectClient {
  return connectStandIn(options);
}

/** One request on a connection of its own. */
export async function subjectRequest(
  options: SubjectClientOptions & SubjectRequest,
): Promise<SubjectResponse> {
  const client = connectSubject(options);
  try {
    return await client.request(options);
  } finally {
    await client.close();
  }
}

/** Reads the echo's answer. */
export function readAccount(json: string): Account {
  return JSON.parse(json) as Account;
}

/** The body that ?size=N asks for. */
export function sizedBody(size: number): Uint8Array {
  return patternOctets(size);
}
