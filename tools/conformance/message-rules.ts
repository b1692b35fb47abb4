import type { Section } from "./rule.ts";

/** RFC 9113 sections 8.1 to 8.3: messages and fields. */
export const MESSAGE_RULES: readonly Section[] = [
  {
    number: "8.1",
    title: "The order of a message",
    rules: [
      {
        level: "MUST NOT",
        rule: "Nothing comes between HEADERS and the CONTINUATION that belongs to it.",
        tests: [
          "connection/continuation > such as %s",
          "connection/sent-frames > have nothing between the pieces of a field block (RFC 9113 section 4.3)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "Trailers go out without pseudo-header fields.",
        tests: [
          "connection/trailers > cannot have a pseudo-header field, or come twice, or be followed by a body",
        ],
      },
      {
        level: "MUST",
        rule: "Trailers with a pseudo-header field make the message malformed.",
        tests: [
          "connection/bad-messages > cost their stream with %s, in requests and in responses",
          "connection/trailers > cost the stream where they have a pseudo-header field",
          "connection/messages > cannot be followed by trailers with a :status",
        ],
      },
      {
        level: "MUST",
        rule: "HEADERS without END_STREAM behind a request's head, or behind a final status, make the message malformed.",
        tests: [
          "connection/trailers > cost the stream where they do not end it",
          "connection/messages > cannot be followed by trailers that do not end it",
          "connection/informational > interim responses that a client receives (RFC 9113 section 8.1) > cannot follow on the response",
        ],
      },
      {
        level: "MUST NOT",
        rule: "A client keeps a whole response though the server then resets the stream with NO_ERROR.",
        tests: [
          "http/client/client-errors > is whole though the server then resets the stream with NO_ERROR (RFC 9113 section 8.1)",
          "connection/reset-stream > may be followed by RST_STREAM(NO_ERROR), which asks for no more of it",
        ],
      },
    ],
  },
  {
    number: "8.1.1",
    title: "Malformed messages",
    rules: [
      {
        level: "MUST",
        rule: "A malformed message costs its stream, with PROTOCOL_ERROR.",
        tests: [
          "connection/bad-messages > costs its stream with %s",
          "connection/bad-requests > costs its stream, and nothing else, with %s",
          "connection/received-heads > and %s, costs its stream",
          "connection/received-heads > costs its stream where it %s",
          "connection/messages > is not told at all where it is malformed, nor is what belongs to it",
        ],
        choice:
          "A server resets the stream and sends no response first: nobody who sends such a request needs one.",
      },
      {
        level: "MUST",
        rule: "A body that is not as long as content-length says makes the message malformed.",
        tests: [
          "connection/bad-messages > has no octet of DATA: to %s with status %s",
          "connection/content-length > do not where the body is %s",
          "connection/content-length > do not where END_STREAM is on the head and a body was promised",
          "connection/content-length > %s cost the stream where a body comes even so",
        ],
      },
      {
        level: "MUST NOT",
        rule: "A client does not take a malformed response.",
        tests: [
          "connection/messages > is not told at all where it is malformed, nor is its body (section 8.1.1)",
          "http/client/client-errors > alone when its response breaks a rule (RFC 9113 section 8.1.1)",
        ],
      },
    ],
  },
  {
    number: "8.2",
    title: "Fields",
    rules: [
      {
        level: "MUST",
        rule: "Names go out in lower case.",
        tests: [
          "connection/sent-heads > get names in lower case and lose space at both ends (RFC 9113 section 8.2.1)",
          "fields/validate-outbound > has no uppercase letter in a name, where normalisation is off (RFC 9113 section 8.2)",
        ],
      },
    ],
  },
  {
    number: "8.2.1",
    title: "Validity of fields",
    rules: [
      {
        level: "SHOULD",
        rule: "Names and values are checked against HTTP's own definitions.",
        tests: [
          "connection/bad-requests > costs its stream, and nothing else, with another control character in a value (RFC 9110 section 5.5)",
          "connection/bad-requests > costs its stream, and nothing else, with a delimiter in a name (RFC 9110 section 5.1)",
          "fields/validate > have nothing but token characters in their names (RFC 9110 section 5.1)",
          "fields/validate > have no other control characters in their values unless they are allowed (RFC 9110 section 5.5)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "A name has no octet of 0x00 to 0x20, 0x41 to 0x5a or 0x7f to 0xff.",
        tests: [
          "fields/validate > have no uppercase letter in their names (RFC 9113 section 8.2.1)",
          "fields/validate > have no space, control character, DEL or octet above it in their names (RFC 9113 section 8.2.1)",
          "connection/bad-requests > costs its stream, and nothing else, with an octet in a name that no name has (RFC 9113 section 8.2.1)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "A name that is no pseudo-header field's has no colon.",
        tests: [
          "fields/validate > have no colon in their names (RFC 9113 section 8.2.1)",
          "connection/bad-requests > costs its stream, and nothing else, with an octet in a name that no name has (RFC 9113 section 8.2.1)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "A value has no NUL, LF or CR.",
        tests: [
          "fields/validate > have no CR, LF or NUL in their values (RFC 9113 section 8.2.1)",
          "fields/validate-outbound > has no CR, LF or NUL in any value (RFC 9113 section 8.2.1)",
          "connection/bad-requests > costs its stream, and nothing else, with a line break or NUL in a value (RFC 9113 section 8.2.1)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "A value neither begins nor ends with a space or a tab.",
        tests: [
          "fields/validate > have values without space or tab at either end (RFC 9113 section 8.2.1)",
          "connection/bad-requests > costs its stream, and nothing else, with space or tab at an end of a value (RFC 9113 section 8.2.1)",
          "connection/sent-heads > get names in lower case and lose space at both ends (RFC 9113 section 8.2.1)",
        ],
      },
      {
        level: "MUST",
        rule: "A field that breaks one of these rules makes its message malformed.",
        tests: ["connection/received-heads > and %s, costs its stream"],
        choice: "validateInboundHeaders can be switched off by who checks fields on their own.",
      },
      {
        level: "SHOULD",
        rule: "A request that breaks one of these rules is answered with status 400.",
        tests: ["connection/messages > is not told at all where it is malformed, nor is what belongs to it"],
        choice:
          "RST_STREAM instead, which section 8.1.1 allows: no response that quotes hostile octets, and no work for an attacker.",
      },
    ],
  },
  {
    number: "8.2.2",
    title: "Connection-specific fields",
    rules: [
      {
        level: "MUST NOT",
        rule: "No message goes out with fields that belong to a connection of HTTP/1.1.",
        tests: [
          "connection/sent-heads > lose what belongs to a connection of HTTP/1.1 (section 8.2.2)",
          "fields/validate-outbound > has nothing that belongs to an HTTP/1.1 connection, http2-settings included (RFC 9113 section 8.2.2)",
          "http/server/messages/outgoing > leaves out what belongs to an HTTP/1.1 connection (RFC 9113 section 8.2.2)",
        ],
      },
      {
        level: "MUST",
        rule: "A message with such a field is malformed.",
        tests: [
          "fields/validate > are none that belong to an HTTP/1.1 connection (RFC 9113 section 8.2.2)",
          "connection/bad-requests > costs its stream, and nothing else, with a field of an HTTP/1.1 connection (RFC 9113 section 8.2.2)",
        ],
      },
      {
        level: "MUST NOT",
        rule: "te has no value but trailers.",
        tests: [
          "connection/bad-requests > costs its stream, and nothing else, with te that says more than trailers (RFC 9113 section 8.2.2)",
          "fields/validate > have no te with a value other than trailers (RFC 9113 section 8.2.2)",
          "connection/messages > is refused before anything is sent, as a request with te with anything but trailers",
          "node/upgrade-server > gives stream 1 of TE only trailers (RFC 9113 section 8.2.2)",
        ],
      },
    ],
  },
  {
    number: "8.2.3",
    title: "Cookies",
    rules: [
      {
        level: "MUST",
        rule: "Several cookie fields are joined by a semicolon and a space before they leave HTTP/2.",
        tests: [
          "connection/cookies > are joined into one field, behind the others and never to be indexed",
          "http/server/messages/incoming > joins and splits fields as node:http does",
        ],
      },
    ],
  },
  {
    number: "8.3",
    title: "Pseudo-header fields",
    rules: [
      {
        level: "MUST NOT",
        rule: "Only those that are defined go out.",
        tests: [
          "connection/messages > is refused before anything is sent, as a request with a pseudo-header field that nobody defined",
        ],
      },
      {
        level: "MUST NOT",
        rule: "Those of requests do not stand in responses, nor the other way round, nor any in trailers.",
        tests: [
          "fields/validate-request > has no :status (RFC 9113 section 8.3)",
          "fields/validate-response > has no pseudo-header field of requests (RFC 9113 section 8.3)",
          "fields/validate > have no pseudo-header field (RFC 9113 section 8.1)",
          "connection/messages > is refused before anything is sent, as a request with a pseudo-header field of responses",
        ],
      },
      {
        level: "MUST",
        rule: "A message with one that is unknown or out of place is malformed.",
        tests: [
          "fields/validate > are none that pretend to be a pseudo-header field (RFC 9113 section 8.3)",
          "connection/bad-requests > costs its stream, and nothing else, with a pseudo-header field that is unknown, or a response's (RFC 9113 section 8.3)",
        ],
      },
      {
        level: "MUST",
        rule: "They stand before all other fields; a message where one does not is malformed.",
        tests: [
          "fields/validate > come before all regular fields (RFC 9113 section 8.3)",
          "connection/received-heads > and has a pseudo-header field behind a regular one, costs its stream",
          "connection/messages > is refused before anything is sent, as a response with a pseudo-header field behind others",
        ],
      },
      {
        level: "MUST NOT",
        rule: "None comes twice; a message where one does is malformed.",
        tests: [
          "fields/validate > come once each (RFC 9113 section 8.3)",
          "connection/bad-requests > costs its stream, and nothing else, with a pseudo-header field twice (RFC 9113 section 8.3)",
          "connection/messages > is refused before anything is sent, as a request with two :method",
        ],
      },
    ],
  },
];
