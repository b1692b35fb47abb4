import { type Priority, serializePriority } from "../fields/priority.ts";
import { FrameType } from "../frames/frame-type.ts";
import { MessageProgress } from "../streams/message-progress.ts";
import { FrameTooLargeError, ProtocolError } from "./errors.ts";
import { checkOctets } from "./outbound-body.ts";
import { checkedPriority, checkStreamId, requireStream } from "./outbound-head.ts";
import type { Output } from "./output.ts";
import type { ConnectionState } from "./state.ts";

/** Frames that change nothing in the engine: hints for the peer, and extensions. */
export class Announcements {
  readonly #state: ConnectionState;
  readonly #output: Output;

  constructor(state: ConnectionState, output: Output) {
    this.#state = state;
    this.#output = output;
  }

  alternativeService(fieldValue: string, origin: string | undefined, streamId: number | undefined): void {
    this.#state.assertAlive();
    if ((origin === undefined) === (streamId === undefined)) {
      throw new RangeError("give either an origin or a stream (RFC 7838 section 4)");
    }
    if (this.#state.isClient) {
      throw new ProtocolError("only servers have alternative services (RFC 7838 section 4)");
    }
    if (
      streamId !== undefined &&
      requireStream(this.#state, streamId).sendProgress !== MessageProgress.START
    ) {
      throw new ProtocolError("an alternative service must be announced before the response");
    }
    this.#checkLength(2 + (origin ?? "").length + fieldValue.length);
    this.#output.altsvc(streamId ?? 0, origin ?? "", fieldValue);
  }

  origins(origins: readonly string[]): void {
    this.#state.assertAlive();
    if (this.#state.isClient) throw new ProtocolError("only servers send ORIGIN (RFC 8336 section 2)");
    this.#checkLength(origins.reduce((length, origin) => length + 2 + origin.length, 0));
    this.#output.origin(origins);
  }

  priorityUpdate(streamId: number, priority: Priority): void {
    this.#state.assertAlive();
    if (!this.#state.isClient) {
      throw new ProtocolError("only clients send PRIORITY_UPDATE (RFC 9218 section 7.1)");
    }
    checkStreamId(streamId);
    checkUrgency(priority);
    this.#output.priorityUpdate(streamId, serializePriority(priority));
  }

  deprecatedPriority(
    streamId: number,
    options: { weight?: number; dependsOn?: number; exclusive?: boolean },
  ): void {
    this.#state.assertAlive();
    const { weight, dependsOn, exclusive } = options;
    this.#output.priority(streamId, checkedPriority(this.#state, streamId, { weight, dependsOn, exclusive }));
  }

  extension(type: number, flags: number, streamId: number, payload: Uint8Array): void {
    this.#state.assertAlive();
    if (!Number.isInteger(type) || type < 0 || type > 255)
      throw new ProtocolError(`${type} is no frame type`);
    if (KNOWN_TYPES.has(type)) throw new ProtocolError(`frame type ${type} has a method of its own`);
    if (!Number.isInteger(flags) || flags < 0 || flags > 255)
      throw new RangeError(`${flags} does not fit into the flags of a frame`);
    checkOctets(payload);
    this.#checkLength(payload.length);
    this.#output.frame(type, flags, streamId, payload);
  }

  #checkLength(length: number): void {
    const { maxFrameSize } = this.#state.remoteSettings;
    if (length <= maxFrameSize) return;
    throw new FrameTooLargeError(
      `${length} octets do not fit into a frame of ${maxFrameSize} (RFC 9113 section 4.2)`,
    );
  }
}

/** @throws RangeError for an urgency that is not 0 to 7 (RFC 9218 section 4.1). */
export function checkUrgency({ urgency }: Priority): void {
  if (!Number.isInteger(urgency) || urgency < 0 || urgency > 7) throw new RangeError("an urgency is 0 to 7");
}

const KNOWN_TYPES: ReadonlySet<number> = new Set(Object.values(FrameType));
