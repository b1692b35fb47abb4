import { Client, type ClientRequestOptions } from "../../src/http/client.ts";
import type { Answer, Ask, Driver } from "../../src/testing/index.ts";

/** Milliseconds after which our client gives up, for each of its timeouts. */
const SHORT = 300;

/** Our client, as it is tried by misbehaving servers. */
export function ourClient(): Driver {
  const client = new Client({
    negotiation: ["auto", "prior-knowledge"] as never,
    tls: { rejectUnauthorized: false },
    timeouts: { connect: SHORT, headers: SHORT, body: SHORT },
  });
  return {
    name: "h2wire",
    request: (url, ask, signal) => answerOf(client, url, ask, signal),
    close: () => client.close(),
  };
}

async function answerOf(client: Client, url: string, ask: Ask, signal: AbortSignal): Promise<Answer> {
  const response = await client.request(url, requestOptions(ask, signal));
  if (ask.isUnread === true) return { status: response.status, octets: 0 };
  const body = await response.bytes();
  await response.trailers;
  return { status: response.status, octets: body.length };
}

function requestOptions(
  { method, fields, body, isStreamed }: Ask,
  signal: AbortSignal,
): ClientRequestOptions {
  const options = { method: method ?? (body === undefined ? "GET" : "POST"), headers: fields ?? [], signal };
  if (body === undefined) return options;
  return { ...options, body: isStreamed === true ? pieces(body) : new Uint8Array(body) };
}

async function* pieces(octets: number): AsyncGenerator<Uint8Array> {
  for (let left = octets; left > 0; left -= PIECE) yield new Uint8Array(Math.min(left, PIECE));
}

const PIECE = 16_384;
