import { ChunkWriter } from "../../src/bytes/chunk-writer.ts";
import { errorCodeName } from "../../src/frames/error-code.ts";
import { ConnectionFault, StreamFault } from "../../src/frames/fault.ts";
import type { Frame } from "../../src/frames/frame.ts";
import { FrameReader } from "../../src/frames/frame-reader.ts";
import { writePreface } from "../../src/frames/preface.ts";
import { writeFrame } from "../../src/frames/unknown.ts";

/** Octets from hexadecimal; blanks group them as one likes. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}

/** Octets of ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** What a writer call writes. */
export function written(write: (writer: ChunkWriter) => void): Uint8Array {
  const writer = new ChunkWriter();
  write(writer);
  return writer.takeOctets();
}

/** A frame of any type and payload, also a wrong one. */
export function rawFrame(type: number, flags: number, streamId: number, payload: Uint8Array): Uint8Array {
  return written((writer) => writeFrame(writer, type, flags, streamId, payload));
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The same octets, and behind them some that are too few for a frame and say nothing about the one before. */
function withRest(octets: Uint8Array, poison: number): Uint8Array {
  return joined(octets, new Uint8Array(8).fill(poison));
}

/** The same octets inside a larger array, between octets that no frame has a right to see. */
export function withMargins(octets: Uint8Array, poison: number): Uint8Array {
  const larger = new Uint8Array(octets.length + 64).fill(poison);
  larger.set(octets, 32);
  return larger.subarray(32, 32 + octets.length);
}

/** The one frame that `octets` are. */
export function parseOne(octets: Uint8Array): Frame {
  const [frame, ...others] = readAll([withRest(octets, 0xff)]);
  if (frame === undefined || isFault(frame) || others.length > 0) throw new Error("not exactly one frame");
  return frame;
}

/**
 * How `octets` are refused, in one line: what has to end, the error code, and the fault's message. What comes
 * behind them, of both extremes, must make no difference.
 */
export function refusal(octets: Uint8Array): string {
  const [refused, again] = [0x00, 0xff].map((poison) => readAll([withRest(octets, poison)]).at(-1));
  if (refused === undefined || !isFault(refused)) return "not refused";
  if (again === undefined || !isFault(again) || again.message !== refused.message)
    return "depends on what comes behind";
  const scope = refused instanceof StreamFault ? `stream ${refused.streamId}` : "connection";
  return `${scope} ${errorCodeName(refused.errorCode)}: ${refused.message}`;
}

export type Outcome = Frame | ConnectionFault | StreamFault;

export function isFault(outcome: Outcome): outcome is ConnectionFault | StreamFault {
  return outcome instanceof ConnectionFault || outcome instanceof StreamFault;
}

/** Frames and faults in order, up to the first fault of the connection. Chunks are written over once they were detached. */
export function readAll(
  chunks: Iterable<Uint8Array>,
  maxFrameSize = 16_384,
  expectPreface = false,
): Outcome[] {
  const reader = new FrameReader(maxFrameSize, expectPreface);
  const outcomes: Outcome[] = [];
  for (const chunk of chunks) {
    const lent = withMargins(chunk, 0xa5);
    reader.push(lent);
    if (!readInto(reader, outcomes)) break;
    reader.detach();
    lent.fill(0x5a);
  }
  return outcomes;
}

/** Whether the connection can go on. */
function readInto(reader: FrameReader, outcomes: Outcome[]): boolean {
  for (;;) {
    try {
      const frame = reader.next();
      if (frame === null) return true;
      outcomes.push(settled(frame));
    } catch (fault) {
      if (!(fault instanceof ConnectionFault || fault instanceof StreamFault)) throw fault;
      outcomes.push(fault);
      if (fault instanceof ConnectionFault) return false;
    }
  }
}

/** The frame with copies in place of views, so that it outlives its chunk. */
function settled(frame: Frame): Frame {
  const entries = Object.entries(frame).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Uint8Array.from(value) : value,
  ]);
  return Object.fromEntries(entries) as Frame;
}

/** The client preface and one frame of each type, HEADERS with everything it may carry. */
export function sessionOfAllTypes(): Uint8Array {
  return joined(
    written(writePreface),
    hex("00000c 04 00 00000000  0001 00001000  0004 0000ffff"), // SETTINGS
    hex("000000 04 01 00000000"), // SETTINGS, acknowledgement
    hex("00000c 01 2d 00000001  02  80000003 0f  828684be  0000"), // HEADERS with priority and padding
    hex("000003 01 00 00000003  828684"), // HEADERS that goes on
    hex("000000 09 00 00000003"), // CONTINUATION without anything
    hex("000001 09 04 00000003  be"), // CONTINUATION that ends the block
    hex("000005 02 00 00000005  00000001 ff"), // PRIORITY
    hex("000004 02 00 00000005  00000001"), // PRIORITY, too short: a fault of the stream
    hex("000005 00 00 00000001  68656c6c6f"), // DATA
    hex("000009 00 09 00000001  03  68656c6c6f  000000"), // DATA with padding
    hex("000000 00 01 00000003"), // DATA without anything
    hex("000004 03 00 00000005  00000008"), // RST_STREAM
    hex("000006 05 04 00000001  80000002  8286"), // PUSH_PROMISE
    hex("000008 06 00 00000000  0102030405060708"), // PING
    hex("000004 08 00 80000000  ffffffff"), // WINDOW_UPDATE, reserved bits set
    hex("000004 08 00 00000001  00000000"), // WINDOW_UPDATE by nothing: a fault of the stream
    hex("000009 0a 00 00000000  0003 61 2e 62  68 33 3d 22"), // ALTSVC
    hex("000007 0c 00 00000000  0001 61  0002 62 63"), // ORIGIN
    hex("000007 10 00 00000000  00000001  753d31"), // PRIORITY_UPDATE
    hex("000003 fa ff 00000007  abcdef"), // a type nobody knows
    hex("00000c 07 00 00000000  00000005 00000000  62796521"), // GOAWAY
  );
}
