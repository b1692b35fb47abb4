import { onTestFinished } from "vitest";
import type { ClientResponse, ClientSession, RequestOptions } from "../../../../src/http/client.ts";
import {
  type FetchHandler,
  type FetchServer,
  type ServeOptions,
  serve,
} from "../../../../src/http/server.ts";
import { certificate } from "../../../support/certificate.ts";
import { connectTo } from "../../../support/serving.ts";

/** How a client comes to speak to a server. */
export type Way = "prior-knowledge" | "upgrade" | "http/1.1" | "alpn";

/** One way into each of the two implementations of a request. */
export const PROTOCOLS: readonly Way[] = ["prior-knowledge", "http/1.1"];
export const WAYS: readonly Way[] = ["prior-knowledge", "upgrade", "http/1.1", "alpn"];

/** A server on a free port of the loopback, for the rest of the test. */
export async function served(
  fetch: FetchHandler,
  options: Omit<ServeOptions, "fetch"> = {},
): Promise<FetchServer> {
  const server = serve({ fetch, ...options });
  onTestFinished(() => server.close({ deadline: 0 }));
  return server.ready;
}

/** A session with such a server, by one of the ways. */
export async function sessionBy(
  way: Way,
  fetch: FetchHandler,
  options: Omit<ServeOptions, "fetch"> = {},
): Promise<ClientSession> {
  const tls = way === "alpn" ? { tls: await certificate() } : {};
  const server = await served(fetch, { upgrade: "accept", ...tls, ...options });
  return connectTo(server, { negotiation: way });
}

/** One request by one of the ways, and its answer. */
export async function ask(
  way: Way,
  fetch: FetchHandler,
  request: RequestOptions = {},
  options: Omit<ServeOptions, "fetch"> = {},
): Promise<ClientResponse> {
  const session = await sessionBy(way, fetch, options);
  return session.request(request);
}

/** What the handler's function gives for a request, as JSON. */
export function showing(look: (request: Request) => unknown): FetchHandler {
  return async (request) => Response.json((await look(request)) ?? null);
}

/** The value of a field, those of several joined by "|"; undefined without any. */
export function field(response: ClientResponse, name: string): string | undefined {
  const values = response.headers.filter(([one]) => one === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join("|");
}

/** Octets in pieces. */
export async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** A promise, and what settles it. */
export interface Signal<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
}

export function signal<Value = void>(): Signal<Value> {
  let resolve = (_value: Value): void => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
