import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { H2Connection, H2Error, type H2Event, HeaderField } from "../../../src/index.ts";
import type { Random } from "../../fuzz/random.mjs";
import { OurLog } from "./frame-log.ts";
import { randomFields } from "./random-fields.ts";

/**
 * A conversation of our engine, as a client of random requests, with the server at this port; ends when all streams did.
 * `mark` stands in a field of each request, so that the server's log can be told from that of another connection.
 */
export async function converse(port: number, mark: string, random: Random): Promise<OurLog> {
  const log = new OurLog();
  const socket = connect(port, "127.0.0.1");
  const closed = once(socket, "close");
  await once(socket, "connect");
  new Asker(socket, mark, random, log).start();
  await closed;
  return log;
}

class Asker {
  readonly #socket: Socket;
  readonly #random: Random;
  readonly #engine: H2Connection;
  readonly #mark: string;
  readonly #open: Set<number>;
  #left: number;
  /** Whether the server's limits are known: before that it may refuse what goes beyond them. */
  #isAcquainted: boolean;

  constructor(socket: Socket, mark: string, random: Random, log: OurLog) {
    this.#socket = socket;
    this.#mark = mark;
    this.#random = random;
    const initialSettings = Object.fromEntries(
      SETTINGS.filter(() => random.once(3)).map((list) => random.pick(list)),
    );
    const connectionWindowSize = random.pick([65_535, 65_535, 1_000_000]);
    this.#engine = new H2Connection({
      clientSide: true,
      initialSettings,
      connectionWindowSize,
      observer: log,
    });
    this.#open = new Set();
    this.#left = random.between(1, 8);
    this.#isAcquainted = false;
  }

  start(): void {
    this.#engine.initiateConnection();
    this.#socket.on("data", (chunk) => {
      for (const event of this.#engine.receiveData(chunk)) this.#receive(event);
      this.#goOn();
    });
    this.#goOn();
  }

  /** Asks for more as long as something is left to ask for, and says good-bye when all was answered. */
  #goOn(): void {
    while (this.#isAcquainted && this.#left > 0 && this.#open.size < 3) {
      this.#left--;
      this.#attempt(() => this.#request());
    }
    const isDone = this.#left === 0 && this.#open.size === 0;
    if (isDone && !this.#engine.isClosing) this.#sayGoodbye();
    for (const chunk of this.#engine.takeChunks()) this.#socket.write(chunk);
    if (isDone) this.#socket.end();
  }

  #sayGoodbye(): void {
    const errorCode = this.#random.pick([0, 0, 8, 11]);
    const additionalData = this.#random.once(2) ? Buffer.from("that is all") : null;
    this.#engine.closeConnection({ errorCode, additionalData });
  }

  #receive(event: H2Event): void {
    if (event.type === "DataReceived")
      this.#engine.acknowledgeReceivedData(event.flowControlledLength, event.streamId);
    if (event.type === "RemoteSettingsChanged") this.#isAcquainted = true;
    if (event.type === "PushedStreamReceived") {
      this.#open.add(event.pushedStreamId);
      if (this.#random.once(3)) this.#reset(event.pushedStreamId);
    }
    if (event.type === "StreamEnded" || event.type === "StreamReset") this.#open.delete(event.streamId);
  }

  /** What the engine refuses, such as one stream too many, is left out. */
  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof H2Error)) throw error;
    }
  }

  #request(): void {
    const random = this.#random;
    const engine = this.#engine;
    const streamId = engine.getNextAvailableStreamId();
    this.#attempt(() => this.#sayAside());
    const method = random.pick(["GET", "GET", "HEAD", "POST", "POST", "PUT"]);
    const length = method === "POST" || method === "PUT" ? random.pick([0, 1, 1_000, 30_000, 200_000]) : 0;
    const head = this.#head(method, length);
    const priority = random.once(4)
      ? { priorityWeight: random.between(1, 256), priorityExclusive: random.once(2) }
      : {};
    engine.sendHeaders(streamId, head, { endStream: length === 0, ...priority });
    this.#open.add(streamId);
    if (length > 0) this.#sendBody(streamId, length);
    if (random.once(12)) this.#reset(streamId);
  }

  #head(method: string, length: number): HeaderField[] {
    const path = this.#random.pick([
      "/hello.txt",
      "/hello.txt",
      "/large.bin",
      "/missing",
      "/",
      `/${"p".repeat(300)}`,
    ]);
    const pseudo = [
      [":method", method],
      [":scheme", "http"],
      [":authority", "127.0.0.1"],
      [":path", length > 0 ? "/hello.txt" : path === "/large.bin" && method === "GET" ? "/middle.bin" : path],
      ["x-conversation", this.#mark],
    ] as const;
    return [...pseudo.map(([name, value]) => new HeaderField(name, value)), ...randomFields(this.#random)];
  }

  #sendBody(streamId: number, length: number): void {
    const engine = this.#engine;
    const random = this.#random;
    let rest = length;
    if (random.once(2) && engine.localFlowControlWindow(streamId) > 400) {
      const first = Math.min(100, rest - 1);
      engine.sendData(streamId, new Uint8Array(first), { padLength: random.below(256) });
      rest -= first;
    }
    const hasTrailers = random.once(4);
    engine.queueData(streamId, new Uint8Array(rest), { endStream: !hasTrailers });
    if (hasTrailers) engine.sendHeaders(streamId, [["x-checksum", "none"]], { endStream: true });
  }

  #reset(streamId: number): void {
    this.#attempt(() => this.#engine.resetStream(streamId, { errorCode: this.#random.pick([7, 8]) }));
    this.#open.delete(streamId);
  }

  /** What has nothing to do with the request. */
  #sayAside(): void {
    const random = this.#random;
    const engine = this.#engine;
    if (random.once(5)) engine.ping(random.octets(8));
    if (random.once(6)) engine.updateSettings({ 1: random.pick([0, 200, 4_096, 8_192]) });
    if (random.once(6)) engine.updateSettings({ 4: random.pick([20_000, 65_535, 200_000]) });
    if (random.once(6)) engine.incrementFlowControlWindow(random.between(1, 10_000));
    if (random.once(5))
      engine.prioritize(101, { weight: random.between(1, 256), dependsOn: random.pick([0, 99]) });
  }
}

const SETTINGS: readonly (readonly (readonly [number, number])[])[] = [
  [
    [1, 0],
    [1, 100],
    [1, 20_000],
  ],
  [[2, 0]],
  [[3, 1]],
  [
    [4, 1_000],
    [4, 500_000],
  ],
  [[5, 32_768]],
  [[6, 100_000]],
];
