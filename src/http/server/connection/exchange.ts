import type { Duplex } from "node:stream";
import type { DataReceived } from "../../../connection/events.ts";
import type { HeaderField } from "../../../hpack/header-field.ts";
import type { TlsInfo } from "../../tls-info.ts";
import type { ServerStream } from "./server-stream.ts";

/** One request and its response, as their connection sees them: who answers, and in which style, is behind it. */
export interface Exchange {
  readonly stream: ServerStream;
  /** Whether the peer's half has ended. */
  readonly isComplete: boolean;
  /** Lets the application begin. What it throws, here and in every other method, comes back by `fail`. */
  start(): void;
  receiveData(event: DataReceived): void;
  /** The whole body of a request that came by Upgrade, which no window was charged for. */
  receiveBody(octets: Uint8Array): void;
  receiveTrailers(fields: readonly HeaderField[]): void;
  receiveEnd(): void;
  /** More output is welcome again. */
  drained(): void;
  /** Output was taken, for which the exchange asked. @returns whether it need not be told again, or has asked itself. */
  outputTaken(): boolean;
  /** The stream is gone before its time: by the peer, with its connection, or by us. */
  abort(error: Error): void;
  /** Ends it from our side: nothing more can come of it. */
  cancel(): void;
  /** The application has thrown: it is told, and the client gets status 500 if nothing was said yet, else a reset. */
  fail(error: unknown): void;
}

/** The connection that an exchange belongs to. */
export interface ExchangeOwner {
  /** Asks for `outputTaken` at the next write to the socket. */
  awaitOutput(exchange: Exchange): void;
  /** Neither side will send anything more. */
  forget(exchange: Exchange): void;
}

/** How the two sides of a connection came to speak HTTP/2. */
export type Negotiation = "alpn" | "upgrade" | "prior-knowledge";

/** A request whose head has arrived. */
export interface Opening {
  readonly owner: ExchangeOwner;
  readonly stream: ServerStream;
  /** The transport, for those who ask who is at the other end. */
  readonly transport: Duplex;
  readonly negotiated: Negotiation;
  readonly tls: TlsInfo | null;
  /** The whole head, pseudo-header fields in front. */
  readonly fields: readonly HeaderField[];
  /** Whether the stream goes on behind the head. */
  readonly hasBody: boolean;
}

/** Makes what answers a request. */
export type ExchangeStyle = (opening: Opening) => Exchange;

/** What `node:http` says when the other side is gone. */
export function abortedError(): Error {
  return Object.assign(new Error("aborted"), { code: "ECONNRESET" });
}

/** The value of a pseudo-header field, all of which stand in front; empty if there is none. */
export function pseudoField(fields: readonly HeaderField[], name: string): string {
  for (const field of fields) {
    if (field.name === name) return field.value;
    if (!field.name.startsWith(":")) return "";
  }
  return "";
}
