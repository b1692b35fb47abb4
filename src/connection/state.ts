import { ErrorCode } from "../frames/error-code.ts";
import { LARGEST_STREAM_ID } from "../frames/limits.ts";
import { SettingId } from "../frames/setting-id.ts";
import type { SettingEntry } from "../frames/settings.ts";
import { ReceiveWindow, SendWindow } from "../streams/flow-window.ts";
import { StreamTable } from "../streams/stream-table.ts";
import type { H2Configuration } from "./configuration.ts";
import { ProtocolError } from "./errors.ts";
import { FloodGuard } from "./flood-guard.ts";
import { greaseSetting } from "./grease.ts";
import { IdlePriorities } from "./idle-priorities.ts";
import { OriginSet } from "./origin-set.ts";
import { checkAnnouncement, Settings } from "./settings.ts";

/** Streams that a peer may open where the caller did not say. Source: RFC 9113 section 6.5.2 advises no fewer. */
const DEFAULT_MAX_CONCURRENT_STREAMS = 100;
/** Octets of a field section that a peer may send where the caller did not say. Source: hyper-h2. */
const DEFAULT_MAX_HEADER_LIST_SIZE = 65_536;
const PROTOCOL_WINDOW = 65_535;
/** A GOAWAY that was not sent, or not received. */
export const NO_GOAWAY = -1;

/** What both directions of a connection share: a record, with the questions that both ask. */
export class ConnectionState {
  readonly configuration: H2Configuration;
  readonly isClient: boolean;
  readonly localSettings: Settings;
  readonly remoteSettings: Settings;
  readonly streams: StreamTable;
  /** The windows of the whole connection. */
  readonly sendWindow: SendWindow;
  readonly receiveWindow: ReceiveWindow;
  readonly guard: FloodGuard;
  /** Milliseconds; always 0 without a clock. */
  readonly clock: () => number;
  /** Announced values that only hold once they are acknowledged, since they are below the protocol's defaults. */
  readonly initialShrinks: SettingEntry[];
  /** The last stream identifier of our last GOAWAY and of the peer's, or `NO_GOAWAY`. */
  sentGoaway: number;
  receivedGoaway: number;
  /** SETTINGS of ours that were not acknowledged, and how many were. */
  unacknowledgedSettings: number;
  acknowledgedSettings: number;
  /** PINGs of ours that were not answered. */
  unansweredPings: number;
  readonly idlePriorities: IdlePriorities;
  /** Empty on servers. */
  readonly originSet: OriginSet;
  /** Whether an error ended the connection: nothing is sent or received any more. */
  isTerminated: boolean;

  constructor(configuration: H2Configuration) {
    const isClient = configuration.clientSide;
    this.configuration = configuration;
    this.isClient = isClient;
    this.clock = configuration.clock ?? noClock;
    const announced = announcedSettings(configuration);
    // What is below 0 is left to `Settings`, which refuses it.
    this.initialShrinks = announced.filter(
      ([id, value]) => value >= 0 && value < (DEFAULTS_NOT_TO_UNDERCUT.get(id) ?? 0),
    );
    const atOnce = announced.filter((entry) => !this.initialShrinks.includes(entry));
    this.localSettings = new Settings({ client: isClient, initialValues: atOnce });
    this.remoteSettings = new Settings({ client: !isClient });
    this.streams = new StreamTable(
      isClient,
      PROTOCOL_WINDOW,
      this.localSettings.initialWindowSize,
      configuration.limits.closedStreams,
    );
    this.sendWindow = new SendWindow(PROTOCOL_WINDOW);
    this.receiveWindow = new ReceiveWindow(PROTOCOL_WINDOW);
    this.guard = new FloodGuard(configuration.limits, this.clock);
    this.sentGoaway = NO_GOAWAY;
    this.receivedGoaway = NO_GOAWAY;
    this.unacknowledgedSettings = 0;
    this.acknowledgedSettings = 0;
    this.unansweredPings = 0;
    // A client keeps what it sent itself, to count it.
    this.idlePriorities = new IdlePriorities(
      isClient ? Number.POSITIVE_INFINITY : configuration.limits.earlyPriorities,
    );
    this.originSet = new OriginSet(
      isClient ? configuration.initialOrigin : null,
      configuration.limits.originSetSize,
    );
    this.isTerminated = false;
    checkAnnouncement(isClient, this.localSettings, announced);
  }

  /** Whether a GOAWAY went in either direction: no new streams. */
  get isClosing(): boolean {
    return this.sentGoaway !== NO_GOAWAY || this.receivedGoaway !== NO_GOAWAY;
  }

  /** Nothing will happen any more: the connection was terminated, or it is closing and all streams are done. */
  get isFinished(): boolean {
    if (this.isTerminated) return true;
    // A GOAWAY with the largest identifier only announces another one: streams may still come.
    const isAnnouncement = this.sentGoaway === LARGEST_STREAM_ID && this.receivedGoaway === NO_GOAWAY;
    return this.isClosing && !isAnnouncement && this.streams.size === 0;
  }

  /** @throws ProtocolError if an error ended the connection. */
  assertAlive(): void {
    if (this.isTerminated) throw new ProtocolError("the connection is closed", ErrorCode.NO_ERROR);
  }
}

/** Values that a peer that did not read our SETTINGS yet may rely on. */
const DEFAULTS_NOT_TO_UNDERCUT = new Map<number, number>([
  [SettingId.HEADER_TABLE_SIZE, 4_096],
  [SettingId.INITIAL_WINDOW_SIZE, PROTOCOL_WINDOW],
]);

function announcedSettings(configuration: H2Configuration): SettingEntry[] {
  const announced = new Map<number, number>([
    [SettingId.MAX_CONCURRENT_STREAMS, DEFAULT_MAX_CONCURRENT_STREAMS],
    [SettingId.MAX_HEADER_LIST_SIZE, DEFAULT_MAX_HEADER_LIST_SIZE],
  ]);
  for (const [id, value] of configuration.initialSettings) announced.set(id, value);
  if (configuration.grease !== null) announced.set(...greaseSetting(configuration.grease));
  return Array.from(announced);
}

function noClock(): number {
  return 0;
}
