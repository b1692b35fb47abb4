import { describe, expect, it } from "vitest";
import { type H2Connection, InvalidSettingsValueError } from "../../src/index.ts";
import { client, clientWithRequest, server } from "../support/engine.ts";
import { expectMisuse } from "../support/outcome.ts";

type Mistake = readonly [
  what: string,
  make: () => H2Connection,
  call: (engine: H2Connection) => unknown,
  message: string,
];

const MISTAKES: readonly Mistake[] = [
  [
    "an identifier of 17 bits",
    client,
    (engine) => engine.updateSettings({ 65536: 0 }),
    "65536 is no setting identifier: they have 16 bits",
  ],
  [
    "an identifier below 0",
    client,
    (engine) => engine.updateSettings([[-1, 0]]),
    "-1 is no setting identifier: they have 16 bits",
  ],
  [
    "half an identifier",
    client,
    (engine) => engine.updateSettings([[0.5, 0]]),
    "0.5 is no setting identifier: they have 16 bits",
  ],
  [
    "a value of 33 bits",
    client,
    (engine) => engine.updateSettings({ 10: 2 ** 32 }),
    "4294967296 is no value for setting 10: they have 32 bits",
  ],
  [
    "half a value",
    client,
    (engine) => engine.updateSettings({ 10: 0.5 }),
    "0.5 is no value for setting 10: they have 32 bits",
  ],
  [
    "a server that takes pushes",
    server,
    (engine) => engine.updateSettings({ 2: 1 }),
    "a server cannot set ENABLE_PUSH to 1 (RFC 9113 section 6.5.2)",
  ],
  [
    "extended CONNECT that is taken back",
    () => server({ initialSettings: [[8, 1]] }),
    (engine) => engine.updateSettings({ 8: 0 }),
    "ENABLE_CONNECT_PROTOCOL cannot be taken back (RFC 8441 section 3)",
  ],
  [
    "other priorities from now on",
    client,
    (engine) => engine.updateSettings({ 9: 1 }),
    "NO_RFC7540_PRIORITIES cannot change after the first SETTINGS (RFC 9218 section 2.1)",
  ],
  [
    "more settings than a frame takes",
    client,
    (engine) => engine.updateSettings(Array.from({ length: 2_731 }, () => [10, 0] as const)),
    "2731 settings do not fit into a frame (RFC 9113 section 4.2)",
  ],
  [
    "a second preface",
    client,
    (engine) => engine.initiateConnection(),
    "the connection was initiated already (RFC 9113 section 3.4)",
  ],
  [
    "an Upgrade behind a request",
    clientWithRequest,
    (engine) => engine.initiateUpgradeConnection(),
    "stream 1 is in use: an Upgrade comes first",
  ],
];

describe("the caller is told what is wrong with settings and the start", () => {
  it.each(MISTAKES)("such as %s", (_what, make, call, message) => {
    const engine = make();
    expect(expectMisuse(engine, () => call(engine), Error).message).toBe(message);
  });

  it("with the section that has the rule for a value (RFC 9113 section 6.5.2)", () => {
    const engine = client();
    const { message } = expectMisuse(
      engine,
      () => engine.updateSettings({ 5: 1 }),
      InvalidSettingsValueError,
    );
    expect(message).toMatch(/MAX_FRAME_SIZE.* \(RFC 9113 section 6\.5\.2\)$/);
  });
});

describe("settings that just fit (RFC 9113 section 6.5.1)", () => {
  it.each([
    [0, 2 ** 32 - 1],
    [65_535, 2 ** 32 - 1],
    [10, 0],
  ])("such as %d with value %d are sent", (id, value) => {
    const engine = client();
    engine.updateSettings([[id, value]]);
    expect(engine.dataToSend()).toHaveLength(9 + 6);
  });

  it("are 2,730 at most", () => {
    const engine = client();
    engine.updateSettings(Array.from({ length: 2_730 }, () => [10, 0] as const));
    expect(engine.dataToSend()).toHaveLength(9 + 16_380);
  });
});
