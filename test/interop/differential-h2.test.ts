import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Conversation, type Heard, type Step, script } from "./support/h2-conversation.ts";
import { OurSide, PythonEngine } from "./support/h2-engine.ts";

let python: PythonEngine;

beforeAll(() => {
  python = new PythonEngine();
});

afterAll(() => python.stop());

describe("random conversations of our engine with Python's h2", () => {
  it("tell both ends the same, whichever of the two engines is the client", async () => {
    const kinds = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const ours = await converse(steps, "client");
        const theirs = await converse(steps, "server");
        expect(ours).toEqual(theirs);
        for (const [kind] of [...ours.client, ...ours.server]) kinds.add(kind);
      }),
      { seed: 20_150_514, numRuns: 200, endOnFailure: true },
    );
    // The conversations are worth something only if all that can be told was told.
    expect([...kinds].sort()).toEqual([
      "AlternativeServiceAvailable",
      "ConnectionTerminated",
      "DataReceived",
      "InformationalResponseReceived",
      "PingAckReceived",
      "PingReceived",
      "PriorityUpdated",
      "PushedStreamReceived",
      "RemoteSettingsChanged",
      "RequestReceived",
      "ResponseReceived",
      "SettingsAcknowledged",
      "StreamEnded",
      "StreamReset",
      "TrailersReceived",
      "WindowUpdated",
      "windows",
    ]);
  });
});

/** The conversation with our engine on this side and the original on the other. */
async function converse(steps: readonly Step[], ourRole: "client" | "server"): Promise<Heard> {
  const ours = new OurSide(ourRole === "client");
  const theirs = await python.open(ourRole !== "client");
  const [client, server] = ourRole === "client" ? [ours, theirs] : [theirs, ours];
  const conversation = new Conversation(client, server);
  await conversation.run(steps);
  return conversation.heard;
}
