/**
 * Limits against abuse. They hold from the first octet, whether or not the peer acknowledged our SETTINGS.
 *
 * A budget has a burst and a rate: each event takes one from the burst, time gives it back. Time is the
 * `clock` of the configuration; without a clock nothing is given back, so only the counts limit.
 */
export interface Limits {
  /** CONTINUATION frames in a field block; more where our SETTINGS_MAX_HEADER_LIST_SIZE needs them. Source: nghttp2. */
  readonly continuationFrames: number;
  /** Octets of a compressed field block; more where our SETTINGS_MAX_HEADER_LIST_SIZE is larger. */
  readonly fieldBlockOctets: number;
  /** Fields of a field section that are kept: 128 and 256 cookie crumbs. Source: node:http2, and browsers' cookies. */
  readonly fields: number;
  /** Fields beyond which the connection ends. Source: h2o. */
  readonly fieldsHard: number;
  /** Entries in a SETTINGS frame. Source: nghttp2. */
  readonly settingsEntries: number;
  /** Acknowledgements of SETTINGS and PING that wait for the socket. Source: nghttp2, Envoy. */
  readonly unsentAcknowledgements: number;
  /** RST_STREAM frames received: burst, and per second. Source: nghttp2. */
  readonly resetsReceived: Budget;
  /** RST_STREAM frames that the peer made us send: burst, and per second. Source: security review of MadeYouReset. */
  readonly resetsProvoked: Budget;
  /** Streams refused because too many were open: burst, and per second. Source: nginx, node:http2. */
  readonly streamsRefused: Budget;
  /** DATA frames without octets that do not end a stream: burst, and per second. Source: hyperium/h2. */
  readonly emptyData: Budget;
  /** WINDOW_UPDATE frames beyond two for each stream and twenty for each DATA frame sent. Source: Envoy. */
  readonly windowUpdates: number;
  /** Interim responses to a request. Source: security review; golang.org/x/net/http2 limits their octets. */
  readonly interimResponses: number;
  /** Priorities kept for requests that did not come yet (RFC 9218 section 7.1). */
  readonly earlyPriorities: number;
  /** Origins in `originSet`; those beyond are left out of it. Source: node:http2. */
  readonly originSetSize: number;
  /** Frames that are legal and of little use: PRIORITY, hints, unknown types, late frames. Source: nghttp2. */
  readonly uselessFrames: Budget;
  /** Streams that the peer promised and did not open. Source: nghttp2. */
  readonly reservedStreams: number;
  /** Closed streams whose end is remembered. */
  readonly closedStreams: number;
  /** Largest table of our field compression, in octets, whatever the peer allows. Source: RFC 7541's default. */
  readonly encoderTableSize: number;
}

/** `burst` events at once, and `perSecond` more with each second of the clock. */
export interface Budget {
  readonly burst: number;
  readonly perSecond: number;
}

export const DEFAULT_LIMITS: Limits = {
  continuationFrames: 8,
  fieldBlockOctets: 65_536,
  fields: 384,
  fieldsHard: 1_000,
  settingsEntries: 32,
  unsentAcknowledgements: 1_000,
  resetsReceived: { burst: 1_000, perSecond: 33 },
  resetsProvoked: { burst: 100, perSecond: 10 },
  streamsRefused: { burst: 1_000, perSecond: 10 },
  emptyData: { burst: 100, perSecond: 10 },
  windowUpdates: 100,
  interimResponses: 100,
  earlyPriorities: 100,
  originSetSize: 128,
  uselessFrames: { burst: 10_000, perSecond: 330 },
  reservedStreams: 100,
  closedStreams: 1_000,
  encoderTableSize: 4_096,
};

/** How long things may take, in milliseconds. They need the `clock` of the configuration. */
export interface Timeouts {
  /** Until the peer's preface and first SETTINGS are there. Source: golang.org/x/net/http2. */
  readonly preface: number;
  /** Until the peer acknowledges SETTINGS of ours; then SETTINGS_TIMEOUT (RFC 9113 section 6.5.3). Source: nghttpx. */
  readonly settingsAck: number;
  /** From HEADERS to the CONTINUATION that completes them. Source: nghttpx has a minute. */
  readonly fieldBlock: number;
  /** From the first GOAWAY of a graceful shutdown to the last, if the PING is not answered. */
  readonly shutdownPing: number;
  /** From the first GOAWAY to the end of all streams. Source: Netty. */
  readonly drain: number;
  /** Without a stream until a graceful shutdown begins. Infinity on a client. Source: nginx has 75 seconds. */
  readonly idle: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  preface: 10_000,
  settingsAck: 10_000,
  fieldBlock: 10_000,
  shutdownPing: 1_000,
  drain: 30_000,
  idle: 60_000,
};
