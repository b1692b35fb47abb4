import { describe, expect, it } from "vitest";
import { firstWindow, ReceiveWindows } from "../../../../src/http/client/session/receive-windows.ts";
import { H2Connection } from "../../../../src/index.ts";
import { frames } from "../../../support/frames.ts";

const MEMORY = { connection: 1_048_576, stream: 524_288 };
const FIRST = firstWindow(MEMORY);

/** The windows of a connection with some requests open, and how often a PING was asked for. */
function scene(streams = 1) {
  const connection = new H2Connection({
    connectionWindowSize: MEMORY.connection,
    initialSettings: { 4: FIRST },
  });
  connection.initiateConnection();
  connection.receiveData(frames.settings());
  connection.receiveData(frames.settingsAck());
  let asked = 0;
  const windows = new ReceiveWindows(connection, MEMORY, () => void asked++);
  const open = Array.from({ length: streams }, (_, index) => {
    const stream = { streamId: 1 + 2 * index, window: 0 };
    connection.sendHeaders(
      stream.streamId,
      [
        [":method", "GET"],
        [":scheme", "http"],
        [":path", "/"],
        [":authority", "a"],
      ],
      { endStream: true },
    );
    windows.opened(stream);
    return stream;
  });
  return {
    connection,
    windows,
    streams: open,
    stream: open[0] as { streamId: number; window: number },
    asked: () => asked,
  };
}

describe("the windows of a client (RFC 9113 section 5.2)", () => {
  it("begin with a sixteenth of the connection's memory, and 262,144 octets at most", () => {
    expect(FIRST).toBe(65_536);
    expect(firstWindow({ connection: 67_108_864, stream: 16_777_216 })).toBe(262_144);
    expect(firstWindow({ connection: 67_108_864, stream: 70_000 })).toBe(70_000);
  });

  it("allow so many streams that all of them together fit into the connection's", () => {
    expect(scene().windows.mostStreams).toBe(16);
  });

  it("are measured by one PING at a time while a body comes", () => {
    const { windows, stream, asked } = scene();
    windows.received(stream, 1_000, true);
    windows.received(stream, 1_000, true);
    expect(asked()).toBe(1);
  });

  it("double when a round trip brings as much as they hold", () => {
    const { connection, windows, stream } = scene();
    windows.received(stream, 1, true);
    windows.received(stream, FIRST, true);
    windows.answered();
    windows.received(stream, 1, true);
    expect(stream.window).toBe(2 * FIRST);
    expect(connection.remoteFlowControlWindow(stream.streamId)).toBe(2 * FIRST);
  });

  it("stay as they are when a round trip brings less, and are not measured again at once", () => {
    const { windows, stream, asked } = scene();
    windows.received(stream, 1, true);
    windows.received(stream, FIRST / 2, true);
    windows.answered();
    windows.received(stream, 1, true);
    expect(stream.window).toBe(FIRST);
    expect(asked()).toBe(1);
  });

  it("do not grow where nobody reads", () => {
    const { windows, stream } = scene();
    windows.received(stream, 1, true);
    windows.received(stream, FIRST, true);
    windows.answered();
    windows.received(stream, 1, false);
    expect(stream.window).toBe(FIRST);
  });

  it("never grow beyond the memory of a stream, nor into what new streams need", () => {
    const { windows, streams } = scene(8);
    for (let round = 0; round < 12; round++) {
      for (const stream of streams) windows.received(stream, MEMORY.stream, true);
      windows.answered();
    }
    expect(Math.max(...streams.map(({ window }) => window))).toBeLessThanOrEqual(MEMORY.stream);
    const total = streams.reduce((sum, { window }) => sum + window, 0);
    expect(total).toBeLessThanOrEqual((MEMORY.connection * 3) / 4);
  });

  it("leave a stream alone that the engine has seen the end of", () => {
    const { connection, windows, stream } = scene();
    windows.received(stream, 1, true);
    windows.received(stream, FIRST, true);
    windows.answered();
    connection.receiveData(frames.headers(1).response(200).endStream().octets);
    windows.received(stream, 1, true);
    expect(stream.window).toBe(FIRST);
  });
});
