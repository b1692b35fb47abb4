import type { HeaderInput } from "../fields/normalize.ts";
import { ErrorCode } from "../frames/error-code.ts";
import type { Pump } from "../node/pump.ts";

/** What a server does on one stream. Once the stream is over, nothing of it has an effect. */
export class ServerStream {
  readonly id: number;
  readonly pump: Pump;
  /** Whether nothing can be sent any more: both sides are done, or one has reset the stream. */
  isOver: boolean;

  constructor(id: number, pump: Pump) {
    this.id = id;
    this.pump = pump;
    this.isOver = false;
  }

  /** Octets that wait in the engine. */
  get bufferedAmount(): number {
    return this.pump.connection.bufferedAmount(this.id);
  }

  /** Opens the windows again for octets that somebody has taken, or never will; the connection's even when all is over. */
  acknowledge(octets: number): void {
    if (octets === 0) return;
    this.pump.connection.acknowledgeReceivedData(octets, this.id);
    this.pump.flushSoon();
  }

  sendHead(fields: HeaderInput, endStream: boolean): void {
    if (this.isOver) return;
    this.pump.connection.sendHeaders(this.id, fields, { endStream });
    this.pump.flushSoon();
  }

  /** Returns whether more is welcome now. */
  queue(octets: Uint8Array): boolean {
    if (this.isOver) return false;
    this.pump.flushSoon();
    return this.pump.connection.queueData(this.id, octets);
  }

  /** Ends our half behind what is queued. */
  end(trailers: HeaderInput | null): void {
    if (this.isOver) return;
    if (trailers === null) this.pump.connection.endStream(this.id);
    else this.pump.connection.sendHeaders(this.id, trailers, { endStream: true });
    this.pump.flushSoon();
  }

  /** Ends both halves at once, what is queued included. */
  reset(errorCode: number = ErrorCode.CANCEL): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.pump.connection.isFinished) return;
    this.pump.connection.resetStream(this.id, { errorCode });
    this.pump.flushSoon();
  }
}
