import { describe, expect, it } from "vitest";
import {
  DEFAULT_LIMITS,
  ErrorCodes,
  FrameTooLargeError,
  H2Configuration,
  type H2Connection,
  ProtocolError,
} from "../../src/index.ts";
import { client, GET, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { hex, sent } from "../support/wire.ts";

const HERE = { initialOrigin: "https://example.com" };

/** A client that is connected to https://example.com and got this ORIGIN. */
function clientWithOrigins(...origins: readonly string[]): H2Connection {
  const engine = client(HERE);
  receive(engine, frames.origin(...origins));
  return engine;
}

function originsOf(engine: H2Connection): string[] | null {
  return engine.originSet === null ? null : [...engine.originSet];
}

/** Sends a request to an origin, which answers with this status. */
function exchange(engine: H2Connection, authority: string, status: number, scheme = "https"): void {
  const streamId = engine.getNextAvailableStreamId();
  const replaced = new Map([
    [":authority", authority],
    [":scheme", scheme],
  ]);
  engine.sendHeaders(
    streamId,
    GET.map(([name, value]) => [name, replaced.get(name) ?? value] as const),
    { endStream: true },
  );
  receive(engine, frames.headers(streamId).response(status).endStream());
}

describe("the origin set of a client (RFC 8336 section 2.3)", () => {
  it("is not there before ORIGIN comes: the usual rules hold", () => {
    const engine = client(HERE);
    exchange(engine, "example.com", 200);
    expect(engine.originSet).toBeNull();
  });

  it("begins with the origin that was connected to", () => {
    expect(originsOf(clientWithOrigins())).toEqual(["https://example.com"]);
  });

  it("has what the frame names, and what later ones add", () => {
    const engine = clientWithOrigins("https://a.example", "https://b.example:8443");
    receive(engine, frames.origin("https://c.example", "https://a.example"));
    expect(originsOf(engine)).toEqual([
      "https://example.com",
      "https://a.example",
      "https://b.example:8443",
      "https://c.example",
    ]);
  });

  it("is up to date when the event is told", () => {
    const { client, server, drive } = pair({ client: HERE });
    server.advertiseOrigins(["https://example.org"]);
    expect(told(drive().atClient)).toEqual(["OriginReceived https://example.org"]);
    expect(client.originSet?.has("https://example.org")).toBe(true);
  });

  it("has origins in one form: lower case, without the scheme's own port (RFC 6454 section 6.2)", () => {
    expect(originsOf(clientWithOrigins("HTTPS://A.Example:443", "https://a.example"))).toEqual([
      "https://example.com",
      "https://a.example",
    ]);
    expect(new H2Configuration({ initialOrigin: "https://Example.com:0443" }).initialOrigin).toBe(
      "https://example.com",
    );
  });

  it.each(["", "null", "example.com", "https://", "https://a/", "https://a?b", "https://u@a", "https://a:b"])(
    "leaves out %j, which is no origin (section 2.2)",
    (entry) => {
      expect(originsOf(clientWithOrigins(entry, "https://b.example"))).toEqual([
        "https://example.com",
        "https://b.example",
      ]);
    },
  );

  it("has no place for more than the limit; what is there stays (section 4)", () => {
    const engine = client({ ...HERE, limits: { originSetSize: 3 } });
    receive(
      engine,
      frames.origin("https://a", "https://a", "https://b", "https://c"),
      frames.origin("https://d"),
    );
    expect(originsOf(engine)).toEqual(["https://example.com", "https://a", "https://b"]);
    expectAlive(engine);
  });

  it("has 128 places (section 4)", () => {
    const entries = Array.from({ length: 200 }, (_, index) => `https://host${index}.example`);
    expect(clientWithOrigins(...entries).originSet?.size).toBe(128);
    expect(DEFAULT_LIMITS.originSetSize).toBe(128);
  });

  it("is not touched by alternative services (section 2.4)", () => {
    const engine = clientWithOrigins();
    receive(engine, frames.altsvc(0, "https://example.com", 'h2="b.example:443"'));
    expect(originsOf(engine)).toEqual(["https://example.com"]);
  });

  it("is for the caller to read while it changes", () => {
    const engine = clientWithOrigins();
    const view = engine.originSet;
    receive(engine, frames.origin("https://a"));
    expect(view).toBe(engine.originSet);
    expect(view?.size).toBe(2);
  });
});

describe("421 (Misdirected Request) (RFC 8336 section 2.3)", () => {
  it("takes the request's origin out", () => {
    const engine = clientWithOrigins("https://a.example", "https://b.example");
    exchange(engine, "a.example", 421);
    expect(originsOf(engine)).toEqual(["https://example.com", "https://b.example"]);
    exchange(engine, "example.com", 421);
    expect(originsOf(engine)).toEqual(["https://b.example"]);
  });

  it("compares origins, not texts", () => {
    const engine = clientWithOrigins("https://a.example", "https://a.example:8443");
    exchange(engine, "A.example:443", 421);
    exchange(engine, "a.example:8443", 421);
    expect(originsOf(engine)).toEqual(["https://example.com"]);
  });

  it("is about the origin of the request, its scheme included", () => {
    const engine = clientWithOrigins("https://a.example", "http://a.example");
    exchange(engine, "a.example", 421, "http");
    expect(originsOf(engine)).toEqual(["https://example.com", "https://a.example"]);
  });

  it("is not what any other status is", () => {
    const engine = clientWithOrigins("https://a.example");
    for (const status of [200, 404, 420, 422]) exchange(engine, "a.example", status);
    expect(originsOf(engine)).toEqual(["https://example.com", "https://a.example"]);
  });

  it("takes out the origin of a push that was answered so", () => {
    const engine = clientWithOrigins("https://a.example");
    engine.sendHeaders(1, GET, { endStream: true });
    receive(engine, frames.pushPromise(1, 2).request("GET", "/", "a.example"));
    receive(engine, frames.headers(2).response(421).endStream());
    expect(originsOf(engine)).toEqual(["https://example.com"]);
  });

  it("does nothing before there is a set, and to a request without an origin", () => {
    const engine = client(HERE);
    exchange(engine, "example.com", 421);
    receive(engine, frames.origin("https://a.example"));
    const connect = [
      [":method", "CONNECT"],
      [":authority", "a.example:443"],
    ] as const;
    engine.sendHeaders(3, connect);
    receive(engine, frames.headers(3).response(421).endStream());
    expect(originsOf(engine)).toEqual(["https://example.com", "https://a.example"]);
  });

  it("lasts until the server names the origin again", () => {
    const engine = clientWithOrigins("https://a.example");
    exchange(engine, "a.example", 421);
    receive(engine, frames.origin("https://a.example"));
    expect(engine.originSet?.has("https://a.example")).toBe(true);
  });
});

describe("ORIGIN that does not count (RFC 8336 section 2.2)", () => {
  it.each([
    ["on a stream", 0, 1],
    ["with the flag 0x1", 0x1, 0],
    ["with the flag 0x2", 0x2, 0],
    ["with the flag 0x4", 0x4, 0],
    ["with the flag 0x8 among others", 0xf8, 0],
  ])("leaves the set as it is %s, whatever the frame has in it", (_what, flags, streamId) => {
    const engine = client(HERE);
    expect(receive(engine, frames.raw(0xc, flags, streamId, hex`00ff 61`))).toEqual([]);
    expect(engine.originSet).toBeNull();
    expectAlive(engine);
  });

  it.each([0x10, 0x20, 0x40, 0x80])("is not one with the flag %i, which changes nothing", (flag) => {
    const engine = client(HERE);
    receive(engine, frames.raw(0xc, flag, 0, hex`0009 68747470733a2f2f61`));
    expect(originsOf(engine)).toEqual(["https://example.com", "https://a"]);
  });

  it("is one on a connection without an initial origin: in cleartext, or to a proxy", () => {
    const engine = client();
    expect(told(receive(engine, frames.origin("https://a")))).toEqual(["OriginReceived https://a"]);
    exchange(engine, "a", 421);
    expect(engine.originSet).toBeNull();
  });

  it("is one that a server gets", () => {
    const engine = server(HERE);
    expect(receive(engine, frames.origin("https://a"))).toEqual([]);
    expect(engine.originSet).toBeNull();
    expectAlive(engine);
  });

  it("is a useless frame, as all of its kind in masses", () => {
    const engine = client({ ...HERE, limits: { uselessFrames: { burst: 2, perSecond: 0 } } });
    const events = receive(engine, frames.origin("https://a"), frames.origin(), frames.origin("https://b"));
    expectConnectionError(engine, events, ErrorCodes.ENHANCE_YOUR_CALM, "limit uselessFrames");
    expect(engine.originSet?.has("https://b")).toBe(false);
  });
});

describe("the initial origin (RFC 8336 section 2.3)", () => {
  it.each(["http://example.com", "example.com", "https://example.com/", "wss://example.com", ""])(
    "cannot be %j: it is one of https",
    (initialOrigin) => {
      expect(() => new H2Configuration({ initialOrigin })).toThrow(RangeError);
    },
  );

  it("cannot be anything but text", () => {
    expect(() => new H2Configuration({ initialOrigin: 443 as unknown as string })).toThrow(TypeError);
  });

  it("may be an address with a port", () => {
    const engine = client({ initialOrigin: "https://[2001:DB8::1]:8443" });
    receive(engine, frames.origin());
    expect(originsOf(engine)).toEqual(["https://[2001:db8::1]:8443"]);
  });

  it("is none unless it is given", () => {
    expect(new H2Configuration().initialOrigin).toBeNull();
  });
});

describe("advertiseOrigins (RFC 8336 section 2.1)", () => {
  it("sends one frame on stream 0, as it was given", () => {
    const engine = server();
    engine.advertiseOrigins(["https://a.example", "https://B.example:443"]);
    engine.advertiseOrigins([]);
    expect(sent(engine)).toEqual(['ORIGIN "https://a.example" "https://B.example:443"', "ORIGIN"]);
  });

  it.each(["a.example", "https://a.example/", "null", "https://\u20ac", ""])(
    "refuses %j, which clients would ignore",
    (origin) => {
      const engine = serverWithRequest();
      expectMisuse(engine, () => engine.advertiseOrigins(["https://a.example", origin]), RangeError);
    },
  );

  it("refuses more than fits into a frame (RFC 9113 section 4.2)", () => {
    const engine = server();
    const origins = Array.from({ length: 1_000 }, (_, index) => `https://host${index}.example`);
    expectMisuse(engine, () => engine.advertiseOrigins(origins), FrameTooLargeError);
  });

  it("is for servers", () => {
    const engine = client(HERE);
    expectMisuse(engine, () => engine.advertiseOrigins(["https://a.example"]), ProtocolError);
  });
});
