import { frames } from "../support/frames.ts";
import { closed, connectionError, pingAnswered, response, see, streamError } from "./demands.ts";
import type { ServerCase } from "./server-case.ts";

const CANCEL = 8;
const UNKNOWN_TYPE = 0x16;
const INITIAL_WINDOW_SIZE = 0x4;

/** RFC 9113 section 5: states, identifiers, numbers, priorities and errors of streams. */
export const STREAMS: readonly ServerCase[] = [
  {
    rule: "ends the connection on DATA for an idle stream (RFC 9113 section 5.1)",
    talk: () => [frames.data(1, "test").endStream(), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "ends the connection on RST_STREAM for an idle stream (RFC 9113 section 5.1)",
    talk: () => [frames.rstStream(1, CANCEL), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "ends the connection on WINDOW_UPDATE for an idle stream (RFC 9113 section 5.1)",
    talk: () => [frames.windowUpdate(1, 100), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "ends the connection on CONTINUATION for an idle stream (RFC 9113 section 6.10)",
    talk: () => [frames.continuation(1).request("GET", "/"), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses DATA on a half-closed (remote) stream (RFC 9113 section 5.1)",
    talk: (client) => [client.get(1), frames.data(1, "test").endStream(), streamError(1, "STREAM_CLOSED")],
  },
  {
    rule: "refuses HEADERS on a half-closed (remote) stream (RFC 9113 section 5.1)",
    talk: (client) => [client.get(1), client.get(1), streamError(1, "STREAM_CLOSED")],
  },
  {
    rule: "refuses CONTINUATION on a half-closed (remote) stream (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR", "STREAM_CLOSED"),
    ],
  },
  {
    rule: "refuses DATA behind the client's RST_STREAM (RFC 9113 section 5.1)",
    talk: (client) => [
      client.post(1),
      frames.rstStream(1, CANCEL),
      frames.data(1, "test").endStream(),
      streamError(1, "STREAM_CLOSED"),
    ],
  },
  {
    rule: "refuses HEADERS behind the client's RST_STREAM (RFC 9113 section 5.1)",
    talk: (client) => [
      client.post(1),
      frames.rstStream(1, CANCEL),
      client.get(1),
      streamError(1, "STREAM_CLOSED"),
    ],
  },
  {
    rule: "refuses CONTINUATION behind the client's RST_STREAM (RFC 9113 section 6.10)",
    talk: (client) => [
      client.post(1),
      frames.rstStream(1, CANCEL),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR", "STREAM_CLOSED"),
    ],
  },
  {
    rule: "refuses DATA on a stream that both sides ended (RFC 9113 section 5.1)",
    talk: (client) => [
      client.get(1),
      response(1),
      frames.data(1, "test").endStream(),
      streamError(1, "STREAM_CLOSED"),
    ],
  },
  {
    rule: "ends the connection on HEADERS for a stream that both sides ended (RFC 9113 section 5.1)",
    talk: (client) => [client.get(1), response(1), client.get(1), connectionError("STREAM_CLOSED")],
  },
  {
    rule: "ends the connection on CONTINUATION for a stream that both sides ended (RFC 9113 section 6.10)",
    talk: (client) => [
      client.get(1),
      response(1),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR", "STREAM_CLOSED"),
    ],
  },
  {
    rule: "passes over WINDOW_UPDATE and RST_STREAM for a stream that both sides ended (RFC 9113 section 5.1)",
    talk: (client) => [
      client.get(1),
      response(1),
      frames.windowUpdate(1, 100),
      frames.rstStream(1, CANCEL),
      pingAnswered,
    ],
  },
  {
    rule: "refuses an even stream identifier (RFC 9113 section 5.1.1)",
    talk: (client) => [client.get(2), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses a stream identifier lower than one before (RFC 9113 section 5.1.1)",
    talk: (client) => [client.get(5), client.get(3), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "refuses one stream more than it takes at once (RFC 9113 section 5.1.2)",
    talk: (client) => {
      const { maxConcurrentStreams: most } = client;
      const requests = Array.from({ length: most + 1 }, (_, index) => client.get(2 * index + 1));
      return [
        frames.settings([INITIAL_WINDOW_SIZE, 0]),
        see(/^SETTINGS ACK/),
        ...requests,
        streamError(2 * most + 1, "REFUSED_STREAM", "PROTOCOL_ERROR"),
      ];
    },
  },
  {
    rule: "refuses HEADERS that make a stream depend on itself (RFC 7540 section 5.3.1)",
    talk: (client) => [client.get(1).priority({ dependsOn: 1 }), streamError(1, "PROTOCOL_ERROR")],
  },
  {
    rule: "refuses PRIORITY that makes an idle stream depend on itself (RFC 7540 section 5.3.1)",
    talk: () => [frames.priority(2, { dependsOn: 2 }), streamError(2, "PROTOCOL_ERROR")],
  },
  {
    rule: "refuses PRIORITY that makes an open stream depend on itself (RFC 7540 section 5.3.1)",
    talk: (client) => [
      client.post(1),
      frames.priority(1, { dependsOn: 1 }),
      streamError(1, "PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "closes the connection behind a connection error (RFC 9113 section 5.4.1)",
    talk: () => [frames.raw(0x6, 0, 0, ""), closed],
  },
  {
    rule: "says GOAWAY before it closes (RFC 9113 section 5.4.1)",
    talk: (client) => [client.get(1), response(1), frames.ping("short"), connectionError("FRAME_SIZE_ERROR")],
  },
  {
    rule: "passes over extension frames (RFC 9113 section 5.5)",
    talk: () => [frames.raw(UNKNOWN_TYPE, 0, 0, "12345678"), pingAnswered],
  },
  {
    rule: "ends the connection on an extension frame inside a field block (RFC 9113 section 5.5)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      frames.raw(UNKNOWN_TYPE, 0, 1, "12345678"),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
];
