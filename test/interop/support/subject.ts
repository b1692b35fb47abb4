/**
 * The seam between the suite and what it tests: the tests know our server and our client by this file alone.
 */
import { once } from "node:events";
import { echo } from "../../../src/cli/echo.ts";
import { type ClientSession, connect } from "../../../src/http/client.ts";
import { createServer } from "../../../src/http/server.ts";
import type { Certificate } from "./certificate.ts";
import { patternOctets } from "./octets.ts";

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

export async function startSubjectServer(options: SubjectServerOptions = {}): Promise<SubjectServer> {
  const { tls, ciphers, pages } = options;
  const ownCiphers = ciphers === undefined ? {} : { ciphers };
  const secure = tls === undefined ? {} : { tls: { key: tls.key, cert: tls.cert, ...ownCiphers } };
  const server = createServer({ upgrade: options.upgrade ?? "accept", ...secure }, (request, response) => {
    const page = pages?.get(request.url ?? "");
    if (page === undefined) return echo(request, response);
    response.writeHead(200, { "content-type": "text/html", "content-length": Buffer.byteLength(page) });
    response.end(page);
    return undefined;
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = tls === undefined ? server.url : `https://localhost:${server.port}`;
  return { url, port: server.port, stop: () => server.shutdown({ deadline: 1_000 }) };
}

export function connectSubject({ origin, way, ca }: SubjectClientOptions): SubjectClient {
  const trust = ca === undefined ? {} : { tls: { ca } };
  const session = connect(origin, { negotiation: way, ...trust });
  session.catch(() => {});
  return {
    request: async (request) => exchange(await session, request),
    close: async () => {
      const opened = await session.catch(() => null);
      await opened?.close();
    },
  };
}

async function exchange(session: ClientSession, request: SubjectRequest): Promise<SubjectResponse> {
  const { path, method = "GET", headers = {}, body } = request;
  const length: [string, string][] = body === undefined ? [] : [["content-length", String(body.length)]];
  const fields = [...length, ...Object.entries(headers)];
  const response = await session.request({
    path,
    method,
    headers: fields,
    ...(body === undefined ? {} : { body }),
  });
  const received = await response.bytes();
  return {
    status: response.status,
    headers: new Headers(response.headers.map(([name, value]): [string, string] => [name, value])),
    body: received,
    protocol: session.protocol === "h2" ? "HTTP/2" : "HTTP/1.1",
  };
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
  const account = JSON.parse(json) as Omit<Account, "protocol"> & { readonly protocol: string };
  return { ...account, protocol: account.protocol === "h2" ? "HTTP/2" : "HTTP/1.1" };
}

/** The body that ?size=N asks for. */
export function sizedBody(size: number): Uint8Array {
  return patternOctets(size);
}
