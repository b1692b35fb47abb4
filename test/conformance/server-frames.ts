import { frames } from "../support/frames.ts";
import {
  connectionError,
  dataOf,
  pingAnswered,
  pingAnsweredOrClosed,
  response,
  see,
  streamError,
  unseen,
} from "./demands.ts";
import { bulk, type ServerCase } from "./server-case.ts";

const CANCEL = 8;
const ENABLE_PUSH = 0x2;
const INITIAL_WINDOW_SIZE = 0x4;
const MAX_FRAME_SIZE = 0x5;
const LARGEST_WINDOW = 0x7fffffff;

const PADDED = 0x8;
const END_STREAM = 0x1;
const END_HEADERS = 0x4;

/** RFC 9113 section 6: each type of frame, but those about windows and CONTINUATION. */
export const FRAME_TYPES: readonly ServerCase[] = [
  {
    rule: "refuses DATA on stream 0 (RFC 9113 section 6.1)",
    talk: (client) => [client.post(1), frames.data(0, "test"), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses DATA on a stream that the client has ended (RFC 9113 section 6.1)",
    talk: (client) => [client.get(1), frames.data(1, "test"), streamError(1, "STREAM_CLOSED")],
  },
  {
    rule: "refuses DATA with more padding than payload (RFC 9113 section 6.1)",
    talk: (client) => [
      client.post(1),
      frames.raw(0x0, PADDED | END_STREAM, 1, "\x06\x54\x65\x73\x74"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "refuses PRIORITY behind HEADERS without END_HEADERS (RFC 9113 section 6.2)",
    talk: (client) => [
      client.post(1).withoutEndHeaders(),
      frames.priority(1),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "refuses HEADERS of another stream behind HEADERS without END_HEADERS (RFC 9113 section 6.2)",
    talk: (client) => [client.post(1).withoutEndHeaders(), client.get(3), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses HEADERS on stream 0 (RFC 9113 section 6.2)",
    talk: (client) => [client.get(0), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses HEADERS with more padding than payload (RFC 9113 section 6.2)",
    talk: () => [
      frames.raw(0x1, PADDED | END_STREAM | END_HEADERS, 1, "\x08\x82\x87\x84"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "refuses PRIORITY on stream 0 (RFC 9113 section 6.3)",
    talk: () => [frames.priority(0), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses PRIORITY that is not 5 octets long (RFC 9113 section 6.3)",
    talk: (client) => [client.post(1), frames.raw(0x2, 0, 1, "four"), streamError(1, "FRAME_SIZE_ERROR")],
  },
  {
    rule: "refuses RST_STREAM on stream 0 (RFC 9113 section 6.4)",
    talk: () => [frames.rstStream(0, CANCEL), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses RST_STREAM on an idle stream (RFC 9113 section 6.4)",
    talk: () => [frames.rstStream(1, CANCEL), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses RST_STREAM that is not 4 octets long (RFC 9113 section 6.4)",
    talk: (client) => [client.post(1), frames.raw(0x3, 0, 1, "3oc"), connectionError("FRAME_SIZE_ERROR")],
  },
  {
    rule: "refuses an acknowledgement of SETTINGS with a payload (RFC 9113 section 6.5)",
    talk: () => [frames.raw(0x4, 0x1, 0, "\0"), connectionError("FRAME_SIZE_ERROR")],
  },
  {
    rule: "refuses SETTINGS on a stream (RFC 9113 section 6.5)",
    talk: () => [frames.raw(0x4, 0, 1, "\0\x03\0\0\0\x64"), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses SETTINGS whose length is no multiple of 6 (RFC 9113 section 6.5)",
    talk: () => [frames.raw(0x4, 0, 0, "\0\x03\0"), connectionError("FRAME_SIZE_ERROR")],
  },
  {
    rule: "refuses SETTINGS_ENABLE_PUSH other than 0 and 1 (RFC 9113 section 6.5.2)",
    talk: () => [frames.settings([ENABLE_PUSH, 2]), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses SETTINGS_INITIAL_WINDOW_SIZE above 2^31-1 (RFC 9113 section 6.5.2)",
    talk: () => [frames.settings([INITIAL_WINDOW_SIZE, 0x80000000]), connectionError("FLOW_CONTROL_ERROR")],
  },
  {
    rule: "refuses SETTINGS_MAX_FRAME_SIZE below 2^14 (RFC 9113 section 6.5.2)",
    talk: () => [frames.settings([MAX_FRAME_SIZE, 16_383]), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses SETTINGS_MAX_FRAME_SIZE above 2^24-1 (RFC 9113 section 6.5.2)",
    talk: () => [frames.settings([MAX_FRAME_SIZE, 0x1000000]), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "passes over unknown settings (RFC 9113 section 6.5.2)",
    talk: () => [frames.settings([0xff, 1], [0x0a0a, 0xffffffff]), see(/^SETTINGS ACK/), pingAnswered],
  },
  {
    rule: "applies the values of one setting in their order (RFC 9113 section 6.5.3)",
    talk: (client) => [
      frames.settings([INITIAL_WINDOW_SIZE, 100], [INITIAL_WINDOW_SIZE, 1]),
      see(/^SETTINGS ACK/),
      client.get(1),
      dataOf(1, 1),
    ],
  },
  {
    rule: "acknowledges SETTINGS (RFC 9113 section 6.5.3)",
    talk: () => [frames.settings(), see(/^SETTINGS ACK/)],
  },
  {
    rule: "answers PING with the same octets (RFC 9113 section 6.7)",
    talk: () => [frames.ping("h2wire!!"), see(/^PING ACK data=6832776972652121/)],
  },
  {
    rule: "does not answer an answer to PING (RFC 9113 section 6.7)",
    talk: () => [frames.pingAck("h2wire!!"), pingAnswered, unseen(/^PING ACK data=6832776972652121/)],
  },
  {
    rule: "refuses PING on a stream (RFC 9113 section 6.7)",
    talk: () => [frames.raw(0x6, 0, 1, "12345678"), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses PING that is not 8 octets long (RFC 9113 section 6.7)",
    talk: () => [frames.ping("6octet"), connectionError("FRAME_SIZE_ERROR")],
  },
  {
    rule: "answers PING while a stream is half-closed (RFC 9113 section 6.7)",
    talk: (client) => [client.get(1), pingAnswered],
  },
  {
    rule: "refuses GOAWAY on a stream (RFC 9113 section 6.8)",
    talk: () => [frames.raw(0x7, 0, 1, "\0\0\0\0\0\0\0\0"), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "passes over an unknown error code in GOAWAY (RFC 9113 section 7)",
    talk: () => [frames.goaway(0, 0xff), pingAnsweredOrClosed],
  },
  {
    rule: "passes over an unknown error code in RST_STREAM (RFC 9113 section 7)",
    talk: (client) => [client.post(1), frames.rstStream(1, 0xff), pingAnswered],
  },
];

/** RFC 9113 section 6.9: flow control. */
export const WINDOWS: readonly ServerCase[] = [
  {
    rule: "refuses to open the connection's window by nothing (RFC 9113 section 6.9)",
    talk: () => [frames.windowUpdate(0, 0), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses to open a stream's window by nothing (RFC 9113 section 6.9)",
    talk: (client) => [client.post(1), frames.windowUpdate(1, 0), streamError(1, "PROTOCOL_ERROR")],
  },
  {
    rule: "refuses to open the window of a half-closed (remote) stream by nothing (RFC 9113 section 6.9)",
    talk: (client) => [client.get(1), frames.windowUpdate(1, 0), streamError(1, "PROTOCOL_ERROR")],
  },
  {
    rule: "refuses WINDOW_UPDATE that is not 4 octets long (RFC 9113 section 6.9)",
    talk: () => [frames.raw(0x8, 0, 0, "3oc"), connectionError("FRAME_SIZE_ERROR")],
  },
  {
    rule: "sends no more than a window allows (RFC 9113 section 6.9.1)",
    talk: (client) => [
      frames.settings([INITIAL_WINDOW_SIZE, 1]),
      see(/^SETTINGS ACK/),
      client.get(1),
      dataOf(1, 1),
    ],
  },
  {
    rule: "refuses a connection's window above 2^31-1 (RFC 9113 section 6.9.1)",
    talk: () => [
      frames.windowUpdate(0, LARGEST_WINDOW),
      frames.windowUpdate(0, LARGEST_WINDOW),
      connectionError("FLOW_CONTROL_ERROR"),
    ],
  },
  {
    rule: "refuses a stream's window above 2^31-1 (RFC 9113 section 6.9.1)",
    talk: (client) => [
      client.post(1),
      frames.windowUpdate(1, LARGEST_WINDOW),
      frames.windowUpdate(1, LARGEST_WINDOW),
      streamError(1, "FLOW_CONTROL_ERROR"),
    ],
  },
  {
    rule: "changes the windows of open streams with SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 section 6.9.2)",
    talk: (client) => [
      frames.settings([INITIAL_WINDOW_SIZE, 0]),
      see(/^SETTINGS ACK/),
      client.get(1),
      frames.settings([INITIAL_WINDOW_SIZE, 1]),
      dataOf(1, 1),
    ],
  },
  {
    rule: "keeps account of a window below 0 (RFC 9113 section 6.9.2)",
    talk: (client) => [
      frames.settings([INITIAL_WINDOW_SIZE, 3]),
      see(/^SETTINGS ACK/),
      client.get(1),
      dataOf(1, 3),
      frames.settings([INITIAL_WINDOW_SIZE, 2]),
      see(/^SETTINGS ACK/),
      frames.windowUpdate(1, 2),
      dataOf(1, 1),
    ],
  },
  {
    rule: "refuses SETTINGS_INITIAL_WINDOW_SIZE beyond the largest window (RFC 9113 section 6.9.2)",
    talk: () => [frames.settings([INITIAL_WINDOW_SIZE, 0xffffffff]), connectionError("FLOW_CONTROL_ERROR")],
  },
  {
    rule: "refuses SETTINGS_INITIAL_WINDOW_SIZE that takes a stream's window beyond 2^31-1 (RFC 9113 section 6.9.2)",
    talk: (client) => [
      client.post(1),
      frames.windowUpdate(1, 1_000_000),
      frames.settings([INITIAL_WINDOW_SIZE, LARGEST_WINDOW]),
      connectionError("FLOW_CONTROL_ERROR"),
    ],
  },
];

/** RFC 9113 section 6.10. */
export const CONTINUATION: readonly ServerCase[] = [
  {
    rule: "joins HEADERS and CONTINUATION frames of more than 16 KiB (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      ...bulk(5).map(([name, value], index) => {
        const frame = frames.continuation(1).field(name, value);
        return index < 4 ? frame.withoutEndHeaders() : frame;
      }),
      response(1),
    ],
  },
  {
    rule: "refuses another frame between CONTINUATION frames (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      frames.continuation(1).field("x-more", "1").withoutEndHeaders(),
      frames.data(1, "test").endStream(),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "refuses CONTINUATION on stream 0 (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      frames.continuation(0).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "refuses CONTINUATION behind HEADERS with END_HEADERS (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "refuses CONTINUATION behind CONTINUATION with END_HEADERS (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      frames.continuation(1).field("x-more", "1"),
      frames.continuation(1).field("x-more", "2"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "refuses CONTINUATION behind DATA (RFC 9113 section 6.10)",
    talk: (client) => [
      client.post(1),
      frames.data(1, "test"),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
];
