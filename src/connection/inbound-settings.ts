import { ErrorCode } from "../frames/error-code.ts";
import { ConnectionFault } from "../frames/fault.ts";
import type { Frame } from "../frames/frame.ts";
import type { FrameReader } from "../frames/frame-reader.ts";
import { FrameType } from "../frames/frame-type.ts";
import { SettingId, settingFault } from "../frames/setting-id.ts";
import type { SettingEntry } from "../frames/settings.ts";
import { calm } from "./flood-guard.ts";
import type { InboundHead } from "./inbound-head.ts";
import type { Output } from "./output.ts";
import type { Scheduler } from "./scheduler.ts";
import type { ChangedSetting } from "./settings.ts";
import type { ConnectionState } from "./state.ts";

/** SETTINGS on their way in, and everything that a change of a setting touches (RFC 9113 section 6.5). */
export class InboundSettings {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #scheduler: Scheduler;
  readonly #reader: FrameReader;
  readonly #head: InboundHead;
  /** Whether the peer's first SETTINGS came. */
  isStarted: boolean;

  constructor(
    state: ConnectionState,
    output: Output,
    scheduler: Scheduler,
    reader: FrameReader,
    head: InboundHead,
  ) {
    this.#state = state;
    this.#output = output;
    this.#scheduler = scheduler;
    this.#reader = reader;
    this.#head = head;
    this.isStarted = false;
  }

  /** The first frame must be SETTINGS, and no acknowledgement (section 3.4). */
  checkFirst(frame: Frame): void {
    if (this.isStarted) return;
    if (frame.type === FrameType.SETTINGS && !frame.ack) return;
    if (!this.#state.configuration.strictStart) return;
    throw new ConnectionFault(
      ErrorCode.PROTOCOL_ERROR,
      "the first frame must be SETTINGS",
      "RFC 9113 section 3.4",
    );
  }

  /** Applies what the peer announced, and acknowledges it. */
  receive(entries: readonly SettingEntry[]): Map<number, ChangedSetting> {
    if (entries.length > this.#state.configuration.limits.settingsEntries) {
      throw calm("too many entries in SETTINGS", "settingsEntries");
    }
    if (this.isStarted) this.#state.guard.spend("uselessFrames");
    const changes = this.apply(entries);
    this.isStarted = true;
    this.#output.settingsAck();
    return changes;
  }

  /** Applies settings of the peer that need no acknowledgement, such as those of HTTP2-Settings. */
  apply(entries: readonly SettingEntry[]): Map<number, ChangedSetting> {
    for (const [id, value] of entries) this.#check(id, value);
    this.#checkConnectProtocol(entries);
    for (const [id, value] of entries) {
      // Each value counts, as a table that shrinks and grows again has lost its entries.
      if (id === SettingId.HEADER_TABLE_SIZE) this.#output.setMaxTableSize(value);
    }
    const changes = this.#state.remoteSettings.apply(entries);
    const window = changes.get(SettingId.INITIAL_WINDOW_SIZE);
    if (window !== undefined) this.#resizeSendWindows(window.newValue - (window.originalValue ?? 0));
    return changes;
  }

  /** The peer knows our oldest SETTINGS that it had not acknowledged: their values hold now. */
  acknowledge(): Map<number, ChangedSetting> {
    const { localSettings, guard } = this.#state;
    if (this.#state.unacknowledgedSettings === 0) guard.spend("uselessFrames");
    else this.#state.unacknowledgedSettings--;
    this.#state.acknowledgedSettings++;
    const changes = localSettings.acknowledge();
    const window = changes.get(SettingId.INITIAL_WINDOW_SIZE);
    if (window !== undefined) this.#resizeReceiveWindows(window.newValue - (window.originalValue ?? 0));
    if (changes.has(SettingId.MAX_FRAME_SIZE)) this.#reader.maxFrameSize = localSettings.maxFrameSize;
    if (changes.has(SettingId.MAX_HEADER_LIST_SIZE)) this.#head.setMaxListSize();
    if (changes.has(SettingId.HEADER_TABLE_SIZE))
      this.#head.decoder.setMaxTableSize(localSettings.headerTableSize);
    return changes;
  }

  #check(id: number, value: number): void {
    const fault = settingFault(id, value);
    if (fault !== null) throw fault;
    const { isClient, remoteSettings } = this.#state;
    if (id === SettingId.ENABLE_PUSH && value === 1 && isClient) {
      throw refused("a server cannot set SETTINGS_ENABLE_PUSH to 1", "RFC 9113 section 6.5.2");
    }
    if (
      id === SettingId.NO_RFC7540_PRIORITIES &&
      this.isStarted &&
      value !== remoteSettings.noRfc7540Priorities
    ) {
      throw refused(
        "SETTINGS_NO_RFC7540_PRIORITIES cannot change after the first SETTINGS",
        "RFC 9218 section 2.1",
      );
    }
  }

  /** What was allowed once stays so, within one frame too. */
  #checkConnectProtocol(entries: readonly SettingEntry[]): void {
    let before = this.#state.remoteSettings.enableConnectProtocol;
    for (const [id, value] of entries) {
      if (id !== SettingId.ENABLE_CONNECT_PROTOCOL) continue;
      if (value < before) {
        throw refused("SETTINGS_ENABLE_CONNECT_PROTOCOL cannot be taken back", "RFC 8441 section 3");
      }
      before = value;
    }
  }

  /** Windows of streams move with the setting, even below zero (section 6.9.2). */
  #resizeSendWindows(delta: number): void {
    const { streams } = this.#state;
    streams.initialSendWindow += delta;
    for (const stream of streams.live()) {
      if (!stream.sendWindow.adjust(delta)) {
        throw new ConnectionFault(
          ErrorCode.FLOW_CONTROL_ERROR,
          `SETTINGS_INITIAL_WINDOW_SIZE makes the window of stream ${stream.id} larger than 2^31 - 1 octets`,
          "RFC 9113 section 6.9.2",
        );
      }
      this.#scheduler.add(stream);
    }
  }

  #resizeReceiveWindows(delta: number): void {
    const { streams } = this.#state;
    streams.initialReceiveWindow += delta;
    for (const stream of streams.live()) stream.receiveWindow.adjust(delta);
  }
}

function refused(reason: string, section: string): ConnectionFault {
  return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, section);
}
