import { createHash, type Hash } from "node:crypto";
import type { ClientResponse, ClientSession } from "../http/client.ts";

/** What `h2wire get --json` prints. */
export interface ExchangeAccount {
  readonly protocol: string;
  readonly negotiated: string;
  readonly tls: { readonly version: string; readonly cipher: string } | null;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly trailers: readonly (readonly [name: string, value: string])[];
  readonly bodyLength: number;
  /** Of the body, in hexadecimal. */
  readonly sha256: string;
  /** In milliseconds from the start: the connection was there, the head of the response was there, all was there. */
  readonly timings: { readonly connected: number; readonly responded: number; readonly finished: number };
  /** The body, if it is UTF-8, goes nowhere else, and is not longer than `MOST_TEXT`. */
  readonly body: string | null;
}

/** Most octets of a body that become text in an account. */
const MOST_TEXT = 16_777_216;

/** The points in time of an exchange, in milliseconds from its start. */
export class Stopwatch {
  readonly #start: number;
  connected: number;
  responded: number;

  constructor() {
    this.#start = performance.now();
    this.connected = 0;
    this.responded = 0;
  }

  /** Microseconds are as exact as it gets. */
  get elapsed(): number {
    return Math.round((performance.now() - this.#start) * 1000) / 1000;
  }
}

/** What is to be told of a body, taken while it goes by. */
export class BodyRecord {
  length: number;
  readonly #hash: Hash;
  /** The octets as long as they may become text, else null. */
  #kept: Uint8Array[] | null;

  /** @param keep - whether the octets themselves are wanted. */
  constructor(keep: boolean) {
    this.length = 0;
    this.#hash = createHash("sha256");
    this.#kept = keep ? [] : null;
  }

  add(octets: Uint8Array): void {
    this.length += octets.length;
    this.#hash.update(octets);
    if (this.length > MOST_TEXT) this.#kept = null;
    this.#kept?.push(octets);
  }

  sha256(): string {
    return this.#hash.digest("hex");
  }

  /** Null for octets that are no UTF-8, and for those that were not kept. */
  text(): string | null {
    if (this.#kept === null) return null;
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(this.#kept));
    } catch {
      return null;
    }
  }
}

export async function exchangeAccount(
  session: ClientSession,
  response: ClientResponse,
  body: BodyRecord,
  watch: Stopwatch,
): Promise<ExchangeAccount> {
  const { connected, responded } = watch;
  return {
    protocol: session.protocol,
    negotiated: session.negotiated,
    tls: session.tls,
    status: response.status,
    headers: response.headers,
    trailers: await response.trailers,
    bodyLength: body.length,
    sha256: body.sha256(),
    timings: { connected, responded, finished: watch.elapsed },
    body: body.text(),
  };
}
