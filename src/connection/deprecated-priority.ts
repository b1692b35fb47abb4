import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault } from "../frames/fault.ts";
import { LARGEST_STREAM_ID } from "../frames/limits.ts";
import type { PriorityFields } from "../frames/priority.ts";
import { checkStreamId } from "./caller-checks.ts";
import { ProtocolError, RFC1122Error } from "./errors.ts";
import type { PriorityUpdated } from "./events.ts";
import type { ConnectionState } from "./state.ts";

/** Priority by the scheme that RFC 9113 section 5.3 deprecates: told and sent, but nothing here acts on it. */

/** The event for priority that came in; null if there is none to tell. */
export function priorityEvent(
  state: ConnectionState,
  streamId: number,
  priority: PriorityFields | null,
): PriorityUpdated | null {
  if (priority === null || !counts(state)) return null;
  const { weight, dependsOn, exclusive } = priority;
  return { type: "PriorityUpdated", streamId, weight, dependsOn, exclusive };
}

/** A stream cannot depend on itself: RFC 7540 section 5.3.1 has it, and it is worth no stream of ours. */
export function checkDependency(state: ConnectionState, streamId: number, priority: PriorityFields): void {
  if (priority.dependsOn !== streamId || !counts(state)) return;
  throw new ConnectionFault(
    ErrorCode.PROTOCOL_ERROR,
    `stream ${streamId} depends on itself`,
    "RFC 7540 section 5.3.1",
  );
}

/** Whether neither side said that it has no such priorities: what is not to count is ignored (RFC 9218 section 2.1). */
function counts({ localSettings, remoteSettings }: ConnectionState): boolean {
  return localSettings.noRfc7540Priorities === 0 && remoteSettings.noRfc7540Priorities === 0;
}

/** Priority as a caller gives it, complete. @throws RFC1122Error on servers, ProtocolError for values out of range. */
export function checkedPriority(
  state: ConnectionState,
  streamId: number,
  given: { weight: number | undefined; dependsOn: number | undefined; exclusive: boolean | undefined },
): PriorityFields {
  const { weight = 16, dependsOn = 0, exclusive = false } = given;
  if (!state.isClient) throw new RFC1122Error("a server has no priority to give (RFC 9113 section 5.3)");
  if (state.localSettings.noRfc7540Priorities === 1) {
    throw new ProtocolError("we announced that we have no such priorities (RFC 9218 section 2.1)");
  }
  checkStreamId(streamId);
  if (!Number.isInteger(weight) || weight < 1 || weight > 256)
    throw new ProtocolError(`a weight is 1 to 256, not ${weight}`);
  if (dependsOn === streamId) throw new ProtocolError(`stream ${streamId} cannot depend on itself`);
  if (!Number.isInteger(dependsOn) || dependsOn < 0 || dependsOn > LARGEST_STREAM_ID) {
    throw new ProtocolError(`${dependsOn} is no stream identifier`);
  }
  return { weight, dependsOn, exclusive };
}
