import fc from "fast-check";
import { type H2Connection, SettingCodes } from "../../src/index.ts";
import { GET, OK, POST, requestHead } from "./engine.ts";

/** A call on an engine, with a name for counterexamples. */
export interface Operation {
  readonly name: string;
  readonly call: (engine: H2Connection) => unknown;
}

/** Calls with arguments that are right, wrong or out of place, as chance has them. */
export function anyOperation(): fc.Arbitrary<Operation> {
  return fc.oneof(...[...sensible(), ...silly()]);
}

/** Calls with arguments that are right somewhere; whether they are right now is for the engine to say. */
export function sensibleOperation(): fc.Arbitrary<Operation> {
  return fc.oneof(...sensible());
}

const stream = fc.constantFrom(1, 1, 2, 3, 4, 5, 7, 9);
const end = fc.boolean();
const octets = fc.integer({ min: 0, max: 400 }).map((length) => new Uint8Array(length));
const head = fc.constantFrom(
  GET,
  POST,
  OK,
  [[":status", "103"]] as const,
  [...GET, ["x-request", "1"]] as const,
  [...OK, ["x-response", "2"]] as const,
  [["x-trailer", "3"]] as const,
);

function sensible(): fc.Arbitrary<Operation>[] {
  return [
    fc
      .tuple(stream, head, end)
      .map(([id, fields, endStream]) =>
        operation(`sendHeaders(${id}, ${fields}, ${endStream})`, (engine) =>
          engine.sendHeaders(id, fields, { endStream }),
        ),
      ),
    fc.constant(
      operation("sendHeaders(next)", (engine) => engine.sendHeaders(engine.getNextAvailableStreamId(), POST)),
    ),
    fc
      .tuple(stream, octets, end)
      .map(([id, data, endStream]) =>
        operation(`sendData(${id}, ${data.length}, ${endStream})`, (engine) =>
          engine.sendData(id, data, { endStream }),
        ),
      ),
    fc
      .tuple(stream, octets, end)
      .map(([id, data, endStream]) =>
        operation(`queueData(${id}, ${data.length}, ${endStream})`, (engine) =>
          engine.queueData(id, data, { endStream }),
        ),
      ),
    stream.map((id) => operation(`endStream(${id})`, (engine) => engine.endStream(id))),
    stream.map((id) => operation(`resetStream(${id})`, (engine) => engine.resetStream(id, { errorCode: 8 }))),
    fc
      .tuple(stream, stream)
      .map(([id, promised]) =>
        operation(`pushStream(${id}, ${promised})`, (engine) =>
          engine.pushStream(id, promised, requestHead("GET")),
        ),
      ),
    fc
      .tuple(stream, fc.nat({ max: 500 }))
      .map(([id, size]) =>
        operation(`acknowledgeReceivedData(${size}, ${id})`, (engine) =>
          engine.acknowledgeReceivedData(size, id),
        ),
      ),
    fc
      .tuple(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 1, max: 1_000 }))
      .map(([streamId, increment]) =>
        operation(`incrementFlowControlWindow(${increment}, ${streamId})`, (engine) =>
          engine.incrementFlowControlWindow(increment, { streamId }),
        ),
      ),
    fc
      .tuple(stream, fc.integer({ min: 0, max: 7 }), fc.boolean())
      .map(([id, urgency, incremental]) =>
        operation(`setPriority(${id}, ${urgency})`, (engine) =>
          engine.setPriority(id, { urgency, incremental }),
        ),
      ),
    stream.map((id) =>
      operation(`sendPriorityUpdate(${id})`, (engine) =>
        engine.sendPriorityUpdate(id, { urgency: 1, incremental: true }),
      ),
    ),
    fc
      .tuple(stream, stream)
      .map(([id, dependsOn]) =>
        operation(`prioritize(${id}, ${dependsOn})`, (engine) => engine.prioritize(id, { dependsOn })),
      ),
    fc
      .constantFrom(0, 50, 300, 70_000)
      .map((size) =>
        operation(`updateSettings(INITIAL_WINDOW_SIZE ${size})`, (engine) =>
          engine.updateSettings({ [SettingCodes.INITIAL_WINDOW_SIZE]: size }),
        ),
      ),
    fc
      .constantFrom(0, 100, 4_096)
      .map((size) =>
        operation(`updateSettings(HEADER_TABLE_SIZE ${size})`, (engine) =>
          engine.updateSettings({ [SettingCodes.HEADER_TABLE_SIZE]: size }),
        ),
      ),
    fc.constant(
      operation("updateSettings(ENABLE_PUSH 0)", (engine) =>
        engine.updateSettings({ [SettingCodes.ENABLE_PUSH]: 0 }),
      ),
    ),
    fc.constant(operation("ping()", (engine) => engine.ping(new Uint8Array(8)))),
    fc.constant(
      operation("sendExtensionFrame()", (engine) => engine.sendExtensionFrame({ type: 0xfa, streamId: 1 })),
    ),
    stream.map((streamId) =>
      operation(`advertiseAlternativeService(${streamId})`, (engine) =>
        engine.advertiseAlternativeService("clear", { streamId }),
      ),
    ),
    stream.map((id) =>
      operation(`sendInformational(${id})`, (engine) =>
        engine.sendInformational(id, 103, [["link", "</a>"]]),
      ),
    ),
    fc.constant(operation("advertiseOrigins()", (engine) => engine.advertiseOrigins(["https://a"]))),
    fc.constant(operation("shutdown()", (engine) => engine.shutdown())),
  ];
}

function silly(): fc.Arbitrary<Operation>[] {
  const id = fc.constantFrom<unknown>(0, -1, 1.5, 2 ** 31, Number.NaN, "1", undefined, 1, 2, 3);
  const size = fc.constantFrom<unknown>(0, -1, 0.5, 2 ** 31, 2 ** 32, Number.NaN, "5", undefined, 20_000);
  const data = fc.constantFrom<unknown>(
    "text",
    [1],
    undefined,
    new Uint8Array(20_000),
    new Uint8Array(70_000),
  );
  const fields = fc.constantFrom<unknown>(
    [],
    [["x", "a\nb"]],
    [["x", "\u20ac"]],
    [...GET, ["", "x"]],
    [...OK, ["connection", "x\0"]],
    [["x"]],
    7,
  );
  return [
    fc
      .tuple(id, fields, size)
      .map(([streamId, headers, weight]) =>
        operation(`sendHeaders(${streamId}, ${String(headers)}, ${weight})`, (engine) =>
          engine.sendHeaders(streamId as number, headers as [], { priorityWeight: weight as number }),
        ),
      ),
    fc
      .tuple(id, data, size)
      .map(([streamId, body, padLength]) =>
        operation(`sendData(${streamId}, ${typeof body}, ${padLength})`, (engine) =>
          engine.sendData(streamId as number, body as Uint8Array, { padLength: padLength as number }),
        ),
      ),
    fc
      .tuple(id, data)
      .map(([streamId, body]) =>
        operation(`queueData(${streamId}, ${typeof body})`, (engine) =>
          engine.queueData(streamId as number, body as Uint8Array),
        ),
      ),
    fc
      .tuple(id, size)
      .map(([streamId, errorCode]) =>
        operation(`resetStream(${streamId}, ${errorCode})`, (engine) =>
          engine.resetStream(streamId as number, { errorCode: errorCode as number }),
        ),
      ),
    fc
      .tuple(id, id, fields)
      .map(([streamId, promised, headers]) =>
        operation(`pushStream(${streamId}, ${promised})`, (engine) =>
          engine.pushStream(streamId as number, promised as number, headers as []),
        ),
      ),
    fc
      .tuple(id, size)
      .map(([streamId, increment]) =>
        operation(`incrementFlowControlWindow(${increment}, ${streamId})`, (engine) =>
          engine.incrementFlowControlWindow(increment as number, { streamId: streamId as number }),
        ),
      ),
    fc
      .tuple(id, size)
      .map(([streamId, octetCount]) =>
        operation(`acknowledgeReceivedData(${octetCount}, ${streamId})`, (engine) =>
          engine.acknowledgeReceivedData(octetCount as number, streamId as number),
        ),
      ),
    fc
      .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 9, 70_000, -1), size)
      .map(([key, value]) =>
        operation(`updateSettings(${key}, ${value})`, (engine) =>
          engine.updateSettings([[key, value as number]]),
        ),
      ),
    fc
      .tuple(id, size)
      .map(([streamId, urgency]) =>
        operation(`sendPriorityUpdate(${streamId}, ${urgency})`, (engine) =>
          engine.sendPriorityUpdate(streamId as number, { urgency: urgency as number, incremental: false }),
        ),
      ),
    fc
      .tuple(id, size, fields)
      .map(([streamId, status, headers]) =>
        operation(`sendInformational(${streamId}, ${status})`, (engine) =>
          engine.sendInformational(streamId as number, status as number, headers as []),
        ),
      ),
    fc
      .tuple(id, size)
      .map(([streamId, weight]) =>
        operation(`prioritize(${streamId}, ${weight})`, (engine) =>
          engine.prioritize(streamId as number, { weight: weight as number }),
        ),
      ),
    fc.tuple(size, id, data).map(([type, streamId, payload]) =>
      operation(`sendExtensionFrame(${type}, ${streamId})`, (engine) =>
        engine.sendExtensionFrame({
          type: type as number,
          streamId: streamId as number,
          payload: payload as Uint8Array,
        }),
      ),
    ),
    fc.tuple(size, id, data).map(([errorCode, lastStreamId, additionalData]) =>
      operation(`closeConnection(${errorCode}, ${lastStreamId})`, (engine) =>
        engine.closeConnection({
          errorCode: errorCode as number,
          lastStreamId: lastStreamId as number,
          additionalData: additionalData as Uint8Array,
        }),
      ),
    ),
    data.map((octetsOfPing) => operation("ping(?)", (engine) => engine.ping(octetsOfPing as Uint8Array))),
    size.map((amount) => operation(`dataToSend(${amount})`, (engine) => engine.dataToSend(amount as number))),
  ];
}

function operation(name: string, call: (engine: H2Connection) => unknown): Operation {
  return { name, call };
}
