import { describe, expect, it } from "vitest";
import { ErrorCodes, H2Connection, ProtocolError, SettingCodes } from "../../src/index.ts";
import { GET, OK, receive } from "../support/engine.ts";
import { ascii, frames, joined } from "../support/frames.ts";
import { expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { unacquainted } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { hex, sent } from "../support/wire.ts";

/** A server that has said its own SETTINGS and heard nothing yet. */
function freshServer(options = {}): H2Connection {
  const engine = new H2Connection({ ...options, clientSide: false });
  engine.initiateConnection();
  sent(engine);
  return engine;
}

function freshClient(options = {}): H2Connection {
  const engine = new H2Connection(options);
  engine.initiateConnection();
  sent(engine);
  return engine;
}

describe("what we say first (RFC 9113 section 3.4)", () => {
  it("is the preface of 24 octets and SETTINGS on a client", () => {
    const engine = new H2Connection();
    engine.initiateConnection();
    expect(engine.dataToSend()).toEqual(
      joined(
        ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        hex`
          00002a 04 00 00000000
          0001 00001000  # HEADER_TABLE_SIZE
          0002 00000001  # ENABLE_PUSH
          0004 0000ffff  # INITIAL_WINDOW_SIZE
          0005 00004000  # MAX_FRAME_SIZE
          0008 00000000  # ENABLE_CONNECT_PROTOCOL
          0003 00000064  # MAX_CONCURRENT_STREAMS
          0006 00010000  # MAX_HEADER_LIST_SIZE
        `,
      ),
    );
  });

  it("is SETTINGS alone on a server, which does not take pushes (section 6.5.2)", () => {
    const engine = new H2Connection({ clientSide: false });
    engine.initiateConnection();
    expect(sent(engine)).toEqual([
      "SETTINGS HEADER_TABLE_SIZE=4096 ENABLE_PUSH=0 INITIAL_WINDOW_SIZE=65535 MAX_FRAME_SIZE=16384 " +
        "ENABLE_CONNECT_PROTOCOL=0 MAX_CONCURRENT_STREAMS=100 MAX_HEADER_LIST_SIZE=65536",
    ]);
  });

  it("says the settings that the caller wants, in the first SETTINGS already", () => {
    const engine = new H2Connection({
      clientSide: false,
      initialSettings: {
        [SettingCodes.MAX_CONCURRENT_STREAMS]: 7,
        [SettingCodes.INITIAL_WINDOW_SIZE]: 10,
        3840: 9,
      },
    });
    engine.initiateConnection();
    expect(sent(engine)).toEqual([
      "SETTINGS HEADER_TABLE_SIZE=4096 ENABLE_PUSH=0 INITIAL_WINDOW_SIZE=10 MAX_FRAME_SIZE=16384 " +
        "ENABLE_CONNECT_PROTOCOL=0 MAX_CONCURRENT_STREAMS=7 MAX_HEADER_LIST_SIZE=65536 0xf00=9",
    ]);
  });

  it("opens the window of the connection, which no setting can (section 6.9.2)", () => {
    const engine = new H2Connection({ clientSide: false, connectionWindowSize: 1_048_576 });
    engine.initiateConnection();
    expect(sent(engine)[1]).toBe("WINDOW_UPDATE stream=0 increment=983041");
    expect(engine.inboundFlowControlWindow).toBe(1_048_576);
  });

  it("lets a client send requests before it heard from the server", () => {
    const { client, server, drive } = unacquainted();
    client.initiateConnection();
    client.sendHeaders(1, GET, { endStream: true });
    server.initiateConnection();
    const { atServer } = drive();
    expect(told(atServer)[0]).toMatch(/^RemoteSettingsChanged HEADER_TABLE_SIZE=4096 ENABLE_PUSH=1/);
    expect(told(atServer)[1]).toMatch(/^RequestReceived stream=1/);
  });
});

describe("a start that was made already (RFC 9113 section 3.4)", () => {
  it("cannot be made again: there is one preface, and one first SETTINGS", () => {
    const engine = freshClient();
    expectMisuse(engine, () => engine.initiateConnection(), ProtocolError);
    expectMisuse(engine, () => engine.initiateUpgradeConnection(), ProtocolError);
  });
});

describe("the preface on a server (RFC 9113 section 3.4)", () => {
  it("may come in pieces of one octet", () => {
    const engine = freshServer();
    const octets = joined(frames.preface(), frames.settings());
    const events = Array.from(octets).flatMap((octet) => engine.receiveData(Uint8Array.of(octet)));
    expect(told(events)).toEqual(["RemoteSettingsChanged"]);
  });

  it("may come together with the first request", () => {
    const engine = freshServer();
    const request = frames.headers(1).request("GET", "/").endStream();
    expect(receive(engine, frames.preface(), frames.settings(), request).map(({ type }) => type)).toEqual([
      "RemoteSettingsChanged",
      "RequestReceived",
      "StreamEnded",
    ]);
  });

  it("ends the connection at its first wrong octet", () => {
    const octets = frames.preface();
    for (let position = 0; position < octets.length; position++) {
      const wrong = octets.slice(0, position + 1);
      wrong[position] = 0x21;
      const engine = freshServer();
      expectConnectionError(
        engine,
        engine.receiveData(wrong),
        ErrorCodes.PROTOCOL_ERROR,
        "RFC 9113 section 3.4",
      );
    }
  });

  it("is not a request of HTTP/1.1", () => {
    const engine = freshServer();
    const events = engine.receiveData(ascii("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"));
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 3.4");
  });

  it("is nothing that a client waits for", () => {
    const engine = freshClient();
    const events = receive(engine, frames.preface());
    expectConnectionError(engine, events, ErrorCodes.FRAME_SIZE_ERROR, "RFC 9113 section 4.2");
  });
});

describe("the first frame (RFC 9113 section 3.4)", () => {
  const others = {
    HEADERS: frames.headers(1).request("GET", "/"),
    DATA: frames.data(1, "x"),
    PING: frames.ping(),
    WINDOW_UPDATE: frames.windowUpdate(0, 1),
    PRIORITY: frames.priority(1),
    GOAWAY: frames.goaway(0),
    "the acknowledgement of SETTINGS": frames.settingsAck(),
    "a frame of an unknown type": frames.raw(0xfa, 0, 0),
  };

  it.each(Object.entries(others))("cannot be %s from a client", (_name, frame) => {
    const engine = freshServer();
    const events = receive(engine, frames.preface(), frame);
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 3.4");
  });

  it.each(Object.entries(others))("cannot be %s from a server", (_name, frame) => {
    const engine = freshClient();
    const events = receive(engine, frame);
    expectConnectionError(engine, events, ErrorCodes.PROTOCOL_ERROR, "RFC 9113 section 3.4");
  });

  it("may be any where strictStart is off", () => {
    const engine = freshServer({ strictStart: false });
    const events = receive(engine, frames.preface(), frames.ping(), frames.headers(1).request("GET", "/"));
    expect(events.map(({ type }) => type)).toEqual(["PingReceived", "RequestReceived"]);
  });

  it("may be any where stream errors are escalated, as in hyper-h2, unless strictStart is asked for", () => {
    expect(
      told(receive(freshServer({ escalateStreamErrors: true }), frames.preface(), frames.ping())),
    ).toEqual(["PingReceived 12345678"]);
    const strict = freshServer({ escalateStreamErrors: true, strictStart: true });
    expectConnectionError(
      strict,
      receive(strict, frames.preface(), frames.ping()),
      ErrorCodes.PROTOCOL_ERROR,
    );
  });
});

describe("a server that answers before it was greeted", () => {
  it("may send its SETTINGS first, and a client takes them", () => {
    const { client, server, drive } = unacquainted();
    server.initiateConnection();
    client.initiateConnection();
    drive();
    client.sendHeaders(1, GET, { endStream: true });
    drive();
    server.sendHeaders(1, OK, { endStream: true });
    expect(told(drive().atClient)).toEqual(["ResponseReceived stream=1 :status=200", "StreamEnded stream=1"]);
  });
});
