import { describe, expect, it } from "vitest";
import { H2Connection, type H2Event } from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  GET,
  OK,
  receive,
  requestHead,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { frames, type Wire } from "../support/frames.ts";

type Fault = readonly [what: string, make: () => H2Connection, wire: readonly Wire[], reason: string];

const get = (streamId: number) => frames.headers(streamId).request("GET", "/");
const promise = (streamId: number, promised: number) =>
  frames.pushPromise(streamId, promised).request("GET", "/");

/** A client whose CONNECT was accepted. */
function clientWithTunnel(): H2Connection {
  const engine = client();
  engine.sendHeaders(1, [
    [":method", "CONNECT"],
    [":authority", "example.com:443"],
  ]);
  receive(engine, frames.headers(1).response(200));
  return engine;
}

function serverThatPushed(): H2Connection {
  const engine = serverWithRequest();
  engine.pushStream(1, 2, GET);
  return engine;
}

const AT_SERVERS: readonly Fault[] = [
  [
    "priorities of another kind from now on",
    server,
    [frames.settings([9, 1])],
    "SETTINGS_NO_RFC7540_PRIORITIES cannot change after the first SETTINGS",
  ],
  [
    "a priority of a stream that was not promised",
    server,
    [frames.priorityUpdate(2, "u=1")],
    "stream 2 was not promised, so it has no priority",
  ],
  ["a request on a server's stream", server, [get(2)], "HEADERS cannot open stream 2 from this side"],
  [
    "a request below the highest stream",
    server,
    [get(5), get(3)],
    "HEADERS cannot open stream 3, which is lower than 5",
  ],
  [
    "a request too many",
    () => server({ initialSettings: [[3, 1]] }),
    [get(1), get(3)],
    "more than 1 streams are open",
  ],
  [
    "HEADERS behind the end",
    server,
    [get(1).endStream(), get(1)],
    "HEADERS came after the peer closed stream 1",
  ],
  ["DATA on an idle stream", server, [frames.data(1, "x")], "DATA cannot come on stream 1 as it stands"],
  [
    "trailers that do not end",
    serverWithRequest,
    [frames.headers(1).field("x", "y")],
    "trailers must end the stream",
  ],
  ["a promise", serverWithRequest, [promise(1, 2)], "a client cannot push"],
  [
    "a lonely CONTINUATION",
    server,
    [frames.continuation(1)],
    "CONTINUATION came without a field block before it",
  ],
  [
    "PING inside a field block",
    server,
    [get(1).withoutEndHeaders(), frames.ping()],
    "an invalid frame came inside the field block on stream 1, which must be completed first",
  ],
  [
    "too many CONTINUATION frames",
    () =>
      server({ limits: { continuationFrames: 1, fieldBlockOctets: 16_384 }, initialSettings: [[6, 16_384]] }),
    [
      get(1).withoutEndHeaders(),
      frames.continuation(1).withoutEndHeaders(),
      frames.continuation(1).withoutEndHeaders(),
    ],
    "too many CONTINUATION frames in a field block",
  ],
  [
    "a stream that depends on itself",
    server,
    [frames.priority(1, { dependsOn: 1 })],
    "stream 1 depends on itself",
  ],
  [
    "a window beyond the largest",
    server,
    [frames.windowUpdate(0, 2 ** 31 - 1)],
    "a window cannot be larger than 2^31 - 1 octets",
  ],
  [
    "a setting that makes a window too large",
    serverWithRequest,
    [frames.windowUpdate(1, 1), frames.settings([4, 2 ** 31 - 1])],
    "SETTINGS_INITIAL_WINDOW_SIZE makes the window of stream 1 larger than 2^31 - 1 octets",
  ],
  [
    "a window for a stream that is idle",
    server,
    [frames.windowUpdate(1, 1)],
    "WINDOW_UPDATE cannot come on stream 1 as it stands",
  ],
  [
    "DATA beyond the window of the connection",
    () => serverWithRequest({ initialSettings: [[4, 100_000]] }),
    Array.from({ length: 5 }, () => frames.data(1, new Uint8Array(16_384))),
    "DATA beyond the window of the connection",
  ],
  [
    "DATA beyond the window of the stream",
    () => serverWithRequest({ initialSettings: [[4, 10]] }),
    [frames.data(1, "eleven octets")],
    "DATA beyond the window of its stream",
  ],
  [
    "too many settings",
    () => server({ limits: { settingsEntries: 1 } }),
    [frames.settings([3, 1], [4, 1])],
    "too many entries in SETTINGS",
  ],
  [
    "too many acknowledgements to write",
    () => server({ limits: { unsentAcknowledgements: 1 } }),
    [frames.ping(), frames.ping()],
    "too many acknowledgements wait to be sent",
  ],
  [
    "windows for nothing",
    () => server({ limits: { windowUpdates: 1 } }),
    Array.from({ length: 3 }, () => frames.windowUpdate(0, 1)),
    "more WINDOW_UPDATE frames than the DATA that was sent explains",
  ],
];

const AT_CLIENTS: readonly Fault[] = [
  [
    "a server that takes pushes",
    client,
    [frames.settings([2, 1])],
    "a server cannot set SETTINGS_ENABLE_PUSH to 1",
  ],
  [
    "extended CONNECT that is taken back",
    client,
    [frames.settings([8, 1]), frames.settings([8, 0])],
    "SETTINGS_ENABLE_CONNECT_PROTOCOL cannot be taken back",
  ],
  [
    "PRIORITY_UPDATE",
    clientWithRequest,
    [frames.priorityUpdate(1, "u=1")],
    "a server cannot send PRIORITY_UPDATE",
  ],
  [
    "a response that nobody asked for",
    client,
    [frames.headers(1).response(200)],
    "HEADERS cannot open stream 1 from this side",
  ],
  ["a body before its head", clientWithRequest, [frames.data(1, "x")], "cannot receive data before headers"],
  [
    "an interim response that ends",
    clientWithRequest,
    [frames.headers(1).response(103).endStream()],
    "an interim response cannot end a stream",
  ],
  [
    "too many interim responses",
    () => clientWithRequest({ limits: { interimResponses: 1 } }),
    [frames.headers(1).response(103), frames.headers(1).response(103)],
    "too many interim responses",
  ],
  [
    "trailers on a tunnel",
    clientWithTunnel,
    [frames.headers(1).field("x", "y").endStream()],
    "a tunnel has no trailers",
  ],
  ["a promise on a tunnel", clientWithTunnel, [promise(1, 2)], "a tunnel takes no promises"],
  [
    "a promise where push is off",
    () => clientWithRequest({ initialSettings: [[2, 0]] }),
    [promise(1, 2)],
    "push was switched off with SETTINGS_ENABLE_PUSH",
  ],
  [
    "a promise on a promise",
    clientWithRequest,
    [promise(1, 2), promise(2, 4)],
    "stream 2 is a pushed stream, so it takes no promises",
  ],
  [
    "a promise of a client's stream",
    clientWithRequest,
    [promise(1, 3)],
    "PUSH_PROMISE must promise a stream with an even identifier, not 3",
  ],
  [
    "a promise made twice",
    clientWithRequest,
    [promise(1, 2), promise(1, 2)],
    "stream 2 is not idle, so it cannot be promised",
  ],
  [
    "a promise on an idle stream",
    clientWithRequest,
    [promise(3, 2)],
    "PUSH_PROMISE cannot come on stream 3 as it stands",
  ],
  [
    "too many promises",
    () => clientWithRequest({ limits: { reservedStreams: 1 } }),
    [promise(1, 2), promise(1, 4)],
    "too many promised streams wait",
  ],
];

function reasonOf(event: H2Event | undefined): string | undefined {
  if (event?.type !== "ConnectionTerminated" && event?.type !== "StreamReset") return undefined;
  return event.error?.reason;
}

describe("what a peer did wrong is told in words", () => {
  it.each(AT_SERVERS)("such as %s, by a server", (_what, make, wire, reason) => {
    expect(reasonOf(receive(make(), ...wire).at(-1))).toBe(reason);
  });

  it.each(AT_CLIENTS)("such as %s, by a client", (_what, make, wire, reason) => {
    expect(reasonOf(receive(make(), ...wire).at(-1))).toBe(reason);
  });

  it("such as HEADERS on a stream that we promised (RFC 9113 section 5.1)", () => {
    const events = receive(serverThatPushed(), get(2));
    expect(reasonOf(events.at(-1))).toBe("HEADERS cannot come on stream 2 as it stands");
  });

  it("such as a frame behind the end of a stream (RFC 9113 section 5.1)", () => {
    const engine = server();
    receive(engine, get(1).endStream());
    engine.sendHeaders(1, OK, { endStream: true });
    const events = receive(engine, frames.data(1, "late"));
    expect(reasonOf(events.at(-1))).toBe("DATA came after stream 1 had ended");
  });

  it("such as a first frame other than SETTINGS (RFC 9113 section 3.4)", () => {
    const engine = new H2Connection();
    engine.initiateConnection();
    expect(reasonOf(receive(engine, frames.ping()).at(-1))).toBe("the first frame must be SETTINGS");
  });
});

describe("a tunnel (RFC 9113 section 8.5)", () => {
  it.each([
    [200, true],
    [299, true],
    [300, false],
  ])("begins with status %d at a client: %s", (status, isTunnel) => {
    const engine = client();
    engine.sendHeaders(1, [
      [":method", "CONNECT"],
      [":authority", "example.com:443"],
    ]);
    receive(engine, frames.headers(1).response(status));
    const last = receive(engine, frames.headers(1).field("x", "y").endStream()).at(-1);
    expect(last?.type).toBe(isTunnel ? "StreamReset" : "StreamEnded");
  });
});

describe("the length of a response (RFC 9113 section 8.1.1)", () => {
  it("is not that of its body where the request was a HEAD, and is for other methods", () => {
    for (const [method, last] of [
      ["HEAD", "StreamEnded"],
      ["GET", "StreamReset"],
    ] as const) {
      const engine = client();
      engine.sendHeaders(1, requestHead(method), { endStream: true });
      const response = frames.headers(1).response(200).field("content-length", "5").endStream();
      expect(receive(engine, response).at(-1)?.type).toBe(last);
    }
  });
});
