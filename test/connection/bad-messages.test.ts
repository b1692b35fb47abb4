import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection } from "../../src/index.ts";
import { client, clientWithRequest, receive, requestHead, serverWithRequest } from "../support/engine.ts";
import { type FieldBlockBuilder, frames } from "../support/frames.ts";
import { expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";

const { PROTOCOL_ERROR } = ErrorCodes;

type Field = readonly [name: string, value: string];

function head(...fields: readonly Field[]): FieldBlockBuilder {
  const builder = frames.headers(1);
  for (const [name, value] of fields) builder.field(name, value);
  return builder;
}

const response = (status: string, ...fields: readonly Field[]): FieldBlockBuilder =>
  head([":status", status], ...fields);

/** Trailers that cost their stream. */
const TRAILERS: Readonly<Record<string, readonly Field[]>> = {
  "a pseudo-header field (RFC 9113 section 8.1)": [":path", ":status", ":method", ":x"].map(
    (name) => [name, "x"] as const,
  ),
  "an uppercase letter (RFC 9113 section 8.2.1)": [["X-Checksum", "x"]],
  "a field of an HTTP/1.1 connection (RFC 9113 section 8.2.2)": [
    ["connection", "close"],
    ["transfer-encoding", "chunked"],
  ],
  "a field that frames or routes (RFC 9110 section 6.5.1)": [
    ["content-length", "4"],
    ["host", "example.com"],
    ["te", "trailers"],
    ["authorization", "x"],
  ],
  "a line break (RFC 9113 section 8.2.1)": [["x", "a\r\nb"]],
};

describe("trailers that are malformed (RFC 9113 section 8.1)", () => {
  it.each(Object.entries(TRAILERS))(
    "cost their stream with %s, in requests and in responses",
    (_what, fields) => {
      for (const field of fields) {
        const atServer = serverWithRequest();
        const late = receive(atServer, frames.data(1, "body"), head(field).endStream());
        expectStreamError(atServer, late, 1, PROTOCOL_ERROR);
        const atClient = clientWithRequest();
        const events = receive(atClient, response("200"), frames.data(1, "body"), head(field).endStream());
        expectStreamError(atClient, events, 1, PROTOCOL_ERROR);
      }
    },
  );
});

/** Responses that cost their stream. */
const RESPONSES: Readonly<Record<string, readonly FieldBlockBuilder[]>> = {
  "no :status, or two (RFC 9113 section 8.3.2)": [
    head(["server", "x"]),
    head(),
    head([":status", "200"], [":status", "200"]),
  ],
  "a :status that is no status (RFC 9110 section 15)": ["", "0", "99", "099", "20", "2000", "2x0", "+20"].map(
    (status) => response(status),
  ),
  "a pseudo-header field of requests (RFC 9113 section 8.3)": [
    ":method",
    ":path",
    ":scheme",
    ":authority",
  ].map((name) => response("200", [name, "/"])),
  "a :status behind another field (RFC 9113 section 8.3)": [head(["server", "x"], [":status", "200"])],
  "status 101 (RFC 9113 section 8.6)": [response("101")],
  "the end of the stream on an interim response (RFC 9113 section 8.1)": [
    response("100").endStream(),
    response("103").endStream(),
  ],
  "a length on an interim response, or on 204 (RFC 9110 section 8.6)": [
    response("103", ["content-length", "0"]),
    response("204", ["content-length", "5"]),
  ],
  "a field of an HTTP/1.1 connection (RFC 9113 section 8.2.2)": [
    response("200", ["connection", "close"]),
    response("200", ["transfer-encoding", "chunked"]),
    response("200", ["upgrade", "h2c"]),
  ],
  "te (RFC 9113 section 8.2.2)": [response("200", ["te", "gzip"])],
  "a line break or space at an end (RFC 9113 section 8.2.1)": ["a\r\nb", "\0", " a", "a\t"].map((value) =>
    response("200", ["x", value]),
  ),
};

describe("a response that is malformed (RFC 9113 section 8.1.1)", () => {
  it.each(Object.entries(RESPONSES))("costs its stream with %s", (_what, heads) => {
    for (const frame of heads) {
      const engine = clientWithRequest();
      expectStreamError(engine, receive(engine, frame), 1, PROTOCOL_ERROR);
    }
  });
});

describe("a response without content, whatever its length says (RFC 9113 section 8.1.1)", () => {
  function asked(method: string): H2Connection {
    const engine = client();
    engine.sendHeaders(1, requestHead(method), { endStream: true });
    return engine;
  }

  const EMPTY = [
    ["HEAD", "200"],
    ["GET", "304"],
    ["HEAD", "404"],
  ] as const;

  it.each(EMPTY)("is complete without DATA: to %s with status %s", (method, status) => {
    const frame = response(status, ["content-length", "5"]).endStream();
    expect(told(receive(asked(method), frame))[1]).toBe("StreamEnded stream=1");
  });

  it.each([...EMPTY, ["GET", "204"]] as const)(
    "has no octet of DATA: to %s with status %s",
    (method, status) => {
      const engine = asked(method);
      expectStreamError(engine, receive(engine, response(status), frames.data(1, "x")), 1, PROTOCOL_ERROR);
    },
  );

  it("may be the 2xx of CONNECT, where a length means nothing (RFC 9110 section 8.6)", () => {
    const engine = client();
    engine.sendHeaders(1, [
      [":method", "CONNECT"],
      [":authority", "example.com:443"],
    ]);
    const opened = response("200", ["content-length", "3"]);
    expect(told(receive(engine, opened, frames.data(1, "more than three").endStream())).at(-1)).toBe(
      "StreamEnded stream=1",
    );
  });
});
