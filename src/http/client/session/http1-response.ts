import type { IncomingMessage } from "node:http";
import type { ClientError } from "../client-error.ts";
import type { ClientResponse, InformationalResponse } from "./client-session.ts";
import { type BodySource, ReceivedBody } from "./received-body.ts";
import { type Fields, ReceivedResponse } from "./received-response.ts";

/** Octets of a body that are kept for a reader who does not come: as many as a stream of HTTP/2 may have. */
const MOST_HELD = 2_097_152;

/** Says what an error of `node:http` means to the caller. */
export type Explain = (error: unknown) => ClientError;

/** A response of `node:http` as one of the client's. It is received, up to a limit, whether or not anybody reads. */
export function http1Response(
  message: IncomingMessage,
  informational: InformationalResponse[],
  negotiated: "alpn" | "http/1.1",
  explain: Explain,
): ClientResponse {
  const { body } = new Http1Body(message, explain);
  const trailers = new Promise<Fields>((resolve, reject) => {
    message.on("end", () => resolve(fieldPairs(message.rawTrailers)));
    message.on("close", () => reject(explain(message.errored)));
  });
  trailers.catch(() => {});
  const headers = fieldPairs(message.rawHeaders);
  return new ReceivedResponse(
    message.statusCode ?? 0,
    headers,
    informational,
    { protocol: "http/1.1", negotiated },
    body,
    trailers,
  );
}

/** Names in lower case and values, from both by turns. */
export function fieldPairs(lines: readonly string[]): Fields {
  const fields: Fields = [];
  for (let index = 0; index < lines.length; index += 2) {
    fields.push([(lines[index] as string).toLowerCase(), lines[index + 1] as string]);
  }
  return fields;
}

class Http1Body implements BodySource {
  readonly body: ReceivedBody;
  readonly #message: IncomingMessage;
  /** Octets that nobody has read. */
  #held: number;

  constructor(message: IncomingMessage, explain: Explain) {
    this.body = new ReceivedBody(this);
    this.#message = message;
    this.#held = 0;
    message.on("data", (octets: Uint8Array) => this.#receive(octets));
    message.on("end", () => this.body.end());
    message.on("error", (error) => this.body.fail(explain(error)));
    message.on("close", () => this.body.fail(explain(message.errored)));
  }

  acknowledge(octets: number): void {
    this.#held -= octets;
    if (this.#held <= MOST_HELD && this.#message.isPaused()) this.#message.resume();
  }

  cancel(): void {
    this.#message.destroy();
  }

  #receive(octets: Uint8Array): void {
    this.#held += octets.length;
    if (this.#held > MOST_HELD) this.#message.pause();
    this.body.push(octets, octets.length);
  }
}
