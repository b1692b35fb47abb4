import type { Server as HttpServer, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { Server as TlsServer } from "node:tls";
import { stopListening } from "../port/node-server.ts";
import type { FetchServer } from "../serve.ts";
import type { Server } from "../server-options.ts";

/** A server of `createServer` or of `serve`. */
export type Serving = Server | FetchServer;

/** Milliseconds for connections to come to a protocol: with TLS by a handshake, without by what the client says first. */
const HANDSHAKE = 5_000;
const OPENING = 1_000;
/** Milliseconds from then on for first requests: one that meets a GOAWAY is not lost, but has to be sent again. */
const FIRST_REQUEST = 250;
/** Milliseconds for clients of HTTP/1.1 to send the request that may be on its way on an idle connection. */
const NEXT_REQUEST = 500;
/** Milliseconds between two looks at the connections. */
const STEP = 10;

/** The server of Node that is, or is below, a server. */
export function nodeServerOf(serving: Serving): HttpServer {
  return "node" in serving ? serving.node : serving;
}

/**
 * Ends a server such that no request is lost that had come before it stopped listening, or was about to come on a
 * connection of before.
 *
 * @param deadline - milliseconds until what is left is cut off.
 */
export async function retire(serving: Serving, deadline: number): Promise<void> {
  const started = performance.now();
  stopListening(nodeServerOf(serving));
  await settle(serving, started, deadline);
  const rest = { deadline: Math.max(0, deadline - (performance.now() - started)) };
  await ("node" in serving ? serving.close(rest) : serving.shutdown(rest));
}

/**
 * Waits until every connection speaks HTTP/2, which has a way to end without loss (RFC 9113 section 6.8), or HTTP/1.1 and
 * is at a request, behind which it ends (RFC 9112 section 9.6).
 */
async function settle(serving: Serving, started: number, deadline: number): Promise<void> {
  const endBehind = (_request: unknown, response: ServerResponse): void => {
    response.shouldKeepAlive = false;
  };
  const server = nodeServerOf(serving);
  server.prependListener("request", endBehind);
  const opening = server instanceof TlsServer ? HANDSHAKE : OPENING;
  let elapsed = performance.now() - started;
  let lastOpening = elapsed;
  while (elapsed < deadline) {
    const { all, opened, idle } = await countConnections(serving);
    if (all === 0) break;
    if (all > opened && elapsed < opening) lastOpening = elapsed;
    else if (elapsed - lastOpening >= FIRST_REQUEST && (idle === 0 || elapsed >= NEXT_REQUEST)) break;
    await wait(STEP);
    elapsed = performance.now() - started;
  }
  server.closeIdleConnections();
}

/** All connections, those in the handshake of TLS included; those that have a protocol; those of HTTP/1.1 without a request. */
async function countConnections(serving: Serving): Promise<{ all: number; opened: number; idle: number }> {
  const all = await new Promise<number>((resolve) => {
    nodeServerOf(serving).getConnections((_error, count) => resolve(count));
  });
  const { http1Connections, http2Connections, http1Requests } = serving.stats();
  return { all, opened: http1Connections + http2Connections, idle: http1Connections - http1Requests };
}
