import { ByteQueue } from "../bytes/byte-queue.ts";
import { parseAltsvc } from "./altsvc.ts";
import { parseContinuation } from "./continuation.ts";
import { parseData } from "./data.ts";
import { ErrorCode } from "./error-code.ts";
import { ConnectionFault, frameSizeFault } from "./fault.ts";
import type { Frame } from "./frame.ts";
import { flagsAt, lengthAt, streamIdAt, typeAt } from "./frame-header.ts";
import { FrameType } from "./frame-type.ts";
import { parseGoaway } from "./goaway.ts";
import { parseHeaders } from "./headers.ts";
import { FRAME_HEADER_LENGTH } from "./limits.ts";
import { parseOrigin } from "./origin.ts";
import { parsePing } from "./ping.ts";
import { CLIENT_PREFACE, matchPreface } from "./preface.ts";
import { parsePriority } from "./priority.ts";
import { parsePriorityUpdate } from "./priority-update.ts";
import { parsePushPromise } from "./push-promise.ts";
import { parseRstStream } from "./rst-stream.ts";
import { parseSettings } from "./settings.ts";
import { parseUnknown } from "./unknown.ts";
import { parseWindowUpdate } from "./window-update.ts";

/**
 * Octets in, one frame at a time out, however the octets were cut. It knows the form of frames, not streams:
 * what a frame means where it stands is not judged.
 *
 *     reader.push(chunk);
 *     for (let frame = reader.next(); frame !== null; frame = reader.next()) receive(frame);
 *     reader.detach();
 *
 * DATA, fragments and unknown payloads are views, on the pushed chunk where the frame lay in it as a whole.
 * They are true as long as the chunk is not written to.
 */
export class FrameReader {
  /** Longest payload accepted, in octets; may be set at any time and holds from the next frame on. */
  maxFrameSize: number;
  readonly #queue: ByteQueue;
  #expectsPreface: boolean;
  /** Whether the queue may still refer to the chunk that was pushed last. */
  #attached: boolean;

  /** A server's reader expects the client preface before the first frame. */
  constructor(maxFrameSize: number, expectPreface: boolean) {
    this.maxFrameSize = maxFrameSize;
    this.#queue = new ByteQueue();
    this.#expectsPreface = expectPreface;
    this.#attached = false;
  }

  /** Octets that wait for `next()`. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Adds a chunk, which is read where it lies: it must not change before `detach()` or the next `push()`. */
  push(chunk: Uint8Array): void {
    if (this.#attached) this.#queue.detach();
    this.#attached = true;
    this.#queue.push(chunk);
  }

  /**
   * The next frame, or `null` when more octets are needed.
   *
   * A frame that is too long is refused from its header, without waiting for the rest.
   *
   * @throws StreamFault when a frame broke a rule at the cost of its stream; the frame is gone, the next one may
   * be asked for
   * @throws ConnectionFault when the connection cannot go on; nor can the reader
   */
  next(): Frame | null {
    if (this.#expectsPreface && !this.#readPreface()) return null;
    const queue = this.#queue;
    if (!queue.has(FRAME_HEADER_LENGTH)) return null;
    const length = lengthAt(queue.octets, queue.position);
    if (length > this.maxFrameSize) throw tooLongFault(length, this.maxFrameSize, isHttp1(queue));
    if (!queue.has(FRAME_HEADER_LENGTH + length)) return null;
    const { octets, position } = queue;
    const end = position + FRAME_HEADER_LENGTH + length;
    queue.position = end;
    return parseFrame(octets, position, end);
  }

  /** Copies what is left, so that the pushed chunk may be reused. Costs least once `next()` gave `null`. */
  detach(): void {
    this.#attached = false;
    this.#queue.detach();
  }

  /** Drops what waits, for when nothing will be read any more. */
  clear(): void {
    this.#attached = false;
    this.#queue.clear();
  }

  /** Whether the preface is complete. Anything else is refused at its first wrong octet. */
  #readPreface(): boolean {
    const queue = this.#queue;
    const length = Math.min(queue.length, CLIENT_PREFACE.length);
    queue.has(length);
    const match = matchPreface(queue.octets, queue.position, queue.position + length);
    if (match === "mismatch") throw prefaceFault();
    if (match === "partial") return false;
    queue.position += length;
    this.#expectsPreface = false;
    return true;
  }
}

function parseFrame(octets: Uint8Array, position: number, end: number): Frame {
  const type = typeAt(octets, position);
  const flags = flagsAt(octets, position);
  const streamId = streamIdAt(octets, position);
  const start = position + FRAME_HEADER_LENGTH;
  switch (type) {
    case FrameType.DATA:
      return parseData(octets, start, end, flags, streamId);
    case FrameType.HEADERS:
      return parseHeaders(octets, start, end, flags, streamId);
    case FrameType.PRIORITY:
      return parsePriority(octets, start, end, flags, streamId);
    case FrameType.RST_STREAM:
      return parseRstStream(octets, start, end, flags, streamId);
    case FrameType.SETTINGS:
      return parseSettings(octets, start, end, flags, streamId);
    case FrameType.PUSH_PROMISE:
      return parsePushPromise(octets, start, end, flags, streamId);
    case FrameType.PING:
      return parsePing(octets, start, end, flags, streamId);
    case FrameType.GOAWAY:
      return parseGoaway(octets, start, end, flags, streamId);
    case FrameType.WINDOW_UPDATE:
      return parseWindowUpdate(octets, start, end, flags, streamId);
    case FrameType.CONTINUATION:
      return parseContinuation(octets, start, end, flags, streamId);
    case FrameType.ALTSVC:
      return parseAltsvc(octets, start, end, flags, streamId);
    case FrameType.ORIGIN:
      return parseOrigin(octets, start, end, flags, streamId);
    case FrameType.PRIORITY_UPDATE:
      return parsePriorityUpdate(octets, start, end, flags, streamId);
    default:
      return parseUnknown(octets, start, end, flags, streamId, type);
  }
}

function tooLongFault(length: number, maxFrameSize: number, isHttp1: boolean): ConnectionFault {
  if (isHttp1) {
    const reason = "The peer speaks HTTP/1, not HTTP/2";
    return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, "RFC 9113 section 3.4");
  }
  const reason = `A frame must not be longer than ${maxFrameSize} octets, but this one is ${length}`;
  return frameSizeFault(reason, "RFC 9113 section 4.2");
}

/** Read as a frame header, the status line of HTTP/1.1 is that of a very long frame. */
function isHttp1({ octets, position }: ByteQueue): boolean {
  return HTTP1.every((octet, index) => octets[position + index] === octet);
}

/** "HTTP/1." */
const HTTP1 = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e];

function prefaceFault(): ConnectionFault {
  const reason = "A client must begin with the 24 octets of the connection preface";
  return new ConnectionFault(ErrorCode.PROTOCOL_ERROR, reason, "RFC 9113 section 3.4");
}
