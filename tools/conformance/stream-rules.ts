import type { Section } from "./rule.ts";

/** RFC 9113 sections 5.1 and 5.3: streams. */
export const STREAM_RULES: readonly Section[] = [
  {
    number: "5.1",
    title: "Stream states",
    rules: [
      {
        level: "MUST",
        rule: "On an idle stream only HEADERS and PRIORITY may come; the rest ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/idle-streams > such as %s on one of the %s ends the connection of %s",
          "connection/idle-streams > may be PRIORITY, at %s, which leaves it idle (stream of the %s)",
        ],
      },
      {
        level: "MUST",
        rule: "HEADERS on an idle stream of the server end the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/idle-streams > may be HEADERS of a client alone: a server opens no stream by them (section 5.1.1)",
          "connection/received-heads > cannot open a server's stream with %s where there was no promise (section 5.1.1)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "On a stream that we promised nothing goes out before its response but RST_STREAM and PRIORITY.",
        tests: [
          "connection/reserved-streams > lets HEADERS and RST_STREAM out, and neither DATA nor WINDOW_UPDATE",
        ],
      },
      {
        level: "MUST",
        rule: "On a stream that we promised only RST_STREAM, PRIORITY and WINDOW_UPDATE may come; the rest ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/reserved-streams > takes WINDOW_UPDATE, PRIORITY and RST_STREAM",
          "connection/reserved-streams > ends the connection where %s comes on it from the client",
        ],
      },
      {
        level: "MUST NOT",
        rule: "On a stream that was promised to us nothing goes out but RST_STREAM, WINDOW_UPDATE and PRIORITY.",
        tests: [
          "connection/reserved-streams > lets RST_STREAM, WINDOW_UPDATE and PRIORITY out, and neither HEADERS nor DATA",
        ],
      },
      {
        level: "MUST",
        rule: "On a stream that was promised to us only HEADERS, RST_STREAM and PRIORITY may come; the rest ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/reserved-streams > takes PRIORITY, RST_STREAM and HEADERS",
          "connection/reserved-streams > ends the connection where %s comes on it from the server",
        ],
      },
      {
        level: "MUST",
        rule: "Behind the END_STREAM of the peer anything but WINDOW_UPDATE, PRIORITY and RST_STREAM costs the stream, with STREAM_CLOSED.",
        tests: [
          "connection/closed-streams > %s, where the stream was %s: %s",
          "connection/closed-streams-client > %s, where the stream was %s: %s",
        ],
      },
      {
        level: "MUST NOT",
        rule: "Nothing goes out on a closed stream but PRIORITY.",
        tests: [
          "connection/error-reports > is the last frame that goes out on a stream: DATA that waited is gone, and no window opens",
          "connection/sent-data > comes behind the end of the stream (section 5.1)",
          "connection/acknowledge-data > open the connection alone where %s the stream",
          "connection/priority-frames > has the defaults of RFC 7540 section 5.3.5, and may be for any stream in any state",
        ],
        choice:
          "A late frame on a stream that the peer reset, or that was skipped, is answered with RST_STREAM (STREAM_CLOSED): the peer learns that nobody listens, and the connection goes on. On a stream that both sides ended, HEADERS and DATA end the connection with STREAM_CLOSED.",
      },
      {
        level: "MUST",
        rule: "On a stream that we reset, frames on their way are processed as far as the connection is concerned, and dropped.",
        tests: [
          "connection/reset-stream > is nothing that anybody is told of, nor answered",
          "connection/shared-state > take in what a late field block has: %s",
          "connection/shared-state > gets back what late DATA took, padding too: %s",
          "connection/reset-stream > still counts for the window of the connection, which is given back (section 6.9)",
          "connection/reset-stream > still counts for the compression tables (section 4.3)",
          "connection/closed-streams-client > is both by a promise that comes late: its block is read, and its stream is refused",
        ],
      },
      {
        level: "SHOULD NOT",
        rule: "No timer decides when frames on a closed stream become an error.",
        tests: [
          "connection/closed-streams > has a bound: the oldest are forgotten, and treated as any stream that is closed",
        ],
        choice:
          "How a stream closed is remembered for the last limits.closedStreams of them, however old they are.",
      },
      {
        level: "SHOULD",
        rule: "A frame that no state allows ends the connection with PROTOCOL_ERROR.",
        tests: [
          "streams/stream-state > answers each input in each state",
          "connection/push > costs the connection on a stream that the server has ended (section 6.6)",
        ],
      },
    ],
  },
  {
    number: "5.1.1",
    title: "Stream identifiers",
    rules: [
      {
        level: "MUST",
        rule: "Clients open streams with odd identifiers, servers with even ones.",
        tests: [
          "connection/sent-heads > cannot have the identifier of a server's stream (section 5.1.1)",
          "connection/push > cannot promise stream %s (section 5.1.1)",
          "connection/received-heads > cannot have an even identifier (section 5.1.1)",
          "connection/push > costs the connection on a stream with an odd promise",
        ],
      },
      {
        level: "MUST",
        rule: "A new stream has a higher identifier than all before it from the same side.",
        tests: [
          "connection/sent-heads > may skip identifiers; those between cannot be used any more (section 5.1.1)",
          "connection/push > cannot promise a stream that was used or skipped (section 5.1.1)",
        ],
      },
      {
        level: "MUST",
        rule: "An identifier that cannot be next ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/received-heads > may skip identifiers, which closes those between (section 5.1.1)",
          "connection/parity > names both streams where a new one is lower than one before (RFC 9113 section 5.1.1)",
          "connection/push > costs the connection where stream %i is not idle any more (section 5.1.1)",
        ],
      },
    ],
  },
  {
    number: "5.1.2",
    title: "Concurrent streams",
    rules: [
      {
        level: "MUST NOT",
        rule: "We never have more streams open than the peer allows.",
        tests: [
          "connection/sent-heads > cannot be sent beyond the peer's MAX_CONCURRENT_STREAMS (section 5.1.2)",
          "connection/push > does not count before its response begins (section 5.1.2)",
        ],
      },
      {
        level: "MUST",
        rule: "HEADERS beyond our limit cost their stream, with PROTOCOL_ERROR or REFUSED_STREAM.",
        tests: [
          "connection/received-heads > refuses a request beyond MAX_CONCURRENT_STREAMS, which may be sent again (RFC 9113 section 5.1.2)",
          "connection/push > does not count before its response begins, and that may be refused (section 5.1.2)",
        ],
        choice: "REFUSED_STREAM, since nothing of the request was looked at: the client may send it again.",
      },
    ],
  },
  {
    number: "5.3.2",
    title: "Priority",
    rules: [
      {
        level: "SHOULD",
        rule: "Without any signal a server does not fall back to the defaults of RFC 7540's tree.",
        tests: [
          "connection/scheduling > is each in turn where nobody said anything, so that a small response need not wait for a large one",
        ],
        choice:
          "The deprecated tree is told to the application and decides nothing. RFC 9218 decides, and takes turns where it is silent.",
      },
    ],
  },
];
