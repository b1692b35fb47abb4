import { type Priority, parsePriority } from "../fields/priority.ts";
import type { AltsvcFrame } from "../frames/altsvc.ts";
import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault } from "../frames/fault.ts";
import type { OriginFrame } from "../frames/origin.ts";
import type { PriorityFrame } from "../frames/priority.ts";
import type { PriorityUpdateFrame } from "../frames/priority-update.ts";
import { MessageProgress } from "../streams/message-progress.ts";
import { StreamState } from "../streams/stream-state.ts";
import { checkDependency, priorityEvent } from "./deprecated-priority.ts";
import type { H2Event } from "./events.ts";
import type { Scheduler } from "./scheduler.ts";
import type { ConnectionState } from "./state.ts";

/**
 * Frames that only advise: priorities, alternative services, origins. Each costs the peer one of the useless ones,
 * whether or not it is of use.
 */
export class InboundHints {
  readonly #state: ConnectionState;
  readonly #scheduler: Scheduler;

  constructor(state: ConnectionState, scheduler: Scheduler) {
    this.#state = state;
    this.#scheduler = scheduler;
  }

  receivePriority(frame: PriorityFrame, events: H2Event[]): void {
    this.#state.guard.spend("uselessFrames");
    checkDependency(this.#state, frame.streamId, frame.priority);
    const event = priorityEvent(this.#state, frame.streamId, frame.priority);
    if (event !== null) events.push(event);
  }

  /**
   * Only clients listen; the frame names an origin, or comes on a stream that has one (RFC 7838 section 4). It
   * means nothing for an origin that the server does not answer for.
   */
  receiveAltsvc(frame: AltsvcFrame, events: H2Event[]): void {
    this.#state.guard.spend("uselessFrames");
    const { streamId, fieldValue } = frame;
    const stream = this.#state.streams.find(streamId);
    const isForResponse = stream !== undefined && stream.receiveProgress === MessageProgress.START;
    const origin = streamId === 0 ? frame.origin : isForResponse ? stream.authority : "";
    if (!this.#state.isClient || origin === "" || (streamId !== 0 && frame.origin !== "")) return;
    if (streamId === 0 && this.#state.originSet.excludes(origin)) return;
    events.push({ type: "AlternativeServiceAvailable", origin, fieldValue });
  }

  /** Only clients listen, only on stream 0, and only to the form of the frame that there is (RFC 8336 section 2). */
  receiveOrigin(frame: OriginFrame, events: H2Event[]): void {
    this.#state.guard.spend("uselessFrames");
    if (!this.#state.isClient || frame.streamId !== 0 || (frame.flags & OTHER_ORIGIN_FORMS) !== 0) return;
    this.#state.originSet.add(frame.origins);
    events.push({ type: "OriginReceived", origins: frame.origins });
  }

  /** Only servers listen (RFC 9218 section 7.1). */
  receivePriorityUpdate(frame: PriorityUpdateFrame, events: H2Event[]): void {
    this.#state.guard.spend("uselessFrames");
    const { streams, isClient } = this.#state;
    const { prioritizedStreamId, fieldValue } = frame;
    if (isClient) throw refused("a server cannot send PRIORITY_UPDATE");
    const stream = streams.find(prioritizedStreamId);
    const isIdle = stream === undefined && streams.stateOf(prioritizedStreamId) === StreamState.IDLE;
    if (isIdle && streams.isOutbound(prioritizedStreamId))
      throw refused(`stream ${prioritizedStreamId} was not promised, so it has no priority`);
    const priority = parsePriority(fieldValue);
    if (priority === null || (stream === undefined && !isIdle)) return;
    if (stream !== undefined) this.#scheduler.move(stream, priority.urgency, priority.incremental);
    else this.#keep(prioritizedStreamId, priority);
    events.push({
      type: "PriorityUpdateReceived",
      streamId: prioritizedStreamId,
      fieldValue,
      urgency: priority.urgency,
      isIncremental: priority.incremental,
    });
  }

  /** The request may come later than its priority; all that have one count as concurrent streams. */
  #keep(streamId: number, priority: Priority): void {
    const { idlePriorities, streams, localSettings } = this.#state;
    idlePriorities.set(streamId, priority);
    // A client that has not read our SETTINGS cannot keep to them.
    if (this.#state.acknowledgedSettings === 0) return;
    const room = localSettings.maxConcurrentStreams - streams.openInbound;
    if (idlePriorities.size <= room || idlePriorities.countAbove(streams.highestInbound) <= room) return;
    throw refused(`more streams than ${localSettings.maxConcurrentStreams} are open or have a priority`);
  }
}

/** Flags of ORIGIN that stand for forms yet to come; without this an ignored frame would look like an empty one. */
const OTHER_ORIGIN_FORMS = 0x0f;

function refused(reason: string): ConnectionFault {
  return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, "RFC 9218 section 7.1");
}
