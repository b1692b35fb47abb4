import { ErrorCodes } from "../../src/index.ts";
import { type FieldBlockBuilder, frames, type Wire } from "../support/frames.ts";
import {
  type CodeName,
  connectionError,
  type Demand,
  dataOf,
  pingAnswered,
  see,
  streamError,
  unseen,
} from "./demands.ts";

/** One rule for clients, and what a server does to the request on stream 1 to show whether it is kept. */
export interface ClientCase {
  /** The rule in a sentence, with its section. */
  readonly rule: string;
  readonly talk: readonly (Wire | Demand)[];
  /** The answer that the request gets, or what it fails with. */
  readonly outcome:
    | { readonly status: number; readonly text: string }
    | { readonly code: string; readonly errorCode: number | null };
  /** The body of the request; it is a GET without. */
  readonly body?: Uint8Array;
  /** Whether the server has said nothing yet, not even its SETTINGS. */
  readonly isFromStart?: boolean;
}

const ENABLE_PUSH = 0x2;
const INITIAL_WINDOW_SIZE = 0x4;
const MAX_FRAME_SIZE = 0x5;
const UNKNOWN_TYPE = 0x16;
const LARGEST_WINDOW = 0x7fffffff;

const head = (status = 200): FieldBlockBuilder => frames.headers(1).response(status);
const BODY = frames.data(1, "body").endStream();
const ANSWERED = { status: 200, text: "body" };

/** What ends the connection, with GOAWAY. */
function fatal(rule: string, code: CodeName, ...talk: Wire[]): ClientCase {
  return {
    rule: `ends the connection on ${rule}`,
    talk: [...talk, connectionError(code)],
    outcome: { code: "PROTOCOL_ERROR", errorCode: ErrorCodes[code] },
  };
}

/** What costs the stream alone, with RST_STREAM. */
function refused(rule: string, code: CodeName, ...talk: Wire[]): ClientCase {
  return {
    rule: `refuses ${rule}`,
    talk: [...talk, streamError(1, code)],
    outcome: { code: "PROTOCOL_ERROR", errorCode: ErrorCodes[code] },
  };
}

/** What harms nothing: the request is answered. */
function harmless(rule: string, ...talk: (Wire | Demand)[]): ClientCase {
  return { rule, talk: [...talk, pingAnswered], outcome: ANSWERED };
}

export const CLIENT_CASES: readonly ClientCase[] = [
  // -- RFC 9113 sections 3 and 4
  {
    ...fatal(
      "a server whose first frame is not SETTINGS (RFC 9113 section 3.4)",
      "PROTOCOL_ERROR",
      frames.ping(),
    ),
    isFromStart: true,
  },
  {
    ...fatal(
      "a server that acknowledges before it has said its own SETTINGS (RFC 9113 section 3.4)",
      "PROTOCOL_ERROR",
      frames.settingsAck(),
    ),
    isFromStart: true,
  },
  harmless(
    "passes over unknown frames (RFC 9113 section 4.1)",
    frames.raw(UNKNOWN_TYPE, 0xff, 1, "unknown"),
    head(),
    BODY,
  ),
  fatal(
    "HEADERS beyond SETTINGS_MAX_FRAME_SIZE (RFC 9113 section 4.2)",
    "FRAME_SIZE_ERROR",
    head().field("x-bulk", "x".repeat(16_384)),
  ),
  fatal(
    "a field block that cannot be decompressed (RFC 9113 section 4.3)",
    "COMPRESSION_ERROR",
    frames.headers(1).block(new Uint8Array(20).fill(0xff)),
  ),
  fatal(
    "another frame inside a field block (RFC 9113 section 4.3)",
    "PROTOCOL_ERROR",
    head().withoutEndHeaders(),
    frames.ping(),
  ),

  // -- Section 5
  fatal("DATA for an idle stream (RFC 9113 section 5.1)", "PROTOCOL_ERROR", frames.data(3, "test")),
  fatal("RST_STREAM for an idle stream (RFC 9113 section 5.1)", "PROTOCOL_ERROR", frames.rstStream(3, 8)),
  fatal(
    "WINDOW_UPDATE for an idle stream (RFC 9113 section 5.1)",
    "PROTOCOL_ERROR",
    frames.windowUpdate(3, 1),
  ),
  fatal(
    "HEADERS for a stream that the client has not opened (RFC 9113 section 5.1.1)",
    "PROTOCOL_ERROR",
    frames.headers(3).response(200),
  ),
  fatal(
    "HEADERS for a stream that was not promised (RFC 9113 section 5.1.1)",
    "PROTOCOL_ERROR",
    frames.headers(2).response(200),
  ),
  {
    rule: "refuses DATA behind the end of the response (RFC 9113 section 5.1)",
    talk: [head(), BODY, frames.data(1, "more"), streamError(1, "STREAM_CLOSED")],
    outcome: ANSWERED,
  },
  {
    rule: "ends the connection on HEADERS behind the end of the response (RFC 9113 section 5.1)",
    talk: [head(), BODY, head(), connectionError("STREAM_CLOSED")],
    outcome: ANSWERED,
  },
  harmless(
    "passes over WINDOW_UPDATE and RST_STREAM behind the end of the response (RFC 9113 section 5.1)",
    head(),
    BODY,
    frames.windowUpdate(1, 1),
    frames.rstStream(1, 0),
  ),
  harmless(
    "passes over PRIORITY on any stream (RFC 9113 section 5.3.2)",
    frames.priority(1),
    frames.priority(2),
    frames.priority(99),
    head(),
    BODY,
  ),

  // -- Section 6
  fatal("DATA on stream 0 (RFC 9113 section 6.1)", "PROTOCOL_ERROR", head(), frames.data(0, "test")),
  fatal(
    "DATA with more padding than payload (RFC 9113 section 6.1)",
    "PROTOCOL_ERROR",
    head(),
    frames.raw(0x0, 0x8, 1, "\x06test"),
  ),
  refused("DATA before the head of the response (RFC 9113 section 8.1)", "PROTOCOL_ERROR", BODY),
  fatal("HEADERS on stream 0 (RFC 9113 section 6.2)", "PROTOCOL_ERROR", frames.headers(0).response(200)),
  fatal("PRIORITY on stream 0 (RFC 9113 section 6.3)", "PROTOCOL_ERROR", frames.priority(0)),
  refused(
    "PRIORITY that is not 5 octets long (RFC 9113 section 6.3)",
    "FRAME_SIZE_ERROR",
    frames.raw(0x2, 0, 1, "four"),
  ),
  {
    rule: "takes RST_STREAM (RFC 9113 section 6.4)",
    talk: [head(), frames.rstStream(1, ErrorCodes.INTERNAL_ERROR), pingAnswered],
    outcome: { code: "STREAM_RESET", errorCode: ErrorCodes.INTERNAL_ERROR },
  },
  fatal("RST_STREAM on stream 0 (RFC 9113 section 6.4)", "PROTOCOL_ERROR", frames.rstStream(0, 8)),
  fatal(
    "RST_STREAM that is not 4 octets long (RFC 9113 section 6.4)",
    "FRAME_SIZE_ERROR",
    frames.raw(0x3, 0, 1, "3oc"),
  ),
  harmless(
    "acknowledges SETTINGS (RFC 9113 section 6.5.3)",
    see(/^SETTINGS ACK/),
    frames.settings(),
    see(/^SETTINGS ACK/),
    head(),
    BODY,
  ),
  fatal("SETTINGS on a stream (RFC 9113 section 6.5)", "PROTOCOL_ERROR", frames.raw(0x4, 0, 1)),
  fatal(
    "SETTINGS whose length is no multiple of 6 (RFC 9113 section 6.5)",
    "FRAME_SIZE_ERROR",
    frames.raw(0x4, 0, 0, "3oc"),
  ),
  fatal(
    "an acknowledgement of SETTINGS with a payload (RFC 9113 section 6.5)",
    "FRAME_SIZE_ERROR",
    frames.raw(0x4, 1, 0, "\0"),
  ),
  fatal(
    "SETTINGS_ENABLE_PUSH of 1 from a server (RFC 9113 section 6.5.2)",
    "PROTOCOL_ERROR",
    frames.settings([ENABLE_PUSH, 1]),
  ),
  fatal(
    "SETTINGS_INITIAL_WINDOW_SIZE above 2^31-1 (RFC 9113 section 6.5.2)",
    "FLOW_CONTROL_ERROR",
    frames.settings([INITIAL_WINDOW_SIZE, 0x80000000]),
  ),
  fatal(
    "SETTINGS_MAX_FRAME_SIZE below 2^14 (RFC 9113 section 6.5.2)",
    "PROTOCOL_ERROR",
    frames.settings([MAX_FRAME_SIZE, 0]),
  ),
  fatal(
    "SETTINGS_MAX_FRAME_SIZE above 2^24-1 (RFC 9113 section 6.5.2)",
    "PROTOCOL_ERROR",
    frames.settings([MAX_FRAME_SIZE, 0x1000000]),
  ),
  harmless(
    "passes over unknown settings (RFC 9113 section 6.5.2)",
    frames.settings([0x0a0a, 0xffffffff]),
    see(/^SETTINGS ACK/),
    head(),
    BODY,
  ),
  fatal(
    "PUSH_PROMISE though push is off (RFC 9113 section 8.4)",
    "PROTOCOL_ERROR",
    frames.pushPromise(1, 2).request("GET", "/pushed"),
  ),
  harmless("answers PING (RFC 9113 section 6.7)", frames.ping("h2wire!!"), see(/^PING ACK/), head(), BODY),
  harmless(
    "does not answer an answer to PING (RFC 9113 section 6.7)",
    frames.pingAck("h2wire!!"),
    head(),
    BODY,
    pingAnswered,
    unseen(/^PING ACK data=6832776972652121/),
  ),
  fatal("PING on a stream (RFC 9113 section 6.7)", "PROTOCOL_ERROR", frames.raw(0x6, 0, 1, "12345678")),
  fatal("PING that is not 8 octets long (RFC 9113 section 6.7)", "FRAME_SIZE_ERROR", frames.ping("6octet")),
  {
    rule: "takes GOAWAY, and finishes what the server still answers (RFC 9113 section 6.8)",
    talk: [frames.goaway(1), head(), BODY, see(/^GOAWAY .*error=NO_ERROR/)],
    outcome: ANSWERED,
  },
  {
    rule: "gives up requests above the last stream of GOAWAY (RFC 9113 section 6.8)",
    talk: [frames.goaway(0, ErrorCodes.ENHANCE_YOUR_CALM), see(/^GOAWAY .*error=NO_ERROR/)],
    outcome: { code: "GOAWAY", errorCode: ErrorCodes.ENHANCE_YOUR_CALM },
  },
  fatal(
    "GOAWAY on a stream (RFC 9113 section 6.8)",
    "PROTOCOL_ERROR",
    frames.raw(0x7, 0, 1, "\0\0\0\0\0\0\0\0"),
  ),
  fatal(
    "WINDOW_UPDATE of 0 for the connection (RFC 9113 section 6.9)",
    "PROTOCOL_ERROR",
    frames.windowUpdate(0, 0),
  ),
  refused(
    "WINDOW_UPDATE of 0 for a stream (RFC 9113 section 6.9)",
    "PROTOCOL_ERROR",
    frames.windowUpdate(1, 0),
  ),
  fatal(
    "a connection's window above 2^31-1 (RFC 9113 section 6.9.1)",
    "FLOW_CONTROL_ERROR",
    frames.windowUpdate(0, LARGEST_WINDOW),
  ),
  refused(
    "a stream's window above 2^31-1 (RFC 9113 section 6.9.1)",
    "FLOW_CONTROL_ERROR",
    frames.windowUpdate(1, LARGEST_WINDOW),
  ),
  fatal(
    "SETTINGS that take a stream's window above 2^31-1 (RFC 9113 section 6.9.2)",
    "FLOW_CONTROL_ERROR",
    frames.windowUpdate(1, LARGEST_WINDOW - 65_535),
    frames.settings([INITIAL_WINDOW_SIZE, 65_536]),
  ),
  {
    rule: "keeps account of a window below 0, and sends no more than it allows (RFC 9113 section 6.9.2)",
    talk: [
      see(/^DATA stream=1 length=16383/),
      frames.settings([INITIAL_WINDOW_SIZE, 65_533]),
      see(/^SETTINGS ACK/),
      frames.windowUpdate(0, 1_000),
      frames.windowUpdate(1, 3),
      dataOf(1, 1),
      frames.windowUpdate(1, 100),
      see(/^DATA stream=1 END_STREAM length=9/),
      head(),
      BODY,
    ],
    body: new Uint8Array(65_545),
    outcome: ANSWERED,
  },
  fatal(
    "CONTINUATION without a field block (RFC 9113 section 6.10)",
    "PROTOCOL_ERROR",
    head(),
    frames.continuation(1).field("x-more", "1"),
  ),
  harmless(
    "joins HEADERS and CONTINUATION (RFC 9113 section 6.10)",
    head().withoutEndHeaders(),
    frames.continuation(1).field("x-more", "1").withoutEndHeaders(),
    frames.continuation(1).field("x-more", "2"),
    BODY,
  ),

  // -- Section 8
  refused(
    "a response without :status (RFC 9113 section 8.3.2)",
    "PROTOCOL_ERROR",
    frames.headers(1).field("server", "x"),
  ),
  refused(
    "a pseudo-header field of requests (RFC 9113 section 8.3)",
    "PROTOCOL_ERROR",
    head().field(":path", "/"),
  ),
  refused(
    "an unknown pseudo-header field (RFC 9113 section 8.3)",
    "PROTOCOL_ERROR",
    head().field(":test", "x"),
  ),
  refused(
    "a field name in upper case (RFC 9113 section 8.2.1)",
    "PROTOCOL_ERROR",
    head().field("X-Test", "x"),
  ),
  refused(
    "a field about the connection (RFC 9113 section 8.2.2)",
    "PROTOCOL_ERROR",
    head().field("connection", "close"),
  ),
  refused("status 101 (RFC 9113 section 8.6)", "PROTOCOL_ERROR", head(101)),
  refused(
    "an interim response that ends the stream (RFC 9113 section 8.1)",
    "PROTOCOL_ERROR",
    head(103).endStream(),
  ),
  harmless("takes interim responses (RFC 9113 section 8.1)", head(103), head(103), head(), BODY),
  refused(
    "a body longer than content-length says (RFC 9113 section 8.1.1)",
    "PROTOCOL_ERROR",
    head().field("content-length", "1"),
    BODY,
  ),
  refused(
    "a body shorter than content-length says (RFC 9113 section 8.1.1)",
    "PROTOCOL_ERROR",
    head().field("content-length", "10"),
    BODY,
  ),
  refused(
    "trailers without END_STREAM (RFC 9113 section 8.1)",
    "PROTOCOL_ERROR",
    head(),
    frames.data(1, "body"),
    frames.headers(1).field("x-trailer", "1"),
  ),
  refused(
    "pseudo-header fields in trailers (RFC 9113 section 8.1)",
    "PROTOCOL_ERROR",
    head(),
    frames.data(1, "body"),
    frames.headers(1).response(200).endStream(),
  ),
  harmless(
    "takes trailers (RFC 9113 section 8.1)",
    head(),
    frames.data(1, "body"),
    frames.headers(1).field("x-trailer", "1").endStream(),
  ),
];
