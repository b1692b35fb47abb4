import { ErrorCode } from "../frames/error-code.ts";
import { judge, StreamInput, Verdict, verdictOf } from "../streams/stream-state.ts";
import { checkOctets, misuse, requireStream } from "./caller-checks.ts";
import type { Output } from "./output.ts";
import { checkAnnouncement, type SettingsInput, settingEntries } from "./settings.ts";
import type { ConnectionState } from "./state.ts";

const PING_LENGTH = 8;

/** Commands that carry no message: RST_STREAM, PING, SETTINGS. */
export class OutboundControl {
  readonly #state: ConnectionState;
  readonly #output: Output;

  constructor(state: ConnectionState, output: Output) {
    this.#state = state;
    this.#output = output;
  }

  reset(streamId: number, errorCode: number = ErrorCode.NO_ERROR): void {
    this.#state.assertAlive();
    const stream = requireStream(this.#state, streamId);
    const cell = judge(stream.state, StreamInput.SEND_RST_STREAM);
    if (verdictOf(cell) !== Verdict.PROCEED) throw misuse(streamId, stream.state, "RST_STREAM");
    this.#output.rstStream(streamId, errorCode);
    this.#state.streams.enter(stream, cell);
  }

  ping(opaqueData: Uint8Array): void {
    checkOctets(opaqueData);
    if (opaqueData.length !== PING_LENGTH) throw new RangeError("PING data must be 8 octets");
    this.#state.assertAlive();
    this.#output.ping(opaqueData);
  }

  settings(newSettings: SettingsInput): void {
    this.#state.assertAlive();
    const entries = settingEntries(newSettings);
    checkAnnouncement(this.#state.isClient, this.#state.localSettings, entries);
    this.#state.localSettings.update(entries);
    this.#output.settings(entries);
  }
}
