import type { Section } from "./rule.ts";

/** RFC 9113 sections 5.2 and 6.9: flow control. */
export const FLOW_CONTROL_RULES: readonly Section[] = [
  {
    number: "5.2.1",
    title: "Flow control",
    rules: [
      {
        level: "MUST",
        rule: "A sender keeps within the windows of the receiver.",
        tests: [
          "connection/queue-data > waits for the window of its stream",
          "connection/queue-data > waits for the window of the connection",
          "connection/sent-data > is larger than the window of the stream (section 5.2)",
          "connection/sent-data > is larger than the window of the connection (section 5.2)",
        ],
      },
    ],
  },
  {
    number: "5.2.2",
    title: "Reading on",
    rules: [
      {
        level: "MUST",
        rule: "Frames are read as soon as they are there, whatever waits to be written or to be consumed.",
        tests: [
          "node/pump > is still read: a reset frees what waits",
          "http/server/messages/incoming > leaves the other streams their room while nobody reads",
          "http/client/client-errors > that nobody reads stops its stream, and not the connection (RFC 9113 section 5.2)",
        ],
        choice:
          "A peer that takes no octets and keeps making us answer is not read beyond a mebioctet of answers, until it takes some.",
      },
    ],
  },
  {
    number: "6.9",
    title: "WINDOW_UPDATE",
    rules: [
      {
        level: "MUST",
        rule: "Frames other than DATA are taken whatever the windows are.",
        tests: [
          "connection/outgoing-form > are taken: %s",
          "connection/received-data > let the end of a stream in without octets, even where SETTINGS put its window below zero (section 6.9.1)",
          "connection/received-data > may be used up to the last octet",
        ],
      },
      {
        level: "MUST",
        rule: "An increment of 0 costs the stream, or on stream 0 the connection, with PROTOCOL_ERROR.",
        tests: [
          "connection/increment-window > cannot grow by nothing: that costs what was meant (section 6.9)",
        ],
        choice:
          "On a stream that is closed it is answered with RST_STREAM too, but not on one that we reset.",
      },
      {
        level: "MUST NOT",
        rule: "WINDOW_UPDATE behind END_STREAM, and on a closed stream, is no error.",
        tests: [
          "connection/closed-streams > %s, where the stream was %s: %s",
          "connection/closed-streams-client > %s, where the stream was %s: %s",
        ],
      },
      {
        level: "MUST",
        rule: "DATA count for the window of the connection even where they are an error of their stream.",
        tests: [
          "connection/data-in-error > counts for the connection, and is given back: %s",
          "connection/closed-streams-client > is the connection's window, given back where the stream was %s",
        ],
      },
      {
        level: "MUST",
        rule: "WINDOW_UPDATE of other than 4 octets ends the connection with FRAME_SIZE_ERROR.",
        tests: [
          "connection/increment-window > end the connection where the frame is not four octets long, but %i",
        ],
      },
    ],
  },
  {
    number: "6.9.1",
    title: "The windows",
    rules: [
      {
        level: "MUST NOT",
        rule: "No DATA goes out that is larger than either window.",
        tests: [
          "connection/queue-data > waits for the window of its stream",
          "connection/queue-data > waits for the window of the connection",
          "connection/sent-data > may be padded, which counts for the windows with the octet that says how much (section 6.9.1)",
        ],
        choice: "The end of a stream without octets goes out at once: it needs no window.",
      },
      {
        level: "MUST NOT",
        rule: "We never open a window beyond 2^31 - 1.",
        tests: ["connection/increment-window > cannot be larger than 2^31 - 1 (section 6.9.1)"],
      },
      {
        level: "MUST",
        rule: "A WINDOW_UPDATE that takes a window beyond 2^31 - 1 ends the stream, or the connection, with FLOW_CONTROL_ERROR.",
        tests: [
          "connection/increment-window > end the stream where its own would pass 2^31 - 1 (section 6.9.1)",
          "connection/increment-window > end the connection where that of the connection would pass 2^31 - 1 (section 6.9.1)",
        ],
      },
    ],
  },
  {
    number: "6.9.2",
    title: "The initial window",
    rules: [
      {
        level: "MUST",
        rule: "INITIAL_WINDOW_SIZE of the peer moves the windows of open streams by the difference.",
        tests: [
          "connection/outgoing-form > leave the window of the connection as it is, with INITIAL_WINDOW_SIZE of %i",
          "connection/settings > moves the windows of open streams, below zero too, and never that of the connection",
          "connection/settings > move the windows of open streams with the acknowledgement (section 6.9.2)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "Below zero nothing goes out before WINDOW_UPDATE has brought the window above it.",
        tests: [
          "connection/queue-data > goes on where SETTINGS open the window, and stops where they close it (section 6.9.2)",
          "connection/settings > moves the windows of open streams, below zero too, and never that of the connection",
        ],
      },
      {
        level: "MUST",
        rule: "A setting that takes any window beyond 2^31 - 1 ends the connection with FLOW_CONTROL_ERROR.",
        tests: ["connection/settings > ends the connection where a window would pass 2^31 - 1"],
      },
    ],
  },
  {
    number: "6.9.3",
    title: "A smaller window",
    rules: [
      {
        level: "MUST",
        rule: "DATA that were sent before the peer knew of our smaller window are taken.",
        tests: [
          "connection/settings-order > do not count against what it sent before: a smaller window (RFC 9113 section 6.9.3)",
        ],
      },
    ],
  },
];
