import { type Channel, channel } from "node:diagnostics_channel";
import type { FrameObserver } from "../../../connection/configuration.ts";
import type { Frame } from "../../../frames/index.ts";
import type { HeaderField } from "../../../hpack/header-field.ts";
import type { ConnectionRecord, StreamRecord } from "./records.ts";

/** What the channel "h2wire:connection" of `node:diagnostics_channel` gets. */
export interface ConnectionMessage {
  readonly phase: "opened" | "closed";
  readonly connection: ConnectionRecord;
  /** Why it closed, where that was an error. */
  readonly error: Error | null;
}

/** What the channel "h2wire:stream" gets: for each request, of HTTP/1.1 too. */
export interface StreamMessage {
  readonly phase: "opened" | "closed";
  readonly connection: ConnectionRecord;
  readonly stream: StreamRecord;
}

/** What the channel "h2wire:frame" gets. Payloads are views that do not outlive the call. */
export interface FrameMessage {
  readonly connection: ConnectionRecord;
  /** Who sent it. */
  readonly direction: "received" | "sent";
  readonly frame: Frame;
  /** The decoded field section, with the frame that completes a field block; else null. */
  readonly fields: readonly HeaderField[] | null;
}

export const connectionChannel: Channel = channel("h2wire:connection");
export const streamChannel: Channel = channel("h2wire:stream");
export const frameChannel: Channel = channel("h2wire:frame");

/**
 * Publishes the frames of a connection. It is asked for when a connection begins: one that begins without subscribers
 * publishes none, and pays nothing.
 *
 * @param other - who looks at the frames too.
 */
export function framePublisher(connection: ConnectionRecord, other: FrameObserver | null): FrameObserver {
  return {
    frame: (direction, frame, fields) => {
      other?.frame(direction, frame, fields);
      const message: FrameMessage = { connection, direction, frame, fields };
      frameChannel.publish(message);
    },
  };
}
