import { canonicalOrigin } from "../fields/origin.ts";
import type { Frame } from "../frames/frame.ts";
import type { EncoderOptions } from "../hpack/encoder.ts";
import type { HeaderField } from "../hpack/header-field.ts";
import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type Limits, type Timeouts } from "./limits.ts";
import { type SettingsInput, settingEntries } from "./settings.ts";

/** Sees each frame in and out, in wire order. What it throws is dropped. */
export interface FrameObserver {
  /**
   * @param direction - who sent it.
   * @param frame - the frame; its payload is a view that does not outlive the call.
   * @param fields - the decoded field section, with the frame that completes a field block; else null.
   */
  frame(direction: "received" | "sent", frame: Frame, fields: readonly HeaderField[] | null): void;
}

/** Takes lines of text; `console` is one. */
export interface Logger {
  /** A line a frame. */
  debug(line: string): void;
}

/** Options of `H2Configuration`; each has a default. */
export interface H2Options {
  /** Whether this side is the client. Default true, as in hyper-h2. */
  clientSide?: boolean;
  /** Encoding that names and values of received fields are decoded with, such as "utf-8". Default null: byte strings. */
  headerEncoding?: string | null;
  /** Whether fields to send are checked by the rules of RFC 9113 section 8. Default true. */
  validateOutboundHeaders?: boolean;
  /** Whether fields to send are put into form: lower case, trimmed, without connection-specific ones. Default true. */
  normalizeOutboundHeaders?: boolean;
  /** Whether `cookie` fields to send are split at "; ", which compresses better. Default false. */
  splitOutboundCookies?: boolean;
  /** Whether received fields are checked by the rules of RFC 9113 section 8. Default true. */
  validateInboundHeaders?: boolean;
  /** Whether received `cookie` fields are joined into one (RFC 9113 section 8.2.3). Default true. */
  normalizeInboundHeaders?: boolean;
  /**
   * Whether what RFC 9113 calls a stream error ends the connection, as it may (section 5.4.1) and does in
   * hyper-h2. As there, STREAM_CLOSED and a stream window that overflows stay stream errors. Default false.
   */
  escalateStreamErrors?: boolean;
  /**
   * Whether the connection must start as RFC 9113 section 3.4 says: the peer's first frame is SETTINGS, and its
   * first acknowledgement is the one of our first SETTINGS. Default true, but false together with
   * `escalateStreamErrors`: hyper-h2 asks for neither.
   */
  strictStart?: boolean;
  /**
   * Whether the GOAWAY for a fault of the peer carries the broken rule in words (RFC 9113 section 6.8). Default
   * true, but false together with `escalateStreamErrors`: hyper-h2 sends none. The event tells the rule anyway.
   */
  sendDebugData?: boolean;
  /** Settings to announce at the start besides the protocol's defaults; they hold at once. */
  initialSettings?: SettingsInput;
  /** The window of the whole connection for what we receive, in octets, 65,535 to 2^31 - 1. Default 65,535. */
  connectionWindowSize?: number;
  /** How fields to send are compressed: which are indexed, and what is Huffman coded. Default: what compresses best. */
  compression?: Pick<EncoderOptions, "indexing" | "huffman">;
  /** Limits against abuse that differ from `DEFAULT_LIMITS`. */
  limits?: Partial<Limits>;
  /** Timeouts that differ from `DEFAULT_TIMEOUTS`, in milliseconds. They need a `clock`. */
  timeouts?: Partial<Timeouts>;
  /** Octets of queued body a stream at or below which more is welcome. Default 65,536. */
  sendBufferLowWaterMark?: number;
  /**
   * Of this many DATA frames of `queueData` one goes to the stream that has waited longest, whatever its priority, so
   * that none starves (RFC 9218 section 10). 1: all in turn; `Infinity`: strictly by priority. Default 16, which costs
   * what is urgent 6 percent while something else waits.
   */
  fairTurnInterval?: number;
  /**
   * Clients: the origin that the connection leads to, such as "https://example.com:8443": the name that TLS sent
   * to the server, or its address, and the port (RFC 8336 section 2.3). ORIGIN frames are told by `originSet` then.
   * Leave it out in cleartext and through a proxy, where they do not count (section 2.2). Default null.
   */
  initialOrigin?: string | null;
  /**
   * A number of 32 bits to make a reserved setting and a reserved frame from, which go out with the first SETTINGS:
   * a peer has to ignore them (RFC 9113 section 5.5). The same number gives the same two, so keep it for all
   * connections: a fault of a peer must not look like chance. Default null: none.
   */
  grease?: number | null;
  /**
   * A clock that never goes back, in milliseconds, for rate limits and deadlines. Default null: no deadlines,
   * and counts alone limit.
   */
  clock?: (() => number) | null;
  /** Sees each frame. Default null, which costs nothing. */
  observer?: FrameObserver | null;
  /** Takes a line for each frame. Default null, which costs nothing. */
  logger?: Logger | null;
}

/** One frame of 16 costs little, and lets a stream wait for a quarter of a mebioctet of each other one at most. */
const DEFAULT_FAIR_TURN_INTERVAL = 16;

const BOOLEAN_OPTIONS = [
  "clientSide",
  "validateOutboundHeaders",
  "normalizeOutboundHeaders",
  "splitOutboundCookies",
  "validateInboundHeaders",
  "normalizeInboundHeaders",
  "escalateStreamErrors",
  "strictStart",
  "sendDebugData",
] as const satisfies readonly (keyof H2Options)[];

/**
 * The options of a connection. One object may serve many connections.
 *
 * The options about header fields may be assigned anew, and hold from the next field section on. The role of a
 * connection is fixed when it is made.
 */
export class H2Configuration {
  #clientSide: boolean;
  #headerEncoding: string | null;
  #validateOutboundHeaders: boolean;
  #normalizeOutboundHeaders: boolean;
  #splitOutboundCookies: boolean;
  #validateInboundHeaders: boolean;
  #normalizeInboundHeaders: boolean;
  readonly escalateStreamErrors: boolean;
  readonly strictStart: boolean;
  readonly sendDebugData: boolean;
  readonly initialSettings: readonly (readonly [number, number])[];
  readonly connectionWindowSize: number;
  readonly compression: Pick<EncoderOptions, "indexing" | "huffman">;
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  readonly sendBufferLowWaterMark: number;
  readonly fairTurnInterval: number;
  /** In canonical form: lower case, without the port 443. */
  readonly initialOrigin: string | null;
  readonly grease: number | null;
  readonly clock: (() => number) | null;
  readonly observer: FrameObserver | null;
  readonly logger: Logger | null;

  /** @throws TypeError or RangeError for an option that has not its type or range. */
  constructor(options: H2Options = {}) {
    for (const name of BOOLEAN_OPTIONS) {
      if (options[name] !== undefined) checkedBoolean(name, options[name]);
    }
    this.#clientSide = options.clientSide ?? true;
    this.#headerEncoding = checkedEncoding(options.headerEncoding ?? null);
    this.#validateOutboundHeaders = options.validateOutboundHeaders ?? true;
    this.#normalizeOutboundHeaders = options.normalizeOutboundHeaders ?? true;
    this.#splitOutboundCookies = options.splitOutboundCookies ?? false;
    this.#validateInboundHeaders = options.validateInboundHeaders ?? true;
    this.#normalizeInboundHeaders = options.normalizeInboundHeaders ?? true;
    this.escalateStreamErrors = options.escalateStreamErrors ?? false;
    this.strictStart = options.strictStart ?? !this.escalateStreamErrors;
    this.sendDebugData = options.sendDebugData ?? !this.escalateStreamErrors;
    this.initialSettings = settingEntries(options.initialSettings ?? []);
    this.connectionWindowSize = inRange(
      "connectionWindowSize",
      options.connectionWindowSize ?? 65_535,
      65_535,
      0x7fffffff,
    );
    this.compression = options.compression ?? {};
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    // A client keeps its connection for as long as it likes.
    const idle = this.clientSide ? Number.POSITIVE_INFINITY : DEFAULT_TIMEOUTS.idle;
    this.timeouts = { ...DEFAULT_TIMEOUTS, idle, ...options.timeouts };
    this.sendBufferLowWaterMark = inRange(
      "sendBufferLowWaterMark",
      options.sendBufferLowWaterMark ?? 65_536,
      0,
      Number.MAX_SAFE_INTEGER,
    );
    const { fairTurnInterval = DEFAULT_FAIR_TURN_INTERVAL, initialOrigin = null, grease = null } = options;
    this.fairTurnInterval =
      fairTurnInterval === Number.POSITIVE_INFINITY
        ? fairTurnInterval
        : inRange("fairTurnInterval", fairTurnInterval, 1, Number.MAX_SAFE_INTEGER);
    this.initialOrigin = initialOrigin === null ? null : checkedOrigin(initialOrigin);
    this.grease = grease === null ? null : inRange("grease", grease, 0, 0xffffffff);
    this.clock = options.clock ?? null;
    this.observer = options.observer ?? null;
    this.logger = options.logger ?? null;
  }

  get clientSide(): boolean {
    return this.#clientSide;
  }
  set clientSide(value: boolean) {
    this.#clientSide = checkedBoolean("clientSide", value);
  }

  /** The name as it was given. @throws RangeError for one that the runtime's TextDecoder does not know. */
  get headerEncoding(): string | null {
    return this.#headerEncoding;
  }
  set headerEncoding(value: string | null) {
    this.#headerEncoding = checkedEncoding(value);
  }

  get validateOutboundHeaders(): boolean {
    return this.#validateOutboundHeaders;
  }
  set validateOutboundHeaders(value: boolean) {
    this.#validateOutboundHeaders = checkedBoolean("validateOutboundHeaders", value);
  }

  get normalizeOutboundHeaders(): boolean {
    return this.#normalizeOutboundHeaders;
  }
  set normalizeOutboundHeaders(value: boolean) {
    this.#normalizeOutboundHeaders = checkedBoolean("normalizeOutboundHeaders", value);
  }

  get splitOutboundCookies(): boolean {
    return this.#splitOutboundCookies;
  }
  set splitOutboundCookies(value: boolean) {
    this.#splitOutboundCookies = checkedBoolean("splitOutboundCookies", value);
  }

  get validateInboundHeaders(): boolean {
    return this.#validateInboundHeaders;
  }
  set validateInboundHeaders(value: boolean) {
    this.#validateInboundHeaders = checkedBoolean("validateInboundHeaders", value);
  }

  get normalizeInboundHeaders(): boolean {
    return this.#normalizeInboundHeaders;
  }
  set normalizeInboundHeaders(value: boolean) {
    this.#normalizeInboundHeaders = checkedBoolean("normalizeInboundHeaders", value);
  }
}

function checkedBoolean(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be true or false`);
  return value;
}

/** @throws RangeError if the runtime's TextDecoder does not know the encoding, TypeError if it is no name. */
function checkedEncoding(encoding: string | null): string | null {
  if (encoding === null) return null;
  if (typeof encoding !== "string")
    throw new TypeError("headerEncoding must be the name of an encoding or null");
  new TextDecoder(encoding);
  return encoding;
}

/** @throws RangeError for what is no origin of https, TypeError if it is no text. */
function checkedOrigin(origin: string): string {
  if (typeof origin !== "string") throw new TypeError("initialOrigin must be an origin or null");
  const canonical = canonicalOrigin(origin);
  if (canonical?.startsWith("https://") === true) return canonical;
  throw new RangeError("initialOrigin must be an origin of https (RFC 8336 section 2.3)");
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}
