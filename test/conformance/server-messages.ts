import { frames } from "../support/frames.ts";
import { connectionError, response, streamError } from "./demands.ts";
import type { Requests, ServerCase } from "./server-case.ts";

const malformed = streamError(1, "PROTOCOL_ERROR");

/** A request without a body that breaks a rule by the fields at its end. */
function withField(rule: string, name: string, value: string): ServerCase {
  return { rule, talk: (client) => [client.get(1).field(name, value), malformed] };
}

/** A request of just these pseudo-header fields. */
function only(
  rule: string,
  fields: (client: Requests) => readonly (readonly [string, string])[],
): ServerCase {
  return { rule, talk: (client) => [client.fields(1, ...fields(client)).endStream(), malformed] };
}

/** RFC 9113 section 8: requests. */
export const MESSAGES: readonly ServerCase[] = [
  {
    rule: "refuses a second HEADERS without END_STREAM (RFC 9113 section 8.1)",
    talk: (client) => [client.post(1), client.post(1), malformed],
  },
  {
    rule: "refuses trailers without END_STREAM (RFC 9113 section 8.1)",
    talk: (client) => [client.post(1), frames.data(1, "x"), client.fields(1, ["x-trailer", "1"]), malformed],
  },
  withField("refuses a field name in upper case (RFC 9113 section 8.2.1)", "X-TEST", "ok"),
  withField("refuses an empty field name (RFC 9113 section 8.2.1)", "", "ok"),
  withField("refuses a line feed in a field value (RFC 9113 section 8.2.1)", "x-test", "a\nb"),
  withField("refuses a blank before a field value (RFC 9113 section 8.2.1)", "x-test", " ok"),

  withField("refuses an unknown pseudo-header field (RFC 9113 section 8.3)", ":test", "ok"),
  only("refuses an unknown pseudo-header field among the others (RFC 9113 section 8.3)", (client) => [
    ...whole(client),
    [":test", "ok"],
  ]),
  only("refuses the pseudo-header field of responses (RFC 9113 section 8.3)", (client) => [
    ...whole(client),
    [":status", "200"],
  ]),
  {
    rule: "refuses pseudo-header fields in trailers (RFC 9113 section 8.1)",
    talk: (client) => [client.post(1), client.fields(1, [":method", "200"]).endStream(), malformed],
  },
  {
    rule: "refuses pseudo-header fields in trailers behind DATA (RFC 9113 section 8.1)",
    talk: (client) => [
      client.post(1),
      frames.data(1, "test"),
      client.fields(1, [":path", "/"]).endStream(),
      malformed,
    ],
  },
  only("refuses a pseudo-header field behind another field (RFC 9113 section 8.3)", (client) => [
    [":method", "GET"],
    [":scheme", client.scheme],
    [":authority", client.authority],
    ["x-test", "ok"],
    [":path", "/"],
  ]),

  withField("refuses a field about the connection (RFC 9113 section 8.2.2)", "connection", "keep-alive"),
  withField("refuses keep-alive (RFC 9113 section 8.2.2)", "keep-alive", "timeout=5"),
  withField("refuses transfer-encoding (RFC 9113 section 8.2.2)", "transfer-encoding", "chunked"),
  withField(
    "refuses te with anything but trailers (RFC 9113 section 8.2.2)",
    "te",
    "trailers, deflate;q=0.5",
  ),
  {
    rule: "takes te with trailers (RFC 9113 section 8.2.2)",
    talk: (client) => [client.get(1).field("te", "trailers"), response(1)],
  },

  only("refuses an empty :path (RFC 9113 section 8.3.1)", (client) => replaced(client, ":path", "")),
  only("refuses a request without :method (RFC 9113 section 8.3.1)", (client) => without(client, ":method")),
  only("refuses a request without :scheme (RFC 9113 section 8.3.1)", (client) => without(client, ":scheme")),
  only("refuses a request without :path (RFC 9113 section 8.3.1)", (client) => without(client, ":path")),
  only("refuses a second :method (RFC 9113 section 8.3)", (client) => [...whole(client), [":method", "GET"]]),
  only("refuses a second :scheme (RFC 9113 section 8.3)", (client) => [
    ...whole(client),
    [":scheme", client.scheme],
  ]),
  only("refuses a second :path (RFC 9113 section 8.3)", (client) => [...whole(client), [":path", "/"]]),
  only("refuses a second :authority (RFC 9113 section 8.3)", (client) => [
    ...whole(client),
    [":authority", client.authority],
  ]),

  {
    rule: "refuses a body shorter than content-length says (RFC 9113 section 8.1.1)",
    talk: (client) => [
      client.post(1).field("content-length", "10"),
      frames.data(1, "test").endStream(),
      malformed,
    ],
  },
  {
    rule: "refuses a body longer than content-length says (RFC 9113 section 8.1.1)",
    talk: (client) => [
      client.post(1).field("content-length", "1"),
      frames.data(1, "test").endStream(),
      malformed,
    ],
  },
  {
    rule: "refuses a body of several frames longer than content-length says (RFC 9113 section 8.1.1)",
    talk: (client) => [
      client.post(1).field("content-length", "1"),
      frames.data(1, "test"),
      frames.data(1, "test").endStream(),
      malformed,
    ],
  },
  {
    rule: "refuses a body of several frames shorter than content-length says (RFC 9113 section 8.1.1)",
    talk: (client) => [
      client.post(1).field("content-length", "10"),
      frames.data(1, "test"),
      frames.data(1, "test").endStream(),
      malformed,
    ],
  },
  {
    rule: "refuses a request without a body whose content-length says otherwise (RFC 9113 section 8.1.1)",
    talk: (client) => [client.get(1).field("content-length", "1"), malformed],
  },
  {
    rule: "refuses PUSH_PROMISE from a client (RFC 9113 section 8.4)",
    talk: (client) => [
      client.post(1),
      frames.pushPromise(1, 2).request("GET", "/"),
      connectionError("PROTOCOL_ERROR"),
    ],
  },
];

function whole(client: Requests): [string, string][] {
  return [
    [":method", "GET"],
    [":scheme", client.scheme],
    [":path", "/"],
    [":authority", client.authority],
  ];
}

function without(client: Requests, name: string): [string, string][] {
  return whole(client).filter(([other]) => other !== name);
}

function replaced(client: Requests, name: string, value: string): [string, string][] {
  return whole(client).map(([other, before]) => [other, other === name ? value : before]);
}
