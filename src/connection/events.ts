import type { UnknownFrame } from "../frames/unknown.ts";
import type { HeaderField } from "../hpack/header-field.ts";
import type { PeerError } from "./errors.ts";
import type { ChangedSetting } from "./settings.ts";

/**
 * What `receiveData` tells. Events are plain objects; `type` says which. Names and fields are those of
 * hyper-h2 in camelCase. Every field is there from birth, `null` where there is nothing to say.
 *
 * A related event, such as `streamEnded` of a `DataReceived`, is the same object as the one in the list.
 */
export type H2Event =
  | RequestReceived
  | ResponseReceived
  | TrailersReceived
  | InformationalResponseReceived
  | DataReceived
  | WindowUpdated
  | RemoteSettingsChanged
  | SettingsAcknowledged
  | PingReceived
  | PingAckReceived
  | StreamEnded
  | StreamReset
  | StreamDrained
  | PushedStreamReceived
  | PriorityUpdated
  | PriorityUpdateReceived
  | AlternativeServiceAvailable
  | OriginReceived
  | UnknownFrameReceived
  | ConnectionTerminated;

/** A request head came (RFC 9113 section 8.3.1). */
export interface RequestReceived {
  readonly type: "RequestReceived";
  readonly streamId: number;
  readonly headers: HeaderField[];
  readonly streamEnded: StreamEnded | null;
  readonly priorityUpdated: PriorityUpdated | null;
}

/** The final response head came (section 8.3.2). */
export interface ResponseReceived {
  readonly type: "ResponseReceived";
  readonly streamId: number;
  readonly headers: HeaderField[];
  readonly streamEnded: StreamEnded | null;
  readonly priorityUpdated: PriorityUpdated | null;
}

/** Trailers came; they always end the stream (section 8.1). */
export interface TrailersReceived {
  readonly type: "TrailersReceived";
  readonly streamId: number;
  readonly headers: HeaderField[];
  readonly streamEnded: StreamEnded | null;
  readonly priorityUpdated: PriorityUpdated | null;
}

/** An interim response, 100 to 199, came (section 8.1). */
export interface InformationalResponseReceived {
  readonly type: "InformationalResponseReceived";
  readonly streamId: number;
  readonly headers: HeaderField[];
  readonly priorityUpdated: PriorityUpdated | null;
}

/** Octets of a body came (section 6.1). */
export interface DataReceived {
  readonly type: "DataReceived";
  readonly streamId: number;
  /** A view on the chunk that was given to `receiveData`, or on memory of the engine: copy it to keep it. */
  readonly data: Uint8Array;
  /** What it took from the windows, padding included; acknowledge this much. */
  readonly flowControlledLength: number;
  readonly streamEnded: StreamEnded | null;
}

/** The peer opened a window (section 6.9). */
export interface WindowUpdated {
  readonly type: "WindowUpdated";
  /** The stream, or 0 for the connection. */
  readonly streamId: number;
  readonly delta: number;
}

/** SETTINGS came; they are applied and acknowledged already (section 6.5). */
export interface RemoteSettingsChanged {
  readonly type: "RemoteSettingsChanged";
  /** All settings of the frame, by identifier. */
  readonly changedSettings: Map<number, ChangedSetting>;
}

/** The peer acknowledged one SETTINGS frame of ours; its values hold from now on. */
export interface SettingsAcknowledged {
  readonly type: "SettingsAcknowledged";
  readonly changedSettings: Map<number, ChangedSetting>;
}

/** PING came; it is answered already (section 6.7). */
export interface PingReceived {
  readonly type: "PingReceived";
  readonly pingData: Uint8Array;
}

/** The answer to a PING came. */
export interface PingAckReceived {
  readonly type: "PingAckReceived";
  readonly pingData: Uint8Array;
}

/** The peer will send nothing more on this stream. */
export interface StreamEnded {
  readonly type: "StreamEnded";
  readonly streamId: number;
}

/**
 * The stream is gone: reset by the peer, or by us because of what the peer sent. It may be a stream that no event told
 * of before: a request that was refused or malformed.
 */
export interface StreamReset {
  readonly type: "StreamReset";
  readonly streamId: number;
  readonly errorCode: number;
  /** Whether the peer reset it. */
  readonly remoteReset: boolean;
  /** Whether the peer surely did nothing with the request, so that it may be sent again (section 8.7). */
  readonly isUnprocessed: boolean;
  /** The rule that the peer broke, where that is why we reset it. */
  readonly error: PeerError | null;
}

/** What `queueData` left waiting shrank to the low-water mark: more is welcome. */
export interface StreamDrained {
  readonly type: "StreamDrained";
  readonly streamId: number;
}

/** A promise came (section 6.6). */
export interface PushedStreamReceived {
  readonly type: "PushedStreamReceived";
  readonly pushedStreamId: number;
  readonly parentStreamId: number;
  readonly headers: HeaderField[];
}

/** Priority by the scheme that RFC 9113 section 5.3 deprecates. */
export interface PriorityUpdated {
  readonly type: "PriorityUpdated";
  readonly streamId: number;
  /** 1 to 256. */
  readonly weight: number;
  readonly dependsOn: number;
  readonly exclusive: boolean;
}

/** A PRIORITY_UPDATE frame came (RFC 9218 section 7.1). */
export interface PriorityUpdateReceived {
  readonly type: "PriorityUpdateReceived";
  readonly streamId: number;
  /** The value as it came. */
  readonly fieldValue: string;
  /** 0 (first) to 7. */
  readonly urgency: number;
  readonly isIncremental: boolean;
}

/**
 * ALTSVC came (RFC 7838 section 4). Both are byte strings. Whether the server may speak for the origin is for the
 * caller to judge; what `originSet` rules out is not told.
 */
export interface AlternativeServiceAvailable {
  readonly type: "AlternativeServiceAvailable";
  /** As it came; or, where the frame came on a stream, the `:authority` of its request. */
  readonly origin: string;
  readonly fieldValue: string;
}

/** ORIGIN came (RFC 8336). With the option `initialOrigin` it is in `originSet` already. */
export interface OriginReceived {
  readonly type: "OriginReceived";
  /** As they came; not all of them need be origins. */
  readonly origins: readonly string[];
}

/** A frame of a type that we do not know came. */
export interface UnknownFrameReceived {
  readonly type: "UnknownFrameReceived";
  readonly frame: UnknownFrame;
}

/** The connection ends: by a GOAWAY of the peer, or by ours because of what the peer sent. */
export interface ConnectionTerminated {
  readonly type: "ConnectionTerminated";
  readonly errorCode: number;
  /** The highest stream of the other side that may have been processed. */
  readonly lastStreamId: number;
  /** Debug data of the GOAWAY, or null if there is none. */
  readonly additionalData: Uint8Array | null;
  /** Who sent the GOAWAY. */
  readonly initiator: "local" | "remote";
  /** The rule that the peer broke, where that is why it ends. Nothing will be received any more. */
  readonly error: PeerError | null;
  /** Open streams of ours that the peer surely did not process; they are closed, and may be sent again. */
  readonly unprocessedStreamIds: number[];
}
