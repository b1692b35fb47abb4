import type { Section } from "./rule.ts";

/** RFC 9113 sections 3 and 4: the start of a connection, and what all frames have in common. */
export const START_RULES: readonly Section[] = [
  {
    number: "3.2",
    title: "HTTP/2 over TLS",
    rules: [
      {
        level: "MUST NOT",
        rule: "h2c is no name for ALPN: clients do not offer it and servers do not select it.",
        tests: [
          "node/tls-profile > refuses h2c for ALPN (RFC 9113 section 3.2)",
          "node/client-hello > names the host, and the protocols h2 and http/1.1, and never h2c (sections 3.2 and 9.2)",
        ],
      },
      {
        level: "MUST",
        rule: "Once TLS has agreed on h2, both sides begin with their preface.",
        tests: [
          "http/server > serves HTTP/2 to clients that offer it by ALPN (RFC 9113 section 3.2)",
          "node/negotiate-client > speaks h2 where the server chose it (RFC 9113 section 3.2)",
        ],
      },
    ],
  },
  {
    number: "3.3",
    title: "Prior knowledge",
    rules: [
      {
        level: "MUST",
        rule: "Over TLS only ALPN may lead to HTTP/2; the preface alone does not.",
        tests: [
          "node/negotiate-server > never looks for the preface: only ALPN may say HTTP/2 (RFC 9113 section 3.3)",
          "node/negotiate-client > refuses a TLS socket, where only ALPN may say HTTP/2 (RFC 9113 section 3.3)",
        ],
      },
      {
        level: "MUST",
        rule: "A server sends its preface to a client with prior knowledge too.",
        tests: [
          "http/server > serves HTTP/2 with prior knowledge (RFC 9113 section 3.3)",
          "connection/start > is SETTINGS alone on a server, which does not take pushes (section 6.5.2)",
        ],
      },
    ],
  },
  {
    number: "3.4",
    title: "The preface",
    rules: [
      {
        level: "MUST",
        rule: "A client begins with the 24 octets and SETTINGS behind them.",
        tests: ["connection/start > is the preface of 24 octets and SETTINGS on a client"],
      },
      {
        level: "MUST",
        rule: "The first frame of a server is SETTINGS.",
        tests: [
          "connection/start > is SETTINGS alone on a server, which does not take pushes (section 6.5.2)",
        ],
      },
      {
        level: "MUST",
        rule: "The first SETTINGS of the peer are acknowledged, behind our own preface.",
        tests: ["connection/settings-order > are acknowledged behind our own"],
      },
      {
        level: "MUST",
        rule: "A wrong preface of a client ends the connection with PROTOCOL_ERROR.",
        tests: [
          "connection/start > ends the connection at its first wrong octet",
          "connection/start > is not a request of HTTP/1.1",
        ],
        choice:
          "GOAWAY is sent even so. It tells a client of HTTP/2 what was wrong, and does no harm to others.",
      },
      {
        level: "MUST",
        rule: "A first frame other than SETTINGS ends the connection with PROTOCOL_ERROR, on either side.",
        tests: [
          "connection/start > cannot be %s from a client",
          "connection/start > cannot be %s from a server",
        ],
        choice:
          "With strictStart off any frame may come first, as in hyper-h2. It is on unless told otherwise.",
      },
    ],
  },
  {
    number: "4.1",
    title: "Frame format",
    rules: [
      {
        level: "MUST NOT",
        rule: "No frame goes out with more than 16,384 octets of payload before the peer has allowed it.",
        tests: [
          "connection/sent-frames > are no longer than 16,384 octets as long as the peer does not take more (RFC 9113 section 4.1)",
          "connection/sent-heads > is cut at the peer's MAX_FRAME_SIZE",
          "connection/sent-data > is larger than a frame may be (section 4.2)",
        ],
      },
      {
        level: "MUST",
        rule: "A frame whose type is unknown is passed over.",
        tests: ["connection/extensibility > may be a frame of type %i, of any length"],
        choice: "The application is told of it by an event, so that extensions can be built on top.",
      },
      {
        level: "MUST",
        rule: "Flags without a meaning for their type are ignored.",
        tests: [
          "connection/extensibility > are ignored on %s",
          "connection/extensibility > are ignored on CONTINUATION",
        ],
      },
      {
        level: "MUST",
        rule: "Flags without a meaning for their type are not set on what we send.",
        tests: [
          "connection/sent-frames > have no flag set but those that their type defines (RFC 9113 section 4.1)",
        ],
      },
      {
        level: "MUST",
        rule: "The reserved bit before a stream identifier is ignored when it comes.",
        tests: [
          "connection/extensibility > is ignored on %s",
          "connection/traps-further > in a frame header, a window increment and the last stream of GOAWAY (sections 6.9 and 6.8)",
        ],
      },
      {
        level: "MUST",
        rule: "The reserved bit is unset in what we send.",
        tests: [
          "connection/sent-frames > have the reserved bit unset, in their header and in their payload (RFC 9113 section 4.1)",
        ],
      },
    ],
  },
  {
    number: "4.2",
    title: "Frame size",
    rules: [
      {
        level: "MUST",
        rule: "Frames with up to 16,384 octets of payload are taken.",
        tests: [
          "connection/extensibility > are taken: %s",
          "frames/frame-reader > takes a frame of exactly the maximum (RFC 9113 section 4.2)",
        ],
        choice:
          "Limits on what a frame may ask for hold within it: SETTINGS with more entries than limits.settingsEntries, or a field block that unfolds too far, end the connection with ENHANCE_YOUR_CALM.",
      },
      {
        level: "MUST",
        rule: "A frame above our SETTINGS_MAX_FRAME_SIZE is a FRAME_SIZE_ERROR.",
        tests: [
          "connection/received-data > is refused from its header where it is too long, without waiting for the rest (section 4.2)",
          "connection/extension-frames > cannot be longer than MAX_FRAME_SIZE either (section 4.2)",
          "frames/frame-reader > refuses a frame over the maximum from its nine octets, type %d (RFC 9113 section 4.2)",
        ],
        choice:
          "It ends the connection for every type, DATA included: who does not know our limit is not to be trusted with the rest, and nothing of the frame need be waited for.",
      },
      {
        level: "MUST",
        rule: "A frame too short for what it must hold is a FRAME_SIZE_ERROR.",
        tests: [
          "connection/received-data > costs the connection where it has no room for the length of its padding",
          "connection/received-heads > cannot be too short for the priority that its flags announce (section 4.2)",
          "connection/push > costs the connection on a stream in too few octets",
          "connection/goaway > ends the connection where it is seven octets long",
        ],
      },
      {
        level: "MUST",
        rule: "A wrong size ends the connection where the frame has a field block, is SETTINGS, or is on stream 0.",
        tests: [
          "connection/received-heads > cannot be too short for the priority that its flags announce (section 4.2)",
          "connection/settings > end the connection where they are no multiple of six octets (section 6.5)",
          "connection/ping > ends the connection where it is %i octets long",
        ],
      },
    ],
  },
  {
    number: "4.3",
    title: "Field blocks",
    rules: [
      {
        level: "MUST",
        rule: "The frames of a field block follow each other without anything in between.",
        tests: [
          "connection/sent-frames > have nothing between the pieces of a field block (RFC 9113 section 4.3)",
        ],
      },
      {
        level: "MUST",
        rule: "A field block is decompressed even where it is dropped.",
        tests: [
          "connection/reset-stream > still counts for the compression tables (section 4.3)",
          "connection/closed-streams-client > are the compression tables, where the stream was %s",
          "connection/goaway > still count for the compression tables (section 4.3)",
          "connection/received-heads > keeps decoding where a request is too large, so that the next one is right (section 4.3)",
        ],
        choice:
          "A block beyond twice the announced size is not decompressed: the connection ends with ENHANCE_YOUR_CALM, which says more than COMPRESSION_ERROR (section 5.4 allows any code that applies).",
      },
      {
        level: "MUST",
        rule: "A field block that cannot be decoded ends the connection with COMPRESSION_ERROR.",
        tests: [
          "connection/received-heads > and %s, costs the connection",
          "connection/received-heads > costs the connection even on a stream that we reset",
          "connection/push > costs the connection where it cannot be decoded (section 4.3)",
          "connection/continuation > costs the connection where it cannot be decoded as a whole (section 4.3)",
        ],
      },
    ],
  },
  {
    number: "4.3.1",
    title: "Compression state",
    rules: [
      {
        level: "MUST",
        rule: "After acknowledging a smaller table our next block begins by saying the new size.",
        tests: [
          "connection/settings-order > have a smaller table signalled before the fields of the next block (RFC 9113 section 4.3.1)",
          "connection/settings > HEADER_TABLE_SIZE of 0 is told to the peer's decoder in the next block (RFC 7541 section 4.2)",
        ],
      },
      {
        level: "MUST",
        rule: "A block that does not say so after the peer acknowledged our smaller table ends the connection with COMPRESSION_ERROR.",
        tests: [
          "connection/settings > shrink the decoding table with the acknowledgement; then the peer must say so (RFC 7541 section 4.2)",
          "hpack/decoder > must follow when we announce less than the table in use (section 4.2)",
        ],
      },
    ],
  },
];
