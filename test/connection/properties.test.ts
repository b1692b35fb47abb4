import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCodes, H2Connection, H2Error, type H2Event, type H2Options } from "../../src/index.ts";
import { account } from "../fuzz/account.mjs";
import { conversation, cuts, greeting, options, type Role, split, wire } from "../fuzz/octets.mjs";
import { GET } from "../support/engine.ts";
import { anyOperation, sensibleOperation } from "../support/operations.ts";
import { digest } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";

const ROLES = ["server", "client"] as const satisfies readonly Role[];
const SEEING = { observer: { frame(): void {} } };

function engineOf(role: Role, chosen: H2Options = {}): H2Connection {
  const engine = new H2Connection({ ...chosen, clientSide: role === "client" });
  engine.initiateConnection();
  if (role === "client") engine.sendHeaders(1, GET);
  return engine;
}

describe.each(ROLES)("whatever a %s receives", (role) => {
  it("is never thrown back, and means the same however it is cut", () => {
    fc.assert(
      fc.property(wire(role), cuts, options, (octets, places, chosen) => {
        const whole = account(engineOf(role, chosen), [octets.slice()]);
        const cut = account(engineOf(role, chosen), split(octets, places));
        expect(cut).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it("is never a fault of our own, and the last of it is the end of the connection if there is one", () => {
    fc.assert(
      fc.property(wire(role), options, (octets, chosen) => {
        const events = engineOf(role, chosen).receiveData(octets);
        const end = events.findIndex(
          (event) => event.type === "ConnectionTerminated" && event.initiator === "local",
        );
        if (end < 0) return;
        expect(end).toBe(events.length - 1);
        expect(events[end]).not.toMatchObject({ errorCode: ErrorCodes.INTERNAL_ERROR });
      }),
      { numRuns: 200 },
    );
  });

  it("means the same whether somebody looks on or not", () => {
    fc.assert(
      fc.property(conversation(role), (octets) => {
        const seen = account(engineOf(role, SEEING), [octets.slice()]);
        expect(seen).toEqual(account(engineOf(role), [octets.slice()]));
      }),
      { numRuns: 100 },
    );
  });
});

describe.each(ROLES)("whatever is asked of a %s", (role) => {
  const start = fc.oneof({ weight: 2, arbitrary: fc.constant(greeting(role)) }, conversation(role));
  const step = fc.oneof({ weight: 9, arbitrary: anyOperation() }, conversationPiece(role));

  it("is done, or refused with an error of ours and without a trace", () => {
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 30, size: "large" }), (octets, operations) => {
        const engine = engineOf(role);
        engine.receiveData(octets);
        for (const { call } of operations) expectDoneOrRefused(engine, () => call(engine));
      }),
      { numRuns: 80 },
    );
  });
});

function expectDoneOrRefused(engine: H2Connection, call: () => unknown): void {
  engine.takeChunks(0);
  const before = digest(engine);
  try {
    call();
  } catch (error) {
    expectOurs(error);
    expect(digest(engine)).toEqual(before);
  }
}

/** Octets of the peer as an operation. */
function conversationPiece(role: Role): ReturnType<typeof anyOperation> {
  return conversation(role).map((octets) => ({
    name: "receiveData",
    // Without the preface, which came at the start.
    call: (engine: H2Connection) => engine.receiveData(octets.subarray(role === "server" ? 24 : 0)),
  }));
}

function expectOurs(error: unknown): void {
  expect([H2Error, TypeError, RangeError].some((kind) => error instanceof kind)).toBe(true);
}

describe("two engines that talk to each other", () => {
  const step = fc.record({
    side: fc.constantFrom("client" as const, "server" as const),
    operation: sensibleOperation(),
    /** How much of what waits to be sent arrives before the next step, on each way. */
    arriving: fc.tuple(fc.constantFrom(0, 1, 20, 100_000), fc.constantFrom(0, 1, 20, 100_000)),
  });

  it("never give each other a reason to complain, whatever their callers want", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "large" }), (steps) => {
        const { client, server, drive } = pair();
        const engines = { client, server };
        const events: H2Event[] = [];
        for (const { side, operation, arriving } of steps) {
          attempt(() => operation.call(engines[side]));
          events.push(...server.receiveData(client.dataToSend(arriving[0])));
          events.push(...client.receiveData(server.dataToSend(arriving[1])));
        }
        const { atClient, atServer } = drive();
        expect([...events, ...atClient, ...atServer].filter(isComplaint)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    expectOurs(error);
  }
}

function isComplaint(event: H2Event): boolean {
  return (event.type === "StreamReset" || event.type === "ConnectionTerminated") && event.error !== null;
}
