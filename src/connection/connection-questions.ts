import type { H2Configuration } from "./configuration.ts";
import type { Settings } from "./settings.ts";
import type { ConnectionState } from "./state.ts";

/** The questions of `H2Connection`: what can be read off a connection at any time. They change nothing. */
export class ConnectionQuestions {
  readonly config: H2Configuration;
  readonly #state: ConnectionState;

  protected constructor(state: ConnectionState) {
    this.config = state.configuration;
    this.#state = state;
  }

  /** Our settings, and the peer's. */
  get localSettings(): Settings {
    return this.#state.localSettings;
  }
  get remoteSettings(): Settings {
    return this.#state.remoteSettings;
  }

  /**
   * Clients: the origins that the server wants this connection used for, the one connected to among them, in lower
   * case and without the scheme's own port (RFC 8336 section 2.3). A view, for reading. A 421 takes its origin out;
   * `limits.originSetSize` bounds it. Null until ORIGIN came, and always without `initialOrigin`: the usual rules hold
   * then. The certificate must be good for an origin all the same (section 2.4).
   */
  get originSet(): ReadonlySet<string> | null {
    return this.#state.originSet.origins;
  }

  /** What the peer lets us send on the whole connection, in octets; may be negative. */
  get outboundFlowControlWindow(): number {
    return this.#state.sendWindow.available;
  }

  /** What we let the peer send on the whole connection, in octets; may be negative. */
  get inboundFlowControlWindow(): number {
    return this.#state.receiveWindow.available;
  }

  /** Streams of ours, and of the peer, that count against the limits on concurrency (section 5.1.2). */
  get openOutboundStreams(): number {
    return this.#state.streams.openOutbound;
  }
  get openInboundStreams(): number {
    return this.#state.streams.openInbound;
  }

  /** The highest stream identifiers used so far; 0 if none was. */
  get highestInboundStreamId(): number {
    return this.#state.streams.highestInbound;
  }
  get highestOutboundStreamId(): number {
    return this.#state.streams.highestOutbound;
  }

  /** Octets of payload in the largest frame that the peer takes, and that we take. */
  get maxOutboundFrameSize(): number {
    return this.#state.remoteSettings.maxFrameSize;
  }
  get maxInboundFrameSize(): number {
    return this.#state.localSettings.maxFrameSize;
  }

  /** Whether a GOAWAY went in either direction: no new streams. */
  get isClosing(): boolean {
    return this.#state.isClosing;
  }

  /** Whether nothing will happen any more: send what is left to send and close the transport. */
  get isFinished(): boolean {
    return this.#state.isFinished;
  }
}
