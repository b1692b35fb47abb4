import { DEFAULT_MAX_FRAME_SIZE } from "../frames/limits.ts";
import { SettingId, settingFault } from "../frames/setting-id.ts";
import type { SettingEntry } from "../frames/settings.ts";
import { FrameTooLargeError, InvalidSettingsValueError } from "./errors.ts";

/** How a setting changed. */
export interface ChangedSetting {
  readonly setting: number;
  /** `undefined` if it had no value before. */
  readonly originalValue: number | undefined;
  readonly newValue: number;
}

/** Settings as a caller may give them. */
export type SettingsInput = Iterable<readonly [number, number]> | Readonly<Record<number, number>>;

/** SETTINGS_MAX_CONCURRENT_STREAMS where it was never said: more than any number that can be. */
const UNLIMITED_STREAMS = 2 ** 32 + 1;

/**
 * The settings of one side (RFC 9113 section 6.5).
 *
 * A value that we announce holds only when the peer has acknowledged its frame, one frame for one
 * acknowledgement, in order. Until then it is pending and `get` still answers with the old one.
 */
export class Settings {
  readonly #current: Map<number, number>;
  readonly #pending: Map<number, number>[];
  /** Whether the last one that waits was made by `set`, and takes more values. */
  #isLastOpen: boolean;

  /** Settings of a client or a server, with the protocol's defaults and then `initialValues`, all current. */
  constructor(options: { client?: boolean; initialValues?: SettingsInput } = {}) {
    this.#current = new Map<number, number>([
      [SettingId.HEADER_TABLE_SIZE, 4096],
      [SettingId.ENABLE_PUSH, (options.client ?? true) ? 1 : 0],
      [SettingId.INITIAL_WINDOW_SIZE, 65_535],
      [SettingId.MAX_FRAME_SIZE, 16_384],
      [SettingId.ENABLE_CONNECT_PROTOCOL, 0],
    ]);
    this.#pending = [];
    this.#isLastOpen = false;
    for (const [id, value] of settingEntries(options.initialValues ?? [])) {
      checkSetting(id, value);
      this.#current.set(id, value);
    }
  }

  get headerTableSize(): number {
    return this.#current.get(SettingId.HEADER_TABLE_SIZE) as number;
  }
  set headerTableSize(value: number) {
    this.set(SettingId.HEADER_TABLE_SIZE, value);
  }
  get enablePush(): number {
    return this.#current.get(SettingId.ENABLE_PUSH) as number;
  }
  set enablePush(value: number) {
    this.set(SettingId.ENABLE_PUSH, value);
  }
  get initialWindowSize(): number {
    return this.#current.get(SettingId.INITIAL_WINDOW_SIZE) as number;
  }
  set initialWindowSize(value: number) {
    this.set(SettingId.INITIAL_WINDOW_SIZE, value);
  }
  get maxFrameSize(): number {
    return this.#current.get(SettingId.MAX_FRAME_SIZE) as number;
  }
  set maxFrameSize(value: number) {
    this.set(SettingId.MAX_FRAME_SIZE, value);
  }
  get maxConcurrentStreams(): number {
    return this.#current.get(SettingId.MAX_CONCURRENT_STREAMS) ?? UNLIMITED_STREAMS;
  }
  set maxConcurrentStreams(value: number) {
    this.set(SettingId.MAX_CONCURRENT_STREAMS, value);
  }
  /** Octets, or `undefined` if there is no limit. */
  get maxHeaderListSize(): number | undefined {
    return this.#current.get(SettingId.MAX_HEADER_LIST_SIZE);
  }
  set maxHeaderListSize(value: number) {
    this.set(SettingId.MAX_HEADER_LIST_SIZE, value);
  }
  get enableConnectProtocol(): number {
    return this.#current.get(SettingId.ENABLE_CONNECT_PROTOCOL) as number;
  }
  set enableConnectProtocol(value: number) {
    this.set(SettingId.ENABLE_CONNECT_PROTOCOL, value);
  }

  /** 0, or 1 where the priorities of RFC 7540 do not count (RFC 9218 section 2.1). It never changes. */
  get noRfc7540Priorities(): number {
    return this.#current.get(SettingId.NO_RFC7540_PRIORITIES) ?? 0;
  }

  /** The value that holds now. */
  get(id: number): number | undefined {
    return this.#current.get(id);
  }

  /** Whether a value holds now. */
  has(id: number): boolean {
    return this.#current.has(id);
  }

  /** How many settings hold a value now. */
  get size(): number {
    return this.#current.size;
  }

  /** What holds now, in the order in which it was first set. */
  [Symbol.iterator](): IterableIterator<[number, number]> {
    return this.#current.entries();
  }

  /** Whether the same settings hold the same values now. */
  equals(other: Settings): boolean {
    if (other.size !== this.size) return false;
    for (const [id, value] of this.#current) if (other.get(id) !== value) return false;
    return true;
  }

  /** The value that was said last: it may still wait for its acknowledgement. */
  announced(id: number): number | undefined {
    const waiting = this.#pending.findLast((frame) => frame.has(id));
    return waiting === undefined ? this.#current.get(id) : waiting.get(id);
  }

  /** How many SETTINGS frames wait for their acknowledgement. */
  get pendingFrames(): number {
    return this.#pending.length;
  }

  /**
   * Adds the values of one SETTINGS frame to what waits for an acknowledgement.
   * @throws InvalidSettingsValueError, and then nothing was added.
   */
  update(entries: readonly SettingEntry[]): void {
    for (const [id, value] of entries) checkSetting(id, value);
    this.#pending.push(new Map(entries));
    this.#isLastOpen = false;
  }

  /**
   * Adds one value to what waits. Values that are set one after the other wait together, as if for one frame.
   * This sends nothing: `updateSettings` of a connection does.
   * @throws InvalidSettingsValueError, and then nothing was added.
   */
  set(id: number, value: number): void {
    checkSetting(id, value);
    const last = this.#pending.at(-1);
    if (last !== undefined && this.#isLastOpen && !last.has(id)) last.set(id, value);
    else this.#pending.push(new Map([[id, value]]));
    this.#isLastOpen = true;
  }

  /** Lets the values of the oldest frame that waits hold, and says what changed. */
  acknowledge(): Map<number, ChangedSetting> {
    const frame = this.#pending.shift();
    return this.apply(frame ?? []);
  }

  /** Lets `entries`, valid ones, hold at once, and says what changed. */
  apply(entries: Iterable<readonly [number, number]>): Map<number, ChangedSetting> {
    const changes = new Map<number, ChangedSetting>();
    for (const [id, value] of entries) {
      // Where an identifier comes twice the last value holds (section 6.5.3), and the change is told once.
      const originalValue = changes.has(id) ? changes.get(id)?.originalValue : this.#current.get(id);
      this.#current.set(id, value);
      changes.set(id, { setting: id, originalValue, newValue: value });
    }
    return changes;
  }
}

/**
 * What a peer would refuse from us in particular, given what we announced so far.
 * @throws InvalidSettingsValueError
 */
export function checkAnnouncement(
  isClient: boolean,
  settings: Settings,
  entries: readonly SettingEntry[],
): void {
  if (entries.length > MOST_ENTRIES) {
    throw new FrameTooLargeError(`${entries.length} settings do not fit into a frame (RFC 9113 section 4.2)`);
  }
  let connectProtocol = settings.announced(SettingId.ENABLE_CONNECT_PROTOCOL) as number;
  for (const [id, value] of entries) {
    if (id === SettingId.ENABLE_PUSH && value === 1 && !isClient) {
      throw new InvalidSettingsValueError("a server cannot set ENABLE_PUSH to 1 (RFC 9113 section 6.5.2)");
    }
    if (id === SettingId.ENABLE_CONNECT_PROTOCOL) {
      if (value < connectProtocol) {
        throw new InvalidSettingsValueError(
          "ENABLE_CONNECT_PROTOCOL cannot be taken back (RFC 8441 section 3)",
        );
      }
      connectProtocol = value;
    }
    if (id === SettingId.NO_RFC7540_PRIORITIES && value !== settings.noRfc7540Priorities) {
      throw new InvalidSettingsValueError(
        "NO_RFC7540_PRIORITIES cannot change after the first SETTINGS (RFC 9218 section 2.1)",
      );
    }
  }
}

/** Settings that fit into the smallest frame that every peer takes. */
const MOST_ENTRIES: number = Math.floor(DEFAULT_MAX_FRAME_SIZE / 6);

/** The entries of a caller's settings. */
export function settingEntries(settings: SettingsInput): SettingEntry[] {
  if (Symbol.iterator in settings) return Array.from(settings, ([id, value]) => [id, value] as const);
  return Object.entries(settings).map(([id, value]) => [Number(id), value] as const);
}

function checkSetting(id: number, value: number): void {
  if (!Number.isInteger(id) || id < 0 || id > 0xffff) {
    throw new InvalidSettingsValueError(`${id} is no setting identifier: they have 16 bits`);
  }
  const fault = settingFault(id, value);
  if (fault !== null)
    throw new InvalidSettingsValueError(`${fault.reason} (${fault.section})`, fault.errorCode);
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new InvalidSettingsValueError(`${value} is no value for setting ${id}: they have 32 bits`);
  }
}
