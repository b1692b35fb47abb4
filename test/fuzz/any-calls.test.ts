import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { H2Connection, H2Options } from "../../src/index.ts";
import { GET } from "../support/engine.ts";
import { opened } from "../support/opened.ts";
import { anyOperation, type Operation } from "../support/operations.ts";
import { conversation, greeting, type Role } from "./octets.mjs";
import { stateText } from "./state.mjs";

const ROLES = ["server", "client"] as const satisfies readonly Role[];

const options = fc.constantFrom<H2Options>(
  {},
  { validateOutboundHeaders: false },
  { normalizeOutboundHeaders: false, splitOutboundCookies: true },
  { clock: () => 0 },
);

/** Calls whose fields or octets are wrong in one place only, on streams that are right. */
const nearlyRight: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(1, 2, 3, 5, 7),
      fc.constantFrom(["X-Upper", "a\0"], ["x", "\u0100"], ["", "a"], [":late", "a"], ["te", "gzip"]),
      fc.boolean(),
    )
    .map(([streamId, wrong, endStream]) => ({
      name: `sendHeaders(${streamId}, ${wrong})`,
      call: (engine: H2Connection) =>
        engine.sendHeaders(streamId, [...GET, ["x-new", "kept by no table"], wrong as [string, string]], {
          endStream,
        }),
    })),
  fc.constantFrom(0, 1, 2 ** 31).map((lastStreamId) => ({
    name: `closeConnection(too much data, ${lastStreamId})`,
    call: (engine: H2Connection) =>
      engine.closeConnection({ lastStreamId, additionalData: new Uint8Array(20_000) }),
  })),
  fc.constantFrom("no base64!", "AAM", "AAMAAAB", "AAQAAP__").map((value) => ({
    name: `initiateUpgradeConnection(${value})`,
    call: (engine: H2Connection) => engine.initiateUpgradeConnection(value),
  })),
  fc.constant({
    name: "advertiseAlternativeService(both)",
    call: (engine: H2Connection) =>
      engine.advertiseAlternativeService("clear", { origin: "https://a", streamId: 1 }),
  }),
  fc.constant({
    name: "updateSettings(good and bad)",
    call: (engine: H2Connection) =>
      engine.updateSettings([
        [4, 10],
        [5, 1],
      ]),
  }),
);

describe.each(ROLES)("whatever is asked of a %s", { timeout: 30_000 }, (role) => {
  const start = fc.oneof(fc.constant(greeting(role)), conversation(role));
  const operation = fc.oneof({ weight: 3, arbitrary: anyOperation() }, nearlyRight);

  it("a call that is refused leaves all of the state as it was: tables, windows, streams, queues, output", () => {
    fc.assert(
      fc.property(
        options,
        start,
        fc.array(operation, { maxLength: 20, size: "large" }),
        (chosen, octets, list) => {
          const engine = engineOf(role, chosen);
          engine.receiveData(octets);
          for (const { name, call } of list) expectDoneOrRefused(engine, name, call);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("questions change nothing", () => {
    fc.assert(
      fc.property(start, (octets) => {
        const engine = engineOf(role, {});
        engine.receiveData(octets);
        const before = stateText(engine);
        for (const ask of QUESTIONS) attempt(() => ask(engine));
        expect(stateText(engine) === before).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

const QUESTIONS: readonly ((engine: H2Connection) => unknown)[] = [
  (engine) => engine.getNextAvailableStreamId(),
  (engine) => engine.bufferedAmount(1),
  (engine) => engine.localFlowControlWindow(1),
  (engine) => engine.remoteFlowControlWindow(1),
  (engine) => engine.outboundFlowControlWindow,
  (engine) => engine.inboundFlowControlWindow,
  (engine) => engine.nextDeadline,
  (engine) => engine.hasOutput,
  (engine) => [...engine.localSettings, ...engine.remoteSettings],
  (engine) => [engine.openInboundStreams, engine.openOutboundStreams],
  (engine) => [engine.highestInboundStreamId, engine.highestOutboundStreamId],
  (engine) => [engine.maxInboundFrameSize, engine.maxOutboundFrameSize],
  (engine) => [engine.isClosing, engine.isFinished],
];

function engineOf(role: Role, chosen: H2Options): H2Connection {
  const engine = new opened.H2Connection({ ...chosen, clientSide: role === "client" });
  engine.initiateConnection();
  if (role === "client") engine.sendHeaders(1, GET);
  return engine;
}

function expectDoneOrRefused(
  engine: H2Connection,
  name: string,
  call: (engine: H2Connection) => unknown,
): void {
  const before = stateText(engine);
  const refusal = attempt(() => call(engine));
  if (refusal === null) return;
  const isOurs = [opened.H2Error, TypeError, RangeError].some((kind) => refusal instanceof kind);
  expect(isOurs, `${name}: ${String(refusal)}`).toBe(true);
  const after = stateText(engine);
  // The texts are long: only what differs is worth showing.
  if (after !== before) expect(after.split("\n"), name).toEqual(before.split("\n"));
}

/** What was thrown, or null. */
function attempt(call: () => unknown): unknown {
  try {
    call();
    return null;
  } catch (error) {
    return error;
  }
}
