import type { SettingEntry } from "../frames/settings.ts";
import { MessageProgress } from "../streams/message-progress.ts";
import { judge, StreamInput, StreamState } from "../streams/stream-state.ts";
import { ProtocolError } from "./errors.ts";
import type { FlowControl } from "./flow-control.ts";
import { greaseFrame } from "./grease.ts";
import { http2SettingsValue, parseHttp2Settings } from "./http2-settings.ts";
import type { InboundSettings } from "./inbound-settings.ts";
import type { Output } from "./output.ts";
import type { ConnectionState } from "./state.ts";

/** How a connection starts: preface and SETTINGS, alone or behind an Upgrade. */
export class Start {
  readonly #state: ConnectionState;
  readonly #output: Output;
  readonly #flowControl: FlowControl;
  readonly #inboundSettings: InboundSettings;
  #isInitiated: boolean;

  constructor(
    state: ConnectionState,
    output: Output,
    flowControl: FlowControl,
    inboundSettings: InboundSettings,
  ) {
    this.#state = state;
    this.#output = output;
    this.#flowControl = flowControl;
    this.#inboundSettings = inboundSettings;
    this.#isInitiated = false;
  }

  initiate(): void {
    const { isClient, configuration, initialShrinks, localSettings, receiveWindow } = this.#state;
    this.#state.assertAlive();
    if (this.#isInitiated && configuration.strictStart) {
      throw new ProtocolError("the connection was initiated already (RFC 9113 section 3.4)");
    }
    this.#isInitiated = true;
    if (isClient) this.#output.preface();
    this.#output.settings(this.#announced());
    // What waits for the acknowledgement of this frame; as a rule nothing, but the acknowledgement counts.
    if (configuration.strictStart || initialShrinks.length > 0) localSettings.update(initialShrinks);
    const increment = configuration.connectionWindowSize - receiveWindow.size;
    if (increment > 0) this.#flowControl.increment(increment, 0);
    if (configuration.grease !== null) {
      const { type, flags, payload } = greaseFrame(configuration.grease);
      this.#output.frame(type, flags, 0, payload);
    }
  }

  /** Stream 1 is the request that came, or goes, in HTTP/1.1. Returns the client's HTTP2-Settings. */
  upgrade(settingsHeader: string | null, requestMethod: string): string | null {
    const { streams, isClient } = this.#state;
    this.#state.assertAlive();
    if (streams.stateOf(1) !== StreamState.IDLE) {
      throw new ProtocolError("stream 1 is in use: an Upgrade comes first");
    }
    const peerSettings = isClient || settingsHeader === null ? [] : parseHttp2Settings(settingsHeader);
    this.initiate();
    // They hold at once and are not acknowledged (RFC 7540 section 3.2.1).
    this.#inboundSettings.apply(peerSettings);
    const stream = streams.open(1);
    const input = isClient ? StreamInput.SEND_UPGRADE : StreamInput.RECEIVE_UPGRADE;
    streams.enter(stream, judge(stream.state, input));
    stream.isHead = requestMethod === "HEAD";
    if (isClient) stream.sendProgress = MessageProgress.BODY;
    else stream.receiveProgress = MessageProgress.BODY;
    return isClient ? http2SettingsValue(this.#announced()) : null;
  }

  /** The entries of our first SETTINGS. */
  #announced(): SettingEntry[] {
    const entries = new Map<number, number>(this.#state.localSettings);
    for (const [id, value] of this.#state.initialShrinks) entries.set(id, value);
    return Array.from(entries);
  }
}
