import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { requestInfo } from "../http/server.ts";
import { type EchoBody, jsonBody, patternBody, piecesOf } from "./echo-body.ts";
import { type EchoOptions, parseEchoOptions } from "./echo-options.ts";

/** What the echo tells about a request. */
export interface EchoAccount {
  readonly protocol: "h2" | "http/1.1" | "http/1.0";
  readonly negotiated: "alpn" | "upgrade" | "prior-knowledge" | "http/1.1";
  readonly method: string;
  /** The target as it came, query included. */
  readonly path: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly bodyLength: number;
  /** Of the body, in hexadecimal. */
  readonly sha256: string;
}

interface Digest {
  readonly length: number;
  readonly sha256: string;
}

/** Statuses whose responses have no body (RFC 9110 section 15). */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * Answers every request, once its body is there, with an account of it in JSON.
 *
 * The query asks for something else: `size=N` for N octets of a pattern, `status=N` for that status, `delay=MS` for
 * an answer so much later, `chunks=N` for a body in N pieces whose length is not told before, and `trailers=1` for
 * trailers. A value that is out of bounds is answered with 400.
 */
export async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Such as that of a write to a client that has gone.
  response.on("error", () => {});
  try {
    await respond(request, response);
  } catch (error) {
    const isClientGone = response.destroyed || request.errored !== null;
    if (!isClientGone) throw error;
  }
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const options = parseEchoOptions(request.url ?? "/");
  const received = await digestOf(request);
  if (typeof options === "string") {
    refuse(response, options);
    return;
  }
  await delay(response, options.delay);
  const body = options.size === null ? jsonBody(accountOf(request, received)) : patternBody(options.size);
  const trailers = options.trailers && mayHaveTrailers(request);
  response.writeHead(options.status, fieldsOf(body, { ...options, trailers }));
  const sent = hasBody(request, options) ? await sendBody(response, body, options.chunks) : null;
  if (sent !== null && trailers) {
    response.addTrailers({ "echo-length": String(sent.length), "echo-sha256": sent.sha256 });
  }
  response.end();
}

async function digestOf(request: IncomingMessage): Promise<Digest> {
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { length, sha256: hash.digest("hex") };
}

function accountOf(request: IncomingMessage, received: Digest): EchoAccount {
  const { protocol, negotiated } = requestInfo(request);
  // Over HTTP/2 it is not the client's: our server puts it there for parsers of bodies.
  const fields = fieldPairs(request.rawHeaders).filter(
    ([name]) => protocol !== "h2" || name !== "transfer-encoding",
  );
  return {
    protocol,
    negotiated,
    method: request.method ?? "",
    path: request.url ?? "",
    fields,
    bodyLength: received.length,
    sha256: received.sha256,
  };
}

function fieldPairs(lines: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < lines.length; index += 2) {
    pairs.push([lines[index] as string, lines[index + 1] as string]);
  }
  return pairs;
}

/** Waits, but not for a client that has gone. */
async function delay(response: ServerResponse, milliseconds: number): Promise<void> {
  if (milliseconds === 0) return;
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  response.once("close", abort);
  await wait(milliseconds, undefined, { signal: gone.signal });
  response.off("close", abort);
}

function fieldsOf(body: EchoBody, { status, chunks, trailers }: EchoOptions): Record<string, string> {
  const always = { "cache-control": "no-store" };
  if (status === 205) return { ...always, "content-length": "0" };
  if (WITHOUT_BODY.includes(status)) return always;
  const typed = { ...always, "content-type": body.type, "x-content-type-options": "nosniff" };
  // HTTP/1.1 has trailers only behind a body whose length it does not tell.
  if (trailers) return { ...typed, trailer: "echo-length, echo-sha256" };
  return chunks === null ? { ...typed, "content-length": String(body.length) } : typed;
}

/** HTTP/1.1 has trailers only in chunks, and chunks only where there is a body; HTTP/1.0 has neither. */
function mayHaveTrailers(request: IncomingMessage): boolean {
  return request.httpVersionMajor === 2 || (request.httpVersion === "1.1" && request.method !== "HEAD");
}

function hasBody(request: IncomingMessage, { status }: EchoOptions): boolean {
  return request.method !== "HEAD" && !WITHOUT_BODY.includes(status);
}

/** Writes the body as fast as the client takes it. */
async function sendBody(response: ServerResponse, body: EchoBody, chunks: number | null): Promise<Digest> {
  const hash = createHash("sha256");
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  for (const piece of piecesOf(body, chunks)) {
    hash.update(piece);
    if (!response.write(piece)) await once(response, "drain", { signal: gone.signal });
  }
  return { length: body.length, sha256: hash.digest("hex") };
}

function refuse(response: ServerResponse, sentence: string): void {
  const text = `${sentence}\n`;
  response.writeHead(400, { "content-type": "text/plain", "content-length": String(text.length) });
  response.end(text);
}
