import { describe, expect, it } from "vitest";
import type { H2Connection } from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { ascii, frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";

type Mistake = readonly [
  what: string,
  make: () => H2Connection,
  call: (engine: H2Connection) => unknown,
  message: string,
];

function serverWithConnect(): H2Connection {
  const engine = server();
  receive(engine, frames.headers(1).field(":method", "CONNECT").field(":authority", "example.com:443"));
  return engine;
}

function serverWithTunnel(): H2Connection {
  const engine = serverWithConnect();
  engine.sendHeaders(1, OK);
  return engine;
}

function serverThatPushed(): H2Connection {
  const engine = serverWithRequest();
  engine.pushStream(1, 2, GET);
  return engine;
}

function serverThatAnswered(): H2Connection {
  const engine = serverWithRequest();
  engine.sendHeaders(1, OK, { endStream: true });
  return engine;
}

function clientThatQueued(endStream: boolean): H2Connection {
  const engine = clientWithRequest();
  engine.queueData(1, ascii("waits"), { endStream });
  return engine;
}

function clientThatMustGo(): H2Connection {
  const engine = clientWithRequest();
  receive(engine, frames.goaway(1));
  return engine;
}

const HEADS: readonly Mistake[] = [
  [
    "an interim response of a client",
    clientWithRequest,
    (engine) => engine.sendInformational(1, 103),
    "only servers send interim responses (RFC 9113 section 8.1)",
  ],
  [
    "an interim response with a final status",
    serverWithRequest,
    (engine) => engine.sendInformational(1, 200),
    "an interim response has a status of 100 to 199, not 200 (RFC 9110 section 15.2)",
  ],
  [
    "an interim response with status 99",
    serverWithRequest,
    (engine) => engine.sendInformational(1, 99),
    "an interim response has a status of 100 to 199, not 99 (RFC 9110 section 15.2)",
  ],
  [
    "status 101",
    serverWithRequest,
    (engine) => engine.sendInformational(1, 101),
    "101 does not exist in HTTP/2 (RFC 9113 section 8.6)",
  ],
  [
    "an interim response behind the final one",
    serverWithTunnel,
    (engine) => engine.sendInformational(1, 103),
    "an interim response comes before the final one (RFC 9113 section 8.1)",
  ],
  [
    "a request on a server's stream",
    client,
    (engine) => engine.sendHeaders(2, GET),
    "stream 2 is not ours to open: a client has odd ones",
  ],
  [
    "a response on a stream that nobody opened",
    serverWithRequest,
    (engine) => engine.sendHeaders(4, OK),
    "a server cannot open stream 4: it must be promised with pushStream first",
  ],
  [
    "HEADERS behind the end",
    serverThatAnswered,
    (engine) => engine.sendHeaders(1, OK),
    "HEADERS cannot be sent on stream 1: it is half closed local (RFC 9113 section 5.1)",
  ],
  [
    "a request behind GOAWAY",
    clientThatMustGo,
    (engine) => engine.sendHeaders(3, GET),
    "the connection is closing: it takes no new streams (RFC 9113 section 6.8)",
  ],
];

const ENDS: readonly Mistake[] = [
  [
    "an interim response that ends",
    serverWithRequest,
    (engine) => engine.sendHeaders(1, [[":status", "103"]], { endStream: true }),
    "an interim response cannot end a stream (RFC 9113 section 8.1)",
  ],
  [
    "trailers that do not end",
    clientWithRequest,
    (engine) => engine.sendHeaders(1, [["x", "y"]]),
    "trailers must end the stream (RFC 9113 section 8.1)",
  ],
  [
    "trailers on a tunnel",
    serverWithTunnel,
    (engine) => engine.sendHeaders(1, [["x", "y"]], { endStream: true }),
    "a tunnel has no trailers (RFC 9113 section 8.5)",
  ],
  [
    "trailers behind the queued end",
    () => clientThatQueued(true),
    (engine) => engine.sendHeaders(1, [["x", "y"]], { endStream: true }),
    "stream 1 was ended already",
  ],
  [
    "a tunnel of a certain length",
    serverWithConnect,
    (engine) => engine.sendHeaders(1, [...OK, ["content-length", "0"]]),
    "what opens a tunnel has no content-length (RFC 9110 section 9.3.6)",
  ],
];

const PROMISES: readonly Mistake[] = [
  [
    "a client's promise",
    clientWithRequest,
    (engine) => engine.pushStream(1, 2, GET),
    "only servers push (RFC 9113 section 8.4)",
  ],
  [
    "a promise that the client does not want",
    () => serverWithRequest({}, [[2, 0]]),
    (engine) => engine.pushStream(1, 2, GET),
    "the peer's SETTINGS_ENABLE_PUSH forbids to push (RFC 9113 section 8.4)",
  ],
  [
    "a promise on a promise",
    serverThatPushed,
    (engine) => engine.pushStream(2, 4, GET),
    "stream 2 is a pushed stream: nothing can be pushed on it",
  ],
  [
    "a promise on a tunnel",
    serverWithTunnel,
    (engine) => engine.pushStream(1, 2, GET),
    "nothing can be pushed on a tunnel (RFC 9113 section 8.5)",
  ],
  [
    "a promise behind the end of the response",
    serverThatAnswered,
    (engine) => engine.pushStream(1, 2, GET),
    "PUSH_PROMISE cannot be sent on stream 1: it is half closed local (RFC 9113 section 5.1)",
  ],
  [
    "a promise of a client's stream",
    serverWithRequest,
    (engine) => engine.pushStream(1, 5, GET),
    "stream 5 is not ours to open: a server has even ones",
  ],
];

const BODIES: readonly Mistake[] = [
  [
    "a body before its head",
    serverWithRequest,
    (engine) => engine.sendData(1, ascii("x")),
    "DATA on stream 1 must follow a head and precede trailers (RFC 9113 section 8.1)",
  ],
  [
    "a body behind its end",
    serverThatAnswered,
    (engine) => engine.sendData(1, ascii("x")),
    "DATA cannot be sent on stream 1: it is half closed local (RFC 9113 section 5.1)",
  ],
  [
    "more than the window",
    clientWithRequest,
    (engine) => engine.sendData(1, new Uint8Array(65_536)),
    "65536 octets do not fit into a window of 65535 (RFC 9113 section 5.2)",
  ],
  [
    "data before what is queued",
    () => clientThatQueued(false),
    (engine) => engine.sendData(1, ascii("x")),
    "data is queued on stream 1: what follows must be queued too",
  ],
  [
    "data behind the queued end",
    () => clientThatQueued(true),
    (engine) => engine.queueData(1, ascii("x")),
    "stream 1 was ended already",
  ],
  [
    "half an octet of padding",
    clientWithRequest,
    (engine) => engine.sendData(1, ascii("x"), { padLength: 0.5 }),
    "padLength must be a whole number",
  ],
  [
    "256 octets of padding",
    clientWithRequest,
    (engine) => engine.sendData(1, ascii("x"), { padLength: 256 }),
    "padLength must be 0 to 255",
  ],
  ["PING of seven octets", client, (engine) => engine.ping(ascii("1234567")), "PING data must be 8 octets"],
];

describe.each([
  ["heads", HEADS],
  ["the ends of messages", ENDS],
  ["promises", PROMISES],
  ["bodies", BODIES],
])("the caller is told what is wrong with %s", (_which, mistakes) => {
  it.each(mistakes)("such as %s", (_what, make, call, message) => {
    const engine = make();
    expect(expectMisuse(engine, () => call(engine), Error).message).toBe(message);
  });
});

describe("an answer to CONNECT with a status from 300 on (RFC 9113 section 8.5)", () => {
  it("opens no tunnel, so that it may have a length and trailers", () => {
    const engine = serverWithConnect();
    engine.sendHeaders(1, [
      [":status", "300"],
      ["content-length", "0"],
    ]);
    engine.sendHeaders(1, [["x", "y"]], { endStream: true });
    expect(engine.hasOutput).toBe(true);
  });
});

describe("the largest padding (RFC 9113 section 6.1)", () => {
  it("is 255 octets", () => {
    const engine = clientWithRequest();
    engine.sendData(1, ascii("x"), { padLength: 255 });
    expect(engine.dataToSend()).toHaveLength(9 + 1 + 1 + 255);
  });
});
