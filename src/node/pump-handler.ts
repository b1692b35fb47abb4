import type { H2Event } from "../connection/events.ts";

/** What a pump tells. Nothing is called after `closed`. */
export interface PumpHandler {
  /** Takes one event, in the order of the connection. Commands that it gives are sent with those of the whole chunk. */
  receiveEvent(event: H2Event): void;
  /** All output was handed to the socket, or as much as it takes now. What waits in a stream `bufferedAmount` tells. */
  outputTaken(): void;
  /**
   * The peer has sent its last octet and may still read. Requests that are complete can be answered; a stream that waits
   * for more of the peer's has failed, and is to be reset here.
   */
  inputEnded(): void;
  /** The transport is gone. @param error - why, or null if it was ended in order. */
  closed(error: Error | null): void;
}

export interface PumpOptions {
  /** Milliseconds until the peer's preface must be there: 10,000 unless given, 0 or Infinity for ever. */
  readonly prefaceTimeout?: number;
}
