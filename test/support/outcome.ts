import { expect } from "vitest";
import { errorCodeName, type H2Connection, type H2Event, type PeerError } from "../../src/index.ts";
import { frames } from "./frames.ts";
import { sent } from "./wire.ts";

/**
 * Expects that the last of `events` ended the connection with `errorCode`, for a rule of `section`; that GOAWAY
 * says the same to the peer; and that the engine is deaf from now on. Returns the rule that was broken.
 */
export function expectConnectionError(
  engine: H2Connection,
  events: readonly H2Event[],
  errorCode: number,
  section?: string,
): PeerError {
  const last = events.at(-1);
  if (last?.type !== "ConnectionTerminated" || last.error === null)
    throw new Error(`no error, but ${last?.type}`);
  expect({ code: errorCodeName(last.errorCode), initiator: last.initiator }).toEqual({
    code: errorCodeName(errorCode),
    initiator: "local",
  });
  if (section !== undefined) expect(last.error.section).toBe(section);
  expect(sent(engine).at(-1)).toContain(`GOAWAY last=${last.lastStreamId} error=${errorCodeName(errorCode)}`);
  expect(engine.isFinished).toBe(true);
  expect(engine.receiveData(frames.ping())).toEqual([]);
  expect(engine.hasOutput).toBe(false);
  return last.error;
}

/**
 * Expects that the last of `events` reset stream `streamId` with `errorCode`, for a rule of `section`; that
 * RST_STREAM says the same to the peer; and that the connection goes on. Returns the rule that was broken.
 */
export function expectStreamError(
  engine: H2Connection,
  events: readonly H2Event[],
  streamId: number,
  errorCode: number,
  section?: string,
): PeerError {
  const last = events.at(-1);
  if (last?.type !== "StreamReset" || last.error === null) throw new Error(`no reset, but ${last?.type}`);
  expect({ streamId: last.streamId, code: errorCodeName(last.errorCode), remote: last.remoteReset }).toEqual({
    streamId,
    code: errorCodeName(errorCode),
    remote: false,
  });
  if (section !== undefined) expect(last.error.section).toBe(section);
  expect(sent(engine).at(-1)).toBe(`RST_STREAM stream=${streamId} error=${errorCodeName(errorCode)}`);
  expectAlive(engine);
  return last.error;
}

/** Expects that the connection still answers. */
export function expectAlive(engine: H2Connection): void {
  expect(engine.receiveData(frames.ping("are you?")).map(({ type }) => type)).toEqual(["PingReceived"]);
  expect(sent(engine).at(-1)).toBe("PING ACK data=61726520796f753f");
}

type Thrown = abstract new (...parameters: never[]) => Error;

/**
 * Expects that `call` is refused with an error of this class, and that nothing at all changed by it: no output,
 * no stream, no window, no setting. What the engine had to send before is read and dropped, so drive a pair first.
 * Returns the error.
 */
export function expectMisuse<E extends Error>(
  engine: H2Connection,
  call: () => unknown,
  kind: abstract new (...parameters: never[]) => E,
): E {
  if (engine.hasOutput) sent(engine);
  const before = digest(engine);
  const error = thrownBy(call);
  expect(error).toBeInstanceOf(kind as Thrown);
  expect(digest(engine)).toEqual(before);
  return error as E;
}

/** What `call` throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
}

/** Streams that a digest looks at. */
const WATCHED = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** All that can be seen of an engine from outside without changing it. */
export function digest(engine: H2Connection): Record<string, unknown> {
  return {
    hasOutput: engine.hasOutput,
    next: answerOf(() => engine.getNextAvailableStreamId()),
    highest: [engine.highestInboundStreamId, engine.highestOutboundStreamId],
    open: [engine.openInboundStreams, engine.openOutboundStreams],
    windows: [engine.inboundFlowControlWindow, engine.outboundFlowControlWindow],
    frameSizes: [engine.maxInboundFrameSize, engine.maxOutboundFrameSize],
    localSettings: [...engine.localSettings],
    pendingSettings: engine.localSettings.pendingFrames,
    remoteSettings: [...engine.remoteSettings],
    originSet: engine.originSet === null ? null : [...engine.originSet],
    isClosing: engine.isClosing,
    isFinished: engine.isFinished,
    streams: WATCHED.map((streamId) => [
      answerOf(() => engine.localFlowControlWindow(streamId)),
      answerOf(() => engine.remoteFlowControlWindow(streamId)),
      engine.bufferedAmount(streamId),
    ]),
  };
}

function answerOf(question: () => unknown): unknown {
  try {
    return question();
  } catch (error) {
    return String(error);
  }
}
