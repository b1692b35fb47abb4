import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { H2Connection } from "../../src/index.ts";
import { GET } from "../support/engine.ts";
import { opened } from "../support/opened.ts";
import { makeScript } from "./make.mjs";
import { conversation, greeting, type Role } from "./octets.mjs";
import { chanceCuts, equalCuts, failureOf } from "./play.mjs";
import { Random } from "./random.mjs";
import { retained } from "./state.mjs";

const ROLES = ["server", "client"] as const satisfies readonly Role[];

/** Octets that an engine keeps at most between two chunks: a frame, a field block, tables, streams, and output of one turn. */
const MOST = 300_000;

function engineOf(role: Role): H2Connection {
  const engine = new opened.H2Connection({ clientSide: role === "client" });
  engine.initiateConnection();
  if (role === "client") engine.sendHeaders(1, GET);
  engine.receiveData(greeting(role));
  return engine;
}

describe.each(ROLES)(
  "whatever octets a %s gets, and its application does meanwhile",
  { timeout: 30_000 },
  (role) => {
    it("nothing is thrown, cuts change nothing, refused calls change nothing, and memory stays bounded", () => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const random = new Random(seed);
          const script = makeScript(role, random);
          expect(failureOf(opened, script, [equalCuts, chanceCuts(random)])).toBe(null);
        }),
        { numRuns: 25 },
      );
    });

    it("the same over and over again does not fill the memory", () => {
      const piece = conversation(role).map((octets) => octets.subarray(role === "server" ? 24 : 0));
      fc.assert(
        fc.property(piece, (octets) => {
          const engine = engineOf(role);
          let rounds = 0;
          for (let sum = 0; sum < 2 * MOST && rounds < 100; sum += octets.length) {
            engine.receiveData(octets.slice());
            rounds++;
          }
          expect(retained(engine)).toBeLessThan(MOST);
        }),
        { numRuns: 30 },
      );
    });

    it("a frame that never ends is put together in memory that grows with what came, and not faster", () => {
      const lengths = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 8 });
      fc.assert(
        fc.property(lengths, (list) => {
          const engine = engineOf(role);
          engine.takeChunks();
          const before = retained(engine);
          engine.receiveData(Uint8Array.of(0, 0x40, 0, 0xfa, 0, 0, 0, 0, 0));
          for (const length of list) engine.receiveData(new Uint8Array(length));
          const sum = list.reduce((total, length) => total + length, 0);
          expect(retained(engine) - before).toBeLessThanOrEqual(4 * sum + 200);
        }),
        { numRuns: 50 },
      );
    });
  },
);
