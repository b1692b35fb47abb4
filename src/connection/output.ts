import { ChunkWriter } from "../bytes/chunk-writer.ts";
import { writeAltsvc } from "../frames/altsvc.ts";
import { endFieldBlock } from "../frames/continuation.ts";
import { writeData } from "../frames/data.ts";
import { writeGoaway } from "../frames/goaway.ts";
import { beginHeaders } from "../frames/headers.ts";
import { writeOrigin } from "../frames/origin.ts";
import { writePing } from "../frames/ping.ts";
import { writePreface } from "../frames/preface.ts";
import { type PriorityFields, writePriority } from "../frames/priority.ts";
import { writePriorityUpdate } from "../frames/priority-update.ts";
import { beginPushPromise } from "../frames/push-promise.ts";
import { writeRstStream } from "../frames/rst-stream.ts";
import { type SettingEntry, writeSettings, writeSettingsAck } from "../frames/settings.ts";
import { writeFrame } from "../frames/unknown.ts";
import { writeWindowUpdate } from "../frames/window-update.ts";
import { Encoder } from "../hpack/encoder.ts";
import type { HeaderField } from "../hpack/header-field.ts";
import type { ConnectionState } from "./state.ts";

/**
 * Frames on their way out: the only holder of the chunk writer and of the field compression.
 *
 * It knows no rules. Who calls it has asked already whether the frame may go.
 */
export class Output {
  readonly #state: ConnectionState;
  readonly #writer: ChunkWriter;
  readonly #encoder: Encoder;

  constructor(state: ConnectionState) {
    this.#state = state;
    this.#writer = new ChunkWriter();
    const { compression, limits } = state.configuration;
    this.#encoder = new Encoder({ ...compression, maxTableSize: limits.encoderTableSize });
  }

  /** Octets that wait. */
  get length(): number {
    return this.#writer.length;
  }

  take(): Uint8Array[] {
    this.#state.guard.outputTaken();
    return this.#writer.take();
  }

  takeOctets(amount: number): Uint8Array {
    if (amount >= this.#writer.length) this.#state.guard.outputTaken();
    return this.#writer.takeOctets(amount);
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  setMaxTableSize(size: number): void {
    this.#encoder.setMaxTableSize(size);
  }

  preface(): void {
    writePreface(this.#writer);
  }

  data(streamId: number, data: Uint8Array, endStream: boolean, padLength: number): void {
    this.#state.guard.dataSent();
    writeData(this.#writer, streamId, data, endStream, padLength);
  }

  headers(
    streamId: number,
    fields: readonly HeaderField[],
    endStream: boolean,
    priority: PriorityFields | null,
  ): void {
    beginHeaders(this.#writer, streamId, endStream, priority);
    this.#encoder.encode(fields, this.#writer);
    endFieldBlock(this.#writer, this.#state.remoteSettings.maxFrameSize);
  }

  pushPromise(streamId: number, promisedStreamId: number, fields: readonly HeaderField[]): void {
    beginPushPromise(this.#writer, streamId, promisedStreamId);
    this.#encoder.encode(fields, this.#writer);
    endFieldBlock(this.#writer, this.#state.remoteSettings.maxFrameSize);
  }

  priority(streamId: number, priority: PriorityFields): void {
    writePriority(this.#writer, streamId, priority);
  }

  rstStream(streamId: number, errorCode: number): void {
    writeRstStream(this.#writer, streamId, errorCode);
  }

  settings(entries: readonly SettingEntry[]): void {
    this.#state.unacknowledgedSettings++;
    writeSettings(this.#writer, entries);
  }

  settingsAck(): void {
    this.#state.guard.acknowledged();
    writeSettingsAck(this.#writer);
  }

  ping(data: Uint8Array): void {
    this.#state.unansweredPings++;
    writePing(this.#writer, data, false);
  }

  pingAck(data: Uint8Array): void {
    this.#state.guard.acknowledged();
    writePing(this.#writer, data, true);
  }

  goaway(lastStreamId: number, errorCode: number, debugData: Uint8Array): void {
    writeGoaway(this.#writer, lastStreamId, errorCode, debugData);
  }

  windowUpdate(streamId: number, increment: number): void {
    writeWindowUpdate(this.#writer, streamId, increment);
  }

  altsvc(streamId: number, origin: string, fieldValue: string): void {
    writeAltsvc(this.#writer, streamId, origin, fieldValue);
  }

  origin(origins: readonly string[]): void {
    writeOrigin(this.#writer, origins);
  }

  priorityUpdate(streamId: number, fieldValue: string): void {
    writePriorityUpdate(this.#writer, streamId, fieldValue);
  }

  frame(type: number, flags: number, streamId: number, payload: Uint8Array): void {
    writeFrame(this.#writer, type, flags, streamId, payload);
  }
}
