import { describe, expect, it } from "vitest";
import { HELLO } from "../../support/frame-peer.ts";
import { frames } from "../../support/frames.ts";
import { framePeer } from "../../support/serving.ts";
import { ask, running, WAYS } from "./support.ts";

const server = running("examples/server/priorities.mjs");

function request(streamId: number, path: string, priority?: string) {
  const head = frames.headers(streamId).request("GET", path);
  return (priority === undefined ? head : head.field("priority", priority)).endStream();
}

/** The streams of the frames of a kind, each once, in the order in which they have come. */
function streamsOf(lines: readonly string[]): number[] {
  const streams = lines.map((line) => Number(/^DATA stream=(\d+)/.exec(line)?.[1] ?? 0));
  return [...new Set(streams)].filter((stream) => stream > 0);
}

describe("server/priorities.mjs", () => {
  it("sends by the urgency of the field, or of the handler, whatever began first (RFC 9218 section 10)", async () => {
    const peer = await framePeer(server);
    peer.send(HELLO, request(1, "/export", "u=0"));
    // The first response has used the whole window of the connection.
    let octets = 0;
    while (octets < 65_535) {
      const [line = ""] = (await peer.waitFor(/^DATA stream=1 /)).slice(-1);
      octets += Number(/length=(\d+)/.exec(line)?.[1]);
    }
    const others = [request(3, "/image", "u=5"), request(5, "/style", "u=1"), request(7, "/checkout", "u=7")];
    peer.send(...others);
    await peer.waitFor(/^HEADERS stream=7 /);
    peer.send(frames.windowUpdate(1, 1_000_000), frames.windowUpdate(0, 100_000));
    const lines = await peer.waitFor(/^DATA stream=1 /);
    expect(streamsOf(lines)).toEqual([7, 5, 3, 1]);
  });

  it.each([
    ["/export", "u=2", "urgency 2, in one go", "urgency 7, in turns"],
    ["/checkout", "u=6, i", "urgency 6, in turns", "urgency 0, in turns"],
    ["/image", "u=5, i", "urgency 5, in turns", "urgency 5, in turns"],
  ])("tells what %s was asked for and given with", async (path, priority, asked, given) => {
    const { fields } = await ask(server, "prior-knowledge", { path, headers: [["priority", priority]] });
    expect(fields("x-priority-asked")).toEqual([asked]);
    expect(fields("x-priority-given")).toEqual([given]);
  });

  it.each(WAYS)("answers by %s all the same", async (way) => {
    const { status, text } = await ask(server, way, { path: "/checkout" });
    expect([status, text]).toEqual([200, "thank you\n"]);
  });
});
