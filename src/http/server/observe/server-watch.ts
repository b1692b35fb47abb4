import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { FrameObserver } from "../../../connection/configuration.ts";
import type { PeerError } from "../../../connection/errors.ts";
import type { ConnectionTerminated, StreamReset } from "../../../connection/events.ts";
import type { HeaderField } from "../../../hpack/header-field.ts";
import { pseudoField } from "../connection/exchange.ts";
import {
  type ConnectionMessage,
  connectionChannel,
  frameChannel,
  framePublisher,
  type StreamMessage,
  streamChannel,
} from "./channels.ts";
import type { Log } from "./log.ts";
import { type ConnectionRecord, recordOf, type StreamRecord } from "./records.ts";
import { Counters, type ServerTotals } from "./totals.ts";

/** Sees what happens on a server: it counts always, and logs and publishes where somebody wants to know. */
export class ServerWatch {
  readonly #log: Log | null;
  readonly #counters: Counters;
  #lastId: number;

  constructor(log: Log | null) {
    this.#log = log;
    this.#counters = new Counters();
    this.#lastId = 0;
  }

  totals(): ServerTotals {
    return this.#counters.snapshot();
  }

  // -- Connections ------------------------------------------------------------------------------------------

  opened(
    socket: Duplex,
    protocol: ConnectionRecord["protocol"],
    negotiated: ConnectionRecord["negotiated"],
  ): ConnectionRecord {
    this.#lastId++;
    const connection: ConnectionRecord = {
      id: this.#lastId,
      protocol,
      negotiated,
      remoteAddress: (socket as Socket).remoteAddress ?? null,
      remotePort: (socket as Socket).remotePort ?? null,
      openedAt: performance.now(),
      requests: 0,
      socket,
    };
    if (protocol === "h2") this.#counters.http2Connections++;
    else this.#counters.http1Connections++;
    this.#counters.opened(socket);
    this.#publishConnection("opened", connection, null);
    this.#log?.debug(connectionDetails(connection), "connection opened");
    return connection;
  }

  closed(connection: ConnectionRecord, error: Error | null): void {
    this.#counters.closed(connection.socket);
    this.#publishConnection("closed", connection, error);
    if (this.#log === null) return;
    const { requests, openedAt } = connection;
    const details = { ...connectionDetails(connection), requests, milliseconds: since(openedAt) };
    this.#log.debug(error === null ? details : { ...details, err: error }, "connection closed");
  }

  /** What sees the frames of a connection that begins: `other`, the subscribers of the channel, both, or nobody. */
  frameObserver(connection: ConnectionRecord, other: FrameObserver | null): FrameObserver | null {
    return frameChannel.hasSubscribers ? framePublisher(connection, other) : other;
  }

  // -- Requests ---------------------------------------------------------------------------------------------

  /** @returns what is to be filled with what becomes of it; null if nobody wants to know. */
  requested(
    connection: ConnectionRecord,
    streamId: number,
    fields: readonly HeaderField[],
  ): StreamRecord | null {
    this.#counters.http2Requests++;
    connection.requests++;
    if (!this.#isAsked) return null;
    const stream = recordOf(streamId, pseudoField(fields, ":method"), pseudoField(fields, ":path"));
    this.#publishStream("opened", connection, stream);
    return stream;
  }

  /** A request of HTTP/1.1 has arrived; it is watched to its end. */
  requestedByHttp1(connection: ConnectionRecord, request: IncomingMessage, response: ServerResponse): void {
    this.#counters.http1Requests++;
    connection.requests++;
    if (!this.#isAsked) return;
    const { method = "", url = "" } = request;
    const before = (connection.socket as Socket).bytesWritten ?? 0;
    const stream = recordOf(null, method, url);
    this.#publishStream("opened", connection, stream);
    response.once("close", () => {
      if (response.headersSent) stream.status = response.statusCode;
      stream.octets = ((connection.socket as Socket).bytesWritten ?? before) - before;
      stream.isAborted = !response.writableFinished;
      this.ended(connection, stream);
    });
  }

  /** Both sides of a request are done. */
  ended(connection: ConnectionRecord, stream: StreamRecord): void {
    this.#publishStream("closed", connection, stream);
    if (this.#log === null) return;
    const { streamId, method, path, status, octets, isAborted, openedAt } = stream;
    const { id, protocol, negotiated, remoteAddress } = connection;
    const details = {
      connection: id,
      remoteAddress,
      protocol,
      negotiated,
      streamId,
      method,
      path,
      status,
      octets,
      milliseconds: since(openedAt),
    };
    this.#log.info(details, isAborted ? "request aborted" : "request answered");
  }

  // -- Peers that break rules -------------------------------------------------------------------------------

  reset(connection: ConnectionRecord, event: StreamReset): void {
    if (event.remoteReset) this.#counters.resetsReceived++;
    else this.#counters.resetsProvoked++;
    if (event.error !== null) this.#complain(connection, event.error, event.streamId);
  }

  terminated(connection: ConnectionRecord, event: ConnectionTerminated): void {
    if (event.error === null) return;
    this.#counters.connectionErrors++;
    this.#complain(connection, event.error, 0);
  }

  #complain(connection: ConnectionRecord, error: PeerError, streamId: number): void {
    const limit = this.#counters.limitReached(error);
    if (this.#log === null) return;
    const { reason, section, errorCode } = error;
    const details = { connection: connection.id, remoteAddress: connection.remoteAddress, streamId };
    const what = streamId === 0 ? "the client has broken a rule of its connection" : "a stream was refused";
    this.#log.warn({ ...details, errorCode, reason, section, limit }, what);
  }

  // ---------------------------------------------------------------------------------------------------------

  get #isAsked(): boolean {
    return this.#log !== null || streamChannel.hasSubscribers;
  }

  #publishConnection(
    phase: ConnectionMessage["phase"],
    connection: ConnectionRecord,
    error: Error | null,
  ): void {
    if (!connectionChannel.hasSubscribers) return;
    const message: ConnectionMessage = { phase, connection, error };
    connectionChannel.publish(message);
  }

  #publishStream(phase: StreamMessage["phase"], connection: ConnectionRecord, stream: StreamRecord): void {
    if (!streamChannel.hasSubscribers) return;
    const message: StreamMessage = { phase, connection, stream };
    streamChannel.publish(message);
  }
}

function connectionDetails(connection: ConnectionRecord): object {
  const { id, protocol, negotiated, remoteAddress, remotePort } = connection;
  return { connection: id, protocol, negotiated, remoteAddress, remotePort };
}

function since(start: number): number {
  return Math.round((performance.now() - start) * 10) / 10;
}
