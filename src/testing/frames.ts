import { joined } from "../bytes/joined.ts";
import { FieldBlockBuilder, FrameBuilder, type Priority, priorityOctets } from "./frame-builder.ts";
import { ascii, frameOctets, headerOctets, uint16, uint32 } from "./octets.ts";

/**
 * Frames as a peer would write them, right or wrong:
 *
 *     frames.headers(1).request("GET", "/").field("accept", "text/html").endStream()
 *     frames.data(1, "hello").padded(3)
 *     frames.raw(0x6, 0, 1, Uint8Array.of(1, 2, 3))
 *
 * They are put together here octet by octet, so that the engine's own writers are not judged by themselves.
 * Field blocks are literals that touch no dynamic table, so that no case depends on the one before; where
 * compression is the point, hand one encoder to several frames with `compressedBy`.
 */
export const frames = {
  /** The 24 octets that a client begins with. */
  preface(): Uint8Array {
    return ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  },

  /** Any frame at all. */
  raw(type: number, flags: number, streamId: number, payload: Uint8Array | string = ""): Uint8Array {
    return frameOctets(type, flags, streamId, typeof payload === "string" ? ascii(payload) : payload);
  },

  /** The nine octets of a frame header, without the payload that they announce. */
  header(length: number, type: number, flags: number, streamId: number): Uint8Array {
    return headerOctets(length, type, flags, streamId);
  },

  data(streamId: number, content: Uint8Array | string = ""): FrameBuilder {
    return new FrameBuilder(0x0, streamId, 0, typeof content === "string" ? ascii(content) : content);
  },

  headers(streamId: number): FieldBlockBuilder {
    return new FieldBlockBuilder(0x1, streamId);
  },

  priority(streamId: number, priority: Priority = {}): Uint8Array {
    return frames.raw(0x2, 0, streamId, priorityOctets(priority));
  },

  rstStream(streamId: number, errorCode = 0): Uint8Array {
    return frames.raw(0x3, 0, streamId, uint32(errorCode));
  },

  settings(...entries: readonly (readonly [id: number, value: number])[]): Uint8Array {
    const payload = entries.map(([id, value]) => joined([uint16(id), uint32(value)]));
    return frames.raw(0x4, 0, 0, joined(payload));
  },

  settingsAck(): Uint8Array {
    return frames.raw(0x4, ACK, 0);
  },

  pushPromise(streamId: number, promisedStreamId: number): FieldBlockBuilder {
    return new FieldBlockBuilder(0x5, streamId, uint32(promisedStreamId));
  },

  ping(data = "12345678"): Uint8Array {
    return frames.raw(0x6, 0, 0, data);
  },

  pingAck(data = "12345678"): Uint8Array {
    return frames.raw(0x6, ACK, 0, data);
  },

  goaway(lastStreamId: number, errorCode = 0, debugData = ""): Uint8Array {
    return frames.raw(0x7, 0, 0, joined([uint32(lastStreamId), uint32(errorCode), ascii(debugData)]));
  },

  windowUpdate(streamId: number, increment: number): Uint8Array {
    return frames.raw(0x8, 0, streamId, uint32(increment));
  },

  continuation(streamId: number): FieldBlockBuilder {
    return new FieldBlockBuilder(0x9, streamId);
  },

  altsvc(streamId: number, origin: string, value: string): Uint8Array {
    return frames.raw(0xa, 0, streamId, joined([uint16(origin.length), ascii(origin + value)]));
  },

  origin(...origins: readonly string[]): Uint8Array {
    const entries = origins.map((origin) => joined([uint16(origin.length), ascii(origin)]));
    return frames.raw(0xc, 0, 0, joined(entries));
  },

  priorityUpdate(prioritizedStreamId: number, value: string): Uint8Array {
    return frames.raw(0x10, 0, 0, joined([uint32(prioritizedStreamId), ascii(value)]));
  },
};

/** What can travel: octets, or a frame that is still being described. */
export type Wire = Uint8Array | FrameBuilder;

/** The parts one behind the other. */
export function octetsOf(...parts: readonly Wire[]): Uint8Array {
  return joined(parts.map((part) => (part instanceof Uint8Array ? part : part.octets)));
}

const ACK = 0x1;
