import { NoSuchStreamError } from "../../../connection/errors.ts";
import type { HeaderInput } from "../../../fields/normalize.ts";
import { DEFAULT_PRIORITY, type Priority } from "../../../fields/priority.ts";
import type { Pump } from "../../../node/pump.ts";
import type { StreamRecord } from "../observe/records.ts";

const LAST = { endStream: true };

/**
 * What a server does on one stream. Once the stream is over, nothing of it has an effect.
 *
 * The engine knows of the end first: a reset may stand in the same chunk as the request, and its event come behind what
 * the application says to the request.
 */
export class ServerStream {
  readonly id: number;
  readonly pump: Pump;
  /** Whether nothing can be sent any more: both sides are done, or one has reset the stream. */
  isOver: boolean;
  /** Whether our half was ended, rather than reset. */
  hasEnded: boolean;
  /** What becomes of it, for those who want to know. */
  readonly record: StreamRecord | null;

  constructor(id: number, pump: Pump, record: StreamRecord | null) {
    this.id = id;
    this.pump = pump;
    this.isOver = false;
    this.hasEnded = false;
    this.record = record;
  }

  /** Octets that wait in the engine. */
  get bufferedAmount(): number {
    return this.pump.connection.bufferedAmount(this.id);
  }

  /** The priority of the response (RFC 9218); the default one when it is over. */
  get priority(): Priority {
    if (this.isOver) return DEFAULT_PRIORITY;
    try {
      return this.pump.connection.priority(this.id);
    } catch (error) {
      this.#noteEnd(error);
      return DEFAULT_PRIORITY;
    }
  }

  /** @throws RangeError for an urgency that is not 0 to 7. */
  setPriority(priority: Priority): void {
    if (this.isOver) return;
    try {
      this.pump.connection.setPriority(this.id, priority);
    } catch (error) {
      this.#noteEnd(error);
    }
  }

  /** Opens the windows again for octets that somebody has taken, or never will; the connection's even when all is over. */
  acknowledge(octets: number): void {
    if (octets === 0) return;
    this.pump.connection.acknowledgeReceivedData(octets, this.id);
    this.pump.flushSoon();
  }

  /** @throws ProtocolError or TypeError for fields that cannot be sent. */
  sendHead(fields: HeaderInput, endStream: boolean): void {
    if (this.isOver) return;
    try {
      this.pump.connection.sendHeaders(this.id, fields, { endStream });
      this.pump.flushSoon();
      if (endStream) this.hasEnded = true;
      if (this.record !== null) noteStatus(this.record, fields);
    } catch (error) {
      this.#noteEnd(error);
    }
  }

  /** Returns whether more is welcome now. */
  queue(octets: Uint8Array): boolean {
    if (this.isOver) return false;
    try {
      this.pump.flushSoon();
      if (this.record !== null) this.record.octets += octets.length;
      return this.pump.connection.queueData(this.id, octets);
    } catch (error) {
      this.#noteEnd(error);
      return false;
    }
  }

  /** Ends our half with these octets. Returns whether the connection had room for more. */
  queueLast(octets: Uint8Array): boolean {
    if (this.isOver) return false;
    try {
      this.pump.flushSoon();
      this.hasEnded = true;
      if (this.record !== null) this.record.octets += octets.length;
      return this.pump.connection.queueData(this.id, octets, LAST);
    } catch (error) {
      this.#noteEnd(error);
      return false;
    }
  }

  /** Ends our half behind what is queued. @throws ProtocolError or TypeError for trailers that cannot be sent. */
  end(trailers: HeaderInput | null): void {
    if (trailers !== null) {
      this.sendHead(trailers, true);
      return;
    }
    if (this.isOver) return;
    try {
      this.pump.connection.endStream(this.id);
      this.hasEnded = true;
      this.pump.flushSoon();
    } catch (error) {
      this.#noteEnd(error);
    }
  }

  /** Ends both halves at once, what is queued included. */
  reset(errorCode: number): void {
    if (this.isOver) return;
    this.isOver = true;
    try {
      this.pump.connection.resetStream(this.id, { errorCode });
      this.pump.flushSoon();
    } catch (error) {
      this.#noteEnd(error);
    }
  }

  /** @throws the error, unless it says that the stream or the connection has ended. */
  #noteEnd(error: unknown): void {
    if (!(error instanceof NoSuchStreamError) && !this.pump.connection.isFinished) throw error;
    this.isOver = true;
  }
}

/** Interim responses do not count. */
function noteStatus(record: StreamRecord, fields: HeaderInput): void {
  for (const field of fields) {
    const [name, value] = "name" in field ? [field.name, field.value] : field;
    if (name === ":status" && Number(value) >= 200) record.status = Number(value);
    return;
  }
}
