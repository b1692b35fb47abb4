import { describe, expect, it } from "vitest";
import { ErrorCodes, NoSuchStreamError, ProtocolError, StreamClosedError } from "../../src/index.ts";
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
import { expectAlive, expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const H3 = 'h3=":443"; ma=3600';

describe("ALTSVC from a server to a client (RFC 7838 section 4)", () => {
  it("tells of another origin on stream 0, and of a request's own on its stream", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, GET);
    drive();
    server.advertiseAlternativeService(H3, { origin: "https://example.org" });
    server.advertiseAlternativeService("clear", { streamId: 1 });
    expect(drive().atClient).toEqual([
      { type: "AlternativeServiceAvailable", origin: "https://example.org", fieldValue: H3 },
      { type: "AlternativeServiceAvailable", origin: "example.com", fieldValue: "clear" },
    ]);
  });

  it("tells each one, as the later one takes the place of the earlier", () => {
    const [first, second] = told(
      receive(client(), frames.altsvc(0, "https://a", H3), frames.altsvc(0, "https://a", "clear")),
    );
    expect([first, second]).toEqual([
      `AlternativeServiceAvailable https://a ${H3}`,
      "AlternativeServiceAvailable https://a clear",
    ]);
  });

  it("tells the host of a request that has no authority", () => {
    const engine = client();
    engine.sendHeaders(1, [...GET.filter(([name]) => name !== ":authority"), ["host", "old.example.com"]]);
    expect(told(receive(engine, frames.altsvc(1, "", H3)))).toEqual([
      `AlternativeServiceAvailable old.example.com ${H3}`,
    ]);
  });

  it("may come between interim responses", () => {
    const engine = clientWithRequest();
    receive(engine, frames.headers(1).response(103));
    expect(told(receive(engine, frames.altsvc(1, "", H3), frames.headers(1).response(103)))).toEqual([
      `AlternativeServiceAvailable example.com ${H3}`,
      "InformationalResponseReceived stream=1 :status=103",
    ]);
  });

  it("opens and closes no stream", () => {
    const engine = clientWithRequest();
    receive(engine, frames.altsvc(1, "", H3), frames.altsvc(0, "https://a", H3));
    expect([engine.openOutboundStreams, engine.openInboundStreams]).toEqual([1, 0]);
    expect(sent(engine)).toEqual([]);
  });
});

describe("ALTSVC that means nothing (RFC 7838 section 4)", () => {
  it.each([
    ["on stream 0 without an origin", frames.altsvc(0, "", H3)],
    ["on a stream with an origin, though it were the right one", frames.altsvc(1, "https://example.com", H3)],
    ["on a stream that was never opened", frames.altsvc(5, "", H3)],
    ["on a stream of the server's that was never promised", frames.altsvc(2, "", H3)],
  ])("is ignored %s", (_what, frame) => {
    const engine = clientWithRequest();
    expect(receive(engine, frame)).toEqual([]);
    expectAlive(engine);
  });

  it.each([
    ["on stream 0", frames.altsvc(0, "https://example.com", H3)],
    ["on a request's stream", frames.altsvc(1, "", H3)],
  ])("is ignored by a server %s", (_what, frame) => {
    const engine = serverWithRequest();
    expect(receive(engine, frame)).toEqual([]);
    expectAlive(engine);
  });

  it("is ignored for an origin that the server does not answer for, as ORIGIN tells (RFC 8336 section 2.4)", () => {
    const engine = client({ initialOrigin: "https://example.com" });
    const elsewhere = frames.altsvc(0, "https://example.net", H3);
    expect(receive(engine, elsewhere)).toHaveLength(1);
    receive(engine, frames.origin("https://example.org"));
    expect(receive(engine, elsewhere, frames.altsvc(0, "nonsense", H3))).toEqual([]);
    expect(told(receive(engine, frames.altsvc(0, "https://EXAMPLE.org:443", H3)))).toEqual([
      `AlternativeServiceAvailable https://EXAMPLE.org:443 ${H3}`,
    ]);
    expect(receive(engine, frames.altsvc(0, "https://example.com", H3))).toHaveLength(1);
  });

  it("is of no use in masses: it counts as a useless frame", () => {
    const engine = client({ limits: { uselessFrames: { burst: 3, perSecond: 0 } } });
    const frame = frames.altsvc(0, "https://a", "clear");
    expect(receive(engine, frame, frame, frame)).toHaveLength(3);
    expectConnectionError(
      engine,
      receive(engine, frame),
      ErrorCodes.ENHANCE_YOUR_CALM,
      "limit uselessFrames",
    );
  });
});

describe("advertiseAlternativeService (RFC 7838 section 4)", () => {
  it("is for servers", () => {
    const engine = clientWithRequest();
    const advertise = (): void => engine.advertiseAlternativeService(H3, { origin: "https://example.com" });
    expectMisuse(engine, advertise, ProtocolError);
  });

  it.each([
    ["neither an origin nor a stream", {}],
    ["both", { origin: "https://example.com", streamId: 1 }],
    ["an empty origin, which clients ignore", { origin: "" }],
  ])("refuses %s", (_what, options) => {
    const engine = serverWithRequest();
    expectMisuse(engine, () => engine.advertiseAlternativeService(H3, options), RangeError);
  });

  it("refuses a stream that is idle, answered or closed", () => {
    const engine = serverWithRequest();
    const advertise = (streamId: number) => () => engine.advertiseAlternativeService(H3, { streamId });
    expectMisuse(engine, advertise(3), NoSuchStreamError);
    engine.sendHeaders(1, OK);
    expectMisuse(engine, advertise(1), ProtocolError);
    engine.resetStream(1);
    expectMisuse(engine, advertise(1), StreamClosedError);
  });

  it("takes a promised stream, before its response", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, POST);
    drive();
    server.pushStream(1, 2, GET);
    server.advertiseAlternativeService(H3, { streamId: 2 });
    expect(told(drive().atClient).at(-1)).toBe(`AlternativeServiceAvailable example.com ${H3}`);
  });

  it("is over when the connection is", () => {
    const engine = server();
    receive(engine, frames.data(0, "x"));
    const advertise = (): void => engine.advertiseAlternativeService(H3, { origin: "https://example.com" });
    expectMisuse(engine, advertise, ProtocolError);
  });
});
