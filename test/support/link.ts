import type { H2Connection, H2Event, H2Options } from "../../src/index.ts";
import { type InnerWindow, insideOf, opened } from "./opened.ts";

/** What travelled on one way, by stream; 0 is the whole connection. */
class Account {
  readonly data: Map<number, number> = new Map();
  readonly updates: Map<number, number> = new Map();

  count(frame: Travelling): void {
    if (frame.type === "DATA") {
      add(this.data, 0, frame.octets);
      add(this.data, frame.streamId, frame.octets);
    } else add(this.updates, frame.streamId, frame.octets);
  }
}

interface Travelling {
  readonly type: "DATA" | "WINDOW_UPDATE";
  readonly streamId: number;
  readonly octets: number;
}

/** One end: its engine, and what it sent and received, counted on the wire. */
export class End {
  readonly engine: H2Connection;
  readonly sent: Account;
  readonly received: Account;
  readonly events: H2Event[];
  /** Streams on which a HEAD was received. */
  readonly headStreams: Set<number>;
  /** Octets of DATA that the application got, and those that it is done with. */
  delivered: number;
  acknowledged: number;
  /** What is on its way to the other end. */
  pipe: Uint8Array;
  readonly #sentReader: WireCounter;
  readonly #receivedReader: WireCounter;

  constructor(options: H2Options) {
    this.engine = new opened.H2Connection(options);
    this.sent = new Account();
    this.received = new Account();
    this.events = [];
    this.headStreams = new Set();
    this.delivered = 0;
    this.acknowledged = 0;
    this.pipe = NOTHING;
    const isClient = options.clientSide === true;
    this.#sentReader = new WireCounter(isClient, this.sent);
    this.#receivedReader = new WireCounter(!isClient, this.received);
  }

  /** Puts all that the engine has to send on its way. */
  send(): void {
    const octets = this.engine.dataToSend();
    this.#sentReader.feed(octets);
    this.pipe = joined(this.pipe, octets);
  }

  /** Takes the first `amount` octets of what the other end sent. */
  receive(from: End, amount: number): void {
    const chunk = from.pipe.slice(0, amount);
    from.pipe = from.pipe.subarray(chunk.length);
    this.#receivedReader.feed(chunk);
    for (const event of this.engine.receiveData(chunk)) {
      this.events.push(event);
      if (event.type === "RequestReceived" && event.headers.some(({ value }) => value === "HEAD"))
        this.headStreams.add(event.streamId);
      if (event.type === "DataReceived") this.delivered += event.flowControlledLength;
    }
  }
}

/** Two opened engines, and octets that are on their way between them for as long as the test wants. */
export class Link {
  readonly client: End;
  readonly server: End;

  constructor(options: { client?: H2Options; server?: H2Options } = {}) {
    this.client = new End({ ...options.client, clientSide: true });
    this.server = new End({ ...options.server, clientSide: false });
    this.client.engine.initiateConnection();
    this.server.engine.initiateConnection();
  }

  /** Sends what there is, and lets so many octets arrive at each end. */
  carry(toServer: number, toClient: number): void {
    this.client.send();
    this.server.send();
    this.server.receive(this.client, toServer);
    this.client.receive(this.server, toClient);
    this.client.send();
    this.server.send();
  }

  /** Until both are silent. */
  settle(): void {
    do this.carry(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    while (this.client.pipe.length + this.server.pipe.length > 0);
  }
}

/** Windows that are not what the frames on the wire make of them; none, as a rule. */
export function wrongWindows({ engine, sent, received }: End): string[] {
  const { _state } = insideOf(engine);
  const wrong: string[] = [];
  const check = (name: string, window: InnerWindow, expected: number): void => {
    if (window.available !== expected) wrong.push(`${name}: ${window.available}, on the wire ${expected}`);
  };
  check("connection, to send", _state.sendWindow, START + of(received.updates, 0) - of(sent.data, 0));
  check("connection, to receive", _state.receiveWindow, START + of(sent.updates, 0) - of(received.data, 0));
  const { initialWindowSize: allowed } = engine.remoteSettings;
  const { initialWindowSize: granted } = engine.localSettings;
  for (const { id, sendWindow, receiveWindow } of _state.streams.live()) {
    check(`stream ${id}, to send`, sendWindow, allowed + of(received.updates, id) - of(sent.data, id));
    check(`stream ${id}, to receive`, receiveWindow, granted + of(sent.updates, id) - of(received.data, id));
  }
  return wrong;
}

/** Whether the encoder of one end and the decoder of the other have the same table, when nothing is on its way. */
export function differenceOfTables(from: End, to: End): string | null {
  const { _encoder } = insideOf(from.engine)._output;
  const { decoder } = insideOf(to.engine)._inbound._head;
  const ours = _encoder.dynamicTable.map(({ name, value }) => `${name}: ${value}`);
  const theirs = decoder.dynamicTable.map(({ name, value }) => `${name}: ${value}`);
  // A smaller bound that no block told of yet has cost the encoder its oldest entries already.
  const common = _encoder._updateDue ? theirs.slice(0, ours.length) : theirs;
  if (ours.join("\n") !== common.join("\n")) return `${ours.join("; ")} against ${theirs.join("; ")}`;
  if (_encoder._updateDue || _encoder.tableMaxSize === decoder.tableMaxSize) return null;
  return `bounds ${_encoder.tableMaxSize} and ${decoder.tableMaxSize}`;
}

/** Windows before anything was said (RFC 9113 section 6.9.2). */
const START = 65_535;

/** Reads one way of the wire, only for what counts against windows. */
class WireCounter {
  readonly #account: Account;
  #skip: number;
  #waiting: Uint8Array;

  constructor(expectPreface: boolean, account: Account) {
    this.#account = account;
    this.#skip = expectPreface ? 24 : 0;
    this.#waiting = NOTHING;
  }

  feed(octets: Uint8Array): void {
    const waiting = joined(this.#waiting, octets);
    let position = Math.min(this.#skip, waiting.length);
    this.#skip -= position;
    for (;;) {
      const end = position + 9 + uint(waiting, position, 3);
      if (position + 9 > waiting.length || end > waiting.length) break;
      this.#count(waiting.subarray(position, end));
      position = end;
    }
    this.#waiting = waiting.slice(position);
  }

  #count(frame: Uint8Array): void {
    const streamId = uint(frame, 5, 4);
    if (frame[3] === 0) this.#account.count({ type: "DATA", streamId, octets: frame.length - 9 });
    if (frame[3] === 8) this.#account.count({ type: "WINDOW_UPDATE", streamId, octets: uint(frame, 9, 4) });
  }
}

function uint(octets: Uint8Array, position: number, length: number): number {
  return octets.subarray(position, position + length).reduce((value, octet) => value * 0x100 + octet, 0);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const NOTHING = new Uint8Array(0);

function add(sums: Map<number, number>, key: number, amount: number): void {
  sums.set(key, of(sums, key) + amount);
}

function of(sums: ReadonlyMap<number, number>, key: number): number {
  return sums.get(key) ?? 0;
}
