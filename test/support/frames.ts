import { Encoder, encodeFieldBlock, HeaderField, Indexing } from "../../src/hpack/index.ts";

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
    const octets = typeof payload === "string" ? ascii(payload) : payload;
    return concat(frames.header(octets.length, type, flags, streamId), octets);
  },

  /** The nine octets of a frame header, without the payload that they announce. */
  header(length: number, type: number, flags: number, streamId: number): Uint8Array {
    return concat(uint32(length).subarray(1), Uint8Array.of(type, flags), uint32(streamId));
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
    const payload = entries.map(([id, value]) => concat(uint32(id).subarray(2), uint32(value)));
    return frames.raw(0x4, 0, 0, concat(...payload));
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
    return frames.raw(0x7, 0, 0, concat(uint32(lastStreamId), uint32(errorCode), ascii(debugData)));
  },

  windowUpdate(streamId: number, increment: number): Uint8Array {
    return frames.raw(0x8, 0, streamId, uint32(increment));
  },

  continuation(streamId: number): FieldBlockBuilder {
    return new FieldBlockBuilder(0x9, streamId);
  },

  altsvc(streamId: number, origin: string, value: string): Uint8Array {
    return frames.raw(0xa, 0, streamId, concat(uint32(origin.length).subarray(2), ascii(origin + value)));
  },

  origin(...origins: readonly string[]): Uint8Array {
    const entries = origins.map((origin) => concat(uint32(origin.length).subarray(2), ascii(origin)));
    return frames.raw(0xc, 0, 0, concat(...entries));
  },

  priorityUpdate(prioritizedStreamId: number, value: string): Uint8Array {
    return frames.raw(0x10, 0, 0, concat(uint32(prioritizedStreamId), ascii(value)));
  },
};

/** What can travel: octets, or a frame that is still being described. */
export type Wire = Uint8Array | FrameBuilder;

/** The deprecated priority fields; what is left out has the default of RFC 7540. */
export interface Priority {
  readonly dependsOn?: number;
  readonly weight?: number;
  readonly exclusive?: boolean;
}

const ACK = 0x1;
const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;

/** A frame whose flags and padding are still open. Each method changes the frame and returns it. */
export class FrameBuilder {
  readonly #type: number;
  readonly #streamId: number;
  #flags: number;
  #padLength: number;
  readonly #content: Uint8Array;

  constructor(type: number, streamId: number, flags: number, content: Uint8Array) {
    this.#type = type;
    this.#streamId = streamId;
    this.#flags = flags;
    this.#padLength = -1;
    this.#content = content;
  }

  endStream(): this {
    return this.withFlags(END_STREAM);
  }

  /** Sets flags, those that the type does not define included. */
  withFlags(flags: number): this {
    this.#flags |= flags;
    return this;
  }

  withoutFlags(flags: number): this {
    this.#flags &= ~flags;
    return this;
  }

  /** Adds as many octets of padding. */
  padded(length: number): this {
    this.#padLength = length;
    return this.withFlags(PADDED);
  }

  /** The frame as it travels. */
  get octets(): Uint8Array {
    const before = this.#padLength < 0 ? "" : String.fromCharCode(this.#padLength);
    const padding = new Uint8Array(Math.max(0, this.#padLength));
    const payload = concat(ascii(before), this.content(), padding);
    return frames.raw(this.#type, this.#flags, this.#streamId, payload);
  }

  /** What stands between the padding's length and the padding. */
  protected content(): Uint8Array {
    return this.#content;
  }
}

/** HEADERS, PUSH_PROMISE or CONTINUATION: a frame with a field block, or a piece of one. */
export class FieldBlockBuilder extends FrameBuilder {
  readonly #fields: HeaderField[];
  readonly #pieces: Uint8Array[];
  #fixed: Uint8Array;
  #encoder: Encoder;

  constructor(type: number, streamId: number, fixed: Uint8Array = new Uint8Array(0)) {
    super(type, streamId, END_HEADERS, new Uint8Array(0));
    this.#fields = [];
    this.#pieces = [];
    this.#fixed = fixed;
    this.#encoder = PLAIN_ENCODER;
  }

  /** The pseudo-header fields of a request. */
  request(method: string, path: string, authority = "example.com"): this {
    return this.field(":method", method)
      .field(":scheme", "https")
      .field(":authority", authority)
      .field(":path", path);
  }

  /** The pseudo-header field of a response. */
  response(status: number): this {
    return this.field(":status", String(status));
  }

  field(name: string, value: string): this {
    this.#fields.push(new HeaderField(name, value));
    return this;
  }

  /** A field that must stay out of every table. */
  secret(name: string, value: string): this {
    this.#fields.push(new HeaderField(name, value, true));
    return this;
  }

  /** Octets of HPACK as they are, behind the fields. */
  block(octets: Uint8Array): this {
    this.#pieces.push(octets);
    return this;
  }

  /** Compresses the fields with an encoder that remembers. */
  compressedBy(encoder: Encoder): this {
    this.#encoder = encoder;
    return this;
  }

  priority(priority: Priority): this {
    this.#fixed = priorityOctets(priority);
    return this.withFlags(PRIORITY);
  }

  /** CONTINUATION follows. */
  withoutEndHeaders(): this {
    return this.withoutFlags(END_HEADERS);
  }

  protected override content(): Uint8Array {
    return concat(this.#fixed, encodeFieldBlock(this.#encoder, this.#fields), ...this.#pieces);
  }
}

/** The parts one behind the other. */
export function joined(...parts: readonly Wire[]): Uint8Array {
  return concat(...parts.map((part) => (part instanceof Uint8Array ? part : part.octets)));
}

/** Text as octets, one a character. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const PLAIN_ENCODER = new Encoder({ indexing: () => Indexing.none, huffman: "never" });

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    octets.set(part, position);
    position += part.length;
  }
  return octets;
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function priorityOctets({ dependsOn = 0, weight = 16, exclusive = false }: Priority): Uint8Array {
  return concat(uint32(exclusive ? dependsOn | 0x80000000 : dependsOn), Uint8Array.of(weight - 1));
}
