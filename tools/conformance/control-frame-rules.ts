import type { Section } from "./rule.ts";

/** RFC 9113 sections 6.5, 6.7, 6.8 and 7: the frames that belong to the connection, and error codes. */
export const CONTROL_FRAME_RULES: readonly Section[] = [
  {
    number: "6.5",
    title: "SETTINGS",
    rules: [
      {
        level: "MUST",
        rule: "Both sides send SETTINGS at the start, and may do so again at any time.",
        tests: [
          "connection/start > is the preface of 24 octets and SETTINGS on a client",
          "connection/start > is SETTINGS alone on a server, which does not take pushes (section 6.5.2)",
          "connection/settings > hold when their frame is acknowledged, one frame for one acknowledgement",
        ],
      },
      {
        level: "MUST",
        rule: "Every setting that the RFC defines has its effect.",
        tests: [
          "connection/settings > MAX_FRAME_SIZE lets larger frames go out at once (RFC 9113 section 4.2)",
          "connection/settings > MAX_CONCURRENT_STREAMS bounds the requests of a client (RFC 9113 section 5.1.2)",
          "connection/settings > HEADER_TABLE_SIZE of 0 is told to the peer's decoder in the next block (RFC 7541 section 4.2)",
          "connection/settings > moves the windows of open streams, below zero too, and never that of the connection",
          "connection/settings > limit field sections with the acknowledgement (section 6.5.2)",
          "connection/push > cannot be sent where the client's ENABLE_PUSH is 0",
        ],
        choice:
          "The peer's MAX_HEADER_LIST_SIZE, which is advice, is told to the application and stops nothing: only the peer can say what is too much.",
      },
      {
        level: "MUST",
        rule: "An acknowledgement is empty; one with a payload ends the connection with FRAME_SIZE_ERROR.",
        tests: [
          "connection/settings > end the connection where they acknowledge and carry something (section 6.5)",
          "frames/settings > is acknowledged by an empty one with ACK (RFC 9113 section 6.5)",
        ],
      },
      {
        level: "MUST",
        rule: "SETTINGS on a stream end the connection with PROTOCOL_ERROR.",
        tests: ["connection/settings > end the connection where they come on a stream (section 6.5)"],
      },
      {
        level: "MUST",
        rule: "SETTINGS without the right form end the connection.",
        tests: [
          "connection/settings > end the connection with %s",
          "connection/settings > take nothing over where one of them is wrong",
        ],
      },
      {
        level: "MUST",
        rule: "SETTINGS whose length is no multiple of 6 end the connection with FRAME_SIZE_ERROR.",
        tests: [
          "connection/settings > end the connection where they are no multiple of six octets (section 6.5)",
          "frames/settings > is refused with %d octets, no multiple of 6 (RFC 9113 section 6.5)",
        ],
      },
    ],
  },
  {
    number: "6.5.2",
    title: "Settings",
    rules: [
      {
        level: "MUST NOT",
        rule: "A server does not push to a client that has ENABLE_PUSH of 0.",
        tests: ["connection/push > cannot be sent where the client's ENABLE_PUSH is 0"],
      },
      {
        level: "MUST",
        rule: "A client whose ENABLE_PUSH of 0 was acknowledged ends the connection on a promise, with PROTOCOL_ERROR.",
        tests: [
          "connection/push > costs the connection where push is off, once the server knows (section 6.6)",
        ],
        choice:
          "Given at the start, ENABLE_PUSH of 0 counts at once: a server has it before the first request.",
      },
      {
        level: "MUST",
        rule: "ENABLE_PUSH of other than 0 and 1 ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/settings > end the connection with ENABLE_PUSH of 2"],
      },
      {
        level: "MUST NOT",
        rule: "A server never says ENABLE_PUSH of 1.",
        tests: [
          "connection/settings > are ENABLE_PUSH of 1 from a server (RFC 9113 section 6.5.2)",
          "connection/start > is SETTINGS alone on a server, which does not take pushes (section 6.5.2)",
        ],
      },
      {
        level: "MUST",
        rule: "ENABLE_PUSH of 1 from a server ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/settings > cannot switch push on where a server sends them (section 6.5.2)"],
      },
      {
        level: "SHOULD NOT",
        rule: "MAX_CONCURRENT_STREAMS of 0 is nothing special.",
        tests: [
          "connection/settings-order > may leave no room for requests, which is a limit like any other (RFC 9113 section 6.5.2)",
        ],
      },
      {
        level: "MUST",
        rule: "INITIAL_WINDOW_SIZE above 2^31 - 1 ends the connection with FLOW_CONTROL_ERROR.",
        tests: ["connection/settings > end the connection with INITIAL_WINDOW_SIZE of 2^31"],
      },
      {
        level: "MUST",
        rule: "MAX_FRAME_SIZE is 2^14 to 2^24 - 1; any other value is neither sent nor taken, and ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/settings > end the connection with MAX_FRAME_SIZE of 16,383",
          "connection/settings > end the connection with MAX_FRAME_SIZE of 2^24",
          "connection/settings > cannot be %s, and then none of them is sent",
        ],
      },
      {
        level: "MUST",
        rule: "Settings that nobody knows are ignored.",
        tests: [
          "connection/extensibility > may be a setting, of any value, between others that count (section 6.5.2)",
        ],
      },
    ],
  },
  {
    number: "6.5.3",
    title: "Synchronizing settings",
    rules: [
      {
        level: "MUST",
        rule: "New values hold from the moment they come.",
        tests: ["connection/settings-order > hold from their place in the stream of frames on"],
      },
      {
        level: "MUST",
        rule: "Values are taken in the order in which they stand, with nothing in between.",
        tests: [
          "connection/settings-order > are taken in the order of the frame: the window moves by the last value",
          "connection/settings > have the last value where a setting comes twice, and tell the change once (section 6.5.3)",
        ],
      },
      {
        level: "MUST",
        rule: "The acknowledgement goes out at once, one for each frame.",
        tests: ["connection/settings > are acknowledged at once, one frame for one frame (section 6.5.3)"],
      },
    ],
  },
  {
    number: "6.7",
    title: "PING",
    rules: [
      {
        level: "MUST",
        rule: "A PING has 8 octets.",
        tests: ["connection/ping > takes exactly eight octets from the caller"],
      },
      {
        level: "MUST",
        rule: "A PING is answered by the same octets with ACK.",
        tests: ["connection/ping > is answered with the same octets"],
      },
      {
        level: "SHOULD",
        rule: "The answer goes before other frames.",
        tests: ["connection/sent-frames > is the answer to PING, before the bodies that wait"],
        choice:
          "It overtakes all bodies. Frames that were built before keep their place, or HPACK would be out of step.",
      },
      {
        level: "MUST NOT",
        rule: "An answer is not answered.",
        tests: ["connection/ping > is answered once, and an answer is not answered"],
      },
      {
        level: "MUST",
        rule: "PING on a stream ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/ping > ends the connection where it comes on a stream"],
      },
      {
        level: "MUST",
        rule: "PING of other than 8 octets ends the connection with FRAME_SIZE_ERROR.",
        tests: ["connection/ping > ends the connection where it is %i octets long"],
      },
    ],
  },
  {
    number: "6.8",
    title: "GOAWAY",
    rules: [
      {
        level: "MUST NOT",
        rule: "After GOAWAY of the peer no stream is opened.",
        tests: [
          "connection/goaway > allows no new requests",
          "connection/push > end with it: no promise goes out behind a GOAWAY",
        ],
      },
      {
        level: "SHOULD",
        rule: "GOAWAY goes before the end of a connection.",
        tests: [
          "node/pump > answers complete requests of a peer that has ended its half, then says GOAWAY and ends",
          "http/server/server-close > lets requests of HTTP/2 finish (RFC 9113 section 6.8)",
        ],
      },
      {
        level: "SHOULD",
        rule: "Whoever got GOAWAY says so too before leaving.",
        tests: [
          "node/pump > answers the peer's GOAWAY with one of ours when the streams are done (RFC 9113 section 6.8)",
        ],
      },
      {
        level: "MUST",
        rule: "GOAWAY on a stream ends the connection with PROTOCOL_ERROR.",
        tests: ["connection/goaway > ends the connection where it comes on a stream"],
      },
      {
        level: "MUST NOT",
        rule: "The last stream of a later GOAWAY is not higher than before.",
        tests: [
          "connection/goaway > never names a higher stream than before",
          "connection/goaway > names the last stream that a GOAWAY before it named",
        ],
        choice: "A peer that raises it is borne: streams that were given up stay so.",
      },
      {
        level: "SHOULD",
        rule: "A graceful end begins with GOAWAY of stream 2^31 - 1 and no error.",
        tests: [
          "connection/shutdown > says first that it will close, and asks by PING whether that was seen",
          "connection/shutdown > still takes requests that were on their way, and names the last one of them",
        ],
      },
      {
        level: "MUST",
        rule: "Field blocks above our last stream are still decoded.",
        tests: [
          "connection/goaway > still count for the compression tables (section 4.3)",
          "connection/goaway > are dropped, with all that belongs to them: the client could not know",
        ],
      },
      {
        level: "MUST",
        rule: "DATA above our last stream still count for the connection's window.",
        tests: [
          "connection/data-in-error > counts for the connection, and is given back: of a request above our GOAWAY",
        ],
      },
    ],
  },
  {
    number: "7",
    title: "Error codes",
    rules: [
      {
        level: "MUST NOT",
        rule: "Codes that nobody knows trigger nothing special.",
        tests: [
          "connection/extensibility > may be error code %i, which changes nothing",
          "connection/reset-stream > keeps a code that nobody knows as a number (section 7)",
        ],
      },
    ],
  },
];
