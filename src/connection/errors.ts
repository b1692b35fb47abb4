import { ErrorCode } from "../frames/error-code.ts";

/**
 * What a call throws when the caller made a mistake. The names and error codes are those of hyper-h2.
 *
 * Nothing was changed when one of these is thrown: no stream, no window, no compression table, no output.
 * What a *peer* does wrong is never thrown: it is an event (see `PeerError`).
 */
export class H2Error extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** The call would break the protocol. */
export class ProtocolError extends H2Error {
  /** The error code of RFC 9113 section 7 that fits. */
  readonly errorCode: number;

  constructor(message: string, errorCode: number = ErrorCode.PROTOCOL_ERROR) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** The frame would be longer than the peer's SETTINGS_MAX_FRAME_SIZE. */
export class FrameTooLargeError extends ProtocolError {
  constructor(message: string) {
    super(message, ErrorCode.FRAME_SIZE_ERROR);
  }
}

/** A frame, or the HTTP2-Settings value, has not the octets that it needs. */
export class FrameDataMissingError extends ProtocolError {
  constructor(message: string) {
    super(message, ErrorCode.FRAME_SIZE_ERROR);
  }
}

/** The peer's SETTINGS_MAX_CONCURRENT_STREAMS is used up. */
export class TooManyStreamsError extends ProtocolError {}

/** A window is too small, or would become too large. */
export class FlowControlError extends ProtocolError {
  constructor(message: string) {
    super(message, ErrorCode.FLOW_CONTROL_ERROR);
  }
}

/** The stream identifier is below one that was used already. */
export class StreamIDTooLowError extends ProtocolError {
  readonly streamId: number;
  readonly maxStreamId: number;

  constructor(streamId: number, maxStreamId: number) {
    super(`StreamIDTooLowError: ${streamId} is lower than ${maxStreamId}`);
    this.streamId = streamId;
    this.maxStreamId = maxStreamId;
  }
}

/** All stream identifiers of this side were used: open another connection. */
export class NoAvailableStreamIDError extends ProtocolError {
  constructor() {
    super("all stream identifiers of this side are used up");
  }
}

/** The stream is idle: nobody opened it. */
export class NoSuchStreamError extends ProtocolError {
  readonly streamId: number;

  constructor(
    streamId: number,
    message = `stream ${streamId} was never opened`,
    errorCode: number = ErrorCode.PROTOCOL_ERROR,
  ) {
    super(message, errorCode);
    this.streamId = streamId;
  }
}

/** The stream is closed. */
export class StreamClosedError extends NoSuchStreamError {
  constructor(streamId: number) {
    super(streamId, `stream ${streamId} is closed`, ErrorCode.STREAM_CLOSED);
  }
}

/** A setting has a value that RFC 9113 section 6.5.2 forbids. */
export class InvalidSettingsValueError extends ProtocolError {}

/** A body is longer or shorter than its content-length. */
export class InvalidBodyLengthError extends ProtocolError {
  readonly expectedLength: number;
  readonly actualLength: number;

  constructor(expectedLength: number, actualLength: number) {
    super(`InvalidBodyLengthError: Expected ${expectedLength} bytes, received ${actualLength}`);
    this.expectedLength = expectedLength;
    this.actualLength = actualLength;
  }
}

/** The frame has no place on this connection. */
export class UnsupportedFrameError extends ProtocolError {}

/** A limit against abuse was reached. */
export class DenialOfServiceError extends ProtocolError {
  constructor(message: string) {
    super(message, ErrorCode.ENHANCE_YOUR_CALM);
  }
}

/** Legal, but refused because it could only do harm (RFC 1122 section 3.2.2 has the attitude). */
export class RFC1122Error extends H2Error {}

/** What a peer did wrong, as events and GOAWAY frames report it. */
export interface PeerError {
  /** Error code of RFC 9113 section 7 that was sent to the peer. */
  readonly errorCode: number;
  /** The rule that was broken, in words. */
  readonly reason: string;
  /** Where the rule stands, such as "RFC 9113 section 6.9"; for a limit, its name. */
  readonly section: string;
}
