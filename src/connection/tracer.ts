import { joined } from "../bytes/joined.ts";
import { StreamFault } from "../frames/fault.ts";
import { describeFrame, type Frame } from "../frames/frame.ts";
import { FrameReader } from "../frames/frame-reader.ts";
import { FrameType } from "../frames/frame-type.ts";
import { DEFAULT_HEADER_TABLE_SIZE, LARGEST_MAX_FRAME_SIZE } from "../frames/limits.ts";
import { SettingId } from "../frames/setting-id.ts";
import { Decoder } from "../hpack/decoder.ts";
import type { HeaderField } from "../hpack/header-field.ts";
import type { FrameObserver, H2Configuration, Logger } from "./configuration.ts";

const OFF = Number.POSITIVE_INFINITY;

/** One direction of a trace: reads the octets again, with tables of its own. */
class DirectionTracer {
  readonly #report: (frame: Frame, fields: readonly HeaderField[] | null) => void;
  readonly #reader: FrameReader;
  readonly #decoder: Decoder;
  #fragments: Uint8Array[];
  #isBroken: boolean;
  #tableSize: number;

  constructor(expectPreface: boolean, report: (frame: Frame, fields: readonly HeaderField[] | null) => void) {
    this.#report = report;
    this.#reader = new FrameReader(LARGEST_MAX_FRAME_SIZE, expectPreface);
    // What the engine itself takes is for the engine to say; a trace shows all of it.
    this.#decoder = new Decoder({ maxListSize: OFF, maxFields: OFF, hardListSize: OFF, hardFields: OFF });
    this.#tableSize = DEFAULT_HEADER_TABLE_SIZE;
    this.#fragments = [];
    this.#isBroken = false;
  }

  /** The table of this direction may grow to `size`. When a lower one counts cannot be seen here, so none does. */
  allowTableSize(size: number): void {
    if (size <= this.#tableSize) return;
    this.#tableSize = size;
    this.#decoder.setMaxTableSize(size);
  }

  feed(octets: Uint8Array): void {
    if (this.#isBroken) return;
    this.#reader.push(octets);
    while (!this.#readAll()) {
      // A frame that cannot be parsed is left out.
    }
    this.#reader.detach();
  }

  #readAll(): boolean {
    try {
      for (let frame = this.#reader.next(); frame !== null; frame = this.#reader.next()) {
        this.#report(frame, this.#fieldsOf(frame));
      }
      return true;
    } catch (fault) {
      if (fault instanceof StreamFault) return false;
      this.#isBroken = true;
      return true;
    }
  }

  #fieldsOf(frame: Frame): readonly HeaderField[] | null {
    const carriesBlock =
      frame.type === FrameType.HEADERS ||
      frame.type === FrameType.PUSH_PROMISE ||
      frame.type === FrameType.CONTINUATION;
    if (!carriesBlock) return null;
    if (frame.endHeaders && this.#fragments.length === 0) return this.#decoder.decode(frame.fragment);
    this.#fragments.push(frame.fragment.slice());
    if (!frame.endHeaders) return null;
    const block = joined(this.#fragments);
    this.#fragments = [];
    return this.#decoder.decode(block);
  }
}

/**
 * Shows each frame in and out to an observer and a logger.
 *
 * It reads the octets of the wire a second time rather than being told by each part of the engine: what it shows is
 * what travels, and a connection that nobody observes pays one comparison a call.
 */
export class Tracer {
  readonly #observer: FrameObserver | null;
  readonly #logger: Logger | null;
  readonly #received: DirectionTracer;
  readonly #sent: DirectionTracer;

  private constructor(configuration: H2Configuration) {
    this.#observer = configuration.observer;
    this.#logger = configuration.logger;
    this.#received = new DirectionTracer(!configuration.clientSide, (frame, fields) =>
      this.#show("received", frame, fields),
    );
    this.#sent = new DirectionTracer(configuration.clientSide, (frame, fields) =>
      this.#show("sent", frame, fields),
    );
  }

  /** A tracer if the configuration asks for one. */
  static for(configuration: H2Configuration): Tracer | null {
    return configuration.observer === null && configuration.logger === null
      ? null
      : new Tracer(configuration);
  }

  received(octets: Uint8Array): void {
    this.#received.feed(octets);
  }

  sent(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#sent.feed(chunk);
  }

  #show(direction: "received" | "sent", frame: Frame, fields: readonly HeaderField[] | null): void {
    if (frame.type === FrameType.SETTINGS) this.#noteTableSize(direction, frame.settings);
    try {
      this.#logger?.debug(`${direction} ${describeFrame(frame)}`);
      this.#observer?.frame(direction, frame, fields);
    } catch {
      // Who only looks on must not disturb the connection.
    }
  }

  #noteTableSize(direction: "received" | "sent", settings: readonly (readonly [number, number])[]): void {
    const other = direction === "received" ? this.#sent : this.#received;
    for (const [id, value] of settings) {
      if (id === SettingId.HEADER_TABLE_SIZE) other.allowTableSize(value);
    }
  }
}
