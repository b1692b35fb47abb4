import { ErrorCode, SettingId } from "../../frames/index.ts";
import { frames } from "../frames.ts";
import { answered, either, failed, type Misbehaviour, maybeProcessed, unprocessed } from "../misbehaviour.ts";
import { answering, body, firstly, GET, head, POST, STREAMED_UPLOAD, UPLOAD } from "./common.ts";

const SECTION = "RFC 9113 section 6.4";

/** Codes by which a server says neither that it did nothing, nor that it wants another protocol; the last one is unknown. */
const CODES = [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x8, 0x9, 0xa, 0xb, 0xc, 0xfafafafa];

/** Servers that reset streams. */
export const RESETS: readonly Misbehaviour[] = [
  {
    id: "reset-before-head",
    does: "resets the stream before it answers; played once with each error code but two",
    section: SECTION,
    variants: CODES.length,
    asks: [POST],
    script: answering((peer, streamId) => peer.reset(streamId, CODES[peer.variant])),
    outcome: maybeProcessed("STREAM_RESET"),
    mostRequests: 1,
  },
  {
    id: "reset-after-head",
    does: "resets the stream behind the head of the response; played once with each error code but two",
    section: SECTION,
    variants: CODES.length,
    script: answering((peer, streamId) =>
      peer.send(head(streamId), frames.rstStream(streamId, CODES[peer.variant])),
    ),
    outcome: maybeProcessed("STREAM_RESET"),
    mostRequests: 1,
  },
  {
    id: "reset-amid-body",
    does: "resets the stream behind half of the body; played once with each error code but two",
    section: SECTION,
    variants: CODES.length,
    script: answering((peer, streamId) =>
      peer.send(head(streamId), frames.data(streamId, "he"), frames.rstStream(streamId, CODES[peer.variant])),
    ),
    outcome: maybeProcessed("STREAM_RESET"),
    mostRequests: 1,
  },
  {
    id: "reset-after-end",
    does: "resets the stream behind the whole response; played once with each error code but two",
    section: "RFC 9113 section 5.1",
    variants: CODES.length,
    asks: [GET, GET],
    inTurn: true,
    script: answering((peer, streamId) =>
      peer.send(head(streamId), body(streamId), frames.rstStream(streamId, CODES[peer.variant])),
    ),
    outcome: answered(),
    mostRequests: 2,
    mostConnections: 1,
  },
  {
    id: "reset-one-of-three",
    does: "resets one of three streams, and answers the two others",
    section: SECTION,
    asks: [POST, POST, POST],
    script: answering((peer, streamId) =>
      streamId === 3
        ? peer.reset(streamId, ErrorCode.INTERNAL_ERROR)
        : peer.send(head(streamId), body(streamId)),
    ),
    outcome: [answered(), maybeProcessed("STREAM_RESET"), answered()],
    mostRequests: 3,
    mostConnections: 1,
  },
  {
    id: "refused-once",
    does: "refuses the first stream of the first connection, and is good otherwise",
    section: "RFC 9113 section 8.7",
    asks: [POST],
    script: firstly(async (peer) => {
      peer.greet();
      const { streamId } = await peer.expectRequest();
      peer.reset(streamId, ErrorCode.REFUSED_STREAM);
      await peer.serve();
    }),
    outcome: answered(),
    mostRequests: 2,
  },
  {
    id: "refused-storm",
    does: "refuses every stream",
    section: "RFC 9113 section 8.7",
    asks: [POST],
    script: answering((peer, streamId) => peer.reset(streamId, ErrorCode.REFUSED_STREAM)),
    outcome: unprocessed("STREAM_RESET"),
    mostRequests: 8,
  },
  {
    id: "refused-storm-of-many",
    does: "refuses every stream, of twenty requests at once",
    section: "RFC 9113 section 8.7",
    asks: Array.from({ length: 20 }, () => GET),
    script: answering((peer, streamId) => peer.reset(streamId, ErrorCode.REFUSED_STREAM)),
    outcome: unprocessed("STREAM_RESET"),
    mostRequests: 160,
  },
  {
    id: "refused-after-head",
    does: "resets with REFUSED_STREAM behind the head of the response, which contradicts itself",
    section: "RFC 9113 section 8.7",
    asks: [POST],
    script: answering((peer, streamId) =>
      peer.send(head(streamId), frames.rstStream(streamId, ErrorCode.REFUSED_STREAM)),
    ),
    outcome: failed("STREAM_RESET"),
    mostRequests: 1,
  },
  {
    id: "refused-streamed-upload",
    does: "refuses a stream whose request body cannot be sent twice, when it has taken a part of it",
    section: "RFC 9113 section 8.7",
    asks: [STREAMED_UPLOAD],
    script: answering(async (peer, streamId) => {
      peer.reset(streamId, ErrorCode.REFUSED_STREAM);
    }),
    outcome: unprocessed("STREAM_RESET"),
    mostRequests: 1,
  },
  {
    id: "http-1-1-required",
    does: "resets every stream with HTTP_1_1_REQUIRED, and speaks HTTP/1.1 on the same port",
    section: "RFC 9113 section 7",
    asks: [POST],
    needsTls: true,
    speaksHttp1: true,
    script: answering((peer, streamId) => peer.reset(streamId, ErrorCode.HTTP_1_1_REQUIRED)),
    outcome: answered(),
  },
  {
    id: "early-response-with-reset",
    does: "answers an upload before it has come, and resets the stream with NO_ERROR",
    section: "RFC 9113 section 8.1",
    asks: [UPLOAD, STREAMED_UPLOAD],
    script: answering((peer, streamId) =>
      peer.send(head(streamId), body(streamId), frames.rstStream(streamId, ErrorCode.NO_ERROR)),
    ),
    outcome: answered(),
    mostRequests: 2,
  },
  {
    id: "early-response-without-reset",
    does: "answers an upload before it has come, neither resets the stream nor opens its window, and goes on",
    section: "RFC 9113 section 8.1",
    asks: [UPLOAD, GET],
    inTurn: true,
    script: async (peer) => {
      peer.withhold("window-updates");
      await answering((_, streamId) => peer.send(head(streamId), body(streamId)))(peer);
    },
    outcome: answered(),
    mostRequests: 2,
  },
  {
    id: "reset-amid-upload",
    does: "resets the stream with CANCEL when it has taken a part of the upload",
    section: SECTION,
    asks: [UPLOAD, STREAMED_UPLOAD],
    script: async (peer) => {
      peer.greet([SettingId.INITIAL_WINDOW_SIZE, 20_000]);
      for (;;) {
        const request = await peer.expectRequest();
        await peer.expectBody(request, 10_000);
        peer.reset(request.streamId, ErrorCode.CANCEL);
      }
    },
    outcome: maybeProcessed("STREAM_RESET"),
    mostRequests: 2,
  },
  {
    id: "reset-flood",
    does: "answers, and then resets the same stream again and again",
    section: SECTION,
    script: answering(async (peer, streamId) => {
      await peer.send(head(streamId), body(streamId));
      await peer.flood(...Array.from({ length: 1_000 }, () => frames.rstStream(streamId, ErrorCode.CANCEL)));
    }),
    outcome: answered(),
    mostRequests: 1,
  },
  {
    id: "reset-of-idle-stream",
    does: "resets a stream that nobody has opened",
    section: "RFC 9113 section 5.1",
    asks: [POST],
    script: answering((peer) => peer.reset(99, ErrorCode.CANCEL)),
    outcome: either(maybeProcessed("PROTOCOL_ERROR")),
    mostRequests: 1,
  },
  {
    id: "reset-of-stream-0",
    does: "resets stream 0, which is the connection",
    section: SECTION,
    asks: [POST],
    script: answering((peer) => peer.reset(0, ErrorCode.CANCEL)),
    outcome: maybeProcessed("PROTOCOL_ERROR"),
    mostRequests: 1,
  },
];
