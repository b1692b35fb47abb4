import { describe, expect, it } from "vitest";
import {
  renderFields,
  renderFrame,
  renderHead,
  renderProtocol,
  renderTable,
  renderTime,
} from "../../src/cli/render.ts";
import { leavePlain } from "../../src/cli/terminal.ts";
import type { Frame } from "../../src/frames/frame.ts";
import { FrameType } from "../../src/frames/frame-type.ts";
import { HeaderField } from "../../src/hpack/index.ts";

const PING: Frame = {
  type: FrameType.PING,
  streamId: 0,
  flags: 0,
  length: 8,
  ack: false,
  data: new Uint8Array(8),
} as Frame;

describe("renderTable", () => {
  it("makes each column as wide as its widest cell, words to the left and numbers to the right", () => {
    const lines = renderTable(
      [
        { heading: "Way", side: "left" },
        { heading: "Octets", side: "right" },
      ],
      [
        ["prior knowledge", "7"],
        ["alpn", "1234567"],
      ],
      leavePlain,
    );
    expect(lines).toEqual([
      "Way               Octets",
      "───────────────  ───────",
      "prior knowledge        7",
      "alpn             1234567",
    ]);
  });

  it("is only its headings when there are no rows", () => {
    expect(renderTable([{ heading: "Way", side: "left" }], [], leavePlain)).toEqual(["Way", "───"]);
  });
});

describe("renderFrame", () => {
  it("marks what was sent and what was received", () => {
    expect(renderFrame("sent", PING, null, leavePlain)).toEqual(["> PING data=0000000000000000"]);
    expect(renderFrame("received", PING, null, leavePlain)).toEqual(["< PING data=0000000000000000"]);
  });

  it("shows the fields of a block, hostile octets escaped, and which must never be indexed (RFC 7541 section 6.2.3)", () => {
    const fields = [new HeaderField("x", "a\x1b[2J"), new HeaderField("authorization", "b", true)];
    expect(renderFrame("received", PING, fields, leavePlain).slice(1)).toEqual([
      "<   x: a\\x1b[2J",
      "<   authorization: b  (never indexed)",
    ]);
  });
});

describe("heads, protocols and times", () => {
  it("renders a head like curl, with an empty line behind it", () => {
    expect(renderHead("h2", 200, [["a", "b\r\nc"]])).toEqual(["HTTP/2 200", "a: b\\x0d\\x0ac", ""]);
    expect(renderHead("http/1.1", 404, [])).toEqual(["HTTP/1.1 404", ""]);
    expect(renderFields([["a", "b"]])).toEqual(["a: b"]);
  });

  it("names how a protocol was negotiated, where it was", () => {
    expect(renderProtocol("h2", "upgrade")).toBe("h2(upgrade)");
    expect(renderProtocol("http/1.1", "alpn")).toBe("http/1.1(alpn)");
    expect(renderProtocol("http/1.1", "http/1.1")).toBe("http/1.1");
  });

  it("renders times in milliseconds with one decimal", () => {
    expect(renderTime(12.345)).toBe("12.3 ms");
  });
});
