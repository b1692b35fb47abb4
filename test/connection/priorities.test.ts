import { describe, expect, it } from "vitest";
import {
  ErrorCodes,
  H2Connection,
  InvalidSettingsValueError,
  NoSuchStreamError,
  ProtocolError,
  parsePriority,
  SettingCodes,
  StreamClosedError,
  serializePriority,
  TooManyStreamsError,
} from "../../src/index.ts";
import { client, clientWithRequest, GET, OK, receive, server, serverWithRequest } from "../support/engine.ts";
import { frames } from "../support/frames.ts";
import { expectAlive, expectConnectionError, expectMisuse } from "../support/outcome.ts";
import { pair } from "../support/pair.ts";
import { told } from "../support/told.ts";
import { sent } from "../support/wire.ts";

const { PROTOCOL_ERROR } = ErrorCodes;
const { MAX_CONCURRENT_STREAMS, NO_RFC7540_PRIORITIES } = SettingCodes;
const URGENT = { urgency: 0, incremental: false };
const NO_OLD_PRIORITIES = { initialSettings: { [NO_RFC7540_PRIORITIES]: 1 } };

/** Answers all of these streams, the first one first, and returns the order in which their octets go out. */
function orderOf(engine: H2Connection, ...streamIds: readonly number[]): string[] {
  for (const streamId of streamIds) {
    engine.sendHeaders(streamId, OK);
    engine.queueData(streamId, Uint8Array.of(streamId), { endStream: true });
  }
  return sent(engine)
    .filter((line) => line.startsWith("DATA"))
    .map((line) => /stream=(\d+)/.exec(line)?.[1] ?? "");
}

function ask(engine: H2Connection, streamId: number, ...priority: readonly string[]): void {
  const request = frames.headers(streamId).request("GET", "/").endStream();
  receive(
    engine,
    priority.reduce((head, value) => head.field("priority", value), request),
  );
}

describe("the priority field of a request (RFC 9218 section 5)", () => {
  it.each([
    ["u=1", "u=2"],
    ["u=1, i", "u=1;x=2, y=(1 2);z"],
    ["u=0", ""],
    ["u=2", "u=9"],
    ["u=2", "u=-1"],
    ["u=2", 'u="0"'],
    ["u=2", "u=0.0"],
    ["u=2", "i, u=3"],
    ["u=2", "u=0, ="],
    ["u=2", "u=4, i=7"],
  ])(
    "%s is served before %s, and what is none of the parameters counts for nothing (section 4)",
    (first, second) => {
      const engine = server();
      ask(engine, 1, second);
      ask(engine, 3, first);
      const expected = first.includes("i") ? ["1", "3"] : ["3", "1"];
      expect(orderOf(engine, 1, 3)).toEqual(expected);
    },
  );

  it("may be cut into several fields, of which the last word counts (RFC 9651 section 4.2)", () => {
    const engine = server();
    ask(engine, 1, "u=0", "u=5");
    ask(engine, 3, "u=4");
    expect(orderOf(engine, 1, 3)).toEqual(["3", "1"]);
  });

  it("is written by serializePriority, and read by parsePriority", () => {
    const { client, server, drive } = pair();
    const value = serializePriority({ urgency: 6, incremental: true });
    client.sendHeaders(1, [...GET, ["priority", value]], { endStream: true });
    client.sendHeaders(3, [...GET, ["priority", serializePriority(URGENT)]], { endStream: true });
    drive();
    expect(parsePriority(value)).toEqual({ urgency: 6, incremental: true });
    expect(orderOf(server, 1, 3)).toEqual(["3", "1"]);
  });

  it("of requests of one urgency lets the older one go first, whenever its response comes (section 10)", () => {
    const engine = server();
    for (const streamId of [1, 3, 5]) ask(engine, streamId, "u=3");
    expect(orderOf(engine, 5, 1, 3)).toEqual(["1", "3", "5"]);
  });
});

describe("PRIORITY_UPDATE for a request that is there (RFC 9218 section 7.1)", () => {
  it("changes the order, and leaves out what it does not say: the default holds then (section 7)", () => {
    const engine = server();
    ask(engine, 1, "u=0");
    ask(engine, 3, "u=2");
    expect(told(receive(engine, frames.priorityUpdate(1, "i")))).toEqual([
      "PriorityUpdateReceived stream=1 urgency=3 incremental",
    ]);
    expect(orderOf(engine, 1, 3)).toEqual(["3", "1"]);
  });

  it("changes the order of a promised response", () => {
    const engine = serverWithRequest();
    engine.pushStream(1, 2, GET);
    sent(engine);
    receive(engine, frames.priorityUpdate(2, "u=0"));
    expect(orderOf(engine, 1, 2)).toEqual(["2", "1"]);
  });

  it("is dropped for a request that is done", () => {
    const engine = serverWithRequest();
    receive(engine, frames.data(1).endStream());
    engine.sendHeaders(1, OK, { endStream: true });
    sent(engine);
    expect(receive(engine, frames.priorityUpdate(1, "u=0"))).toEqual([]);
    expectAlive(engine);
  });

  it.each(["u=", "u=1,", "\u00e9", "u=1 i"])(
    "is dropped where it says %j, which is no dictionary",
    (value) => {
      const engine = serverWithRequest();
      expect(receive(engine, frames.priorityUpdate(1, value))).toEqual([]);
      expectAlive(engine);
    },
  );
});

describe("PRIORITY_UPDATE for a request yet to come (RFC 9218 section 7)", () => {
  it("counts when the request is there, and more than its field", () => {
    const engine = server();
    receive(engine, frames.priorityUpdate(3, "u=1"));
    ask(engine, 1);
    ask(engine, 3, "u=7");
    expect(orderOf(engine, 1, 3)).toEqual(["3", "1"]);
  });

  it("counts by its last word", () => {
    const engine = server();
    receive(engine, frames.priorityUpdate(3, "u=0"), frames.priorityUpdate(3, "u=7"));
    ask(engine, 1);
    ask(engine, 3);
    expect(orderOf(engine, 3, 1)).toEqual(["1", "3"]);
  });

  it("counts for that request alone", () => {
    const engine = server();
    receive(engine, frames.priorityUpdate(5, "u=0"));
    for (const streamId of [1, 3, 5]) ask(engine, streamId, "u=3");
    expect(orderOf(engine, 1, 3, 5)).toEqual(["5", "1", "3"]);
  });

  it.each([
    ["all idle", 0],
    ["one of them open", 1],
  ])("may be for as many streams as may be open, %s, and not for one more (section 7.1)", (_what, open) => {
    const engine = server({ initialSettings: { [MAX_CONCURRENT_STREAMS]: 3 } });
    if (open > 0) receive(engine, frames.headers(1).request("POST", "/"));
    const updates = [3, 5, 7].slice(open).map((id) => frames.priorityUpdate(id, "u=1"));
    expect(receive(engine, ...updates, frames.priorityUpdate(7, "u=2"))).toHaveLength(4 - open);
    const events = receive(engine, frames.priorityUpdate(9, "u=1"));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9218 section 7.1");
  });

  it("does not count any more once the stream was opened or passed over (section 7.1)", () => {
    const engine = server({ initialSettings: { [MAX_CONCURRENT_STREAMS]: 2 } });
    receive(engine, frames.priorityUpdate(1, "u=1"), frames.priorityUpdate(3, "u=1"));
    receive(engine, frames.headers(5).request("POST", "/"));
    expect(receive(engine, frames.priorityUpdate(7, "u=1"))).toHaveLength(1);
    const events = receive(engine, frames.priorityUpdate(9, "u=1"));
    expectConnectionError(engine, events, PROTOCOL_ERROR);
  });

  it("is bounded by what the client knows: not before it has acknowledged our SETTINGS", () => {
    const engine = new H2Connection({
      clientSide: false,
      initialSettings: { [MAX_CONCURRENT_STREAMS]: 1 },
    });
    engine.initiateConnection();
    receive(engine, frames.preface(), frames.settings());
    const updates = [1, 3, 5].map((id) => frames.priorityUpdate(id, "u=1"));
    expect(receive(engine, ...updates)).toHaveLength(3);
    const events = receive(engine, frames.settingsAck(), frames.priorityUpdate(5, "u=1"));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9218 section 7.1");
  });

  it("is bounded by the limit that the client has acknowledged, not by one that is on its way", () => {
    const engine = server({ initialSettings: { [MAX_CONCURRENT_STREAMS]: 2 } });
    engine.updateSettings({ [MAX_CONCURRENT_STREAMS]: 1 });
    receive(engine, frames.priorityUpdate(1, "u=1"), frames.priorityUpdate(3, "u=1"));
    sent(engine);
    expectAlive(engine);
    const events = receive(engine, frames.settingsAck(), frames.priorityUpdate(3, "u=1"));
    expectConnectionError(engine, events, PROTOCOL_ERROR);
  });

  it("is bounded by a budget too, while the client may not know (limit earlyPriorities)", () => {
    const early = server({ limits: { earlyPriorities: 1 } });
    receive(early, frames.priorityUpdate(1, "u=0"), frames.priorityUpdate(3, "u=0"));
    ask(early, 1);
    ask(early, 3);
    expect(orderOf(early, 1, 3)).toEqual(["3", "1"]);
  });
});

describe("sendPriorityUpdate (RFC 9218 section 7.1)", () => {
  it("goes before its request, or behind it", () => {
    const engine = client();
    engine.sendPriorityUpdate(1, URGENT);
    engine.sendHeaders(1, GET, { endStream: true });
    engine.sendPriorityUpdate(1, { urgency: 3, incremental: false });
    expect(sent(engine).filter((line) => line.startsWith("PRIORITY"))).toEqual([
      'PRIORITY_UPDATE prioritized=1 value="u=0"',
      'PRIORITY_UPDATE prioritized=1 value=""',
    ]);
  });

  it("is refused for a stream that is closed, whoever opened it", () => {
    const engine = clientWithRequest();
    receive(engine, frames.pushPromise(1, 2).request("GET", "/"));
    engine.resetStream(1);
    engine.resetStream(2);
    for (const id of [1, 2]) {
      expectMisuse(engine, () => engine.sendPriorityUpdate(id, URGENT), StreamClosedError);
    }
    expectMisuse(engine, () => engine.sendPriorityUpdate(4, URGENT), NoSuchStreamError);
  });

  it("is refused where the server would: for more streams than may be open", () => {
    const engine = client({}, [[MAX_CONCURRENT_STREAMS, 2]]);
    engine.sendPriorityUpdate(3, URGENT);
    engine.sendPriorityUpdate(5, URGENT);
    engine.sendPriorityUpdate(3, { urgency: 1, incremental: true });
    expectMisuse(engine, () => engine.sendPriorityUpdate(7, URGENT), TooManyStreamsError);
    engine.sendHeaders(3, GET);
    expectMisuse(engine, () => engine.sendPriorityUpdate(7, URGENT), TooManyStreamsError);
    engine.resetStream(3);
    engine.sendPriorityUpdate(7, URGENT);
    expectMisuse(engine, () => engine.sendPriorityUpdate(9, URGENT), TooManyStreamsError);
  });

  it("never gets a client of ours into trouble with a server of ours", () => {
    const { client, server, drive } = pair({ server: { initialSettings: { [MAX_CONCURRENT_STREAMS]: 3 } } });
    for (let id = 1; id < 40; id += 2) {
      client.sendHeaders(id, GET, { endStream: true });
      client.sendPriorityUpdate(id + 2, URGENT);
      client.sendPriorityUpdate(id + 4, URGENT);
      drive();
      server.sendHeaders(id, OK, { endStream: true });
      drive();
    }
    expect([client.isFinished, server.isFinished]).toEqual([false, false]);
  });
});

describe("SETTINGS_NO_RFC7540_PRIORITIES (RFC 9218 section 2.1)", () => {
  it("goes out in the first SETTINGS, and is read off the settings of either side", () => {
    const { client, server, drive } = pair({ server: NO_OLD_PRIORITIES });
    drive();
    expect([client.remoteSettings.noRfc7540Priorities, client.localSettings.noRfc7540Priorities]).toEqual([
      1, 0,
    ]);
    expect([server.localSettings.noRfc7540Priorities, server.remoteSettings.noRfc7540Priorities]).toEqual([
      1, 0,
    ]);
  });

  it("cannot change afterwards: our own caller is refused", () => {
    const change = (engine: H2Connection, value: number) => () =>
      engine.updateSettings({ [NO_RFC7540_PRIORITIES]: value });
    const plain = server();
    expectMisuse(plain, change(plain, 1), InvalidSettingsValueError);
    const without = server(NO_OLD_PRIORITIES);
    expectMisuse(without, change(without, 0), InvalidSettingsValueError);
    change(without, 1)();
    expect(sent(without)).toEqual(["SETTINGS NO_RFC7540_PRIORITIES=1"]);
  });

  it.each([
    ["0, then 1", [[NO_RFC7540_PRIORITIES, 0]], 1],
    ["nothing, then 1", [], 1],
    ["1, then 0", [[NO_RFC7540_PRIORITIES, 1]], 0],
  ] as const)("costs the peer the connection where it says %s", (_what, first, then) => {
    for (const engine of [server({}, first), client({}, first)]) {
      const events = receive(engine, frames.settings([NO_RFC7540_PRIORITIES, then]));
      expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9218 section 2.1");
    }
  });

  it.each([2, 0xffffffff])("costs the connection where it is %i", (value) => {
    const engine = server();
    const events = receive(engine, frames.settings([NO_RFC7540_PRIORITIES, value]));
    expectConnectionError(engine, events, PROTOCOL_ERROR, "RFC 9218 section 2.1");
    expect(() => server({ initialSettings: { [NO_RFC7540_PRIORITIES]: value } })).toThrow(
      InvalidSettingsValueError,
    );
  });

  it("may be said again", () => {
    const engine = server({}, [[NO_RFC7540_PRIORITIES, 1]]);
    receive(engine, frames.settings([NO_RFC7540_PRIORITIES, 1]));
    expectAlive(engine);
  });

  it.each([
    ["the client", () => server({}, [[NO_RFC7540_PRIORITIES, 1]])],
    ["the server", () => server(NO_OLD_PRIORITIES)],
  ])("makes the old signals be ignored where %s has said it", (_who, engineOf) => {
    const engine = engineOf();
    const events = receive(
      engine,
      frames.priority(1, { weight: 9 }),
      frames.priority(1, { dependsOn: 1 }),
      frames.headers(1).request("GET", "/").priority({ dependsOn: 1 }).endStream(),
    );
    expect(events).toMatchObject([
      { type: "RequestReceived", priorityUpdated: null },
      { type: "StreamEnded", streamId: 1 },
    ]);
    expectAlive(engine);
  });

  it("does not make wrong frames right", () => {
    const engine = server({}, [[NO_RFC7540_PRIORITIES, 1]]);
    expectConnectionError(engine, receive(engine, frames.priority(0)), PROTOCOL_ERROR);
  });

  it("keeps a client that has said it from sending them", () => {
    const engine = client(NO_OLD_PRIORITIES);
    expectMisuse(engine, () => engine.prioritize(1), ProtocolError);
    expectMisuse(engine, () => engine.sendHeaders(1, GET, { priorityWeight: 7 }), ProtocolError);
    engine.sendHeaders(1, GET);
    engine.sendPriorityUpdate(1, URGENT);
    expect(sent(engine)).toHaveLength(2);
  });

  it("leaves it to the caller whether a server that has said it gets them", () => {
    const engine = client({}, [[NO_RFC7540_PRIORITIES, 1]]);
    engine.prioritize(1);
    expect(sent(engine)).toEqual(["PRIORITY stream=1 dependsOn=0 weight=16"]);
  });
});
