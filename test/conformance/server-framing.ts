import { frames, joined } from "../support/frames.ts";
import { closed, connectionError, pingAnswered, response, streamError } from "./demands.ts";
import { bulk, type ServerCase } from "./server-case.ts";

const UNKNOWN_TYPE = 0x16;
const MAX_FRAME_SIZE = 16_384;

/** RFC 9113 sections 3 and 4: the preface, the form of frames, and field blocks as a whole. */
export const FRAMING: readonly ServerCase[] = [
  {
    rule: "serves a client that sends its preface (RFC 9113 section 3.4)",
    isFromStart: true,
    talk: (client) => [frames.preface(), frames.settings(), client.get(1), response(1)],
  },
  {
    rule: "closes on octets that are no preface (RFC 9113 section 3.4)",
    isFromStart: true,
    talk: () => [new TextEncoder().encode("WRONG CONNECTION PREFACE\r\n\r\n"), closed],
  },
  {
    rule: "ends a connection whose preface breaks off behind its first line (RFC 9113 section 3.4)",
    isFromStart: true,
    talk: () => [
      new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nMS\r\n\r\n"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "ends a connection whose first frame is not SETTINGS (RFC 9113 section 3.4)",
    isFromStart: true,
    talk: () => [frames.preface(), frames.ping(), connectionError("PROTOCOL_ERROR")],
  },
  {
    rule: "ends a connection whose first frame is an acknowledgement (RFC 9113 section 3.4)",
    isFromStart: true,
    talk: () => [frames.preface(), frames.settingsAck(), connectionError("PROTOCOL_ERROR")],
  },

  {
    rule: "passes over frames of an unknown type (RFC 9113 section 4.1)",
    talk: () => [frames.raw(UNKNOWN_TYPE, 0, 0, "unknown!"), pingAnswered],
  },
  {
    rule: "passes over flags without a meaning (RFC 9113 section 4.1)",
    talk: () => [frames.raw(0x6, 0x16, 0, "12345678"), pingAnswered],
  },
  {
    rule: "passes over the reserved bit of a stream identifier (RFC 9113 section 4.1)",
    talk: () => [joined(frames.header(8, 0x6, 0x16, 0x80000000), new Uint8Array(8)), pingAnswered],
  },
  {
    rule: "takes DATA of the largest size that is always allowed (RFC 9113 section 4.2)",
    talk: (client) => [
      client.post(1),
      frames.data(1, new Uint8Array(MAX_FRAME_SIZE)).endStream(),
      response(1),
    ],
  },
  {
    rule: "refuses DATA beyond SETTINGS_MAX_FRAME_SIZE (RFC 9113 section 4.2)",
    talk: (client) => [
      client.post(1),
      frames.data(1, new Uint8Array(MAX_FRAME_SIZE + 1)).endStream(),
      streamError(1, "FRAME_SIZE_ERROR"),
    ],
  },
  {
    rule: "ends the connection on HEADERS beyond SETTINGS_MAX_FRAME_SIZE (RFC 9113 section 4.2)",
    talk: (client) => {
      const large = client.get(1);
      for (const [name, value] of bulk(5)) large.secret(name, value.replaceAll("x", "~"));
      return [large, connectionError("FRAME_SIZE_ERROR")];
    },
  },
  {
    rule: "ends the connection on a field block that cannot be decompressed (RFC 9113 section 4.3)",
    talk: () => [
      frames.headers(1).block(new Uint8Array(20).fill(0xff)).endStream(),
      connectionError("COMPRESSION_ERROR"),
    ],
  },
  {
    rule: "ends the connection on PRIORITY inside a field block (RFC 9113 section 4.3)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      frames.priority(1, { weight: 256 }),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
  {
    rule: "ends the connection on HEADERS of another stream inside a field block (RFC 9113 section 4.3)",
    talk: (client) => [
      client.get(1).withoutEndHeaders(),
      client.get(3),
      frames.continuation(1).field("x-more", "1"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
];
