import { describe, expect, it } from "vitest";
import { ErrorCodes, type H2Connection, ProtocolError, SettingCodes } from "../../src/index.ts";
import { client, OK, receive, requestHead, server } from "../support/engine.ts";
import { type FieldBlockBuilder, frames, type Wire } from "../support/frames.ts";
import { expectAlive, expectMisuse, expectStreamError } from "../support/outcome.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

/** Responses, and tunnels in both roles, one case a rule. */

const { PROTOCOL_ERROR } = ErrorCodes;
const { ENABLE_CONNECT_PROTOCOL } = SettingCodes;

type Fields = readonly (readonly [name: string, value: string])[];

const response = (status: string, ...more: Fields): Fields => [[":status", status], ...more];

function headers(fields: Fields): FieldBlockBuilder {
  const builder = frames.headers(1);
  for (const [name, value] of fields) builder.field(name, value);
  return builder;
}

/** A client that asked with this method on stream 1. */
function asking(method = "GET"): H2Connection {
  const engine = client();
  engine.sendHeaders(1, requestHead(method), { endStream: true });
  sent(engine);
  return engine;
}

/** A server that was asked with this method on stream 1, and puts nothing into form. */
function asked(method = "GET"): H2Connection {
  const engine = server({ normalizeOutboundHeaders: false });
  receive(engine, frames.headers(1).request(method, "/").endStream());
  return engine;
}

/** What makes a response malformed, and is refused as one of our own. */
const REFUSED: readonly (readonly [rule: string, section: string, responses: readonly Fields[]])[] = [
  ["no :status", "RFC 9113 section 8.3.2", [[["server", "x"]], []]],
  [":status twice", "RFC 9113 section 8.3", [response("200", [":status", "200"])]],
  [
    ":status that is not three digits from 100 on",
    "RFC 9113 section 8.3.2",
    ["", "0", "99", "099", "20", "2000", "2x0", "+20", "2.0", "OK"].map((status) => response(status)),
  ],
  [
    "a pseudo-header field of requests",
    "RFC 9113 section 8.3.2",
    [
      response("200", [":method", "GET"]),
      response("200", [":scheme", "https"]),
      response("200", [":authority", "example.com"]),
      response("200", [":path", "/"]),
    ],
  ],
  [":protocol", "RFC 8441 section 4", [response("200", [":protocol", "websocket"])]],
  ["a pseudo-header field that nobody knows", "RFC 9113 section 8.3", [response("200", [":x", "y"])]],
  [":status behind a regular field", "RFC 9113 section 8.3", [[["server", "x"], ...response("200")]]],
  ["status 101", "RFC 9113 section 8.6", [response("101")]],
  [
    "content-length in an interim response",
    "RFC 9110 section 8.6",
    [response("100", ["content-length", "0"]), response("103", ["content-length", "5"])],
  ],
  [
    "content-length of some octets in a 204",
    "RFC 9110 section 8.6",
    [response("204", ["content-length", "5"])],
  ],
  [
    "content-length twice with two values",
    "RFC 9110 section 8.6",
    [response("200", ["content-length", "3"], ["content-length", "4"])],
  ],
  [
    "a field of a connection of HTTP/1.1",
    "RFC 9113 section 8.2.2",
    [
      response("200", ["connection", "close"]),
      response("200", ["transfer-encoding", "chunked"]),
      response("200", ["upgrade", "h2c"]),
      response("103", ["keep-alive", "1"]),
    ],
  ],
  ["a name in upper case", "RFC 9113 section 8.2.1", [response("200", ["Server", "x"])]],
  [
    "a line break or NUL in a value",
    "RFC 9113 section 8.2.1",
    ["a\r\nb", "a\n", "\0"].map((value) => response("200", ["x", value])),
  ],
  [
    "space or tab at either end of a value",
    "RFC 9113 section 8.2.1",
    [" a", "a\t"].map((value) => response("200", ["x", value])),
  ],
];

describe("a response from a server", () => {
  it.each(REFUSED)("is malformed with %s (%s)", (_rule, section, responses) => {
    for (const fields of responses) {
      const engine = asking();
      const events = receive(engine, headers(fields));
      expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
      expectStreamError(engine, events, 1, PROTOCOL_ERROR, section);
    }
  });

  it("is malformed where an interim one ends the stream (RFC 9113 section 8.1)", () => {
    for (const status of ["100", "103", "199"]) {
      const engine = asking();
      const events = receive(engine, headers(response(status)).endStream());
      expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1");
    }
  });

  it("is malformed where DATA comes before it, or behind an interim one (RFC 9113 section 8.1)", () => {
    for (const before of [[], [headers(response("103"))]]) {
      const engine = asking();
      const events = receive(engine, ...before, frames.data(1, "x"));
      expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1");
    }
  });

  it("may have any status of three digits, which RFC 9110 section 15 wants read by its first", () => {
    for (const status of ["199", "299", "418", "599", "600", "999"]) {
      expect(told(receive(asking(), headers(response(status))))[0]).toContain(`:status=${status}`);
    }
  });

  it("may be a 204 that says it has no octet, as some servers do (RFC 9110 section 8.6)", () => {
    const events = receive(asking(), headers(response("204", ["content-length", "0"])).endStream());
    expect(told(events)).toEqual([
      "ResponseReceived stream=1 :status=204 content-length=0",
      "StreamEnded stream=1",
    ]);
  });
});

describe("a response of our own, of which nothing is put into form", () => {
  it.each(REFUSED)("cannot go out with %s (%s)", (_rule, section, responses) => {
    for (const fields of responses) {
      const engine = asked();
      const error = expectMisuse(engine, () => engine.sendHeaders(1, fields), ProtocolError);
      expect(error.message).toContain(`(${section})`);
    }
  });

  it("cannot be interim and end the stream (RFC 9113 section 8.1)", () => {
    const engine = asked();
    const send = () => engine.sendHeaders(1, response("103"), { endStream: true });
    expectMisuse(engine, send, ProtocolError);
  });

  it("cannot be a 204 that says it has no octet (RFC 9110 section 8.6)", () => {
    const engine = asked();
    const send = () => engine.sendHeaders(1, response("204", ["content-length", "0"]));
    expectMisuse(engine, send, ProtocolError);
  });
});

/** Responses that end with their head, whatever content-length says: to which method, with which status. */
const WITHOUT_CONTENT = [
  ["HEAD", "200"],
  ["HEAD", "206"],
  ["HEAD", "404"],
  ["GET", "304"],
] as const;

describe("a response that has no content (RFC 9113 section 8.1.1)", () => {
  it.each(WITHOUT_CONTENT)("to %s with %s is whole although it has a content-length", (method, status) => {
    const head = headers(response(status, ["content-length", "5"]));
    expect(told(receive(asking(method), head.endStream())).at(-1)).toBe("StreamEnded stream=1");
    const late = receive(
      asking(method),
      headers(response(status, ["content-length", "5"])),
      frames.data(1).endStream(),
    );
    expect(told(late).at(-1)).toBe("StreamEnded stream=1");
  });

  it.each([...WITHOUT_CONTENT, ["GET", "204"], ["HEAD", "204"]] as const)(
    "to %s with %s is malformed where an octet of DATA comes",
    (method, status) => {
      const engine = asking(method);
      const events = receive(engine, headers(response(status)), frames.data(1, "x"));
      expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1.1");
    },
  );

  it("is no 205: that binds its server alone (RFC 9110 section 15.3.6), and the length counts as ever", () => {
    const reset = headers(response("205", ["content-length", "1"]));
    expect(told(receive(asking(), reset, frames.data(1, "x").endStream())).at(-1)).toBe(
      "StreamEnded stream=1",
    );
    const engine = asking();
    const events = receive(engine, headers(response("205", ["content-length", "1"])).endStream());
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1.1");
  });

  it("may have trailers (RFC 9110 section 6.5)", () => {
    const events = receive(asking("HEAD"), headers(response("200")), headers([["x", "y"]]).endStream());
    expect(told(events)).toHaveLength(3);
  });
});

const CONNECT: Fields = [
  [":method", "CONNECT"],
  [":authority", "example.com:443"],
];
const WEBSOCKET: Fields = [
  [":method", "CONNECT"],
  [":protocol", "websocket"],
  [":scheme", "https"],
  [":authority", "example.com"],
  [":path", "/chat"],
];

/** Tunnels by both kinds of request, at both ends: `CONNECT at a server`. */
const TUNNELS: readonly (readonly [what: string, () => H2Connection])[] = [
  ["CONNECT at a server", () => tunnelAtServer(CONNECT)],
  ["extended CONNECT at a server", () => tunnelAtServer(WEBSOCKET)],
  ["CONNECT at a client", () => tunnelAtClient(CONNECT)],
  ["extended CONNECT at a client", () => tunnelAtClient(WEBSOCKET)],
];

function connecting(request: Fields): H2Connection {
  const engine = client({}, [[ENABLE_CONNECT_PROTOCOL, 1]]);
  engine.sendHeaders(1, request);
  sent(engine);
  return engine;
}

function connected(request: Fields): H2Connection {
  const engine = server({ initialSettings: { [ENABLE_CONNECT_PROTOCOL]: 1 } });
  receive(engine, headers(request));
  return engine;
}

function tunnelAtServer(request: Fields): H2Connection {
  const engine = connected(request);
  engine.sendHeaders(1, OK);
  sent(engine);
  return engine;
}

function tunnelAtClient(request: Fields): H2Connection {
  const engine = connecting(request);
  receive(engine, headers(response("200")));
  return engine;
}

describe.each(TUNNELS)("a tunnel by %s (RFC 9113 section 8.5)", (_what, tunnel) => {
  it.each([
    ["HEADERS that end the stream", "8.5", headers([["x", "y"]]).endStream()],
    ["HEADERS that do not", "8.1", headers([["x", "y"]])],
    ["HEADERS with a pseudo-header field", "8.1", headers([[":status", "200"]]).endStream()],
  ])("costs the stream where %s come (section %s)", (_frame, section, frame) => {
    const engine = tunnel();
    expectStreamError(engine, receive(engine, frame), 1, PROTOCOL_ERROR, `RFC 9113 section ${section}`);
  });

  it("takes DATA of any length, and the frames that manage streams", () => {
    const engine = tunnel();
    const events = receive(
      engine,
      frames.data(1, "any"),
      frames.windowUpdate(1, 1),
      frames.priority(1, { weight: 2 }),
      frames.raw(0x77, 0, 1, "unknown"),
      frames.data(1).endStream(),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "DataReceived",
      "WindowUpdated",
      "PriorityUpdated",
      "UnknownFrameReceived",
      "DataReceived",
      "StreamEnded",
    ]);
    expectAlive(engine);
    expect(told(receive(engine, frames.rstStream(1, ErrorCodes.CONNECT_ERROR)))).toEqual([
      "StreamReset stream=1 CONNECT_ERROR remote",
    ]);
  });

  it("sends no HEADERS", () => {
    const engine = tunnel();
    expectMisuse(engine, () => engine.sendHeaders(1, [["x", "y"]], { endStream: true }), ProtocolError);
  });
});

describe.each([
  ["CONNECT", CONNECT],
  ["extended CONNECT", WEBSOCKET],
])("the answer to %s", (_what, request) => {
  it.each(["200", "206", "299"])(
    "is a tunnel with %s, whatever content-length says (RFC 9110 section 8.6)",
    (status) => {
      const engine = connecting(request);
      const wires: Wire[] = [
        headers(response(status, ["content-length", "1"])),
        frames.data(1, "more than one"),
        frames.data(1).endStream(),
      ];
      expect(told(receive(engine, ...wires)).at(-1)).toBe("StreamEnded stream=1");
    },
  );

  it("is a response as any with another status (RFC 9113 section 8.5)", () => {
    const engine = connecting(request);
    const events = receive(engine, headers(response("407", ["content-length", "1"])), frames.data(1, "xy"));
    expectStreamError(engine, events, 1, PROTOCOL_ERROR, "RFC 9113 section 8.1.1");
    const trailing = receive(
      connecting(request),
      headers(response("407")),
      headers([["x", "y"]]).endStream(),
    );
    expect(told(trailing)[1]).toBe("TrailersReceived stream=1 x=y");
  });

  it("cannot go out with a content-length where it opens a tunnel (RFC 9110 section 9.3.6)", () => {
    const engine = connected(request);
    for (const status of ["200", "299"]) {
      const send = () => engine.sendHeaders(1, response(status, ["content-length", "0"]));
      expectMisuse(engine, send, ProtocolError);
    }
    engine.sendHeaders(1, response("407", ["content-length", "0"]), { endStream: true });
    expect(sent(engine).at(-1)).toBe("HEADERS stream=1 END_STREAM END_HEADERS :status=407 content-length=0");
  });

  it("may go out with one where nothing is checked", () => {
    const engine = server({
      validateOutboundHeaders: false,
      initialSettings: { [ENABLE_CONNECT_PROTOCOL]: 1 },
    });
    receive(engine, headers(request));
    engine.sendHeaders(1, response("200", ["content-length", "0"]));
    expect(sent(engine).at(-1)).toContain("content-length=0");
  });
});

describe("a request by CONNECT", () => {
  it("has no content, so its content-length says nothing (RFC 9110 section 9.3.6)", () => {
    const engine = connected([...CONNECT, ["content-length", "1"]]);
    engine.sendHeaders(1, OK);
    const events = receive(engine, frames.data(1, "more than one").endStream());
    expect(told(events).at(-1)).toBe("StreamEnded stream=1");
  });
});

describe("a promise on a tunnel (RFC 9113 section 8.5)", () => {
  it("is refused, and costs the tunnel", () => {
    const engine = tunnelAtClient(CONNECT);
    const events = receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
    expect(told(events)).toEqual(["StreamReset stream=1 PROTOCOL_ERROR local"]);
    expect(sent(engine)).toEqual([
      "RST_STREAM stream=2 error=REFUSED_STREAM",
      "RST_STREAM stream=1 error=PROTOCOL_ERROR",
    ]);
  });
});
