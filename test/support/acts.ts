import fc from "fast-check";
import { MessageProgress } from "../../src/streams/message-progress.ts";
import { StreamState } from "../../src/streams/stream-state.ts";
import { requestHead } from "./engine.ts";
import type { End, Link } from "./link.ts";
import { type InnerStream, insideOf } from "./opened.ts";

/**
 * What applications do in a legal conversation. Where there is no stream on which it may be done, nothing is done; what
 * an engine refuses for want of room in a window is left alone by whoever plays the acts.
 */
export type Act = (link: Link) => void;

const size = fc.constantFrom(0, 1, 100, 1_500, 16_000, 40_000);
const isEnd = fc.constantFrom(true, false, false, false);
const name = fc.constantFrom("accept", "cookie", "x-a", "x-b", "authorization", "content-type");
const value = fc.oneof(
  fc.constantFrom("", "a", "text/html", "a=b; c=d", "v".repeat(300), "w".repeat(3_000)),
  fc.nat({ max: 40 }).map(String),
);
/** Some need CONTINUATION; all together stay below what the other side takes. */
const long = fc.constantFrom([], [], [], [], [["x-long", "u~".repeat(9_000)] as const]);
const fields = fc
  .tuple(fc.array(fc.tuple(name, value), { maxLength: 5 }), long)
  .map(([list, more]) => [...list, ...more]);
/** Fields that may stand in trailers. */
const trailers = fields.map((list) => list.map(([, text]) => ["x-trailer", text] as const));
const isClient = fc.boolean();
/** Which one of several streams; the oldest ones more often, so that things meet there. */
const place = fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 1_000 }));

const requesting: fc.Arbitrary<Act> = fc
  .tuple(fc.constantFrom("GET", "POST", "HEAD"), fields, isEnd)
  .map(([method, more, endStream]) => ({ client: { engine } }) => {
    const head = [...requestHead(method), ...more];
    engine.sendHeaders(engine.getNextAvailableStreamId(), head, { endStream });
  });

const responding: fc.Arbitrary<Act> = fc
  .tuple(place, fc.constantFrom("200", "404", "103"), fields, isEnd)
  .map(([at, status, more, endStream]) => ({ server }) => {
    const head = [[":status", status] as const, ...more];
    onStream(server, at, isUnanswered, ({ id }) =>
      server.engine.sendHeaders(id, head, { endStream: endStream && status !== "103" }),
    );
  });

const queueing: fc.Arbitrary<Act> = onEnd(fc.tuple(place, size, isEnd), (end, [at, length, endStream]) =>
  onStream(end, at, isSending, ({ id }) => end.engine.queueData(id, new Uint8Array(length), { endStream })),
);

const sending: fc.Arbitrary<Act> = onEnd(
  fc.tuple(place, size, fc.option(fc.nat({ max: 255 })), isEnd),
  (end, [at, length, padLength, endStream]) =>
    onStream(end, at, isSendingAtOnce, ({ id }) =>
      end.engine.sendData(
        id,
        new Uint8Array(length),
        padLength === null ? { endStream } : { endStream, padLength },
      ),
    ),
);

const ending: fc.Arbitrary<Act> = onEnd(fc.tuple(place, trailers), (end, [at, more]) =>
  onStream(end, at, isSending, ({ id }) => end.engine.sendHeaders(id, more, { endStream: true })),
);

const resetting: fc.Arbitrary<Act> = onEnd(place, (end, at) =>
  onStream(end, at, isAny, ({ id }) => end.engine.resetStream(id, { errorCode: 8 })),
);

/** An application has enough of what comes. */
export const abandoning: fc.Arbitrary<Act> = onEnd(place, (end, at) =>
  onStream(end, at, isReceiving, ({ id }) => end.engine.resetStream(id, { errorCode: 8 })),
);

const pushing: fc.Arbitrary<Act> = place.map((at) => ({ server }) => {
  const { engine } = server;
  if (engine.remoteSettings.enablePush === 0) return;
  onStream(server, at, isParent, ({ id }) =>
    engine.pushStream(id, engine.getNextAvailableStreamId(), requestHead("GET")),
  );
});

const prioritizing: fc.Arbitrary<Act> = onEnd(
  fc.tuple(place, fc.integer({ min: 0, max: 7 }), fc.boolean()),
  (end, [at, urgency, incremental]) =>
    onStream(end, at, isAny, ({ id }) => end.engine.setPriority(id, { urgency, incremental })),
);

const settingTable: fc.Arbitrary<Act> = onEnd(fc.constantFrom(0, 100, 4_096, 20_000), ({ engine }, table) =>
  engine.updateSettings({ 1: table }),
);

const settingWindow: fc.Arbitrary<Act> = onEnd(
  fc.constantFrom(0, 1, 1_000, 65_535, 200_000),
  ({ engine }, window) => engine.updateSettings({ 4: window }),
);

const asking: fc.Arbitrary<Act> = onEnd(fc.constant(new Uint8Array(8)), ({ engine }, data) =>
  engine.ping(data),
);

/** Acts that leave the windows to the engine, but for what is received. */
export const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: requesting },
  { weight: 4, arbitrary: responding },
  { weight: 5, arbitrary: queueing },
  { weight: 2, arbitrary: sending },
  { weight: 2, arbitrary: ending },
  resetting,
  pushing,
  prioritizing,
  settingTable,
  settingWindow,
  asking,
);

/** An application is done with a part of what it got, on whatever stream it got it. */
export const acknowledging: fc.Arbitrary<Act> = onEnd(
  fc.tuple(place, fc.constantFrom(1, 2, 3)),
  (end, [at, part]) => {
    const amount = Math.floor((end.delivered - end.acknowledged) / part);
    onStream(end, at, isAny, ({ id }) => {
      end.engine.acknowledgeReceivedData(amount, id);
      end.acknowledged += amount;
    });
  },
);

/** An application opens windows by hand. */
export const opening: fc.Arbitrary<Act> = onEnd(
  fc.tuple(place, fc.integer({ min: 1, max: 50_000 }), fc.boolean()),
  (end, [at, increment, isAll]) => {
    if (isAll) end.engine.incrementFlowControlWindow(increment);
    else
      onStream(end, at, isReceiving, ({ id }) =>
        end.engine.incrementFlowControlWindow(increment, { streamId: id }),
      );
  },
);

function onEnd<Value>(values: fc.Arbitrary<Value>, act: (end: End, value: Value) => void): fc.Arbitrary<Act> {
  return fc.tuple(isClient, values).map(
    ([onClient, chosen]) =>
      ({ client, server }) =>
        act(onClient ? client : server, chosen),
  );
}

function onStream(
  end: End,
  at: number,
  isFit: (stream: InnerStream, end: End) => boolean,
  act: (stream: InnerStream) => void,
): void {
  const streams = Array.from(insideOf(end.engine)._state.streams.live());
  const fit = streams.filter((stream) => isFit(stream, end));
  const chosen = fit[at % Math.max(1, fit.length)];
  if (chosen !== undefined) act(chosen);
}

function isAny(): boolean {
  return true;
}

function isOpenToSend({ state }: InnerStream): boolean {
  return state === StreamState.OPEN || state === StreamState.HALF_CLOSED_REMOTE;
}

function isUnanswered(stream: InnerStream): boolean {
  const mayAnswer = isOpenToSend(stream) || stream.state === StreamState.RESERVED_LOCAL;
  return mayAnswer && stream.sendProgress === MessageProgress.START;
}

/** The answer to a HEAD has no body, which is the application's to know (RFC 9110 section 9.3.2). */
function isSending(stream: InnerStream, { headStreams }: End): boolean {
  const mayGoOn = stream.sendQueue === null || !stream.sendQueue.endStream;
  const hasBody = mayGoOn && !headStreams.has(stream.id);
  return hasBody && isOpenToSend(stream) && stream.sendProgress === MessageProgress.BODY;
}

function isSendingAtOnce(stream: InnerStream, end: End): boolean {
  return isSending(stream, end) && (stream.sendQueue === null || stream.sendQueue.isEmpty);
}

function isParent(stream: InnerStream): boolean {
  return isOpenToSend(stream) && stream.id % 2 === 1;
}

function isReceiving({ state }: InnerStream): boolean {
  return state === StreamState.OPEN || state === StreamState.HALF_CLOSED_LOCAL;
}
