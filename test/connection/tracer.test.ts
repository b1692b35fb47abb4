import { describe, expect, it } from "vitest";
import {
  describeFrame,
  type Frame,
  type FrameObserver,
  H2Connection,
  type HeaderField,
} from "../../src/index.ts";
import { GET, OK, receive } from "../support/engine.ts";
import { ascii, frames, joined } from "../support/frames.ts";
import { fieldText } from "../support/wire.ts";

/** An observer that writes down what it sees. */
class Notebook implements FrameObserver {
  readonly lines: string[];

  constructor() {
    this.lines = [];
  }

  frame(direction: "received" | "sent", frame: Frame, fields: readonly HeaderField[] | null): void {
    const shown = fields === null ? [] : fields.map(fieldText);
    this.lines.push([direction, describeFrame(frame).replace(/ length=\d+/, ""), ...shown].join(" "));
  }
}

function observed(): { engine: H2Connection; notebook: Notebook } {
  const notebook = new Notebook();
  const engine = new H2Connection({ clientSide: false, observer: notebook });
  engine.initiateConnection();
  engine.dataToSend();
  notebook.lines.length = 0;
  return { engine, notebook };
}

describe("an observer", () => {
  it("sees each frame in and out in the order of the wire, with fields where a block is complete", () => {
    const { engine, notebook } = observed();
    receive(engine, frames.preface(), frames.settings(), frames.headers(1).request("GET", "/").endStream());
    engine.sendHeaders(1, OK);
    engine.sendData(1, ascii("x"), { endStream: true });
    engine.dataToSend();
    expect(notebook.lines).toEqual([
      "received SETTINGS",
      "received HEADERS stream=1 END_STREAM END_HEADERS :method=GET :scheme=https :authority=example.com :path=/",
      "sent SETTINGS ACK",
      "sent HEADERS stream=1 END_HEADERS :status=200",
      "sent DATA stream=1 END_STREAM",
    ]);
  });

  it("sees each frame once, however the octets were cut", () => {
    const { engine, notebook } = observed();
    const octets = joined(
      frames.preface(),
      frames.settings(),
      frames.ping(),
      frames.headers(1).request("GET", "/"),
    );
    for (const octet of octets) engine.receiveData(Uint8Array.of(octet));
    while (engine.dataToSend(1).length > 0);
    expect(notebook.lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "received SETTINGS",
      "received PING data=3132333435363738",
      "received HEADERS stream=1",
      "sent SETTINGS ACK",
      "sent PING ACK",
    ]);
  });

  it("sees what is taken as chunks too", () => {
    const { engine, notebook } = observed();
    receive(engine, frames.preface(), frames.settings(), frames.headers(1).request("GET", "/").endStream());
    engine.sendHeaders(1, OK);
    engine.sendData(1, ascii("body"), { endStream: true });
    notebook.lines.length = 0;
    engine.takeChunks();
    expect(notebook.lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "sent SETTINGS ACK",
      "sent HEADERS stream=1",
      "sent DATA stream=1",
    ]);
  });

  it("sees the fields of a block with the frame that completes it", () => {
    const { engine, notebook } = observed();
    const block = [
      frames.headers(1).request("GET", "/").withoutEndHeaders(),
      frames.continuation(1).field("a", "b"),
    ];
    receive(engine, frames.preface(), frames.settings(), ...block);
    expect(notebook.lines.slice(1)).toEqual([
      "received HEADERS stream=1",
      "received CONTINUATION stream=1 END_HEADERS :method=GET :scheme=https :authority=example.com :path=/ a=b",
    ]);
  });

  it("sees what the engine refuses: the frame first, and the answer then", () => {
    const { engine, notebook } = observed();
    receive(
      engine,
      frames.preface(),
      frames.settings(),
      frames.headers(1).field("x", "y"),
      frames.data(3, "x"),
    );
    engine.dataToSend();
    expect(notebook.lines).toEqual([
      "received SETTINGS",
      "received HEADERS stream=1 END_HEADERS x=y",
      "received DATA stream=3",
      "sent SETTINGS ACK",
      "sent RST_STREAM stream=1 error=PROTOCOL_ERROR",
      expect.stringMatching(/^sent GOAWAY last=1 error=PROTOCOL_ERROR/),
    ]);
  });

  it("does not see a frame that has no form, and sees those behind it", () => {
    const { engine, notebook } = observed();
    const request = frames.headers(1).request("POST", "/");
    receive(engine, frames.preface(), frames.settings(), request, frames.windowUpdate(1, 0), frames.ping());
    expect(notebook.lines.at(-1)).toBe("received PING data=3132333435363738");
  });

  it("follows the compression tables through changes of their size", () => {
    const [ours, theirs] = [new Notebook(), new Notebook()];
    const client = new H2Connection({ observer: ours });
    const server = new H2Connection({ clientSide: false, observer: theirs });
    client.initiateConnection();
    server.initiateConnection();
    const exchange = (): void => {
      server.receiveData(client.dataToSend());
      client.receiveData(server.dataToSend());
    };
    exchange();
    for (const [index, size] of [0, 4_096, 100, 65_536].entries()) {
      server.updateSettings({ 1: size });
      exchange();
      exchange();
      client.sendHeaders(1 + 4 * index, [...GET, ["x", "y"]]);
      client.sendHeaders(3 + 4 * index, [...GET, ["x", "y"]]);
      exchange();
    }
    const requests = (notebook: Notebook): string[] => notebook.lines.filter((line) => line.endsWith(" x=y"));
    expect(requests(ours)).toHaveLength(8);
    expect(requests(theirs)).toHaveLength(8);
  });

  it("that throws does not disturb the connection", () => {
    const observer: FrameObserver = {
      frame() {
        throw new Error("mine");
      },
    };
    const engine = new H2Connection({ clientSide: false, observer });
    engine.initiateConnection();
    const events = receive(engine, frames.preface(), frames.settings(), frames.ping());
    expect(events.map(({ type }) => type)).toEqual(["RemoteSettingsChanged", "PingReceived"]);
    expect(engine.dataToSend().length).toBeGreaterThan(0);
  });
});

describe("a logger", () => {
  it("gets a line for each frame", () => {
    const lines: string[] = [];
    const engine = new H2Connection({ clientSide: false, logger: { debug: (line) => lines.push(line) } });
    engine.initiateConnection();
    receive(engine, frames.preface(), frames.settings([4, 5]), frames.ping());
    engine.clearOutboundDataBuffer();
    expect(lines).toEqual(["received SETTINGS INITIAL_WINDOW_SIZE=5", "received PING data=3132333435363738"]);
  });

  it("is never told the values of fields, which may be secrets", () => {
    const lines: string[] = [];
    const engine = new H2Connection({ clientSide: false, logger: { debug: (line) => lines.push(line) } });
    receive(
      engine,
      frames.preface(),
      frames.settings(),
      frames.headers(1).request("GET", "/").secret("authorization", "hush"),
    );
    expect(lines.join()).not.toContain("hush");
  });
});
