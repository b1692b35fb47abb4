import { canonicalOrigin } from "../fields/origin.ts";
import { type Priority, serializePriority } from "../fields/priority.ts";
import { FrameType } from "../frames/frame-type.ts";
import { MessageProgress } from "../streams/message-progress.ts";
import { isClosed, StreamState } from "../streams/stream-state.ts";
import {
  checkFrameLength,
  checkOctets,
  checkStreamId,
  checkUrgency,
  requireStream,
} from "./caller-checks.ts";
import { checkedPriority } from "./deprecated-priority.ts";
import { NoSuchStreamError, ProtocolError, StreamClosedError, TooManyStreamsError } from "./errors.ts";
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
    checkFrameLength(this.#state, 2 + (origin ?? "").length + fieldValue.length);
    if (origin === "") throw new RangeError("an origin cannot be empty (RFC 7838 section 4)");
    this.#output.altsvc(streamId ?? 0, origin ?? "", fieldValue);
  }

  origins(origins: readonly string[]): void {
    this.#state.assertAlive();
    if (this.#state.isClient) throw new ProtocolError("only servers send ORIGIN (RFC 8336 section 2)");
    checkFrameLength(
      this.#state,
      origins.reduce((length, origin) => length + 2 + origin.length, 0),
    );
    for (const origin of origins) {
      if (canonicalOrigin(origin) === null)
        throw new RangeError(`${JSON.stringify(origin)} is no origin (RFC 8336 section 2.1)`);
    }
    this.#output.origin(origins);
  }

  priorityUpdate(streamId: number, priority: Priority): void {
    this.#state.assertAlive();
    if (!this.#state.isClient) {
      throw new ProtocolError("only clients send PRIORITY_UPDATE (RFC 9218 section 7.1)");
    }
    checkStreamId(streamId);
    checkUrgency(priority);
    const state = this.#state.streams.stateOf(streamId);
    if (isClosed(state)) throw new StreamClosedError(streamId);
    // A request may come behind its priority, a push may not.
    if (state === StreamState.IDLE) this.#notePriority(streamId, priority);
    this.#output.priorityUpdate(streamId, serializePriority(priority));
  }

  /** @throws NoSuchStreamError where it is a push, TooManyStreamsError where the server would refuse the frame. */
  #notePriority(streamId: number, priority: Priority): void {
    const { streams, remoteSettings, idlePriorities } = this.#state;
    if (!streams.isOutbound(streamId)) throw new NoSuchStreamError(streamId);
    const room = remoteSettings.maxConcurrentStreams - streams.openOutbound;
    if (!idlePriorities.has(streamId) && idlePriorities.countAbove(streams.highestOutbound) >= room) {
      throw new TooManyStreamsError(
        `the peer allows ${remoteSettings.maxConcurrentStreams} streams that are open or have a priority (RFC 9218 section 7.1)`,
      );
    }
    idlePriorities.set(streamId, priority);
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
    checkFrameLength(this.#state, payload.length);
    this.#output.frame(type, flags, streamId, payload);
  }
}

const KNOWN_TYPES: ReadonlySet<number> = new Set(Object.values(FrameType));
