import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { joined } from "../../../bytes/joined.ts";
import type { RequestBody } from "../pool/client-request.ts";
import { formDataBlob } from "./form-data-blob.ts";
import { IterablePieces, StreamPieces, Upload } from "./upload.ts";

/** The body of a request. */
export interface OutgoingBody {
  /** What Content-Type says unless the caller does, or null. */
  readonly type: string | null;
  /** In octets, or null if nobody knows it before the end. */
  readonly length: number | null;
  /** Whether it can be sent again. */
  readonly isReplayable: boolean;
  readonly payload: RequestBody;
  /** It is not wanted any more. */
  stop(reason: unknown): void;
}

const TEXT_TYPE = "text/plain;charset=UTF-8";
const FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8";
/** Octets that a body has at most that is gathered before it is sent. */
const MOST_GATHERED = 1_048_576;

/**
 * @param duplex - what the platform wants to be told with a stream: "half".
 * @throws TypeError for a stream that is locked, or was read already, or comes without `duplex`.
 */
export function outgoingBody(body: unknown, duplex: unknown): OutgoingBody {
  if (typeof body === "string") return new OctetBody(Buffer.from(body), TEXT_TYPE);
  if (body instanceof URLSearchParams) return new OctetBody(Buffer.from(String(body)), FORM_TYPE);
  if (body instanceof ArrayBuffer) return new OctetBody(new Uint8Array(body), null);
  if (ArrayBuffer.isView(body)) {
    return new OctetBody(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), null);
  }
  if (body instanceof Blob) return new BlobBody(body);
  if (body instanceof FormData) return new BlobBody(formDataBlob(body));
  if (isStreamed(body)) return streamBody(body, duplex);
  return new OctetBody(Buffer.from(String(body)), TEXT_TYPE);
}

/**
 * The body of a `Request`, which is a stream whatever it was made of. One that is there before this turn of the event loop
 * ends, as a text is, has a length and can be sent again.
 */
export async function gatheredBody(stream: ReadableStream<unknown>): Promise<OutgoingBody> {
  const pieces = new StreamPieces(stream);
  const end = turn(null);
  const chunks: Uint8Array[] = [];
  for (let length = 0; length <= MOST_GATHERED; ) {
    const asked = pieces.next();
    const result = await Promise.race([asked, end]);
    if (result === null) return ungathered(pieces, chunks, asked);
    if (result.done === true) return new OctetBody(joined(chunks), null);
    if (!(result.value instanceof Uint8Array)) return ungathered(pieces, chunks, asked);
    chunks.push(result.value);
    length += result.value.length;
  }
  return ungathered(pieces, chunks, null);
}

function streamBody(body: AsyncIterable<unknown>, duplex: unknown): StreamBody {
  if (duplex !== "half") throw new TypeError('a stream as the body of a request needs duplex: "half"');
  refuseUsed(body);
  const pieces = body instanceof ReadableStream ? new StreamPieces(body) : new IterablePieces(body);
  return new StreamBody(new Upload(pieces));
}

function ungathered(
  pieces: StreamPieces,
  chunks: readonly Uint8Array[],
  asked: Promise<IteratorResult<unknown, unknown>> | null,
): StreamBody {
  for (const value of chunks) pieces.putBack(Promise.resolve({ done: false, value }));
  if (asked !== null) pieces.putBack(asked);
  return new StreamBody(new Upload(pieces));
}

/** @throws TypeError for a stream that is locked, or was read already. */
export function refuseUsed(stream: unknown): void {
  const isLocked = stream instanceof ReadableStream && stream.locked;
  if (isLocked || Readable.isDisturbed(stream as Readable)) {
    throw new TypeError("the body of the request is locked, or was read already");
  }
}

function isStreamed(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

class OctetBody implements OutgoingBody {
  readonly type: string | null;
  readonly length: number;
  readonly isReplayable: boolean;
  readonly payload: Uint8Array;

  constructor(octets: Uint8Array, type: string | null) {
    this.type = type;
    this.length = octets.length;
    this.isReplayable = true;
    this.payload = octets;
  }

  stop(): void {}
}

/** It may be a file: it is read anew each time. */
class BlobBody implements OutgoingBody {
  readonly type: string | null;
  readonly length: number;
  readonly isReplayable: boolean;
  readonly payload: () => AsyncIterable<Uint8Array>;
  #upload: Upload | null;

  constructor(blob: Blob) {
    this.type = blob.type === "" ? null : blob.type;
    this.length = blob.size;
    this.isReplayable = true;
    this.#upload = null;
    this.payload = () => {
      this.#upload = new Upload(new StreamPieces(blob.stream()));
      return this.#upload;
    };
  }

  stop(reason: unknown): void {
    this.#upload?.stop(reason);
  }
}

class StreamBody implements OutgoingBody {
  readonly type: null;
  readonly length: null;
  readonly isReplayable: boolean;
  readonly payload: Upload;

  constructor(upload: Upload) {
    this.type = null;
    this.length = null;
    this.isReplayable = false;
    this.payload = upload;
  }

  stop(reason: unknown): void {
    this.payload.stop(reason);
  }
}
