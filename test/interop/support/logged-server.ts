import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { H2Connection, H2Error, type H2Event } from "../../../src/index.ts";
import type { Random } from "../../fuzz/random.mjs";
import { OurLog } from "./frame-log.ts";
import { randomFields } from "./random-fields.ts";

/** A server of ours for one connection of random answers, with the log of its frames. */
export interface LoggedServer {
  readonly port: number;
  readonly log: OurLog;
  /** Until the connection is gone and the port closed. */
  ended(): Promise<void>;
}

/** Listens on a free port, by prior knowledge. What it answers is up to `random`. */
export async function startLoggedServer(random: Random): Promise<LoggedServer> {
  const log = new OurLog();
  const server = createServer();
  const closed = once(server, "close");
  server.once("connection", (socket) => {
    server.close();
    new Answerer(socket, random, log).start();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { port: portOf(server), log, ended: async () => void (await closed) };
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port;
}

/** One connection: answers each request when it is complete, or before. */
class Answerer {
  readonly #socket: Socket;
  readonly #random: Random;
  readonly #engine: H2Connection;

  constructor(socket: Socket, random: Random, log: OurLog) {
    this.#socket = socket;
    this.#random = random;
    const initialSettings = Object.fromEntries(
      SETTINGS.filter(() => random.once(4)).map((list) => random.pick(list)),
    );
    const connectionWindowSize = random.pick([65_535, 65_535, 1_000_000]);
    this.#engine = new H2Connection({
      clientSide: false,
      initialSettings,
      connectionWindowSize,
      observer: log,
    });
  }

  start(): void {
    this.#engine.initiateConnection();
    this.#socket.on("data", (chunk) => {
      for (const event of this.#engine.receiveData(chunk)) this.#receive(event);
      this.#write();
    });
    this.#socket.on("error", () => {});
    this.#write();
  }

  #write(): void {
    for (const chunk of this.#engine.takeChunks()) this.#socket.write(chunk);
  }

  #receive(event: H2Event): void {
    if (event.type === "DataReceived")
      this.#engine.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
    if (event.type === "RequestReceived" && this.#random.once(6))
      this.#attempt(() =>
        this.#engine.sendHeaders(event.streamId, [
          [":status", "103"],
          ["link", "</a>"],
        ]),
      );
    if (event.type === "StreamEnded") this.#attempt(() => this.#answer(event.streamId));
  }

  /** What the engine refuses, such as a push that is switched off, is left out. */
  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof H2Error)) throw error;
    }
  }

  #answer(streamId: number): void {
    const random = this.#random;
    const engine = this.#engine;
    this.#attempt(() => this.#sayAside(streamId));
    if (random.once(12)) {
      engine.resetStream(streamId, { errorCode: random.pick([2, 7, 11]) });
      return;
    }
    const status = random.pick(["200", "200", "200", "404", "500"]);
    const length = random.pick([0, 1, 100, 16_384, 40_000, 150_000]);
    engine.sendHeaders(streamId, [[":status", status], ...randomFields(random)], { endStream: length === 0 });
    if (length > 0) this.#sendBody(streamId, length);
  }

  #sendBody(streamId: number, length: number): void {
    const engine = this.#engine;
    const room = engine.localFlowControlWindow(streamId);
    if (this.#random.once(3) && room > 400) {
      const padLength = this.#random.below(256);
      engine.sendData(streamId, new Uint8Array(Math.min(100, length)), { padLength });
    }
    const hasTrailers = this.#random.once(4);
    engine.queueData(streamId, new Uint8Array(length), { endStream: !hasTrailers });
    if (hasTrailers) engine.sendHeaders(streamId, [["x-checksum", "none"]], { endStream: true });
  }

  /** What has nothing to do with the answer. */
  #sayAside(streamId: number): void {
    const random = this.#random;
    const engine = this.#engine;
    if (random.once(5)) engine.ping(random.octets(8));
    if (random.once(8)) engine.updateSettings({ 1: random.pick([0, 200, 4_096, 8_192]) });
    if (random.once(8)) engine.updateSettings({ 4: random.pick([20_000, 65_535, 200_000]) });
    if (random.once(8)) engine.incrementFlowControlWindow(random.between(1, 10_000));
    if (random.once(4)) this.#push(streamId);
    if (random.once(15)) engine.shutdown();
  }

  #push(streamId: number): void {
    // A promise that cannot be kept now would keep nghttp waiting.
    if (this.#engine.openOutboundStreams >= this.#engine.remoteSettings.maxConcurrentStreams) return;
    const promised = this.#engine.getNextAvailableStreamId();
    const request = [":method", ":scheme", ":authority", ":path"].map((name, index): [string, string] => [
      name,
      ["GET", "http", "127.0.0.1", `/pushed/${promised}`][index] as string,
    ]);
    this.#engine.pushStream(streamId, promised, request);
    this.#engine.sendHeaders(promised, [[":status", "200"], ...randomFields(this.#random)]);
    this.#engine.queueData(promised, new Uint8Array(this.#random.below(3_000)), { endStream: true });
  }
}

const SETTINGS: readonly (readonly (readonly [number, number])[])[] = [
  [
    [1, 0],
    [1, 100],
    [1, 20_000],
  ],
  [
    [3, 1],
    [3, 3],
  ],
  [
    [4, 1_000],
    [4, 500_000],
  ],
  [[5, 32_768]],
  [[8, 1]],
];
