import { describe, expect, it } from "vitest";
import { FrameFlag, FrameType } from "../../src/frames/index.ts";
import type { H2Connection } from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, POST, receive, serverWithRequest } from "../support/engine.ts";
import { frames, type Wire } from "../support/frames.ts";
import { told } from "../support/told.ts";
import { sentFrames } from "../support/wire.ts";

/** The types and flags of what goes out. */
function formsOf(engine: H2Connection): { type: number; flags: number }[] {
  return sentFrames(engine).map(({ frame }) => ({ type: frame.type, flags: frame.flags }));
}

describe("field blocks that go out", () => {
  it("have no padding, whether they are requests, responses, trailers or promises (RFC 9113 sections 6.2, 6.6)", () => {
    const asking = client();
    asking.sendHeaders(1, POST);
    asking.sendHeaders(1, [["trailer", "x"]], { endStream: true });
    const answering = serverWithRequest();
    answering.pushStream(1, 2, GET);
    answering.sendHeaders(1, [[":status", "103"]]);
    answering.sendHeaders(1, OK);
    answering.sendHeaders(2, OK, { endStream: true });
    const forms = [...formsOf(asking), ...formsOf(answering)];
    expect(forms.map(({ type }) => type)).toEqual([
      FrameType.HEADERS,
      FrameType.HEADERS,
      FrameType.PUSH_PROMISE,
      FrameType.HEADERS,
      FrameType.HEADERS,
      FrameType.HEADERS,
    ]);
    for (const { flags } of forms) expect(flags & FrameFlag.PADDED).toBe(0);
  });
});

describe("frames that are not DATA, where no window has an octet left (RFC 9113 section 6.9)", () => {
  const large = "x".repeat(16_000);
  const FRAMES: readonly (readonly [what: string, frame: Wire, event: RegExp])[] = [
    ["HEADERS", frames.headers(1).field("x", large).endStream(), /^TrailersReceived stream=1/],
    [
      "a promise",
      frames.pushPromise(1, 2).request("GET", "/").field("x", large),
      /^PushedStreamReceived stream=2/,
    ],
    ["PRIORITY", frames.priority(1), /^PriorityUpdated/],
    ["RST_STREAM", frames.rstStream(1), /^StreamReset/],
    ["SETTINGS", frames.settings([3, 1]), /^RemoteSettingsChanged/],
    ["PING", frames.ping(), /^PingReceived/],
    ["GOAWAY", frames.goaway(1, 0, large), /^ConnectionTerminated remote/],
    ["WINDOW_UPDATE", frames.windowUpdate(0, 1), /^WindowUpdated/],
    ["a frame of an unknown type", frames.raw(0x77, 0, 1, large), /^UnknownFrameReceived/],
  ];

  it.each(FRAMES)("are taken: %s", (_what, frame, event) => {
    const engine = clientWithRequest();
    receive(engine, frames.headers(1).response(200));
    for (let left = 65_535; left > 0; left -= 16_384) {
      receive(engine, frames.data(1, new Uint8Array(Math.min(left, 16_384))));
    }
    expect([engine.inboundFlowControlWindow, engine.remoteFlowControlWindow(1)]).toEqual([0, 0]);
    expect(told(receive(engine, frame))[0]).toMatch(event);
    expect(engine.isFinished).toBe(false);
  });
});

describe("SETTINGS of the peer (RFC 9113 section 6.9.2)", () => {
  it.each([0, 1, 2 ** 31 - 1])(
    "leave the window of the connection as it is, with INITIAL_WINDOW_SIZE of %i",
    (size) => {
      const engine = serverWithRequest();
      receive(engine, frames.settings([4, size]));
      expect([engine.outboundFlowControlWindow, engine.inboundFlowControlWindow]).toEqual([65_535, 65_535]);
    },
  );
});
