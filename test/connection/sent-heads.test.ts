import { describe, expect, it } from "vitest";
import {
  type H2Connection,
  HeaderField,
  NoAvailableStreamIDError,
  NoSuchStreamError,
  ProtocolError,
  RFC1122Error,
  SettingCodes,
  StreamClosedError,
  StreamIDTooLowError,
  TooManyStreamsError,
} from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  GET,
  OK,
  POST,
  receive,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent, sentFrames } from "../support/wire.ts";

describe("a request (RFC 9113 section 8.3.1)", () => {
  it("is HEADERS on the next stream of the client", () => {
    const engine = client();
    expect(engine.getNextAvailableStreamId()).toBe(1);
    engine.sendHeaders(1, GET, { endStream: true });
    expect(engine.getNextAvailableStreamId()).toBe(3);
    expect(sent(engine)).toEqual([
      "HEADERS stream=1 END_STREAM END_HEADERS :method=GET :scheme=https :authority=example.com :path=/",
    ]);
  });

  it("counts as long as it is not answered (section 5.1.2)", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET, { endStream: true });
    expect(client.openOutboundStreams).toBe(1);
    drive();
    server.sendHeaders(1, OK, { endStream: true });
    drive();
    expect([client.openOutboundStreams, server.openInboundStreams]).toEqual([0, 0]);
  });

  it("may skip identifiers; those between cannot be used any more (section 5.1.1)", () => {
    const engine = client();
    engine.sendHeaders(7, GET);
    const error = expectMisuse(engine, () => engine.sendHeaders(5, GET), StreamIDTooLowError);
    expect(error.message).toBe("StreamIDTooLowError: 5 is lower than 7");
    expect([error.streamId, error.maxStreamId]).toEqual([5, 7]);
  });

  it("cannot have the identifier of a server's stream (section 5.1.1)", () => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(2, GET), ProtocolError);
  });

  it.each([0, -1, 1.5, 2 ** 31, 2 ** 31 + 1, Number.NaN])(
    "cannot have the identifier %s (section 5.1.1)",
    (id) => {
      const engine = client();
      expectMisuse(engine, () => engine.sendHeaders(id, GET), ProtocolError);
    },
  );

  it("cannot come again on a stream that is closed", () => {
    const engine = clientWithRequest();
    engine.resetStream(1);
    const error = expectMisuse(engine, () => engine.sendHeaders(1, GET), StreamClosedError);
    expect(error.message).toBe("stream 1 is closed");
  });

  it("has no identifier left behind 2^31 - 1 (section 5.1.1)", () => {
    const engine = client();
    engine.sendHeaders(2 ** 31 - 1, GET);
    expectMisuse(engine, () => engine.getNextAvailableStreamId(), NoAvailableStreamIDError);
  });

  it("cannot be sent beyond the peer's MAX_CONCURRENT_STREAMS (section 5.1.2)", () => {
    const engine = client({}, [[SettingCodes.MAX_CONCURRENT_STREAMS, 2]]);
    engine.sendHeaders(1, GET);
    engine.sendHeaders(3, GET);
    expectMisuse(engine, () => engine.sendHeaders(5, GET), TooManyStreamsError);
  });

  it("cannot be sent once the connection closes (section 6.8)", () => {
    const engine = client();
    receive(engine, frames.goaway(2 ** 31 - 1));
    expectMisuse(engine, () => engine.sendHeaders(1, GET), ProtocolError);
  });

  it("may carry the deprecated priority, with the defaults of RFC 7540 section 5.3.5", () => {
    const engine = client();
    engine.sendHeaders(1, GET, { priorityWeight: 256 });
    engine.sendHeaders(3, GET, { priorityDependsOn: 1, priorityExclusive: true });
    expect(sent(engine).map((line) => line.slice(0, line.indexOf(" :")))).toEqual([
      "HEADERS stream=1 END_HEADERS PRIORITY dependsOn=0 weight=256",
      "HEADERS stream=3 END_HEADERS PRIORITY dependsOn=1 weight=16 exclusive",
    ]);
  });

  it.each([
    ["a weight of 0", { priorityWeight: 0 }],
    ["a weight of 257", { priorityWeight: 257 }],
    ["half a weight", { priorityWeight: 1.5 }],
    ["a dependency on itself", { priorityDependsOn: 1 }],
    ["a dependency on no stream", { priorityDependsOn: 2 ** 31 }],
  ])("cannot carry %s", (_what, options) => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(1, GET, options), ProtocolError);
  });
});

describe("a field block that is larger than a frame (RFC 9113 section 6.10)", () => {
  it("goes on in CONTINUATION frames", () => {
    const engine = client();
    engine.sendHeaders(1, [...GET, ["x", "\u00ff".repeat(40_000)]], { endStream: true });
    const parts = sentFrames(engine);
    expect(parts.map(({ frame }) => [frame.type, frame.flags])).toEqual([
      [1, 0x1],
      [9, 0x0],
      [9, 0x4],
    ]);
    expect(parts.slice(0, 2).map(({ frame }) => frame.length)).toEqual([16_384, 16_384]);
    expect(parts[2]?.fields.at(-1)?.value).toHaveLength(40_000);
  });

  it("leaves room for the priority in the first frame", () => {
    const { client, drive } = pair();
    for (let length = 16_340; length < 16_360; length++) {
      const id = client.getNextAvailableStreamId();
      client.sendHeaders(id, [...GET, ["x", "\u00ff".repeat(length)]], {
        endStream: true,
        priorityWeight: 1,
      });
    }
    expect(drive().atServer.filter(({ type }) => type === "RequestReceived")).toHaveLength(20);
  });

  it("is cut at the peer's MAX_FRAME_SIZE", () => {
    const engine = client({}, [[SettingCodes.MAX_FRAME_SIZE, 50_000]]);
    engine.sendHeaders(1, [...GET, ["x", "\u00ff".repeat(40_000)]]);
    expect(sentFrames(engine)).toHaveLength(1);
  });
});

describe("a response (RFC 9113 section 8.3.2)", () => {
  it("is HEADERS on the stream of the request", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, [...OK, ["server", "x"]]);
    expect(sent(engine)).toEqual(["HEADERS stream=1 END_HEADERS :status=200 server=x"]);
  });

  it("may end the stream before the request is complete (section 8.1)", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, [[":status", "413"]], { endStream: true });
    expect(told(receive(engine, frames.data(1, "more").endStream()))).toHaveLength(2);
    expect(engine.openInboundStreams).toBe(0);
  });

  it.each([1, 2])("needs a stream that somebody opened: %i is idle", (streamId) => {
    const engine = server();
    expectMisuse(engine, () => engine.sendHeaders(streamId, OK), ProtocolError);
  });

  it("cannot follow on a response that ended the stream", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK, { endStream: true });
    expectMisuse(engine, () => engine.sendHeaders(1, OK), ProtocolError);
  });

  it("cannot be sent by a client", () => {
    const engine = clientWithRequest();
    expectMisuse(engine, () => engine.sendHeaders(1, OK), ProtocolError);
  });

  it("has no priority to give (RFC 9113 section 5.3)", () => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.sendHeaders(1, OK, { priorityWeight: 1 }), RFC1122Error);
  });
});

describe("fields as a caller may give them", () => {
  const fields: readonly [string, string][] = [
    ...GET.map(([name, value]): [string, string] => [name, value]),
    ["x", "y"],
  ];

  it.each([
    ["pairs", fields],
    ["HeaderFields", fields.map(([name, value]) => new HeaderField(name, value))],
    ["both", [...GET, new HeaderField("x", "y")]],
    ["a Map", new Map(fields)],
    ["a Set", new Set(fields)],
  ])("are %s", (_what, headers) => {
    const engine = client();
    engine.sendHeaders(1, headers as [string, string][]);
    expect(sent(engine)[0]).toMatch(/:method=GET :scheme=https :authority=example\.com :path=\/ x=y$/);
  });

  it("may come from a generator, which is asked once", () => {
    const engine = client();
    let asked = 0;
    function* headers(): Generator<readonly [string, string]> {
      asked++;
      yield* GET;
    }
    engine.sendHeaders(1, headers());
    expect(asked).toBe(1);
  });

  it.each([
    ["a character above U+00FF, which is no octet", [...GET, ["x", "\u0100"]]],
    ["a pair with a number", [...GET, ["content-length", 5]]],
    ["a name alone", [...GET, ["x"]]],
    ["a string", [...GET, "x: y"]],
  ])("cannot have %s", (_what, headers) => {
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(1, headers as [string, string][]), TypeError);
  });

  it("may throw on their own, and then nothing was sent", () => {
    const engine = client();
    function* broken(): Generator<readonly [string, string]> {
      yield [":method", "GET"];
      throw new EvalError("mine");
    }
    expectMisuse(engine, () => engine.sendHeaders(1, broken()), EvalError);
  });

  it("travel one octet a character (RFC 9110 section 5.5)", () => {
    const { client, drive } = pair();
    const value = String.fromCharCode(...Array.from({ length: 128 }, (_, index) => index + 128));
    client.sendHeaders(1, [...GET, ["x", value]]);
    expect(drive().atServer[0]).toMatchObject({ headers: [{}, {}, {}, {}, { name: "x", value }] });
  });
});

describe("fields that are put into form", () => {
  function put(...headers: readonly (readonly [string, string])[]): string {
    const engine = client();
    engine.sendHeaders(1, [...GET, ...headers]);
    return (sent(engine)[0] as string).replace(/^.*:path=\/ ?/, "");
  }

  it("get names in lower case and lose space at both ends (RFC 9113 section 8.2.1)", () => {
    expect(put(["Accept-Language", " en \t"])).toBe("accept-language=en");
  });

  it("lose what belongs to a connection of HTTP/1.1 (section 8.2.2)", () => {
    const gone = [
      "Connection",
      "keep-alive",
      "proxy-connection",
      "transfer-encoding",
      "upgrade",
      "http2-settings",
    ];
    expect(put(...gone.map((name) => [name, "x"] as const), ["x", "y"])).toBe("x=y");
  });

  it("keep credentials and short cookies out of the tables (RFC 7541 section 7.1.3)", () => {
    expect(put(["authorization", "Basic x"], ["proxy-authorization", "y"], ["cookie", "a=b"])).toBe(
      "authorization!=Basic x proxy-authorization!=y cookie!=a=b",
    );
    expect(put(["cookie", "a=a-cookie-that-is-long-enough"])).toBe("cookie=a=a-cookie-that-is-long-enough");
  });
});

describe("fields that are refused before anything changed", () => {
  const wrong: Record<string, readonly (readonly [string, string])[]> = {
    "a line break": [...GET, ["x", "a\nb"]],
    "a carriage return": [...GET, ["x", "a\rb"]],
    "a NUL": [...GET, ["x", "a\0b"]],
    "an empty name": [...GET, ["", "x"]],
    "no :path": GET.slice(0, 3),
    "a pseudo-header field at the end": [...GET, ["x", "y"], [":scheme", "https"]],
    "a :status": [...GET, [":status", "200"]],
    nothing: [],
  };

  it.each(Object.entries(wrong))("have %s (RFC 9113 section 8.2, 8.3)", (_what, headers) => {
    const { client: engine, drive } = pair();
    engine.sendHeaders(1, [...GET, ["x-before", "1"]]);
    drive();
    expectMisuse(engine, () => engine.sendHeaders(3, [["x-lost", "2"], ...headers]), ProtocolError);
    expectMisuse(engine, () => engine.sendHeaders(3, headers), ProtocolError);
    engine.sendHeaders(3, [...GET, ["x-before", "1"], ["x-after", "3"]]);
    expect(told(drive().atServer)).toEqual([
      "RequestReceived stream=3 :method=GET :scheme=https :authority=example.com :path=/ x-before=1 x-after=3",
    ]);
  });

  it("are extended CONNECT before the server allowed it (RFC 8441 section 3)", () => {
    const connect = [...GET.slice(1), [":method", "CONNECT"], [":protocol", "websocket"]] as [
      string,
      string,
    ][];
    const engine = client();
    expectMisuse(engine, () => engine.sendHeaders(1, connect), ProtocolError);
    const allowed = client({}, [[SettingCodes.ENABLE_CONNECT_PROTOCOL, 1]]);
    allowed.sendHeaders(1, connect);
  });
});

describe("what a server cannot do to a stream", () => {
  it("answer a request that it was never sent: a stream of the client stays the client's", () => {
    const engine: H2Connection = server();
    expectMisuse(engine, () => engine.sendHeaders(5, POST), ProtocolError);
    expectMisuse(engine, () => engine.sendData(5, Uint8Array.of(1)), NoSuchStreamError);
  });
});
