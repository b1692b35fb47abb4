import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { H2Event, H2Options } from "../../src/index.ts";
import { type Act, abandoning, acknowledging, acts, opening } from "../support/acts.ts";
import { differenceOfTables, type End, Link, wrongWindows } from "../support/link.ts";
import { insideOf, opened } from "../support/opened.ts";

/** An act, and how many octets arrive at each end behind it. */
interface Step {
  readonly act: Act;
  readonly toServer: number;
  readonly toClient: number;
}

const arriving = fc.constantFrom(0, 1, 20, 500, 2_000, 100_000, 100_000);

const options = fc.constantFrom<H2Options>(
  {},
  {},
  { initialSettings: { 1: 0, 4: 0 } },
  { initialSettings: { 1: 20_000, 4: 300_000, 5: 30_000 }, connectionWindowSize: 1_000_000 },
  { initialSettings: { 3: 2 }, limits: { encoderTableSize: 200 }, splitOutboundCookies: true },
  { observer: { frame(): void {} } },
);

/** Plays any conversation, looks at both ends behind each step, and at the link when all was carried. */
function expectOfAll(act: fc.Arbitrary<Act>, look: (end: End) => void, end: (link: Link) => void): void {
  const step = fc.record({ act, toServer: arriving, toClient: arriving });
  const list = fc.array(step, { minLength: 40, maxLength: 40 });
  const property = fc.property(options, options, list, (client, server, steps) => {
    const link = new Link({ client, server });
    for (const next of steps) play(link, next, look);
    link.settle();
    end(link);
  });
  fc.assert(property, { numRuns: 30 });
}

function play(link: Link, { act, toServer, toClient }: Step, look: (end: End) => void): void {
  try {
    act(link);
  } catch (error) {
    const mayBe = [opened.FlowControlError, opened.FrameTooLargeError, opened.TooManyStreamsError];
    if (!mayBe.some((kind) => error instanceof kind)) throw error;
  }
  link.carry(toServer, toClient);
  look(link.client);
  look(link.server);
}

function complaints({ client, server }: Link): H2Event[] {
  return [...client.events, ...server.events].filter(
    (event) =>
      (event.type === "StreamReset" && event.error !== null && event.errorCode !== REFUSED_STREAM) ||
      event.type === "ConnectionTerminated",
  );
}

/** What a server may answer before its limit on streams is known to the client. */
const { REFUSED_STREAM } = opened.ErrorCodes;

function nothing(): void {}

describe("any legal conversation of two engines", { timeout: 30_000 }, () => {
  it("gives neither of them a reason to complain (RFC 9113 section 5.4)", () => {
    expectOfAll(fc.oneof({ weight: 9, arbitrary: acts }, acknowledging, opening), nothing, (link) => {
      expect(complaints(link)).toEqual([]);
    });
  });

  it("leaves the encoder of each side with the table of the other side's decoder (RFC 7541 section 2.2)", () => {
    expectOfAll(acts, nothing, ({ client, server }) => {
      expect(differenceOfTables(client, server)).toBe(null);
      expect(differenceOfTables(server, client)).toBe(null);
    });
  });

  it("has windows at each step that are what the frames on the wire make of them (RFC 9113 section 6.9)", () => {
    const look = (end: End): void => {
      expect(wrongWindows(end)).toEqual([]);
    };
    expectOfAll(fc.oneof({ weight: 9, arbitrary: acts }, acknowledging, opening), look, nothing);
  });

  it("has all DATA at each step either acknowledged or outstanding (RFC 9113 section 6.9.1)", () => {
    const look = (end: End): void => {
      const { available, _size, _processed } = insideOf(end.engine)._state.receiveWindow;
      expect(_size - available - _processed).toBe(end.delivered - end.acknowledged);
    };
    // What matters most is DATA that meets a stream that was reset while it was on its way.
    expectOfAll(
      fc.oneof({ weight: 9, arbitrary: acts }, abandoning, abandoning, acknowledging),
      look,
      nothing,
    );
  });
});
