import type { Section } from "./rule.ts";

/** RFC 9113 sections 6.1 to 6.4, 6.6 and 6.10: the frames that belong to a stream. */
export const FRAME_RULES: readonly Section[] = [
  {
    number: "6.1",
    title: "DATA",
    rules: [
      {
        level: "MUST",
        rule: "Padding goes out as zeros.",
        tests: ["connection/sent-frames > is of zeros, and behind the content"],
      },
      {
        level: "MUST",
        rule: "DATA on stream 0 ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/received-data > costs the connection where it comes on stream 0"],
      },
      {
        level: "MUST",
        rule: "DATA that comes while the peer's half is not open costs the stream, with STREAM_CLOSED.",
        tests: [
          "connection/closed-streams > %s, where the stream was %s: %s",
          "connection/data-in-error > counts for the connection, and is given back: behind END_STREAM",
        ],
        choice:
          "On idle and promised streams the connection ends with PROTOCOL_ERROR, as section 5.1 asks for those states; on a stream that both sides ended it ends with STREAM_CLOSED, as section 5.1 allows.",
      },
      {
        level: "MUST",
        rule: "Padding that is as long as the payload, or longer, ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/received-data > costs the connection where it is padded beyond its end",
          "frames/data > is refused when padding is as long as the payload (RFC 9113 section 6.1)",
        ],
        choice: "Padding of other octets than zero is taken: checking it would cost time and protect nobody.",
      },
    ],
  },
  {
    number: "6.2",
    title: "HEADERS",
    rules: [
      {
        level: "MUST",
        rule: "Padding goes out as zeros.",
        tests: [
          "connection/outgoing-form > have no padding, whether they are requests, responses, trailers or promises (RFC 9113 sections 6.2, 6.6)",
        ],
        choice: "We never pad HEADERS nor PUSH_PROMISE: it would hide little, and HPACK has its own means.",
      },
      {
        level: "MUST",
        rule: "HEADERS without END_HEADERS are followed by CONTINUATION on the same stream; anything else ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/continuation > such as %s",
          "connection/sent-heads > goes on in CONTINUATION frames",
        ],
      },
      {
        level: "MUST",
        rule: "HEADERS on stream 0 end the connection with PROTOCOL_ERROR.",
        tests: ["connection/received-heads > cannot come on stream 0 (section 6.2)"],
      },
      {
        level: "MUST",
        rule: "Padding that does not fit ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/received-heads > cannot have more padding than payload (section 6.2)",
          "frames/headers > is refused when padding reaches into priority (RFC 9113 section 6.2)",
        ],
      },
    ],
  },
  {
    number: "6.3",
    title: "PRIORITY",
    rules: [
      {
        level: "MUST",
        rule: "PRIORITY on stream 0 ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/priority-frames > costs the connection on stream 0"],
      },
      {
        level: "MUST",
        rule: "PRIORITY of other than 5 octets costs its stream, with FRAME_SIZE_ERROR.",
        tests: [
          "connection/priority-frames > costs its stream where it is %i octets long",
          "connection/priority-frames > costs the connection where it is too short and the stream is idle, which cannot be reset (section 6.4)",
        ],
        choice:
          "Where the stream is idle the connection ends instead: no RST_STREAM may go out on an idle stream.",
      },
    ],
  },
  {
    number: "6.4",
    title: "RST_STREAM",
    rules: [
      {
        level: "MUST NOT",
        rule: "After RST_STREAM of the peer nothing goes out on the stream but PRIORITY.",
        tests: [
          "connection/reset-stream > drops what was queued",
          "connection/reset-stream > ends the stream",
        ],
      },
      {
        level: "MUST",
        rule: "After RST_STREAM of ours more frames of the stream may come, and are dealt with.",
        tests: [
          "connection/reset-stream > still counts for the window of the connection, which is given back (section 6.9)",
          "connection/reset-stream > is an end that both sides wanted: two RST_STREAM that cross are fine",
        ],
      },
      {
        level: "MUST",
        rule: "RST_STREAM on stream 0 ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/reset-stream > ends the connection where it comes on stream 0"],
      },
      {
        level: "MUST NOT",
        rule: "No RST_STREAM goes out on an idle stream.",
        tests: [
          "connection/reset-stream > needs a stream, and goes out once",
          "connection/priority-frames > costs the connection where it is too short and the stream is idle, which cannot be reset (section 6.4)",
        ],
      },
      {
        level: "MUST",
        rule: "RST_STREAM on an idle stream ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/reset-stream > ends the connection where it comes on an idle stream"],
      },
      {
        level: "MUST",
        rule: "RST_STREAM of other than 4 octets ends the connection with FRAME_SIZE_ERROR.",
        tests: [
          "connection/reset-stream > ends the connection where it is three octets long",
          "connection/reset-stream > ends the connection where it is five octets long",
        ],
      },
    ],
  },
  {
    number: "6.6",
    title: "PUSH_PROMISE",
    rules: [
      {
        level: "MUST",
        rule: "Padding goes out as zeros.",
        tests: [
          "connection/outgoing-form > have no padding, whether they are requests, responses, trailers or promises (RFC 9113 sections 6.2, 6.6)",
        ],
        choice: "We never pad HEADERS nor PUSH_PROMISE: see section 6.2.",
      },
      {
        level: "MUST",
        rule: "What is promised is a stream that could be next for the server; anything else ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/push > cannot promise a stream that was used or skipped (section 5.1.1)",
          "connection/push > costs the connection where stream %i is not idle any more (section 5.1.1)",
          "connection/push > costs the connection on a stream with an odd promise",
          "connection/closed-streams-client > takes the identifier of a promise that was refused: it is not idle any more",
        ],
      },
      {
        level: "MUST",
        rule: "PUSH_PROMISE without END_HEADERS is followed by CONTINUATION on its own stream; anything else ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/continuation > on a promise neither"],
      },
      {
        level: "MUST",
        rule: "A promise goes out on a stream of the client that the server has not ended, and on no other.",
        tests: ["connection/push > needs a request that the client sent and that is not answered yet"],
      },
      {
        level: "MUST",
        rule: "A promise on stream 0 ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/push > costs the connection on stream 0"],
      },
      {
        level: "MUST NOT",
        rule: "No promise goes out where the client has switched push off.",
        tests: ["connection/push > cannot be sent where the client's ENABLE_PUSH is 0"],
      },
      {
        level: "MUST",
        rule: "A promise that comes after our ENABLE_PUSH of 0 was acknowledged ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/push > costs the connection where push is off, once the server knows (section 6.6)",
        ],
      },
      {
        level: "MUST",
        rule: "A promise on a stream that the server may not answer any more, or not on, ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/push > costs the connection on a stream that the server has ended (section 6.6)",
          "connection/push > costs the connection on a pushed stream: only requests of the client are answered by more (section 6.6)",
          "connection/closed-streams-client > %s, where the stream was %s: %s",
        ],
      },
      {
        level: "MUST",
        rule: "A promise on a stream that we reset is dealt with: the server could not know.",
        tests: [
          "connection/push > is refused on a stream that we reset: the server could not know (section 6.6)",
        ],
        choice: "The promised stream is refused, since the response to what was reset is of no use.",
      },
      {
        level: "MUST",
        rule: "Padding that does not fit ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/push > costs the connection on a stream with too much padding"],
      },
    ],
  },
  {
    number: "6.10",
    title: "CONTINUATION",
    rules: [
      {
        level: "MUST",
        rule: "CONTINUATION without END_HEADERS is followed by another one on the same stream; anything else ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/continuation > such as %s"],
      },
      {
        level: "MUST",
        rule: "CONTINUATION on stream 0 ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/continuation > ends the connection on stream 0"],
      },
      {
        level: "MUST",
        rule: "CONTINUATION that continues nothing ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/continuation > ends the connection: %s"],
      },
    ],
  },
];
