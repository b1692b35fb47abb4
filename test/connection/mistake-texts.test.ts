import { describe, expect, it } from "vitest";
import { H2Configuration, H2Connection, type H2Options, RFC1122Error } from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, POST, server, serverWithRequest } from "../support/engine.ts";
import { ascii } from "../support/frames.ts";
import { expectMisuse, thrownBy } from "../support/outcome.ts";

type Call = (engine: H2Connection) => unknown;
type Mistake = readonly [what: string, call: Call, message: string];

const URGENT = { urgency: 1, incremental: false };
/** Sixty-four origins of 254 octets, which with their lengths fill a frame of 16,384 octets. */
const FULL_FRAME = Array.from({ length: 64 }, () => `https://${"a".repeat(246)}`);

/** Mistakes of a client that has an open request on stream 1. */
const OF_CLIENTS: readonly Mistake[] = [
  [
    "octets that are none",
    (engine) => engine.receiveData("octets" as unknown as Uint8Array),
    "octets must be a Uint8Array",
  ],
  ["an amount below 0", (engine) => engine.dataToSend(-1), "an amount is 0 octets or more, and whole"],
  ["half an octet", (engine) => engine.takeChunks(0.5), "an amount is 0 octets or more, and whole"],
  [
    "an urgency of 8",
    (engine) => engine.sendPriorityUpdate(1, { urgency: 8, incremental: false }),
    "an urgency is 0 to 7",
  ],
  [
    "a priority for stream 0",
    (engine) => engine.sendPriorityUpdate(0, URGENT),
    "0 is no stream identifier (RFC 9113 section 5.1.1)",
  ],
  [
    "an alternative service",
    (engine) => engine.advertiseAlternativeService("clear", { streamId: 1 }),
    "only servers have alternative services (RFC 7838 section 4)",
  ],
  ["origins", (engine) => engine.advertiseOrigins([]), "only servers send ORIGIN (RFC 8336 section 2)"],
  ["a weight of 0", (engine) => engine.prioritize(1, { weight: 0 }), "a weight is 1 to 256, not 0"],
  [
    "a dependency of a stream on itself",
    (engine) => engine.prioritize(1, { dependsOn: 1 }),
    "stream 1 cannot depend on itself",
  ],
  [
    "a dependency on no stream",
    (engine) => engine.prioritize(1, { dependsOn: 2 ** 31 }),
    "2147483648 is no stream identifier",
  ],
  [
    "an acknowledgement for no stream",
    (engine) => engine.acknowledgeReceivedData(1, 0),
    "the stream must be above 0",
  ],
  [
    "an acknowledgement below 0",
    (engine) => engine.acknowledgeReceivedData(-1, 1),
    "the size must be 0 or more",
  ],
  [
    "an increment of 0",
    (engine) => engine.incrementFlowControlWindow(0),
    "an increment is 1 to 2^31 - 1, not 0",
  ],
  [
    "an increment beyond the largest window",
    (engine) => engine.incrementFlowControlWindow(2 ** 31 - 1),
    "a window cannot be larger than 2^31 - 1 (RFC 9113 section 6.9.1)",
  ],
];

/** Mistakes of a server that has an open request on stream 1 and a promise on stream 2. */
const OF_SERVERS: readonly Mistake[] = [
  [
    "a priority update",
    (engine) => engine.sendPriorityUpdate(1, URGENT),
    "only clients send PRIORITY_UPDATE (RFC 9218 section 7.1)",
  ],
  [
    "an alternative service for nobody",
    (engine) => engine.advertiseAlternativeService("clear", {}),
    "give either an origin or a stream (RFC 7838 section 4)",
  ],
  [
    "an alternative service for the empty origin",
    (engine) => engine.advertiseAlternativeService("clear", { origin: "" }),
    "an origin cannot be empty (RFC 7838 section 4)",
  ],
  [
    "an origin that is none",
    (engine) => engine.advertiseOrigins(["example.com"]),
    '"example.com" is no origin (RFC 8336 section 2.1)',
  ],
  [
    "origins that fill more than a frame",
    (engine) => engine.advertiseOrigins([...FULL_FRAME, "https://b"]),
    "16395 octets do not fit into a frame of 16384 (RFC 9113 section 4.2)",
  ],
  ["a frame type below 0", (engine) => engine.sendExtensionFrame({ type: -1 }), "-1 is no frame type"],
  ["a frame type of nine bits", (engine) => engine.sendExtensionFrame({ type: 256 }), "256 is no frame type"],
  ["half a frame type", (engine) => engine.sendExtensionFrame({ type: 98.5 }), "98.5 is no frame type"],
  [
    "a frame of a known type",
    (engine) => engine.sendExtensionFrame({ type: 0 }),
    "frame type 0 has a method of its own",
  ],
  [
    "flags below 0",
    (engine) => engine.sendExtensionFrame({ type: 99, flags: -1 }),
    "-1 does not fit into the flags of a frame",
  ],
  [
    "nine flags",
    (engine) => engine.sendExtensionFrame({ type: 99, flags: 256 }),
    "256 does not fit into the flags of a frame",
  ],
  [
    "half a flag",
    (engine) => engine.sendExtensionFrame({ type: 99, flags: 0.5 }),
    "0.5 does not fit into the flags of a frame",
  ],
  [
    "a window for its own promise",
    (engine) => engine.incrementFlowControlWindow(1, { streamId: 2 }),
    "WINDOW_UPDATE cannot be sent on stream 2: it is reserved local (RFC 9113 section 5.1)",
  ],
  [
    "a priority by the deprecated scheme",
    (engine) => engine.prioritize(1),
    "a server has no priority to give (RFC 9113 section 5.3)",
  ],
];

function promising(): H2Connection {
  const engine = serverWithRequest();
  engine.pushStream(1, 2, GET);
  return engine;
}

describe("the caller is told what is wrong", () => {
  it.each(OF_CLIENTS)("with %s of a client", (_what, call, message) => {
    const engine = clientWithRequest();
    expect(expectMisuse(engine, () => call(engine), Error).message).toBe(message);
  });

  it.each(OF_SERVERS)("with %s of a server", (_what, call, message) => {
    const engine = promising();
    expect(expectMisuse(engine, () => call(engine), Error).message).toBe(message);
  });

  it("with an alternative service behind the response (RFC 7838 section 4)", () => {
    const engine = serverWithRequest();
    engine.sendHeaders(1, OK);
    const call = () => engine.advertiseAlternativeService("clear", { streamId: 1 });
    expect(expectMisuse(engine, call, Error).message).toBe(
      "an alternative service must be announced before the response",
    );
  });

  it("with a priority where it announced to have none (RFC 9218 section 2.1)", () => {
    const engine = client({ initialSettings: [[9, 1]] });
    expect(expectMisuse(engine, () => engine.prioritize(1), Error).message).toBe(
      "we announced that we have no such priorities (RFC 9218 section 2.1)",
    );
  });

  it("where all stream identifiers are used (RFC 9113 section 5.1.1)", () => {
    const engine = client();
    engine.sendHeaders(2 ** 31 - 1, GET);
    expect(expectMisuse(engine, () => engine.getNextAvailableStreamId(), Error).message).toBe(
      "all stream identifiers of this side are used up",
    );
  });

  it.each([
    ["AAM=", "HTTP2-Settings is not base64url without padding (RFC 7540 section 3.2.1)"],
    ["AAMAAA", "HTTP2-Settings is not a multiple of 6 octets (RFC 7540 section 3.2.1)"],
    ["AAMAAABk".repeat(33), "HTTP2-Settings has more than 32 settings (limit settingsEntries)"],
  ])("with the value %s of HTTP2-Settings", (value, message) => {
    const engine = new H2Connection({ clientSide: false });
    expect(expectMisuse(engine, () => engine.initiateUpgradeConnection(value), Error).message).toBe(message);
  });

  it("by errors with the names of their classes", () => {
    const engine = server();
    const { name } = expectMisuse(engine, () => engine.prioritize(1), RFC1122Error);
    expect(name).toBe("RFC1122Error");
  });
});

describe("what just fits is sent", () => {
  it("such as an alternative service that fills a frame (RFC 7838 section 4)", () => {
    for (const place of [{ origin: "https://a" }, { streamId: 1 }]) {
      const engine = serverWithRequest();
      const room = 16_384 - 2 - ("origin" in place ? 9 : 0);
      const tooLong = () => engine.advertiseAlternativeService("a".repeat(room + 1), place);
      expectMisuse(engine, tooLong, Error);
      engine.advertiseAlternativeService("a".repeat(room), place);
      expect(engine.dataToSend()).toHaveLength(9 + 16_384);
    }
  });

  it("such as origins that fill a frame (RFC 8336 section 2.1)", () => {
    const engine = server();
    engine.advertiseOrigins(FULL_FRAME);
    expect(engine.dataToSend()).toHaveLength(9 + 16_384);
  });

  it("such as a frame of type 255 with all flags (RFC 9113 section 5.5)", () => {
    const engine = server();
    engine.sendExtensionFrame({ type: 255, flags: 255, payload: ascii("x") });
    expect(engine.dataToSend().subarray(3, 5)).toEqual(Uint8Array.of(255, 255));
  });

  it("such as 32 settings in HTTP2-Settings (RFC 7540 section 3.2.1)", () => {
    const engine = new H2Connection({ clientSide: false });
    engine.initiateUpgradeConnection("AAMAAABk".repeat(32));
    expect(engine.remoteSettings.maxConcurrentStreams).toBe(100);
  });

  it("such as an urgency of 7 (RFC 9218 section 4.1)", () => {
    const engine = clientWithRequest();
    engine.sendPriorityUpdate(1, { urgency: 7, incremental: false });
    expect(engine.hasOutput).toBe(true);
  });

  it("such as a dependency on the highest stream there can be (RFC 9113 section 6.3)", () => {
    const engine = client();
    engine.sendHeaders(1, POST);
    engine.prioritize(1, { dependsOn: 2 ** 31 - 1 });
    expect(engine.dataToSend().subarray(-5)).toEqual(Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 15));
  });
});

/** Options that are wrong, and what the constructor says. */
const OPTIONS: readonly (readonly [options: object, message: string])[] = [
  [{ connectionWindowSize: 1 }, "connectionWindowSize must be a whole number from 65535 to 2147483647"],
  [
    { sendBufferLowWaterMark: -1 },
    "sendBufferLowWaterMark must be a whole number from 0 to 9007199254740991",
  ],
  [{ fairTurnInterval: 0 }, "fairTurnInterval must be a whole number from 1 to 9007199254740991"],
  [{ grease: -1 }, "grease must be a whole number from 0 to 4294967295"],
  [{ headerEncoding: 8 }, "headerEncoding must be the name of an encoding or null"],
  [{ initialOrigin: 8 }, "initialOrigin must be an origin or null"],
  [{ initialOrigin: "http://a" }, "initialOrigin must be an origin of https (RFC 8336 section 2.3)"],
];

describe("the configuration says which option is wrong", () => {
  it.each(OPTIONS)("as in %j", (options, message) => {
    expect(thrownBy(() => new H2Configuration(options as H2Options))).toMatchObject({ message });
  });

  it.each([
    "clientSide",
    "validateOutboundHeaders",
    "normalizeOutboundHeaders",
    "splitOutboundCookies",
    "validateInboundHeaders",
    "normalizeInboundHeaders",
  ])("where %s is assigned something that is neither true nor false", (name) => {
    const configuration: object = new H2Configuration();
    const before = Reflect.get(configuration, name);
    expect(thrownBy(() => Reflect.set(configuration, name, 1))).toMatchObject({
      message: `${name} must be true or false`,
    });
    expect(Reflect.get(configuration, name)).toBe(before);
  });
});
