import { describe, expect, it } from "vitest";
import { FrameType } from "../../src/frames/index.ts";
import {
  describeFrame,
  ErrorCodes,
  errorCodeName,
  type H2Connection,
  type H2Event,
} from "../../src/index.ts";
import {
  client,
  clientWithRequest,
  GET,
  OK,
  POST,
  receive,
  server,
  serverWithRequest,
} from "../support/engine.ts";
import { ascii, frames, type Wire } from "../support/frames.ts";
import { pair } from "../support/pair.ts";
import { hex, sent, sentFrames } from "../support/wire.ts";

describe("every frame type", () => {
  const received: Readonly<Record<keyof typeof FrameType, readonly [H2Event["type"], () => H2Event[]]>> = {
    DATA: ["DataReceived", () => receive(serverWithRequest(), frames.data(1, "x"))],
    HEADERS: ["RequestReceived", () => receive(server(), frames.headers(1).request("GET", "/"))],
    PRIORITY: ["PriorityUpdated", () => receive(server(), frames.priority(1))],
    RST_STREAM: ["StreamReset", () => receive(serverWithRequest(), frames.rstStream(1))],
    SETTINGS: ["RemoteSettingsChanged", () => receive(server(), frames.settings())],
    PUSH_PROMISE: [
      "PushedStreamReceived",
      () => receive(clientWithRequest(), frames.pushPromise(1, 2).request("GET", "/")),
    ],
    PING: ["PingReceived", () => receive(server(), frames.ping())],
    GOAWAY: ["ConnectionTerminated", () => receive(server(), frames.goaway(0))],
    WINDOW_UPDATE: ["WindowUpdated", () => receive(server(), frames.windowUpdate(0, 1))],
    CONTINUATION: [
      "RequestReceived",
      () =>
        receive(server(), frames.headers(1).request("GET", "/").withoutEndHeaders(), frames.continuation(1)),
    ],
    ALTSVC: ["AlternativeServiceAvailable", () => receive(client(), frames.altsvc(0, "https://a", "clear"))],
    ORIGIN: ["OriginReceived", () => receive(client(), frames.origin("https://a"))],
    PRIORITY_UPDATE: ["PriorityUpdateReceived", () => receive(server(), frames.priorityUpdate(1, "u=1"))],
    UNKNOWN: ["UnknownFrameReceived", () => receive(server(), frames.raw(0xfa, 0, 0))],
  };

  it.each(Object.entries(received))("%s comes in, as %s", (_name, [type, act]) => {
    expect(act().map((event) => event.type)).toContain(type);
  });

  const asClient: Readonly<Partial<Record<keyof typeof FrameType, (engine: H2Connection) => void>>> = {
    DATA: (engine) => engine.sendData(1, ascii("x")),
    HEADERS: (engine) => engine.sendHeaders(3, GET),
    PRIORITY: (engine) => engine.prioritize(1),
    RST_STREAM: (engine) => engine.resetStream(1),
    SETTINGS: (engine) => engine.updateSettings({}),
    PING: (engine) => engine.ping(ascii("12345678")),
    GOAWAY: (engine) => engine.closeConnection(),
    WINDOW_UPDATE: (engine) => engine.incrementFlowControlWindow(1),
    CONTINUATION: (engine) => engine.sendHeaders(3, [...GET, ["x", "\u00ff".repeat(20_000)]]),
    PRIORITY_UPDATE: (engine) => engine.sendPriorityUpdate(1, { urgency: 1, incremental: false }),
    UNKNOWN: (engine) => engine.sendExtensionFrame({ type: 0xfa }),
  };
  const asServer: typeof asClient = {
    PUSH_PROMISE: (engine) => engine.pushStream(1, 2, GET),
    ALTSVC: (engine) => engine.advertiseAlternativeService("clear", { streamId: 1 }),
    ORIGIN: (engine) => engine.advertiseOrigins(["https://a"]),
  };

  it.each(Object.entries(asClient))("%s goes out of a client", (name, act) => {
    const engine = clientWithRequest();
    act(engine);
    expect(sentFrames(engine).map(({ frame }) => describeFrame(frame).split(" ")[0])).toContain(name);
  });

  it.each(Object.entries(asServer))("%s goes out of a server", (name, act) => {
    const engine = serverWithRequest();
    act(engine);
    expect(sentFrames(engine).map(({ frame }) => describeFrame(frame).split(" ")[0])).toContain(name);
  });

  it("is among these", () => {
    expect(Object.keys({ ...asClient, ...asServer }).sort()).toEqual(Object.keys(FrameType).sort());
  });
});

describe("every error code that the engine sends on its own (RFC 9113 section 7)", () => {
  const causes: Readonly<Partial<Record<keyof typeof ErrorCodes, () => H2Connection>>> = {
    NO_ERROR: () => {
      const engine = server();
      engine.shutdown();
      return engine;
    },
    PROTOCOL_ERROR: () => reactionOf(server(), frames.data(0, "x")),
    INTERNAL_ERROR: () => {
      let isBroken = false;
      const engine = server({
        clock() {
          if (!isBroken) return 0;
          isBroken = false;
          throw new Error("a fault of our own");
        },
      });
      isBroken = true;
      return reactionOf(engine, frames.priority(1));
    },
    FLOW_CONTROL_ERROR: () => reactionOf(server(), frames.windowUpdate(0, 2 ** 31 - 1)),
    SETTINGS_TIMEOUT: () => {
      let now = 0;
      const engine = server({ clock: () => now });
      engine.updateSettings({ 3: 1 });
      engine.dataToSend();
      now = engine.nextDeadline;
      engine.handleDeadline();
      return engine;
    },
    STREAM_CLOSED: () =>
      reactionOf(server(), frames.headers(1).request("GET", "/").endStream(), frames.data(1, "x")),
    FRAME_SIZE_ERROR: () => reactionOf(server(), frames.raw(6, 0, 0)),
    REFUSED_STREAM: () =>
      reactionOf(server({ initialSettings: { 3: 0 } }), frames.headers(1).request("GET", "/")),
    COMPRESSION_ERROR: () => reactionOf(server(), frames.headers(1).block(hex`ff`)),
    ENHANCE_YOUR_CALM: () =>
      reactionOf(server(), frames.settings(...Array.from({ length: 33 }, () => [4, 0] as const))),
  };

  function reactionOf(engine: H2Connection, ...wire: readonly Wire[]): H2Connection {
    receive(engine, ...wire);
    return engine;
  }

  it.each(Object.entries(causes))("%s", (name, act) => {
    const engine = act();
    expect(
      Buffer.from(engine.dataToSend()).includes(Buffer.of(0, 0, 0, ErrorCodes[name as "NO_ERROR"])),
    ).toBe(true);
  });

  const OF_THE_CALLER = ["CANCEL", "CONNECT_ERROR", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"] as const;

  it.each(OF_THE_CALLER)("but %s, which is for the caller to say", (name) => {
    const engine = clientWithRequest();
    engine.resetStream(1, { errorCode: ErrorCodes[name] });
    engine.closeConnection({ errorCode: ErrorCodes[name] });
    expect(sent(engine)).toEqual([`RST_STREAM stream=1 error=${name}`, `GOAWAY last=0 error=${name}`]);
  });

  it("is among these", () => {
    expect([...Object.keys(causes), ...OF_THE_CALLER].sort()).toEqual(Object.keys(ErrorCodes).sort());
    expect(errorCodeName(ErrorCodes.HTTP_1_1_REQUIRED)).toBe("HTTP_1_1_REQUIRED");
  });
});

describe("a fault of our own", () => {
  it("ends the connection with INTERNAL_ERROR and does not get out of receiveData", () => {
    let isBroken = false;
    const clock = (): number => {
      if (!isBroken) return 0;
      isBroken = false;
      throw new Error("mine");
    };
    const engine = server({ clock });
    isBroken = true;
    const events = receive(engine, frames.ping(), frames.priority(1));
    expect(events.at(-1)).toMatchObject({
      type: "ConnectionTerminated",
      errorCode: ErrorCodes.INTERNAL_ERROR,
      error: { reason: "internal error: Error: mine" },
    });
  });
});

describe("a conversation with everything in it", () => {
  it("runs without an error", () => {
    const { client, server, drive } = pair();
    client.sendHeaders(1, POST, { priorityWeight: 20 });
    client.queueData(1, ascii("request"));
    client.sendHeaders(1, [["x-trailer", "1"]], { endStream: true });
    drive();
    server.sendHeaders(1, [
      [":status", "103"],
      ["link", "</a.css>"],
    ]);
    server.pushStream(1, 2, GET);
    server.sendHeaders(1, OK);
    server.queueData(1, ascii("response"), { endStream: true });
    server.sendHeaders(2, OK, { endStream: true });
    const { atClient } = drive();
    expect(atClient.map(({ type }) => type)).toEqual([
      "InformationalResponseReceived",
      "PushedStreamReceived",
      "ResponseReceived",
      "ResponseReceived",
      "StreamEnded",
      "DataReceived",
      "StreamEnded",
    ]);
    server.shutdown();
    drive();
    expect([client.isFinished, server.isFinished]).toEqual([true, true]);
  });
});
