import type { Section } from "./rule.ts";

/** RFC 9113 sections 5.4 and 5.5: errors and extensions. */
export const ERROR_RULES: readonly Section[] = [
  {
    number: "5.4",
    title: "Errors",
    rules: [
      {
        level: "SHOULD",
        rule: "At most one error is reported for a stream, and one for the connection.",
        tests: [
          "connection/error-reports > is made for a stream once, however many faults follow on it",
          "connection/error-reports > is made for a request with two faults once: malformed, and beyond its length",
          "connection/goaway > is sent once: whatever comes later is dropped, and no call is taken any more",
        ],
      },
      {
        level: "SHOULD",
        rule: "A second connection error is reported only behind the GOAWAY of a graceful end.",
        tests: ["connection/error-reports > may follow the GOAWAY of a graceful end, with its own code"],
      },
      {
        level: "MUST",
        rule: "A fault of the connection is reported even where the frame is a fault of its stream too.",
        tests: [
          "connection/error-reports > is of the connection where a frame is a fault of both",
          "connection/error-reports > is of the compression where the block of a request that would be refused cannot be decoded",
        ],
      },
    ],
  },
  {
    number: "5.4.1",
    title: "Connection errors",
    rules: [
      {
        level: "SHOULD",
        rule: "GOAWAY goes out first, with the last stream that was taken and the code.",
        tests: [
          "connection/error-reports > is the highest request of which the application was told",
          "connection/error-reports > is the highest promise at a client, and 0 where there was none",
          "connection/idle-streams > does not make it the last stream that GOAWAY names (section 5.4.1)",
          "connection/goaway > says the rule in words, on the wire and in the event",
        ],
      },
      {
        level: "MUST",
        rule: "The transport is closed behind the GOAWAY.",
        tests: [
          "node/pump > ends the transport behind the GOAWAY for a connection error (RFC 9113 section 5.4.1)",
          "node/pump > destroys the transport a second later if the peer does not end it",
        ],
      },
      {
        level: "SHOULD",
        rule: "Whoever ends a connection says GOAWAY, if that is still possible.",
        tests: [
          "node/pump > answers complete requests of a peer that has ended its half, then says GOAWAY and ends",
          "node/pump > answers INTERNAL_ERROR when the handler throws, and hands over the error (RFC 9113 section 7)",
        ],
      },
    ],
  },
  {
    number: "5.4.2",
    title: "Stream errors",
    rules: [
      {
        level: "MUST",
        rule: "After RST_STREAM of ours the frames that were on their way do no harm.",
        tests: [
          "connection/reset-stream > is nothing that anybody is told of, nor answered",
          "connection/received-heads > may be followed by what was on its way: DATA and trailers are dropped (section 5.4.2)",
        ],
      },
      {
        level: "SHOULD NOT",
        rule: "A stream is not reset twice.",
        tests: [
          "connection/reset-stream > needs a stream, and goes out once",
          "connection/error-reports > is made for a stream once, however many faults follow on it",
        ],
        choice:
          "A stream that the peer reset, and one that we have forgotten, is answered each time: that is a peer that does not heed its own frames, and a budget bounds how often.",
      },
      {
        level: "MUST NOT",
        rule: "RST_STREAM is never answered with RST_STREAM.",
        tests: ["connection/error-reports > is never answered with RST_STREAM, where the stream is %s"],
      },
    ],
  },
  {
    number: "5.5",
    title: "Extensions",
    rules: [
      {
        level: "MUST",
        rule: "Values that nobody knows are ignored wherever the protocol can be extended.",
        tests: [
          "connection/extensibility > may be a setting, of any value, between others that count (section 6.5.2)",
          "connection/extensibility > may be error code %i, which changes nothing",
        ],
      },
      {
        level: "MUST",
        rule: "Frames of types that nobody knows are dropped.",
        tests: [
          "connection/extensibility > may be a frame of type %i, of any length",
          "connection/extension-frames > may come on any stream, closed ones included",
        ],
      },
      {
        level: "MUST",
        rule: "Such a frame within a field block ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/extensibility > may not be a frame within a field block, on whatever stream",
          "connection/continuation > such as a frame of an unknown type",
        ],
      },
      {
        level: "MUST",
        rule: "An extension that changes the protocol is used only where the peer has agreed.",
        tests: [
          "connection/received-heads > of extended CONNECT needs the setting (RFC 8441 section 4)",
          "connection/sent-heads > are extended CONNECT before the server allowed it (RFC 8441 section 3)",
        ],
      },
    ],
  },
];
